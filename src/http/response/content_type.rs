//! Content types, byte for byte as known clients compare them.

use axum::http::HeaderValue;

use crate::engine::Format;

/// Audio.
pub(in crate::http) const WAVE: HeaderValue = HeaderValue::from_static("audio/wav");
pub(in crate::http) const TEXT: HeaderValue = HeaderValue::from_static("text/plain;charset=UTF-8");
/// The content type of the pages of the vendor's servlet container.
pub(in crate::http) const HTML: HeaderValue = HeaderValue::from_static("text/html;charset=utf-8");
pub(in crate::http) const WADL: HeaderValue =
    HeaderValue::from_static("application/vnd.sun.wadl+xml;charset=UTF-8");
const XML: HeaderValue = HeaderValue::from_static("application/xml;charset=UTF-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// Returns the content type of a format.
pub(crate) fn content_type(format: Format) -> HeaderValue {
    match format {
        Format::Xml => XML,
        Format::Json => JSON,
    }
}
