//! The vendor's answer to plain HTTP.

use axum::http::{header, request::Parts, uri::PathAndQuery};

use super::{Answer, Reply, Shared};
use crate::{connection::Endpoint, schema::Provenance};

impl Shared {
    /// Where a client that speaks plain HTTP is sent, if the server was told to speak HTTPS alone.
    pub(super) fn redirect(&self, endpoint: Endpoint, parts: &Parts) -> Option<Reply> {
        if !self.https.only || endpoint.scheme == "https" {
            return None;
        }
        let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        // `OPTIONS *` is about the whole server.
        let path = if path.starts_with('/') { path } else { "/" };
        let encrypted = Endpoint {
            scheme: "https",
            ..endpoint
        };
        let elsewhere = encrypted.origin(parts.headers.get(header::HOST)) + path;
        let answer = Answer::Elsewhere(elsewhere);
        Some(Reply::new(Provenance::Documented, Ok(answer)))
    }
}
