//! Clients that are silent, or send neither HTTP nor TLS.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use cuc_mock::CucMock;

use super::{SERVICES, VERSIONS, connect, download_ca, exchange_over, get_request};
use crate::support::{Client, ServerProcess, cuc_mock};

/// First bytes without a request: none, invalid TLS, truncated TLS, and noise.
const INVALID_STARTS: [&[u8]; 4] = [
    b"",
    b"\x16\x03\x01\x00\x05hello",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\x00\xff\x80\x01\r\n\r\n",
];

#[test]
fn silent_clients_and_garbage_do_not_block_other_clients() {
    let mock = CucMock::start_blocking();
    let quiet: Vec<_> = (0..200)
        .map(|number| {
            let mut stream = Client::of(&mock).connect();
            stream.write_all(INVALID_STARTS[number % 4]).unwrap();
            stream
        })
        .collect();
    assert_eq!(Client::of(&mock).get(SERVICES).status, 200);
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), VERSIONS).unwrap();
    assert_eq!(exchange_over(stream, &get_request(SERVICES)).status, 200);
    drop(quiet);
}

#[test]
fn invalid_tls_is_closed_and_noise_gets_a_400() {
    let mock = CucMock::start_blocking();
    let response = |bytes: &[u8]| {
        let mut stream = Client::of(&mock).connect();
        stream.write_all(bytes).unwrap();
        let mut response = Vec::new();
        stream
            .read_to_end(&mut response)
            .expect("the end of the connection");
        response
    };
    assert!(!response(INVALID_STARTS[1]).starts_with(b"HTTP"));
    assert!(response(INVALID_STARTS[3]).starts_with(b"HTTP/1.1 400 "));
}

#[test]
fn a_client_that_does_not_trust_the_ca_is_logged_with_the_remedy() {
    let mut server = ServerProcess::start(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--log",
        "pretty",
    ]));
    let other = CucMock::start_blocking();
    let failed = connect(server.address(), "localhost", other.ca_pem(), VERSIONS);
    assert!(failed.is_err());
    let log = server.wait_for_log("TLS handshake failed");
    assert!(
        log.contains(
            "the client rejects the certificate: it must trust the CA of this server, \
             from GET /__mock/ca.pem or --ca-out FILE"
        ),
        "{log}"
    );
}

#[test]
fn shutdown_does_not_wait_for_silent_clients() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let ca = download_ca(server.client());
    let silent: Vec<_> = INVALID_STARTS[..3]
        .iter()
        .map(|start| {
            let mut stream = server.client().connect();
            stream.write_all(start).unwrap();
            stream
        })
        .collect();
    let fresh = connect(server.address(), "localhost", &ca, VERSIONS).unwrap();
    let mut used = connect(server.address(), "localhost", &ca, VERSIONS).unwrap();
    write!(used, "GET /__mock/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    used.read_exact(&mut [0; 15]).unwrap();
    let signalled = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    let elapsed = signalled.elapsed();
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
    // The server sends a TLS close notification, so that the client knows that nothing was cut off.
    used.read_to_end(&mut Vec::new())
        .expect("a close notification");
    drop((silent, fresh));
}

#[test]
fn shutdown_announces_the_end_of_a_resting_tls_connection() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let client = server.client();
    let ca = download_ca(client);
    let mut resting = connect(server.address(), "localhost", &ca, VERSIONS).unwrap();
    write!(resting, "GET /__mock/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    resting.read_exact(&mut [0; 15]).unwrap();
    // A connection rests 20 ms after its request.
    client.wait_for_delayed_response(100);
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    resting
        .read_to_end(&mut Vec::new())
        .expect("a close notification");
}
