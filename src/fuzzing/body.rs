//! Bodies of requests.

use super::place::check_error;
use crate::{
    engine::{DocumentText, Element, Format, Root},
    resources::embedded_catalogue,
    schema::{Kind, Release},
};

/// The root elements of the objects, of which the first byte of an input selects one.
const OBJECTS: [&str; 4] = ["tenants", "externalservices", "users", "schedules"];

/// Reads a body in XML. Its first byte selects the expected object.
///
/// # Panics
///
/// Panics if a body that is accepted is another one after it is written and read again, or if an error has no place.
pub fn xml(input: &[u8]) {
    body(Format::Xml, input);
}

/// Does the same with a body in JSON.
///
/// # Panics
///
/// Panics if a body that is accepted is another one after it is written and read again, or if an error has no place.
pub fn json(input: &[u8]) {
    body(Format::Json, input);
}

fn body(format: Format, input: &[u8]) {
    let Some((selector, document)) = input.split_first() else {
        return;
    };
    let catalogue = embedded_catalogue(Release::V14);
    let path = OBJECTS[usize::from(*selector) % OBJECTS.len()];
    let resource = catalogue.resource(path).expect("an embedded resource");
    let root = Root::of(resource, &catalogue);
    let text = DocumentText::new(document, None);
    let elements = match format.read_object(&text, root) {
        Ok(elements) => elements,
        Err(error) => {
            // The place of the error is in the text in UTF-8.
            let length = text
                .into_owned()
                .map_or(document.len(), |decoded| decoded.len());
            return check_error(&error, length);
        }
    };
    // An element without a text contains other elements, which no object has. Neither has one a name that is escaped. A
    // member with the name of the object would be taken for the object.
    let is_simple = |read: &&Element<'_>| {
        read.value.is_some()
            && read.name.chars().all(char::is_alphanumeric)
            && !root.is_object(&read.name)
    };
    let elements: Vec<_> = elements.iter().filter(is_simple).collect();
    let written = written(format, &resource.element, &elements);
    let text = DocumentText::new(written.as_bytes(), None);
    let again = format.read_object(&text, root).expect("it was written");
    let values = again
        .iter()
        .map(|read| (&*read.name, read.value.as_deref()));
    let expected = elements
        .iter()
        .map(|read| (&*read.name, read.value.as_deref()));
    assert!(values.eq(expected), "{written}");
}

fn written(format: Format, object: &str, elements: &[&Element<'_>]) -> String {
    let elements = elements.iter().filter_map(|element| {
        let value = element.value.as_deref()?;
        Some((&*element.name, &Kind::Text, value))
    });
    format.document_of(&format.render(object, elements))
}
