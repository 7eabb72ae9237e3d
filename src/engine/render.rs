//! The parts of a record that a response shows, whatever the format.

use std::borrow::Cow;

use bytes::Bytes;

use super::Format;
use crate::{
    schema::{Access, Kind, ResolvedField, ResolvedResource},
    store::{FORMATS, Record, Values},
};

/// Returns the record's rendered bytes, one per format. Rendered on first use, normally by the write that created the
/// record.
pub(crate) fn rendered(record: &Record) -> &[Bytes; FORMATS] {
    record.rendered.get_or_init(|| {
        let Record {
            resolved, values, ..
        } = record;
        let elements = resolved.fields.iter().filter_map(|field| {
            let text = shown(resolved, field, values)?;
            Some((field.definition.name, field.definition.kind, text))
        });
        Format::render(resolved.resource.element, elements)
    })
}

impl Format {
    /// Returns the document with one record.
    pub(crate) fn object(self, record: &Record) -> Bytes {
        rendered(record)[self as usize].clone()
    }
}

/// Renders the record now.
pub(crate) fn render(record: &Record) {
    rendered(record);
}

/// Returns the text that a response shows for a field, if any.
pub(crate) fn shown<'v>(
    resolved: &ResolvedResource,
    field: &ResolvedField,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match (field.definition.kind, field.definition.access) {
        (Kind::Link(_), _) => link(resolved, field, values).map(Cow::Owned),
        (_, Access::Secret) => values.get(field.position).map(|_| Cow::Borrowed("")),
        _ => values.get(field.position).map(Cow::Borrowed),
    }
}

/// Returns the text of a field in a fixture, which includes secrets.
pub(super) fn stored<'v>(
    resolved: &ResolvedResource,
    field: &ResolvedField,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match field.definition.access {
        Access::Secret => values.get(field.position).map(Cow::Borrowed),
        _ => shown(resolved, field, values),
    }
}

/// Returns the path of a link, if the record shows it.
pub(crate) fn link(
    resolved: &ResolvedResource,
    field: &ResolvedField,
    values: &Values,
) -> Option<String> {
    let Kind::Link(ending) = field.definition.kind else {
        return None;
    };
    if !field.shown.applies(|position| values.get(position)) {
        return None;
    }
    let id = values.get(resolved.resource.key)?;
    Some(resolved.resource.object_path(id) + ending)
}
