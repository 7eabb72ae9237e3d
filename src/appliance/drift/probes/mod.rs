//! The requests that show whether both servers behave alike.

mod captured_objects;
mod facts;
mod reading;
mod writing;

pub(crate) use captured_objects::CapturedObjects;
pub(crate) use reading::ReadProbes;
pub(crate) use writing::{Plan, SENT_SECRET, WriteProbes, WriteSettings};

use crate::schema::{Kind, Resource};

/// The id of no object.
const NOBODY: &str = "0badc0de-0bad-4bad-8bad-0badc0de0bad";

/// Returns the key of no object of a resource.
fn missing_key(resource: &Resource) -> Option<&'static str> {
    let key = &resource.fields[resource.key?];
    Some(match key.kind {
        Kind::Integer => "77777777",
        Kind::Guid => NOBODY,
        _ => "cuc-mock-drift-nobody",
    })
}

/// True if a resource or one above it is among the kinds, which are all if there are none.
fn is_selected(resource: &Resource, kinds: &[String]) -> bool {
    let path = resource.path.as_str();
    let mut selected = kinds
        .iter()
        .filter_map(|kind| path.strip_prefix(kind.as_str()));
    kinds.is_empty() || selected.any(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Encodes a value of a query string.
fn query_string(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
