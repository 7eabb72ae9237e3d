//! Evaluation of a verification.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    Count, Journal, Verification, VerificationFailure, View, progress::Progress,
    verification::SearchResult,
};

/// Returns the number of matching requests, or the reason why the expectation is not met. It waits for the time of the
/// verification, so it needs a runtime with a timer.
pub(crate) async fn verify(
    journal: &Arc<Journal>,
    verification: &Verification,
) -> Result<u64, VerificationFailure> {
    let Some(time) = verification.within else {
        return verification.evaluate(&journal.view());
    };
    let progress = Arc::new(Mutex::new(Progress::new(verification.clone())));
    let end = Instant::now().checked_add(time);
    let view = journal.wait_until(Arc::clone(&progress), end).await;
    let success = progress.lock().success();
    success.map_or_else(|| verification.evaluate(&view), Ok)
}

impl Verification {
    /// Returns whether later requests can no longer change the outcome. `count` is the number of matching requests, or
    /// `None` if a step of the sequence is missing.
    pub(super) fn is_settled(&self, view: &View, count: Option<u64>) -> bool {
        let is_reached = self.count.requires_requests()
            && count.is_some_and(|count| self.count.range().contains(&count));
        let is_exceeded = count.unwrap_or(0) > *self.count.range().end();
        is_reached || is_exceeded || !self.is_conclusive(view)
    }

    /// Returns whether this number of matching requests meets the expectation.
    pub(super) fn is_met(&self, view: &View, count: u64) -> bool {
        self.is_conclusive(view) && self.count.range().contains(&count)
    }

    /// Returns whether the journal is complete enough to prove that something did not happen.
    fn is_conclusive(&self, view: &View) -> bool {
        view.dropped == 0 || matches!(self.count, Count::AtLeast(_))
    }

    /// Returns the number of matching requests if the expectation is met.
    fn evaluate(&self, view: &View) -> Result<u64, VerificationFailure> {
        let result = self.search(view);
        let count = result.count();
        match &result {
            SearchResult::Matches { .. } if self.is_met(view, count) => Ok(count),
            _ => Err(VerificationFailure::new(self, view, &result)),
        }
    }
}
