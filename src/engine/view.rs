//! What of a record is shown, whatever the format.

use std::borrow::Cow;

use crate::{
    schema::{Access, Kind, OBJECT_ID, Release, Resource},
    store::Values,
};

/// The elements of a record that an answer shows, in the order of the schema.
pub(crate) fn shown<'v>(
    resource: &'static Resource,
    release: Release,
    values: &'v Values,
) -> impl Iterator<Item = (&'static str, Cow<'v, str>)> {
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
    let value = |name: &str| values.get(resource.position(name)?);
    if !field.basis.holds(release, value) {
        return None;
    }
    let id = values.get(OBJECT_ID)?;
    Some(resource.object_path(id) + ending)
}
