//! The errors of the control plane.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::engine::shorten;

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

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            error: self.message,
        };
        (self.status, Json(body)).into_response()
    }
}

/// Composes the message for a value that serde does not accept, and shortens the parts that quote the request.
pub(super) fn describe(place: &str, message: &str) -> String {
    let place = shorten(place);
    match message.rsplit_once(", expected ") {
        Some((found, expected)) => format!("{place}: {}, expected {expected}", shorten(found)),
        None => format!("{place}: {}", shorten(message)),
    }
}
