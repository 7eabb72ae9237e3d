//! The records of one space, as they are now.

use std::{
    mem,
    sync::{Arc, LazyLock, mpsc},
    thread,
};

use parking_lot::RwLock;
use tokio::sync::Notify;

use super::{Clock, Error, random::RandomStream};
use crate::{
    schema::{Release, Resource},
    store::Store,
};

/// The store of one space as it changes, with what new records are made from: a release, a clock, and a
/// stream of ids.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) release: Release,
    pub(crate) clock: Clock,
    store: RwLock<Arc<Store>>,
    ids: RandomStream,
    /// Told after each change.
    changed: Notify,
}

impl Records {
    pub(crate) fn new(
        release: Release,
        clock: Clock,
        store: Arc<Store>,
        ids: RandomStream,
    ) -> Self {
        Self {
            release,
            clock,
            store: RwLock::new(store),
            ids,
            changed: Notify::new(),
        }
    }

    /// The store as it is now; what is written later does not change it.
    pub(crate) fn read(&self) -> Arc<Store> {
        Arc::clone(&self.store.read())
    }

    /// Looks at the store as it is now, for a moment in which nobody changes it.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Store) -> T) -> T {
        at(&self.store.read())
    }

    /// Changes the store as `decide` says, which has the store to look at and nobody else change it meanwhile. It
    /// stays as it is when that fails.
    pub(crate) fn write<C, T>(
        &self,
        decide: impl FnOnce(&Store) -> Result<C, Error>,
    ) -> Result<T, Error>
    where
        C: FnOnce(&mut Store) -> T,
    {
        let mut current = self.store.write();
        let change = decide(&current)?;
        // Copied only if somebody reads it, and then no more of it than is changed.
        let answer = change(Arc::make_mut(&mut current));
        drop(current);
        self.changed.notify_one();
        Ok(answer)
    }

    /// Puts another store in the place of the one that is there, between two requests.
    pub(crate) fn replace(&self, store: Arc<Store>) {
        let replaced = mem::replace(&mut *self.store.write(), store);
        self.changed.notify_one();
        drop_elsewhere(replaced);
    }

    /// Puts a store that was read from fixtures in the place of the one that is there. Ids go on where
    /// they were, so that none is given twice.
    pub(crate) fn load(&self, mut store: Store) {
        let mut current = self.store.write();
        store.ids_drawn = current.ids_drawn;
        let replaced = mem::replace(&mut *current, Arc::new(store));
        drop(current);
        self.changed.notify_one();
        drop_elsewhere(replaced);
    }

    /// Waits for a change after that which was waited for last. Only one may wait.
    #[cfg(feature = "cli")]
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// An id that no record of `resource` has, which is counted among those drawn.
    pub(super) fn draw_id(
        &self,
        store: &Store,
        resource: &'static Resource,
        drawn: &mut u64,
    ) -> String {
        loop {
            let id = self.ids.guid(*drawn).to_string();
            *drawn += 1;
            if store.collection(resource).get(&id).is_none() {
                return id;
            }
        }
    }
}

/// Lets go of a store without waiting for it: a large one takes its time.
pub(crate) fn drop_elsewhere(store: Arc<Store>) {
    static BIN: LazyLock<mpsc::Sender<Arc<Store>>> = LazyLock::new(|| {
        let (bin, thrown_away) = mpsc::channel();
        let empty = move || thrown_away.into_iter().for_each(drop);
        let thread = thread::Builder::new().name("cuc-mock drop".to_owned());
        // Without a thread nobody listens, and the sender drops what it cannot send.
        let _ = thread.spawn(empty);
        bin
    });
    let _ = BIN.send(store);
}
