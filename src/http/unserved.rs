//! What clients ask for that is not implemented, told once.

use std::collections::HashSet;

use axum::http::Method;
use parking_lot::Mutex;
use tracing::warn;

/// How many paths are remembered. Beyond that none is told any more.
const MOST: usize = 1_000;

/// The methods and paths that were told.
pub(crate) type Unserved = Mutex<HashSet<String>>;

/// Warns that a path is not implemented, unless that was told before.
pub(super) fn warn_once(told: &Unserved, method: &Method, path: &str) {
    let asked = format!("{method} {path}");
    let mut told = told.lock();
    if told.len() >= MOST || !told.insert(asked) {
        return;
    }
    let is_last = told.len() == MOST;
    drop(told);
    let method = method.as_str();
    warn!(method, path, "not implemented");
    if is_last {
        warn!("{MOST} paths are not implemented: more are not told");
    }
}
