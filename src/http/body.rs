//! Receives the bodies of requests within limits.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::{ServerState, rejection::Rejection};
use crate::connection::{BuffersFull, Reservation};

/// The time for which a rejected body is drained, so that its sender reads the response.
const MAX_DRAIN_TIME: Duration = Duration::from_secs(30);
/// The number of bytes of a rejected body that are drained.
const MAX_DRAIN_SIZE: usize = 64 * 1024 * 1024;

/// Receives the complete body of a request, within the limits of the server and up to `max_size`.
pub(crate) async fn receive_body(
    server: &ServerState,
    body: &mut Body,
    max_size: usize,
) -> Result<Bytes, Rejection> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let buffer = BodyBuffer::new(server, max_size);
    buffer.check_size(body.size_hint().lower())?;
    let max_time = server.limits.body_time;
    timeout(max_time, buffer.receive(body))
        .await
        .unwrap_or_else(|_| Err(Rejection::too_slow(max_time.as_secs())))
}

/// Collects the pieces of a body.
struct BodyBuffer {
    max_size: usize,
    /// The size of the body that fits into all buffers beside the connection's two input buffers, if it is lower than `max_size`.
    max_memory: Option<usize>,
    bytes: Vec<u8>,
    reservation: Reservation,
}

impl BodyBuffer {
    fn new(server: &ServerState, max_size: usize) -> Self {
        let ServerState {
            buffers, limits, ..
        } = server;
        let max_memory = buffers.max().saturating_sub(2 * limits.input_size());
        Self {
            max_size,
            max_memory: Some(max_memory).filter(|max| *max < max_size),
            bytes: Vec::new(),
            reservation: buffers.empty_reservation(),
        }
    }

    /// Receives the rest of a body. A body that arrives at once is not copied.
    async fn receive(mut self, body: &mut Body) -> Result<Bytes, Rejection> {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match BuffersFull::find(&error) {
                Some(full) => Rejection::busy(full),
                None => Rejection::incomplete_body(),
            })?;
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            self.check_size((self.bytes.len() + piece.len()) as u64)?;
            if self.bytes.is_empty() && body.is_end_stream() {
                return Ok(piece);
            }
            // A piece may keep a whole buffer of the connection alive, so even a small one is copied.
            self.append(&piece)?;
        }
        Ok(Arc::new(self.reservation).hold_for(self.bytes))
    }

    fn check_size(&self, size: u64) -> Result<(), Rejection> {
        match self.max_memory {
            Some(max) if size > max as u64 => Err(Rejection::exceeds_buffers(max)),
            _ if size > self.max_size as u64 => Err(Rejection::too_large(self.max_size)),
            _ => Ok(()),
        }
    }

    /// Appends a piece. The buffer grows as bytes arrive, whatever length the client has announced.
    fn append(&mut self, piece: &[u8]) -> Result<(), Rejection> {
        let size = self.bytes.len() + piece.len();
        self.reservation.grow_to(size).map_err(Rejection::busy)?;
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
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
    let drain = timeout(MAX_DRAIN_TIME, async move {
        let mut size = 0;
        while let Some(Ok(frame)) = body.frame().await {
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > MAX_DRAIN_SIZE {
                break;
            }
        }
    });
    // Boxed, as every task (`server::run`).
    tokio::spawn(drain.map(drop).boxed());
}

fn expects_continue(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
