//! The responses that relied on inferred facts.

use std::{fmt, mem, sync::Arc};

use axum::http::StatusCode;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::{
    engine::shorten,
    journal::{Entry, RecordedResponse, path_without_secrets},
};

/// The maximum number of different responses that a space keeps. Further ones are counted.
const MAX_RESPONSES: usize = 100;
/// The maximum number of different responses in a report on several spaces.
const MAX_LISTED: usize = 1_000;

/// A response that relied on an inferred fact, and not on a documented or captured one. Requests that differ only in the
/// parameters of the path, and met the same rule, are counted together.
///
/// Its text is a line such as `#3 POST /vmrest/tenants, answered with 400, 2 times: Invalid parameter. …`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InferredResponse {
    /// The name of the space.
    pub space: String,
    /// The number of the first such request in the journal.
    pub number: u64,
    /// The method of the request.
    pub method: String,
    /// The path of the first such request.
    pub path: String,
    /// The status of the response.
    pub status: u16,
    /// The inferred fact: the evidence for the response, or the rule that rejected the request.
    pub rule: String,
    /// The number of such requests.
    pub count: u64,
}

impl fmt::Display for InferredResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            method,
            path,
            status,
            rule,
            count,
            ..
        } = self;
        write!(f, "#{number} {method} {path}, answered with {status}")?;
        if *count > 1 {
            write!(f, ", {count} times")?;
        }
        write!(f, ": {rule}")
    }
}

/// The responses of a space that relied on inferred facts. Other responses take no lock.
#[derive(Debug, Default)]
pub(super) struct InferredResponses(Mutex<Responses>);

/// A number of responses.
#[derive(Clone, Debug, Default)]
pub(super) struct Responses {
    pub(super) listed: Vec<Response>,
    /// The number of responses that are not listed.
    pub(super) omitted: u64,
}

/// A kind of response, and the first request that got it.
#[derive(Clone, Debug)]
pub(super) struct Response {
    space: Arc<str>,
    number: u64,
    method: Box<str>,
    /// The registered path of the route, or the path of the request if it has no route.
    route: Arc<str>,
    path: Box<str>,
    status: StatusCode,
    rule: Box<str>,
    count: u64,
}

impl InferredResponses {
    /// Records a response if it was sent and relied on an inferred fact. `route` is the registered path of the request.
    pub(super) fn record(
        &self,
        entry: &Entry,
        route: Option<&Arc<str>>,
        response: &RecordedResponse,
    ) {
        let (Some(fact), Some(status)) = (response.inferred_fact(), response.status) else {
            return;
        };
        let path = path_without_secrets(entry.path());
        let path = shorten(&path).to_string().into_boxed_str();
        let response = Response {
            space: Arc::clone(&entry.space),
            number: entry.number,
            method: shorten(entry.method.as_str()).to_string().into(),
            route: route.map_or_else(|| Arc::from(&*path), Arc::clone),
            path,
            status,
            rule: fact.to_string().into(),
            count: 1,
        };
        self.0.lock().add(response, MAX_RESPONSES);
    }

    pub(super) fn clear(&self) {
        self.take();
    }

    pub(super) fn move_to(&self, other: &Self) {
        let taken = self.take();
        other.0.lock().add_all(taken, MAX_RESPONSES);
    }

    /// Returns the responses of several spaces.
    pub(super) fn report<'r>(spaces: impl IntoIterator<Item = &'r Self>) -> Responses {
        let mut report = Responses::default();
        for space in spaces {
            let responses = space.0.lock().clone();
            report.add_all(responses, MAX_LISTED);
        }
        report
    }

    fn take(&self) -> Responses {
        mem::take(&mut *self.0.lock())
    }
}

impl Responses {
    fn add(&mut self, new: Response, max: usize) {
        if let Some(known) = self.listed.iter_mut().find(|known| known.is_like(&new)) {
            known.count += new.count;
        } else if self.listed.len() < max {
            self.listed.push(new);
        } else {
            self.omitted += new.count;
        }
    }

    fn add_all(&mut self, others: Self, max: usize) {
        self.omitted += others.omitted;
        for response in others.listed {
            self.add(response, max);
        }
    }
}

impl Response {
    fn is_like(&self, other: &Self) -> bool {
        self.status == other.status
            && self.method == other.method
            && self.route == other.route
            && self.rule == other.rule
            && self.space == other.space
    }
}

impl From<Response> for InferredResponse {
    fn from(response: Response) -> Self {
        Self {
            space: response.space.to_string(),
            number: response.number,
            method: response.method.into(),
            path: response.path.into(),
            status: response.status.as_u16(),
            rule: response.rule.into(),
            count: response.count,
        }
    }
}
