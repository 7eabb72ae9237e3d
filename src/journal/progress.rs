//! The progress of a verification that waits. It compares each request once, and keeps the numbers of those that match.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use parking_lot::Mutex;

use super::{Condition, Count, Entry, RequestPattern, Verification, View};

/// The progress of a verification.
#[derive(Debug)]
pub(super) struct Progress {
    verification: Verification,
    /// The generation of the journal that was compared.
    generation: u64,
    /// One for each step of the sequence, and one for the requests to count.
    stages: Vec<Stage>,
    has_begun: bool,
    /// The number of matching requests, once the expectation is met.
    success: Option<u64>,
}

impl Progress {
    pub(super) fn new(verification: Verification) -> Self {
        let stages = verification.after.len() + 1;
        Self {
            verification,
            generation: 0,
            stages: vec![Stage::default(); stages],
            has_begun: false,
            success: None,
        }
    }

    /// Returns the number of matching requests if the expectation was met while it waited.
    pub(super) fn success(&self) -> Option<u64> {
        self.success
    }

    /// Returns the number of requests at which to stop: an exact number counts as soon as it is reached, even if more
    /// requests have arrived since the last look at the journal.
    fn target(&self) -> u64 {
        match self.verification.count {
            Count::Exactly(times) if self.has_begun && times > 0 => times,
            _ => u64::MAX,
        }
    }

    /// Returns the number of matching requests, or `None` while a step of the sequence is missing.
    fn count(&mut self, view: &View) -> Option<u64> {
        if self.generation != view.generation {
            self.generation = view.generation;
            self.stages.fill(Stage::default());
        }
        let target = self.target();
        let mut start = view.first() - 1;
        let (requests, steps) = self.stages.split_last_mut()?;
        for (stage, pattern) in steps.iter_mut().zip(&self.verification.after) {
            start = stage.find_first(pattern, view, start)?;
        }
        Some(requests.count(&self.verification.requests, view, start, target))
    }
}

impl Condition for Arc<Mutex<Progress>> {
    fn is_met(&mut self, view: &View) -> bool {
        let mut progress = self.lock();
        let Ok(count) = catch_unwind(AssertUnwindSafe(|| progress.count(view))) else {
            // A closure of a pattern panicked. The evaluation at the end calls it again, in the task of the verification.
            return true;
        };
        progress.has_begun = true;
        let verification = &progress.verification;
        let is_settled = verification.is_settled(view, count);
        progress.success = count.filter(|count| is_settled && verification.is_met(view, *count));
        is_settled
    }
}

/// The requests in a part of the journal that match one pattern.
#[derive(Clone, Debug, Default)]
struct Stage {
    /// The part begins after this number.
    start: u64,
    /// The part ends with this number.
    end: u64,
    /// The numbers of the requests that match, in ascending order.
    matches: VecDeque<u64>,
    /// The requests without a response that may match once they have one.
    pending: Vec<Arc<Entry>>,
}

impl Stage {
    /// Returns the first request after `start` that matches.
    fn find_first(&mut self, pattern: &RequestPattern, view: &View, start: u64) -> Option<u64> {
        self.begin_after(pattern, view, start);
        self.compare_responses(pattern, u64::MAX);
        self.skip_batch(pattern, view);
        for entry in view.after_number(self.end) {
            if !self.matches.is_empty() {
                break;
            }
            self.compare(pattern, entry);
        }
        self.matches.front().copied()
    }

    /// Returns the number of requests after `start` that match, or `target` once it is reached.
    fn count(&mut self, pattern: &RequestPattern, view: &View, start: u64, target: u64) -> u64 {
        self.begin_after(pattern, view, start);
        self.compare_responses(pattern, target);
        self.skip_batch(pattern, view);
        for entry in view.after_number(self.end) {
            if self.matches.len() as u64 == target {
                break;
            }
            self.compare(pattern, entry);
        }
        self.matches.len() as u64
    }

    /// Moves the beginning of the part. It moves back if an earlier step turns out to have come earlier.
    fn begin_after(&mut self, pattern: &RequestPattern, view: &View, start: u64) {
        if start < self.start {
            let mut earlier = Self::at(start);
            for entry in view.after_number(start) {
                if entry.number > self.start {
                    break;
                }
                earlier.compare(pattern, entry);
            }
            earlier.end = self.end;
            earlier.matches.append(&mut self.matches);
            earlier.pending.append(&mut self.pending);
            *self = earlier;
        } else if start >= self.end {
            *self = Self::at(start);
        } else if start > self.start {
            let dropped = self.matches.partition_point(|number| *number <= start);
            self.matches.drain(..dropped);
            self.pending.retain(|entry| entry.number > start);
            self.start = start;
        }
    }

    /// Skips the newest requests if none of them can match.
    fn skip_batch(&mut self, pattern: &RequestPattern, view: &View) {
        let end = view.place(self.end);
        if view.excludes(end, |head| pattern.matches_head(head)) {
            self.end = view.last;
        }
    }

    /// Returns an empty part.
    fn at(start: u64) -> Self {
        Self {
            start,
            end: start,
            ..Self::default()
        }
    }

    /// Compares the next request.
    fn compare(&mut self, pattern: &RequestPattern, entry: &Arc<Entry>) {
        self.end = entry.number;
        let is_pending = pattern.depends_on_response() && entry.response().is_none();
        if pattern.matches(entry) {
            self.matches.push_back(entry.number);
        } else if is_pending && pattern.matches_request(entry) {
            self.pending.push(Arc::clone(entry));
        }
    }

    /// Compares the responses that have been sent since, until `target` requests match.
    fn compare_responses(&mut self, pattern: &RequestPattern, target: u64) {
        let matches = &mut self.matches;
        self.pending.retain(|entry| {
            if entry.response().is_none() || matches.len() as u64 == target {
                return true;
            }
            if pattern.matches_response(entry) {
                let place = matches.partition_point(|number| *number < entry.number);
                matches.insert(place, entry.number);
            }
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};

    use super::*;
    use crate::{
        engine::RandomStream,
        journal::{
            Budget, Journal,
            tests::{record, respond_with},
            verification::SearchResult,
        },
    };

    /// Random choices.
    struct Choices {
        stream: RandomStream,
        ordinal: u64,
    }

    impl Choices {
        fn below(&mut self, limit: usize) -> usize {
            self.ordinal += 1;
            let [.., a, b] = self.stream.draw(self.ordinal);
            usize::from(u16::from_be_bytes([a, b])) % limit
        }

        fn pattern(&mut self) -> RequestPattern {
            match self.below(6) {
                0 => RequestPattern::any(),
                1 => RequestPattern::get("a"),
                2 => RequestPattern::any().path("a").status(200),
                3 => RequestPattern::any().path("b").status(404),
                4 => RequestPattern::any().status(200),
                _ => RequestPattern::get("c"),
            }
        }

        fn verification(&mut self) -> Verification {
            let mut verification = Verification::from(self.pattern());
            for _ in 0..self.below(4) {
                verification = verification.after(self.pattern());
            }
            verification
        }
    }

    /// A journal with requests that wait for their responses.
    struct History {
        journal: Arc<Journal>,
        pending: Vec<Arc<Entry>>,
    }

    impl History {
        fn change(&mut self, choices: &mut Choices) {
            match choices.below(40) {
                0 => self.journal.clear(),
                1..=20 => {
                    let path = ["/vmrest/a", "/vmrest/b", "/vmrest/c"][choices.below(3)];
                    let entry = record(&self.journal, &Method::GET, path, "");
                    self.pending.push(entry);
                }
                _ if self.pending.is_empty() => {}
                _ => {
                    let entry = self.pending.remove(choices.below(self.pending.len()));
                    let statuses = [Some(StatusCode::OK), Some(StatusCode::NOT_FOUND), None];
                    respond_with(&self.journal, &entry, statuses[choices.below(3)]);
                }
            }
        }
    }

    /// Searches a whole view.
    fn count_from_scratch(verification: &Verification, view: &View) -> Option<u64> {
        match verification.search(view) {
            SearchResult::MissingStep { .. } => None,
            SearchResult::Matches { matches, .. } => Some(matches.len() as u64),
        }
    }

    #[test]
    fn after_any_changes_the_count_is_that_of_a_search_of_the_whole_journal() {
        let mut choices = Choices {
            stream: RandomStream::new(1, "", "histories"),
            ordinal: 0,
        };
        let (mut missing, mut positive) = (0, 0);
        for _ in 0..300 {
            let mut history = History {
                journal: Journal::new(&Budget::new([4, 16, 1_000][choices.below(3)])),
                pending: Vec::new(),
            };
            let verification = choices.verification();
            let mut progress = Progress::new(verification.clone());
            let mut view = View::default();
            for _ in 0..60 {
                for _ in 0..choices.below(5) {
                    history.change(&mut choices);
                }
                history.journal.add_batch(&mut view);
                let expected = count_from_scratch(&verification, &view);
                assert_eq!(progress.count(&view), expected, "{verification} {view:?}");
                missing += u32::from(expected.is_none());
                positive += u32::from(expected > Some(0));
            }
        }
        assert!(missing > 1_000 && positive > 1_000, "{missing} {positive}");
    }
}
