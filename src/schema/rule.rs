//! The rules of fields.

use super::Evidence;

/// A condition on another field of the same record. `F` identifies the field: by its name in a description, by its
/// position in a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition<F> {
    pub(crate) field: F,
    /// True if the condition holds for the records whose field has none of the values, or no value.
    pub(crate) is_negated: bool,
    pub(crate) values: Box<[Box<str>]>,
}

impl<F> Condition<F> {
    /// Returns the condition with another identification of the field.
    pub(super) fn with_field<G>(self, field: G) -> Condition<G> {
        let Self {
            is_negated, values, ..
        } = self;
        Condition {
            field,
            is_negated,
            values,
        }
    }
}

impl Condition<usize> {
    /// True if the condition holds for a record; `value` returns the record's value at a position.
    pub(crate) fn holds<'v>(&self, value: impl Fn(usize) -> Option<&'v str>) -> bool {
        let is_among = value(self.field)
            .is_some_and(|value| self.values.iter().any(|candidate| **candidate == *value));
        is_among != self.is_negated
    }
}

/// A rule of a resource: the evidence for it, and the records that it applies to.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) evidence: Evidence,
    /// `None` if the rule applies to all records.
    pub(crate) condition: Option<Box<Condition<usize>>>,
}

impl Rule {
    /// True if the rule applies to a record; `value` returns the record's value at a position.
    pub(crate) fn applies<'v>(&self, value: impl Fn(usize) -> Option<&'v str>) -> bool {
        let condition = self.condition.as_ref();
        condition.is_none_or(|condition| condition.holds(value))
    }
}

/// The value that the server fills in on create if a field is not sent. `F` identifies a field of another resource: by names
/// in a description, by its position in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DefaultValue<F> {
    /// This value.
    Value(Box<str>),
    /// The time of the create, as `2013-01-12 14:57:32.569`.
    Now,
    /// The time of the create, as `2016-02-02T22:36:17Z`.
    UtcNow,
    /// The value of a field of the first record of another resource.
    First(F),
}
