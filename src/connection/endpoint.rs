//! The server's end of a connection.

use std::net::SocketAddr;

/// The server's end of a connection: the scheme of its requests and its local address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) scheme: &'static str,
    pub(crate) address: SocketAddr,
}
