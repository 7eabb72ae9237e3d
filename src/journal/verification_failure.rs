//! The report of a failed verification.

use std::{cmp::Reverse, error::Error, fmt};

use serde::Serialize;

use super::{
    DecodedRequest, Entry, RequestPattern, RequestSummary, Verification, View,
    difference::DifferenceView, path_pattern::PathPattern, verification::SearchResult,
};
use crate::schema::Provenance;

/// The maximum number of near misses that are shown.
const MAX_NEAR_MISSES: usize = 3;
/// The maximum number of matching requests that are shown.
const MAX_MATCHES: usize = 5;

/// The reason why a [`Verification`] failed. Its message has several lines and fits into a panic message; it shows no
/// secrets.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerificationFailure {
    /// The whole report as text.
    error: String,
    /// The expectation in words.
    expected: String,
    /// The number of matching requests.
    found: u64,
    /// The number of requests that the journal keeps.
    requests_seen: u64,
    /// The number of requests that the journal no longer keeps.
    dropped: u64,
    /// The requests with the fewest differences.
    closest: Vec<NearMiss>,
    /// The matching requests, if there are too many.
    matching: Vec<RequestSummary>,
}

/// A request that almost matches the pattern.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NearMiss {
    #[serde(flatten)]
    request: RequestSummary,
    differences: Vec<DifferenceView>,
}

impl VerificationFailure {
    pub(super) fn new(verification: &Verification, view: &View, result: &SearchResult<'_>) -> Self {
        let count = result.count();
        let expected = verification.count.range();
        let (pattern, candidates, matches) = match result {
            SearchResult::MissingStep { step, candidates } => {
                (&verification.after[*step], *candidates, &[][..])
            }
            SearchResult::Matches {
                matches,
                candidates,
            } => (&verification.requests, *candidates, matches.as_slice()),
        };
        let is_missing = matches!(result, SearchResult::MissingStep { .. });
        let mut failure = Self {
            error: String::new(),
            expected: verification.to_string(),
            found: count,
            requests_seen: view.entries.len() as u64,
            dropped: view.dropped,
            closest: Vec::new(),
            matching: Vec::new(),
        };
        let mut early = 0;
        if is_missing || count < *expected.start() {
            failure.closest = near_misses(pattern, candidates.iter().map(AsRef::as_ref));
            let before = &view.entries[..view.entries.len() - candidates.len()];
            early = before.iter().filter(|entry| pattern.matches(entry)).count();
        }
        if count > *expected.end() {
            let shown = matches.iter().take(MAX_MATCHES);
            failure.matching = shown.map(|entry| RequestSummary::new(entry)).collect();
        }
        failure.error = failure.message(verification, result, candidates.len(), early);
        failure
    }

    /// Returns how many requests matched.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// Returns how many requests the journal kept.
    pub fn requests_seen(&self) -> u64 {
        self.requests_seen
    }

    /// Returns how many requests the journal had dropped.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Composes the message. `candidates` is the number of requests in the right place of the order, and `early` the
    /// number of matching requests before them.
    fn message(
        &self,
        verification: &Verification,
        result: &SearchResult<'_>,
        candidates: usize,
        early: usize,
    ) -> String {
        let seen = requests(self.requests_seen);
        let mut lines = vec![format!("expected {}", self.expected)];
        lines.push(match result {
            SearchResult::MissingStep { step, .. } => {
                let missing = &verification.after[*step];
                let previous = step.checked_sub(1).map(|step| &verification.after[step]);
                let after = previous.map(|previous| format!(" after {previous}"));
                let after = after.unwrap_or_default();
                format!("found no {missing}{after}, among {seen}, which had to come first")
            }
            SearchResult::Matches { .. } if verification.after.is_empty() => {
                format!("found {} among {seen}", self.found)
            }
            SearchResult::Matches { .. } => {
                let later = requests(candidates as u64);
                format!("found {} among the {later} that came after", self.found)
            }
        });
        if early > 0 {
            lines.push(format!("{early} came too early"));
        }
        if self.requests_seen == 0 && self.dropped == 0 {
            lines.push(NO_REQUESTS.to_owned());
        }
        if self.dropped > 0 {
            lines.push(format!(
                "the journal has dropped {} older requests, so the verification is inconclusive: keep more with a \
                 larger journal (--journal), or reset the server before the actions to verify",
                self.dropped
            ));
        }
        lines.extend(self.near_miss_lines());
        let provenance = verification.requests.provenance;
        lines.extend(self.match_lines(provenance == Some(Provenance::Inferred)));
        lines.join("\n")
    }

    fn near_miss_lines(&self) -> Vec<String> {
        if self.closest.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["the closest are".to_owned()];
        for near_miss in &self.closest {
            lines.push(format!("  {}", near_miss.request));
            let differences = near_miss.differences.iter();
            lines.extend(differences.map(|difference| format!("    {difference}")));
        }
        lines
    }

    fn match_lines(&self, shows_inferred: bool) -> Vec<String> {
        if self.matching.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["they are".to_owned()];
        for request in &self.matching {
            lines.push(format!("  {request}"));
            let inferred = request.inferred().filter(|_| shows_inferred);
            lines.extend(inferred.map(|fact| format!("    inferred: {fact}")));
        }
        let more = self.found.saturating_sub(MAX_MATCHES as u64);
        if more > 0 {
            lines.push(format!("  and {more} more"));
        }
        lines
    }
}

const NO_REQUESTS: &str = "no request arrived at all: is the client configured with this server, and does its user \
     work in the space that was searched?";

fn requests(count: u64) -> String {
    match count {
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    }
}

impl fmt::Display for VerificationFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl Error for VerificationFailure {}

/// Returns the requests with the fewest differences. Among equals, those with the most similar path come first, then
/// the newest.
fn near_misses<'v>(
    pattern: &RequestPattern,
    candidates: impl Iterator<Item = &'v Entry>,
) -> Vec<NearMiss> {
    let candidates = candidates.filter_map(|entry| {
        let weight = pattern.difference_weight(&DecodedRequest::new(entry));
        let key = || (weight, path_distance(pattern, entry), Reverse(entry.number));
        (weight > 0).then(|| (key(), entry))
    });
    let mut misses: Vec<_> = candidates.collect();
    misses.sort_unstable_by_key(|(key, _)| *key);
    misses.truncate(MAX_NEAR_MISSES);
    let views = misses.into_iter().map(|(_, entry)| NearMiss {
        request: RequestSummary::new(entry),
        differences: pattern
            .differences(&DecodedRequest::new(entry))
            .into_iter()
            .map(|difference| DifferenceView::new(difference, entry))
            .collect(),
    });
    views.collect()
}

/// Returns how many bytes of the longer path belong neither to the common prefix nor to the common suffix.
fn path_distance(pattern: &RequestPattern, entry: &Entry) -> usize {
    let expected = pattern.path.as_ref().map(PathPattern::as_str);
    let expected = expected.unwrap_or_default().as_bytes();
    let found = entry.path_bytes();
    let pairs = expected.iter().zip(found);
    let prefix = pairs.take_while(|(a, b)| a == b).count();
    let (expected, found) = (&expected[prefix..], &found[prefix..]);
    let pairs = expected.iter().rev().zip(found.iter().rev());
    let suffix = pairs.take_while(|(a, b)| a == b).count();
    expected.len().max(found.len()) - suffix
}
