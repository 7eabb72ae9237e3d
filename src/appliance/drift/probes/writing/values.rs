//! Values of fields: those that a description accepts, and those that break its rules.

use super::super::{CapturedObjects, NOBODY, facts};
use crate::{
    appliance::{
        drift::names::Prefix,
        facts::{FactKey, FieldRule},
    },
    schema::{Access, Catalogue, DefaultValue, ErrorRule, Field, Kind, Resource, Verb},
    store::Values,
};

/// The field of the objects that nobody can delete, even where no rule names it.
const UNDELETABLE: &str = "Undeletable";

/// The number of choices that the values of a unique field are among.
const MAX_CHOICES: usize = 9;

/// A value that no field accepts, except texts.
const NO_CHOICE: &str = "~none~";

/// The value of secret fields.
pub(crate) const SENT_SECRET: &str = "Dr1ft-0nly";

/// Values of fields, given by their positions.
pub(super) type Given = Vec<(usize, String)>;

/// A value that breaks a rule of a field.
#[derive(Debug)]
pub(super) struct WrongValue {
    pub(super) value: String,
    /// The value in words.
    pub(super) purpose: String,
    pub(super) fact: FactKey,
    pub(super) error: ErrorRule,
}

/// Finds values for the fields of a resource.
pub(super) struct Sampler<'s> {
    pub(super) catalogue: &'s Catalogue,
    pub(super) objects: &'s CapturedObjects,
    pub(super) resource: &'s Resource,
    pub(super) prefix: &'s Prefix,
    /// Distinguishes the values of an object from those of others.
    pub(super) number: usize,
    /// The id of the partition for new objects, if it is another one than those of the server.
    pub(super) partition: Option<&'s str>,
}

impl Sampler<'_> {
    /// Returns a value that the field at a position accepts in an object with these values.
    pub(super) fn accepted(&self, position: usize, values: &Values) -> Option<String> {
        let field = &self.resource.fields[position];
        if field.reference.is_some() {
            return self.target(position);
        }
        match choices(field, values) {
            // The server may have used the first one for an object that comes with a new one.
            Some(choices) if field.unique.is_some() && choices.len() > 1 => {
                let others = (choices.len() - 1).min(MAX_CHOICES);
                choices.get(1 + self.number % others).cloned()
            }
            Some(choices) => choices.into_iter().next(),
            None => self.of_kind(field),
        }
    }

    /// Returns a value of an existing object.
    fn target(&self, position: usize) -> Option<String> {
        let reference = self.resource.fields[position].reference.as_ref()?;
        let target = &self.catalogue[reference.resource];
        if target.path.as_str() == "partitions"
            && let Some(partition) = self.partition
        {
            return Some(partition.to_owned());
        }
        let name = &target.fields[reference.field].name;
        let objects = self.objects.of(target.path.as_str()).iter();
        let values = objects.filter_map(|object| object.get(name));
        let mut values = values.filter(|value| !value.is_empty());
        // The server may have used the first ones for the objects that come with a new one.
        let value = match self.resource.fields[position].unique {
            Some(_) => values.next_back(),
            None => values.next(),
        };
        value.map(str::to_owned)
    }

    /// Returns a value of the kind of a field, within its range and its length.
    fn of_kind(&self, field: &Field) -> Option<String> {
        let number = self.number;
        Some(match field.kind {
            Kind::Boolean => "true".to_owned(),
            Kind::Integer => match &field.range {
                Some(range) if field.unique.is_some() => range.max.to_string(),
                Some(range) => range.min.to_string(),
                None => number.to_string(),
            },
            Kind::Guid => format!("5a5a5a5a-0000-4000-8000-{number:012}"),
            Kind::DateTime => "2031-02-03 04:05:06.789".to_owned(),
            Kind::Binary => "UklGRg==".to_owned(),
            Kind::Text if field.extension.is_some() => format!("908{number:05}"),
            Kind::Text if field.access.is_hidden() => SENT_SECRET.to_owned(),
            Kind::Text => {
                let max = field
                    .max_length
                    .as_ref()
                    .map_or(usize::MAX, |(max, _)| *max);
                let text = format!("{}{number}", self.prefix);
                text.chars().take(max).collect()
            }
            Kind::Link => return None,
        })
    }

    /// Returns values that break the rules of the field at a position in an object with these values.
    pub(super) fn wrong(&self, position: usize, values: &Values) -> Vec<WrongValue> {
        let field = &self.resource.fields[position];
        let mut wrong = Vec::new();
        let mut add = |value: String, purpose: &str, fact: FactKey, error: ErrorRule| {
            let name = &field.name;
            let purpose = format!("with {name} {purpose}");
            wrong.push(WrongValue {
                value,
                purpose,
                fact,
                error,
            });
        };
        let rule = |rule, number| facts::rule(self.resource, position, rule, number);
        let applying = field
            .choices
            .iter()
            .position(|(_, rule)| rule.applies(|position| values.get(position)));
        if field.kind != Kind::Text {
            let kind = facts::field(self.resource, position);
            let error = mistyped(field, values);
            add(NO_CHOICE.to_owned(), "of another type", kind, error);
        }
        if let Some(number) = applying
            && let Some(choices) = choices(field, values)
        {
            let fact = rule(FieldRule::Choices, number);
            let value = outside(field, &choices);
            add(value, "outside its choices", fact, ErrorRule::Choices);
        }
        if let Some(range) = &field.range {
            let bounds = [
                (range.min.checked_sub(1), "below its minimum"),
                (range.max.checked_add(1), "above its maximum"),
            ];
            for (bound, purpose) in bounds {
                if let Some(bound) = bound {
                    let fact = rule(FieldRule::Range, 0);
                    add(bound.to_string(), purpose, fact, ErrorRule::Range);
                }
            }
        }
        if let Some((max, _)) = &field.max_length {
            let length = (max + 1).saturating_sub(self.prefix.as_str().len());
            let value: String = format!("{}{}", self.prefix, "7".repeat(length));
            let value = match field.extension {
                Some(_) => "7".repeat(max + 1),
                None => value.chars().take(max + 1).collect(),
            };
            let fact = rule(FieldRule::MaxLength, 0);
            add(value, "that is too long", fact, ErrorRule::MaxLength);
        }
        if field.extension.is_some() {
            let fact = rule(FieldRule::Extension, 0);
            add(
                "12a".to_owned(),
                "that cannot be dialed",
                fact,
                ErrorRule::Extension,
            );
        }
        if field.reference.is_some() && applying.is_none() {
            let value = match field.kind {
                Kind::Text if field.extension.is_some() => "99999999",
                Kind::Integer => "77777777",
                _ => NOBODY,
            };
            let fact = rule(FieldRule::Reference, 0);
            add(
                value.to_owned(),
                "of no object",
                fact,
                ErrorRule::References,
            );
        }
        wrong
    }

    /// Adds the values of the fields that a create must give, beside those that are given. Returns `None` if there is none
    /// for one of them. `values` are those that the object has without them.
    pub(super) fn complete(&self, values: &Values, mut given: Given) -> Option<(Given, Values)> {
        let mut values = values.clone();
        for (position, value) in &given {
            values = values.with(*position, Some(value));
        }
        loop {
            values = self.with_defaults(&values);
            let fields = self.resource.fields.iter().enumerate();
            let mut missing = fields.filter(|(position, field)| {
                values.get(*position).is_none()
                    && field.access.takes(Verb::Create)
                    && self.resource.object_id != Some(*position)
                    && required_rules(field, &values).next().is_some()
            });
            let Some((position, _)) = missing.next() else {
                return Some((given, values));
            };
            let value = self.accepted(position, &values)?;
            values = values.with(position, Some(&value));
            given.push((position, value));
        }
    }

    /// Returns the values of an object with the defaults.
    fn with_defaults(&self, values: &Values) -> Values {
        let mut values = values.clone();
        for (position, field) in self.resource.fields.iter().enumerate() {
            if values.get(position).is_some() {
                continue;
            }
            let mut defaults = field.defaults.iter();
            let default = defaults.find(|(_, rule)| rule.applies(|position| values.get(position)));
            let value = match default {
                Some((DefaultValue::Value(value), _)) => Some(value.to_string()),
                Some((DefaultValue::First((resource, field)), _)) => {
                    let resource = &self.catalogue[*resource];
                    let first = self.objects.of(resource.path.as_str()).first();
                    let value = first.and_then(|first| first.get(&resource.fields[*field].name));
                    value.map(str::to_owned)
                }
                Some(_) => Some("2031-02-03 04:05:06.789".to_owned()),
                None => None,
            };
            values = values.with(position, value.as_deref());
        }
        values
    }
}

/// Returns the numbers of the rules by which a field of an object with these values must have a value.
pub(super) fn required_rules<'f>(
    field: &'f Field,
    values: &'f Values,
) -> impl Iterator<Item = usize> + 'f {
    let rules = field.required.iter().enumerate();
    let rules = rules.filter(|(_, rule)| rule.applies(|position| values.get(position)));
    rules.map(|(number, _)| number)
}

/// Returns the rule that a value of another kind breaks: one of a field with choices is none of them.
pub(super) fn mistyped(field: &Field, values: &Values) -> ErrorRule {
    let mut choices = field.choices.iter();
    match choices.any(|(_, rule)| rule.applies(|position| values.get(position))) {
        true => ErrorRule::Choices,
        false => ErrorRule::Type,
    }
}

/// Returns the values that all choices allow which apply to an object, if there are some.
fn choices(field: &Field, values: &Values) -> Option<Vec<String>> {
    let rules = field.choices.iter();
    let rules = rules.filter(|(_, rule)| rule.applies(|position| values.get(position)));
    let lists = rules.map(|(choices, _)| choices.iter().map(ToString::to_string).collect());
    lists.reduce(|one: Vec<String>, other| {
        let both = one.into_iter().filter(|value| other.contains(value));
        both.collect()
    })
}

/// Returns a value of a field's kind that is none of its choices.
fn outside(field: &Field, choices: &[String]) -> String {
    match field.kind {
        Kind::Integer => {
            let mut numbers = (-1..).map(|number: i32| number.to_string());
            numbers
                .find(|number| !choices.contains(number))
                .unwrap_or_default()
        }
        Kind::Boolean => (choices == ["false"]).to_string(),
        _ => NO_CHOICE.to_owned(),
    }
}

/// True if the probes may set a field.
pub(super) fn is_settable(resource: &Resource, position: usize, verb: Verb) -> bool {
    let field = &resource.fields[position];
    field.access.takes(verb)
        && field.access != Access::Internal
        && !resource.parameters.contains(&position)
        && resource.object_id != Some(position)
        && resource.order.is_none_or(|order| order.field != position)
        && !can_prevent_deletion(resource, position)
}

/// True if a value of a field can have the effect that nobody can delete the object.
fn can_prevent_deletion(resource: &Resource, position: usize) -> bool {
    let rules = resource.undeletable.iter();
    let mut conditions = rules.filter_map(|(rule, _)| rule.condition.as_ref());
    let is_condition = conditions.any(|condition| condition.field == position);
    is_condition || &*resource.fields[position].name == UNDELETABLE
}
