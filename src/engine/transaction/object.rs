//! Records as behaviours see them: by the names of their fields.

use std::sync::Arc;

use super::{Change, Transaction};
use crate::{
    engine::{Error, draft::Draft},
    schema::{Catalogue, Resource, ResourceId},
    store::{Identity, Ordinal, Record, Store, Values},
};

/// A record, with the names of its fields.
#[derive(Clone)]
pub(crate) struct Object {
    catalogue: Arc<Catalogue>,
    resource: ResourceId,
    record: Arc<Record>,
}

impl Object {
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

    fn ordinal(&self, store: &Store) -> Option<Ordinal> {
        let identity = Identity::of(self.resource(), self.values());
        let found = store.collection(self.resource).find(&identity);
        found.map(|(ordinal, _)| ordinal)
    }
}

impl Transaction<'_> {
    /// Returns the records of the resource at a path whose fields have these values, without regard to case. There are none
    /// if the catalogue lacks the resource or a field.
    pub(crate) fn find(&self, path: &str, values: &[(&str, &str)]) -> Vec<Object> {
        find(self.store, path, values)
    }

    /// Creates a record of the resource at a path, as a copy of a template if there is one, and those that are created with
    /// it. Fields that the resource lacks are left out. Returns `None` if the catalogue lacks the resource.
    pub(crate) fn create_object(
        &mut self,
        path: &str,
        template: Option<&Object>,
        values: &[(&str, &str)],
    ) -> Result<Option<Object>, Error> {
        let catalogue = self.catalogue();
        let Some(resource) = catalogue.resource(path) else {
            return Ok(None);
        };
        let mut draft = Draft::empty(resource);
        for (name, value) in values {
            if let Some(position) = resource.position(name) {
                draft.set(position, *value);
            }
        }
        if let Some(template) = template {
            let mut templates = resource.templates.iter();
            let known = templates.find(|known| known.resource == template.resource);
            let except = known.map_or(&[][..], |known| &known.except);
            draft.copy(template.resource(), &template.record, except);
        }
        let record = self.create(draft)?;
        Ok(Some(Object::new(self.store, resource, record)))
    }

    /// Draws an id that is not that of a record.
    pub(crate) fn draw_guid(&mut self) -> String {
        self.save();
        let store = Arc::make_mut(self.store);
        let id = self.ids.guid(store.ids_drawn);
        store.ids_drawn += 1;
        id.to_string()
    }

    /// Changes fields of a record. Those that the resource lacks are left out.
    pub(crate) fn change(
        &mut self,
        object: &Object,
        values: &[(&str, Option<&str>)],
    ) -> Result<(), Error> {
        let Some(ordinal) = object.ordinal(self.store) else {
            return Ok(());
        };
        let values = values.iter().filter_map(|(name, value)| {
            let position = object.resource().position(name)?;
            Some((position, value.map(str::to_owned)))
        });
        let change = Change {
            resource: object.resource,
            ordinal,
            values: values.collect(),
        };
        self.apply(vec![change])
    }
}

/// Returns the records of the resource at a path whose fields have these values, without regard to case.
pub(crate) fn find(store: &Store, path: &str, values: &[(&str, &str)]) -> Vec<Object> {
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
            found.is_some_and(|found| found.eq_ignore_ascii_case(value))
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
        .map(|record| Object::new(store, resource, record))
        .collect()
}
