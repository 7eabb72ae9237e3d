//! A server in this process, and requests to it without a connection.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use axum::{
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::{runtime::Runtime, sync::watch, time::timeout};

use crate::{
    app::App,
    connection::{ConnectionHandle, Endpoint},
    http::Authentication,
    settings::Settings,
};

/// The longest time that a request may wait for others, as a long poll does.
const MAX_WAIT: Duration = Duration::from_millis(5);
/// The longest time for a request that does not wait.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);
/// `described:x`, a user whose space is `described` if it exists.
const USER: &str = "Basic ZGVzY3JpYmVkOng=";
const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8443);

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let builder = &mut tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
});

/// Returns a new server with the embedded seed.
pub(super) fn new_server(authentication: Authentication) -> App {
    let settings = Settings {
        authentication,
        seed: Some(1),
        journal: Some(10),
        ..Settings::default()
    };
    settings
        .build(ADDRESS.ip())
        .expect("the embedded seed is valid")
}

/// A request of an input.
pub(super) struct Line<'i> {
    pub(super) method: Method,
    pub(super) path: &'i str,
    pub(super) body: &'i [u8],
}

impl<'i> Line<'i> {
    /// Splits an input into requests: each is a line `METHOD PATH`, followed by the body. A line `%` separates them.
    pub(super) fn all(input: &'i [u8]) -> impl Iterator<Item = Self> {
        /// The maximum number of requests of an input.
        const MAX: usize = 8;
        let mut rest = Some(input);
        let parts = std::iter::from_fn(move || {
            let text = rest.take()?;
            let end = text.windows(3).position(|bytes| bytes == b"\n%\n");
            rest = end.map(|end| &text[end + 3..]);
            Some(&text[..end.unwrap_or(text.len())])
        });
        parts.take(MAX).filter_map(Self::read)
    }

    fn read(input: &'i [u8]) -> Option<Self> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let (line, body) = input.split_at(end.unwrap_or(input.len()));
        let (method, path) = str::from_utf8(line).ok()?.split_once(' ')?;
        path.starts_with('/').then_some(())?;
        Some(Self {
            method: method.parse().ok()?,
            path,
            body: body.get(1..).unwrap_or_default(),
        })
    }
}

/// Sends a request with credentials. Its format is that of its body. Returns the status and the body of the response, unless
/// the request waits for others or its path is no path.
pub(super) fn call(
    app: &App,
    method: Method,
    path: &str,
    body: &[u8],
) -> Option<(StatusCode, Bytes)> {
    let media_type = match body.trim_ascii_start().first() {
        Some(b'{' | b'[') => "application/json",
        _ => "application/xml",
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, ADDRESS.to_string())
        .header(header::AUTHORIZATION, USER)
        .header(header::ACCEPT, media_type)
        .header(header::CONTENT_TYPE, media_type)
        .body(Body::from(body.to_vec()))
        .ok()?;
    let limit = if path.starts_with("/__mock/requests") {
        MAX_WAIT
    } else {
        DEADLINE
    };
    let response = respond(app, request, limit)?;
    Some((response.status(), response.into_body()))
}

/// Returns the response, unless it takes longer than the limit.
pub(super) fn respond(
    app: &App,
    request: Request<Body>,
    limit: Duration,
) -> Option<Response<Bytes>> {
    let (_shutdown, receiver) = watch::channel(());
    let connection = ConnectionHandle::new(receiver, false);
    let endpoint = Endpoint {
        scheme: "http",
        address: ADDRESS,
    };
    RUNTIME.block_on(async {
        let response = timeout(limit, app.handle(endpoint, &connection, request))
            .await
            .ok()?;
        let (head, body) = response.into_parts();
        // A fault ends some bodies early.
        let body = body.collect().await.ok()?;
        Some(Response::from_parts(head, body.to_bytes()))
    })
}
