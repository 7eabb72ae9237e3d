//! The requests of the journal.

use std::{sync::Arc, time::Duration};

use axum::{Extension, Json, http::StatusCode};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::{
    Refusal,
    input::{Parameters, Taken},
    pattern::{PATH, method_of, path_of},
};
use crate::{
    http::StateExtension,
    journal::{Entry, Journal, JournalEntry, RequestPattern, Secrets, View},
    space::Space,
};

/// How long a request may wait, in seconds.
const LONGEST_WAIT: f64 = 60.0;

/// Some requests of the journal.
#[derive(Serialize)]
pub(super) struct Listed {
    requests: Vec<JournalEntry>,
    /// What to give as `since` to get those that follow; `null` when several spaces are listed.
    last: Option<u64>,
    /// How many arrived that are not kept any more.
    dropped: u64,
}

/// `GET /__mock/requests`
pub(super) async fn list(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
) -> Taken<Json<Listed>> {
    let is_about_all = parameters.is_about_all();
    let spaces = parameters.spaces(&shared.spaces)?;
    let filter = Filter::read(&mut parameters)?;
    let since = parameters.read("since", "the number of a request", |text| text.parse().ok())?;
    let wait = parameters.read("wait", "a number of seconds from 0 to 60", seconds)?;
    parameters.finish()?;
    if is_about_all {
        return match (since, wait) {
            (None, None) => Ok(Json(filter.merged(&spaces))),
            _ => Err(Refusal::bad(
                "found since or wait with space=*, expected them with one space: each counts on its own",
            )),
        };
    }
    let [space] = spaces.as_slice() else {
        return Err(Refusal::bad("expected one space"));
    };
    let since = since.unwrap_or(0);
    if let Some(wait) = wait {
        filter.wait(&space.journal, since, wait).await;
    }
    Ok(Json(filter.listed(space, since)))
}

/// `DELETE /__mock/requests`
pub(super) async fn empty(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<StatusCode> {
    parameters.in_each_space(&shared.spaces, |space| space.journal.clear())
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    let is_taken = (0.0..=LONGEST_WAIT).contains(&seconds);
    is_taken.then(|| Duration::from_secs_f64(seconds))
}

/// Which requests are listed.
struct Filter {
    requests: RequestPattern,
    fault: Option<Fault>,
    limit: usize,
    secrets: Secrets,
}

enum Fault {
    Any,
    Number(u64),
}

impl Filter {
    fn read(parameters: &mut Parameters) -> Taken<Self> {
        let in_upper_case = |text: &str| method_of(&text.to_ascii_uppercase());
        let method = parameters.read("method", "a method such as POST", in_upper_case)?;
        let path = parameters.read("path", PATH, path_of)?;
        let status = parameters.read("status", "a status from 100 to 999", |text| {
            text.parse()
                .ok()
                .filter(|status| (100..=999).contains(status))
        })?;
        let mut requests = RequestPattern::any();
        if let Some(path) = path {
            requests = requests.path(path);
        }
        requests.method = method;
        requests.status = status;
        let fault = parameters.read(
            "fault",
            "the number of a fault, or any",
            |text| match text {
                "any" => Some(Fault::Any),
                number => number.parse().ok().map(Fault::Number),
            },
        )?;
        let limit = parameters.read("limit", "a whole number from 1 on", |text| {
            text.parse().ok().filter(|limit| *limit > 0)
        })?;
        let secrets = parameters.read("secrets", "true or false", |text| match text {
            "true" => Some(Secrets::Shown),
            "false" => Some(Secrets::Hidden),
            _ => None,
        })?;
        Ok(Self {
            requests,
            fault,
            limit: limit.unwrap_or(usize::MAX),
            secrets: secrets.unwrap_or(Secrets::Hidden),
        })
    }

    fn takes(&self, entry: &Entry) -> bool {
        let is_hit = match (&self.fault, entry.fault.get()) {
            (None, _) | (Some(Fault::Any), Some(_)) => true,
            (Some(Fault::Number(number)), hit) => hit == Some(number),
            (Some(Fault::Any), None) => false,
        };
        is_hit && self.requests.matches(entry)
    }

    /// Whether nobody can tell yet if the request is to be listed.
    fn must_wait_for(&self, entry: &Entry) -> bool {
        let asks_for_answer = self.requests.status.is_some() || self.fault.is_some();
        asks_for_answer && entry.response().is_none() && !self.takes(entry)
    }

    /// Those to be listed after the one of the number `since`, and where to go on. A request of which nobody can
    /// tell yet ends them, so that it is not left out later.
    fn select<'v>(&self, view: &'v View, since: u64) -> (Vec<&'v Arc<Entry>>, u64) {
        let mut selected = Vec::new();
        for entry in view.since(since) {
            if selected.len() == self.limit || self.must_wait_for(entry) {
                return (selected, entry.number - 1);
            }
            if self.takes(entry) {
                selected.push(entry);
            }
        }
        (selected, view.last)
    }

    fn listed(&self, space: &Space, since: u64) -> Listed {
        let view = space.journal.view();
        let (selected, last) = self.select(&view, since);
        let shown = selected.into_iter();
        Listed {
            requests: shown
                .map(|entry| JournalEntry::new(&space.name, entry, self.secrets))
                .collect(),
            last: Some(last),
            dropped: view.dropped,
        }
    }

    /// The requests of several spaces, in the order in which they really arrived.
    fn merged(&self, spaces: &[Arc<Space>]) -> Listed {
        let views = spaces.iter().map(|space| (space, space.journal.view()));
        let views: Vec<_> = views.collect();
        let entries = views.iter().flat_map(|(space, view)| {
            let entries = view.entries.iter().filter(|entry| self.takes(entry));
            entries.map(|entry| (&space.name, entry))
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(_, entry)| entry.started);
        let shown = entries.into_iter().take(self.limit);
        Listed {
            requests: shown
                .map(|(space, entry)| JournalEntry::new(space, entry, self.secrets))
                .collect(),
            last: None,
            dropped: views.iter().map(|(_, view)| view.dropped).sum(),
        }
    }

    /// Waits until there is a request to be listed that was answered.
    async fn wait(&self, journal: &Journal, since: u64, longest: Duration) {
        let end = Instant::now() + longest;
        let mut changes = journal.changes();
        while !self.is_any_answered(&journal.view(), since) {
            if !matches!(timeout_at(end, changes.changed()).await, Ok(Ok(()))) {
                return;
            }
        }
    }

    fn is_any_answered(&self, view: &View, since: u64) -> bool {
        let (selected, _) = self.select(view, since);
        selected.into_iter().any(|entry| entry.response().is_some())
    }
}
