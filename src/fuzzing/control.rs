//! Requests to the control plane.

use axum::http::StatusCode;

use super::server::{Line, call, new_server};
use crate::http::Authentication;

/// Sends requests to a new server: paths below `/vmrest` belong to the API, and all others to the control plane.
///
/// # Panics
///
/// Panics if a response of the control plane is a 500, or if an error has no message in JSON.
pub fn control(input: &[u8]) {
    let app = new_server(Authentication::AnyUser);
    for Line { method, path, body } in Line::all(input) {
        if path.starts_with("/vmrest") {
            // A fault may delay the response, or let it be any.
            call(&app, method, path, body);
        } else if let Some((status, body)) = call(&app, method, &format!("/__mock{path}"), body) {
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR);
            if status.is_client_error() && !body.is_empty() {
                check_message(&body);
            }
        }
    }
}

fn check_message(body: &[u8]) {
    let error: serde_json::Value = serde_json::from_slice(body).expect("an error is JSON");
    let message = error["error"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "{error}");
}
