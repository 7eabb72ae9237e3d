//! The records that depend on another record: by a reference, or because their paths are below its path.

use crate::{
    schema::{Resource, ResourceId},
    store::{Identity, Ordinal, Record, Store, is_blank},
};

/// Returns the records that refer to `record`, and those at paths below it.
pub(super) fn dependents(
    store: &Store,
    resource: &Resource,
    record: &Record,
) -> Vec<(ResourceId, Ordinal)> {
    let references = references(store, resource, record).into_iter();
    let mut found: Vec<_> = references.map(|(id, ordinal, _)| (id, ordinal)).collect();
    found.extend(children(store, resource, record));
    found
}

/// Returns the records that refer to `record`, with the position of the reference.
pub(super) fn references(
    store: &Store,
    resource: &Resource,
    record: &Record,
) -> Vec<(ResourceId, Ordinal, usize)> {
    let catalogue = store.catalogue();
    let mut found = Vec::new();
    for (id, position) in &catalogue.dependents(resource.id).references {
        let Some(reference) = &catalogue[*id].fields[*position].reference else {
            continue;
        };
        let value = record.values.get(reference.field);
        if let Some(value) = value.filter(|value| !is_blank(value)) {
            let holders = store.collection(*id).holders(*position, value);
            found.extend(holders.map(|(ordinal, _)| (*id, ordinal, *position)));
        }
    }
    found
}

/// Returns the records at paths below that of `record`.
pub(super) fn children(
    store: &Store,
    resource: &Resource,
    record: &Record,
) -> Vec<(ResourceId, Ordinal)> {
    let catalogue = store.catalogue();
    let mut found = Vec::new();
    for id in catalogue.children(resource.id) {
        let collection = Identity::below(&record.values, &catalogue[*id]);
        let children = store.collection(*id).below(&collection).into_iter();
        found.extend(children.map(|(ordinal, _)| (*id, ordinal)));
    }
    found
}
