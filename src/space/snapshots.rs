//! Stores that are kept under a name.

use std::{collections::BTreeMap, fmt, sync::Arc};

use parking_lot::Mutex;

use crate::{engine::drop_elsewhere, store::Store};

/// How many snapshots a space keeps.
const MOST: usize = 1_000;

/// The stores of one space that are kept under a name.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(Mutex<BTreeMap<String, Arc<Store>>>);

/// There is no room for one more name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooManySnapshots;

impl fmt::Display for TooManySnapshots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there are {MOST} snapshots already, and no more are kept: delete some"
        )
    }
}

impl Snapshots {
    /// Keeps `store` under `name`, in the place of what was kept there.
    pub(crate) fn take(&self, name: &str, store: Arc<Store>) -> Result<(), TooManySnapshots> {
        let mut kept = self.0.lock();
        if kept.len() >= MOST && !kept.contains_key(name) {
            return Err(TooManySnapshots);
        }
        let replaced = kept.insert(name.to_owned(), store);
        drop(kept);
        if let Some(replaced) = replaced {
            drop_elsewhere(replaced);
        }
        Ok(())
    }

    pub(crate) fn get(&self, name: &str) -> Option<Arc<Store>> {
        self.0.lock().get(name).cloned()
    }

    /// Tells whether there was one.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let removed = self.0.lock().remove(name);
        removed.map(drop_elsewhere).is_some()
    }

    /// Their names, in alphabetical order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.lock().keys().cloned().collect()
    }
}
