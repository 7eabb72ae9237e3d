//! Stores that are loaded at their first use.

use std::{
    fmt,
    panic::UnwindSafe,
    sync::{Arc, LazyLock},
};

use super::Store;

type Load = Box<dyn FnOnce() -> Arc<Store> + Send + Sync + UnwindSafe>;

/// A store that is loaded at its first use.
pub(crate) struct LazyStore {
    store: LazyLock<Arc<Store>, Load>,
    /// A number that its number of records does not exceed.
    pub(super) max_records: usize,
}

impl LazyStore {
    pub(crate) fn new(
        max_records: usize,
        load: impl FnOnce() -> Arc<Store> + Send + Sync + UnwindSafe + 'static,
    ) -> Self {
        Self {
            store: LazyLock::new(Box::new(load)),
            max_records,
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }
}

impl fmt::Debug for LazyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyStore").finish_non_exhaustive()
    }
}
