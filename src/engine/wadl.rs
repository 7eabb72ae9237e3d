//! What can be asked of each resource, as a WADL document derived from the tables.

use std::io;

use quick_xml::Writer;

use super::xml;
use crate::schema::{Resource, Verb};

const NAMESPACE: (&str, &str) = ("xmlns", "http://wadl.dev.java.net/2009/02");
const OF_A_COLLECTION: &[(Verb, &str)] = &[(Verb::List, "GET"), (Verb::Create, "POST")];
const OF_AN_OBJECT: &[(Verb, &str)] = &[
    (Verb::Read, "GET"),
    (Verb::Update, "PUT"),
    (Verb::Delete, "DELETE"),
];

/// The paths and methods of `resources`.
pub(crate) fn of_resources(resources: &[&Resource]) -> Vec<u8> {
    xml::document("application", &[NAMESPACE], |writer| {
        let all = writer.create_element("resources");
        all.with_attribute(("base", "/vmrest/"))
            .write_inner_content(|writer| {
                resources.iter().try_for_each(|resource| {
                    let object = format!("{}/{{objectid}}", resource.path);
                    methods(writer, resource, resource.path, OF_A_COLLECTION)?;
                    methods(writer, resource, &object, OF_AN_OBJECT)
                })
            })
            .map(drop)
    })
}

fn methods(
    writer: &mut Writer<Vec<u8>>,
    resource: &Resource,
    path: &str,
    verbs: &[(Verb, &str)],
) -> io::Result<()> {
    let mut taken = verbs
        .iter()
        .filter(|(verb, _)| resource.verb(*verb).is_some())
        .peekable();
    if taken.peek().is_none() {
        return Ok(());
    }
    let element = writer.create_element("resource");
    element
        .with_attribute(("path", path))
        .write_inner_content(|writer| {
            taken.try_for_each(|(_, method)| {
                let element = writer.create_element("method");
                element
                    .with_attribute(("name", *method))
                    .write_empty()
                    .map(drop)
            })
        })
        .map(drop)
}
