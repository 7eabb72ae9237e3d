//! What of a record is shown, whatever the format.

use std::borrow::Cow;

use bytes::Bytes;

use super::Format;
use crate::{
    schema::{Access, Kind, OBJECT_ID, ResolvedField, ResolvedResource},
    store::{FORMATS, Record, Values},
};

/// What the record looks like on the wire, in each format. Whoever asks first makes it, which is who writes the
/// record unless somebody reads it that very moment.
pub(crate) fn rendered(record: &Record) -> &[Bytes; FORMATS] {
    record.rendered.get_or_init(|| {
        let Record {
            edition, values, ..
        } = record;
        let members = edition.fields.iter().filter_map(|present| {
            let text = shown(edition, present, values)?;
            Some((present.field.name, present.field.kind, text))
        });
        Format::render(edition.resource.element, members)
    })
}

/// Makes what the record looks like on the wire.
pub(crate) fn render(record: &Record) {
    rendered(record);
}

/// The text of the element of a field, if an answer shows it.
pub(crate) fn shown<'v>(
    edition: &ResolvedResource,
    present: &ResolvedField,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match (present.field.kind, present.field.access) {
        (Kind::Link(_), _) => link(edition, present, values).map(Cow::Owned),
        (_, Access::Secret) => values.get(present.position).map(|_| Cow::Borrowed("")),
        _ => values.get(present.position).map(Cow::Borrowed),
    }
}

/// The text of the element of a field in a fixture, which hides nothing.
pub(super) fn stored<'v>(
    edition: &ResolvedResource,
    present: &ResolvedField,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match present.field.access {
        Access::Secret => values.get(present.position).map(Cow::Borrowed),
        _ => shown(edition, present, values),
    }
}

/// The path that a link holds, if the record shows it.
pub(crate) fn link(
    edition: &ResolvedResource,
    present: &ResolvedField,
    values: &Values,
) -> Option<String> {
    let Kind::Link(ending) = present.field.kind else {
        return None;
    };
    if !present.shown.holds(|position| values.get(position)) {
        return None;
    }
    let id = values.get(OBJECT_ID)?;
    Some(edition.resource.object_path(id) + ending)
}
