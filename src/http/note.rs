//! What is noted of a request: the journal, the coverage and the counts.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Bytes,
    http::{HeaderValue, request::Parts},
    response::{IntoResponse, Response},
};
use tracing::{Level, enabled};

use super::{
    Shared,
    fault::Outcome,
    log::Noted,
    reply::{Encoded, Remarks},
};
use crate::{
    connection::ConnectionHandle,
    engine::Error,
    journal::{Entry, RecordedBody, RecordedRequest, RecordedResponse},
    space::Space,
};

/// The note of one request in the journal of its space, which ends with it, answered or not.
pub(super) struct Note<'r> {
    space: &'r Arc<Space>,
    pub(super) entry: Arc<Entry>,
    date: Bytes,
    /// The route of the request, as it is written in the router.
    #[cfg(feature = "cli")]
    route: Option<&'static str>,
    #[cfg(feature = "cli")]
    shared: &'r Shared,
}

#[cfg_attr(
    not(feature = "cli"),
    expect(unused_variables, reason = "it counts nothing")
)]
impl<'r> Note<'r> {
    pub(super) fn begin(
        shared: &'r Shared,
        space: &'r Arc<Space>,
        route: Option<&'static str>,
        parts: &Parts,
        body: Option<&Bytes>,
    ) -> Self {
        let (time, date) = space.records.clock.dated();
        let arrival = RecordedRequest {
            time,
            started: Instant::now(),
            method: &parts.method,
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &parts.headers,
            body: body.map_or(RecordedBody::NotRead, |body| RecordedBody::Received(body)),
        };
        Self {
            entry: space.journal.record_request(&arrival),
            space,
            date,
            #[cfg(feature = "cli")]
            route,
            #[cfg(feature = "cli")]
            shared,
        }
    }

    /// When it arrived, as a date of HTTP.
    pub(super) fn date(&self) -> HeaderValue {
        let date = HeaderValue::from_maybe_shared(self.date.clone());
        date.expect("a date is ASCII")
    }

    /// What the request is called, in its space.
    pub(super) fn number(&self) -> u64 {
        self.entry.number
    }

    /// Notes what the handler touched, if it was asked at all.
    pub(super) fn touched(&self, told: &Encoded) {
        let remarks = told.remarks.as_ref();
        if let Some(touch) = remarks.and_then(|remarks| remarks.touched.as_ref()) {
            let status = told.response.status().as_u16();
            self.space.coverage.note(touch, status);
        }
    }

    /// Notes what comes of the answer, and tells the connection; hands out what the log tells of it.
    pub(super) async fn send(
        self,
        outcome: Outcome,
        connection: &ConnectionHandle,
    ) -> (Response, Option<Noted>) {
        let (told, plan) = match outcome {
            Outcome::Sent(told) => (told, None),
            Outcome::Cut(told, plan) => (told, Some(plan)),
            Outcome::Nothing { plan, holds } => {
                let noted = self.noted(None, false);
                drop(self);
                if holds {
                    connection.wait_for_shutdown().await;
                }
                connection.truncate(plan);
                return (().into_response(), noted);
            }
        };
        if let Some(plan) = plan {
            connection.truncate(plan);
        }
        let Encoded { response, remarks } = told;
        self.answered(&response, remarks.as_ref());
        let error = remarks.and_then(|remarks| remarks.error);
        (response, self.noted(error, true))
    }

    fn answered(&self, response: &Response, remarks: Option<&Remarks>) {
        let provenance = remarks.map(|remarks| remarks.provenance);
        let sent = Some((response.status(), response.headers()));
        let took = self.entry.started.elapsed();
        #[cfg(feature = "cli")]
        {
            let metrics = &self.shared.metrics;
            metrics.answered(&self.entry.method, self.route, response.status(), took);
        }
        let answered = RecordedResponse::new(sent, provenance, took);
        self.space.journal.record_response(&self.entry, answered);
    }

    /// What the log tells of it, if there is one.
    fn noted(&self, error: Option<Error>, is_sent: bool) -> Option<Noted> {
        enabled!(Level::WARN).then(|| Noted {
            entry: Arc::clone(&self.entry),
            space: Arc::clone(self.space),
            error,
            is_sent,
        })
    }
}

impl Drop for Note<'_> {
    /// A client that went away is answered with nothing, as is one that a fault says so of.
    fn drop(&mut self) {
        if self.entry.response().is_none() {
            let answered = RecordedResponse::new(None, None, self.entry.started.elapsed());
            self.space.journal.record_response(&self.entry, answered);
        }
    }
}
