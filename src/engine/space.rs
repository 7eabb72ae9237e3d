//! An isolated world inside one process.

use std::{mem, sync::Arc};

use parking_lot::RwLock;

use super::{Clock, Error, stream::Stream};
use crate::{
    schema::{Release, Resource},
    store::Store,
};

/// An isolated world: its store, its clock, and its streams of draws.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) release: Release,
    pub(crate) clock: Clock,
    store: RwLock<Arc<Store>>,
    ids: Stream,
}

impl Space {
    /// The space that every request without a space of its own works in.
    pub(crate) fn new(release: Release, store: Store, seed: u64) -> Self {
        Self {
            release,
            clock: Clock::default(),
            store: RwLock::new(Arc::new(store)),
            ids: Stream::new(seed, "default", "ids"),
        }
    }

    /// The store as it is now; what is written later does not change it.
    pub(crate) fn read(&self) -> Arc<Store> {
        Arc::clone(&self.store.read())
    }

    /// Changes the store: wholly when `change` succeeds, and not at all when it fails.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut current = self.store.write();
        let mut next = Store::clone(&current);
        let answer = change(&mut next)?;
        let replaced = mem::replace(&mut *current, Arc::new(next));
        drop(current);
        drop(replaced);
        Ok(answer)
    }

    /// An id that no record of `resource` has.
    pub(crate) fn draw_id(&self, store: &mut Store, resource: &'static Resource) -> String {
        loop {
            let id = self.ids.guid(store.ids_drawn).to_string();
            store.ids_drawn += 1;
            if store.collection(resource).get(&id).is_none() {
                return id;
            }
        }
    }
}
