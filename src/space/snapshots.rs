//! The snapshots of a space.

use std::{collections::BTreeMap, fmt, sync::Arc};

use parking_lot::Mutex;

use crate::{
    engine::{Records, drop_in_background},
    store::Store,
};

/// The maximum number of snapshots in a space.
const MAX_SNAPSHOTS: usize = 1_000;

/// The snapshots of one space, by name.
///
/// Their lock is held while the store is read or replaced, and is taken before the lock of the store. Otherwise a restore
/// could bring back an older snapshot than the one that another request has just saved under the same name.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(Mutex<BTreeMap<String, Arc<Store>>>);

/// The error of a snapshot beyond the maximum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooManySnapshots;

impl fmt::Display for TooManySnapshots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there are already {MAX_SNAPSHOTS} snapshots, which is the maximum: delete some"
        )
    }
}

impl Snapshots {
    /// Saves the current store under `name`, and replaces an earlier snapshot of that name.
    pub(super) fn take(&self, name: &str, records: &Records) -> Result<(), TooManySnapshots> {
        let mut snapshots = self.0.lock();
        if snapshots.len() >= MAX_SNAPSHOTS && !snapshots.contains_key(name) {
            return Err(TooManySnapshots);
        }
        let replaced = snapshots.insert(name.to_owned(), records.read());
        drop(snapshots);
        if let Some(replaced) = replaced {
            drop_in_background(replaced);
        }
        Ok(())
    }

    /// Replaces the current store by the one that was saved under `name`. Returns false if there is none.
    pub(super) fn restore(&self, name: &str, records: &Records) -> bool {
        let snapshots = self.0.lock();
        let saved = snapshots.get(name);
        saved
            .map(|saved| records.replace(|| Arc::clone(saved)))
            .is_some()
    }

    /// Returns the store that was saved under `name`.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Store>> {
        self.0.lock().get(name).cloned()
    }

    /// Deletes a snapshot. Returns false if there is none of this name.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let removed = self.0.lock().remove(name);
        removed.map(drop_in_background).is_some()
    }

    /// Returns the names of all snapshots, in alphabetical order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.lock().keys().cloned().collect()
    }
}
