//! The current records of one space.

use std::{
    mem,
    sync::{Arc, LazyLock, mpsc},
    thread,
};

use parking_lot::RwLock;
use tokio::sync::Notify;

use super::{
    Clock, Error, Target,
    random::RandomStream,
    transaction::{Behaviours, Transaction, with_derived},
};
use crate::{
    schema::{Catalogue, Resource},
    store::{Record, Store},
};

/// Records to drop without a lock.
type Removed = (Option<Arc<Record>>, Vec<Arc<Record>>);

/// The changing store of one space, with its resources, the clock and the ids for new records.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) clock: Clock,
    store: RwLock<Arc<Store>>,
    ids: RandomStream,
    behaviours: Behaviours,
    /// Notified after each change.
    changed: Notify,
}

impl Records {
    pub(crate) fn new(clock: Clock, store: Arc<Store>, ids: RandomStream) -> Self {
        Self {
            catalogue: Arc::clone(store.catalogue()),
            clock,
            store: RwLock::new(store),
            ids,
            behaviours: Behaviours::NONE,
            changed: Notify::new(),
        }
    }

    /// Sets the behaviours that the resources may name.
    pub(crate) fn with_behaviours(self, behaviours: Behaviours) -> Self {
        Self { behaviours, ..self }
    }

    /// Returns the rows of the collection of a target, if they follow from other records.
    pub(super) fn rows(&self, store: &Store, target: &Target<'_>) -> Option<Vec<Arc<Record>>> {
        let behaviour = self.behaviours.of(target.resource)?;
        let rows = behaviour.rows?(store, target.resource, target.parents);
        let rows = rows.into_iter();
        let rows = rows.map(|row| with_derived(store, target.resource, row));
        let records = rows.map(Record::new).map(Arc::new);
        Some(records.collect())
    }

    /// Returns all records of a resource that are not stored, because they follow from others. Of a resource below others, only
    /// those of one collection are known.
    pub(crate) fn computed(&self, store: &Store, resource: &Resource) -> Option<Vec<Arc<Record>>> {
        self.rows(store, &Target::collection(resource))
    }

    pub(super) fn behaviours(&self) -> Behaviours {
        self.behaviours
    }

    /// Returns the current store. Later changes do not affect it.
    pub(crate) fn read(&self) -> Arc<Store> {
        let store = Arc::clone(&self.store.read());
        if !self.has_expired(&store) {
            return store;
        }
        drop(store);
        let mut current = self.store.write();
        let removed = self.expire(&mut current);
        let store = Arc::clone(&current);
        drop(current);
        drop(removed);
        store
    }

    /// Calls a function with the current store, under the read lock.
    pub(super) fn inspect<T>(&self, at: impl FnOnce(&Store) -> T) -> T {
        let store = self.store.read();
        if self.has_expired(&store) {
            drop(store);
            return at(&self.read());
        }
        at(&store)
    }

    /// True if the time has changed a record of the store.
    fn has_expired(&self, store: &Store) -> bool {
        let time = store.next_expiry;
        time.is_some_and(|time| time <= self.clock.now())
    }

    /// Changes the records that have expired. Returns those that they replace, to be dropped without the lock.
    fn expire(&self, current: &mut Arc<Store>) -> Option<Removed> {
        self.has_expired(current).then(|| {
            let mut transaction =
                Transaction::new(current, &self.clock, &self.ids, self.behaviours);
            transaction.expire();
            self.changed.notify_one();
            transaction.into_removed()
        })
    }

    /// Changes the store under the write lock. If `run` fails, nothing changes.
    ///
    /// Copies the store only if it is being read, and then only the parts that change.
    pub(crate) fn transact<T>(
        &self,
        run: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut current = self.store.write();
        let expired = self.expire(&mut current);
        let mut transaction =
            Transaction::new(&mut current, &self.clock, &self.ids, self.behaviours);
        let result = run(&mut transaction);
        if result.is_err() {
            transaction.roll_back();
        }
        let removed = transaction.into_removed();
        drop(current);
        drop((expired, removed));
        if result.is_ok() {
            self.changed.notify_one();
        }
        result
    }

    /// Replaces the store, between two requests. `choose` returns the new one under the write lock.
    pub(crate) fn replace(&self, choose: impl FnOnce() -> Arc<Store>) {
        let mut current = self.store.write();
        let replaced = mem::replace(&mut *current, choose());
        drop(current);
        self.changed.notify_one();
        drop_in_background(replaced);
    }

    /// Replaces the store by one that was loaded from fixtures. The ids continue, so that none is drawn twice.
    pub(crate) fn load(&self, mut store: Store) {
        let mut current = self.store.write();
        store.ids_drawn = current.ids_drawn;
        let replaced = mem::replace(&mut *current, Arc::new(store));
        drop(current);
        self.changed.notify_one();
        drop_in_background(replaced);
    }

    /// Waits for the next change since the last call. Only one task may wait.
    #[cfg(feature = "cli")]
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

/// Drops a store on another thread, because a large one takes a while.
pub(crate) fn drop_in_background(store: Arc<Store>) {
    static DROPPER: LazyLock<mpsc::Sender<Arc<Store>>> = LazyLock::new(|| {
        let (sender, receiver) = mpsc::channel();
        let run = move || receiver.into_iter().for_each(drop);
        let thread = thread::Builder::new().name("cuc-mock drop".to_owned());
        // Without the thread, the sender drops a store that it cannot send.
        let _ = thread.spawn(run);
        sender
    });
    let _ = DROPPER.send(store);
}
