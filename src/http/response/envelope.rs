//! The response to a rejected request: its status and the vendor's error envelope.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

use super::{HTML, content_type};
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
        let described = self.description.as_ref();
        if let Some(status) = described.and_then(|description| description.status) {
            return status_code(status);
        }
        match self.kind {
            RejectionKind::Rule(rule, verb) => status_code(rule.content(verb).status),
            RejectionKind::Unauthorized => StatusCode::UNAUTHORIZED,
            RejectionKind::Forbidden => StatusCode::FORBIDDEN,
            RejectionKind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            RejectionKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            RejectionKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RejectionKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RejectionKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            RejectionKind::Unavailable | RejectionKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the code in the envelope. There is none in the page of the servlet container.
    fn code(&self) -> Option<&str> {
        let described = self.description.as_ref();
        if let Some(code) = described.and_then(|description| description.code.as_deref()) {
            return Some(code);
        }
        if let Some(code) = self.code {
            return Some(code);
        }
        Some(match self.kind {
            RejectionKind::Unauthorized => return None,
            RejectionKind::Rule(rule, verb) => rule.content(verb).code,
            RejectionKind::Forbidden => "FORBIDDEN",
            RejectionKind::NotAcceptable => "NOT_ACCEPTABLE",
            RejectionKind::TooSlow => "REQUEST_TIMEOUT",
            RejectionKind::TooLarge => "PAYLOAD_TOO_LARGE",
            RejectionKind::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            RejectionKind::Internal => "INTERNAL_ERROR",
            RejectionKind::Unavailable | RejectionKind::Busy => "SERVICE_UNAVAILABLE",
        })
    }
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("the status of an error is checked")
}

/// Returns the body of the response to a rejected request, and sets its headers.
pub(super) fn encode(rejection: &Rejection, format: Format, headers: &mut HeaderMap) -> Bytes {
    let Some(code) = rejection.code() else {
        return challenge(rejection, headers);
    };
    headers.insert(header::CONTENT_TYPE, content_type(format));
    if rejection.kind == RejectionKind::Busy {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    format.error(code, &rejection.message)
}

/// The vendor's servlet container rejects missing credentials before the API is reached.
fn challenge(rejection: &Rejection, headers: &mut HeaderMap) -> Bytes {
    headers.insert(header::CONTENT_TYPE, HTML);
    headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
    error_page(rejection.status(), "Unauthorized", &rejection.message).into()
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
