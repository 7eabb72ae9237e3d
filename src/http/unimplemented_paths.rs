//! Warnings about paths that are not implemented.

use std::collections::HashSet;

use axum::http::Method;
use parking_lot::Mutex;
use tracing::warn;
use uuid::Uuid;

/// The maximum number of warnings.
const MAX_WARNINGS: usize = 1_000;

/// The methods and paths that clients have used although they are not implemented, as digests: a path can be long.
#[derive(Debug, Default)]
pub(crate) struct UnimplementedPaths(Mutex<HashSet<Uuid>>);

impl UnimplementedPaths {
    /// Logs a warning, the first time that a client uses this method and path.
    pub(super) fn warn_once(&self, method: &Method, path: &str) {
        let Some(count) = self.insert(method, path) else {
            return;
        };
        let method = method.as_str();
        warn!(method, path, "not implemented");
        if count == MAX_WARNINGS {
            warn!("logged {MAX_WARNINGS} paths that are not implemented: no more will be logged");
        }
    }

    /// Adds a method and a path. Returns the number of all, or `None` if these are known or there are too many.
    fn insert(&self, method: &Method, path: &str) -> Option<usize> {
        if self.0.lock().len() >= MAX_WARNINGS {
            return None;
        }
        let digest = Uuid::new_v5(&Uuid::nil(), format!("{method} {path}").as_bytes());
        let mut known = self.0.lock();
        let is_new = known.len() < MAX_WARNINGS && known.insert(digest);
        is_new.then_some(known.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_first_thousand_methods_and_paths_is_new_once() {
        let paths = UnimplementedPaths::default();
        let long = "x".repeat(600);
        for number in 0..MAX_WARNINGS / 2 {
            let path = format!("/{long}{number}");
            assert_eq!(paths.insert(&Method::GET, &path), Some(2 * number + 1));
            assert_eq!(paths.insert(&Method::GET, &path), None);
            assert_eq!(paths.insert(&Method::PUT, &path), Some(2 * number + 2));
        }
        assert_eq!(paths.insert(&Method::GET, "/one/too/many"), None);
    }
}
