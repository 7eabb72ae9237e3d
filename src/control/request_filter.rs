//! The selection of requests in a journal.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Deserializer};

use crate::{
    journal::{Condition, Cursor, Entry, RequestPattern, View},
    values::parsed,
};

/// Selects the requests to list.
#[derive(Clone, Debug)]
pub(super) struct RequestFilter {
    pub(super) pattern: RequestPattern,
    pub(super) fault: Option<FaultFilter>,
    /// The maximum number of requests.
    pub(super) limit: usize,
}

/// Selects requests by the fault that was applied to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultFilter {
    Any,
    Number(u64),
}

impl<'de> Deserialize<'de> for FaultFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "the number of a fault, or any",
            |text| match text {
                "any" => Some(Self::Any),
                number => number.parse().ok().map(Self::Number),
            },
        )
    }
}

impl RequestFilter {
    /// Returns whether a request matches, regardless of the limit.
    pub(super) fn matches(&self, entry: &Entry) -> bool {
        let fault = entry.fault.get();
        let matches_fault = match self.fault {
            None => true,
            Some(FaultFilter::Any) => fault.is_some(),
            Some(FaultFilter::Number(number)) => fault == Some(&number),
        };
        matches_fault && self.pattern.matches(entry)
    }

    fn depends_on_response(&self) -> bool {
        self.pattern.selects_responses() || self.fault.is_some()
    }

    /// Returns whether a request matches, or `None` if that depends on a response that has not been sent yet.
    fn decide(&self, entry: &Entry) -> Option<bool> {
        let is_pending = self.depends_on_response() && entry.response().is_none();
        let matches = self.matches(entry);
        (matches || !is_pending).then_some(matches)
    }

    /// Returns the matching requests after a place, and the number to continue from. A pending request ends the
    /// selection, so that a later call does not miss it.
    pub(super) fn select<'v>(&self, view: &'v View, cursor: Cursor) -> (Vec<&'v Arc<Entry>>, u64) {
        let mut selected = Vec::new();
        for entry in view.after(cursor) {
            match self.decide(entry) {
                Some(matches) if selected.len() < self.limit => {
                    selected.extend(matches.then_some(entry));
                }
                _ => return (selected, entry.number - 1),
            }
        }
        (selected, view.last)
    }
}

/// Waits until a selected request has a response. It looks at each request once, and then only at those without one.
#[derive(Debug)]
pub(super) struct FirstResponse {
    filter: RequestFilter,
    /// The place up to which requests have been compared with the filter.
    cursor: Cursor,
    /// The selected requests, which have no response yet.
    selected: VecDeque<Arc<Entry>>,
}

impl FirstResponse {
    pub(super) fn new(filter: RequestFilter, cursor: Cursor) -> Self {
        Self {
            filter,
            cursor,
            selected: VecDeque::new(),
        }
    }

    /// Forgets the requests that the journal no longer keeps.
    fn drop_old(&mut self, view: &View) {
        if !self.cursor.is_in(view) {
            self.cursor = view.start();
            self.selected.clear();
        }
        let first = view.first();
        let dropped = self.selected.partition_point(|entry| entry.number < first);
        self.selected.drain(..dropped);
    }
}

impl Condition for FirstResponse {
    fn is_met(&mut self, view: &View) -> bool {
        self.drop_old(view);
        let mut selected = self.selected.iter();
        if selected.any(|entry| entry.response().is_some()) {
            return true;
        }
        let (filter, cursor) = (&self.filter, self.cursor);
        // Before its response, no request is skipped by a filter that depends on it.
        let matches_head = |entry: &Arc<Entry>| filter.pattern.matches_head(entry);
        if !filter.depends_on_response() && view.excludes(cursor, matches_head) {
            self.cursor = view.end();
            return false;
        }
        for entry in view.after(cursor) {
            let has_response = entry.response().is_some();
            match self.filter.decide(entry) {
                Some(matches) if self.selected.len() < self.filter.limit => {
                    if matches && has_response {
                        return true;
                    }
                    self.selected.extend(matches.then(|| Arc::clone(entry)));
                }
                _ => return false,
            }
            self.cursor = self.cursor.after(entry);
        }
        false
    }
}

#[cfg(test)]
mod describe {
    use super::FaultFilter;

    impl schemars::JsonSchema for FaultFilter {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "FaultFilter".into()
        }

        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({
                "anyOf": [
                    { "type": "integer", "minimum": 0, "maximum": u64::MAX },
                    { "type": "string", "const": "any" },
                ],
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::http::{HeaderMap, Method, StatusCode};
    use jiff::Timestamp;

    use super::*;
    use crate::{
        engine::RandomStream,
        journal::{Budget, Journal, RecordedBody, RecordedRequest, RecordedResponse},
    };

    fn record(journal: &Journal, path: &str) -> Arc<Entry> {
        journal.record_request(&RecordedRequest {
            space: &"default".into(),
            time: Timestamp::UNIX_EPOCH,
            started: Instant::now(),
            method: &Method::GET,
            path,
            query: None,
            headers: &HeaderMap::new(),
            body: RecordedBody::NotRead,
        })
    }

    fn respond(journal: &Journal, entry: &Arc<Entry>, status: StatusCode) {
        let headers = HeaderMap::new();
        let response = RecordedResponse::new(Some((status, &headers)), None, Duration::ZERO);
        journal.record_response(entry, response);
    }

    /// Makes a random change: a request, a response, or an empty journal.
    fn change(journal: &Journal, pending: &mut Vec<Arc<Entry>>, [a, b, c]: [u8; 3]) {
        let index = usize::from(b) % pending.len().max(1);
        match a {
            0..3 => journal.clear(),
            3..130 => pending.push(record(journal, ["/a", "/b"][index % 2])),
            _ if pending.is_empty() => {}
            _ => {
                let entry = pending.remove(index);
                if c % 3 == 0 {
                    entry.fault.set(u64::from(c % 2)).unwrap();
                }
                let statuses = [StatusCode::OK, StatusCode::NOT_FOUND];
                respond(journal, &entry, statuses[usize::from(c % 2)]);
            }
        }
    }

    fn filters() -> impl Iterator<Item = RequestFilter> {
        let any = RequestPattern::any;
        let patterns = [any(), any().path("/a"), any().path("/a").status(404)];
        let faults = [None, Some(FaultFilter::Any), Some(FaultFilter::Number(1))];
        let parts = patterns.into_iter().flat_map(move |pattern| {
            let parts = faults
                .into_iter()
                .map(move |fault| (pattern.clone(), fault));
            parts.flat_map(|part| [(part.clone(), 2), (part, usize::MAX)])
        });
        parts.map(|((pattern, fault), limit)| RequestFilter {
            pattern,
            fault,
            limit,
        })
    }

    #[test]
    fn a_wait_ends_exactly_when_a_selection_from_the_whole_journal_has_a_response() {
        let random = RandomStream::new(1, "", "histories");
        let mut draws = (0..).map(|ordinal| random.draw(ordinal));
        let mut ends = 0;
        for (filter, size) in filters().flat_map(|filter| [(filter.clone(), 4), (filter, 100)]) {
            let journal = Journal::new(&Budget::new(size));
            let (mut pending, mut view) = (Vec::new(), View::default());
            let mut cursor = journal.cursor(0);
            let mut response = FirstResponse::new(filter.clone(), cursor);
            for [count, change_draws @ ..] in draws.by_ref().take(300) {
                for bytes in change_draws
                    .as_chunks::<3>()
                    .0
                    .iter()
                    .take(usize::from(count % 5))
                {
                    change(&journal, &mut pending, *bytes);
                }
                journal.add_batch(&mut view);
                let (selected, _) = filter.select(&view, cursor);
                let expected = selected.iter().any(|entry| entry.response().is_some());
                assert_eq!(response.is_met(&view), expected, "{filter:?} {view:?}");
                if expected {
                    ends += 1;
                    cursor = view.end();
                    response = FirstResponse::new(filter.clone(), cursor);
                }
            }
        }
        assert!(ends > 500, "{ends}");
    }
}
