//! Proposals: the records that result from drafts.

use super::{
    Error,
    draft::Draft,
    validate::{Existing, Operation, Validation, Violation},
};
use crate::store::Values;

/// The record that results from a draft.
pub(super) struct Proposal<'d> {
    unreadable: &'d [Violation],
    validation: Validation<'d>,
    values: Values,
    /// True if the record breaks no rule that can be checked without the other records.
    is_valid: bool,
}

impl<'d> Proposal<'d> {
    /// Proposes a new record, or a change of the record with the values `stored`.
    pub(super) fn new(draft: &'d Draft<'_>, stored: Option<&'d Values>) -> Self {
        let (values, operation) = match stored {
            None => (draft.values(), Operation::Create),
            Some(stored) => (draft.onto(stored), Operation::Update(stored)),
        };
        let validation = Validation {
            resource: draft.resource,
            operation,
        };
        let unreadable = &draft.violations[..];
        Self {
            is_valid: unreadable.is_empty() && validation.meets_rules(&values),
            unreadable,
            validation,
            values,
        }
    }

    /// Completes the values, and checks them again.
    pub(super) fn map(self, complete: impl FnOnce(Values) -> Values) -> Self {
        let values = complete(self.values);
        Self {
            is_valid: self.unreadable.is_empty() && self.validation.meets_rules(&values),
            values,
            ..self
        }
    }

    /// Returns the values if they are valid among the existing records.
    pub(super) fn validated(self, existing: Existing<'_>) -> Result<Values, Error> {
        let Self {
            validation, values, ..
        } = self;
        let violation = if self.is_valid {
            validation.first_conflict(existing, &values)
        } else {
            let mut violations = validation.violations(existing, &values, self.unreadable);
            violations.next()
        };
        match violation {
            Some(violation) => Err(violation.into_error(validation.resource)),
            None => Ok(values),
        }
    }
}
