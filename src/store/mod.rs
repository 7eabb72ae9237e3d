//! All records of one server: sequences that share, so that a copy of the whole costs next to nothing.

mod collection;
mod record;
mod sequence;

use crate::schema::Resource;

pub(crate) use collection::{Collection, Order, Ordinal, Whole, fold};
pub(crate) use record::{FORMATS, Record, Values};

/// All records of one server. A clone shares everything with its original until one of them changes.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    collections: Vec<Collection>,
    /// How many ids have been drawn for it.
    pub(crate) ids_drawn: u64,
}

impl Store {
    /// An empty store that has room for `resources`.
    pub(crate) fn new(resources: &[&'static Resource]) -> Self {
        Self {
            collections: resources
                .iter()
                .map(|&resource| Collection::new(resource))
                .collect(),
            ids_drawn: 0,
        }
    }

    /// Every collection, in the order of the resources that the store was made for.
    pub(crate) fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// The records of `resource`, which is one of those that the store was made for.
    pub(crate) fn collection(&self, resource: &'static Resource) -> &Collection {
        &self.collections[self.position(resource)]
    }

    /// The records of `resource`, to change them.
    pub(crate) fn collection_mut(&mut self, resource: &'static Resource) -> &mut Collection {
        let position = self.position(resource);
        &mut self.collections[position]
    }

    fn position(&self, resource: &'static Resource) -> usize {
        self.collections
            .iter()
            .position(|collection| std::ptr::eq(collection.resource(), resource))
            .expect("a store is asked only for the resources that it was made for")
    }
}
