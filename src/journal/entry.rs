//! One request with its answer.

use std::{
    str,
    sync::OnceLock,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;

use crate::schema::Provenance;

/// How much of a body is kept.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// What arrives, before it is noted.
#[derive(Debug)]
pub(crate) struct RecordedRequest<'a> {
    pub(crate) time: Timestamp,
    /// The same, by a clock that nobody sets.
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
    /// The request was refused before its body was looked at, or the body could not be had.
    NotRead,
}

/// One request, in one piece of memory, with what is known of its answer.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Counts from 1, in the order of arrival.
    pub(crate) number: u64,
    pub(crate) time: Timestamp,
    pub(crate) method: Method,
    /// When it arrived, by a clock that nobody sets.
    pub(crate) started: Instant,
    /// The path, the query string, the headers, and the kept part of the body, one behind the other.
    text: Box<[u8]>,
    path_end: usize,
    query_end: Option<usize>,
    headers_end: usize,
    /// How long the whole body is; `None` when it was not read.
    pub(crate) body_bytes: Option<usize>,
    /// The fault that hit it.
    pub(crate) fault: OnceLock<u64>,
    pub(super) answer: OnceLock<RecordedResponse>,
}

/// The head of an answer.
#[derive(Debug)]
pub(crate) struct RecordedResponse {
    /// `None` when no answer was sent.
    pub(crate) status: Option<StatusCode>,
    pub(crate) provenance: Option<Provenance>,
    pub(crate) duration: Duration,
    headers: Box<[u8]>,
}

impl Entry {
    /// The entry of what arrived, which is still to be numbered.
    pub(super) fn new(arrival: &RecordedRequest<'_>) -> Self {
        let path = arrival.path.as_bytes();
        let query = arrival.query.unwrap_or_default().as_bytes();
        let (body, body_bytes) = match arrival.body {
            RecordedBody::Received(body) => {
                (&body[..body.len().min(LARGEST_BODY)], Some(body.len()))
            }
            RecordedBody::NotRead => (&[][..], None),
        };
        let headers = written_length(arrival.headers);
        let mut text = Vec::with_capacity(path.len() + query.len() + headers + body.len());
        text.extend_from_slice(path);
        let path_end = text.len();
        text.extend_from_slice(query);
        let query_end = text.len();
        write_headers(arrival.headers, &mut text);
        let headers_end = text.len();
        text.extend_from_slice(body);
        Self {
            number: 0,
            time: arrival.time,
            method: arrival.method.clone(),
            started: arrival.started,
            text: text.into(),
            path_end,
            query_end: arrival.query.map(|_| query_end),
            headers_end,
            body_bytes,
            fault: OnceLock::new(),
            answer: OnceLock::new(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        text(&self.text[..self.path_end])
    }

    /// The query string as it was sent, encoded.
    pub(crate) fn query(&self) -> Option<&str> {
        let end = self.query_end?;
        Some(text(&self.text[self.path_end..end]))
    }

    /// The names, in lower case, and values of the headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let start = self.query_end.unwrap_or(self.path_end);
        read_headers(&self.text[start..self.headers_end])
    }

    /// The body as it was sent, as far as it is kept.
    pub(crate) fn body(&self) -> &[u8] {
        &self.text[self.headers_end..]
    }

    /// Whether more was sent than is kept.
    pub(crate) fn is_body_cut(&self) -> bool {
        self.body_bytes.is_some_and(|sent| sent > self.body().len())
    }

    pub(crate) fn answer(&self) -> Option<&RecordedResponse> {
        self.answer.get()
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.answer()?.status
    }

    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        /// The entry itself, its place in the journal, and what the allocator adds.
        const BESIDES: usize = size_of::<Entry>() + 64;
        BESIDES
            + self.method.as_str().len()
            + self.text.len()
            + self.answer().map_or(0, RecordedResponse::bytes)
    }
}

impl RecordedResponse {
    /// What is sent, or that nothing is.
    pub(crate) fn new(
        sent: Option<(StatusCode, &HeaderMap)>,
        provenance: Option<Provenance>,
        duration: Duration,
    ) -> Self {
        let mut text = Vec::new();
        if let Some((_, headers)) = sent {
            text.reserve_exact(written_length(headers));
            write_headers(headers, &mut text);
        }
        Self {
            status: sent.map(|(status, _)| status),
            provenance,
            duration,
            headers: text.into(),
        }
    }

    /// The names, in lower case, and values of the headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        read_headers(&self.headers)
    }

    pub(super) fn bytes(&self) -> usize {
        self.headers.len()
    }
}

/// Stands between the name of a header and its value, and in neither of them.
const COLON: u8 = b':';
/// Stands behind each header, and in none.
const NEWLINE: u8 = b'\n';

fn written_length(headers: &HeaderMap) -> usize {
    let lines = headers.iter();
    lines
        .map(|(name, value)| name.as_str().len() + value.len() + 2)
        .sum()
}

fn write_headers(headers: &HeaderMap, text: &mut Vec<u8>) {
    for (name, value) in headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.push(COLON);
        text.extend_from_slice(value.as_bytes());
        text.push(NEWLINE);
    }
}

fn read_headers(written: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let lines = written.split(|&byte| byte == NEWLINE);
    lines.filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == COLON)?;
        Some((text(&line[..colon]), &line[colon + 1..]))
    })
}

/// What was text before it was noted.
fn text(noted: &[u8]) -> &str {
    str::from_utf8(noted).unwrap_or_default()
}
