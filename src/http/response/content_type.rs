//! Content types, byte for byte as known clients compare them.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::engine::Format;

pub(in crate::http) const TEXT: &str = "text/plain;charset=UTF-8";
/// The content type of the pages of the vendor's servlet container.
pub(in crate::http) const HTML: &str = "text/html;charset=utf-8";

/// Returns the content type of a format.
pub(crate) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Xml => "application/xml;charset=UTF-8",
        Format::Json => "application/json;charset=UTF-8",
    }
}

pub(super) fn set_content_type(headers: &mut HeaderMap, content_type: &'static str) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
}
