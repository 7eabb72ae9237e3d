//! The records that depend on another record: by a reference, or because their paths are below its path.

use crate::{
    schema::{Reference, Resource, ResourceId},
    store::{Identity, Ordinal, Store, Values, is_blank},
};

/// A field of a record that refers to another record.
pub(super) struct Referrer<'c> {
    pub(super) resource: ResourceId,
    pub(super) ordinal: Ordinal,
    /// The position of the field.
    pub(super) position: usize,
    pub(super) reference: &'c Reference,
}

/// Returns the fields that refer to the record with these values. A blank value refers to nothing.
pub(super) fn references<'s>(
    store: &'s Store,
    resource: &Resource,
    values: &Values,
) -> Vec<Referrer<'s>> {
    let catalogue = store.catalogue();
    let mut found = Vec::new();
    for (id, position) in &catalogue.dependents(resource.id).references {
        if store.collection(*id).len() == 0 {
            continue;
        }
        let Some(reference) = &catalogue[*id].fields[*position].reference else {
            continue;
        };
        let value = values.get(reference.field);
        if let Some(value) = value.filter(|value| !is_blank(value)) {
            let holders = store.collection(*id).holders(*position, value);
            found.extend(holders.map(|(ordinal, _)| Referrer {
                resource: *id,
                ordinal,
                position: *position,
                reference,
            }));
        }
    }
    found
}

/// Returns the records at paths below that of the record with these values.
pub(super) fn children(
    store: &Store,
    resource: &Resource,
    values: &Values,
) -> Vec<(ResourceId, Ordinal)> {
    let catalogue = store.catalogue();
    let mut found = Vec::new();
    for id in catalogue.children(resource.id) {
        if store.collection(*id).len() == 0 {
            continue;
        }
        let collection = Identity::below(values, &catalogue[*id]);
        let children = store.collection(*id).below(&collection).into_iter();
        found.extend(children.map(|(ordinal, _)| (*id, ordinal)));
    }
    found
}
