//! Checks the descriptions of a catalogue.

use super::{
    names::{check_elements, check_fields},
    paths::{check_form, check_routes},
    scope::{NO_SCOPE, releases},
    values::check_values,
};
use crate::{
    engine::DecodeError,
    schema::{Access, Condition, Description, Fact, FieldDescription, Kind, Release},
};

/// The maximum number of fields of a resource, and of resources of a catalogue: positions have 16 bits.
const MAX_ITEMS: usize = u16::MAX as usize;

/// The descriptions of a catalogue, to be checked together. An owner must precede the resources that it owns.
pub(crate) struct DescriptionSet<'d> {
    pub(crate) descriptions: &'d [Description],
    /// True for each embedded description. If one conflicts with a description of the user, the latter has the mistake.
    pub(crate) is_embedded: &'d [bool],
    /// True if a description is missing because it could not be read.
    pub(crate) is_incomplete: bool,
}

impl DescriptionSet<'_> {
    /// Returns the mistakes, each with the number of its description.
    pub(crate) fn check(&self) -> Vec<(usize, DecodeError)> {
        let descriptions = self.descriptions;
        if let Some(description) = descriptions.get(MAX_ITEMS) {
            let found = descriptions.len();
            let message = format!("found {found} resources, expected at most {MAX_ITEMS}");
            return vec![(MAX_ITEMS, DecodeError::new(description.at, message))];
        }
        let mut order: Vec<_> = (0..descriptions.len()).collect();
        order.sort_by_key(|number| !self.is_embedded[*number]);
        let mut errors = check_elements(descriptions, &order);
        errors.extend(check_routes(descriptions, &order));
        for (number, description) in descriptions.iter().enumerate() {
            let mut checker = Checker {
                description,
                errors: Vec::new(),
            };
            checker.check();
            if !self.is_incomplete {
                checker.check_owners(&descriptions[..number]);
            }
            errors.extend(checker.errors.into_iter().map(|error| (number, error)));
        }
        errors
    }
}

/// Checks one description.
struct Checker<'d> {
    description: &'d Description,
    errors: Vec<DecodeError>,
}

impl Checker<'_> {
    fn report(&mut self, at: usize, message: impl Into<String>) {
        self.errors.push(DecodeError::new(at, message.into()));
    }

    fn check(&mut self) {
        let description = self.description;
        self.errors.extend(check_form(description));
        self.errors.extend(check_fields(description));
        self.check_limits();
        self.check_releases();
        self.check_key();
        for field in &description.fields {
            self.check_facts(field);
            if field.is_link() {
                self.check_link(field);
            } else {
                self.errors.extend(check_values(field));
            }
        }
    }

    fn check_limits(&mut self) {
        let fields = &self.description.fields;
        if let Some(field) = fields.get(MAX_ITEMS) {
            let found = fields.len();
            let message = format!("found {found} fields, expected at most {MAX_ITEMS}");
            self.report(field.fact.at, message);
        }
    }

    /// Checks that the resource and its aliases end no earlier than they begin.
    fn check_releases(&mut self) {
        let Description {
            since, until, at, ..
        } = *self.description;
        if until.is_some_and(|until| until < since) {
            let message = format!("the resource ends before {since}, expected a later release");
            self.report(at, message);
        }
        for alias in &self.description.aliases {
            self.check_order(&alias.fact);
        }
    }

    fn check_order(&mut self, fact: &Fact) {
        if fact.until.is_some_and(|until| until < fact.since) {
            let since = fact.since;
            let message = format!("the fact ends before {since}, expected a later release");
            self.report(fact.at, message);
        }
    }

    /// Checks that every record has a value of its own in the key, which never changes and is shown.
    fn check_key(&mut self) {
        let description = self.description;
        let name = &description.key;
        let Some(position) = description.position(name) else {
            let expected = "the name of a field, such as that of <object-id>";
            let message = format!("the key is {name:?}, expected {expected}");
            return self.report(description.at, message);
        };
        let key = &description.fields[position];
        if key.is_link() {
            let message = format!("the key is {name}, a link, expected a field with a value");
            return self.report(key.fact.at, message);
        }
        if !matches!(key.access, Access::ReadOnly | Access::CreateOnly) {
            let expected = "its access to be read-only or create";
            self.report(
                key.fact.at,
                format!("{name} is the key, expected {expected}"),
            );
        }
        let is_required = |release| {
            let mut required = key.required.iter();
            required.any(|fact| fact.condition.is_none() && fact.covers(release))
        };
        let has_value = |release| key.fact.covers(release) && is_required(release);
        if key.unique.is_none() || !releases(description).all(has_value) {
            let expected = "it to be required and unique in all releases of the resource";
            self.report(
                key.fact.at,
                format!("{name} is the key, expected {expected}"),
            );
        }
    }

    fn check_facts(&mut self, field: &FieldDescription) {
        for fact in field.facts() {
            self.check_order(fact);
            if let Some(condition) = &fact.condition {
                self.check_condition(fact, condition);
            }
        }
        if field.fact.condition.is_some() && !field.is_link() {
            let name = &field.name;
            let message = format!("{name} has a condition, expected it on a rule or a link");
            self.report(field.fact.at, message);
        }
        let unscoped = [
            field.max_length.as_ref().map(|(_, fact)| fact),
            // The evidence of a unique ObjectId is that of the field itself.
            field.unique.as_ref(),
            field.owner.as_ref().map(|(_, fact)| fact),
        ];
        for fact in unscoped.into_iter().flatten() {
            let lacks = |release: Release| field.fact.covers(release) && !fact.covers(release);
            if fact.condition.is_some() || releases(self.description).any(lacks) {
                self.report(fact.at, NO_SCOPE);
            }
        }
    }

    /// Checks that a client cannot set a link, and that it has no rules.
    fn check_link(&mut self, field: &FieldDescription) {
        let name = &field.name;
        if field.access != Access::ReadOnly {
            let message = format!("{name} is a link, expected its access to be read-only");
            self.report(field.fact.at, message);
        }
        for rule in field.facts().skip(1) {
            self.report(rule.at, format!("{name} is a link, expected no rules"));
        }
    }

    fn check_condition(&mut self, fact: &Fact, condition: &Condition<Box<str>>) {
        let description = self.description;
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

    fn check_owners(&mut self, earlier: &[Description]) {
        for (owner, fact) in self
            .description
            .fields
            .iter()
            .filter_map(|field| field.owner.as_ref())
        {
            let mut earlier = earlier.iter();
            if !earlier.any(|description| description.path == *owner) {
                let expected = "the path of a resource before this one";
                self.report(
                    fact.at,
                    format!("the owner is {owner:?}, expected {expected}"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::description::read;

    #[test]
    fn more_resources_than_a_catalogue_can_have_are_a_mistake() {
        let text = r#"<resource path="lamps" list="Lamps" element="Lamp"/>"#;
        let description = read(text.as_bytes()).expect("it is readable");
        let descriptions = vec![description; MAX_ITEMS + 1];
        let set = DescriptionSet {
            descriptions: &descriptions,
            is_embedded: &vec![false; descriptions.len()],
            is_incomplete: false,
        };
        let message = "found 65536 resources, expected at most 65535";
        assert_eq!(set.check(), [(MAX_ITEMS, DecodeError::new(0, message))]);
    }
}
