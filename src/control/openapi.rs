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

#[cfg(feature = "console")]
use super::compressed::decompressed;
use super::{NoParameters, Query};
#[cfg(test)]
pub(super) use operation::Operation;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let version = concat!(r#""version":""#, env!("CARGO_PKG_VERSION"), '"');
    source().replacen(r#""version":"0.0.0""#, version, 1)
});

#[cfg(feature = "console")]
fn source() -> String {
    let gzip = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));
    String::from_utf8(decompressed(gzip)).expect("a test checks the document")
}

#[cfg(not(feature = "console"))]
fn source() -> &'static str {
    include_str!("openapi.json")
}

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
