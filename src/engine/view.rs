//! What of a record is shown, whatever the format.

use std::borrow::Cow;

use super::{Format, validate::holds};
use crate::{
    schema::{Access, Kind, OBJECT_ID, Release, Resource},
    store::{Record, Values},
};

/// The record with what it looks like on the wire.
pub(crate) fn rendered(resource: &'static Resource, release: Release, values: Values) -> Record {
    let rendered = Format::render(resource.element, shown(resource, release, &values));
    Record { values, rendered }
}

/// The elements of a record that an answer shows, in the order of the schema.
fn shown<'v>(
    resource: &'static Resource,
    release: Release,
    values: &'v Values,
) -> impl Iterator<Item = (&'static str, Cow<'v, str>)> + Clone {
    let fields = resource.fields.iter().enumerate();
    fields.filter_map(move |(position, field)| {
        if !field.is_in(release) {
            return None;
        }
        let text = match (field.kind, field.access) {
            (Kind::Link(_), _) => Cow::Owned(link(resource, release, values, position)?),
            (_, Access::Secret) => values.get(position).map(|_| Cow::Borrowed(""))?,
            _ => Cow::Borrowed(values.get(position)?),
        };
        Some((field.name, text))
    })
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
