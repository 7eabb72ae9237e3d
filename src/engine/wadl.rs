//! The WADL document: the paths and methods of all resources.

use std::io;

use quick_xml::Writer;

use super::xml;
use crate::schema::Resource;

const NAMESPACE: (&str, &str) = ("xmlns", "http://wadl.dev.java.net/2009/02");

/// Returns the WADL document of these resources.
pub(crate) fn of_resources(resources: &[&Resource]) -> Vec<u8> {
    xml::document("application", &[NAMESPACE], |writer| {
        let all = writer.create_element("resources");
        all.with_attribute(("base", "/vmrest/"))
            .write_inner_content(|writer| {
                resources.iter().try_for_each(|resource| {
                    let object = format!("{}/{{objectid}}", resource.path);
                    write(writer, resource.path, resource.methods(true))?;
                    write(writer, &object, resource.methods(false))
                })
            })
            .map(drop)
    })
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    path: &str,
    methods: impl Iterator<Item = &'static str>,
) -> io::Result<()> {
    let methods: Vec<_> = methods.collect();
    let element = writer.create_element("resource");
    element
        .with_attribute(("path", path))
        .write_inner_content(|writer| {
            methods.iter().try_for_each(|method| {
                let element = writer.create_element("method");
                element
                    .with_attribute(("name", *method))
                    .write_empty()
                    .map(drop)
            })
        })
        .map(drop)
}
