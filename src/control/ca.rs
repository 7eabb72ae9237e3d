//! The CA that signed the certificate of this server.

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::Refusal;
use crate::http::StateExtension;

/// `GET /__mock/ca.pem`
pub(super) async fn ca(Extension(shared): StateExtension) -> Response {
    match shared.https.certificate.ca_pem() {
        Some(pem) => ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        None => Refusal::new(
            StatusCode::NOT_FOUND,
            "there is no CA to hand out: the certificate was brought",
        )
        .into_response(),
    }
}
