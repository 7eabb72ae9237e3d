//! Reading a request body of JSON.

use axum::{
    Extension,
    body::Bytes,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiError, ApiResult, error::compose_message, handler::FromParts};
use crate::{
    engine::{DocumentText, Position, charset, without_byte_order_mark},
    values::Object,
};

/// The largest body of JSON in bytes.
const MAX_JSON_BYTES: usize = 1024 * 1024;

/// The body of a control request, which the router has received.
pub(super) type RawBody = Extension<Bytes>;

/// A body of JSON.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromParts for JsonBody<T> {
    fn from_parts(parts: &mut Parts) -> ApiResult<Self> {
        let body = parts.extensions.get::<Bytes>();
        let charset = body_charset(&parts.headers);
        let value = parse(body.map_or(&[], |body| body), charset.as_deref())?;
        match serde_path_to_error::deserialize(value) {
            Ok(Object(parsed)) => Ok(Self(parsed)),
            Err(error) => {
                let message = compose_message(&error, "the body", "");
                Err(ApiError::bad_request(message))
            }
        }
    }
}

/// Returns the character encoding that the `Content-Type` names, whatever else it is.
pub(super) fn body_charset(headers: &HeaderMap) -> Option<String> {
    charset(headers.get(header::CONTENT_TYPE)?.as_bytes())
}

/// Parses a document, before anything is read from it: a syntax error precedes any other, and if a member is given twice,
/// the last one counts.
fn parse(body: &[u8], charset: Option<&str>) -> ApiResult<Value> {
    if body.len() > MAX_JSON_BYTES {
        let error = format!(
            "the body has {} bytes, expected at most {MAX_JSON_BYTES}",
            body.len()
        );
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, error));
    }
    let text = DocumentText::within(MAX_JSON_BYTES, body, charset);
    let document = text.utf_8().map_err(|error| {
        let Position { line, column } = text.position(error.at);
        let message = error.message();
        ApiError::bad_request(format!(
            "the body cannot be decoded: line {line}, column {column}: {message}"
        ))
    })?;
    let document = without_byte_order_mark(document);
    if document.is_empty() {
        return Err(ApiError::bad_request(
            "the body is empty, expected a JSON object",
        ));
    }
    serde_json::from_slice(document).map_err(|error| {
        ApiError::bad_request(format!(
            "the body is not valid JSON, expected an object: {error}"
        ))
    })
}
