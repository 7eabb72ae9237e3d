//! The XML Schema document of fixtures, for editors.
//!
//! It accepts everything that the loader accepts, but for the lists that it leaves out. A schema cannot express unique values, references, or rules with a
//! condition, so it accepts more than the loader.

use std::io;

use quick_xml::Writer;

use super::{
    root::ROOT_ELEMENT,
    xsd::{GUID, annotation, choices, complex, restriction, schema, text_facets},
};
use crate::schema::{Field, Kind, Resource};

type Document = Writer<Vec<u8>>;
type Facets = Vec<(&'static str, String)>;

/// The pattern of a whole number.
const INTEGER: &str = "[+-]?[0-9]+";
/// The pattern of a boolean, in any letter case.
const BOOLEAN: &str = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|1|0";
/// The pattern of a time such as `2013-01-12 14:57:32.569`.
const DATE_TIME: &str = r"-?\d{4,}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d{1,9})?|T\d{2}:\d{2}:\d{2}Z)";

/// Returns the schema of the fixtures of these resources, without those whose records are computed.
pub(crate) fn fixture_schema(resources: &[Resource]) -> Vec<u8> {
    let resources = resources.iter().filter(|resource| !resource.is_computed);
    let resources: Vec<_> = resources.collect();
    let kinds: Vec<_> = resources.iter().copied().flat_map(types).collect();
    schema(|writer| {
        complex(writer, ROOT_ELEMENT, |writer| {
            in_any_order(writer, |writer| {
                let lists = resources.iter().map(|resource| &*resource.list_element);
                let mut lists = lists.map(|list| [("ref", list)]);
                lists.try_for_each(|list| empty(writer, "xs:element", &list))
            })
        })?;
        resources
            .iter()
            .try_for_each(|resource| write_list(writer, resource))?;
        kinds.iter().try_for_each(|kind| kind.write(writer))
    })
}

/// Writes a list of objects, whose attribute `total` has no meaning.
fn write_list(writer: &mut Document, resource: &Resource) -> io::Result<()> {
    complex(writer, &resource.list_element, |writer| {
        in_any_order(writer, |writer| write_object(writer, resource))?;
        empty(
            writer,
            "xs:attribute",
            &[("name", "total"), ("type", "xs:string")],
        )
    })
}

/// Writes an object, whose fields may have any order.
fn write_object(writer: &mut Document, resource: &Resource) -> io::Result<()> {
    complex(writer, &resource.element, |writer| {
        let all = writer.create_element("xs:all");
        all.write_inner_content(|writer| {
            let mut fields = resource.fields.iter();
            fields.try_for_each(|field| write_field(writer, resource, field))
        })
        .map(drop)
    })
}

fn write_field(writer: &mut Document, resource: &Resource, field: &Field) -> io::Result<()> {
    let mut required = field.required.iter();
    let is_required = required.any(|rule| rule.condition.is_none());
    let min = if is_required { "1" } else { "0" };
    let kind = FieldType::name(resource, field);
    let element = writer.create_element("xs:element");
    element
        .with_attributes([("name", &*field.name), ("type", &kind)])
        .with_attributes([("minOccurs", min), ("nillable", "true")])
        .write_inner_content(|writer| annotation(writer, field))
        .map(drop)
}

/// The type of a field: a value, with attributes that have no meaning.
struct FieldType<'r> {
    name: String,
    base: &'static str,
    facets: Facets,
    /// The usual spellings of the values, which an editor can offer.
    usual: Vec<&'r str>,
}

fn types(resource: &Resource) -> impl Iterator<Item = FieldType<'_>> {
    resource.fields.iter().map(move |field| {
        let (base, facets) = value_type(field);
        FieldType {
            name: FieldType::name(resource, field),
            base,
            facets,
            usual: usual_values(field),
        }
    })
}

impl FieldType<'_> {
    fn name(resource: &Resource, field: &Field) -> String {
        format!("{}.{}", resource.list_element, field.name)
    }

    /// Writes the type of the value, and that of the element, which may have any attributes.
    fn write(&self, writer: &mut Document) -> io::Result<()> {
        let value = format!("{}.value", self.name);
        let simple = writer.create_element("xs:simpleType");
        simple
            .with_attribute(("name", value.as_str()))
            .write_inner_content(|writer| self.write_value(writer))?;
        let complex = writer.create_element("xs:complexType");
        complex
            .with_attribute(("name", self.name.as_str()))
            .write_inner_content(|writer| {
                let content = writer.create_element("xs:simpleContent");
                content
                    .write_inner_content(|writer| extension(writer, &value))
                    .map(drop)
            })
            .map(drop)
    }

    fn write_value(&self, writer: &mut Document) -> io::Result<()> {
        if self.usual.is_empty() {
            return restriction(writer, self.base, &self.facets);
        }
        let usual = self
            .usual
            .iter()
            .map(|value| ("xs:enumeration", (*value).to_owned()));
        let usual: Facets = usual.collect();
        let union = writer.create_element("xs:union");
        union
            .write_inner_content(|writer| {
                [&usual, &self.facets].into_iter().try_for_each(|facets| {
                    let member = writer.create_element("xs:simpleType");
                    member
                        .write_inner_content(|writer| restriction(writer, self.base, facets))
                        .map(drop)
                })
            })
            .map(drop)
    }
}

fn extension(writer: &mut Document, base: &str) -> io::Result<()> {
    let extension = writer.create_element("xs:extension");
    extension
        .with_attribute(("base", base))
        .write_inner_content(|writer| {
            empty(writer, "xs:anyAttribute", &[("processContents", "skip")])
        })
        .map(drop)
}

/// Returns the built-in type of a value in a fixture, and the facets that restrict it. White space around all values but
/// texts has no meaning, as in `xs:token`.
fn value_type(field: &Field) -> (&'static str, Facets) {
    let pattern = |text: &str| vec![("xs:pattern", text.to_owned())];
    match &field.kind {
        Kind::Text => ("xs:string", text_facets(field)),
        // Not xs:int: xmllint rejects white space around it in an extension.
        Kind::Integer => {
            let choices = choices(field);
            let spellings = choices
                .iter()
                .map(|value| format!("[+-]?0*{}", value.trim_start_matches('-')));
            match spellings.collect::<Vec<_>>().join("|").as_str() {
                "" => ("xs:token", pattern(INTEGER)),
                spellings => ("xs:token", pattern(spellings)),
            }
        }
        Kind::Boolean => ("xs:token", pattern(BOOLEAN)),
        Kind::Guid => ("xs:token", pattern(GUID)),
        Kind::DateTime => ("xs:token", pattern(DATE_TIME)),
        Kind::Binary => ("xs:base64Binary", Vec::new()),
        Kind::Link => ("xs:string", Vec::new()),
    }
}

fn usual_values(field: &Field) -> Vec<&str> {
    match &field.kind {
        Kind::Integer => choices(field),
        Kind::Boolean => vec!["true", "false"],
        _ => Vec::new(),
    }
}

/// Writes any number of these elements in any order.
fn in_any_order(
    writer: &mut Document,
    elements: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    let choice = writer.create_element("xs:choice");
    choice
        .with_attributes([("minOccurs", "0"), ("maxOccurs", "unbounded")])
        .write_inner_content(elements)
        .map(drop)
}

fn empty(writer: &mut Document, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let element = writer.create_element(name);
    let element = element.with_attributes(attributes.iter().copied());
    element.write_empty().map(drop)
}
