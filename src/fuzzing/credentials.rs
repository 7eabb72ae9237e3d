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

/// The cookies that identify a session, each with the byte of an input that is replaced by its value.
const COOKIES: [(&str, u8); 2] = [("JSESSIONIDSSO", b'#'), ("JSESSIONID", b'$')];

/// A server with one user, and the values of the cookies of the user's session.
static SERVER: LazyLock<(App, [String; 2])> = LazyLock::new(|| {
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
    let cookies: Vec<_> = cookies.filter_map(|cookie| cookie.to_str().ok()).collect();
    let ids = COOKIES.map(|(name, _)| {
        let mut values = cookies.iter().filter_map(|cookie| {
            let (found, value) = cookie.split_once('=')?;
            let (value, _) = value.split_once(';')?;
            (found == name).then(|| value.to_owned())
        });
        values.next().expect("a session")
    });
    (app, ids)
});

/// Sends the values of `Authorization` and `Cookie` headers, one a line, to a server with one user. A line that begins with
/// `C` is a cookie. A `#` and a `$` in it are the values of the cookies of the user's session.
///
/// # Panics
///
/// Panics if the user is admitted without the right credentials and the right session, or the response is a 500.
pub fn credentials(input: &[u8]) {
    let (app, ids) = &*SERVER;
    let mut request = new_request();
    let (mut has_credentials, mut has_authorization, mut has_session) = (false, false, false);
    for line in input.split(|byte| *byte == b'\n') {
        let (name, value) = match line.split_first() {
            Some((b'C', cookie)) => (header::COOKIE, with_session(cookie, ids)),
            _ => (header::AUTHORIZATION, line.to_vec()),
        };
        if name == header::COOKIE {
            has_session |= identifies(&value, ids);
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

fn with_session(cookie: &[u8], ids: &[String; 2]) -> Vec<u8> {
    let mut value = cookie.to_vec();
    for ((_, placeholder), id) in COOKIES.iter().zip(ids) {
        let parts: Vec<_> = value.split(|byte| byte == placeholder).collect();
        value = parts.join(id.as_bytes());
    }
    value
}

/// True if a value of `Cookie` has a cookie of the session.
fn identifies(value: &[u8], ids: &[String; 2]) -> bool {
    let value = String::from_utf8_lossy(value);
    COOKIES.iter().zip(ids).any(|((name, _), id)| {
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
