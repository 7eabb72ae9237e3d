//! The common starting point of all spaces.

use std::{mem, sync::Arc};

use parking_lot::{Mutex, RwLock};

use super::{
    changes::Changes,
    coverage::CoverageBits,
    seed_source::{SeedError, SeedSource},
};
use crate::{
    engine::{drop_in_background, load::Progress},
    journal::Budget,
    store::Store,
};

/// The common starting point of all spaces of a server.
#[derive(Debug)]
pub(crate) struct SpaceTemplate {
    pub(crate) source: SeedSource,
    pub(crate) journals: Arc<Budget>,
    /// The coverage of spaces that have been deleted.
    pub(super) deleted_coverage: CoverageBits,
    store: RwLock<Arc<Store>>,
    /// Held during a reload, so that the seed that was read last is the one in use.
    reload: Mutex<()>,
}

impl SpaceTemplate {
    /// Reads the seed.
    pub(crate) fn new(
        source: SeedSource,
        journals: Arc<Budget>,
        progress: &Progress,
    ) -> Result<Arc<Self>, SeedError> {
        let store = RwLock::new(source.read(progress)?);
        Ok(Arc::new(Self {
            source,
            journals,
            deleted_coverage: CoverageBits::default(),
            store,
            reload: Mutex::new(()),
        }))
    }

    /// Returns the store that a new or reset space starts from.
    pub(super) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store.read())
    }

    /// Reads the seed again. If `is_due` accepts the changes, replaces the store and calls `reset`.
    pub(super) fn reload(
        &self,
        progress: &Progress,
        is_due: impl FnOnce(&Changes) -> bool,
        reset: impl FnOnce(),
    ) -> Result<Changes, SeedError> {
        let _guard = self.reload.lock();
        let store = self.source.read(progress)?;
        let changes = Changes::between(&self.store(), &store);
        if is_due(&changes) {
            let replaced = mem::replace(&mut *self.store.write(), store);
            drop_in_background(replaced);
            reset();
        }
        Ok(changes)
    }
}
