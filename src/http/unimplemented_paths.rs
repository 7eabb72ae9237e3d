//! Warnings about paths that are not implemented.

use std::collections::HashSet;

use axum::http::Method;
use parking_lot::Mutex;
use tracing::warn;

/// The maximum number of warnings.
const MAX_WARNINGS: usize = 1_000;

/// The methods and paths that clients have used although they are not implemented.
#[derive(Debug, Default)]
pub(crate) struct UnimplementedPaths(Mutex<HashSet<String>>);

impl UnimplementedPaths {
    /// Logs a warning, the first time that a client uses this method and path.
    pub(super) fn warn_once(&self, method: &Method, path: &str) {
        let mut known = self.0.lock();
        if known.len() >= MAX_WARNINGS || !known.insert(format!("{method} {path}")) {
            return;
        }
        let is_last = known.len() == MAX_WARNINGS;
        drop(known);
        let method = method.as_str();
        warn!(method, path, "not implemented");
        if is_last {
            warn!("logged {MAX_WARNINGS} paths that are not implemented: no more will be logged");
        }
    }
}
