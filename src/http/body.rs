//! Receives the bodies of requests within limits.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::rejection::Rejection;

/// The time for which a rejected body is drained, so that its sender reads the response.
const MAX_DRAIN_TIME: Duration = Duration::from_secs(30);
/// The number of bytes of a rejected body that are drained.
const MAX_DRAIN_SIZE: usize = 64 * 1024 * 1024;

/// Receives the complete body, unless it is larger than `max_size` or takes longer than `max_time`.
pub(crate) async fn receive_body(
    body: &mut Body,
    max_size: usize,
    max_time: Duration,
) -> Result<Bytes, Rejection> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = body.size_hint().lower();
    if announced > max_size as u64 {
        return Err(Rejection::too_large(max_size));
    }
    timeout(max_time, collect(body, max_size))
        .await
        .unwrap_or_else(|_| Err(Rejection::too_slow(max_time.as_secs())))
}

async fn collect(body: &mut Body, max_size: usize) -> Result<Bytes, Rejection> {
    let mut pieces = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Rejection::incomplete_body())?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        size += piece.len();
        if size > max_size {
            return Err(Rejection::too_large(max_size));
        }
        pieces.push(piece);
    }
    Ok(match pieces.len() {
        1 => pieces.remove(0),
        _ => pieces.concat().into(),
    })
}

/// Reads and discards a rejected body in the background, while the response is sent.
///
/// A client that expects `100 Continue` has not sent its body and need not, and one that was too slow has used up its
/// time: their connections are closed instead.
pub(crate) fn drain_body(mut body: Body, request: &HeaderMap, response: &mut Response) {
    if body.is_end_stream() {
        return;
    }
    if expects_continue(request) || response.status() == StatusCode::REQUEST_TIMEOUT {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return;
    }
    tokio::spawn(timeout(MAX_DRAIN_TIME, async move {
        let mut size = 0;
        while let Some(Ok(frame)) = body.frame().await {
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > MAX_DRAIN_SIZE {
                break;
            }
        }
    }));
}

fn expects_continue(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
