//! What the control plane says of itself.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::input::{Parameters, Taken};

/// The document, with the version of this server in it.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    include_str!("openapi.json").replacen("{version}", env!("CARGO_PKG_VERSION"), 1)
});

/// `GET /__mock/openapi.json`
pub(super) async fn document(parameters: Parameters) -> Taken<Response> {
    parameters.finish()?;
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((content_type, DOCUMENT.as_str()).into_response())
}
