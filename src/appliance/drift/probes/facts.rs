//! The facts that probes test.

use crate::{
    appliance::facts::{FactKey, FieldRule},
    schema::{ErrorRule, Resource, Verb},
};

pub(super) fn verb(resource: &Resource, verb: Verb) -> FactKey {
    FactKey::Verb {
        resource: resource.path.as_str().to_owned(),
        verb,
    }
}

pub(super) fn field(resource: &Resource, position: usize) -> FactKey {
    FactKey::Field {
        resource: resource.path.as_str().to_owned(),
        field: resource.fields[position].name.to_string(),
    }
}

/// Returns a rule of the field at a position. `number` counts the rules of its kind.
pub(super) fn rule(
    resource: &Resource,
    position: usize,
    rule: FieldRule,
    number: usize,
) -> FactKey {
    FactKey::Rule {
        resource: resource.path.as_str().to_owned(),
        field: resource.fields[position].name.to_string(),
        rule,
        number,
    }
}

/// Returns the row of the table of errors for requests with a verb.
pub(super) fn error(rule: ErrorRule, verb: Verb) -> FactKey {
    FactKey::Error {
        rule,
        verb: rule.content(Some(verb)).verb,
    }
}

/// Returns the row of the table of errors for requests that are none of the verbs.
pub(super) fn general_error(rule: ErrorRule) -> FactKey {
    FactKey::Error { rule, verb: None }
}
