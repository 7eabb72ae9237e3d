//! The reason for a rejection, as it is shown to users.

use std::fmt;

use serde::Serialize;

use super::{
    Reason, Secrets,
    redaction::{MASK, holds_secret},
};
use crate::engine::InvalidField;

/// The reason why the server rejected a request.
///
/// Its text is the message of the response with the evidence, such as `Invalid parameter. Parameter = [ServerType],
/// Value = [9]: expected 1, 4 or 5 (documented: …)`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RejectionReason {
    /// The kind of error, such as `invalid_data` or `not_found`.
    kind: &'static str,
    /// The message of the response.
    message: String,
    /// The field whose value breaks a rule; `null` if the reason is another one.
    field: Option<Box<str>>,
    /// The value of the field.
    value: Option<String>,
    /// The values that the rule of the field expects.
    expected: Option<String>,
    /// The evidence for the rule, or for the rejection: `documented`, `captured`, `client` or `inferred`, and its source
    /// if there is one.
    evidence: String,
}

impl RejectionReason {
    pub(super) fn new(reason: &Reason, secrets: Secrets) -> Self {
        let is_hidden = secrets == Secrets::Hidden;
        let field = reason.field.as_deref();
        let quotes_anything = field.is_none() && !reason.quotes_path;
        let message = if is_hidden && (quotes_anything || holds_secret(&reason.message)) {
            reason.without_quotations.to_string()
        } else {
            reason.message.clone()
        };
        let evidence = match field {
            Some(InvalidField { evidence, .. }) => evidence.to_string(),
            None => reason.provenance.to_string(),
        };
        Self {
            kind: reason.kind,
            message,
            field: field.map(|field| field.name.clone()),
            value: field.map(|field| match &*field.value {
                value if is_hidden && holds_secret(value) => MASK.to_owned(),
                value => value.to_owned(),
            }),
            expected: field.map(|field| field.expected.clone()),
            evidence,
        }
    }

    /// Returns the kind of error: `invalid_data`, `not_found`, `unauthorized`, `not_implemented` and so on.
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// Returns the message of the response.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the name of the field whose value breaks a rule.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Returns the value of the field; it is empty if the field is missing.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Returns a description of the values that the rule of the field expects, such as `1, 4 or 5`.
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// Returns the evidence for the rule, or for the rejection: `documented`, `captured`, `client` or `inferred`, and its
    /// source if there is one.
    pub fn evidence(&self) -> &str {
        &self.evidence
    }
}

impl fmt::Display for RejectionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.evidence)
    }
}
