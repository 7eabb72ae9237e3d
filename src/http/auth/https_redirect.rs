//! The vendor's redirect from plain HTTP to HTTPS.

use axum::http::{Uri, uri::PathAndQuery};

use crate::{http::base_uri::BaseUri, tls::Https};

/// Returns the HTTPS location of a request over plain HTTP, if the server is limited to HTTPS.
pub(in crate::http) fn https_location(
    https: &Https,
    base: BaseUri<'_>,
    uri: &Uri,
) -> Option<String> {
    if !https.only || base.is_https() {
        return None;
    }
    // The target of `OPTIONS *` is the whole server.
    let path = uri
        .path_and_query()
        .map(PathAndQuery::as_str)
        .filter(|path| path.starts_with('/'))
        .unwrap_or("/");
    Some(base.with_https().join(path))
}
