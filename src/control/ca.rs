//! The CA that signed the certificate of this server.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::Refusal;
use crate::http::Shared;

/// `GET /__mock/ca.pem`
pub(super) async fn ca(State(shared): State<Arc<Shared>>) -> Response {
    match shared.https.certificate.ca_pem() {
        Some(pem) => ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        None => Refusal::new(
            StatusCode::NOT_FOUND,
            "there is no CA to hand out: the certificate was brought",
        )
        .into_response(),
    }
}
