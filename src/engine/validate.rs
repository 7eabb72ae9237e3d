//! The rules of the fields of a record, checked in the order of the schema.

use super::{
    Error, InvalidField,
    character::{code_point, invisible},
};
use crate::{
    schema::{Access, Choices, Evidence, Field, Kind, Provenance, Resource, Rule},
    store::{Ordinal, Store, Values},
};

#[cfg(test)]
mod tests;

/// A field of a record that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The position of the field.
    pub(crate) position: usize,
    /// The value that was found.
    pub(crate) value: String,
    /// A description of the values that were expected.
    pub(crate) expected: String,
    /// The evidence for the rule that it breaks.
    pub(crate) evidence: Evidence,
    /// The evidence for the status of the response.
    pub(crate) status: Provenance,
}

/// A description of the values that a rule expects, and the evidence for the rule.
struct Expectation {
    expected: String,
    evidence: Evidence,
    /// The evidence for the status of the response to another value.
    status: Provenance,
}

impl Expectation {
    fn new(expected: String, evidence: Evidence) -> Self {
        Self {
            expected,
            evidence,
            status: Provenance::Inferred,
        }
    }

    /// Returns the violation by `value`, the value of the field at `position`.
    fn violation(self, position: usize, value: &str) -> Violation {
        Violation {
            position,
            value: value.to_owned(),
            expected: self.expected,
            evidence: self.evidence,
            status: self.status,
        }
    }
}

impl Violation {
    /// Returns the error for the response.
    pub(crate) fn into_error(self, resource: &Resource) -> Error {
        let field = &resource.fields[self.position];
        let is_hidden = field.access == Access::Secret && !self.value.is_empty();
        let invisible = invisible(&self.value).filter(|_| field.kind != Kind::Text && !is_hidden);
        let expected = match invisible {
            Some(found) => format!("{}, without {}", self.expected, code_point(found)),
            None => self.expected,
        };
        let invalid = InvalidField {
            name: field.name.clone(),
            value: if is_hidden {
                "redacted".to_owned()
            } else {
                self.value
            },
            expected,
            evidence: self.evidence,
        };
        Error::invalid_field(self.status, invalid)
    }
}

/// Validates the records of one resource in one operation.
pub(crate) struct Validation<'s> {
    pub(crate) resource: &'s Resource,
    pub(crate) operation: Operation<'s>,
}

/// The operation that writes a record.
pub(crate) enum Operation<'s> {
    Create,
    /// The record had these values.
    Update(&'s Values),
    /// The record comes from a fixture.
    Load,
}

/// The existing records, among which a record must be unique and find its owner.
#[derive(Clone, Copy)]
pub(crate) struct Existing<'s> {
    pub(crate) store: &'s Store,
    /// The record that is replaced.
    pub(crate) replaced: Option<Ordinal>,
}

impl<'s> Existing<'s> {
    /// Returns all records of the store: none is replaced.
    pub(crate) fn all(store: &'s Store) -> Self {
        Self {
            store,
            replaced: None,
        }
    }
}

impl Validation<'_> {
    /// Returns all violations in the order of the schema, at most one per field. A value that could not be read is a
    /// violation whatever the rules of its field.
    pub(crate) fn violations<'v>(
        &'v self,
        existing: Existing<'v>,
        values: &'v Values,
        unreadable: &'v [Violation],
    ) -> impl Iterator<Item = Violation> + 'v {
        let fields = self.resource.fields.iter().enumerate();
        fields.filter_map(move |(position, field)| {
            let unreadable = unreadable.iter().find(|found| found.position == position);
            match unreadable {
                Some(found) => {
                    let choices = choices(field, values);
                    let choices = choices.map(|choices| self.describe_choices(choices)).next();
                    let choices = choices.map(|choices| choices.violation(position, &found.value));
                    Some(choices.unwrap_or_else(|| found.clone()))
                }
                None => {
                    let value = values.get(position).unwrap_or_default();
                    let expectation = self.expected(existing, position, values)?;
                    Some(expectation.violation(position, value))
                }
            }
        })
    }

    /// True if a record breaks no rule that can be checked without the other records.
    pub(crate) fn meets_rules(&self, values: &Values) -> bool {
        let fields = self.resource.fields.iter().enumerate();
        let mut ruled = fields.filter(|(_, field)| field.has_rules());
        ruled.all(|(position, _)| self.broken_rule(position, values).is_none())
    }

    /// Returns the first conflict with the existing records of a record that breaks no other rule.
    pub(crate) fn first_conflict(
        &self,
        existing: Existing<'_>,
        values: &Values,
    ) -> Option<Violation> {
        let fields = self.resource.fields.iter().enumerate();
        let mut indexed = fields.filter(|(_, field)| field.is_indexed());
        indexed.find_map(|(position, _)| {
            let expectation = self.conflict(existing, position, values)?;
            let value = values.get(position).unwrap_or_default();
            Some(expectation.violation(position, value))
        })
    }

    /// Returns a description of the expected values, if the value is not among them.
    fn expected(
        &self,
        existing: Existing<'_>,
        position: usize,
        values: &Values,
    ) -> Option<Expectation> {
        self.broken_rule(position, values)
            .or_else(|| self.conflict(existing, position, values))
    }

    fn broken_rule(&self, position: usize, values: &Values) -> Option<Expectation> {
        let field = &self.resource.fields[position];
        let value = values.get(position);
        if !self.is_present(position, value)
            && let Some(rule) = required(field, values)
        {
            let expected = format!("a value, it is mandatory{}", self.condition(rule));
            return Some(Expectation::new(expected, rule.evidence.clone()));
        }
        let value = value?;
        choices(field, values)
            .find(|(choices, _)| !choices.iter().any(|choice| **choice == *value))
            .map(|choices| self.describe_choices(choices))
            .or_else(|| too_long(field, value))
    }

    fn conflict(
        &self,
        existing: Existing<'_>,
        position: usize,
        values: &Values,
    ) -> Option<Expectation> {
        let field = &self.resource.fields[position];
        if !field.is_indexed() {
            return None;
        }
        let value = values.get(position)?;
        self.duplicate(existing, position, value)
            .or_else(|| dangling(existing.store, field, value))
    }

    /// True if a mandatory field has a value. A secret reads back empty, so a fixture may contain an empty one. An update
    /// keeps an empty secret if it was mandatory before.
    fn is_present(&self, position: usize, value: Option<&str>) -> bool {
        let field = &self.resource.fields[position];
        let is_secret = field.access == Access::Secret;
        match (value, &self.operation) {
            // The id of a new record is drawn later.
            (None, Operation::Create) => position == self.resource.key,
            (None, _) | (Some(""), Operation::Create) => false,
            (Some(""), Operation::Load) => is_secret,
            (Some(""), Operation::Update(stored)) => is_secret && required(field, stored).is_some(),
            (Some(_), _) => true,
        }
    }

    fn duplicate(
        &self,
        existing: Existing<'_>,
        position: usize,
        value: &str,
    ) -> Option<Expectation> {
        let resource = self.resource;
        let evidence = resource.fields[position].unique.as_ref()?;
        let collection = existing.store.collection(resource.id);
        let mut holders = collection.holders(position, value);
        let is_held = holders.any(|(ordinal, _)| existing.replaced != Some(ordinal));
        is_held.then(|| Expectation {
            expected: format!("a value that no other {} has", resource.element),
            evidence: evidence.clone(),
            // The vendor's samples expect a 400 for it.
            status: Provenance::Client,
        })
    }

    fn describe_choices(&self, (choices, rule): &ChoicesRule) -> Expectation {
        let expected = one_of(choices) + &self.condition(rule);
        Expectation::new(expected, rule.evidence.clone())
    }

    /// Describes the condition of a rule, if it has one.
    fn condition(&self, rule: &Rule) -> String {
        let Some(condition) = &rule.condition else {
            return String::new();
        };
        let word = if condition.is_negated {
            "unless"
        } else {
            "when"
        };
        let field = &self.resource.fields[condition.field].name;
        format!(" {word} {field} is {}", one_of(&condition.values))
    }
}

/// The choices of a field, and the rule for them.
type ChoicesRule = (Choices, Rule);

fn dangling(store: &Store, field: &Field, value: &str) -> Option<Expectation> {
    let (owner, evidence) = field.owner.as_ref()?;
    let found = store.collection(*owner).get(value).is_some();
    (!found).then(|| {
        let expected = format!("the ObjectId of a {}", store.catalogue()[*owner].element);
        Expectation::new(expected, evidence.clone())
    })
}

/// Returns the rule that makes the field mandatory.
fn required<'p>(field: &'p Field, values: &Values) -> Option<&'p Rule> {
    let mut rules = field.required.iter();
    rules.find(|rule| rule.applies(|position| values.get(position)))
}

/// Returns the choices that apply to the record.
fn choices<'p>(field: &'p Field, values: &Values) -> impl Iterator<Item = &'p ChoicesRule> {
    let rules = field.choices.iter();
    rules.filter(|(_, rule)| rule.applies(|position| values.get(position)))
}

fn too_long(field: &Field, value: &str) -> Option<Expectation> {
    let (max, evidence) = field.max_length.as_ref()?;
    // A text never has more characters than bytes.
    let is_longer = value.len() > *max && value.chars().count() > *max;
    is_longer.then(|| Expectation::new(format!("at most {max} characters"), evidence.clone()))
}

/// Joins values like `1, 4 or 5`.
pub(super) fn one_of(values: &[impl AsRef<str>]) -> String {
    let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
    match &values[..] {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => values.concat(),
    }
}
