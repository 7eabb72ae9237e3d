//! Receiving the body of a request within bounds.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::negotiate::sent_in;
use crate::{
    engine::{DecodeError, Element, Error},
    space::Space,
};

/// How long a refused body is still read, so that its sender gets to see the answer.
const LONGEST: Duration = Duration::from_secs(30);
/// How many bytes of it are.
const DRAINED: usize = 64 * 1024 * 1024;

/// A request that was let in.
#[derive(Debug)]
pub(crate) struct Received<'r> {
    pub(super) space: &'r Space,
    /// As it was sent, with a slash at its end if there was one.
    pub(super) uri: &'r Uri,
    pub(super) content_type: Option<&'r HeaderValue>,
    /// Nothing when it is no part of the vendor's API and the body was not taken.
    pub(super) body: Bytes,
}

impl Received<'_> {
    /// The members of the object that the body holds, in the format that its headers say.
    pub(super) fn members(&self, element: &str) -> Result<Vec<Element<'_>>, Error> {
        let malformed = |flaw: DecodeError| Error::malformed(&self.body, &flaw);
        if self.body.is_empty() {
            let message = format!("the body is empty, expected one {element}");
            return Err(malformed(DecodeError::new(0, message)));
        }
        let format = sent_in(self.content_type)?;
        format.read_object(&self.body, element).map_err(malformed)
    }
}

/// A response that does not wait for the body of its request, which is read and forgotten.
pub(crate) fn at_once(mut response: Response, headers: &HeaderMap, body: Body) -> Response {
    forget(body, waits_for_continue(headers), &mut response);
    response
}

/// The whole body, unless it is too large or too slow.
pub(crate) async fn receive(
    body: &mut Body,
    largest: usize,
    longest: Duration,
) -> Result<Bytes, Error> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = body.size_hint().lower();
    if announced > largest as u64 {
        return Err(Error::too_large(largest));
    }
    timeout(longest, gather(body, largest))
        .await
        .unwrap_or_else(|_| Err(Error::too_slow(longest.as_secs())))
}

async fn gather(body: &mut Body, largest: usize) -> Result<Bytes, Error> {
    let mut pieces = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|_| Error::broken_off())?.into_data() else {
            continue;
        };
        size += piece.len();
        if size > largest {
            return Err(Error::too_large(largest));
        }
        pieces.push(piece);
    }
    Ok(match pieces.len() {
        1 => pieces.remove(0),
        _ => pieces.concat().into(),
    })
}

/// Reads a body without keeping it, for a while, beside the response.
///
/// A client that `waits` for `100 Continue` has sent nothing yet and need not, and one that was too slow has had
/// its time: their connections end here.
pub(super) fn forget(mut body: Body, waits: bool, response: &mut Response) {
    if body.is_end_stream() {
        return;
    }
    if waits || response.status() == StatusCode::REQUEST_TIMEOUT {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return;
    }
    tokio::spawn(timeout(LONGEST, async move {
        let mut size = 0;
        while let Some(Ok(frame)) = body.frame().await {
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > DRAINED {
                break;
            }
        }
    }));
}

pub(super) fn waits_for_continue(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
