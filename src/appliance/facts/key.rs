//! The identity of facts.

use crate::schema::{ErrorRule, FieldRule, Verb};

/// The identity of a fact that requests can test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FactKey {
    /// A verb of a resource, given by its path below `/vmrest`.
    Verb { resource: String, verb: Verb },
    /// A field of a resource: its existence, its kind and its place among the others.
    Field { resource: String, field: String },
    /// A rule of a field. `number` counts the rules of the same kind in the description of the field, from 0.
    Rule {
        resource: String,
        field: String,
        rule: FieldRule,
        number: usize,
    },
    /// The response to requests with a verb that break a rule: a row of the table of errors.
    Error { rule: ErrorRule, verb: Option<Verb> },
    /// A line of `docs/fidelity.md` that is written by hand, by the beginning of its text.
    Protocol(&'static str),
}
