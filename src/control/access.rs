//! Access control.

use axum::{
    Extension,
    extract::{OriginalUri, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::ApiError;
use crate::{
    connection::Endpoint,
    http::{AccessDenial, StateExtension, drain_body},
};

/// The paths that need no access rights.
const OPEN_PATHS: [&str; 2] = ["/__mock/health", "/__mock/ca.pem"];
/// Headers of every response, which keep it out of the pages of other origins: a browser takes it neither for a
/// script or an image, nor for another type than its own.
pub(super) const PROTECTION: [(HeaderName, HeaderValue); 2] = [
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

/// Rejects requests from clients without access to the control plane, and protects the responses to the others.
pub(super) async fn guard(
    Extension(server): StateExtension,
    Extension(endpoint): Extension<Endpoint>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let is_open = OPEN_PATHS.contains(&uri.path().trim_end_matches('/'));
    let (parts, body) = request.into_parts();
    let access = server.check_control_access(&parts, endpoint);
    let mut response = match access {
        Err(denial) if !is_open => {
            let mut response = denial_response(denial);
            drain_body(body, &parts.headers, &mut response);
            response
        }
        _ => next.run(Request::from_parts(parts, body)).await,
    };
    response.headers_mut().extend(PROTECTION);
    response
}

fn denial_response(denial: AccessDenial) -> Response {
    match denial {
        AccessDenial::Forbidden(reason) => {
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
    }
}
