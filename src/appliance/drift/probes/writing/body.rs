//! The bodies of requests.

use quick_xml::escape::escape;
use serde_json::{Map, Value};

use super::values::Given;
use crate::schema::Resource;

/// Returns an object with some fields in XML.
pub(super) fn xml(resource: &Resource, given: &Given) -> String {
    within(&resource.element, &elements(resource, given))
}

/// Returns the fields as elements.
pub(super) fn elements(resource: &Resource, given: &Given) -> String {
    let fields = given.iter().map(|(position, value)| {
        let name = &resource.fields[*position].name;
        format!("<{name}>{}</{name}>", escape(value.as_str()))
    });
    fields.collect()
}

/// Returns an element with a content.
pub(super) fn within(element: &str, content: &str) -> String {
    format!("<{element}>{content}</{element}>")
}

/// Returns an object with some fields in JSON.
pub(super) fn json(resource: &Resource, given: &Given) -> String {
    let members = given.iter().map(|(position, value)| {
        let name = resource.fields[*position].name.to_string();
        (name, Value::String(value.clone()))
    });
    Value::Object(members.collect::<Map<_, _>>()).to_string()
}
