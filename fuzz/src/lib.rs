//! A server that the targets for connections share, and a client that reads whatever it returns.

mod change;
mod handshake;
mod piece;
mod response;

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use cuc_mock::CucMock;

pub use handshake::Handshake;
pub use piece::{Piece, bytes};
pub use response::check_responses;

/// The time after which a response is missing.
const DEADLINE: Duration = Duration::from_secs(20);
/// A complete request, which ends the connection.
const REQUEST: &[u8] = b"GET /vmrest/version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\nConnection: close\r\n\r\n";
/// The number of inputs between two requests that check the server.
const CHECK_INTERVAL: usize = 16;
/// The number of inputs after which the server returns to its initial state.
const RESET_INTERVAL: usize = 1024;

/// The token keeps requests to the control plane from adding faults.
static SERVER: LazyLock<CucMock> = LazyLock::new(|| {
    let builder = CucMock::builder().journal(10).seed(1);
    builder.control_token("token").start_blocking()
});

/// What a client received.
pub struct Received {
    pub bytes: Vec<u8>,
    /// True if the server reset the connection, because it closed it before it had read everything.
    pub is_cut: bool,
}

/// Sends pieces one after the other and nothing more, and returns everything that the server sends until it closes the
/// connection.
///
/// # Panics
///
/// Panics if the server neither responds nor closes the connection.
pub fn exchange<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Received {
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

fn receive(mut client: TcpStream) -> Received {
    let mut bytes = Vec::new();
    let result = client.read_to_end(&mut bytes);
    if let Err(error) = &result {
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{error}");
    }
    Received {
        bytes,
        is_cut: result.is_err(),
    }
}

/// Checks after some of the inputs, of which the first is one, that the server still responds to a valid request.
///
/// # Panics
///
/// Panics if it does not.
pub fn check_server() {
    static INPUTS: AtomicUsize = AtomicUsize::new(0);
    let input = INPUTS.fetch_add(1, Ordering::Relaxed);
    if input.is_multiple_of(RESET_INTERVAL) {
        SERVER.reset();
    }
    if !input.is_multiple_of(CHECK_INTERVAL) {
        return;
    }
    let mut client = connect();
    client.write_all(REQUEST).expect("it is sent");
    let response = receive(client).bytes;
    assert!(
        response.starts_with(b"HTTP/1.1 200 "),
        "{}",
        response.escape_ascii()
    );
}
