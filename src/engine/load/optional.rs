//! Optional objects: those of the system, which adapt to the objects of the user that replace others.

use std::{collections::HashSet, mem, sync::Arc};

use tracing::warn;

use super::loader::{Dependent, Loader};
use crate::{
    engine::validate::{Operation, Validation},
    schema::{Field, OnDelete, Reference, Resource},
    store::{Identity, Store, Values, fold, is_blank},
};

impl Loader<'_> {
    /// Lets the optional objects refer to the first one of the objects that replace others. One that cannot is left out.
    pub(super) fn redirect_optional(&mut self) {
        let catalogue = Arc::clone(self.catalogue);
        for resource in catalogue.resources() {
            if self.has_list_of_user(resource.id) || self.entries[resource.id.index()].is_empty() {
                continue;
            }
            for (position, field) in resource.fields.iter().enumerate() {
                let reference = field.reference.as_deref();
                let replaced =
                    reference.filter(|reference| self.has_list_of_user(reference.resource));
                if let Some(reference) = replaced {
                    self.redirect_field(resource, (position, field), reference);
                }
            }
        }
    }

    fn redirect_field(
        &mut self,
        resource: &Resource,
        (position, field): (usize, &Field),
        reference: &Reference,
    ) {
        let targets = self.entries[reference.resource.index()].iter();
        let targets = targets.filter_map(|entry| entry.record.values.get(reference.field));
        let targets: Vec<_> = targets.map(str::to_owned).collect();
        let known: HashSet<_> = targets.iter().map(|value| fold(value)).collect();
        let entries = mem::take(&mut self.entries[resource.id.index()]).into_iter();
        let kept = entries.filter_map(|mut entry| {
            let value = entry.record.values.get(position);
            let is_dangling = |value: &str| !is_blank(value) && !known.contains(&fold(value));
            if !value.is_some_and(is_dangling) {
                return Some(entry);
            }
            let is_required = !field.required.is_empty();
            let redirected = match (reference.on_delete, targets.first()) {
                (OnDelete::Cascade, _) => None,
                (_, Some(first)) => Some(entry.record.values.with(position, Some(first))),
                (_, None) if is_required => None,
                (_, None) => Some(entry.record.values.with(position, None)),
            };
            let Some(values) = redirected else {
                warn_of_omission(resource);
                return None;
            };
            *entry.values_mut() = values;
            Some(entry)
        });
        self.entries[resource.id.index()] = kept.collect();
    }

    /// Leaves out the optional records that refer to others that do not exist.
    pub(super) fn leave_out_dangling(&self, store: &mut Store, dependents: &mut Vec<Dependent>) {
        let is_optional = |(_, _, place): &Dependent| place.file >= self.first_optional_file;
        if !dependents.iter().any(is_optional) {
            return;
        }
        loop {
            let known = dependents.len();
            dependents.retain(|(id, record, place)| {
                let resource = &self.catalogue[*id];
                let is_kept = place.file < self.first_optional_file
                    || !has_dangling_reference(store, resource, &record.values);
                if !is_kept {
                    let collection = store.collection(*id);
                    let found = collection.find(&Identity::of(resource, &record.values));
                    if let Some((ordinal, _)) = found {
                        store.collection_mut(*id).remove(ordinal);
                    }
                    warn_of_omission(resource);
                }
                is_kept
            });
            if dependents.len() == known {
                break;
            }
        }
    }
}

fn has_dangling_reference(store: &Store, resource: &Resource, values: &Values) -> bool {
    let validation = Validation {
        resource,
        operation: Operation::Load,
    };
    let mut dangling = validation.dangling_references(store, values);
    dangling.next().is_some()
}

fn warn_of_omission(resource: &Resource) {
    warn!(
        path = resource.path.as_str(),
        element = &*resource.element,
        "left out an object of the system that refers to one which the fixtures lack"
    );
}
