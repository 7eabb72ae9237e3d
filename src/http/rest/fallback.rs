//! The response on paths without a route.

use axum::http::{HeaderValue, Method, StatusCode};

use bytes::Bytes;

use crate::http::{
    rejection::Rejection,
    response::{Outcome, Payload, TEXT},
};

/// The methods of the server as a whole.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE, OPTIONS");

/// Returns the outcome on a path that has no route and does not belong to the control plane.
pub(in crate::http) fn fallback(method: &Method, path: &str, is_api: bool) -> Outcome {
    if is_api {
        return Rejection::not_implemented(path).into();
    }
    // Load balancers check the health of a server with `OPTIONS /`.
    if *method == Method::OPTIONS && matches!(path, "/" | "*") {
        let payload = Payload::Raw {
            status: StatusCode::OK,
            content_type: TEXT,
            body: Bytes::new(),
        };
        return Outcome::outside_api(payload).with_allow(METHODS);
    }
    let message = format!("There is nothing at {path}: cuc-mock serves /vmrest and /__mock\n");
    Outcome::outside_api(Payload::Raw {
        status: StatusCode::NOT_FOUND,
        content_type: TEXT,
        body: message.into(),
    })
}
