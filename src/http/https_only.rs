//! The vendor's answer to plain HTTP.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Request, State},
    http::{header, uri::PathAndQuery},
    middleware::Next,
    response::Response,
};

use super::{Answer, Endpoint, Reply, Shared, body::at_once, reply::base};
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
    let encrypted = Endpoint {
        scheme: "https",
        ..endpoint
    };
    let (parts, body) = request.into_parts();
    let elsewhere = base(encrypted, parts.headers.get(header::HOST)) + path;
    let reply = Reply::new(Provenance::Documented, Ok(Answer::Elsewhere(elsewhere)));
    at_once(reply, &parts.headers, body)
}
