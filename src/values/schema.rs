//! Alternatives in the schemas of objects.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// Replaces the schema of an object by alternatives. Each of them lists the members that it requires and those that must
/// be absent.
pub(crate) fn set_alternatives(schema: &mut Schema, alternatives: &[(&[&str], &[&str])]) {
    let object = schema.as_object().cloned().unwrap_or_default();
    let schemas = alternatives
        .iter()
        .map(|(required, absent)| alternative(&object, required, absent));
    let schemas: Vec<_> = schemas.collect();
    *schema = any_of(&object, &schemas);
}

/// Returns the schema of an object with the description of `object` and these alternatives.
pub(crate) fn any_of(object: &Map<String, Value>, alternatives: &[Value]) -> Schema {
    let mut schema = Map::new();
    if let Some(description) = object.get("description") {
        schema.insert("description".to_owned(), description.clone());
    }
    schema.insert("anyOf".to_owned(), alternatives.into());
    schema.into()
}

/// Returns the schema of an object in which some members are required and others are absent.
pub(crate) fn alternative(
    object: &Map<String, Value>,
    required: &[&str],
    absent: &[&str],
) -> Value {
    let mut alternative = Value::Object(object.clone());
    let members = alternative.as_object_mut().expect("an object");
    members.remove("description");
    let names = members.entry("required").or_insert_with(|| json!([]));
    let names = names.as_array_mut().expect("a list");
    for name in required {
        if !names.iter().any(|other| other == name) {
            names.push((*name).into());
        }
    }
    let properties = &mut alternative["properties"];
    for name in required {
        properties[name] = without_null(&properties[name]);
    }
    for name in absent {
        properties[name] = json!({ "type": "null" });
    }
    alternative
}

/// Returns the schema of a member that must not be `null`.
pub(crate) fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema["type"].as_array_mut() {
        kinds.retain(|kind| kind != "null");
        if let [kind] = &kinds[..] {
            schema["type"] = kind.clone();
        }
    }
    if let Some(alternatives) = schema["anyOf"].as_array_mut() {
        alternatives.retain(|alternative| alternative["type"] != "null");
        if let [alternative] = &alternatives[..] {
            let mut only = alternative.clone();
            if !schema["description"].is_null() {
                only["description"] = schema["description"].clone();
            }
            return only;
        }
    }
    let members = schema.as_object_mut().expect("an object");
    members.retain(|_, value| !value.is_null());
    schema
}
