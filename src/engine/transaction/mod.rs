//! Transactions: changes of the store that are made together or not at all.

mod behaviours;
mod deletion;
mod dependents;
mod derivation;
mod effects;
mod endpoint;
mod expiry;
pub(crate) mod files;
mod named_record;
mod ordering;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
    sync::Arc,
};

use deletion::Deletion;
use effects::{Change, derivations, effects, may_affect_others};

use super::{
    Clock, Error,
    draft::{DefaultSources, Draft},
    expiry::next_time,
    proposal::Proposal,
    random::RandomStream,
    validate::{Existing, Operation, Validation},
};
use crate::{
    schema::{Catalogue, Resource, ResourceId},
    store::{Identity, Ordinal, Record, Store, Values},
};

pub(crate) use behaviours::{Behaviour, Behaviours, Creation, EndpointFn};
pub(super) use derivation::{derived_value, with_derived};
pub(crate) use endpoint::{EndpointBody, EndpointRequest, EndpointResponse};
pub(crate) use named_record::{NamedRecord, find};

/// Changes of the store that are made together or not at all. Each change sees those before it; other requests see
/// none of them until the end.
pub(crate) struct Transaction<'t> {
    /// The current store of the space, which other requests cannot read until the end.
    store: &'t mut Arc<Store>,
    /// The store as it was at the beginning, if there may be more than one change that can fail.
    savepoint: Option<Arc<Store>>,
    clock: &'t Clock,
    ids: RandomStream,
    behaviours: Behaviours,
    /// The records that have been removed or replaced, to be dropped without a lock. Most transactions have at most one.
    removed: (Option<Arc<Record>>, Vec<Arc<Record>>),
}

impl<'t> Transaction<'t> {
    pub(super) fn new(
        store: &'t mut Arc<Store>,
        clock: &'t Clock,
        ids: &RandomStream,
        behaviours: Behaviours,
    ) -> Self {
        Self {
            store,
            savepoint: None,
            clock,
            ids: *ids,
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

    /// Remembers the store as it is, to return to it after an error.
    fn save(&mut self) {
        let store = &*self.store;
        self.savepoint.get_or_insert_with(|| Arc::clone(store));
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
        draft.fill_in_defaults(&DefaultSources {
            clock: self.clock,
            store: self.store,
            firsts: &[],
        });
        let proposal = Proposal::new(&draft, None);
        self.insert(&draft, proposal)
    }

    /// Creates the records that exist with a record that was loaded. `ids` is its own stream, so that their IDs do not
    /// depend on the other records.
    pub(super) fn complete_loaded(
        &mut self,
        resource: &Resource,
        values: &Values,
        ids: RandomStream,
    ) -> Result<(), Error> {
        if !self.store.catalogue().creates_several(resource) {
            return Ok(());
        }
        let collection = self.store.collection(resource.id);
        let found = collection.find(&Identity::of(resource, values));
        match found.map(|(_, record)| Arc::clone(record)) {
            Some(record) => {
                let others = self.begin_ids(ids);
                let completed = self.complete(resource, &record, None, true);
                self.begin_ids(others);
                completed
            }
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
    pub(super) fn derive_all(&mut self) -> Result<(), Error> {
        let mut changes = Vec::new();
        for (resource, collection) in self.store.collections() {
            if collection.len() > 0 && resource.has_derived_fields {
                changes.extend(collection.numbered().map(|(ordinal, _)| Change {
                    resource: resource.id,
                    ordinal,
                    values: Vec::new(),
                }));
            }
        }
        self.apply(changes)
    }

    /// Adds the record that a draft proposes, and those that are created with it.
    pub(super) fn insert(
        &mut self,
        draft: &Draft<'_>,
        proposal: Proposal<'_>,
    ) -> Result<Arc<Record>, Error> {
        let resource = draft.resource;
        let proposal = self.completed(resource, proposal, None);
        let proposal = self.with_place(resource, proposal);
        let proposal = self.derived(resource, proposal);
        let mut values = proposal.validated(Existing::all(self.store))?;
        if !self.store.has_room() {
            return Err(Error::store_full(self.store.max_records));
        }
        let catalogue = self.store.catalogue();
        let creates_several = catalogue.creates_several(resource);
        let room = self.room(resource, &values);
        let mut ids_drawn = self.store.ids_drawn;
        if let Some(object_id) = resource.object_id
            && values.get(object_id).is_none()
        {
            let id = self.draw_id(resource, object_id, &mut ids_drawn);
            values.insert(object_id, &id);
        }
        // Records may be below the new one already.
        let derivations = derivations(self.store, resource, &values);
        if creates_several || !room.is_empty() || !derivations.is_empty() {
            self.save();
        }
        self.apply(room)?;
        let record = Arc::new(Record::new(values));
        let store = Arc::make_mut(self.store);
        store.ids_drawn = ids_drawn;
        store.note_expiry(next_time(resource, &record.values));
        store
            .collection_mut(resource.id)
            .insert(Arc::clone(&record));
        self.apply(derivations)?;
        if creates_several {
            self.complete(resource, &record, draft.template(), false)?;
        }
        Ok(record)
    }

    /// Adds the values that a behaviour computes to a proposed record.
    fn completed<'p>(
        &self,
        resource: &Resource,
        proposal: Proposal<'p>,
        before: Option<&Values>,
    ) -> Proposal<'p> {
        let behaviour = self.behaviours.of(resource);
        match behaviour.and_then(|behaviour| behaviour.values) {
            Some(complete) => proposal.map(|values| complete(self.store, resource, values, before)),
            None => proposal,
        }
    }

    /// Adds the values that are derived from other records to a proposed record.
    fn derived<'p>(&self, resource: &Resource, proposal: Proposal<'p>) -> Proposal<'p> {
        match resource.has_derived_fields {
            true => proposal.map(|values| with_derived(self.store, resource, values)),
            false => proposal,
        }
    }

    /// Draws IDs from the beginning of another stream. Returns the one before.
    fn begin_ids(&mut self, ids: RandomStream) -> RandomStream {
        Arc::make_mut(self.store).ids_drawn = 0;
        mem::replace(&mut self.ids, ids)
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
    fn complete(
        &mut self,
        resource: &Resource,
        record: &Arc<Record>,
        template: Option<(ResourceId, Arc<Record>)>,
        is_loaded: bool,
    ) -> Result<(), Error> {
        let catalogue = self.catalogue();
        for child in catalogue.children(resource.id) {
            let child = &catalogue[*child];
            if child.is_singleton() {
                self.create_singleton(record, child)?;
            }
        }
        let behaviour = self.behaviours.of(resource);
        let Some(created) = behaviour.and_then(|behaviour| behaviour.create) else {
            return Ok(());
        };
        let template =
            template.map(|(id, record)| NamedRecord::new(self.store, &catalogue[id], record));
        let creation = Creation {
            record: NamedRecord::new(self.store, resource, Arc::clone(record)),
            template,
            is_loaded,
        };
        created(self, &creation)
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

    /// Sets the value at the position of a field of a record.
    pub(in crate::engine) fn set_value(
        &mut self,
        resource: &Resource,
        ordinal: Ordinal,
        position: usize,
        value: Option<String>,
    ) -> Result<(), Error> {
        self.apply(vec![Change {
            resource: resource.id,
            ordinal,
            values: vec![(position, value)],
        }])
    }

    /// Replaces the record with an ordinal by the one that `proposal` describes, and changes those that depend on it.
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
        let behaviour = self.behaviours.of(resource);
        let stored = self.store.collection(resource.id).record(ordinal);
        let is_observed = behaviour.is_some() || !resource.file_fields.is_empty();
        let before = stored.filter(|_| is_observed).cloned();
        let replaced = before.as_ref().map(|before| &before.values);
        let proposal = self.completed(resource, proposal, replaced);
        let values = self.derived(resource, proposal).validated(existing)?;
        let record = Arc::new(Record::new(values));
        let update = behaviour.and_then(|behaviour| behaviour.update);
        if update.is_some() {
            self.save();
        }
        let effects = self.put(resource, ordinal, &record);
        self.apply(effects)?;
        if let Some(before) = &before
            && !resource.file_fields.is_empty()
        {
            self.drop_files(resource, &before.values)?;
        }
        if let Some((update, before)) = update.zip(before) {
            let object = |record| NamedRecord::new(self.store, resource, record);
            let (before, after) = (object(before), object(Arc::clone(&record)));
            update(self, &before, &after)?;
        }
        Ok(record)
    }

    /// Stores a record in the place of another one; returns the changes of other records that follow.
    fn put(&mut self, resource: &Resource, ordinal: Ordinal, record: &Arc<Record>) -> Vec<Change> {
        let stored = self.store.collection(resource.id).record(ordinal);
        let affecting = stored.filter(|stored| {
            let catalogue = self.store.catalogue();
            may_affect_others(catalogue, resource, &stored.values, &record.values)
        });
        let changes = affecting.map_or_else(Vec::new, |stored| {
            effects(self.store, resource, &stored.values, &record.values)
        });
        if !changes.is_empty() {
            self.save();
        }
        let store = Arc::make_mut(self.store);
        store.note_expiry(next_time(resource, &record.values));
        let collection = store.collection_mut(resource.id);
        let replaced = collection.replace(ordinal, Arc::clone(record));
        self.keep(replaced);
        changes
    }

    /// Makes changes, and those that follow from them, until nothing changes. The results are valid records.
    fn apply(&mut self, changes: Vec<Change>) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        self.save();
        let catalogue = self.catalogue();
        let mut open = VecDeque::from(changes);
        // A field changes only once, so that a circle of references comes to an end.
        let mut fields = BTreeSet::new();
        let mut records = BTreeSet::new();
        while let Some(Change {
            resource,
            ordinal,
            values,
        }) = open.pop_front()
        {
            // A record that is deleted, too, is not found.
            let stored = self.store.collection(resource).record(ordinal);
            let Some(stored) = stored.cloned() else {
                continue;
            };
            let resource = &catalogue[resource];
            let mut changed = stored.values.clone();
            for (position, value) in values {
                if fields.insert((resource.id, ordinal, position)) {
                    changed = changed.with(position, value.as_deref());
                }
            }
            let changed = with_derived(self.store, resource, changed);
            if changed != stored.values {
                records.insert((resource.id, ordinal));
                open.extend(self.put(resource, ordinal, &Arc::new(Record::new(changed))));
            }
        }
        self.check(&records)
    }

    /// Checks that records which have changed with others break no rule.
    fn check(&self, records: &BTreeSet<(ResourceId, Ordinal)>) -> Result<(), Error> {
        let catalogue = self.store.catalogue();
        for (id, ordinal) in records {
            let resource = &catalogue[*id];
            let Some(record) = self.store.collection(*id).record(*ordinal) else {
                continue;
            };
            let existing = Existing {
                store: self.store,
                replaced: Some(*ordinal),
            };
            // The values refer to the records that they followed.
            let validation = Validation {
                resource,
                operation: Operation::Load,
            };
            let mut violations = validation.violations(existing, &record.values, &[]);
            if let Some(violation) = violations.next() {
                return Err(violation.into_error(resource));
            }
        }
        Ok(())
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

    /// Deletes a record, and the records that are deleted with it.
    pub(super) fn delete(&mut self, resource: &Resource, ordinal: Ordinal) -> Result<(), Error> {
        let deletion = Deletion::plan(self.store, resource, ordinal)?;
        let catalogue = self.catalogue();
        let mut deleted = deletion.deleted.iter();
        let has_effects = deleted.any(|(id, _)| {
            let resource = &catalogue[*id];
            resource.order.is_some()
                || !resource.file_fields.is_empty()
                || self.behaviours.of(resource).is_some()
        });
        if has_effects || !deletion.cleared.is_empty() {
            self.save();
        }
        let mut observed = Vec::new();
        for (id, ordinal) in &deletion.deleted {
            let store = Arc::make_mut(self.store);
            let removed = store.collection_mut(*id).remove(*ordinal);
            if has_effects {
                observed.extend(removed.clone().map(|removed| (*id, removed)));
            }
            self.keep(removed);
        }
        let cleared = deletion.cleared.into_iter();
        let changes = cleared.map(|(resource, ordinal, position)| Change {
            resource,
            ordinal,
            values: vec![(position, None)],
        });
        self.apply(changes.collect())?;
        self.close_gaps(&observed)?;
        for (id, record) in observed {
            let resource = &catalogue[id];
            self.drop_files(resource, &record.values)?;
            let behaviour = self.behaviours.of(resource);
            if let Some(deleted) = behaviour.and_then(|behaviour| behaviour.delete) {
                let object = NamedRecord::new(self.store, resource, record);
                deleted(self, &object)?;
            }
        }
        Ok(())
    }
}
