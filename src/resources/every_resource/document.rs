//! The documents in responses, and the schemas that the server has for them.

use std::sync::Arc;

use quick_xml::escape::unescape;

use crate::engine::inference::XmlSchema;

/// The names and texts of the elements of an object, in their order.
pub(super) type Elements = Vec<(String, String)>;

/// A field as a schema declares it.
pub(super) struct DocumentField {
    name: String,
    /// The built-in type.
    base: String,
    choices: Vec<String>,
    max_length: usize,
    min: i64,
    max: i64,
}

/// Returns the name of the root element of an XML document.
pub(super) fn root(document: &str) -> &str {
    root_of(document).0
}

/// Returns the elements of the object in an XML document.
pub(super) fn object(document: &str) -> Elements {
    let elements = elements(root_of(document).1).into_iter();
    let elements = elements.map(|(name, text)| {
        let text = unescape(text).expect("an escaped text");
        (name.to_owned(), text.into_owned())
    });
    elements.collect()
}

/// Returns the elements of each object of the list in an XML document.
pub(super) fn list(document: &str) -> Vec<Elements> {
    let objects = elements(root_of(document).1).into_iter();
    let objects = objects.map(|(name, content)| object(&format!("<{name}>{content}</{name}>")));
    objects.collect()
}

/// Returns the members of the object in a JSON document, as they are in XML.
pub(super) fn json_object(document: &str) -> Elements {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(document).expect("an object in JSON");
    let members = object.into_iter();
    let members = members.map(|(name, value)| {
        let text = value.as_str().expect("each value is a string");
        (name, text.to_owned())
    });
    members.collect()
}

/// Returns the text of an element.
pub(super) fn get<'e>(elements: &'e Elements, name: &str) -> Option<&'e str> {
    let mut elements = elements.iter();
    let (_, text) = elements.find(|(known, _)| known == name)?;
    Some(text)
}

/// Returns the fields of an element in a schema document.
pub(super) fn schema(element: &str, document: &[u8]) -> Arc<[DocumentField]> {
    let schema = XmlSchema::read(element, document).expect("a schema");
    let fields = schema.fields(element).expect("the element").into_iter();
    let fields = fields.map(|field| DocumentField {
        name: field.name.to_owned(),
        base: field.base.to_owned(),
        choices: field.choices.into_iter().map(str::to_owned).collect(),
        max_length: field.max_length.map_or(usize::MAX, parse),
        min: field.min.map_or(i64::MIN, parse),
        max: field.max.map_or(i64::MAX, parse),
    });
    fields.collect()
}

/// Returns the reason why the elements of an object do not conform to a schema.
pub(super) fn mistake(schema: &[DocumentField], elements: &Elements) -> Option<String> {
    let mut fields = schema.iter();
    elements.iter().find_map(|(name, text)| {
        let Some(field) = fields.find(|field| field.name == *name) else {
            return Some(format!("{name} is not at its place in the schema"));
        };
        let is_of_type = match &*field.base {
            "int" => {
                let number = text.parse::<i64>();
                number.is_ok_and(|number| (field.min..=field.max).contains(&number))
            }
            "boolean" => ["true", "false"].contains(&text.as_str()),
            _ => true,
        };
        let is_valid = is_of_type
            && (field.choices.is_empty() || field.choices.contains(text))
            && (text.len() <= field.max_length || text.chars().count() <= field.max_length);
        (!is_valid).then(|| format!("{name} is {text:?}, which is not of its type in the schema"))
    })
}

fn parse<N: std::str::FromStr>(number: &str) -> N {
    let number = number.parse().ok();
    number.expect("a number")
}

/// Returns the name and the content of the root element, which follows the XML declaration.
fn root_of(document: &str) -> (&str, &str) {
    let declared = document.split_once("?>");
    let root = declared.map_or(document, |(_, root)| root);
    let elements = elements(root);
    assert_eq!(elements.len(), 1, "{document}");
    elements[0]
}

/// Splits a text into its elements: their names and contents.
#[track_caller]
fn elements(mut text: &str) -> Vec<(&str, &str)> {
    let mut elements = Vec::new();
    while !text.is_empty() {
        let tag = text.strip_prefix('<').and_then(|text| text.split_once('>'));
        let (tag, rest) = tag.unwrap_or_else(|| panic!("no start tag: {text}"));
        let name = tag.trim_end_matches('/').split(' ').next();
        let name = name.unwrap_or_default();
        if tag.ends_with('/') {
            elements.push((name, ""));
            text = rest;
        } else {
            let end = format!("</{name}>");
            let content = rest.split_once(&end);
            let (content, rest) = content.unwrap_or_else(|| panic!("no end tag: {text}"));
            elements.push((name, content));
            text = rest;
        }
    }
    elements
}
