//! What a refusal looks like: the one place that knows its status codes and the vendor's envelope.

use axum::http::{HeaderValue, StatusCode, header};

use super::answer::{Content, content_type};
use crate::{
    engine::{Error, Format, Refusal},
    faults::HTML,
};

const CHALLENGE: &str = "Basic realm=\"Cisco Unity Connection\"";

/// What answers a refusal.
pub(super) fn encode(error: &Error, format: Format) -> Content {
    let (status, code) = match error.refusal {
        Refusal::InvalidData => (StatusCode::BAD_REQUEST, "DATA_EXCEPTION"),
        Refusal::NotFound | Refusal::NotImplemented => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Refusal::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN"),
        Refusal::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
        Refusal::NotAcceptable => (StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE"),
        Refusal::TooSlow => (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
        Refusal::UnsupportedMediaType => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
        }
        Refusal::Unavailable | Refusal::Busy => {
            (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE")
        }
        Refusal::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        Refusal::Unauthorized => return challenge(&error.message),
    };
    let body = format.error(code, &error.message);
    let content = Content::new(status, content_type(format), body);
    match error.refusal {
        Refusal::Busy => content.with(header::RETRY_AFTER, HeaderValue::from_static("1")),
        _ => content,
    }
}

/// The vendor's servlet container challenges, before the API is reached.
fn challenge(message: &str) -> Content {
    const STATUS: StatusCode = StatusCode::UNAUTHORIZED;
    let challenge = HeaderValue::from_static(CHALLENGE);
    Content::new(STATUS, HTML, page(STATUS, "Unauthorized", message))
        .with(header::WWW_AUTHENTICATE, challenge)
}

/// Tomcat's own page.
pub(super) fn page(status: StatusCode, message: &str, description: &str) -> String {
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
