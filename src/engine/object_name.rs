//! The names of objects, for people.

use crate::{
    schema::{Kind, Resource},
    store::Values,
};

/// The fields that name an object, of which the first with a value is used.
const NAMES: [&str; 5] = ["DisplayName", "Alias", "Name", "FullName", "Subject"];

/// Returns the name of an object: the value of a field such as `DisplayName`, or else of the first text whose name ends
/// with `Name`.
pub(crate) fn object_name<'v>(resource: &Resource, values: &'v Values) -> Option<&'v str> {
    let usual = NAMES.into_iter().filter_map(|name| resource.position(name));
    let fields = resource.fields.iter().enumerate();
    let others = fields
        .filter(|(_, field)| field.kind == Kind::Text && field.name.ends_with("Name"))
        .map(|(position, _)| position);
    let is_shown = |position: &usize| resource.fields[*position].access.is_shown();
    let mut positions = usual.chain(others).filter(is_shown);
    positions.find_map(|position| values.get(position).filter(|name| !name.is_empty()))
}
