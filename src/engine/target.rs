//! The targets of requests.

use std::sync::Arc;

use super::Error;
use crate::{
    schema::Resource,
    store::{Ordinal, Record, Store},
};

/// The collection or the record that the path of a request names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'t> {
    pub(crate) resource: &'t Resource,
    /// The values of the fields in the path of the collection, by their positions.
    pub(crate) parents: &'t [(usize, &'t str)],
    /// The value of the key. `None` for a collection, and for a record that is the only one at its path.
    pub(crate) key: Option<&'t str>,
}

impl<'t> Target<'t> {
    /// Returns the target for the collection at a path without parameters.
    #[cfg(any(test, bench_api, fuzzing))]
    pub(crate) fn collection(resource: &'t Resource) -> Self {
        Self {
            resource,
            parents: &[],
            key: None,
        }
    }

    /// Returns the target for a record of that collection.
    #[cfg(any(test, bench_api))]
    pub(crate) fn record(resource: &'t Resource, key: &'t str) -> Self {
        Self {
            key: Some(key),
            ..Self::collection(resource)
        }
    }

    /// Returns the record and its ordinal.
    pub(super) fn find<'s>(&self, store: &'s Store) -> Option<(Ordinal, &'s Arc<Record>)> {
        let collection = store.collection(self.resource.id);
        collection.find(self.resource, self.parents, self.key)
    }

    /// Returns the record below which the collection is, with its resource.
    pub(super) fn parent<'s>(&self, store: &'s Store) -> Option<(&'s Resource, &'s Arc<Record>)> {
        let parent = &store.catalogue()[self.resource.parent?];
        let ((_, key), others) = self.parents.split_last()?;
        let positions = parent.parameters.iter();
        let others = positions
            .zip(others)
            .map(|(position, (_, value))| (*position, *value));
        let others: Vec<_> = others.collect();
        let found = store.collection(parent.id).find(parent, &others, Some(key));
        found.map(|(_, record)| (parent, record))
    }

    /// Returns the records of the collection.
    pub(super) fn members<'s>(&'s self, store: &'s Store) -> impl Iterator<Item = &'s Arc<Record>> {
        let collection = store.collection(self.resource.id);
        collection.below(self.parents).map(|(_, record)| record)
    }

    /// Returns the error if there is no such record.
    pub(super) fn not_found(&self) -> Error {
        Error::not_found(self.resource, self.identity())
    }

    /// Returns the error if there is no such record to update.
    pub(super) fn nothing_to_update(&self) -> Error {
        Error::nothing_to_update(self.resource, self.identity())
    }

    /// Returns the last field in the path of the record, and its value.
    fn identity(&self) -> Option<(usize, &str)> {
        let parent = self
            .parents
            .last()
            .map(|(position, value)| (*position, *value));
        let key = self.resource.key.zip(self.key);
        key.or(parent)
    }
}
