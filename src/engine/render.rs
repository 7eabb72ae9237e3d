//! The parts of a record that a response shows, whatever the format.

use std::borrow::Cow;

use bytes::Bytes;

use super::Format;
use crate::{
    schema::{Access, Field, Kind, Resource},
    store::{FORMATS, Record, Values},
};

/// Returns the rendered bytes of a record of `resource`, one per format. Rendered on first use, normally by the write
/// that created the record.
pub(crate) fn rendered<'r>(resource: &Resource, record: &'r Record) -> &'r [Bytes; FORMATS] {
    record.rendered.get_or_init(|| {
        let fields = resource.fields.iter().enumerate();
        let elements = fields.filter_map(|(position, field)| {
            let text = shown(resource, position, &record.values)?;
            Some((&*field.name, &field.kind, text))
        });
        Format::render(&resource.element, elements)
    })
}

/// Returns the text that a response shows for the field at a position, if any.
pub(crate) fn shown<'v>(
    resource: &Resource,
    position: usize,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    let field = &resource.fields[position];
    match (&field.kind, field.access) {
        (Kind::Link(_), _) => link(resource, field, values).map(Cow::Owned),
        (_, Access::Secret) => values.get(position).map(|_| Cow::Borrowed("")),
        _ => values.get(position).map(Cow::Borrowed),
    }
}

/// Returns the text of the field at a position in a fixture, which includes secrets.
pub(super) fn stored<'v>(
    resource: &Resource,
    position: usize,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match resource.fields[position].access {
        Access::Secret => values.get(position).map(Cow::Borrowed),
        _ => shown(resource, position, values),
    }
}

/// Returns the path of a link, if the record shows it.
pub(crate) fn link(resource: &Resource, field: &Field, values: &Values) -> Option<String> {
    let Kind::Link(ending) = &field.kind else {
        return None;
    };
    if let Some(condition) = &field.shown
        && !condition.holds(|position| values.get(position))
    {
        return None;
    }
    let id = values.get(resource.key)?;
    Some(resource.object_path(id) + ending)
}
