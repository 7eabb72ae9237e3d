//! Letting in who may use the control plane.

use axum::{
    Extension,
    extract::{OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Refusal;
use crate::http::{AccessDenial, StateExtension, drain_body};

/// What of the control plane is open to all.
const ALWAYS_OPEN: [&str; 2] = ["/__mock/health", "/__mock/ca.pem"];

/// Lets those in who may use the control plane.
pub(super) async fn guard(
    Extension(shared): StateExtension,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    if ALWAYS_OPEN.contains(&uri.path().trim_end_matches('/')) {
        return next.run(request).await;
    }
    let Err(denied) = shared.control_access.check(request.headers()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let mut response = match denied {
        AccessDenial::Closed(reason) => Refusal::new(StatusCode::FORBIDDEN, reason).into_response(),
        AccessDenial::Token(found) => {
            let error = format!(
                "found {found}, expected the one of --control-token, as Authorization: Bearer TOKEN"
            );
            let challenge = HeaderValue::from_static("Bearer");
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, error);
            ([(header::WWW_AUTHENTICATE, challenge)], refusal).into_response()
        }
    };
    drain_body(body, &parts.headers, &mut response);
    response
}
