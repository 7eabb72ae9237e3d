//! The vendor's answer to plain HTTP.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Request, State},
    http::{StatusCode, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Endpoint, Shared,
    answer::{HTML, PROVENANCE},
    body::forget,
    rest::absolute,
};
use crate::schema::Provenance;

/// Sends a client that speaks plain HTTP to HTTPS, if the server was told so.
///
/// The control plane stays open, for probes that have no certificates.
pub(crate) async fn https_only(
    State(shared): State<Arc<Shared>>,
    Extension(endpoint): Extension<Endpoint>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let open = uri.path() == "/__mock" || uri.path().starts_with("/__mock/");
    if !shared.https.only || endpoint.scheme == "https" || open {
        return next.run(request).await;
    }
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    // `OPTIONS *` is about the whole server.
    let path = if path.starts_with('/') { path } else { "/" };
    let endpoint = Endpoint {
        scheme: "https",
        ..endpoint
    };
    let (parts, body) = request.into_parts();
    let headers = [
        (PROVENANCE, Provenance::Documented.as_str().to_owned()),
        (header::CONTENT_TYPE, HTML.to_owned()),
        (header::LOCATION, absolute(endpoint, &parts.headers, path)),
    ];
    let mut response = (StatusCode::FOUND, headers).into_response();
    forget(&parts.headers, body, &mut response);
    response
}
