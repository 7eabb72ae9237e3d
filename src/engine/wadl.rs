//! The WADL document: the paths and methods of all resources, with their parameters.

use std::io;

use quick_xml::Writer;

use super::xml;
use crate::schema::{PathTemplate, Resource, Verb};

const NAMESPACES: [(&str, &str); 2] = [
    ("xmlns", "http://wadl.dev.java.net/2009/02"),
    ("xmlns:xs", "http://www.w3.org/2001/XMLSchema"),
];
/// The formats of objects and lists.
const FORMATS: [&str; 2] = ["application/xml", "application/json"];
/// The format of the path of a new object.
const TEXT: [&str; 1] = ["text/plain"];
/// The query parameters of a list, with their types.
const LIST_PARAMETERS: [(&str, &str); 4] = [
    ("query", "xs:string"),
    ("sort", "xs:string"),
    ("rowsPerPage", "xs:int"),
    ("pageNumber", "xs:int"),
];

type Document = Writer<Vec<u8>>;

/// Returns the WADL document of these resources, whose paths are relative to `base`.
pub(crate) fn of_resources(resources: &[Resource], base: &str) -> Vec<u8> {
    xml::document("application", &NAMESPACES, |writer| {
        let all = writer.create_element("resources");
        all.with_attribute(("base", base))
            .write_inner_content(|writer| {
                let mut resources = resources.iter();
                resources.try_for_each(|resource| write_resource(writer, resource))
            })
            .map(drop)
    })
}

fn write_resource(writer: &mut Document, resource: &Resource) -> io::Result<()> {
    let path = &resource.path;
    write_path(writer, path, |writer| {
        write_methods(writer, resource, true)?;
        if resource.is_singleton() {
            return write_methods(writer, resource, false);
        }
        match resource.verbs(false).next() {
            Some(_) => write_object(writer, resource),
            None => Ok(()),
        }
    })?;
    resource.views.iter().try_for_each(|view| {
        write_path(writer, &view.path, |writer| {
            write_method(writer, Verb::List, &view.list_element)
        })
    })
}

/// Writes a path below the base, with the parameters in it.
fn write_path(
    writer: &mut Document,
    path: &PathTemplate,
    content: impl Fn(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    let element = writer.create_element("resource");
    element
        .with_attribute(("path", path.as_str()))
        .write_inner_content(|writer| {
            path.names()
                .try_for_each(|name| write_parameter(writer, name))?;
            content(writer)
        })
        .map(drop)
}

fn write_object(writer: &mut Document, resource: &Resource) -> io::Result<()> {
    let element = writer.create_element("resource");
    element
        .with_attribute(("path", "{objectid}"))
        .write_inner_content(|writer| {
            write_parameter(writer, "objectid")?;
            write_methods(writer, resource, false)
        })
        .map(drop)
}

fn write_parameter(writer: &mut Document, name: &str) -> io::Result<()> {
    let parameter = writer.create_element("param");
    parameter
        .with_attributes([
            ("name", name),
            ("style", "template"),
            ("type", "xs:string"),
            ("required", "true"),
        ])
        .write_empty()
        .map(drop)
}

fn write_methods(
    writer: &mut Document,
    resource: &Resource,
    of_collection: bool,
) -> io::Result<()> {
    resource.verbs(of_collection).try_for_each(|verb| {
        let name = match verb {
            Verb::List => &resource.list_element,
            _ => &resource.element,
        };
        write_method(writer, verb, name)
    })
}

fn write_method(writer: &mut Document, verb: Verb, name: &str) -> io::Result<()> {
    let id = format!("{}{name}", verb.name());
    let element = writer.create_element("method");
    element
        .with_attributes([("id", id.as_str()), ("name", verb.method())])
        .write_inner_content(|writer| match verb {
            Verb::List => {
                write_list_request(writer)?;
                write_response(writer, "200", &FORMATS)
            }
            Verb::Read => write_response(writer, "200", &FORMATS),
            Verb::Create => {
                write_representations(writer, "request", &FORMATS)?;
                write_response(writer, "201", &TEXT)
            }
            Verb::Update => {
                write_representations(writer, "request", &FORMATS)?;
                write_response(writer, "204", &[])
            }
            Verb::Delete => write_response(writer, "204", &[]),
        })
        .map(drop)
}

fn write_list_request(writer: &mut Document) -> io::Result<()> {
    let request = writer.create_element("request");
    request
        .write_inner_content(|writer| {
            LIST_PARAMETERS.iter().try_for_each(|(name, data_type)| {
                let parameter = writer.create_element("param");
                parameter
                    .with_attributes([("name", *name), ("style", "query"), ("type", *data_type)])
                    .write_empty()
                    .map(drop)
            })
        })
        .map(drop)
}

fn write_response(writer: &mut Document, status: &str, formats: &[&str]) -> io::Result<()> {
    let response = writer
        .create_element("response")
        .with_attribute(("status", status));
    if formats.is_empty() {
        return response.write_empty().map(drop);
    }
    response
        .write_inner_content(|writer| write_formats(writer, formats))
        .map(drop)
}

fn write_representations(writer: &mut Document, name: &str, formats: &[&str]) -> io::Result<()> {
    let element = writer.create_element(name);
    element
        .write_inner_content(|writer| write_formats(writer, formats))
        .map(drop)
}

fn write_formats(writer: &mut Document, formats: &[&str]) -> io::Result<()> {
    formats.iter().try_for_each(|format| {
        let representation = writer.create_element("representation");
        representation
            .with_attribute(("mediaType", *format))
            .write_empty()
            .map(drop)
    })
}
