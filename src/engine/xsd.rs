//! The XML Schema document of a resource.

use std::io;

use quick_xml::{Writer, events::BytesText};

use super::{extension, xml};
use crate::schema::{Access, Field, Kind, Resource};

type Document = Writer<Vec<u8>>;

/// The pattern of a GUID in five groups.
pub(super) const GUID: &str = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
/// The pattern of a time such as `2013-01-12 14:57:32.569`.
pub(super) const DATE_TIME: &str =
    r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?|T\d{2}:\d{2}:\d{2}Z)";

/// The root element of the index of all schemas.
pub(crate) const INDEX: &str = "Schemas";
/// The element with the version of the API or the product.
pub(crate) const VERSION_INFORMATION: &str = "VersionInformation";
/// The root element of an error response.
pub(crate) const ERROR_DETAILS: &str = "ErrorDetails";
/// The documents that are neither a list nor an object of a resource.
pub(crate) const DOCUMENTS: [&str; 3] = [VERSION_INFORMATION, ERROR_DETAILS, INDEX];

/// Returns the index of the schemas with these names.
pub(crate) fn index(names: &[&str]) -> Vec<u8> {
    xml::document(INDEX, &[], |writer| {
        names.iter().try_for_each(|name| {
            let path = format!("/vmrest/schema/{name}");
            let link = writer.create_element("URI");
            link.write_text_content(BytesText::new(&path)).map(drop)
        })
    })
}

/// Returns the schema of a list, and of one object, of the resources with an element. They have the fields of all of them:
/// only singletons share an element.
pub(crate) fn of_resources(resources: &[&Resource]) -> Vec<u8> {
    let mut fields: Vec<&Field> = Vec::new();
    for resource in resources {
        let mut place = 0;
        for field in &resource.fields {
            let known = fields.iter().position(|known| known.name == field.name);
            if known.is_none() {
                fields.insert(place, field);
            }
            place = known.unwrap_or(place) + 1;
        }
    }
    of_objects(&resources[0].list_element, &resources[0].element, &fields)
}

/// Returns the schema of the list of the view of `resource` with this number, and of one row.
pub(crate) fn of_view(resource: &Resource, number: usize) -> Vec<u8> {
    let view = &resource.views[number];
    let positions = resource.view_fields(number);
    let fields: Vec<_> = positions
        .iter()
        .map(|position| &resource.fields[*position])
        .collect();
    of_objects(&view.list_element, &view.element, &fields)
}

fn of_objects(list_element: &str, element: &str, fields: &[&Field]) -> Vec<u8> {
    schema(|writer| {
        list(writer, list_element, |writer| {
            let object = [("minOccurs", "0"), ("maxOccurs", "unbounded")];
            let row = writer.create_element("xs:element");
            row.with_attribute(("ref", element))
                .with_attributes(object)
                .write_empty()?;
            Ok(())
        })?;
        sequence(writer, element, |writer| {
            // No document that a client sends or gets has an internal field.
            let fields = fields.iter();
            let mut fields = fields.filter(|field| field.access != Access::Internal);
            fields.try_for_each(|field| write_field(writer, field))
        })
    })
}

/// Returns the schema of an object that is not a record and has only texts.
pub(crate) fn of_texts(element: &str, names: &[&str]) -> Vec<u8> {
    schema(|writer| {
        sequence(writer, element, |writer| {
            names.iter().try_for_each(|name| text_element(writer, name))
        })
    })
}

/// Returns the schema of [`index`].
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

/// Returns the schema of an error response.
pub(crate) fn of_error() -> Vec<u8> {
    schema(|writer| {
        sequence(writer, ERROR_DETAILS, |writer| {
            let errors = writer.create_element("xs:element");
            errors
                .with_attributes([("ref", "errors"), ("maxOccurs", "unbounded")])
                .write_empty()
                .map(drop)
        })?;
        sequence(writer, "errors", |writer| {
            text_element(writer, "code")?;
            text_element(writer, "message")
        })
    })
}

pub(super) fn schema(content: impl Fn(&mut Document) -> io::Result<()>) -> Vec<u8> {
    let namespace = ("xmlns:xs", "http://www.w3.org/2001/XMLSchema");
    xml::document("xs:schema", &[namespace], content)
}

/// Writes an element that contains others in order.
fn sequence(
    writer: &mut Document,
    name: &str,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    complex(writer, name, |writer| in_order(writer, &content))
}

/// Writes the same element with the attribute `total`.
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

pub(super) fn complex(
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

fn write_field(writer: &mut Document, field: &Field) -> io::Result<()> {
    let element = writer.create_element("xs:element");
    element
        .with_attributes([("name", &*field.name), ("minOccurs", "0")])
        .write_inner_content(|writer| {
            annotation(writer, field)?;
            let (base, facets) = facets(field);
            let simple = writer.create_element("xs:simpleType");
            simple
                .write_inner_content(|writer| restriction(writer, base, &facets))
                .map(drop)
        })
        .map(drop)
}

/// Writes the provenance of the field as an annotation.
pub(super) fn annotation(writer: &mut Document, field: &Field) -> io::Result<()> {
    let note = field.evidence.to_string();
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

pub(super) fn restriction(
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

/// Returns the built-in type of a field, and the facets that restrict it.
fn facets(field: &Field) -> (&'static str, Vec<(&'static str, String)>) {
    let pattern = |text: &str| vec![("xs:pattern", text.to_owned())];
    match &field.kind {
        Kind::Text => ("xs:string", text_facets(field)),
        Kind::Integer => {
            let mut facets = enumeration(field);
            if let Some(range) = &field.range {
                facets.push(("xs:minInclusive", range.min.to_string()));
                facets.push(("xs:maxInclusive", range.max.to_string()));
            }
            ("xs:int", facets)
        }
        Kind::Boolean => ("xs:boolean", Vec::new()),
        Kind::Guid => ("xs:string", pattern(GUID)),
        Kind::DateTime => ("xs:string", pattern(DATE_TIME)),
        Kind::Binary => ("xs:base64Binary", Vec::new()),
        Kind::Link => ("xs:anyURI", Vec::new()),
    }
}

/// Returns the facets that restrict a text.
pub(super) fn text_facets(field: &Field) -> Vec<(&'static str, String)> {
    let mut facets = enumeration(field);
    let max_length = field.max_length.as_ref();
    facets.extend(max_length.map(|(length, _)| ("xs:maxLength", length.to_string())));
    let dialed = field.extension.as_ref();
    facets.extend(dialed.map(|_| ("xs:pattern", extension::PATTERN.to_owned())));
    facets
}

fn enumeration(field: &Field) -> Vec<(&'static str, String)> {
    let values = choices(field).into_iter();
    values
        .map(|value| ("xs:enumeration", value.to_owned()))
        .collect()
}

/// Returns the accepted values of a field, or none if all are.
pub(super) fn choices(field: &Field) -> Vec<&str> {
    // A schema cannot express a condition on another field.
    let choices = field.choices.iter();
    let mut values: Vec<_> = choices
        .filter(|(_, rule)| rule.condition.is_none())
        .flat_map(|(choices, _)| choices.iter().map(AsRef::as_ref))
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}
