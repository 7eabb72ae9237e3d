//! What a refusal looks like: the one place that knows status codes and the vendor's envelope.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::answer::{HTML, PROVENANCE, XML};
use crate::engine::{Error, Refusal, xml};

const CHALLENGE: &str = "Basic realm=\"Cisco Unity Connection\"";

/// The response that answers a refusal.
pub(crate) fn refuse(error: &Error) -> Response {
    let (status, code) = match error.refusal {
        Refusal::InvalidData => (StatusCode::BAD_REQUEST, "DATA_EXCEPTION"),
        Refusal::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Refusal::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
        Refusal::TooSlow => (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
        Refusal::UnsupportedMediaType => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
        }
        Refusal::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        Refusal::Unauthorized => return marked(error, challenge(&error.message)),
    };
    let body = xml::error(code, &error.message);
    let content_type = [(header::CONTENT_TYPE, XML)];
    marked(error, (status, content_type, body).into_response())
}

/// Tomcat's own page: the vendor's servlet container challenges, before the API is reached.
fn challenge(message: &str) -> Response {
    let page = format!(
        "<html><head><title>Error report</title></head><body>\
         <h1>HTTP Status 401 - Unauthorized</h1>\
         <p><b>type</b> Status report</p>\
         <p><b>message</b> Unauthorized</p>\
         <p><b>description</b> {message}</p>\
         </body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, HTML),
        (header::WWW_AUTHENTICATE, CHALLENGE),
    ];
    (StatusCode::UNAUTHORIZED, headers, page).into_response()
}

fn marked(error: &Error, mut response: Response) -> Response {
    let mark = HeaderValue::from_static(error.provenance.as_str());
    response.headers_mut().insert(PROVENANCE, mark);
    // For the log, which tells the reason in words.
    response.extensions_mut().insert(error.clone());
    response
}
