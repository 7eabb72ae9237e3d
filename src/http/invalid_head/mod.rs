//! Requests that are rejected before they exist: their head is invalid, too large, or did not arrive.

mod parts;
mod problem;

use std::{borrow::Cow, sync::Arc, time::Instant};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
};

use self::{
    parts::HeadParts,
    problem::{problem_of, size_problem},
};
use super::{ServerState, log::LogLine};
use crate::{
    connection::{BuffersFull, UnparsedHead},
    journal::{
        Entry, Reason, RecordedBody, RecordedRequest, RecordedResponse, RecordedResponseBody,
    },
    schema::Provenance,
    space::Space,
};

/// A request that is rejected because of its head.
#[derive(Debug)]
pub(crate) struct InvalidHead {
    pub(crate) head: UnparsedHead,
    /// The status of the response; `None` if there is none.
    pub(crate) status: Option<StatusCode>,
    pub(crate) cause: HeadError,
}

/// The cause of a rejection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HeadError {
    /// HTTP does not allow it.
    Malformed,
    /// It is larger than the limit, or has too many headers.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The buffers of the server have no room for it.
    NoMemory(BuffersFull),
}

impl HeadError {
    /// Returns the word in the journal.
    fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::NoMemory(_) => "busy",
        }
    }
}

/// Records an invalid head in the metrics, the journal of the default space and the log. `is_control` decides by its path
/// whether it belongs to the control plane, whose requests are only logged.
pub(crate) fn record_invalid_head(
    server: &ServerState,
    invalid: &InvalidHead,
    is_control: impl FnOnce(&str) -> bool,
) {
    let started = Instant::now();
    let parts = HeadParts::read(&invalid.head.bytes);
    let message = message(server, invalid);
    let mut entry = None;
    if !is_control(&parts.path) {
        #[cfg(feature = "cli")]
        if let Some(status) = invalid.status {
            let metrics = &server.metrics;
            metrics.record(&parts.method, None, status, started.elapsed());
        }
        let space = server.spaces.default();
        entry = Some(record(space, &parts, invalid, message.clone(), started));
    }
    if let Some(log) = LogLine::of_head(parts.method, &parts.path, started) {
        let number = entry.map(|entry| entry.number);
        log.write_invalid_head(number, invalid.status, &message);
    }
}

/// Adds the part of the request that was read to the journal, with its response.
fn record(
    space: &Space,
    parts: &HeadParts,
    invalid: &InvalidHead,
    message: Cow<'static, str>,
    started: Instant,
) -> Arc<Entry> {
    let (time, _) = space.records.clock.dated();
    let entry = space.journal.record_request(&RecordedRequest {
        space: &space.name,
        time,
        started,
        method: &parts.method,
        path: &parts.path,
        query: parts.query.as_deref(),
        headers: &parts.headers,
        body: RecordedBody::NotRead,
    });
    let no_headers = HeaderMap::new();
    let sent = invalid.status.map(|status| (status, &no_headers));
    let mut response = RecordedResponse::new(sent, None, started.elapsed());
    response.reason = Some(Box::new(Reason {
        kind: invalid.cause.as_str(),
        message: message.to_string(),
        without_quotations: message,
        quotes_path: false,
        provenance: Provenance::Inferred,
        field: None,
    }));
    response.body = invalid
        .status
        .map(|_| RecordedResponseBody::of_rejection(&Bytes::new()));
    space.journal.record_response(&entry, response);
    entry
}

/// Returns the reason, without any text of the request.
fn message(server: &ServerState, invalid: &InvalidHead) -> Cow<'static, str> {
    let limits = &server.limits;
    let UnparsedHead {
        bytes,
        follows_request,
    } = &invalid.head;
    match invalid.cause {
        HeadError::Malformed => {
            let problem = problem_of(bytes);
            if *follows_request {
                return format!("{problem}. It begins directly behind the body of another request: is the Content-Length of that one correct?").into();
            }
            problem
        }
        HeadError::TooLarge if invalid.status == Some(StatusCode::URI_TOO_LONG) => {
            "The target of the request is too long".into()
        }
        HeadError::TooLarge => size_problem(bytes, limits.header_size),
        HeadError::TooSlow => {
            let seconds = limits.header_time.as_secs();
            format!(
                "The head of the request did not arrive within {seconds} seconds (--header-timeout)"
            )
            .into()
        }
        HeadError::NoMemory(full) => format!("cuc-mock is busy: {full}").into(),
    }
}
