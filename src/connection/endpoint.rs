//! The server's end of a connection.

use std::net::SocketAddr;

use axum::http::{HeaderValue, uri::Authority};

/// The server's end of a connection: the scheme of its requests and its local address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) scheme: &'static str,
    pub(crate) address: SocketAddr,
}

impl Endpoint {
    /// Returns the part of an absolute URI before its path: the scheme, and the authority that the client named in
    /// its `Host` header, or else the local address.
    pub(crate) fn origin(self, host: Option<&HeaderValue>) -> String {
        let Self { scheme, address } = self;
        match host.and_then(authority) {
            Some(host) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{address}"),
        }
    }
}

/// Parses a `Host` header that can be part of a URI.
fn authority(host: &HeaderValue) -> Option<Authority> {
    Authority::try_from(host.as_bytes())
        .ok()
        .filter(|host| host.host() == host.as_str() || host.port_u16().is_some())
        .filter(|host| !host.as_str().contains('@'))
}
