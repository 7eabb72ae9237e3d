//! The inferred fact that a response relies on.

use std::fmt;

use super::{Reason, RecordedResponse};
use crate::{
    engine::InvalidField,
    schema::{Evidence, Provenance},
};

/// The inferred fact that a response relies on. Its text contains no text of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum InferredFact<'r> {
    /// The fact that chose the response.
    Evidence(&'r Evidence),
    /// The rule that rejected the request, or the status of the rejection.
    Rejection(&'r Reason),
}

impl RecordedResponse {
    /// Returns the inferred fact that the response relies on, if there is one.
    pub(crate) fn inferred_fact(&self) -> Option<InferredFact<'_>> {
        if !self.relies_on(Provenance::Inferred) {
            return None;
        }
        let evidence = self.inferred.as_ref().map(InferredFact::Evidence);
        evidence.or_else(|| self.reason.as_deref().map(InferredFact::Rejection))
    }

    /// Returns whether the response, or the rule that rejected the request, has this provenance.
    pub(super) fn relies_on(&self, provenance: Provenance) -> bool {
        let Some(mark) = self.provenance else {
            return false;
        };
        let field = || self.reason.as_ref()?.field.as_ref();
        mark == provenance || field().is_some_and(|field| field.evidence.provenance() == provenance)
    }
}

impl fmt::Display for InferredFact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Self::Evidence(evidence) => return f.write_str(evidence.source()),
            Self::Rejection(reason) => reason,
        };
        f.write_str(&reason.without_quotations)?;
        match reason.field.as_deref() {
            None => Ok(()),
            Some(InvalidField { evidence, .. }) => match evidence.provenance() {
                Provenance::Inferred => write!(f, " ({evidence})"),
                _ => write!(f, " ({evidence}), but the status is inferred"),
            },
        }
    }
}
