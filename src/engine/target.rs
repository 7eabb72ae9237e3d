//! The targets of requests.

use std::sync::Arc;

use super::Error;
use crate::{
    schema::{Condition, Resource},
    store::{Identity, Ordinal, Record, Store, fold},
};

/// The collection or the record that the path of a request names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'t> {
    pub(crate) resource: &'t Resource,
    /// The values of the fields in the path of the collection, by their positions.
    pub(crate) parents: &'t [(usize, &'t str)],
    /// The value of the key. `None` for a collection, and for a record that is the only one at its path.
    pub(crate) key: Option<&'t str>,
    /// The condition on the records at the path, unless it has all of them.
    pub(crate) condition: Option<&'t Condition<usize>>,
    /// The positions of the only fields in a response with the record, if it has fewer than all.
    pub(crate) fields: Option<&'t [usize]>,
}

impl<'t> Target<'t> {
    /// Returns the target for the collection at a path without parameters.
    pub(crate) fn collection(resource: &'t Resource) -> Self {
        Self {
            resource,
            parents: &[],
            key: None,
            condition: None,
            fields: None,
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
        let found = collection.find(&Identity::new(self.resource, self.parents, self.key));
        found.filter(|(_, record)| {
            let mut condition = self.condition.into_iter();
            condition.all(|condition| condition.holds(|position| record.values.get(position)))
        })
    }

    /// True if a record has the key of the target.
    pub(super) fn has_key_of(&self, record: &Record) -> bool {
        let key = self.resource.key.and_then(|key| record.values.get(key));
        key.map(fold) == self.key.map(fold)
    }

    /// Returns the identity of the collection.
    pub(super) fn identity(&self) -> Identity<'t> {
        Identity::new(self.resource, self.parents, None)
    }

    /// Returns the error if there is no such record.
    pub(super) fn not_found(&self) -> Error {
        Error::not_found(self.resource, self.last_value())
    }

    /// Returns the error if there is no such record to update.
    pub(super) fn nothing_to_update(&self) -> Error {
        Error::nothing_to_update(self.resource, self.last_value())
    }

    /// Returns the last field in the path of the record, and its value.
    fn last_value(&self) -> Option<(usize, &str)> {
        let parent = self
            .parents
            .last()
            .map(|(position, value)| (*position, *value));
        let key = self.resource.key.zip(self.key);
        key.or(parent)
    }
}
