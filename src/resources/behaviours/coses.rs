//! Classes of service.

use super::values::RecordValues;
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

/// The restriction tables of a new class of service that names no other ones.
const TABLES: [(&str, &str); 3] = [
    ("FaxRestrictionObjectId", "Default Fax"),
    ("OutcallRestrictionObjectId", "Default Outdial"),
    ("XferRestrictionObjectId", "Default Transfer"),
];

/// Gives a new class of service the restriction tables of the system.
pub(super) fn values(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut cos = RecordValues { resource, values };
    for (field, name) in TABLES {
        if before.is_none() && cos.get(field).is_none() {
            let table = find(store, "restrictiontables", &[("DisplayName", name)]).pop();
            cos.set(field, table.as_ref().map(NamedRecord::id));
        }
    }
    cos.values
}
