//! Requests to a server in this process, without a connection.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::{runtime::Runtime, sync::watch, time::timeout};

use crate::{
    app::App,
    connection::{ConnectionHandle, Endpoint},
    http::{Authentication, Credentials},
    settings::Settings,
};

/// The longest time that a request may wait for others, as a long poll does.
const MAX_WAIT: Duration = Duration::from_millis(5);
const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8443);

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let builder = &mut tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
});

/// Sends a request to the control plane of a new server: a line `METHOD /path?query`, followed by the body.
///
/// # Panics
///
/// Panics if the response is a 500, or if an error has no message in JSON.
pub fn control(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n');
    let (line, body) = input.split_at(end.unwrap_or(input.len()));
    let Some((method, path)) = str::from_utf8(line)
        .ok()
        .and_then(|line| line.split_once(' '))
    else {
        return;
    };
    if !path.starts_with('/') {
        return;
    }
    let request = Request::builder()
        .method(method)
        .uri(format!("/__mock{path}"))
        .header(header::HOST, ADDRESS.to_string())
        .header(header::CONTENT_TYPE, "application/json");
    let Ok(request) = request.body(Body::from(body.get(1..).unwrap_or_default().to_vec())) else {
        return;
    };
    let app = server(Authentication::AnyUser);
    let Some((status, body)) = respond(&app, request) else {
        return;
    };
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_client_error() && !body.is_empty() {
        let error: serde_json::Value = serde_json::from_slice(&body).expect("an error is JSON");
        assert!(
            error["error"].as_str().is_some_and(|text| !text.is_empty()),
            "{error}"
        );
    }
}

/// Sends the values of `Authorization` and `Cookie` headers, one a line, to a server with one user. A line that begins with
/// `C` is a cookie.
///
/// # Panics
///
/// Panics if the user is admitted without the right credentials, or the response is a 500.
pub fn credentials(input: &[u8]) {
    static SERVER: LazyLock<App> = LazyLock::new(|| {
        server(Authentication::Users(vec![Credentials::new(
            "admin", "secret",
        )]))
    });
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = "/vmrest/version".parse().expect("a path");
    *request.method_mut() = Method::GET;
    let mut is_right = false;
    for line in input.split(|byte| *byte == b'\n') {
        let (name, value) = match line.split_first() {
            Some((b'C', cookie)) => (header::COOKIE, cookie),
            _ => (header::AUTHORIZATION, line),
        };
        is_right |= name == header::AUTHORIZATION && has_credentials(value);
        let Ok(value) = HeaderValue::from_bytes(value) else {
            return;
        };
        request.headers_mut().append(name, value);
    }
    let (status, _) = respond(&SERVER, request).expect("it does not wait");
    match status {
        StatusCode::OK => assert!(is_right),
        StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => {}
        _ => panic!("{status}"),
    }
}

/// True if a word of a value of `Authorization` is the credentials of the user, with or without padding.
fn has_credentials(value: &[u8]) -> bool {
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

fn server(authentication: Authentication) -> App {
    let settings = Settings {
        authentication,
        seed: Some(1),
        journal: Some(1),
        ..Settings::default()
    };
    settings
        .build(ADDRESS.ip())
        .expect("the embedded seed is valid")
}

/// Returns the status and the body of the response, unless the request waits for others.
fn respond(app: &App, request: Request<Body>) -> Option<(StatusCode, Bytes)> {
    let (_shutdown, receiver) = watch::channel(());
    let connection: Arc<ConnectionHandle> = ConnectionHandle::new(receiver, false);
    let endpoint = Endpoint {
        scheme: "http",
        address: ADDRESS,
    };
    RUNTIME.block_on(async {
        let response = timeout(MAX_WAIT, app.handle(endpoint, &connection, request))
            .await
            .ok()?;
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body");
        Some((status, body.to_bytes()))
    })
}
