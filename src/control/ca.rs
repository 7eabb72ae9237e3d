//! The certificate authority that signed the certificate of this server.

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{ApiError, ApiResult};
use crate::http::StateExtension;

/// `GET /__mock/ca.pem`
pub(super) async fn get(Extension(server): StateExtension) -> ApiResult<Response> {
    match server.https.certificate.ca_pem() {
        Some(pem) => {
            let content_type = [(header::CONTENT_TYPE, "application/x-pem-file")];
            Ok((content_type, pem).into_response())
        }
        None => Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "there is no CA of this server: its certificate was supplied with --tls-cert",
        )),
    }
}

#[cfg(test)]
pub(super) mod describe {
    use crate::control::openapi::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new("server", "getCa", "Get the certificate of the CA to trust")
            .description(
                "Open to every client. A build without the feature `tls` does not have this path.",
            )
            .open()
            .text(
                200,
                "application/x-pem-file",
                "The certificate of the CA that signed the certificate of this server.",
            )
            .error(
                404,
                "The certificate was supplied with `--tls-cert`, so the server has no CA.",
            )
    }
}
