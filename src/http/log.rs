//! One line for each request, and the name of the request that the line and its answer share.

use std::{
    any::Any,
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method},
    response::Response,
};
use tracing::{Level, enabled, error, info};

use super::{Shared, unserved::warn_once};
use crate::{
    engine::{Error, Refusal},
    journal::{Entry, without_secrets},
    space::{DEFAULT_SPACE, Space},
};

/// What a request is called: its number in the journal of its space, and `control-N` on the control plane.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How much is logged of what a client calls its request.
const LONGEST_ID: usize = 128;

/// What was noted of a request.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(super) entry: Arc<Entry>,
    pub(super) space: Arc<Space>,
    /// Why it was refused.
    pub(super) error: Option<Error>,
    /// Whether it was answered: a fault may say that it is not.
    pub(super) is_sent: bool,
}

/// Counts the requests to the control plane, which no journal does.
#[derive(Debug, Default)]
pub(crate) struct ControlRequests(AtomicU64);

impl ControlRequests {
    /// Gives the answer to one of them its name.
    pub(crate) fn name(&self, response: &mut Response) {
        response.headers_mut().insert(REQUEST_ID, self.next_id());
    }

    fn next_id(&self) -> HeaderValue {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let id = HeaderValue::try_from(format!("control-{number}"));
        id.expect("a name and a number are ASCII")
    }
}

/// The line of one request, which is written when it is dropped.
pub(crate) struct LogLine {
    method: Method,
    path: String,
    /// What the client calls the request.
    client_id: Option<String>,
    began: Instant,
    is_ended: bool,
}

impl LogLine {
    /// Begins the line of a request, if there is a log.
    pub(crate) fn begin(request: &Request) -> Option<Self> {
        enabled!(Level::WARN).then(|| Self::of(request))
    }

    fn of(request: &Request) -> Self {
        let client_id = request.headers().get(REQUEST_ID);
        let client_id = client_id.and_then(|id| id.to_str().ok());
        Self {
            method: request.method().clone(),
            path: without_secrets(request.uri().path()).into_owned(),
            client_id: client_id.map(|id| id.chars().take(LONGEST_ID).collect()),
            began: Instant::now(),
            is_ended: false,
        }
    }

    /// Ends the line of a request that was answered, and writes it.
    pub(crate) fn end(mut self, shared: &Shared, response: &Response, noted: Option<&Noted>) {
        self.is_ended = true;
        let refused = noted.and_then(|noted| noted.error.as_ref());
        if refused.is_some_and(|error| error.refusal == Refusal::NotImplemented) {
            warn_once(&shared.unserved, &self.method, &self.path);
        }
        if !enabled!(Level::INFO) {
            return;
        }
        let is_sent = noted.is_none_or(|noted| noted.is_sent);
        let number = noted.map(|noted| noted.entry.number.to_string());
        let id = response.headers().get(REQUEST_ID);
        let request_id = number.as_deref().or(id.and_then(|id| id.to_str().ok()));
        let space = noted.map(|noted| &*noted.space.name);
        let reason = refused.filter(|_| is_sent);
        let reason = reason.map(|error| without_quotes(&error.message));
        let message = match is_sent {
            true => "answered",
            false => "not answered, as a fault said",
        };
        info!(
            request_id,
            method = self.method.as_str(),
            path = self.path,
            status = is_sent.then(|| response.status().as_u16()),
            duration_ms = self.milliseconds(),
            space = space.filter(|name| *name != DEFAULT_SPACE),
            fault = noted.and_then(|noted| noted.entry.fault.get().copied()),
            reason = reason.as_deref(),
            client_request_id = self.client_id,
            message
        );
    }

    /// How long it has taken, in thousandths.
    fn milliseconds(&self) -> f64 {
        (self.began.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
    }
}

impl Drop for LogLine {
    fn drop(&mut self) {
        if !self.is_ended {
            info!(
                method = self.method.as_str(),
                path = self.path,
                duration_ms = self.milliseconds(),
                client_request_id = self.client_id,
                "not answered: the client went away, or the server ended"
            );
        }
    }
}

/// A message without secrets, and without what it quotes of a body that could not be read: that may be one.
fn without_quotes(message: &str) -> Cow<'_, str> {
    let message = without_secrets(message);
    if !message.contains('"') {
        return message;
    }
    let mut shown = String::with_capacity(message.len());
    for (place, piece) in message.split('"').enumerate() {
        match place % 2 {
            0 => shown.push_str(piece),
            _ => shown.push_str("\"…\""),
        }
    }
    Cow::Owned(shown)
}

/// Logs what was thrown while a request was answered, and tells it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "whoever catches it has it in a box"
)]
pub(crate) fn panic_message(panic: Box<dyn Any + Send>) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    let message = message.unwrap_or("no message");
    error!(reason = message, "panicked while answering");
    message.to_owned()
}
