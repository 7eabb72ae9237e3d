//! A server that the targets for connections share, and a client that reads whatever it returns.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    sync::LazyLock,
    time::Duration,
};

use cuc_mock::CucMock;

/// The time after which a response is missing.
const DEADLINE: Duration = Duration::from_secs(20);
const REQUEST: &[u8] = b"GET /vmrest/version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\nConnection: close\r\n\r\n";

static SERVER: LazyLock<CucMock> =
    LazyLock::new(|| CucMock::builder().journal(10).start_blocking());

/// Sends pieces one after the other and nothing more, and returns everything that the server sends until it closes the
/// connection.
///
/// # Panics
///
/// Panics if the server neither responds nor closes the connection.
pub fn exchange<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<u8> {
    let mut client = connect();
    for piece in pieces {
        // The server may have closed the connection.
        if client.write_all(piece).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Write);
    receive(client)
}

fn connect() -> TcpStream {
    let client = TcpStream::connect(SERVER.address()).expect("a connection");
    client.set_nodelay(true).expect("an option");
    client.set_read_timeout(Some(DEADLINE)).expect("an option");
    client
}

fn receive(mut client: TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    if let Err(error) = client.read_to_end(&mut received) {
        let is_reset = error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(is_reset, "{error}");
    }
    received
}

/// Panics unless the server still responds to a valid request.
pub fn check_server() {
    let mut client = connect();
    client.write_all(REQUEST).expect("it is sent");
    let response = receive(client);
    assert!(
        response.starts_with(b"HTTP/1.1 200 "),
        "{}",
        response.escape_ascii()
    );
}
