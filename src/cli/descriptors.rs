//! How many files and sockets the operating system lets this process open.

/// How many are kept free for files, and for what the process itself needs.
#[cfg(unix)]
const KEPT: u64 = 48;

/// Asks for as many descriptors as may be had; tells how many connections fit, of those that are wanted. Where
/// very few may be had, a few connections are still tried.
#[cfg(unix)]
pub(super) fn connections_of(wanted: usize) -> usize {
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
    // Nothing says that there is no limit.
    let Some(current) = current else {
        return wanted;
    };
    let fitting = usize::try_from(current.saturating_sub(KEPT)).unwrap_or(usize::MAX);
    wanted.min(fitting.max(4))
}

/// As many as are wanted.
#[cfg(not(unix))]
pub(super) fn connections_of(wanted: usize) -> usize {
    wanted
}
