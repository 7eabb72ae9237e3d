//! Counts in faults.

use crate::values::Integer;

/// The greatest number that a fault can count to.
pub(crate) const MAX_COUNT: u64 = u32::MAX as u64;

/// Checks a number from `MIN` to [`MAX_COUNT`].
pub(super) fn check_count<const MIN: u64>(name: &str, count: u64) -> Result<(), String> {
    Integer::<MIN, MAX_COUNT>::try_from(count)
        .map(drop)
        .map_err(|error| format!("{name} {error}"))
}
