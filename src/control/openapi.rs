//! The description of the control plane.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::input::{Parameters, Taken};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let version = concat!(r#""version": ""#, env!("CARGO_PKG_VERSION"), '"');
    include_str!("openapi.json").replacen(r#""version": "0.0.0""#, version, 1)
});

/// `GET /__mock/openapi.json`
pub(super) async fn openapi(parameters: Parameters) -> Taken<Response> {
    parameters.finish()?;
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((content_type, DOCUMENT.as_str()).into_response())
}
