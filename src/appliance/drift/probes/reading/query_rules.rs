//! The rules of queries and parameters, which are the same for all lists: one list shows them.

use super::super::query_string;
use crate::{
    appliance::{
        client::Request,
        drift::exchange::Step,
        facts::{FactKey, protocol},
        object::Object,
    },
    schema::{Kind, Release, Resource},
};

/// The number of clauses that a query may have.
const CLAUSES: usize = 5;

/// Returns the requests for a list, if an object of it has a text of letters and the list has a boolean.
pub(super) fn steps(
    resource: &Resource,
    collection: &str,
    objects: &[(String, &Object)],
) -> Option<Vec<Step>> {
    let (text, value) = objects.iter().find_map(|(_, object)| {
        let value = |name: &str| object.get(name).filter(|value| is_word(value));
        field(resource, Kind::Text, value)
    })?;
    let (switch, is_on) = objects
        .iter()
        .find_map(|(_, object)| field(resource, Kind::Boolean, |name| object.get(name)))?;
    let (number, _) = objects
        .iter()
        .find_map(|(_, object)| field(resource, Kind::Integer, |name| object.get(name)))?;
    let get = |query: String, line: &'static str| {
        let request = Request::get(format!("{collection}?{query}"));
        let step = Step::new(request, Some(resource.path.as_str()), "");
        step.fact(FactKey::Protocol(line))
    };
    let find = |query: &str, line| get(format!("query={}", query_string(query)), line);
    let clause = format!("({text} is {value})");
    let clauses = |count: usize| vec![clause.as_str(); count].join("&");
    let swapped = swap_case(value);
    let bit = u8::from(is_on == "true");
    let null = match resource.release < Release::V11_5 {
        true => protocol::QUERY_NULL_BEFORE,
        false => protocol::QUERY_NULL,
    };
    Some(vec![
        find(&format!("({text} isnull)"), null),
        find(&format!("({text} isnotnull)"), null),
        find(&clauses(CLAUSES), protocol::QUERY_CLAUSES),
        find(&clauses(CLAUSES + 1), protocol::SIXTH_CLAUSE),
        find(
            &clauses(2).replace('&', " & "),
            protocol::SPACES_BETWEEN_CLAUSES,
        ),
        find(&format!("({text} is {swapped})"), protocol::TEXT_CASE),
        find(&format!("({text} is {value}\\)"), protocol::QUERY_BACKSLASH),
        find(&format!("({switch} is {bit})"), protocol::BOOLEAN_QUERY),
        find(&format!("({text} is {value}"), protocol::LAST_PARENTHESIS),
        find(
            &format!("({text} is ({value}))"),
            protocol::PARENTHESES_IN_VALUES,
        ),
        get(format!("sort=({number}%20asc)"), protocol::SORT_ORDER),
        get(
            format!("sort=({text}%20desc)"),
            protocol::SORT_WITHOUT_QUERY,
        ),
        get(
            "sort=(NoSuchColumn%20asc)".to_owned(),
            protocol::MALFORMED_QUERY_STATUS,
        ),
        get(
            "rowsPerPage=1&rowsPerPage=2".to_owned(),
            protocol::REPEATED_PARAMETER,
        ),
        get(
            "cucmockdrift=1&rowsPerPage=1".to_owned(),
            protocol::UNKNOWN_PARAMETERS,
        ),
        paths(resource, collection),
    ])
}

/// Returns the request for a list whose path has an empty segment and a parameter.
fn paths(resource: &Resource, collection: &str) -> Step {
    let path = collection.replacen("/vmrest/", "/vmrest//", 1);
    let request = Request::get(format!("{path};cucmockdrift=1?rowsPerPage=1"));
    let step = Step::new(request, Some(resource.path.as_str()), "");
    step.fact(FactKey::Protocol(protocol::EMPTY_SEGMENTS))
}

/// Returns a field of a kind in a list, and its value of an object.
fn field<'o>(
    resource: &'o Resource,
    kind: Kind,
    value: impl Fn(&str) -> Option<&'o str>,
) -> Option<(&'o str, &'o str)> {
    let fields = resource.fields.iter().enumerate();
    let mut listed = fields.filter(|(position, field)| {
        let list = resource.list_fields.as_ref();
        let is_listed = list.is_none_or(|list| list.contains(position));
        field.kind == kind && field.access.is_shown() && field.choices.is_empty() && is_listed
    });
    listed.find_map(|(_, field)| Some((&*field.name, value(&field.name)?)))
}

/// True if a value consists of letters, so that its case can be swapped.
fn is_word(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn swap_case(value: &str) -> String {
    let swapped = value
        .chars()
        .map(|letter| match letter.is_ascii_uppercase() {
            true => letter.to_ascii_lowercase(),
            false => letter.to_ascii_uppercase(),
        });
    swapped.collect()
}
