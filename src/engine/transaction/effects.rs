//! The changes of other records that follow from that of a record.

use std::iter::zip;

use super::dependents::{children, references};
use crate::{
    schema::{Catalogue, Resource, ResourceId},
    store::{Ordinal, Store, Values},
};

/// A change of a record: new values of some fields, given by their positions. The derived fields change with them.
pub(super) struct Change {
    pub(super) resource: ResourceId,
    pub(super) ordinal: Ordinal,
    pub(super) values: Vec<(usize, Option<String>)>,
}

/// True if other records may change with a record that had the values `before`.
pub(super) fn may_affect_others(
    catalogue: &Catalogue,
    resource: &Resource,
    before: &Values,
    after: &Values,
) -> bool {
    let dependents = catalogue.dependents(resource.id);
    let differs = |position: usize| before.get(position) != after.get(position);
    let mut references = dependents.references.iter();
    let mut children = catalogue.children(resource.id).iter();
    let mut sources = dependents.sources.iter();
    sources.any(|position| differs(*position))
        || references.any(|(id, position)| {
            let reference = &catalogue[*id].fields[*position].reference;
            reference
                .as_ref()
                .is_some_and(|reference| differs(reference.field))
        })
        || children.any(|child| {
            let mut fields = catalogue[*child].parent_fields.iter();
            fields.any(|position| differs(*position))
        })
}

/// Returns the changes of other records that follow from that of a record, which has the values `before` in the store.
pub(super) fn effects(
    store: &Store,
    resource: &Resource,
    before: &Values,
    after: &Values,
) -> Vec<Change> {
    let catalogue = store.catalogue();
    let mut changes = Vec::new();
    for referrer in references(store, resource, before) {
        let field = referrer.reference.field;
        if before.get(field) != after.get(field) {
            changes.push(Change {
                resource: referrer.resource,
                ordinal: referrer.ordinal,
                values: vec![(referrer.position, after.get(field).map(str::to_owned))],
            });
        }
    }
    for (id, ordinal) in children(store, resource, before) {
        let child = &catalogue[id];
        let fields = zip(&child.parameters, &child.parent_fields);
        let moved = fields.filter(|(_, field)| before.get(**field) != after.get(**field));
        let values: Vec<_> = moved
            .map(|(position, field)| (*position, after.get(*field).map(str::to_owned)))
            .collect();
        if !values.is_empty() {
            changes.push(Change {
                resource: id,
                ordinal,
                values,
            });
        }
    }
    let mut sources = catalogue.dependents(resource.id).sources.iter();
    if sources.any(|position| before.get(*position) != after.get(*position)) {
        changes.extend(derivations(store, resource, after));
    }
    changes
}

/// Returns the changes of the records with fields that are derived from the record with these values.
pub(super) fn derivations(store: &Store, resource: &Resource, values: &Values) -> Vec<Change> {
    let catalogue = store.catalogue();
    if catalogue.dependents(resource.id).sources.is_empty() {
        return Vec::new();
    }
    let references = references(store, resource, values).into_iter();
    let references = references.map(|referrer| (referrer.resource, referrer.ordinal));
    let dependents = references.chain(children(store, resource, values));
    let derived = dependents.filter(|(id, _)| catalogue[*id].has_derived_fields);
    derived
        .map(|(resource, ordinal)| Change {
            resource,
            ordinal,
            values: Vec::new(),
        })
        .collect()
}
