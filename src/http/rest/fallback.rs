//! The response on paths without a route.

use axum::http::StatusCode;

use crate::http::{
    rejection::Rejection,
    response::{Outcome, Payload, TEXT},
};

/// Returns the outcome on a path that has no route and does not belong to the control plane.
pub(in crate::http) fn fallback(path: &str, is_api: bool) -> Outcome {
    if is_api {
        return Rejection::not_implemented(path).into();
    }
    let message = format!("There is nothing at {path}: cuc-mock serves /vmrest and /__mock\n");
    Outcome::outside_api(Payload::Raw {
        status: StatusCode::NOT_FOUND,
        content_type: TEXT,
        body: message.into(),
    })
}
