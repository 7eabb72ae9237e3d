//! Applies a fault to an encoded response.

use std::{mem, sync::Arc};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, Method, header},
};
use http_body_util::{BodyExt, Collected};
use tokio::time::sleep;
use tracing::debug;

use super::body::{ChunkedBody, SlowBody};
use crate::{
    connection::{BufferBudget, BuffersFull, ConnectionHandle, TruncateAfter, Truncation},
    engine::Format,
    faults::{Effect, Injection},
    http::{
        ServerState, headers::replace_headers, rejection::Rejection, response::EncodedResponse,
    },
};

/// The bytes in place of the size of a chunk.
const MALFORMED_SIZE: &[u8] = b"this is no size\r\n";

/// The end of a connection by a fault.
pub(in crate::http) struct Interruption {
    truncation: Truncation,
    /// Holds the connection until the server shuts down.
    hold: bool,
}

impl Interruption {
    /// Returns true if no part of the response is sent.
    pub(in crate::http) fn suppresses_response(&self) -> bool {
        matches!(self.truncation.after, TruncateAfter::Nothing)
    }
}

/// Interrupts the connection, now or when the server shuts down.
pub(in crate::http) async fn interrupt(
    connection: &ConnectionHandle,
    interruption: Option<Interruption>,
) {
    let Some(interruption) = interruption else {
        return;
    };
    if interruption.hold {
        connection.wait_for_shutdown().await;
    }
    connection.truncate(interruption.truncation);
}

/// Waits for the delay of the fault, and applies its effect. Returns the interruption of the connection, if any.
pub(in crate::http) async fn apply(
    server: &ServerState,
    injection: &Injection,
    method: &Method,
    encoded: &mut EncodedResponse,
    connection: &ConnectionHandle,
) -> Option<Interruption> {
    if !injection.delay.is_zero() {
        tokio::select! {
            () = sleep(injection.delay) => {}
            () = connection.wait_for_shutdown() => {}
        }
    }
    let (number, fault) = injection.hit.as_ref()?;
    debug!(fault = number, "applying a fault");
    let effect = fault.effect.as_ref()?;
    // Boxed, because few requests have a fault.
    Box::pin(apply_effect(server, effect, method, encoded)).await
}

async fn apply_effect(
    server: &ServerState,
    effect: &Effect,
    method: &Method,
    encoded: &mut EncodedResponse,
) -> Option<Interruption> {
    match effect {
        Effect::Busy | Effect::LockedOut | Effect::ReadOnly => {}
        Effect::TomcatError | Effect::LoginPage | Effect::Throttle { .. } => {}
        Effect::NoAnswer => return Some(end_connection(false, true)),
        Effect::Reset => return Some(end_connection(true, false)),
        Effect::Close => return Some(end_connection(false, false)),
        Effect::Answer(custom) => {
            let custom = custom
                .response()
                .expect("checked when the fault was created");
            replace_headers(encoded.response.headers_mut(), custom.headers());
        }
        Effect::ContentType(value) => {
            let value = HeaderValue::from_str(value).expect("checked when the fault was created");
            let headers = encoded.response.headers_mut();
            headers.insert(header::CONTENT_TYPE, value);
            encoded.mark_altered();
        }
        Effect::Truncate => truncate_document(&server.buffers, encoded).await,
        Effect::Dribble { bytes, every } => {
            let body = mem::take(encoded.response.body_mut());
            encoded.set_body(Body::new(SlowBody::new(body, *bytes, *every)));
        }
        Effect::Cut { after, reset } => return Some(cut(encoded, method, *after, *reset)),
        Effect::MalformedChunk => return malform_chunk(encoded, method),
    }
    None
}

/// Ends the connection before the first byte of the response.
fn end_connection(reset: bool, hold: bool) -> Interruption {
    Interruption {
        truncation: Truncation {
            after: TruncateAfter::Nothing,
            replacement: Bytes::new(),
            reset,
        },
        hold,
    }
}

/// Ends the connection after this number of bytes of the body.
fn end_body(after: u64, replacement: &'static [u8], reset: bool) -> Interruption {
    Interruption {
        truncation: Truncation {
            after: TruncateAfter::Body(after),
            replacement: Bytes::from_static(replacement),
            reset,
        },
        hold: false,
    }
}

/// Takes the complete body out of a response. It is counted, because it may have been a stream before.
async fn take_document(
    buffers: &Arc<BufferBudget>,
    encoded: &mut EncodedResponse,
) -> Result<Bytes, BuffersFull> {
    let body = mem::take(encoded.response.body_mut());
    let size = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let reservation = Arc::new(buffers.reserve(size)?);
    let collected = body.collect().await.map(Collected::to_bytes);
    Ok(reservation.hold_for(collected.unwrap_or_default()))
}

/// Ends an XML or JSON document inside an element. The response itself is complete.
async fn truncate_document(buffers: &Arc<BufferBudget>, encoded: &mut EncodedResponse) {
    let content_type = encoded.response.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.map_or(&[][..], HeaderValue::as_bytes);
    let is_document = [&b"application/xml"[..], b"application/json"]
        .iter()
        .any(|media_type| content_type.starts_with(media_type));
    if !is_document {
        return;
    }
    let format = match content_type.starts_with(b"application/json") {
        true => Format::Json,
        false => Format::Xml,
    };
    match take_document(buffers, encoded).await {
        Ok(document) => {
            let end = inside_an_element(&document);
            encoded.set_body(Body::from(document.slice(..end)));
            encoded.cut_document(end);
            encoded.mark_altered();
        }
        Err(full) => encoded.reject(Rejection::busy(full), format),
    }
}

/// Returns the middle between the beginning of the root element and the end of the document, at a character boundary.
fn inside_an_element(document: &[u8]) -> usize {
    let is_root = |pair: &[u8]| pair[0] == b'<' && pair[1] != b'?';
    let start = document.windows(2).position(is_root).unwrap_or(0);
    let middle = start + (document.len() - start).div_ceil(2);
    let is_boundary = |&at: &usize| document.get(at).is_none_or(|byte| byte & 0xc0 != 0x80);
    (middle..document.len())
        .find(is_boundary)
        .unwrap_or(document.len().saturating_sub(1))
}

/// Ends the connection after this number of bytes of the body, or after the whole body if it is shorter.
fn cut(encoded: &mut EncodedResponse, method: &Method, after: u64, reset: bool) -> Interruption {
    let length = if *method == Method::HEAD {
        0
    } else {
        encoded.response.body().size_hint().lower()
    };
    let sent = after.min(length);
    encoded.cut_document(usize::try_from(sent).unwrap_or(usize::MAX));
    end_body(sent, b"", reset)
}

/// Sends a malformed chunk in place of the body. A response without a body has no chunks, and does not change.
fn malform_chunk(encoded: &mut EncodedResponse, method: &Method) -> Option<Interruption> {
    if method == Method::HEAD || encoded.response.body().is_end_stream() {
        return None;
    }
    let body = mem::take(encoded.response.body_mut());
    encoded.set_body(Body::new(ChunkedBody(body)));
    encoded.document = None;
    Some(end_body(0, MALFORMED_SIZE, false))
}
