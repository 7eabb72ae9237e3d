//! Limits on open files, and the options of sockets.

use std::io;

use socket2::Socket;

/// Returns `None`: there is no limit.
pub(crate) fn raise_limit() -> Option<u64> {
    None
}

/// Does nothing: a restart is always possible, and the option would allow two servers to share the port.
pub(crate) fn allow_restart(_: &Socket) -> io::Result<()> {
    Ok(())
}
