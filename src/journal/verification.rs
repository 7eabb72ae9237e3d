//! What must have happened.

use std::{fmt, ops::RangeInclusive, sync::Arc, time::Duration};

use tokio::time::{Instant, timeout_at};

use super::{Entry, Journal, RequestPattern, VerificationFailure, View};

/// What must have happened: which requests, how often, after which others, and by when.
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
#[must_use = "nothing is verified until a server is asked"]
pub struct Verification {
    pub(super) requests: RequestPattern,
    pub(super) count: Count,
    /// Each after the one before, and the requests after the last.
    pub(super) after: Vec<RequestPattern>,
    within: Option<Duration>,
}

/// How often something must have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Exactly(u64),
    AtLeast(u64),
    AtMost(u64),
}

impl RequestPattern {
    /// They were sent exactly so many times.
    pub fn exactly(self, times: u64) -> Verification {
        Verification::from(self).exactly(times)
    }

    /// They were sent so many times or more often.
    pub fn at_least(self, times: u64) -> Verification {
        Verification::from(self).at_least(times)
    }

    /// They were sent so many times or less often.
    pub fn at_most(self, times: u64) -> Verification {
        Verification::from(self).at_most(times)
    }

    /// They were never sent.
    pub fn never(self) -> Verification {
        Verification::from(self).never()
    }

    /// They were sent after one of `earlier`.
    pub fn after(self, earlier: RequestPattern) -> Verification {
        Verification::from(self).after(earlier)
    }

    /// They are sent before this time is over.
    pub fn within(self, time: Duration) -> Verification {
        Verification::from(self).within(time)
    }
}

impl From<RequestPattern> for Verification {
    /// That they were sent at least once.
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
    /// One of each was sent, in this order, whatever came between them.
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

    /// Exactly so many times.
    pub fn exactly(self, times: u64) -> Self {
        self.counted(Count::Exactly(times))
    }

    /// So many times or more often.
    pub fn at_least(self, times: u64) -> Self {
        self.counted(Count::AtLeast(times))
    }

    /// So many times or less often.
    pub fn at_most(self, times: u64) -> Self {
        self.counted(Count::AtMost(times))
    }

    /// Not once.
    pub fn never(self) -> Self {
        self.counted(Count::AtMost(0))
    }

    /// After one of `earlier`. Given again, after one of these which itself came after one of those before.
    pub fn after(mut self, earlier: RequestPattern) -> Self {
        self.after.push(earlier);
        self
    }

    /// Waits so long at most, from the moment of asking. What must happen is verified as soon as it has; what
    /// must not is watched for the whole time.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    pub(crate) fn counted(mut self, count: Count) -> Self {
        self.count = count;
        self
    }

    /// What of it a journal shows.
    pub(super) fn find<'v>(&self, view: &'v View) -> Found<'v> {
        let mut rest = view.entries.as_slice();
        for (place, earlier) in self.after.iter().enumerate() {
            let Some(first) = rest.iter().position(|entry| earlier.include(entry)) else {
                return Found::NotBegun {
                    missing: place,
                    among: rest,
                };
            };
            rest = &rest[first + 1..];
        }
        let matching = rest.iter().filter(|entry| self.requests.include(entry));
        Found::Matching {
            matching: matching.map(AsRef::as_ref).collect(),
            among: rest,
        }
    }

    /// Whether nothing that may still arrive can change the outcome.
    fn is_settled(&self, view: &View) -> bool {
        let found = self.find(view);
        let count = found.count();
        let is_kept = matches!(found, Found::Matching { .. })
            && self.count.has_to_happen()
            && self.count.range().contains(&count);
        is_kept || !self.is_provable(view) || count > *self.count.range().end()
    }

    /// Whether the journal knows enough to tell that something did not happen.
    pub(super) fn is_provable(&self, view: &View) -> bool {
        view.dropped == 0 || matches!(self.count, Count::AtLeast(_))
    }

    /// How many were found, now that the time is over.
    pub(super) fn judge(&self, view: &View) -> Result<u64, VerificationFailure> {
        let found = self.find(view);
        let count = found.count();
        let is_kept = self.is_provable(view) && self.count.range().contains(&count);
        match &found {
            Found::Matching { .. } if is_kept => Ok(count),
            _ => Err(VerificationFailure::new(self, view, &found)),
        }
    }
}

/// What of a verification a journal shows.
pub(super) enum Found<'v> {
    /// One that had to come first did not; this place it has among those.
    NotBegun {
        missing: usize,
        among: &'v [Arc<Entry>],
    },
    Matching {
        matching: Vec<&'v Entry>,
        among: &'v [Arc<Entry>],
    },
}

impl Found<'_> {
    pub(super) fn count(&self) -> u64 {
        match self {
            Self::NotBegun { .. } => 0,
            Self::Matching { matching, .. } => matching.len() as u64,
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

    /// Whether it is about something that has to happen, and not about what must not.
    fn has_to_happen(self) -> bool {
        !matches!(self, Self::AtMost(_) | Self::Exactly(0))
    }
}

/// Tells how many requests a journal shows, or why they are not what must have happened. It waits as the
/// verification says, and needs a runtime that has a clock for that.
pub(crate) async fn verify(
    journal: &Journal,
    verification: &Verification,
) -> Result<u64, VerificationFailure> {
    let Some(time) = verification.within else {
        return verification.judge(&journal.view());
    };
    let mut changes = journal.changes();
    let end = Instant::now().checked_add(time);
    loop {
        {
            let view = journal.view();
            if verification.is_settled(&view) {
                return verification.judge(&view);
            }
        }
        let changed = match end {
            Some(end) => matches!(timeout_at(end, changes.changed()).await, Ok(Ok(()))),
            None => changes.changed().await.is_ok(),
        };
        if !changed {
            return verification.judge(&journal.view());
        }
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
