//! The parts of a record that a response shows, whatever the format.

use std::borrow::Cow;

use super::Format;
use crate::{
    schema::{Access, Computation, Field, Kind, Resource, path},
    store::{Record, Values},
};

/// Returns a record of `resource` as a text in a format, without that which begins a document. Rendered on first use. The
/// write that creates the record renders XML, which most clients use.
pub(crate) fn rendered<'r>(resource: &Resource, record: &'r Record, format: Format) -> &'r str {
    record.rendered[format as usize].get_or_init(|| {
        let positions = 0..resource.fields.len();
        let element = &resource.element;
        render(resource, element, positions, &record.values, format)
    })
}

/// Returns the document with a record.
pub(crate) fn document(resource: &Resource, record: &Record, format: Format) -> String {
    format.document_of(rendered(resource, record, format))
}

/// Renders the fields at some positions as an object.
pub(super) fn render(
    resource: &Resource,
    element: &str,
    positions: impl Iterator<Item = usize>,
    values: &Values,
    format: Format,
) -> Box<str> {
    let elements = positions.filter_map(|position| {
        let field = &resource.fields[position];
        let text = shown(resource, position, values)?;
        Some((&*field.name, &field.kind, text))
    });
    format.render(element, elements)
}

/// Returns the text that a response shows for the field at a position, if any.
pub(crate) fn shown<'v>(
    resource: &Resource,
    position: usize,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    let field = &resource.fields[position];
    match (&field.kind, field.access) {
        (Kind::Link, _) => link(resource, field, values).map(Cow::Owned),
        (_, Access::WriteOnly | Access::Internal) => None,
        (_, Access::Secret) => values.get(position).map(|_| Cow::Borrowed("")),
        _ => values.get(position).map(Cow::Borrowed),
    }
}

/// Returns the text of the field at a position in a fixture, which includes secrets.
pub(crate) fn stored<'v>(
    resource: &Resource,
    position: usize,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match resource.fields[position].access {
        Access::Secret | Access::WriteOnly | Access::Internal => {
            values.get(position).map(Cow::Borrowed)
        }
        _ => shown(resource, position, values),
    }
}

/// Returns the path of a link, if the record shows it.
pub(crate) fn link(resource: &Resource, field: &Field, values: &Values) -> Option<String> {
    if let Some(condition) = &field.shown
        && !condition.holds(|position| values.get(position))
    {
        return None;
    }
    match field.computation.as_deref()? {
        Computation::OwnPath { ending, with } => {
            if let Some(position) = with {
                values.get(*position).filter(|value| !value.is_empty())?;
            }
            if let Some(key) = resource.key {
                values.get(key)?;
            }
            Some(resource.record_path(ending, |position| values.get(position)))
        }
        Computation::Query(beginning) => {
            let key = resource.key.and_then(|key| values.get(key))?;
            Some([&**beginning, &*path::encoded(key), ")"].concat())
        }
        Computation::PathThrough {
            through,
            collection,
            ending,
        } => {
            let key = values.get(*through).filter(|key| !key.is_empty())?;
            Some([&**collection, &*path::encoded(key), ending].concat())
        }
        Computation::Derived { .. } => None,
    }
}
