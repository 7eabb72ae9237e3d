//! The records that depend on another record: by a reference, or because their paths are below its path.

use std::iter::zip;

use crate::{
    schema::{Resource, ResourceId},
    store::{Ordinal, Record, Store},
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
        if let Some(value) = record.values.get(reference.field) {
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
        let parents = path_values(resource, record, &catalogue[*id]);
        let children = store.collection(*id).below(&parents);
        found.extend(children.map(|(ordinal, _)| (*id, ordinal)));
    }
    found
}

/// Returns the values in the path of the records of `child` below `record`, with the positions of their fields.
pub(super) fn path_values<'r>(
    resource: &Resource,
    record: &'r Record,
    child: &Resource,
) -> Vec<(usize, &'r str)> {
    let values = resource
        .identity()
        .map(|position| record.values.get(position).unwrap_or_default());
    zip(child.parameters.iter().copied(), values).collect()
}
