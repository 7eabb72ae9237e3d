//! Evaluation of a verification.

use tokio::time::{Instant, timeout_at};

use super::{Count, Journal, Verification, VerificationFailure, View, verification::SearchResult};

/// Returns the number of matching requests, or the reason why the expectation is not met. It waits for the time of the
/// verification, so it needs a runtime with a timer.
pub(crate) async fn verify(
    journal: &Journal,
    verification: &Verification,
) -> Result<u64, VerificationFailure> {
    let Some(time) = verification.within else {
        return verification.evaluate(&journal.view());
    };
    let mut changes = journal.changes();
    let end = Instant::now().checked_add(time);
    loop {
        {
            let view = journal.view();
            if verification.is_settled(&view) {
                return verification.evaluate(&view);
            }
        }
        let changed = match end {
            Some(end) => matches!(timeout_at(end, changes.changed()).await, Ok(Ok(()))),
            None => changes.changed().await.is_ok(),
        };
        if !changed {
            return verification.evaluate(&journal.view());
        }
    }
}

impl Verification {
    /// Returns whether later requests can no longer change the outcome.
    fn is_settled(&self, view: &View) -> bool {
        let result = self.search(view);
        let count = result.count();
        let is_met = matches!(result, SearchResult::Matches { .. })
            && self.count.requires_requests()
            && self.count.range().contains(&count);
        is_met || !self.is_conclusive(view) || count > *self.count.range().end()
    }

    /// Returns whether the journal is complete enough to prove that something did not happen.
    fn is_conclusive(&self, view: &View) -> bool {
        view.dropped == 0 || matches!(self.count, Count::AtLeast(_))
    }

    /// Returns the number of matching requests if the expectation is met.
    fn evaluate(&self, view: &View) -> Result<u64, VerificationFailure> {
        let result = self.search(view);
        let count = result.count();
        let is_met = self.is_conclusive(view) && self.count.range().contains(&count);
        match &result {
            SearchResult::Matches { .. } if is_met => Ok(count),
            _ => Err(VerificationFailure::new(self, view, &result)),
        }
    }
}
