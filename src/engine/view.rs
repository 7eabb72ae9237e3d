//! What of a record is shown, whatever the format.

use std::borrow::Cow;

use super::{Format, validate::holds};
use crate::{
    schema::{Access, Kind, OBJECT_ID, Release, Resource},
    store::{Record, Values},
};

/// The record with what it looks like on the wire.
pub(crate) fn rendered(resource: &'static Resource, release: Release, values: Values) -> Record {
    let fields = resource.fields.iter().enumerate();
    let members = fields.filter_map(|(position, field)| {
        Some((field.name, shown(resource, release, &values, position)?))
    });
    let rendered = Format::render(resource.element, members);
    let values = values.packed();
    Record { values, rendered }
}

/// The text of the element at `position`, if an answer shows it.
pub(crate) fn shown<'v>(
    resource: &'static Resource,
    release: Release,
    values: &'v Values,
    position: usize,
) -> Option<Cow<'v, str>> {
    let field = &resource.fields[position];
    if !field.is_in(release) {
        return None;
    }
    match (field.kind, field.access) {
        (Kind::Link(_), _) => link(resource, release, values, position).map(Cow::Owned),
        (_, Access::Secret) => values.get(position).map(|_| Cow::Borrowed("")),
        _ => values.get(position).map(Cow::Borrowed),
    }
}

/// The text of the element at `position` in a fixture, which hides nothing.
pub(super) fn stored<'v>(
    resource: &'static Resource,
    release: Release,
    values: &'v Values,
    position: usize,
) -> Option<Cow<'v, str>> {
    match resource.fields[position].access {
        Access::Secret => values.get(position).map(Cow::Borrowed),
        _ => shown(resource, release, values, position),
    }
}

/// The path that the link at `position` holds, if the record shows it.
pub(crate) fn link(
    resource: &'static Resource,
    release: Release,
    values: &Values,
    position: usize,
) -> Option<String> {
    let field = &resource.fields[position];
    let Kind::Link(ending) = field.kind else {
        return None;
    };
    if !holds(&field.basis, resource, release, values) {
        return None;
    }
    let id = values.get(OBJECT_ID)?;
    Some(resource.object_path(id) + ending)
}
