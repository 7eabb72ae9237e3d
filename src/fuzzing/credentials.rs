//! Credentials and cookies.

use std::sync::LazyLock;

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;

use super::server::{DEADLINE, new_server, respond};
use crate::{
    app::App,
    http::{Authentication, Credentials},
};

/// The byte of an input that is replaced by the id of a session.
const SESSION: u8 = b'$';
/// The cookies that identify a session.
const COOKIES: [&str; 2] = ["JSESSIONIDSSO", "JSESSIONID"];

/// A server with one user, and the id of the user's session in the last of its cookies.
static SERVER: LazyLock<(App, String)> = LazyLock::new(|| {
    let app = new_server(Authentication::Users(vec![Credentials::new(
        "admin", "secret",
    )]));
    let mut request = new_request();
    let credentials = HeaderValue::from_static("Basic YWRtaW46c2VjcmV0");
    request
        .headers_mut()
        .insert(header::AUTHORIZATION, credentials);
    let response = respond(&app, request, DEADLINE).expect("it does not wait");
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let id = cookies.find_map(|cookie| cookie.strip_prefix("JSESSIONID="));
    let (id, _) = id.and_then(|id| id.split_once(';')).expect("a session");
    let id = id.to_owned();
    (app, id)
});

/// Sends the values of `Authorization` and `Cookie` headers, one a line, to a server with one user. A line that begins with
/// `C` is a cookie, and a `$` in it the id of the user's session.
///
/// # Panics
///
/// Panics if the user is admitted without the right credentials and the right session, or the response is a 500.
pub fn credentials(input: &[u8]) {
    let (app, id) = &*SERVER;
    let mut request = new_request();
    let (mut has_credentials, mut has_authorization, mut has_session) = (false, false, false);
    for line in input.split(|byte| *byte == b'\n') {
        let (name, value) = match line.split_first() {
            Some((b'C', cookie)) => (header::COOKIE, with_session(cookie, id)),
            _ => (header::AUTHORIZATION, line.to_vec()),
        };
        if name == header::COOKIE {
            has_session |= identifies(&value, id);
        } else {
            has_authorization = true;
            has_credentials |= are_right(&value);
        }
        let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(value)) else {
            return;
        };
        request.headers_mut().append(name, value);
    }
    let response = respond(app, request, DEADLINE).expect("it does not wait");
    // Credentials take precedence over a session.
    let is_right = has_credentials || (has_session && !has_authorization);
    match response.status() {
        StatusCode::OK => assert!(is_right),
        StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => {}
        status => panic!("{status}"),
    }
}

fn new_request() -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = "/vmrest/version".parse().expect("a path");
    request
}

fn with_session(cookie: &[u8], id: &str) -> Vec<u8> {
    let parts: Vec<_> = cookie.split(|byte| *byte == SESSION).collect();
    parts.join(id.as_bytes())
}

/// True if a value of `Cookie` has a cookie of the session.
fn identifies(value: &[u8], id: &str) -> bool {
    let value = String::from_utf8_lossy(value);
    COOKIES.iter().any(|name| {
        let cookies = [format!("{name}={id}"), format!("{name}=\"{id}\"")];
        cookies.iter().any(|cookie| value.contains(cookie))
    })
}

/// True if a word of a value of `Authorization` is the credentials of the user, with or without padding.
fn are_right(value: &[u8]) -> bool {
    let mut words = value.split(u8::is_ascii_whitespace);
    words.any(|word| {
        let end = word.iter().rposition(|byte| *byte != b'=');
        let mut padded = word[..end.map_or(0, |end| end + 1)].to_vec();
        padded.resize(padded.len().next_multiple_of(4), b'=');
        BASE64_STANDARD
            .decode(padded)
            .is_ok_and(|decoded| decoded == b"admin:secret")
    })
}
