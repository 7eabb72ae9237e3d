//! All records of one server, in persistent sequences, so that a copy of the store is nearly free.

mod collection;
mod max_records;
mod record;
mod sequence;

use crate::schema::Resource;

pub(crate) use collection::{Collection, Order, Ordinal, RenderedList, fold};
pub(crate) use max_records::MaxRecords;
pub(crate) use record::{FORMATS, Record, Values};

/// All records of one server. A clone shares its data with the original until one of them changes.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    collections: Vec<Collection>,
    /// The number of ids drawn so far.
    pub(crate) ids_drawn: u64,
    pub(crate) max_records: MaxRecords,
}

impl Store {
    /// Creates an empty store for these resources.
    pub(crate) fn new(resources: &[&'static Resource]) -> Self {
        Self {
            collections: resources
                .iter()
                .map(|&resource| Collection::new(resource))
                .collect(),
            ids_drawn: 0,
            max_records: MaxRecords::DEFAULT,
        }
    }

    /// Returns the number of records.
    pub(crate) fn len(&self) -> usize {
        self.collections.iter().map(Collection::len).sum()
    }

    /// Returns all collections, in the order of the resources given to [`Store::new`].
    pub(crate) fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// Returns the records of a resource, which must be one of those given to [`Store::new`].
    pub(crate) fn collection(&self, resource: &'static Resource) -> &Collection {
        &self.collections[self.position(resource)]
    }

    /// Returns the records of a resource, to change them.
    pub(crate) fn collection_mut(&mut self, resource: &'static Resource) -> &mut Collection {
        let position = self.position(resource);
        &mut self.collections[position]
    }

    fn position(&self, resource: &'static Resource) -> usize {
        self.collections
            .iter()
            .position(|collection| std::ptr::eq(collection.resource(), resource))
            .expect("the store was created for this resource")
    }
}
