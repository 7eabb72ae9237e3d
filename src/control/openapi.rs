//! The description of the control plane.

#[cfg(test)]
mod document;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod schemas;

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::{NoParameters, Query};
#[cfg(test)]
pub(super) use operation::Operation;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let version = concat!(r#""version":""#, env!("CARGO_PKG_VERSION"), '"');
    include_str!("openapi.json").replacen(r#""version":"0.0.0""#, version, 1)
});

/// Returns the description as JSON.
pub(super) fn document() -> &'static str {
    &DOCUMENT
}

/// `GET /__mock/openapi.json`
pub(super) async fn get(_: Query<NoParameters>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, document()).into_response()
}

#[cfg(test)]
pub(super) mod describe {
    use serde_json::{Map, Value};

    use super::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new("server", "getOpenapi", "Get this document")
            .json::<Map<String, Value>>(200, "This document.")
    }
}
