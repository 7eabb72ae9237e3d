//! Letting in who may use the control plane.

use axum::{
    Extension,
    extract::{OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Refusal;
use crate::http::{Denied, InServer, at_once};

/// What of the control plane is open to all.
const ALWAYS_OPEN: [&str; 2] = ["/__mock/health", "/__mock/ca.pem"];

/// Lets those in who may use the control plane.
pub(super) async fn guard(
    Extension(shared): InServer,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    if ALWAYS_OPEN.contains(&uri.path().trim_end_matches('/')) {
        return next.run(request).await;
    }
    let Err(denied) = shared.control.check(request.headers()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let response = match denied {
        Denied::Closed(reason) => Refusal::new(StatusCode::FORBIDDEN, reason).into_response(),
        Denied::Token(found) => {
            let error = format!(
                "found {found}, expected the one of --control-token, as Authorization: Bearer TOKEN"
            );
            let challenge = HeaderValue::from_static("Bearer");
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, error);
            ([(header::WWW_AUTHENTICATE, challenge)], refusal).into_response()
        }
    };
    at_once(response, &parts.headers, body)
}
