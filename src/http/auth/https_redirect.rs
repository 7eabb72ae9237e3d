//! The vendor's redirect from plain HTTP to HTTPS.

use axum::http::{header, request::Parts, uri::PathAndQuery};

use crate::{connection::Endpoint, tls::Https};

/// Returns the HTTPS location of a request over plain HTTP, if the server is limited to HTTPS.
pub(in crate::http) fn https_location(
    https: &Https,
    endpoint: Endpoint,
    parts: &Parts,
) -> Option<String> {
    if !https.only || endpoint.scheme == "https" {
        return None;
    }
    // The target of `OPTIONS *` is the whole server.
    let path = parts
        .uri
        .path_and_query()
        .map(PathAndQuery::as_str)
        .filter(|path| path.starts_with('/'))
        .unwrap_or("/");
    let encrypted = Endpoint {
        scheme: "https",
        ..endpoint
    };
    Some(encrypted.origin(parts.headers.get(header::HOST)) + path)
}
