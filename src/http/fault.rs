//! What a fault makes of a request and its answer.

use std::mem;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, Method, header},
};
use http_body_util::{BodyExt, Collected};
use tokio::time::sleep;
use tracing::debug;

use super::{
    Answer, Reply,
    answer::TEXT,
    failure,
    reply::Encoded,
    slow_body::{Dribble, Unmeasured},
};
use crate::{
    connection::{ConnectionHandle, TruncateAfter, Truncation},
    faults::{self, Effect, Failure, Strike},
    schema::Provenance,
};

/// What the connection is told where the size of a chunk should stand.
const NO_SIZE: &[u8] = b"this is no size\r\n";

/// What comes of an answer.
pub(super) enum Outcome {
    /// It is sent.
    Sent(Encoded),
    /// As much of it is sent as the plan says.
    Cut(Encoded, Truncation),
    /// Nothing is sent: the connection breaks off, at once or when the server stops.
    Nothing { plan: Truncation, holds: bool },
}

/// The answer that a fault makes before the request does its work, or, if it is `handled`, after it.
pub(super) fn instead(strike: &Strike, handled: bool, is_vendors: bool) -> Option<Reply> {
    let (_, fault) = strike.hit.as_ref()?;
    let effect = fault.effect.as_ref()?;
    (effect.is_instead() && fault.handled == handled).then(|| made(effect, is_vendors))
}

/// The answer that a fault makes itself.
fn made(effect: &Effect, is_vendors: bool) -> Reply {
    match effect {
        Effect::Failure(failure) => failure::reply(*failure),
        Effect::Throttle { .. } => failure::reply(Failure::Busy),
        Effect::Answer(answer) => own(answer, is_vendors),
        _ => Reply::foreign(()),
    }
}

/// The user's own answer. Its headers are set last, in [`apply`].
fn own(answer: &faults::Answer, is_vendors: bool) -> Reply {
    let own = answer.response().expect("checked when the fault was made");
    let status = own.status();
    match is_vendors {
        true => {
            let answer = Answer::Other(status, TEXT, own.into_body());
            Reply::new(Provenance::Inferred, Ok(answer))
        }
        false => {
            let content_type = [(header::CONTENT_TYPE, TEXT)];
            Reply::foreign((status, content_type, own.into_body()))
        }
    }
}

/// Holds an answer back, and does to it what the fault says.
pub(super) async fn apply(
    strike: &Strike,
    method: &Method,
    told: Encoded,
    connection: &ConnectionHandle,
) -> Outcome {
    if !strike.delay.is_zero() {
        tokio::select! {
            () = sleep(strike.delay) => {}
            () = connection.wait_for_shutdown() => {}
        }
    }
    match &strike.hit {
        None => Outcome::Sent(told),
        Some((number, fault)) => {
            debug!(fault = number, "a fault hits this request");
            // In a box: few requests are hit.
            Box::pin(spoil(fault.effect.as_ref(), method, told)).await
        }
    }
}

async fn spoil(effect: Option<&Effect>, method: &Method, mut told: Encoded) -> Outcome {
    match effect {
        None | Some(Effect::Failure(_) | Effect::Throttle { .. }) => {}
        Some(Effect::NoAnswer) => return nothing(false, true),
        Some(Effect::Reset) => return nothing(true, false),
        Some(Effect::Close) => return nothing(false, false),
        Some(Effect::Answer(answer)) => {
            let own = answer.response().expect("checked when the fault was made");
            override_with(own.headers(), told.response.headers_mut());
        }
        Some(Effect::ContentType(value)) => {
            let value = HeaderValue::from_str(value).expect("checked when the fault was made");
            told.response
                .headers_mut()
                .insert(header::CONTENT_TYPE, value);
            told.remark();
        }
        Some(Effect::Truncate) => told = truncated(told).await,
        Some(Effect::Dribble { bytes, every }) => {
            let (told, body) = parted(told).await;
            let body = Body::new(Dribble::new(body, *bytes, *every));
            return Outcome::Sent(told.with_body(body));
        }
        Some(Effect::Cut { after, reset }) => return cut(told, method, *after, *reset).await,
        Some(Effect::MalformedChunk) => return in_chunks(told, method),
    }
    Outcome::Sent(told)
}

fn nothing(reset: bool, holds: bool) -> Outcome {
    let plan = Truncation {
        after: TruncateAfter::Nothing,
        replacement: Bytes::new(),
        reset,
    };
    Outcome::Nothing { plan, holds }
}

/// Sets the headers of the user's own in the place of others of their names.
fn override_with(own: &HeaderMap, headers: &mut HeaderMap) {
    for name in own.keys() {
        headers.remove(name);
    }
    for (name, value) in own {
        headers.append(name, value.clone());
    }
}

/// The whole body of an answer, which was made at once, and its head.
async fn parted(mut told: Encoded) -> (Encoded, Bytes) {
    let body = mem::take(told.response.body_mut());
    let body = body.collect().await.map(Collected::to_bytes);
    (told, body.unwrap_or_default())
}

async fn truncated(told: Encoded) -> Encoded {
    let content_type = told.response.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.map_or(&[][..], HeaderValue::as_bytes);
    let has_elements = [&b"application/xml"[..], b"application/json"]
        .iter()
        .any(|kind| content_type.starts_with(kind));
    if !has_elements {
        return told;
    }
    let (told, body) = parted(told).await;
    let end = inside_an_element(&body);
    let mut told = told.with_body(Body::from(body.slice(..end)));
    told.response.headers_mut().remove(header::CONTENT_LENGTH);
    told.remark();
    told
}

/// Where a document is cut in the middle of what stands between the first tag's beginning and its end.
fn inside_an_element(document: &[u8]) -> usize {
    let starts_element = |two: &[u8]| two[0] == b'<' && two[1] != b'?';
    let start = document.windows(2).position(starts_element).unwrap_or(0);
    let middle = start + (document.len() - start).div_ceil(2);
    let is_between = |&at: &usize| document.get(at).is_none_or(|byte| byte & 0xc0 != 0x80);
    (middle..document.len())
        .find(is_between)
        .unwrap_or(document.len().saturating_sub(1))
}

async fn cut(told: Encoded, method: &Method, after: u64, reset: bool) -> Outcome {
    let (told, body) = parted(told).await;
    let sent = match *method {
        Method::HEAD => 0,
        _ => body.len() as u64,
    };
    let plan = Truncation {
        after: TruncateAfter::Body(after.min(sent)),
        replacement: Bytes::new(),
        reset,
    };
    Outcome::Cut(told.with_body(Body::from(body)), plan)
}

/// An answer without a body has no chunks, and is sent as it is.
fn in_chunks(mut told: Encoded, method: &Method) -> Outcome {
    if method == Method::HEAD || told.response.body().is_end_stream() {
        return Outcome::Sent(told);
    }
    let plan = Truncation {
        after: TruncateAfter::Body(0),
        replacement: Bytes::from_static(NO_SIZE),
        reset: false,
    };
    told.response.headers_mut().remove(header::CONTENT_LENGTH);
    // Without a length the body is announced in chunks.
    let body = mem::take(told.response.body_mut());
    Outcome::Cut(told.with_body(Body::new(Unmeasured(body))), plan)
}
