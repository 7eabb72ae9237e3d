//! What is noted of a request: the journal, the coverage and the counts.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Bytes,
    http::{Uri, request::Parts},
    response::{IntoResponse, Response},
};
use tracing::{Level, enabled};

use super::{
    Line, Shared,
    fault::Outcome,
    log::{Noted, Unsent},
    reply::Remarks,
};
use crate::{
    journal::{Answered, Arrival, Entry, SentBody},
    space::Space,
};

/// The note of one request in the journal of its space, which ends with it, answered or not.
pub(super) struct Note {
    space: Arc<Space>,
    pub(super) entry: Arc<Entry>,
    #[cfg(feature = "cli")]
    shared: Arc<Shared>,
}

impl Note {
    pub(super) fn begin(
        #[cfg_attr(
            not(feature = "cli"),
            expect(unused_variables, reason = "it counts nothing")
        )]
        shared: &Arc<Shared>,
        space: &Arc<Space>,
        uri: &Uri,
        parts: &Parts,
        body: Option<&Bytes>,
    ) -> Self {
        let arrival = Arrival {
            time: space.records.clock.now(),
            started: Instant::now(),
            method: &parts.method,
            path: uri.path(),
            query: uri.query(),
            headers: &parts.headers,
            body: body.map_or(SentBody::NotRead, |body| SentBody::Received(body)),
        };
        Self {
            entry: space.journal.arrived(&arrival),
            space: Arc::clone(space),
            #[cfg(feature = "cli")]
            shared: Arc::clone(shared),
        }
    }

    /// What the request is called, in its space.
    pub(super) fn number(&self) -> u64 {
        self.entry.number
    }

    /// Notes what the handler touched, if it was asked at all.
    pub(super) fn touched(&self, response: &Response) {
        let touched = Remarks::of(response).and_then(|remarks| remarks.touched.as_ref());
        if let Some(touch) = touched {
            self.space.coverage.note(touch, response.status().as_u16());
        }
    }

    /// Notes what comes of the answer, and tells the connection; hands out what the log tells of it.
    pub(super) async fn send(self, outcome: Outcome, line: &Line) -> (Response, Option<Noted>) {
        let noted = self.noted();
        let response = match outcome {
            Outcome::Sent(response) => self.answered(response),
            Outcome::Cut(response, plan) => {
                line.plan(plan);
                self.answered(response)
            }
            Outcome::Nothing { plan, holds } => {
                drop(self);
                if holds {
                    line.stopped().await;
                }
                line.plan(plan);
                let mut response = ().into_response();
                response.extensions_mut().insert(Unsent);
                response
            }
        };
        (response, noted)
    }

    fn answered(self, response: Response) -> Response {
        let provenance = Remarks::of(&response).map(|remarks| remarks.provenance);
        let sent = Some((response.status(), response.headers()));
        let took = self.entry.started.elapsed();
        #[cfg(feature = "cli")]
        {
            let Entry { method, .. } = &*self.entry;
            let path = self.entry.path();
            let metrics = &self.shared.metrics;
            metrics.answered(method, path, response.status(), took);
        }
        let answered = Answered::new(sent, provenance, took);
        self.space.journal.answered(&self.entry, answered);
        response
    }

    /// What the log tells of it, if there is one.
    fn noted(&self) -> Option<Noted> {
        enabled!(Level::INFO).then(|| Noted {
            entry: Arc::clone(&self.entry),
            space: Arc::clone(&self.space),
        })
    }
}

impl Drop for Note {
    /// A client that went away is answered with nothing, as is one that a fault says so of.
    fn drop(&mut self) {
        if self.entry.answer().is_none() {
            let answered = Answered::new(None, None, self.entry.started.elapsed());
            self.space.journal.answered(&self.entry, answered);
        }
    }
}
