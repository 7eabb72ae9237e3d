//! The contents of documents in XML.

use super::{Content, ErrorContent, Fields, List};
use crate::appliance::document::XmlElement;

/// Returns the content of a document.
pub(super) fn content(root: &XmlElement) -> Content {
    if let Some(error) = root.child("errors") {
        let text = |name| error.child(name).map(|child| child.text.clone());
        return Content::Error(ErrorContent {
            code: text("code"),
            message: text("message"),
        });
    }
    if local_name(root) == "schema" {
        let mut fields = Fields::new();
        add_declarations(&mut fields, root, "");
        return Content::Object(fields);
    }
    match root.attribute("total") {
        Some(total) => Content::List(List {
            total: Some(total.to_owned()),
            element: root.children.first().map(|object| object.name.clone()),
            objects: root.children.iter().map(fields).collect(),
        }),
        None => Content::Object(fields(root)),
    }
}

fn fields(object: &XmlElement) -> Fields {
    let mut fields = Fields::new();
    add_fields(&mut fields, object, "");
    fields
}

/// Adds the attributes and the elements of an element, whose own name is in the prefix.
fn add_fields(fields: &mut Fields, element: &XmlElement, prefix: &str) {
    for (name, value) in &element.attributes {
        fields.push((format!("{prefix}@{name}"), value.clone()));
    }
    for child in &element.children {
        let name = format!("{prefix}{}", child.name);
        if child.children.is_empty() && child.attributes.is_empty() {
            fields.push((name, child.text.clone()));
            continue;
        }
        if child.children.is_empty() {
            fields.push((name.clone(), child.text.clone()));
        }
        add_fields(fields, child, &format!("{name}/"));
    }
}

/// Adds the elements that a schema declares, each with the name of its type. Their annotations are free texts.
fn add_declarations(fields: &mut Fields, schema: &XmlElement, prefix: &str) {
    for child in &schema.children {
        match child.attribute("name") {
            Some(name) if local_name(child) == "element" => {
                let name = format!("{prefix}{name}");
                fields.push((
                    name.clone(),
                    type_name(child).unwrap_or_default().to_owned(),
                ));
                add_declarations(fields, child, &format!("{name}/"));
            }
            _ => add_declarations(fields, child, prefix),
        }
    }
}

/// Returns the type of a declared element, or the type that its own one restricts, without the prefix of the namespace.
fn type_name(element: &XmlElement) -> Option<&str> {
    let simple_types = element.children.iter();
    let mut simple_types = simple_types.filter(|child| local_name(child) == "simpleType");
    let restriction = simple_types
        .next()
        .and_then(|simple_type| simple_type.children.first());
    let base = restriction.and_then(|restriction| restriction.attribute("base"));
    let name = element.attribute("type").or(base)?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

fn local_name(element: &XmlElement) -> &str {
    let name = &*element.name;
    name.rsplit(':').next().unwrap_or(name)
}
