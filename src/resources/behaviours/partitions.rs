//! Partitions.

use crate::{
    schema::Resource,
    store::{Store, Values},
};

/// Describes a new partition by its name, unless it has a description. That of a tenant has none.
pub(super) fn complete(
    _: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let value = |name| values.get(resource.position(name)?);
    let is_described = before.is_some()
        || value("Description").is_some_and(|description| !description.is_empty())
        || value("TenantObjectId").is_some();
    match (resource.position("Description"), value("Name")) {
        (Some(position), Some(name)) if !is_described => values.with(position, Some(name)),
        _ => values,
    }
}
