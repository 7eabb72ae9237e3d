//! The rules of the fields of a record, checked in the order of the schema.

use super::{
    Error, InvalidField,
    character::{code_point, invisible},
    extension::{EXTENSION, is_extension},
};
use crate::{
    schema::{Choices, ErrorRule, Evidence, Field, Kind, NumberRange, Resource, Rule},
    store::{Identity, Ordinal, Store, Values, is_blank},
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
    /// The kind of the rule.
    pub(crate) rule: ErrorRule,
}

/// A description of the values that a rule expects, and the evidence for the rule.
struct Expectation {
    expected: String,
    evidence: Evidence,
    /// The kind of the rule.
    rule: ErrorRule,
}

impl Expectation {
    fn new(rule: ErrorRule, expected: String, evidence: Evidence) -> Self {
        Self {
            expected,
            evidence,
            rule,
        }
    }

    /// Returns the violation by `value`, the value of the field at `position`.
    fn violation(self, position: usize, value: &str) -> Violation {
        Violation {
            position,
            value: value.to_owned(),
            expected: self.expected,
            evidence: self.evidence,
            rule: self.rule,
        }
    }
}

impl Violation {
    /// Returns the error for the response.
    pub(crate) fn into_error(self, resource: &Resource) -> Error {
        let field = &resource.fields[self.position];
        let is_hidden = field.access.is_hidden() && !self.value.is_empty();
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
        Error::invalid_field(self.rule, invalid)
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
                    let mut choices = choices(field, values);
                    let choices = choices.find(|_| found.rule == ErrorRule::Type);
                    let choices = choices.map(|choices| self.describe_choices(choices));
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
        let mut checked = fields.filter(|(_, field)| field.can_conflict);
        checked.find_map(|(position, _)| {
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
            return Some(Expectation::new(
                ErrorRule::Required,
                expected,
                rule.evidence.clone(),
            ));
        }
        let value = value?;
        choices(field, values)
            .find(|(choices, _)| !choices.iter().any(|choice| **choice == *value))
            .map(|choices| self.describe_choices(choices))
            .or_else(|| too_long(field, value))
            .or_else(|| undialable(field, value))
            .or_else(|| out_of_range(field, value))
            .or_else(|| self.excluded(field, value, values))
    }

    fn conflict(
        &self,
        existing: Existing<'_>,
        position: usize,
        values: &Values,
    ) -> Option<Expectation> {
        let field = &self.resource.fields[position];
        if !field.can_conflict {
            return None;
        }
        let value = values.get(position)?;
        let duplicate = self
            .duplicate(existing, position, values)
            .or_else(|| self.same_identity(existing, position, values));
        match self.operation {
            // The other records may not be loaded yet.
            Operation::Load => duplicate,
            _ => duplicate.or_else(|| self.dangling(existing.store, position, value, values)),
        }
    }

    /// Returns the violations by references to records that do not exist.
    pub(crate) fn dangling_references<'v>(
        &'v self,
        store: &'v Store,
        values: &'v Values,
    ) -> impl Iterator<Item = Violation> + 'v {
        let fields = self.resource.fields.iter().enumerate();
        let fields = fields.filter(|(_, field)| field.can_conflict);
        fields.filter_map(move |(position, _)| {
            let value = values.get(position)?;
            let expectation = self.dangling(store, position, value, values)?;
            Some(expectation.violation(position, value))
        })
    }

    /// True if a mandatory field has a value. A secret reads back empty, so a fixture may contain an empty one. An update
    /// keeps an empty secret if it was mandatory before.
    fn is_present(&self, position: usize, value: Option<&str>) -> bool {
        let field = &self.resource.fields[position];
        let is_secret = field.access.is_hidden();
        match (value, &self.operation) {
            // The id of a new record is drawn later.
            (None, Operation::Create) => self.resource.object_id == Some(position),
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
        values: &Values,
    ) -> Option<Expectation> {
        let resource = self.resource;
        let unique = resource.fields[position].unique.as_ref()?;
        // Empty values are no values, except in a key.
        let value = values
            .get(position)
            .filter(|value| !is_blank(value) || resource.key == Some(position))?;
        let collection = existing.store.collection(resource.id);
        let is_other = |(ordinal, _): (Ordinal, _)| existing.replaced != Some(ordinal);
        let within = unique.within.map(|field| (field, values.get(field)));
        let is_held = match within {
            None => collection.holders(position, value).any(is_other),
            Some((field, Some(within))) => collection
                .holders_within((position, value), (field, within))
                .any(is_other),
            Some((field, None)) => {
                let mut holders = collection.holders(position, value);
                holders.any(|(ordinal, record)| {
                    is_other((ordinal, record)) && record.values.get(field).is_none()
                })
            }
        };
        is_held.then(|| {
            let within = unique.within.map(|field| &resource.fields[field].name);
            let within = within.map_or_else(String::new, |name| format!(" with the same {name}"));
            let expected = format!("a value that no other {}{within} has", resource.element);
            Expectation::new(ErrorRule::Unique, expected, unique.evidence.clone())
        })
    }

    /// Checks that no other record has the same identity. The last field of the identity is responsible.
    fn same_identity(
        &self,
        existing: Existing<'_>,
        position: usize,
        values: &Values,
    ) -> Option<Expectation> {
        let resource = self.resource;
        let is_last = resource.identity().last() == Some(position);
        let field = &resource.fields[position];
        if !is_last
            || field
                .unique
                .as_ref()
                .is_some_and(|unique| unique.within.is_none())
        {
            return None;
        }
        let collection = existing.store.collection(resource.id);
        let (ordinal, _) = collection.find(&Identity::of(resource, values))?;
        (existing.replaced != Some(ordinal)).then(|| {
            let expected = format!("a value that no other {} at the path has", resource.element);
            Expectation::new(ErrorRule::Key, expected, field.evidence.clone())
        })
    }

    /// Checks that the record exists that a value refers to, by a reference or as part of the path.
    fn dangling(
        &self,
        store: &Store,
        position: usize,
        value: &str,
        values: &Values,
    ) -> Option<Expectation> {
        let resource = self.resource;
        let field = &resource.fields[position];
        if let Some(reference) = &field.reference {
            let mut found = store
                .collection(reference.resource)
                .holders(reference.field, value);
            let is_found = is_blank(value) || found.next().is_some();
            return (!is_found).then(|| {
                let target = &store.catalogue()[reference.resource];
                let name = &target.fields[reference.field].name;
                let expected = format!("the {name} of a {}", target.element);
                Expectation::new(ErrorRule::References, expected, reference.evidence.clone())
            });
        }
        let is_parameter = resource.parameters.last() == Some(&position);
        let expected = expected_parent(store, resource).filter(|_| is_parameter)?;
        let collection = Identity::collection_of(resource, values);
        let is_missing = store.parent(resource, &collection).is_none();
        is_missing.then(|| Expectation::new(ErrorRule::Parent, expected, field.evidence.clone()))
    }

    /// Checks that there is no value beside one that excludes it.
    fn excluded(&self, field: &Field, value: &str, values: &Values) -> Option<Expectation> {
        let mut clears = field.clears.iter().filter(|_| !value.is_empty());
        let (other, evidence) =
            clears.find(|(other, _)| values.get(*other).is_some_and(|value| !value.is_empty()))?;
        let expected = format!(
            "no value beside one in {}",
            self.resource.fields[*other].name
        );
        Some(Expectation::new(
            ErrorRule::Clears,
            expected,
            evidence.clone(),
        ))
    }

    fn describe_choices(&self, (choices, rule): &ChoicesRule) -> Expectation {
        let expected = one_of(choices) + &self.condition(rule);
        Expectation::new(ErrorRule::Choices, expected, rule.evidence.clone())
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

/// Describes the last value in the path of a collection that cannot exist without the record above it.
pub(super) fn expected_parent(store: &Store, resource: &Resource) -> Option<String> {
    let parent = resource.parent.filter(|_| !resource.is_parent_optional)?;
    let parent = &store.catalogue()[parent];
    let key = parent.key.map(|key| &*parent.fields[key].name);
    let name = key.unwrap_or("identity");
    Some(format!("the {name} of a {}", parent.element))
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
    is_longer.then(|| {
        let expected = format!("at most {max} characters");
        Expectation::new(ErrorRule::MaxLength, expected, evidence.clone())
    })
}

fn undialable(field: &Field, value: &str) -> Option<Expectation> {
    let evidence = field.extension.as_ref()?;
    let is_accepted = is_blank(value) || is_extension(value);
    (!is_accepted).then(|| {
        let expected = EXTENSION.to_owned();
        Expectation::new(ErrorRule::Extension, expected, evidence.clone())
    })
}

fn out_of_range(field: &Field, value: &str) -> Option<Expectation> {
    let NumberRange { min, max, evidence } = field.range.as_deref()?;
    let number = value.parse::<i32>().ok()?;
    let is_within = (*min..=*max).contains(&number);
    (!is_within).then(|| {
        let expected = format!("a whole number from {min} to {max}");
        Expectation::new(ErrorRule::Range, expected, evidence.clone())
    })
}

/// Joins values like `1, 4 or 5`.
pub(super) fn one_of(values: &[impl AsRef<str>]) -> String {
    let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
    match &values[..] {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => values.concat(),
    }
}
