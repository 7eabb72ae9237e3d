//! A request in one line, with the reason for its rejection.

use std::fmt;

use serde::Serialize;

use super::{
    Entry, RecordedResponse, RejectionReason, Secrets, difference::shortened,
    redaction::path_without_secrets,
};
use crate::schema::Provenance;

/// A request of the journal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct RequestSummary {
    /// The number in the journal.
    number: u64,
    method: String,
    path: String,
    /// `null` if no response was sent, or none yet.
    status: Option<u16>,
    /// The reason for a rejection; `null` if the request was not rejected.
    reason: Option<RejectionReason>,
    /// The inferred fact that the response relies on; `null` if there is none.
    inferred: Option<String>,
}

impl RequestSummary {
    pub(crate) fn new(entry: &Entry) -> Self {
        let reason = entry.reason();
        Self {
            number: entry.number,
            method: entry.method.to_string(),
            path: shortened(&path_without_secrets(entry.path())),
            status: entry.status().map(|status| status.as_u16()),
            reason: reason.map(|reason| RejectionReason::new(reason, Secrets::Hidden)),
            inferred: entry
                .response()
                .and_then(RecordedResponse::inferred_fact)
                .map(|fact| fact.to_string()),
        }
    }

    /// Returns the inferred fact that the response relies on, unless the reason for the rejection already gives it.
    pub(super) fn inferred(&self) -> Option<&str> {
        let fact = self.inferred.as_deref()?;
        match &self.reason {
            None => Some(fact),
            Some(reason) if reason.evidence().starts_with(Provenance::Inferred.as_str()) => None,
            Some(_) => Some("the status"),
        }
    }
}

impl fmt::Display for RequestSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} {}", self.number, self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, ", answered with {status}")?,
            None => f.write_str(", not answered")?,
        }
        match &self.reason {
            Some(reason) => write!(f, "\n    rejected: {reason}"),
            None => Ok(()),
        }
    }
}
