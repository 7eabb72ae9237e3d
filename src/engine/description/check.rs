//! Checks the descriptions of a catalogue.

use std::collections::HashSet;

use crate::{
    engine::DecodeError,
    schema::{Access, Condition, DefaultValue, Description, Fact, FieldDescription, Kind, Release},
};

/// Returns the mistakes in descriptions, each with the number of its description. An owner must precede the resources
/// that it owns.
pub(crate) fn check(descriptions: &[Description]) -> Vec<(usize, DecodeError)> {
    let mut checker = Checker::default();
    for (number, description) in descriptions.iter().enumerate() {
        checker.number = number;
        checker.check_names(description);
        checker.check_fields(description);
        for field in &description.fields {
            checker.check_facts(description, field);
            checker.check_defaults(field);
        }
    }
    checker.errors
}

#[derive(Default)]
struct Checker {
    /// The number of the description that is checked.
    number: usize,
    /// The paths and the elements of the resources.
    names: HashSet<String>,
    errors: Vec<(usize, DecodeError)>,
}

impl Checker {
    fn report(&mut self, at: usize, message: String) {
        self.errors
            .push((self.number, DecodeError::new(at, message)));
    }

    fn check_names(&mut self, description: &Description) {
        let Description {
            path,
            list_element,
            element,
            ..
        } = description;
        for (name, of_path) in [(path, true), (list_element, false), (element, false)] {
            let is_valid = match of_path {
                true => is_path(name),
                false => is_element_name(name),
            };
            if !is_valid {
                let expected = if of_path {
                    "a path such as users, without a slash at its ends"
                } else {
                    "the name of an element, of ASCII letters and digits"
                };
                self.report(
                    description.at,
                    format!("found {name:?}, expected {expected}"),
                );
            }
            if !self.names.insert(name.to_string()) {
                let message = format!("{name:?} is the name of two resources, expected one");
                self.report(description.at, message);
            }
        }
    }

    fn check_fields(&mut self, description: &Description) {
        self.check_key(description);
        let mut names = HashSet::new();
        for field in &description.fields {
            let name = &*field.name;
            if !is_element_name(name) {
                let expected = "the name of an element, of ASCII letters and digits";
                self.report(
                    field.fact.at,
                    format!("found {name:?}, expected {expected}"),
                );
            }
            if !names.insert(name.to_ascii_lowercase()) {
                let message = format!("{name} is the name of two fields, expected one");
                self.report(field.fact.at, message);
            }
        }
    }

    /// Checks that every record has a value of its own in the key.
    fn check_key(&mut self, description: &Description) {
        let Some(name) = &description.key else {
            return;
        };
        let Some(position) = description.position(name) else {
            let expected = "the name of a field, such as that of <object-id>";
            self.report(
                description.at,
                format!("the key is {name:?}, expected {expected}"),
            );
            return;
        };
        let key = &description.fields[position];
        let is_required = key.required.iter().any(|fact| !fact.has_scope());
        let is_in_path = description.path.contains('{');
        let is_unique = is_in_path || matches!(key.unique, Some((None, _)));
        let in_all_releases = Release::ALL
            .iter()
            .all(|release| key.fact.covers(*release) || !description.is_in(*release));
        if !(is_required && is_unique && in_all_releases) {
            let message =
                format!("{name} is the key, expected it to be required and unique in all releases");
            self.report(key.fact.at, message);
        }
    }

    fn check_facts(&mut self, description: &Description, field: &FieldDescription) {
        for fact in field.facts() {
            if fact.evidence.source().is_empty() {
                let message = "the evidence is empty, expected its source".to_owned();
                self.report(fact.at, message);
            }
            if fact.until.is_some_and(|until| until < fact.since) {
                let message = format!(
                    "the fact ends before {}, expected a later release",
                    fact.since
                );
                self.report(fact.at, message);
            }
            if let Some(condition) = &fact.condition {
                self.check_condition(description, fact, condition);
            }
        }
        if field.fact.condition.is_some() && field.kind != Kind::Link {
            let message = format!(
                "{} has a condition, expected it on a rule or a link",
                field.name
            );
            self.report(field.fact.at, message);
        }
        let unscoped = [
            field.max_length.as_ref().map(|(_, fact)| fact),
            // The evidence of a unique ObjectId is that of the field itself.
            field.unique.as_ref().map(|(_, fact)| fact),
            field.reference.as_ref().map(|reference| &reference.fact),
            field.range.as_ref().map(|(_, fact)| fact),
        ];
        for fact in unscoped.into_iter().flatten() {
            if fact.has_scope() {
                let message = "found a scope, expected none of since, until, when and unless";
                self.report(fact.at, message.to_owned());
            }
        }
    }

    fn check_condition(
        &mut self,
        description: &Description,
        fact: &Fact,
        condition: &Condition<Box<str>>,
    ) {
        let name = &condition.field;
        let Some(position) = description.position(name) else {
            let expected = format!("a field of {}", description.element);
            self.report(
                fact.at,
                format!("the condition is on {name:?}, expected {expected}"),
            );
            return;
        };
        let field = &description.fields[position];
        for value in &condition.values {
            let is_possible = match field.kind {
                Kind::Boolean => matches!(&**value, "true" | "false"),
                _ => field
                    .choices
                    .iter()
                    .any(|(choices, _)| choices.contains(value)),
            };
            if !is_possible {
                let expected = format!("one of the choices of {name}");
                self.report(
                    fact.at,
                    format!("the condition is on {value:?}, expected {expected}"),
                );
            }
        }
    }

    fn check_defaults(&mut self, field: &FieldDescription) {
        for (default, fact) in &field.defaults {
            if let DefaultValue::Value(value) = default {
                let mut choices = field.choices.iter();
                let is_excluded = choices
                    .any(|(choices, other)| !choices.contains(value) && overlap(fact, other));
                if is_excluded {
                    let message = format!("the default is {value:?}, expected one of the choices");
                    self.report(fact.at, message);
                }
            }
            let mut required = field.required.iter();
            let is_required = required.any(|required| overlap(required, fact));
            if is_required && field.access != Access::Secret {
                let message =
                    "the field has a default although it is required, expected one of the two";
                self.report(fact.at, message.to_owned());
            }
        }
    }
}

/// True if two facts can hold for one record at the same time.
fn overlap(one: &Fact, other: &Fact) -> bool {
    let mut releases = Release::ALL.iter();
    let share_a_release = releases.any(|release| one.covers(*release) && other.covers(*release));
    let exclude_each_other = match (&one.condition, &other.condition) {
        (Some(one), Some(other)) if one.field == other.field => {
            let share_a_value = one.values.iter().any(|value| other.values.contains(value));
            let includes = |outer: &Condition<_>, inner: &Condition<_>| {
                inner
                    .values
                    .iter()
                    .all(|value| outer.values.contains(value))
            };
            match (one.is_negated, other.is_negated) {
                (false, false) => !share_a_value,
                (false, true) => includes(other, one),
                (true, false) => includes(one, other),
                (true, true) => false,
            }
        }
        _ => false,
    };
    share_a_release && !exclude_each_other
}

fn is_element_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_path(path: &str) -> bool {
    let mut segments = path.split('/');
    segments.all(|segment| {
        let mut letters = segment.chars();
        !segment.is_empty() && letters.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    })
}
