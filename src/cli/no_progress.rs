//! Loads without a progress bar, which the feature `progress` adds.

use crate::engine::load::Progress;

/// Runs `work`.
pub(super) fn show<T>(_: &Progress, work: impl FnOnce() -> T) -> T {
    work()
}
