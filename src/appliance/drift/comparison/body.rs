//! The bodies of responses.

use super::document::{Document, Json};
use crate::{
    appliance::{client::Response, document::XmlElement},
    engine::{DocumentText, charset, media_type},
};

/// A body in the format that its content type names.
#[derive(Debug)]
pub(super) enum Body {
    Empty,
    Xml(Document),
    Json(Document),
    /// A text in another format, with the name of the format.
    Text(&'static str, String),
    Bytes(Vec<u8>),
    /// A document in a format that it does not follow.
    Unreadable(&'static str),
}

const XML: &str = "XML";
const JSON: &str = "JSON";

impl Body {
    pub(super) fn read(response: &Response) -> Self {
        let body = &*response.body;
        if body.is_empty() {
            return Self::Empty;
        }
        let content_type = response.header("Content-Type").unwrap_or_default();
        let charset = charset(content_type.as_bytes());
        let text = DocumentText::new(body, charset.as_deref());
        let text = text.utf_8().map(|text| text.to_vec());
        match (format(content_type, body), text) {
            (Some(XML), Ok(text)) => match XmlElement::read(&text) {
                Ok(root) => Self::Xml(Document::of_xml(&root)),
                Err(_) => Self::Unreadable("XML that cannot be read"),
            },
            (Some(JSON), Ok(text)) => match serde_json::from_slice::<Json>(&text) {
                Ok(root) => Self::Json(Document::of_json(&root)),
                Err(_) => Self::Unreadable("JSON that cannot be read"),
            },
            (Some(name), Ok(text)) => match String::from_utf8(text) {
                Ok(text) => Self::Text(name, text),
                Err(_) => Self::Unreadable("a text that is not UTF-8"),
            },
            (Some(_), Err(_)) => Self::Unreadable("a text in another encoding than it names"),
            (None, _) => Self::Bytes(body.to_vec()),
        }
    }

    /// Returns the name of the format.
    pub(super) fn format(&self) -> &str {
        match self {
            Self::Empty => "empty",
            Self::Xml(_) => XML,
            Self::Json(_) => JSON,
            Self::Text(name, _) | Self::Unreadable(name) => name,
            Self::Bytes(_) => "bytes that are no text",
        }
    }

    pub(super) fn document(&self) -> Option<&Document> {
        match self {
            Self::Xml(document) | Self::Json(document) => Some(document),
            _ => None,
        }
    }
}

/// Returns the format that a content type names. Without one, it is that which the body looks like.
fn format(content_type: &str, body: &[u8]) -> Option<&'static str> {
    let named = media_type(content_type);
    let essence = named.as_ref().map(mime::Mime::essence_str);
    match essence {
        Some(name) if name.contains("html") => Some("HTML"),
        Some(name) if name.ends_with("xml") => Some(XML),
        Some(name) if name.ends_with("json") => Some(JSON),
        Some(name) if name.starts_with("text/") => Some("a text"),
        Some(_) => None,
        None => match body.trim_ascii_start().first() {
            Some(b'<') => Some(XML),
            Some(b'{' | b'[') => Some(JSON),
            _ => None,
        },
    }
}
