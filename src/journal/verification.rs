//! Verification of the requests that a client has sent.

use std::{fmt, ops::RangeInclusive, sync::Arc, time::Duration};

use super::{Entry, RequestPattern, View};

/// An expectation of requests: a pattern, how often it must match, after which other requests, and within which time.
///
/// ```
/// use std::time::Duration;
/// use cuc_mock::RequestPattern;
///
/// let verification = RequestPattern::post("externalservices")
///     .field("DisplayName", "UMS_API")
///     .exactly(1)
///     .after(RequestPattern::delete("externalservices/*"))
///     .within(Duration::from_secs(2));
/// assert_eq!(
///     verification.to_string(),
///     "POST /vmrest/externalservices with the field DisplayName being \"UMS_API\" exactly once, \
///      after DELETE /vmrest/externalservices/*, within 2s"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "pass it to `verify` or `expect`"]
pub struct Verification {
    pub(super) requests: RequestPattern,
    pub(super) count: Count,
    /// Steps that must come first, in this order.
    pub(super) after: Vec<RequestPattern>,
    pub(super) within: Option<Duration>,
}

/// The expected number of matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Exactly(u64),
    AtLeast(u64),
    AtMost(u64),
}

impl RequestPattern {
    /// Expects exactly this many matching requests.
    pub fn exactly(self, times: u64) -> Verification {
        Verification::from(self).exactly(times)
    }

    /// Expects this many matching requests or more.
    pub fn at_least(self, times: u64) -> Verification {
        Verification::from(self).at_least(times)
    }

    /// Expects this many matching requests or fewer.
    pub fn at_most(self, times: u64) -> Verification {
        Verification::from(self).at_most(times)
    }

    /// Expects no matching request.
    pub fn never(self) -> Verification {
        Verification::from(self).never()
    }

    /// Expects a matching request after one that matches `earlier`.
    pub fn after(self, earlier: RequestPattern) -> Verification {
        Verification::from(self).after(earlier)
    }

    /// Waits for matching requests, at most this long.
    pub fn within(self, time: Duration) -> Verification {
        Verification::from(self).within(time)
    }
}

impl From<RequestPattern> for Verification {
    /// Expects at least one matching request.
    fn from(requests: RequestPattern) -> Self {
        Self {
            requests,
            count: Count::AtLeast(1),
            after: Vec::new(),
            within: None,
        }
    }
}

impl Verification {
    /// Expects one request for each step, in this order. Other requests may come between them.
    pub fn in_order(steps: impl IntoIterator<Item = RequestPattern>) -> Self {
        let mut steps: Vec<_> = steps.into_iter().collect();
        match steps.pop() {
            Some(last) => Self {
                after: steps,
                ..Self::from(last)
            },
            None => RequestPattern::any().at_least(0),
        }
    }

    /// Expects exactly this many matching requests.
    pub fn exactly(self, times: u64) -> Self {
        self.with_count(Count::Exactly(times))
    }

    /// Expects this many matching requests or more.
    pub fn at_least(self, times: u64) -> Self {
        self.with_count(Count::AtLeast(times))
    }

    /// Expects this many matching requests or fewer.
    pub fn at_most(self, times: u64) -> Self {
        self.with_count(Count::AtMost(times))
    }

    /// Expects no matching request.
    pub fn never(self) -> Self {
        self.with_count(Count::AtMost(0))
    }

    /// Counts only requests after one that matches `earlier`. Further calls append steps to the sequence.
    pub fn after(mut self, earlier: RequestPattern) -> Self {
        self.after.push(earlier);
        self
    }

    /// Waits at most this long, from the call to `verify`. `exactly` and `at_least` succeed as soon as the count is
    /// reached; `at_most` and `never` watch for the whole time.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    pub(crate) fn with_count(mut self, count: Count) -> Self {
        self.count = count;
        self
    }

    /// Searches a journal.
    pub(super) fn search<'v>(&self, view: &'v View) -> SearchResult<'v> {
        let mut candidates = view.entries.as_slice();
        for (step, earlier) in self.after.iter().enumerate() {
            let Some(first) = candidates.iter().position(|entry| earlier.matches(entry)) else {
                return SearchResult::MissingStep { step, candidates };
            };
            candidates = &candidates[first + 1..];
        }
        let matches = candidates
            .iter()
            .filter(|entry| self.requests.matches(entry));
        SearchResult::Matches {
            matches: matches.map(AsRef::as_ref).collect(),
            candidates,
        }
    }
}

/// The result of searching a journal for the requests of a verification.
pub(super) enum SearchResult<'v> {
    /// No request matches this step of the sequence. The candidates come after the previous step.
    MissingStep {
        step: usize,
        candidates: &'v [Arc<Entry>],
    },
    /// The matching requests among the candidates, which come after the whole sequence.
    Matches {
        matches: Vec<&'v Entry>,
        candidates: &'v [Arc<Entry>],
    },
}

impl SearchResult<'_> {
    pub(super) fn count(&self) -> u64 {
        match self {
            Self::MissingStep { .. } => 0,
            Self::Matches { matches, .. } => matches.len() as u64,
        }
    }
}

impl Count {
    pub(super) fn range(self) -> RangeInclusive<u64> {
        match self {
            Self::Exactly(times) => times..=times,
            Self::AtLeast(times) => times..=u64::MAX,
            Self::AtMost(times) => 0..=times,
        }
    }

    /// Returns whether requests must arrive, and not stay away.
    pub(super) fn requires_requests(self) -> bool {
        !matches!(self, Self::AtMost(_) | Self::Exactly(0))
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.requests, self.count)?;
        let mut word = "after";
        for earlier in self.after.iter().rev() {
            write!(f, ", {word} {earlier}")?;
            word = "which came after";
        }
        match self.within {
            Some(time) => write!(f, ", within {time:?}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, times) = match *self {
            Self::AtMost(0) | Self::Exactly(0) => return f.write_str("never"),
            Self::Exactly(times) => ("exactly", times),
            Self::AtLeast(times) => ("at least", times),
            Self::AtMost(times) => ("at most", times),
        };
        match times {
            1 => write!(f, "{word} once"),
            times => write!(f, "{word} {times} times"),
        }
    }
}
