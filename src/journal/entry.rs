//! One request with its response, as the journal stores it.

use std::{
    str,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, StatusCode},
};
use jiff::Timestamp;

use super::{
    Reason,
    byte_budget::{ByteBudget, ReservedBytes},
};
use crate::{
    engine::{DocumentText, charset},
    schema::{Evidence, Provenance},
};

/// The maximum number of bytes of a body that are kept.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
/// The maximum number of bytes of the body of a response that is not a rejection.
const MAX_RESPONSE_BODY_BYTES: usize = 4 * 1024;

/// A request to be recorded.
#[derive(Debug)]
pub(crate) struct RecordedRequest<'a> {
    /// The name of the space that answers it.
    pub(crate) space: &'a Arc<str>,
    pub(crate) time: Timestamp,
    /// The arrival on the monotonic clock.
    pub(crate) started: Instant,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: RecordedBody<'a>,
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RecordedBody<'a> {
    Received(&'a [u8]),
    /// The request was rejected before its body was read, or the body could not be received.
    NotRead,
}

/// One request in a single allocation, and its response once there is one.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Counts from 1, in the order of arrival.
    pub(crate) number: u64,
    /// The name of the space that answered it.
    pub(crate) space: Arc<str>,
    pub(crate) time: Timestamp,
    pub(crate) method: Method,
    /// The arrival on the monotonic clock.
    pub(crate) started: Instant,
    /// The path, the query string, the headers, and the kept part of the body, concatenated.
    text: Box<[u8]>,
    path_end: usize,
    query_end: Option<usize>,
    headers_end: usize,
    /// The length of the whole body; `None` if it was not read.
    pub(crate) body_bytes: Option<usize>,
    /// The fault that hit it.
    pub(crate) fault: OnceLock<u64>,
    pub(super) response: OnceLock<RecordedResponse>,
}

/// A response to be recorded.
#[derive(Debug)]
pub(crate) struct RecordedResponse {
    /// `None` if no response was sent.
    pub(crate) status: Option<StatusCode>,
    /// `None` outside the vendor's API.
    pub(crate) provenance: Option<Provenance>,
    /// The fact that it relies on, if it is inferred and no rejection gives it.
    pub(crate) inferred: Option<Evidence>,
    pub(crate) duration: Duration,
    headers: Box<[u8]>,
    /// The reason for a rejection.
    pub(crate) reason: Option<Box<Reason>>,
    /// `None` if it is not kept.
    pub(crate) body: Option<RecordedResponseBody>,
}

/// The body of a response to be recorded.
#[derive(Debug)]
pub(crate) struct RecordedResponseBody {
    pub(super) kept: Bytes,
    /// The length of the whole body.
    pub(super) length: usize,
    /// The memory of a body that has a budget of its own.
    reserved: Option<ReservedBytes>,
}

impl RecordedResponseBody {
    /// Keeps the body of a rejection.
    pub(crate) fn of_rejection(body: &Bytes) -> Self {
        Self {
            kept: beginning(body, MAX_BODY_BYTES),
            length: body.len(),
            reserved: None,
        }
    }

    /// Keeps the body of another response, if the budget has room for it.
    pub(super) fn within(budget: &Arc<ByteBudget>, body: &Bytes) -> Option<Self> {
        let reserved = budget.reserve(body.len().min(MAX_RESPONSE_BODY_BYTES))?;
        Some(Self {
            kept: beginning(body, MAX_RESPONSE_BODY_BYTES),
            length: body.len(),
            reserved: Some(reserved),
        })
    }

    /// Returns the memory that it takes from the budget of all requests.
    fn bytes(&self) -> usize {
        if self.reserved.is_some() {
            return 0;
        }
        self.kept.len()
    }
}

/// Returns the beginning of a body, which is copied only if it is cut.
fn beginning(body: &Bytes, max: usize) -> Bytes {
    match body.get(..max) {
        Some(beginning) if body.len() > max => Bytes::copy_from_slice(beginning),
        _ => body.clone(),
    }
}

impl Entry {
    /// Creates an entry that has no number yet.
    pub(super) fn new(request: &RecordedRequest<'_>) -> Self {
        let path = request.path.as_bytes();
        let query = request.query.unwrap_or_default().as_bytes();
        let (body, body_bytes) = match request.body {
            RecordedBody::Received(body) => {
                (&body[..body.len().min(MAX_BODY_BYTES)], Some(body.len()))
            }
            RecordedBody::NotRead => (&[][..], None),
        };
        let headers = encoded_length(request.headers);
        let mut text = Vec::with_capacity(path.len() + query.len() + headers + body.len());
        text.extend_from_slice(path);
        let path_end = text.len();
        text.extend_from_slice(query);
        let query_end = text.len();
        encode_headers(request.headers, &mut text);
        let headers_end = text.len();
        text.extend_from_slice(body);
        Self {
            number: 0,
            space: Arc::clone(request.space),
            time: request.time,
            method: request.method.clone(),
            started: request.started,
            text: text.into(),
            path_end,
            query_end: request.query.map(|_| query_end),
            headers_end,
            body_bytes,
            fault: OnceLock::new(),
            response: OnceLock::new(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        text(self.path_bytes())
    }

    /// Returns whether another request has the same method and path.
    pub(super) fn has_head_of(&self, other: &Self) -> bool {
        self.method == other.method && self.path_bytes() == other.path_bytes()
    }

    pub(super) fn path_bytes(&self) -> &[u8] {
        &self.text[..self.path_end]
    }

    /// Returns the query string as it was sent, encoded.
    pub(crate) fn query(&self) -> Option<&str> {
        let end = self.query_end?;
        Some(text(&self.text[self.path_end..end]))
    }

    /// Returns the names, in lower case, and values of the headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let start = self.query_end.unwrap_or(self.path_end);
        decode_headers(&self.text[start..self.headers_end])
    }

    /// Returns the kept part of the body, as it was sent.
    pub(crate) fn body(&self) -> &[u8] {
        &self.text[self.headers_end..]
    }

    /// Returns the character encoding that the `Content-Type` names.
    pub(super) fn charset(&self) -> Option<String> {
        let mut headers = self.headers();
        let (_, content_type) = headers.find(|(name, _)| *name == "content-type")?;
        charset(content_type)
    }

    /// Returns the text of the kept part of the body.
    pub(super) fn body_text(&self) -> DocumentText<'_> {
        DocumentText::new(self.body(), self.charset().as_deref())
    }

    /// Returns whether only a part of the body is kept.
    pub(crate) fn is_body_cut(&self) -> bool {
        self.body_bytes.is_some_and(|sent| sent > self.body().len())
    }

    pub(crate) fn response(&self) -> Option<&RecordedResponse> {
        self.response.get()
    }

    /// Returns the reason for a rejection.
    pub(crate) fn reason(&self) -> Option<&Reason> {
        self.response()?.reason.as_deref()
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.response()?.status
    }

    /// Returns the memory that the entry takes.
    pub(super) fn bytes(&self) -> usize {
        /// The entry itself, its place in the journal, and the overhead of the allocator.
        const OVERHEAD: usize = size_of::<Entry>() + 64;
        OVERHEAD
            + self.method.as_str().len()
            + self.text.len()
            + self.response().map_or(0, RecordedResponse::bytes)
    }
}

impl RecordedResponse {
    /// Records the status and headers that are sent, or that no response is sent.
    pub(crate) fn new(
        sent: Option<(StatusCode, &HeaderMap)>,
        provenance: Option<Provenance>,
        duration: Duration,
    ) -> Self {
        let mut text = Vec::new();
        if let Some((_, headers)) = sent {
            text.reserve_exact(encoded_length(headers));
            encode_headers(headers, &mut text);
        }
        Self {
            status: sent.map(|(status, _)| status),
            provenance,
            inferred: None,
            duration,
            headers: text.into(),
            reason: None,
            body: None,
        }
    }

    /// Returns the names, in lower case, and values of the headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        decode_headers(&self.headers)
    }

    pub(super) fn bytes(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, |reason| reason.bytes());
        let body = self.body.as_ref().map_or(0, RecordedResponseBody::bytes);
        // Most responses share the text of their evidence.
        let inferred = self.inferred.as_ref();
        let inferred = inferred.map_or(0, |evidence| evidence.source().len());
        self.headers.len() + reason + body + inferred
    }
}

/// Separates the name of a header from its value. Names contain no colon.
const COLON: u8 = b':';
/// Ends each header. No header contains a newline.
const NEWLINE: u8 = b'\n';

fn encoded_length(headers: &HeaderMap) -> usize {
    let lines = headers.iter();
    lines
        .map(|(name, value)| name.as_str().len() + value.len() + 2)
        .sum()
}

fn encode_headers(headers: &HeaderMap, text: &mut Vec<u8>) {
    for (name, value) in headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.push(COLON);
        text.extend_from_slice(value.as_bytes());
        text.push(NEWLINE);
    }
}

fn decode_headers(encoded: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let lines = encoded.split(|&byte| byte == NEWLINE);
    lines.filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == COLON)?;
        Some((text(&line[..colon]), &line[colon + 1..]))
    })
}

/// Returns bytes as the text that they were before they were recorded.
fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}
