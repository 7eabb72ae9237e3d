//! The listening socket.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::net::{TcpListener, TcpSocket};

/// The maximum number of connections that wait to be accepted. It is high, so that many clients can connect at once.
const BACKLOG: u32 = 4096;

/// Listens on `address`. Must be called in a runtime.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    try_listen(address).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::PermissionDenied => format!(
                "port {} is privileged, on Linux it requires the capability NET_BIND_SERVICE",
                address.port()
            ),
            _ => error.to_string(),
        };
        format!("cannot listen on {address}: {reason}")
    })
}

fn try_listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Allows a restart on the same port. On other systems than Unix it would allow two servers to share the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Returns the base URLs of a server that listens on `address`, separated by a space.
pub(super) fn urls(address: SocketAddr) -> String {
    if cfg!(feature = "tls") {
        format!("http://{address} https://{address}")
    } else {
        format!("http://{address}")
    }
}
