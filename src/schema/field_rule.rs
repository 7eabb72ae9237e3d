//! The kinds of rules of fields.

/// A kind of rules of a field that requests can test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldRule {
    Required,
    Default,
    Choices,
    MaxLength,
    Extension,
    Range,
    Unique,
    Reference,
    Clears,
    Clearable,
}
