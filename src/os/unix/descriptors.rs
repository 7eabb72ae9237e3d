//! File descriptors, and the options of sockets.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::Socket;

/// Raises the limit on open descriptors as far as the system allows. Returns the limit, or `None` if there is none.
pub(crate) fn raise_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => raised.current,
        Err(_) => limit.current,
    }
}

/// Allows a restart on the same port while connections of the last run are still closing.
pub(crate) fn allow_restart(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)
}
