//! The errors of the control plane.

use std::fmt;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{engine::shorten, http::Rejection};

pub(super) type ApiResult<T> = Result<T, ApiError>;

/// The reason why a control request is rejected.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Reports a bug of this server. The log has the details.
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
    }
}

/// The body of every error response.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Error"))]
pub(super) struct ErrorBody {
    /// The value, its place, and the accepted values.
    error: String,
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self::new(rejection.status(), rejection.message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            error: self.message,
        };
        (self.status, Json(body)).into_response()
    }
}

/// Composes the message for a value that serde does not accept, in the words of JSON instead of those of Rust. `whole`
/// names the whole, and `prefix` comes before the path of a part.
pub(super) fn compose_message<E: fmt::Display>(
    error: &serde_path_to_error::Error<E>,
    whole: &str,
    prefix: &str,
) -> String {
    compose(
        &error.path().to_string(),
        &error.inner().to_string(),
        whole,
        prefix,
    )
}

fn compose(path: &str, message: &str, whole: &str, prefix: &str) -> String {
    let is_whole = path == ".";
    let part = |name: &str| match name.trim_matches('`') {
        name if is_whole => format!("{prefix}{name}"),
        name => format!("{prefix}{path}.{name}"),
    };
    if let Some(name) = message.strip_prefix("missing field ") {
        return match name.split_once(", ") {
            Some((name, expected)) => format!("{} is missing, {expected}", part(name)),
            None => format!("{} is missing", part(name)),
        };
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return format!("{} is given twice, expected it once", part(name));
    }
    if let Some(unknown) = message.strip_prefix("unknown field ") {
        let expected = unknown.rsplit_once(", expected ");
        let expected = expected.map_or("nothing".to_owned(), |(_, names)| names.replace('`', ""));
        return format!("found {prefix}{:?}, expected {expected}", shorten(path));
    }
    let place = if is_whole { whole } else { path };
    let prefix = if is_whole { "" } else { prefix };
    format!("{prefix}{}{}", shorten(place), mismatch(message))
}

/// Returns the words after the place of a value.
fn mismatch(message: &str) -> String {
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return format!(": {}", shorten(message));
    };
    let expected = match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a map" => "an object",
        "a sequence" => "a list",
        expected => expected,
    };
    match found.split_once(": ") {
        Some(("invalid type" | "invalid value", found)) => {
            format!(" is {}, expected {expected}", shorten(value(found)))
        }
        _ => format!(": {}, expected {expected}", shorten(found)),
    }
}

/// Removes the type that serde writes before a value.
fn value(found: &str) -> &str {
    let kinds = ["integer ", "floating point ", "boolean "];
    let number = kinds.iter().find_map(|kind| found.strip_prefix(kind));
    match found {
        "map" => "an object",
        "sequence" => "a list",
        found => number.map_or_else(
            || found.strip_prefix("string ").unwrap_or(found),
            |number| number.trim_matches('`'),
        ),
    }
}
