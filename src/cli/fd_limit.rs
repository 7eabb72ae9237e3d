//! The limit on open file descriptors.

/// The number of descriptors reserved for files and for the process itself.
#[cfg(unix)]
const RESERVED: u64 = 48;
/// The minimum number of connections. Even below a very low limit, a few are worth a try.
#[cfg(unix)]
const MIN_CONNECTIONS: usize = 4;

/// Raises the limit as far as the system allows. Returns how many of the `wanted` connections it admits.
#[cfg(unix)]
pub(super) fn max_connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => raised.current,
        Err(_) => limit.current,
    };
    // `None` means unlimited.
    let Some(current) = current else {
        return wanted;
    };
    let admitted = usize::try_from(current.saturating_sub(RESERVED)).unwrap_or(usize::MAX);
    wanted.min(admitted.max(MIN_CONNECTIONS))
}

/// Returns `wanted`: other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn max_connections(wanted: usize) -> usize {
    wanted
}
