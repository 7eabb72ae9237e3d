//! Access control.

use axum::{
    Extension,
    extract::{OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::ApiError;
use crate::http::{AccessDenial, StateExtension, drain_body};

/// The paths that need no access rights.
const OPEN_PATHS: [&str; 2] = ["/__mock/health", "/__mock/ca.pem"];

/// Rejects requests from clients without access to the control plane.
pub(super) async fn guard(
    Extension(server): StateExtension,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    if OPEN_PATHS.contains(&uri.path().trim_end_matches('/')) {
        return next.run(request).await;
    }
    let Err(denied) = server.control_access.check(request.headers()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let mut response = match denied {
        AccessDenial::Closed(reason) => {
            ApiError::new(StatusCode::FORBIDDEN, reason).into_response()
        }
        AccessDenial::Token(found) => {
            let error = format!(
                "found {found}, expected the one of --control-token, as Authorization: Bearer TOKEN"
            );
            let challenge = HeaderValue::from_static("Bearer");
            let error = ApiError::new(StatusCode::UNAUTHORIZED, error);
            ([(header::WWW_AUTHENTICATE, challenge)], error).into_response()
        }
    };
    drain_body(body, &parts.headers, &mut response);
    response
}
