//! The log line of a request.

use std::time::Instant;

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    response::Response,
};
use tracing::{Level, enabled, error, info};

use super::{headers::REQUEST_ID, response::EncodedResponse};
use crate::{
    engine::shorten_to,
    journal::{Entry, MASK, holds_secret, path_without_secrets},
    space::{DEFAULT_SPACE, Space},
};

/// The maximum number of characters of a path in the log.
const MAX_PATH_LENGTH: usize = 1_024;
/// The maximum number of characters of a client's own request id in the log.
const MAX_CLIENT_ID_LENGTH: usize = 128;

/// The log line of a request, from its arrival.
pub(super) struct LogLine {
    pub(super) method: Method,
    /// Without secrets, and shortened.
    pub(super) path: String,
    client_id: Option<String>,
    started: Instant,
}

impl LogLine {
    /// Begins the line of a request, unless logging is off.
    pub(super) fn begin(request: &Request) -> Option<Self> {
        enabled!(Level::WARN).then(|| Self::new(request))
    }

    fn new(request: &Request) -> Self {
        let client_id = request.headers().get(REQUEST_ID);
        let client_id = client_id.and_then(|id| id.to_str().ok());
        Self {
            method: request.method().clone(),
            path: shorten_to(&path_without_secrets(request.uri().path()), MAX_PATH_LENGTH)
                .into_owned(),
            client_id: client_id.map(logged_id),
            started: Instant::now(),
        }
    }

    /// Begins the line of a request with an invalid head, unless logging is off.
    pub(super) fn of_head(method: Method, path: &str, started: Instant) -> Option<Self> {
        enabled!(Level::INFO).then(|| Self {
            method,
            path: shorten_to(&path_without_secrets(path), MAX_PATH_LENGTH).into_owned(),
            client_id: None,
            started,
        })
    }

    /// Logs a request to the API, and the response unless a fault suppressed it.
    pub(super) fn write(&self, entry: &Entry, space: &Space, encoded: Option<&EncodedResponse>) {
        if !enabled!(Level::INFO) {
            return;
        }
        let rejection = encoded.and_then(|encoded| encoded.rejection.as_ref());
        let reason = rejection.map(|rejection| &*rejection.reason);
        let message = if encoded.is_some() {
            "response sent"
        } else {
            "no response: a fault suppressed it"
        };
        info!(
            request_id = entry.number.to_string(),
            method = self.method.as_str(),
            path = self.path,
            status = encoded.map(|encoded| encoded.response.status().as_u16()),
            duration_ms = self.milliseconds(),
            space = Some(&*space.name).filter(|name| *name != DEFAULT_SPACE),
            fault = entry.fault.get().copied(),
            reason,
            client_request_id = self.client_id,
            message
        );
    }

    /// Logs a request that is not in a journal.
    pub(super) fn write_unrecorded(&self, response: &Response) {
        let id = response.headers().get(REQUEST_ID);
        info!(
            request_id = id.and_then(|id| id.to_str().ok()),
            method = self.method.as_str(),
            path = self.path,
            status = response.status().as_u16(),
            duration_ms = self.milliseconds(),
            client_request_id = self.client_id,
            "response sent"
        );
    }

    /// Logs a request that was rejected because of its head. `number` is the one in the journal.
    pub(super) fn write_invalid_head(
        &self,
        number: Option<u64>,
        status: Option<StatusCode>,
        reason: &str,
    ) {
        let message = if status.is_some() {
            "response sent: the head of the request is invalid"
        } else {
            "no response: the head of the request is invalid"
        };
        info!(
            request_id = number.map(|number| number.to_string()),
            method = self.method.as_str(),
            path = self.path,
            status = status.map(|status| status.as_u16()),
            duration_ms = self.milliseconds(),
            reason,
            message
        );
    }

    /// Logs a request whose client did not wait for the response.
    pub(super) fn write_aborted(&self) {
        info!(
            method = self.method.as_str(),
            path = self.path,
            duration_ms = self.milliseconds(),
            client_request_id = self.client_id,
            "no response: the client disconnected, or the server stopped"
        );
    }

    /// Returns the time since the arrival in milliseconds, with three decimals.
    fn milliseconds(&self) -> f64 {
        (self.started.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
    }
}

/// Returns a client's own request id for the log.
fn logged_id(id: &str) -> String {
    match holds_secret(id) {
        true => MASK.to_owned(),
        false => shorten_to(id, MAX_CLIENT_ID_LENGTH).into_owned(),
    }
}

/// Logs a panic in a handler, without its message: it may quote a request. The panic hook logs its place.
pub(crate) fn log_panic() {
    error!("a request handler panicked");
}
