//! The response to a rejected request: its status and the vendor's error envelope.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{HTML, body::set_body, content_type};
use crate::{
    engine::Format,
    http::rejection::{Rejection, RejectionKind},
};

const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"Cisco Unity Connection\"");
/// The number of seconds after which a busy server may have room.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

impl Rejection {
    /// Returns the status of the response.
    pub(crate) fn status(&self) -> StatusCode {
        match self.kind {
            RejectionKind::InvalidData => StatusCode::BAD_REQUEST,
            RejectionKind::Unauthorized => StatusCode::UNAUTHORIZED,
            RejectionKind::Forbidden => StatusCode::FORBIDDEN,
            RejectionKind::NotFound | RejectionKind::NotImplemented => StatusCode::NOT_FOUND,
            RejectionKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            RejectionKind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            RejectionKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            RejectionKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RejectionKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RejectionKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            RejectionKind::Unavailable | RejectionKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the code in the envelope. There is none in the page of the servlet container.
    fn code(&self) -> Option<&'static str> {
        Some(match self.kind {
            RejectionKind::Unauthorized => return None,
            RejectionKind::InvalidData => "DATA_EXCEPTION",
            RejectionKind::Forbidden => "FORBIDDEN",
            RejectionKind::NotFound | RejectionKind::NotImplemented => "NOT_FOUND",
            RejectionKind::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            RejectionKind::NotAcceptable => "NOT_ACCEPTABLE",
            RejectionKind::TooSlow => "REQUEST_TIMEOUT",
            RejectionKind::TooLarge => "PAYLOAD_TOO_LARGE",
            RejectionKind::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            RejectionKind::Internal => "INTERNAL_ERROR",
            RejectionKind::Unavailable | RejectionKind::Busy => "SERVICE_UNAVAILABLE",
        })
    }
}

/// Completes the response to a rejected request.
pub(super) fn encode(rejection: &Rejection, format: Format, response: &mut Response) {
    let Some(code) = rejection.code() else {
        return challenge(rejection, response);
    };
    let body = format.error(code, &rejection.message);
    set_body(response, content_type(format), body);
    if rejection.kind == RejectionKind::Busy {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
}

/// The vendor's servlet container rejects missing credentials before the API is reached.
fn challenge(rejection: &Rejection, response: &mut Response) {
    let page = error_page(rejection.status(), "Unauthorized", &rejection.message);
    set_body(response, HTML, page);
    let headers = response.headers_mut();
    headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
}

/// Returns an error page of Tomcat.
pub(in crate::http) fn error_page(status: StatusCode, message: &str, description: &str) -> String {
    let code = status.as_u16();
    let reason = status.canonical_reason().unwrap_or_default();
    format!(
        "<html><head><title>Error report</title></head><body>\
         <h1>HTTP Status {code} - {reason}</h1>\
         <p><b>type</b> Status report</p>\
         <p><b>message</b> {message}</p>\
         <p><b>description</b> {description}</p>\
         </body></html>"
    )
}
