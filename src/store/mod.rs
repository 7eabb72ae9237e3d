//! All records of one server, in persistent sequences, so that a copy of the store is nearly free.

mod collection;
mod fold;
mod identity;
mod max_records;
mod record;
mod sequence;

use std::{iter::zip, sync::Arc};

use crate::schema::{Catalogue, Resource, ResourceId};

pub(crate) use collection::{Collection, Order, Ordinal, RenderedList};
pub(crate) use fold::{fold, is_blank};
pub(crate) use identity::Identity;
pub(crate) use max_records::MaxRecords;
pub(crate) use record::{FORMATS, Record, Values};

/// All records of one server. A clone shares its data with the original until one of them changes.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    catalogue: Arc<Catalogue>,
    /// In the order of the catalogue. Each is shared on its own, so that a write copies only the collections that it
    /// changes.
    collections: Vec<Arc<Collection>>,
    /// The number of ids drawn so far.
    pub(crate) ids_drawn: u64,
    pub(crate) max_records: MaxRecords,
}

impl Store {
    /// Creates an empty store for the resources of a catalogue.
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        let resources = catalogue.resources().iter();
        Self {
            collections: resources.map(|_| Arc::default()).collect(),
            catalogue,
            ids_drawn: 0,
            max_records: MaxRecords::DEFAULT,
        }
    }

    pub(crate) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Returns the number of records.
    pub(crate) fn len(&self) -> usize {
        let collections = self.collections.iter();
        collections.map(|collection| collection.len()).sum()
    }

    /// Returns each resource of the catalogue with its records.
    pub(crate) fn collections(&self) -> impl Iterator<Item = (&Resource, &Collection)> {
        let collections = self.collections.iter().map(AsRef::as_ref);
        zip(self.catalogue.resources(), collections)
    }

    /// Returns the records of a resource of the catalogue.
    pub(crate) fn collection(&self, resource: ResourceId) -> &Collection {
        &self.collections[resource.index()]
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

    /// Returns the records of a resource, to change them.
    pub(crate) fn collection_mut(&mut self, resource: ResourceId) -> &mut Collection {
        let collection = Arc::make_mut(&mut self.collections[resource.index()]);
        collection.prepare(&self.catalogue[resource]);
        collection
    }
}
