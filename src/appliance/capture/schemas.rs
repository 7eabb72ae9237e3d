//! The XML schemas of a server.

use super::{CaptureError, CapturedKind, Server};
use crate::appliance::document::XmlElement;

const INDEX: &str = "/vmrest/schema";

/// The schema of a kind of object.
#[derive(Clone, Debug)]
pub(crate) struct CapturedSchema {
    /// The element of an object.
    pub(crate) element: String,
    pub(crate) document: Vec<u8>,
}

/// Reads the schemas of the captured kinds.
pub(super) fn read(
    server: &Server<'_>,
    kinds: &[CapturedKind],
) -> Result<Vec<CapturedSchema>, CaptureError> {
    let index = server.bytes(INDEX)?.ok();
    let index = index.and_then(|index| XmlElement::read(&index).ok());
    let listed: Option<Vec<String>> = index.map(|index| links(&index));
    let wanted = kinds.iter().filter(|kind| !kind.objects.is_empty());
    let wanted = wanted.filter_map(|kind| {
        let target = match &listed {
            Some(links) => links.iter().find(|link| {
                let (_, name) = link.rsplit_once('/').unwrap_or(("", link));
                name.eq_ignore_ascii_case(&kind.element)
            })?,
            None => &format!("{INDEX}/{}", kind.element),
        };
        Some((kind.element.clone(), target.clone()))
    });
    let wanted: Vec<_> = wanted.collect();
    server.begin("schemas", wanted.len());
    let documents = server.for_each(&wanted, |(_, target)| server.bytes(target))?;
    let documents = wanted.into_iter().zip(documents);
    Ok(documents
        .filter_map(|((element, _), document)| {
            let document = document.ok()?;
            XmlElement::read(&document).ok()?;
            Some(CapturedSchema { element, document })
        })
        .collect())
}

/// Returns the paths of the schemas in their index.
fn links(index: &XmlElement) -> Vec<String> {
    let texts = index.children.iter().map(|child| child.text.trim());
    let links = texts.filter(|text| text.starts_with(INDEX));
    links.map(str::to_owned).collect()
}
