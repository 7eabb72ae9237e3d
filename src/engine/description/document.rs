//! Reads the documents of a user: descriptions of resources, responses, and the contents of error responses.

use super::{
    errors::ERRORS,
    read::{RESOURCE, RESOURCES, Reading, read_root},
    responses::RESPONSES,
};
use crate::{
    engine::{DecodeError, load::Attachments},
    schema::{Description, ErrorDescription, ResponseDescription},
};

/// The content of a document.
#[derive(Debug)]
pub(crate) enum Document {
    Resources(Vec<Description>),
    Responses(Vec<ResponseDescription>),
    Errors(Vec<ErrorDescription>),
}

/// Reads a document, whose kind follows from its root element. Bodies may be in `attachments`. Reports every
/// mistake, like the reader of descriptions, and returns the other parts.
pub(crate) fn read_document(document: &[u8], attachments: &Attachments) -> Reading<Document> {
    read_root(document, |reader, root| match root.name {
        RESPONSES => reader.responses(root, attachments).map(Document::Responses),
        ERRORS => reader.errors(root).map(Document::Errors),
        RESOURCE => Ok(Document::Resources(vec![reader.resource(root)?])),
        RESOURCES => reader.resources().map(Document::Resources),
        name => {
            let message = format!(
                "found <{name}>, expected <{RESOURCE}>, <{RESOURCES}>, <{RESPONSES}> or <{ERRORS}>"
            );
            Err(DecodeError::new(root.at, message))
        }
    })
}
