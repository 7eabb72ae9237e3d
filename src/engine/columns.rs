//! The fields of a resource that a table of its objects shows.

use crate::schema::{Kind, Resource};

/// The maximum number of columns.
const MAX_COLUMNS: usize = 5;
/// The fields that users look for first.
const FIRST: [&str; 9] = [
    "DisplayName",
    "Alias",
    "Name",
    "FullName",
    "Value",
    "DtmfAccessId",
    "ServerType",
    "Server",
    "SmtpDomain",
];

/// Returns the positions of the fields that users look for first: names, then those that every object has, then others.
pub(crate) fn columns(resource: &Resource) -> impl Iterator<Item = usize> {
    let usual = FIRST.into_iter().filter_map(|name| resource.position(name));
    let shown = |position: &usize| {
        let field = &resource.fields[*position];
        let is_id = field.kind == Kind::Guid || field.kind == Kind::Binary;
        !is_id
            && field.access.is_shown()
            && field.kind != Kind::Link
            && field.name != "TenantObjectId".into()
    };
    let all = || (0..resource.fields.len()).filter(shown);
    let required = all().filter(|position| !resource.fields[*position].required.is_empty());
    let mut columns = Vec::with_capacity(MAX_COLUMNS);
    for position in usual.chain(required).chain(all()) {
        if columns.len() < MAX_COLUMNS && !columns.contains(&position) {
            columns.push(position);
        }
    }
    columns.into_iter()
}
