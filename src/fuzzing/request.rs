//! Requests to the vendor's API.

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use bytes::Bytes;

use super::server::{Line, call, new_server};
use crate::{app::App, http::Authentication};

static SERVER: LazyLock<App> = LazyLock::new(|| new_server(Authentication::AnyUser));

/// Sends requests to a server in its initial state. Reads each new object, and writes it as it was read.
///
/// # Panics
///
/// Panics if a response is a 5xx other than 501.
pub fn request(input: &[u8]) {
    let reset = call(&SERVER, Method::POST, "/__mock/reset", b"");
    assert_eq!(
        reset.map(|(status, _)| status),
        Some(StatusCode::NO_CONTENT)
    );
    for Line { method, path, body } in Line::all(input) {
        let path = format!("/vmrest{path}");
        let created = method == Method::POST;
        match send(method, &path, body) {
            Some((StatusCode::CREATED, path)) if created => read(&path),
            _ => {}
        }
    }
}

/// Sends a request, and returns the status and the body of its response.
fn send(method: Method, path: &str, body: &[u8]) -> Option<(StatusCode, Bytes)> {
    let (status, received) = call(&SERVER, method, path, body)?;
    let is_expected = !status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED;
    assert!(is_expected, "{status} from {path}");
    Some((status, received))
}

/// Reads the object at the path that a create returned, and sends it back.
fn read(path: &[u8]) {
    let Ok(path) = str::from_utf8(path) else {
        panic!("a path of bytes");
    };
    if let Some((StatusCode::OK, object)) = send(Method::GET, path, b"") {
        send(Method::PUT, path, &object);
    }
}
