//! The coverage of spaces that have been deleted.

use std::io::{Read, Write};

use cuc_mock::{Coverage, CucMock};

use crate::support::{Client, Response, authorization, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[track_caller]
fn control(client: Client, method: &str, path: &str, json: &str, status: u16) {
    let response = client.control(method, path, json);
    assert_eq!(response.status, status, "{response}");
}

#[track_caller]
fn coverage(client: Client, space: &str) -> Coverage {
    let path = format!("/__mock/coverage?space={space}");
    let response = client.control("GET", &path, "");
    serde_json::from_str(&response.body).expect("a report")
}

#[test]
fn the_total_keeps_the_coverage_of_a_deleted_space() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    control(client, "POST", "/__mock/spaces", r#"{"name":"alice"}"#, 201);
    client.request("GET", SERVICES, &authorization("alice"), b"");
    let before = coverage(client, "*");
    assert_eq!(
        (before.touched(), coverage(client, "alice").touched()),
        (2, 2)
    );
    control(client, "DELETE", "/__mock/spaces/alice", "", 204);
    assert_eq!(coverage(client, "*").to_string(), before.to_string());
    assert_eq!(coverage(client, "default").touched(), 0);
    control(client, "DELETE", "/__mock/coverage?space=*", "", 204);
    assert_eq!(coverage(client, "*").touched(), 0);
}

#[test]
fn the_total_keeps_the_coverage_of_a_request_that_ends_after_its_space_was_deleted() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    control(client, "POST", "/__mock/spaces", r#"{"name":"alice"}"#, 201);
    let body = exchange().xml();
    let mut stream = client.connect();
    write!(
        stream,
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        authorization("alice"),
        body.len()
    )
    .unwrap();
    // The server asks for the body when the request has its space.
    stream.read_exact(&mut [0; 25]).unwrap();
    control(client, "DELETE", "/__mock/spaces/alice", "", 204);
    assert_eq!(coverage(client, "*").touched(), 0);
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(Response::read(stream).status, 201);
    let total = coverage(client, "*");
    // The verb, its status and the eight fields that the request sets.
    assert_eq!(total.touched(), 2 + 8, "{total}");
    let mut resources = total.resources.iter();
    let services = resources.find(|resource| resource.resource == "externalservices");
    assert_eq!(services.expect("the services").verbs.touched, 1);
}
