//! Queries and sorted lists.

use super::super::{facts, query_string};
use crate::{
    appliance::{
        client::Request,
        drift::exchange::Step,
        facts::{FactKey, protocol},
        object::Object,
    },
    schema::{ErrorRule, Kind, Resource, Verb},
};

/// The columns that a query uses first.
const USUAL: [&str; 3] = ["DisplayName", "Alias", "Name"];

/// Returns the requests for a collection with these objects.
pub(super) fn steps(
    resource: &Resource,
    collection: &str,
    objects: &[(String, &Object)],
) -> Vec<Step> {
    let get = |parameter: &str, value: &str, line: &'static str| {
        let value = query_string(value);
        let request = Request::get(format!("{collection}?{parameter}={value}"));
        let step = Step::new(request, Some(resource.path.as_str()), "");
        step.fact(FactKey::Protocol(line))
    };
    let refused = |value: &str| {
        let step = get("query", value, protocol::MALFORMED_QUERY);
        step.rejection(facts::error(ErrorRule::Query, Verb::List))
    };
    let mut steps = vec![refused("(NoSuchColumn is x)"), refused("(is)")];
    let found = objects
        .iter()
        .find_map(|(_, object)| column(resource, object));
    let Some((column, value)) = found else {
        return steps;
    };
    let escaped = value.replace('&', "\\&");
    let beginning: String = value.chars().take(3).collect();
    let beginning = beginning.trim().replace('&', "\\&");
    steps.extend([
        get(
            "query",
            &format!("({column} is {escaped})"),
            protocol::QUERY,
        ),
        get(
            "query",
            &format!("({column} startswith {beginning})"),
            protocol::QUERY,
        ),
        get(
            "query",
            &format!("({column} is cuc-mock-drift)"),
            protocol::QUERY_WITHOUT_MATCHES,
        ),
        get("sort", &format!("({column} asc)"), protocol::SORT),
        get("sort", &format!("({column} desc)"), protocol::SORT),
    ]);
    steps
}

/// Returns a text field of a list, and the value of an object.
fn column<'o>(resource: &'o Resource, object: &'o Object) -> Option<(&'o str, &'o str)> {
    let is_listed = |position: usize| {
        let fields = resource.list_fields.as_ref();
        fields.is_none_or(|fields| fields.contains(&position))
    };
    let usual = USUAL.iter().filter_map(|name| resource.position(name));
    let mut positions = usual.chain(0..resource.fields.len());
    positions.find_map(|position| {
        let field = &resource.fields[position];
        let value = object.get(&field.name)?.trim();
        let is_text = field.kind == Kind::Text && field.access.is_shown() && is_listed(position);
        (is_text && !value.is_empty()).then_some((&*field.name, value))
    })
}
