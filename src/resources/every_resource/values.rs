//! Invented values for the fields of a resource: those that its description accepts, and those that it does not.

use crate::{
    engine::Clock,
    schema::{Access, DefaultValue, Field, Kind, Resource, Verb},
    store::{Store, Values},
};

/// The id of no record.
const NOBODY: &str = "0badc0de-0bad-4bad-8bad-0badc0de0bad";
/// The maximum number of records that a reference is set to.
const TARGETS: usize = 3;

/// Invents values for the fields of a resource.
pub(super) struct Sampler<'s> {
    pub(super) store: &'s Store,
    pub(super) resource: &'s Resource,
    /// Distinguishes the values of a record from those of others.
    pub(super) number: usize,
}

/// Values of fields, given by their positions.
pub(super) type Given = Vec<(usize, String)>;

impl Sampler<'_> {
    /// Returns values that the field at a position accepts in a record with these values.
    pub(super) fn accepted(&self, position: usize, values: &Values) -> Vec<String> {
        let field = &self.resource.fields[position];
        let mut accepted = match (&field.reference, choices(field, values)) {
            (Some(reference), _) => {
                let records = self.store.collection(reference.resource).iter();
                let targets = records.filter_map(|record| record.values.get(reference.field));
                targets.map(str::to_owned).collect()
            }
            (None, Some(choices)) => choices,
            (None, None) => self.of_kind(field),
        };
        accepted.retain(|value| !value.is_empty() && !self.is_taken(position, value, values));
        if field.reference.is_some() {
            accepted.truncate(TARGETS);
        }
        accepted
    }

    /// Returns values of the kind of a field, within its range and its length.
    fn of_kind(&self, field: &Field) -> Vec<String> {
        let numbers = [self.number, self.number + 40];
        let owned = |values: [&str; 2]| values.map(str::to_owned).to_vec();
        match (field.kind, field.range.as_deref()) {
            (Kind::Boolean, _) => owned(["true", "false"]),
            (Kind::Integer, Some(range)) => {
                let numbers = [range.min, range.max, range.max - 1];
                numbers.map(|number| number.to_string()).to_vec()
            }
            (Kind::Integer, None) => numbers.map(|number| number.to_string()).to_vec(),
            (Kind::Guid, _) => {
                let guid = |number| format!("5a5a5a5a-0000-4000-8000-{number:012}");
                numbers.map(guid).to_vec()
            }
            (Kind::DateTime, _) => owned(["2031-02-03 04:05:06.789", "2032-02-03T04:05:06Z"]),
            (Kind::Binary, _) => owned(["UklGRg==", "QUJD"]),
            (Kind::Text, _) => self.texts(field),
            (Kind::Link, _) => Vec::new(),
        }
    }

    fn texts(&self, field: &Field) -> Vec<String> {
        let number = self.number;
        let max = field.max_length.as_ref().map(|(max, _)| *max);
        let [text, longest] = match (&field.extension, max) {
            (Some(_), max) => [
                format!("7{number:05}"),
                format!("+8{number:05}{}", "9".repeat(max.unwrap_or(0))),
            ],
            (None, max) => [
                format!("{number}-{} é&<", field.name),
                format!("{number}-{}", "ü".repeat(max.unwrap_or(100))),
            ],
        };
        let max = max.unwrap_or(usize::MAX);
        [text, longest]
            .map(|text| text.chars().take(max).collect())
            .to_vec()
    }

    /// True if another record has a value that no two records can have.
    fn is_taken(&self, position: usize, value: &str, values: &Values) -> bool {
        let resource = self.resource;
        let unique = resource.fields[position].unique.as_ref();
        let is_key = resource.key == Some(position);
        let is_same = |field: usize, other: &Values| other.get(field) == values.get(field);
        if unique.is_none() && !is_key {
            return false;
        }
        let records = self.store.collection(resource.id).iter();
        let others = records.map(|record| &record.values);
        let mut others = others.filter(|other| {
            let other = other.get(position);
            other.is_some_and(|other| other.eq_ignore_ascii_case(value))
        });
        others.any(|other| match unique {
            Some(unique) => unique.within.is_none_or(|within| is_same(within, other)),
            None => {
                let mut parameters = resource.parameters.iter();
                parameters.all(|parameter| is_same(*parameter, other))
            }
        })
    }

    /// Returns values that break a rule of the field at a position in a record with these values, each with the name of the
    /// rule. `other` is another record of the same collection.
    pub(super) fn wrong(
        &self,
        position: usize,
        values: &Values,
        other: Option<&Values>,
    ) -> Vec<(&'static str, String)> {
        let field = &self.resource.fields[position];
        let mut wrong = Vec::new();
        if field.kind != Kind::Text {
            wrong.push(("kind", "~".to_owned()));
        }
        let choices = choices(field, values);
        let outside = choices.as_ref().map(|choices| outside(field, choices));
        wrong.extend(outside.map(|value| ("choices", value)));
        if let Some(range) = &field.range {
            let bounds = [range.min.checked_sub(1), range.max.checked_add(1)];
            let bounds = bounds.into_iter().flatten();
            wrong.extend(bounds.map(|number| ("range", number.to_string())));
        }
        if let Some((max, _)) = &field.max_length {
            wrong.push(("max-length", "7".repeat(max + 1)));
        }
        if field.extension.is_some() {
            wrong.push(("extension", "12a".to_owned()));
        }
        if field.reference.is_some() {
            let value = match field.kind {
                Kind::Text if field.extension.is_some() => "99999999",
                Kind::Integer => "77777777",
                _ => NOBODY,
            };
            let is_outside = choices.is_some();
            wrong.extend((!is_outside).then(|| ("references", value.to_owned())));
        }
        if let Some(unique) = &field.unique
            && let Some(other) = other
            && unique
                .within
                .is_none_or(|within| other.get(within) == values.get(within))
            && let Some(value) = other.get(position)
        {
            wrong.push(("unique", value.to_owned()));
        }
        wrong
    }

    /// Returns the values of the fields that a create must give. `values` are those that the record has without them.
    pub(super) fn mandatory(&self, values: &Values) -> Given {
        let mut given = Vec::new();
        let mut values = values.clone();
        loop {
            values = self.with_defaults(&values);
            let fields = self.resource.fields.iter().enumerate();
            let mut missing = fields.filter(|(position, field)| {
                values.get(*position).is_none()
                    && field.access.takes(Verb::Create)
                    && self.resource.object_id != Some(*position)
                    && is_required(field, &values)
            });
            let Some((position, _)) = missing.next() else {
                return given;
            };
            let accepted = self.accepted(position, &values);
            let value = accepted.first().cloned().unwrap_or_default();
            values = values.with(position, Some(&value));
            given.push((position, value));
        }
    }

    /// Returns the values of the fields that an update must give with others, so that the record breaks no rule.
    pub(super) fn amended(&self, before: &Values, mut given: Given) -> Given {
        let mut values = before.clone();
        for (position, value) in &given {
            values = values.with(*position, Some(value));
        }
        for (position, field) in self.resource.fields.iter().enumerate() {
            let value = values.get(position).filter(|value| !value.is_empty());
            let is_outside = value.zip(choices(field, &values));
            let is_outside = is_outside
                .is_some_and(|(value, choices)| !choices.iter().any(|choice| choice == value));
            let is_missing = value.is_none() && is_required(field, &values);
            if (is_outside || is_missing)
                && field.access.takes(Verb::Update)
                && let Some(value) = self.accepted(position, &values).into_iter().next()
            {
                values = values.with(position, Some(&value));
                given.push((position, value));
            }
        }
        given
    }

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
                    let first = self.store.collection(*resource).iter().next();
                    first.and_then(|first| first.values.get(*field).map(str::to_owned))
                }
                Some(_) => Some(Clock::default().stamp()),
                None => None,
            };
            values = values.with(position, value.as_deref());
        }
        values
    }
}

/// Returns the default of a field of a record with these values, if it is a value.
pub(super) fn default<'r>(field: &'r Field, values: &Values) -> Option<&'r str> {
    let mut defaults = field.defaults.iter();
    let (default, _) = defaults.find(|(_, rule)| rule.applies(|position| values.get(position)))?;
    match default {
        DefaultValue::Value(value) if field.access != Access::Internal => Some(value),
        _ => None,
    }
}

pub(super) fn is_required(field: &Field, values: &Values) -> bool {
    let mut rules = field.required.iter();
    rules.any(|rule| rule.applies(|position| values.get(position)))
}

/// Returns the values that all choices allow which apply to a record, if there are some.
pub(super) fn choices(field: &Field, values: &Values) -> Option<Vec<String>> {
    let rules = field.choices.iter();
    let rules = rules.filter(|(_, rule)| rule.applies(|position| values.get(position)));
    let lists = rules.map(|(choices, _)| choices.iter().map(ToString::to_string).collect());
    lists.reduce(|one: Vec<String>, other| {
        let both = one.into_iter().filter(|value| other.contains(value));
        both.collect()
    })
}

/// Returns a value of the field's kind that is none of its choices.
fn outside(field: &Field, choices: &[String]) -> String {
    match field.kind {
        Kind::Integer => {
            let mut numbers = (-1..).map(|number: i32| number.to_string());
            let outside = numbers.find(|number| !choices.contains(number));
            outside.expect("there are more numbers than choices")
        }
        Kind::Boolean => (choices == ["false"]).to_string(),
        _ => "~none~".to_owned(),
    }
}
