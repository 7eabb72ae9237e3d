//! Transactions: changes of the store that are made together or not at all.

mod behaviours;
mod deletion;
mod dependents;
mod derivation;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use deletion::Deletion;
use dependents::{dependents, references};
use derivation::with_derived;

use super::{
    Clock, Error, draft::Draft, proposal::Proposal, random::RandomStream, validate::Existing,
};
use crate::{
    schema::{Catalogue, Resource},
    store::{Identity, Ordinal, Record, Store, Values},
};

pub(crate) use behaviours::Behaviours;
pub(super) use derivation::derived_value;

/// Changes of the store that are made together or not at all. Each change sees those before it; other requests see
/// none of them until the end.
pub(crate) struct Transaction<'t> {
    /// The current store of the space, which other requests cannot read until the end.
    store: &'t mut Arc<Store>,
    /// The store as it was at the beginning, if there may be more than one change that can fail.
    savepoint: Option<Arc<Store>>,
    clock: &'t Clock,
    ids: &'t RandomStream,
    behaviours: Behaviours,
    /// The records that have been removed or replaced, to be dropped without a lock. Most transactions have at most one.
    removed: (Option<Arc<Record>>, Vec<Arc<Record>>),
}

impl<'t> Transaction<'t> {
    pub(super) fn new(
        store: &'t mut Arc<Store>,
        clock: &'t Clock,
        ids: &'t RandomStream,
        behaviours: Behaviours,
    ) -> Self {
        Self {
            store,
            savepoint: None,
            clock,
            ids,
            behaviours,
            removed: (None, Vec::new()),
        }
    }

    /// Returns the store with the changes so far.
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(self.store.catalogue())
    }

    /// Undoes all changes.
    pub(super) fn roll_back(&mut self) {
        if let Some(savepoint) = self.savepoint.take() {
            *self.store = savepoint;
        }
    }

    /// Returns the records to drop after the lock is released.
    pub(super) fn into_removed(self) -> (Option<Arc<Record>>, Vec<Arc<Record>>) {
        self.removed
    }

    /// Creates a record, and those that are created with it.
    pub(crate) fn create(&mut self, mut draft: Draft<'_>) -> Result<Arc<Record>, Error> {
        draft.fill_in_defaults(self.clock);
        let proposal = Proposal::new(&draft, None);
        self.insert(&draft, proposal)
    }

    /// Creates the records that exist with a record that was loaded.
    pub(super) fn complete_loaded(
        &mut self,
        resource: &Resource,
        values: &Values,
    ) -> Result<(), Error> {
        if !self.store.catalogue().creates_several(resource) {
            return Ok(());
        }
        let collection = self.store.collection(resource.id);
        let found = collection.find(&Identity::of(resource, values));
        match found.map(|(_, record)| Arc::clone(record)) {
            Some(record) => self.complete(resource, &record),
            None => Ok(()),
        }
    }

    /// Creates the singletons that are not below another record.
    pub(super) fn create_singletons(&mut self) -> Result<(), Error> {
        let catalogue = self.catalogue();
        let resources = catalogue.resources().iter();
        let singletons =
            resources.filter(|resource| resource.is_singleton() && !resource.path.has_parameters());
        for resource in singletons {
            if self.store.collection(resource.id).len() == 0 {
                self.create(Draft::empty(resource))?;
            }
        }
        Ok(())
    }

    /// Derives all fields that follow from other records.
    pub(super) fn derive_all(&mut self) {
        let catalogue = self.catalogue();
        let resources = catalogue.resources().iter();
        for resource in resources {
            let collection = self.store.collection(resource.id);
            if collection.len() == 0 || !resource.has_derived_fields {
                continue;
            }
            let records: Vec<_> = collection
                .numbered()
                .map(|(ordinal, record)| (ordinal, Arc::clone(record)))
                .collect();
            for (ordinal, record) in records {
                let values = with_derived(self.store, resource, record.values.clone());
                if values != record.values {
                    self.put(resource, ordinal, values);
                }
            }
        }
    }

    /// Adds the record that a draft proposes, and those that are created with it.
    pub(super) fn insert(
        &mut self,
        draft: &Draft<'_>,
        proposal: Proposal<'_>,
    ) -> Result<Arc<Record>, Error> {
        let resource = draft.resource;
        let mut values = proposal.validated(Existing::all(self.store))?;
        if self.store.len() >= self.store.max_records.0 {
            return Err(Error::store_full(self.store.max_records));
        }
        let creates_several = self.store.catalogue().creates_several(resource);
        if creates_several && self.savepoint.is_none() {
            self.savepoint = Some(Arc::clone(self.store));
        }
        let mut ids_drawn = self.store.ids_drawn;
        if let Some(object_id) = resource.object_id
            && values.get(object_id).is_none()
        {
            let id = self.draw_id(resource, object_id, &mut ids_drawn);
            values.insert(object_id, &id);
        }
        let values = with_derived(self.store, resource, values);
        let record = Arc::new(Record::new(values));
        let store = Arc::make_mut(self.store);
        store.ids_drawn = ids_drawn;
        store
            .collection_mut(resource.id)
            .insert(Arc::clone(&record));
        if creates_several {
            self.complete(resource, &record)?;
        }
        Ok(record)
    }

    /// Draws an id that no record of `resource` has, and counts the ids drawn.
    fn draw_id(&self, resource: &Resource, object_id: usize, drawn: &mut u64) -> String {
        let collection = self.store.collection(resource.id);
        loop {
            let id = self.ids.guid(*drawn).to_string();
            *drawn += 1;
            if collection.holders(object_id, &id).next().is_none() {
                return id;
            }
        }
    }

    /// Creates the records that exist with `record`, as far as they do not exist yet.
    pub(super) fn complete(&mut self, resource: &Resource, record: &Record) -> Result<(), Error> {
        let catalogue = self.catalogue();
        for child in catalogue.children(resource.id) {
            let child = &catalogue[*child];
            if child.is_singleton() {
                self.create_singleton(record, child)?;
            }
        }
        let behaviour = resource.behaviour.as_deref();
        if let Some(behaviour) = behaviour.and_then(|name| self.behaviours.get(name)) {
            behaviour(self, resource, record)?;
        }
        Ok(())
    }

    fn create_singleton(&mut self, record: &Record, child: &Resource) -> Result<(), Error> {
        let identity = Identity::below(&record.values, child);
        if self.store.collection(child.id).find(&identity).is_some() {
            return Ok(());
        }
        let mut draft = Draft::empty(child);
        for (position, value) in identity.path() {
            draft.set(*position, *value);
        }
        self.create(draft).map(drop)
    }

    /// Replaces the record with an ordinal by the one that `proposal` describes.
    pub(super) fn replace(
        &mut self,
        resource: &Resource,
        ordinal: Ordinal,
        proposal: Proposal<'_>,
    ) -> Result<Arc<Record>, Error> {
        let existing = Existing {
            store: self.store,
            replaced: Some(ordinal),
        };
        let values = proposal.validated(existing)?;
        let values = with_derived(self.store, resource, values);
        let dependents = self.store.catalogue().dependents(resource.id);
        let is_referenced = !dependents.references.is_empty();
        let stored = || self.store.collection(resource.id).record(ordinal);
        let before = is_referenced.then(stored).flatten().cloned();
        let record = self.put(resource, ordinal, values);
        if let Some(before) = before {
            self.follow(resource, &before, &record);
        }
        Ok(record)
    }

    /// Changes the references to a record whose value has changed.
    fn follow(&mut self, resource: &Resource, before: &Record, record: &Record) {
        let catalogue = self.catalogue();
        for (id, ordinal, position) in references(self.store, resource, before) {
            let resource = &catalogue[id];
            let reference = resource.fields[position].reference.as_ref();
            let Some(field) = reference.map(|reference| reference.field) else {
                continue;
            };
            let value = record.values.get(field);
            let stored = self.store.collection(id).record(ordinal);
            if before.values.get(field) != value
                && let Some(stored) = stored.cloned()
            {
                self.put(resource, ordinal, stored.values.with(position, value));
            }
        }
    }

    /// Stores new values of a record, and derives fields of other records again.
    fn put(&mut self, resource: &Resource, ordinal: Ordinal, values: Values) -> Arc<Record> {
        let record = Arc::new(Record::new(values));
        let store = Arc::make_mut(self.store);
        let collection = store.collection_mut(resource.id);
        let replaced = collection.replace(ordinal, Arc::clone(&record));
        self.keep(replaced);
        if self
            .store
            .catalogue()
            .dependents(resource.id)
            .has_derived_fields
        {
            self.derive_again(resource, &record);
        }
        record
    }

    /// Keeps a record until the lock is released.
    fn keep(&mut self, removed: Option<Arc<Record>>) {
        let (first, others) = &mut self.removed;
        if first.is_some() {
            others.extend(removed);
        } else {
            *first = removed;
        }
    }

    /// Derives the fields of the records that refer to `record` again.
    fn derive_again(&mut self, resource: &Resource, record: &Record) {
        let catalogue = self.catalogue();
        for (resource, ordinal) in dependents(self.store, resource, record) {
            let resource = &catalogue[resource];
            let stored = self.store.collection(resource.id).record(ordinal);
            let Some(stored) = stored.filter(|_| resource.has_derived_fields).cloned() else {
                continue;
            };
            let values = with_derived(self.store, resource, stored.values.clone());
            if values != stored.values {
                self.put(resource, ordinal, values);
            }
        }
    }

    /// Sets the values of `field` in some records to their places, from 0.
    pub(super) fn set_order(&mut self, resource: &Resource, field: usize, ordinals: &[Ordinal]) {
        for (place, ordinal) in ordinals.iter().enumerate() {
            let stored = self.store.collection(resource.id).record(*ordinal);
            if let Some(stored) = stored.cloned() {
                let place = place.to_string();
                let values = stored.values.with(field, Some(&place));
                self.put(resource, *ordinal, values);
            }
        }
    }

    /// Deletes a record, and the records that are deleted with it.
    pub(super) fn delete(&mut self, resource: &Resource, ordinal: Ordinal) -> Result<(), Error> {
        let deletion = Deletion::plan(self.store, resource, ordinal)?;
        let catalogue = self.catalogue();
        for (id, ordinal) in &deletion.deleted {
            let store = Arc::make_mut(self.store);
            let removed = store.collection_mut(*id).remove(*ordinal);
            self.keep(removed);
        }
        for (id, ordinal, position) in deletion.cleared {
            let stored = self.store.collection(id).record(ordinal);
            // A record that is deleted, too, is not found.
            if let Some(stored) = stored.cloned() {
                let resource = &catalogue[id];
                let values = stored.values.with(position, None);
                let values = with_derived(self.store, resource, values);
                self.put(resource, ordinal, values);
            }
        }
        Ok(())
    }
}
