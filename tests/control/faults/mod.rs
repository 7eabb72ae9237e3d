//! Faults, as a client observes them.

mod conditions;
mod connection;
mod management;
mod responses;

use std::io::{ErrorKind, Read, Write};

use cuc_mock::CucMock;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

const SERVICES: &str = "/vmrest/externalservices";
const FAULTS: &str = "/__mock/faults";
const VERSION: &str = "/vmrest/version";

/// Starts a server with this fault.
#[track_caller]
fn server(fault: &str) -> (CucMock, Client) {
    let mock = CucMock::builder().seed(7).start_blocking();
    let client = Client::of(&mock);
    create(client, fault);
    (mock, client)
}

#[track_caller]
fn create(client: Client, fault: &str) -> String {
    let answer = client.control("POST", FAULTS, fault);
    assert_eq!(answer.status, 201, "{answer}");
    answer.body
}

fn head(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: cuc\r\n{ADMIN_AUTHORIZATION}")
}

/// Sends a `GET` request and reads until the connection is closed or reset.
fn get_until_closed(mut stream: impl Read + Write, path: &str) -> (Vec<u8>, Option<ErrorKind>) {
    write!(stream, "{}\r\n", head("GET", path)).expect("sent");
    read_until_closed(stream)
}

fn read_until_closed(mut stream: impl Read) -> (Vec<u8>, Option<ErrorKind>) {
    let mut received = Vec::new();
    let error = stream.read_to_end(&mut received).err();
    (received, error.map(|error| error.kind()))
}

/// Sends a request and parses the response without checking it.
#[track_caller]
fn request_once(client: Client, method: &str, path: &str) -> Response {
    client.exchange(format!("{}Connection: close\r\n\r\n", head(method, path)).as_bytes())
}

fn count_services(client: Client) -> usize {
    client
        .get(SERVICES)
        .body
        .matches("<ExternalService>")
        .count()
}
