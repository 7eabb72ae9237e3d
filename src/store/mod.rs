//! All records of one server, in persistent sequences, so that a copy of the store is nearly free.

mod collection;
mod fold;
mod identity;
mod lazy_store;
mod max_records;
mod parallelism;
mod record;
mod sequence;

use std::{
    iter::zip,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use crate::schema::{Catalogue, Resource, ResourceId};

pub(crate) use collection::{Collection, Order, Ordinal, RenderedList};
pub(crate) use fold::{fold, is_blank};
pub(crate) use identity::Identity;
pub(crate) use lazy_store::LazyStore;
pub(crate) use max_records::MaxRecords;
pub(crate) use parallelism::Parallelism;
pub(crate) use record::{FORMATS, Record, Values};

/// All records of one server. A clone shares its data with the original until one of them changes.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    catalogue: Arc<Catalogue>,
    /// In the order of the catalogue. Each is shared on its own, so that a write copies only the collections that it
    /// changes. One that is not set is that of the deferred store.
    collections: Vec<OnceLock<Arc<Collection>>>,
    deferred: Option<Arc<LazyStore>>,
    /// The number of ids drawn so far.
    pub(crate) ids_drawn: u64,
    /// No record expires before this time, and none at all if there is none. The records of the deferred store never do.
    pub(crate) next_expiry: Option<Timestamp>,
    pub(crate) max_records: MaxRecords,
}

impl Store {
    /// Creates an empty store for the resources of a catalogue.
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        let resources = catalogue.resources().iter();
        Self {
            collections: resources.map(|_| OnceLock::from(Arc::default())).collect(),
            deferred: None,
            catalogue,
            ids_drawn: 0,
            next_expiry: None,
            max_records: MaxRecords::DEFAULT,
        }
    }

    /// Defers the loading of the other collections of this store than those of `loaded`: each one is taken from `deferred` at
    /// its first use.
    pub(crate) fn defer(&mut self, deferred: LazyStore, loaded: &[ResourceId]) {
        let resources = self.catalogue.resources().iter();
        for (resource, collection) in zip(resources, &mut self.collections) {
            if !loaded.contains(&resource.id) {
                *collection = OnceLock::new();
            }
        }
        self.deferred = Some(Arc::new(deferred));
    }

    pub(crate) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// True if there are fewer records than the maximum.
    pub(crate) fn has_room(&self) -> bool {
        let loaded = self.collections.iter().filter_map(OnceLock::get);
        let loaded: usize = loaded.map(|collection| collection.len()).sum();
        let deferred = self.deferred.as_ref();
        let at_most = loaded + deferred.map_or(0, |deferred| deferred.max_records);
        at_most < self.max_records.0 || self.len() < self.max_records.0
    }

    /// Returns the number of records.
    pub(crate) fn len(&self) -> usize {
        let collections = self.collections();
        collections.map(|(_, collection)| collection.len()).sum()
    }

    /// Returns each resource of the catalogue with its records.
    pub(crate) fn collections(&self) -> impl Iterator<Item = (&Resource, &Collection)> {
        let resources = self.catalogue.resources().iter();
        resources.map(|resource| (resource, self.collection(resource.id)))
    }

    /// Returns the records of a resource of the catalogue.
    pub(crate) fn collection(&self, resource: ResourceId) -> &Collection {
        self.shared(resource)
    }

    /// Returns the record below which a collection of `resource` is.
    pub(crate) fn parent(
        &self,
        resource: &Resource,
        collection: &Identity<'_>,
    ) -> Option<&Arc<Record>> {
        let parent = self.collection(resource.parent?);
        let found = parent.find(&collection.parent(resource)?);
        found.map(|(_, record)| record)
    }

    /// Notes the time at which a record that is added or changed expires, if it does.
    pub(crate) fn note_expiry(&mut self, time: Option<Timestamp>) {
        self.next_expiry = self.next_expiry.into_iter().chain(time).min();
    }

    /// True if another store of the same catalogue has the same records of a resource.
    pub(crate) fn shares(&self, other: &Self, resource: ResourceId) -> bool {
        Arc::ptr_eq(self.shared(resource), other.shared(resource))
    }

    fn shared(&self, resource: ResourceId) -> &Arc<Collection> {
        self.collections[resource.index()].get_or_init(|| {
            let deferred = self.deferred.as_ref();
            deferred.map_or_else(Arc::default, |deferred| {
                Arc::clone(deferred.store().shared(resource))
            })
        })
    }

    /// Returns the records of a resource, to change them.
    pub(crate) fn collection_mut(&mut self, resource: ResourceId) -> &mut Collection {
        self.shared(resource);
        let collection = self.collections[resource.index()].get_mut();
        let collection = collection.expect("it was set before");
        let collection = Arc::make_mut(collection);
        collection.prepare(&self.catalogue[resource]);
        collection
    }
}
