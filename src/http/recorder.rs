//! Records requests in the journal, the coverage, the metrics and the log.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderValue, Method, header, request::Parts},
    response::Response,
};

use super::{
    ServerState, faults::Interruption, headers::REQUEST_ID, log::LogLine, rejection::RejectionKind,
    response::EncodedResponse,
};
use crate::{
    journal::{Entry, RecordedBody, RecordedRequest, RecordedResponse, RecordedResponseBody},
    schema::ErrorRule,
    space::Space,
};

/// Records one request, from its arrival to its response. If it is dropped before that, it records that there was none.
pub(super) struct RequestRecorder<'s> {
    server: &'s ServerState,
    log: Option<LogLine>,
    arrival: Option<Arrival>,
}

/// A request in the journal of its space.
struct Arrival {
    space: Arc<Space>,
    entry: Arc<Entry>,
    /// The time of arrival, as an HTTP date.
    date: Bytes,
}

impl<'s> RequestRecorder<'s> {
    pub(super) fn begin(server: &'s ServerState, request: &Request) -> Self {
        Self {
            server,
            log: LogLine::begin(request),
            arrival: None,
        }
    }

    /// Adds a request to the journal of its space. `body` is `None` if it was not received.
    pub(super) fn record_request(
        &mut self,
        space: &Arc<Space>,
        parts: &Parts,
        body: Option<&Bytes>,
    ) -> Arc<Entry> {
        let (time, date) = space.records.clock.dated();
        let entry = space.journal.record_request(&RecordedRequest {
            space: &space.name,
            time,
            started: Instant::now(),
            method: &parts.method,
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &parts.headers,
            body: body.map_or(RecordedBody::NotRead, |body| RecordedBody::Received(body)),
        });
        self.arrival = Some(Arrival {
            space: Arc::clone(space),
            entry: Arc::clone(&entry),
            date,
        });
        entry
    }

    /// Adds the date and the id of the request to a response.
    pub(super) fn stamp(&self, response: &mut Response) {
        if let Some(arrival) = &self.arrival {
            let headers = response.headers_mut();
            headers.insert(header::DATE, date_header(arrival.date.clone()));
            headers.insert(REQUEST_ID, arrival.entry.number.into());
        }
    }

    /// Records the part of a resource that the handler used. `route` is the registered path of the request.
    pub(super) fn record_coverage(&self, route: Option<&Arc<str>>, response: &EncodedResponse) {
        if let (Some(arrival), Some((hit, status))) = (&self.arrival, &response.coverage) {
            let route = route.map(AsRef::as_ref);
            arrival.space.coverage.record(hit, status.as_u16(), route);
        }
    }

    /// Records the response, or that a fault suppressed it, and returns it. `route` is the registered path of the request.
    pub(super) fn finish(
        mut self,
        route: Option<&Arc<str>>,
        encoded: EncodedResponse,
        interruption: Option<&Interruption>,
    ) -> Response {
        let is_sent = !interruption.is_some_and(Interruption::suppresses_response);
        if let Some(arrival) = self.arrival.take() {
            let sent = is_sent.then_some(&encoded);
            let took = arrival.entry.started.elapsed();
            // The metrics come first: a client that waits for the journal entry then finds the request in them, too.
            #[cfg(feature = "cli")]
            if let Some(EncodedResponse { response, .. }) = sent {
                let method = &arrival.entry.method;
                let metrics = &self.server.metrics;
                metrics.record(method, route.cloned(), response.status(), took);
            }
            arrival.record_response(route, sent, took);
            if let Some(log) = self.log.take() {
                self.warn_if_not_implemented(&log, sent);
                log.write(&arrival.entry, &arrival.space, sent);
            }
        }
        encoded.response
    }

    /// Adds the date and the id of a request to the control plane to its response, and logs it. The date of the HTTP
    /// library would not follow a system clock that is set back.
    fn finish_control(mut self, mut response: Response) -> Response {
        let (_, date) = self.server.clock.dated();
        let id = self.server.control_request_ids.next();
        let headers = response.headers_mut();
        headers.insert(header::DATE, date_header(date));
        headers.insert(REQUEST_ID, id);
        if let Some(log) = self.log.take() {
            log.write_unrecorded(&response);
        }
        response
    }

    fn warn_if_not_implemented(&self, log: &LogLine, encoded: Option<&EncodedResponse>) {
        let rejection = encoded.and_then(|encoded| encoded.rejection.as_ref());
        const NOT_IMPLEMENTED: RejectionKind = RejectionKind::Rule(ErrorRule::NotImplemented, None);
        if rejection.is_some_and(|rejection| rejection.kind == NOT_IMPLEMENTED) {
            let paths = &self.server.unimplemented_paths;
            paths.warn_once(&log.method, &log.path);
        }
    }
}

fn date_header(date: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(date).expect("a date is ASCII")
}

impl Arrival {
    /// Adds the response to the journal and the coverage, or that there is none, and the time since the arrival.
    fn record_response(
        &self,
        route: Option<&Arc<str>>,
        encoded: Option<&EncodedResponse>,
        took: Duration,
    ) {
        let head = encoded.map(|encoded| (encoded.response.status(), encoded.response.headers()));
        let provenance = encoded.and_then(|encoded| encoded.provenance);
        let mut recorded = RecordedResponse::new(head, provenance, took);
        if let Some(encoded) = encoded {
            let rejection = encoded.rejection.as_ref();
            recorded.reason = rejection.map(|rejection| Box::new(rejection.reason()));
            recorded.inferred.clone_from(&encoded.inferred);
            recorded.body = self.recorded_body(encoded);
        }
        let coverage = &self.space.coverage;
        coverage.record_response(&self.entry, route, &recorded);
        self.space.journal.record_response(&self.entry, recorded);
    }

    /// Returns the body for the journal. A response to HEAD has none.
    fn recorded_body(&self, encoded: &EncodedResponse) -> Option<RecordedResponseBody> {
        let document = encoded.document.as_ref();
        let document = document.filter(|_| self.entry.method != Method::HEAD)?;
        if encoded.rejection.is_some() {
            return Some(RecordedResponseBody::of_rejection(document));
        }
        self.space.journal.response_body(document)
    }
}

impl Drop for RequestRecorder<'_> {
    /// Records that there is no response: the client disconnected, the server stopped, or a panic ended the request.
    fn drop(&mut self) {
        if let Some(arrival) = &self.arrival {
            arrival.record_response(None, None, arrival.entry.started.elapsed());
        }
        if let Some(log) = &self.log {
            log.write_aborted();
        }
    }
}

/// Calls the handler of a request to the control plane, and records it.
pub(crate) async fn record_control_request(
    server: &ServerState,
    request: Request,
    handler: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let recorder = RequestRecorder::begin(server, &request);
    let response = handler(request).await;
    recorder.finish_control(response)
}
