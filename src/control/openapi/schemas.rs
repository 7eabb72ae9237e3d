//! The schemas of the JSON in requests and responses.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

use crate::faults;

/// Generates the schemas of both directions.
pub(super) struct Schemas {
    pub(super) requests: SchemaGenerator,
    pub(super) responses: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            requests: settings().for_deserialize().into_generator(),
            responses: settings().for_serialize().into_generator(),
        }
    }

    /// Returns all definitions by name. JSON that occurs in both directions has the definition of the requests, because
    /// each response can be sent back.
    pub(super) fn into_definitions(mut self) -> Map<String, Value> {
        let mut definitions = self.responses.take_definitions(true);
        let requests = self.requests.take_definitions(true);
        faults::schema::add_definitions(&mut definitions, requests);
        definitions
    }
}

/// Removes the traces of Rust from a schema: objects have no other members, texts have no line breaks in paragraphs, and
/// numbers have no formats.
pub(super) fn normalize(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_object = members.get("type").is_some_and(|kind| kind == "object");
            if is_object && members.contains_key("properties") {
                members
                    .entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
            // The default of a member that a struct does not need.
            if members.get("default").is_some_and(Value::is_null) {
                members.remove("default");
            }
            if let Some(Value::String(text)) = members.get_mut("description") {
                let paragraphs = text.split("\n\n");
                let paragraphs = paragraphs.map(|paragraph| paragraph.replace('\n', " "));
                *text = paragraphs.collect::<Vec<_>>().join("\n\n");
            }
            let format = members.get("format").and_then(Value::as_str);
            if format.is_some_and(|format| format.starts_with("uint") || format == "double") {
                members.remove("format");
            }
            members.values_mut().for_each(normalize);
        }
        Value::Array(items) => items.iter_mut().for_each(normalize),
        _ => {}
    }
}
