//! The responses of a server without the console.

use axum::{extract::Request, response::Response};

/// Returns false: without the console, browsers are clients like others.
pub(crate) fn is_page(_: &Request) -> bool {
    false
}

/// Returns no response.
pub(crate) fn respond(_: &Request, _: bool) -> Option<Response> {
    None
}
