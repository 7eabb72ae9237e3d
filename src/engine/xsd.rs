//! The schema of a resource as an XML Schema document, derived from its table.

use std::io;

use quick_xml::{Writer, events::BytesText};

use super::xml;
use crate::schema::{Condition, Field, Kind, Release, Resource};

type Document = Writer<Vec<u8>>;

/// A GUID in five groups.
const GUID: &str = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
/// `2013-01-12 14:57:32.569`
const DATE_TIME: &str = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?";

/// The element that lists where the schemas stand.
pub(crate) const INDEX: &str = "Schemas";

/// Where the schemas of these names stand.
pub(crate) fn index(names: &[&str]) -> Vec<u8> {
    xml::document(INDEX, &[], |writer| {
        names.iter().try_for_each(|name| {
            let path = format!("/vmrest/schema/{name}");
            let link = writer.create_element("URI");
            link.write_text_content(BytesText::new(&path)).map(drop)
        })
    })
}

/// What a list of `resource` and one object of it look like in `release`.
pub(crate) fn of_resource(resource: &Resource, release: Release) -> Vec<u8> {
    schema(|writer| {
        list(writer, resource.list_element, |writer| {
            let object = [("minOccurs", "0"), ("maxOccurs", "unbounded")];
            let element = writer.create_element("xs:element");
            element
                .with_attribute(("ref", resource.element))
                .with_attributes(object)
                .write_empty()?;
            Ok(())
        })?;
        sequence(writer, resource.element, |writer| {
            let fields = resource.fields.iter();
            fields
                .filter(|field| field.is_in(release))
                .try_for_each(|field| write_field(writer, field, release))
        })
    })
}

/// What an object that is in no store looks like: texts alone.
pub(crate) fn of_texts(element: &str, members: &[&str]) -> Vec<u8> {
    schema(|writer| {
        sequence(writer, element, |writer| {
            members
                .iter()
                .try_for_each(|name| text_element(writer, name))
        })
    })
}

/// What [`index`] looks like.
pub(crate) fn of_index() -> Vec<u8> {
    schema(|writer| {
        sequence(writer, INDEX, |writer| {
            let element = writer.create_element("xs:element");
            element
                .with_attributes([("name", "URI"), ("type", "xs:anyURI")])
                .with_attributes([("minOccurs", "0"), ("maxOccurs", "unbounded")])
                .write_empty()
                .map(drop)
        })
    })
}

/// What the answer to a failure looks like.
pub(crate) fn of_error() -> Vec<u8> {
    schema(|writer| {
        sequence(writer, "ErrorDetails", |writer| {
            let errors = writer.create_element("xs:element");
            errors
                .with_attribute(("ref", "errors"))
                .write_empty()
                .map(drop)
        })?;
        sequence(writer, "errors", |writer| {
            text_element(writer, "code")?;
            text_element(writer, "message")
        })
    })
}

fn schema(content: impl Fn(&mut Document) -> io::Result<()>) -> Vec<u8> {
    let namespace = ("xmlns:xs", "http://www.w3.org/2001/XMLSchema");
    xml::document("xs:schema", &[namespace], content)
}

/// An element that holds others in an order.
fn sequence(
    writer: &mut Document,
    name: &str,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    complex(writer, name, |writer| in_order(writer, &content))
}

/// The same with the `total` of all that there are.
fn list(
    writer: &mut Document,
    name: &str,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    complex(writer, name, |writer| {
        in_order(writer, &content)?;
        let total = writer.create_element("xs:attribute");
        total
            .with_attributes([
                ("name", "total"),
                ("type", "xs:nonNegativeInteger"),
                ("use", "required"),
            ])
            .write_empty()
            .map(drop)
    })
}

fn in_order(
    writer: &mut Document,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    let sequence = writer.create_element("xs:sequence");
    sequence.write_inner_content(content).map(drop)
}

fn complex(
    writer: &mut Document,
    name: &str,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    let element = writer.create_element("xs:element");
    element
        .with_attribute(("name", name))
        .write_inner_content(|writer| {
            let complex = writer.create_element("xs:complexType");
            complex.write_inner_content(&content).map(drop)
        })
        .map(drop)
}

fn text_element(writer: &mut Document, name: &str) -> io::Result<()> {
    let element = writer.create_element("xs:element");
    element
        .with_attributes([("name", name), ("type", "xs:string")])
        .write_empty()
        .map(drop)
}

fn write_field(writer: &mut Document, field: &Field, release: Release) -> io::Result<()> {
    let element = writer.create_element("xs:element");
    element
        .with_attributes([("name", field.name), ("minOccurs", "0")])
        .write_inner_content(|writer| {
            annotation(writer, field)?;
            let (base, facets) = facets(field, release);
            let simple = writer.create_element("xs:simpleType");
            simple
                .write_inner_content(|writer| restriction(writer, base, &facets))
                .map(drop)
        })
        .map(drop)
}

/// How the field is known, for people.
fn annotation(writer: &mut Document, field: &Field) -> io::Result<()> {
    let note = format!("{}: {}", field.evidence.provenance, field.evidence.source);
    let annotation = writer.create_element("xs:annotation");
    annotation
        .write_inner_content(|writer| {
            let documentation = writer.create_element("xs:documentation");
            documentation
                .write_text_content(BytesText::new(&note))
                .map(drop)
        })
        .map(drop)
}

fn restriction(
    writer: &mut Document,
    base: &str,
    facets: &[(&'static str, String)],
) -> io::Result<()> {
    let restriction = writer.create_element("xs:restriction");
    restriction
        .with_attribute(("base", base))
        .write_inner_content(|writer| {
            facets.iter().try_for_each(|(facet, value)| {
                let facet = writer.create_element(*facet);
                facet
                    .with_attribute(("value", value.as_str()))
                    .write_empty()
                    .map(drop)
            })
        })
        .map(drop)
}

/// The built-in type of a field, and what narrows it.
fn facets(field: &Field, release: Release) -> (&'static str, Vec<(&'static str, String)>) {
    let pattern = |text: &str| vec![("xs:pattern", text.to_owned())];
    match field.kind {
        Kind::Text => {
            let longest = field.max_length.map(|(longest, _)| longest.to_string());
            let facets = longest.map(|longest| ("xs:maxLength", longest));
            ("xs:string", facets.into_iter().collect())
        }
        Kind::Integer => {
            let mut values: Vec<_> = field
                .choices_rules()
                .filter(|(_, evidence)| evidence.covers(release))
                // A schema cannot say what depends on another field.
                .filter(|(_, evidence)| matches!(evidence.condition, Condition::Always))
                .flat_map(|(choices, _)| choices.iter().copied())
                .collect();
            values.sort_unstable();
            values.dedup();
            let value = |value: &str| ("xs:enumeration", value.to_owned());
            ("xs:int", values.into_iter().map(value).collect())
        }
        Kind::Boolean => ("xs:boolean", Vec::new()),
        Kind::Guid => ("xs:string", pattern(GUID)),
        Kind::DateTime => ("xs:string", pattern(DATE_TIME)),
        Kind::Link(_) => ("xs:anyURI", Vec::new()),
    }
}
