//! The work on the entries of a resource with many of them that needs no order, on several threads.

use std::sync::Arc;

use super::loader::{
    Dependent, Entry, Loader, Preparation, is_sound, remove_links, render, wrong_references,
};
use crate::{
    schema::{DefaultValue, Resource},
    store::{Store, Values},
};

impl Loader<'_> {
    /// Completes and checks the entries of a resource, if there are many and none depends on the one before it.
    pub(super) fn prepare(
        &self,
        store: &Store,
        firsts: &[Option<Values>],
        resource: &Resource,
        entries: &mut [Entry],
    ) -> Preparation {
        let min_records = self.parallelism.min_records;
        if self.parallelism.is_sequential()
            || entries.len() < 2 * min_records
            || !self.errors.is_empty()
            || !self.is_independent(resource)
        {
            return Preparation::None;
        }
        let chunks = entries.chunks_mut(min_records).collect();
        let are_sound = self.parallelism.map(chunks, |chunk: &mut [Entry]| {
            if self.progress.is_cancelled() {
                return false;
            }
            self.prepare_chunk(store, firsts, resource, chunk)
        });
        if are_sound.contains(&false) {
            return Preparation::Complete;
        }
        Preparation::Sound
    }

    /// True if the values of an object that are filled in do not depend on the objects before it.
    fn is_independent(&self, resource: &Resource) -> bool {
        let behaviour = self.completion.behaviours.of(resource);
        let mut defaults = resource.fields.iter().flat_map(|field| &field.defaults);
        behaviour.is_none_or(|behaviour| behaviour.values.is_none())
            && !defaults.any(|(default, _)| match default {
                DefaultValue::First((other, _)) => *other == resource.id,
                _ => false,
            })
    }

    /// Completes and checks some entries. Returns true if none breaks a rule.
    fn prepare_chunk(
        &self,
        store: &Store,
        firsts: &[Option<Values>],
        resource: &Resource,
        entries: &mut [Entry],
    ) -> bool {
        let mut are_sound = true;
        for entry in &mut *entries {
            self.fill_in(store, firsts, resource, entry.values_mut());
            are_sound &= is_sound(resource, entry);
            if are_sound {
                remove_links(resource, entry);
                render(resource, entry);
            }
        }
        let bytes = entries.iter().map(|entry| entry.place.bytes);
        self.progress.advance(bytes.sum());
        are_sound
    }

    /// Adds all entries to the store at once. Returns false and adds none if that is not possible.
    pub(super) fn insert_all(
        &self,
        store: &mut Store,
        resource: &Resource,
        entries: &[Entry],
    ) -> bool {
        let records: Vec<_> = entries
            .iter()
            .map(|entry| Arc::clone(&entry.record))
            .collect();
        let collection = store.collection_mut(resource.id);
        collection.insert_all(resource, &records, self.parallelism)
    }

    /// True if a reference of a record is wrong.
    pub(super) fn has_wrong_reference(&self, store: &Store, dependents: &[Dependent]) -> bool {
        let chunks = dependents.chunks(self.parallelism.min_records).collect();
        let are_wrong = self.parallelism.map(chunks, |chunk: &[Dependent]| {
            let mut references = chunk.iter();
            references.any(|(id, record, _)| {
                let resource = &self.catalogue[*id];
                !wrong_references(store, resource, &record.values).is_empty()
            })
        });
        are_wrong.contains(&true)
    }
}
