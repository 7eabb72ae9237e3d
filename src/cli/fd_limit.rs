//! The limit on open file descriptors.

use crate::os::descriptors;

/// The number of descriptors reserved for files and for the process itself.
const RESERVED: u64 = 48;
/// The minimum number of connections. Even below a very low limit, a few are worth a try.
const MIN_CONNECTIONS: usize = 4;

/// Raises the limit as far as the system allows. Returns how many of the `wanted` connections it admits.
pub(super) fn max_connections(wanted: usize) -> usize {
    let Some(limit) = descriptors::raise_limit() else {
        return wanted;
    };
    let admitted = usize::try_from(limit.saturating_sub(RESERVED)).unwrap_or(usize::MAX);
    wanted.min(admitted.max(MIN_CONNECTIONS))
}
