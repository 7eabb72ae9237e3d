//! Records as behaviours see them: by the names of their fields.

use std::sync::Arc;

use crate::{
    schema::{Catalogue, Resource, ResourceId},
    store::{Identity, Ordinal, Record, Store, Values, fold},
};

/// A record, with the names of its fields.
#[derive(Clone)]
pub(crate) struct NamedRecord {
    catalogue: Arc<Catalogue>,
    pub(super) resource: ResourceId,
    pub(super) record: Arc<Record>,
}

impl NamedRecord {
    pub(super) fn new(store: &Store, resource: &Resource, record: Arc<Record>) -> Self {
        Self {
            catalogue: Arc::clone(store.catalogue()),
            resource: resource.id,
            record,
        }
    }

    pub(crate) fn resource(&self) -> &Resource {
        &self.catalogue[self.resource]
    }

    pub(crate) fn values(&self) -> &Values {
        &self.record.values
    }

    /// Returns the value of a field that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.values().get(self.resource().position(name)?);
        value.filter(|value| !value.is_empty())
    }

    /// Returns the value of the key.
    pub(crate) fn id(&self) -> &str {
        let key = self.resource().key;
        key.and_then(|key| self.values().get(key))
            .unwrap_or_default()
    }

    pub(super) fn ordinal(&self, store: &Store) -> Option<Ordinal> {
        let identity = Identity::of(self.resource(), self.values());
        let found = store.collection(self.resource).find(&identity);
        found.map(|(ordinal, _)| ordinal)
    }
}

/// Returns the records of the resource at a path whose fields have these values, without regard to case.
pub(crate) fn find(store: &Store, path: &str, values: &[(&str, &str)]) -> Vec<NamedRecord> {
    let Some(resource) = store.catalogue().resource(path) else {
        return Vec::new();
    };
    let wanted: Option<Vec<_>> = values
        .iter()
        .map(|(name, value)| Some((resource.position(name)?, *value)))
        .collect();
    let Some(wanted) = wanted else {
        return Vec::new();
    };
    let is_wanted = |record: &Arc<Record>| {
        wanted.iter().all(|(position, value)| {
            let found = record.values.get(*position);
            found.is_some_and(|found| fold(found) == fold(value))
        })
    };
    let collection = store.collection(resource.id);
    let mut indexed = wanted.iter();
    let indexed = indexed.find(|(position, _)| resource.fields[*position].is_indexed);
    let records: Vec<_> = match indexed {
        Some((position, value)) => collection
            .holders(*position, value)
            .map(|(_, record)| record)
            .filter(|record| is_wanted(record))
            .collect(),
        None => collection
            .iter()
            .filter(|record| is_wanted(record))
            .collect(),
    };
    let records = records.into_iter().map(Arc::clone);
    records
        .map(|record| NamedRecord::new(store, resource, record))
        .collect()
}
