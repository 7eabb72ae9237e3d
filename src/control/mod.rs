//! The control plane: everything under `/__mock`, which the vendor can never own.

#[cfg(feature = "tls")]
mod ca;
mod health;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::OriginalUri,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use crate::http::Shared;

/// The routes of the control plane.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    let routes = Router::new().route("/health", get(health::health));
    #[cfg(feature = "tls")]
    let routes = routes.route("/ca.pem", get(ca::ca));
    routes
        .method_not_allowed_fallback(async |method: Method, OriginalUri(uri): OriginalUri| {
            let error = format!("{method} is not allowed on {}", uri.path());
            refuse(StatusCode::METHOD_NOT_ALLOWED, error)
        })
        .fallback(async |OriginalUri(uri): OriginalUri| {
            let error = format!("the control plane has no {}", uri.path());
            refuse(StatusCode::NOT_FOUND, error)
        })
}

/// What every refusal of the control plane says.
#[derive(Serialize)]
struct Refusal {
    error: String,
}

fn refuse(status: StatusCode, error: String) -> Response {
    (status, Json(Refusal { error })).into_response()
}
