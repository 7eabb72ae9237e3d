//! The paths and bodies of requests.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use crate::{
    model::{draws::Draws, generator, rows::Row, server::JSON},
    schema::Resource,
};

pub(super) fn collection_path(resource: &Resource, row: &Row) -> String {
    let mut path = String::new();
    let values = resource.parameters.iter();
    resource
        .path
        .fill(&mut path, values.map(|at| row.get(at).map(String::as_str)));
    path
}

/// Returns the values in the path of a record, some of them in another letter case.
pub(super) fn with_cases(resource: &Resource, row: &Row, draws: &mut Draws) -> Row {
    let values = resource.identity();
    let values = values.filter_map(|at| Some((at, generator::with_case(row.get(&at)?, draws))));
    values.collect()
}

/// Returns the path of a record as a client may write it.
pub(super) fn asked_path(resource: &Resource, row: &Row, draws: &mut Draws) -> String {
    object_path(resource, &with_cases(resource, row, draws))
}

pub(super) fn object_path(resource: &Resource, row: &Row) -> String {
    resource.record_path("", |position| row.get(&position).map(String::as_str))
}

pub(super) fn body(resource: &Resource, given: &[(usize, String)], media_type: &str) -> String {
    let fields = given
        .iter()
        .map(|(position, value)| (&*resource.fields[*position].name, value));
    if media_type == JSON {
        let members: BTreeMap<_, _> = fields.collect();
        return serde_json::to_string(&members).expect("JSON");
    }
    let elements: String = fields
        .map(|(name, value)| format!("<{name}>{}</{name}>", escape(value)))
        .collect();
    format!("<{0}>{elements}</{0}>", resource.element)
}

/// Returns the beginning of a body.
pub(super) fn shown(body: &str) -> &str {
    let end = body
        .char_indices()
        .nth(300)
        .map_or(body.len(), |(at, _)| at);
    &body[..end]
}
