//! The contents of documents in JSON.

use super::{Content, ErrorContent, Fields, List, NULL_LIST, OBJECTS, Property, json_value::Json};

const TOTAL: &str = "@total";
const ERRORS: &str = "errors";

/// Returns the content of a document, and adds its properties.
pub(super) fn content(root: &Json, shape: &mut Vec<Property>) -> Content {
    if let Some(errors) = root.member(ERRORS) {
        shape.push(property(ERRORS, form(errors)));
        return Content::Error(error(errors));
    }
    match (root, root.member(TOTAL)) {
        (Json::Null, _) => {
            shape.push(property(NULL_LIST, "null"));
            Content::List(List {
                total: None,
                element: None,
                objects: Vec::new(),
            })
        }
        (Json::Object(members), Some(total)) => Content::List(list(members, total, shape)),
        _ => Content::Object(fields(root)),
    }
}

/// Returns the error in the value of `errors`: an object, or an array, of which the first counts.
fn error(errors: &Json) -> ErrorContent {
    let first = match errors {
        Json::Array(errors) => errors.first(),
        errors => Some(errors),
    };
    let text = |name| first?.member(name)?.text();
    ErrorContent {
        code: text("code"),
        message: text("message"),
    }
}

fn list(members: &[(String, Json)], total: &Json, shape: &mut Vec<Property>) -> List {
    let is_first = members.first().is_some_and(|(name, _)| name == TOTAL);
    let place = match is_first {
        true => "the first member",
        false => "behind other members",
    };
    shape.push(property(TOTAL, place));
    let mut others = members.iter();
    let objects = others.find(|(name, _)| !name.starts_with('@'));
    let description = objects.map_or("absent", |(_, objects)| form(objects));
    shape.push(property(OBJECTS, description));
    List {
        total: total.text(),
        element: objects.map(|(name, _)| name.clone()),
        objects: match objects {
            None | Some((_, Json::Null)) => Vec::new(),
            Some((_, Json::Array(objects))) => objects.iter().map(fields).collect(),
            Some((_, object)) => vec![fields(object)],
        },
    }
}

/// Describes the form of a value that may be one object or several.
fn form(value: &Json) -> &'static str {
    match value {
        Json::Array(values) => match values.len() {
            0 => "an empty array",
            1 => "an array of one object",
            _ => "an array",
        },
        Json::Object(_) => "an object that is not in an array",
        Json::Null => "null",
        _ => "a text or a number",
    }
}

/// Describes the values that are not texts, by the names of their members.
pub(super) fn values(root: &Json) -> Option<Property> {
    let mut found: [(&str, Vec<&str>); 3] =
        ["numbers", "booleans", "null"].map(|kind| (kind, Vec::new()));
    add_values(&mut found, "", root);
    let [numbers, booleans, nulls] = &found;
    let found = [numbers, booleans, nulls].into_iter();
    let found = found.filter(|(_, names)| !names.is_empty());
    let others: Vec<_> = found
        .map(|(kind, names)| format!("{kind} in {}", names.join(", ")))
        .collect();
    // An empty document shows nothing about values.
    let description = match others.is_empty() {
        true => "texts".to_owned(),
        false => others.join("; "),
    };
    matches!(root, Json::Object(members) if !members.is_empty())
        .then(|| property("values", description))
}

fn add_values<'j>(found: &mut [(&str, Vec<&'j str>); 3], name: &'j str, value: &'j Json) {
    let kind = match value {
        Json::Number(_) => 0,
        Json::Boolean(_) => 1,
        Json::Null => 2,
        Json::Text(_) => return,
        Json::Array(values) => {
            return values
                .iter()
                .for_each(|value| add_values(found, name, value));
        }
        Json::Object(members) => {
            return members
                .iter()
                .for_each(|(name, value)| add_values(found, name, value));
        }
    };
    let (_, names) = &mut found[kind];
    if !names.contains(&name) {
        names.push(name);
    }
}

fn fields(object: &Json) -> Fields {
    let mut fields = Fields::new();
    add_fields(&mut fields, "", object);
    fields
}

/// Adds a value under its name, or its members.
fn add_fields(fields: &mut Fields, name: &str, value: &Json) {
    match value {
        Json::Object(members) => {
            for (member, value) in members {
                let name = match name {
                    "" => member.clone(),
                    name => format!("{name}/{member}"),
                };
                add_fields(fields, &name, value);
            }
        }
        Json::Array(values) => values
            .iter()
            .for_each(|value| add_fields(fields, name, value)),
        value => fields.push((name.to_owned(), value.text().unwrap_or_default())),
    }
}

fn property(place: &'static str, description: impl Into<String>) -> Property {
    Property {
        place,
        description: description.into(),
    }
}
