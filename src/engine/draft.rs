//! A record as a client or a fixture describes it, checked against the kinds of its fields.

use std::{borrow::Cow, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use tracing::{debug, warn};

use super::{Clock, clock::is_date_time, element::Element, validate::Violation};
use crate::{
    schema::{Access, DefaultValue, ErrorRule, Kind, Resource, ResourceId, Verb},
    store::{Record, Store, Values},
};

/// The given values in their canonical form, and those that do not have the kind of their field.
#[derive(Debug)]
pub(crate) struct Draft<'e> {
    pub(crate) resource: &'e Resource,
    /// One value for each field of the resource.
    given: Box<[Option<Cow<'e, str>>]>,
    /// The positions of the fields that lose their values.
    cleared: Vec<usize>,
    pub(crate) violations: Vec<Violation>,
    /// The record that the draft is copied from.
    template: Option<(ResourceId, Arc<Record>)>,
}

/// The sources of defaults that are not values of their own.
pub(super) struct DefaultSources<'d> {
    pub(super) clock: &'d Clock,
    pub(super) store: &'d Store,
    /// The first object of each resource, if the store is still being filled.
    pub(super) firsts: &'d [Option<Values>],
}

impl DefaultSources<'_> {
    /// Returns the value of a field of the first record of a resource.
    fn first(&self, resource: ResourceId, field: usize) -> Option<&str> {
        let stored = self.store.collection(resource).iter().next();
        let stored = stored.and_then(|record| record.values.get(field));
        stored.or_else(|| {
            let first = self.firsts.get(resource.index())?.as_ref()?;
            first.get(field)
        })
    }
}

impl<'e> Draft<'e> {
    /// Reads the elements of a request with `verb`. Fields that a client cannot set are ignored.
    pub(crate) fn of_request(
        resource: &'e Resource,
        verb: Verb,
        elements: &'e [Element<'_>],
    ) -> Self {
        let mut draft = Self::empty(resource);
        let object = &*resource.element;
        for element in elements {
            let name = element.name.as_ref();
            let Some(position) = resource.position(name) else {
                debug!(
                    element = object,
                    byte = element.at,
                    "ignored an unknown element"
                );
                continue;
            };
            let access = resource.fields[position].access;
            if access.takes(verb) {
                draft.give(position, element);
            } else if access == Access::CreateOnly {
                warn!(
                    element = object,
                    name, "ignored a field that can be set only on create"
                );
            } else {
                debug!(element = object, name, "ignored a read-only element");
            }
        }
        draft.clear_excluded();
        if let Some(order) = resource.order.filter(|_| verb == Verb::Create) {
            // The order determines the place of a new record.
            draft.given[order.field] = None;
        }
        draft
    }

    /// Reads the elements of a fixture, which may set every field. Other elements are passed to `unknown`.
    pub(crate) fn of_fixture<'a>(
        resource: &'e Resource,
        elements: &'e [Element<'a>],
        mut unknown: impl FnMut(&'e Element<'a>),
    ) -> Self {
        let mut draft = Self::empty(resource);
        for element in elements {
            match resource.position(&element.name) {
                Some(position) => draft.give(position, element),
                None => unknown(element),
            }
        }
        draft
    }

    /// Returns the given value at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        self.given[position].as_deref()
    }

    /// Sets the value at the position of a field.
    pub(crate) fn set(&mut self, position: usize, value: impl Into<Cow<'e, str>>) {
        self.given[position] = Some(value.into());
    }

    /// Fills in the defaults of fields without a value, in the order of the schema, beside values that do not exclude them.
    pub(super) fn fill_in_defaults(&mut self, sources: &DefaultSources<'_>) {
        let resource = self.resource;
        let has_exclusions = resource.fields.iter().any(|field| !field.clears.is_empty());
        for (position, field) in resource.fields.iter().enumerate() {
            if self.get(position).is_some() {
                continue;
            }
            let mut defaults = field.defaults.iter();
            let default = defaults.find(|(_, rule)| rule.applies(|position| self.get(position)));
            match default.filter(|_| !has_exclusions || !self.is_excluded(position)) {
                Some((DefaultValue::Value(value), _)) => self.set(position, &**value),
                Some((DefaultValue::Now, _)) => self.set(position, sources.clock.stamp()),
                Some((DefaultValue::UtcNow, _)) => self.set(position, sources.clock.utc_stamp()),
                Some((DefaultValue::First((other, field)), _)) => {
                    if let Some(value) = sources.first(*other, *field) {
                        self.set(position, value.to_owned());
                    }
                }
                None => {}
            }
        }
    }

    /// Fills in the defaults of the fields of a record without a value, in the order of the schema.
    pub(super) fn complete(resource: &Resource, values: &mut Values, sources: &DefaultSources<'_>) {
        let mut fields = resource.fields.iter().enumerate();
        let can_be_filled_in = fields.any(|(position, field)| {
            let mut defaults = field
                .defaults
                .iter()
                .filter(|_| values.get(position).is_none());
            defaults.any(|(_, rule)| rule.applies(|position| values.get(position)))
        });
        if can_be_filled_in {
            let mut draft = Draft::empty(resource);
            for position in 0..resource.fields.len() {
                draft.given[position] = values.get(position).map(Cow::Borrowed);
            }
            draft.fill_in_defaults(sources);
            *values = draft.values();
        }
    }

    /// Adds the samples of the mandatory fields that have no value.
    pub(super) fn add_samples(&mut self, samples: &[(&str, &'static str)]) {
        for (position, field) in self.resource.fields.iter().enumerate() {
            let is_missing = self.get(position).is_none();
            let mut required = field.required.iter().filter(|_| is_missing);
            let sample = samples.iter().find(|(name, _)| **name == *field.name);
            if let Some((_, sample)) = sample
                && required.any(|rule| rule.applies(|position| self.get(position)))
            {
                self.set(position, *sample);
            }
        }
    }

    /// Copies the fields that a template shares, as far as they have no value and none excludes them.
    pub(super) fn copy(&mut self, template: &Resource, source: &'e Arc<Record>, except: &[usize]) {
        for (from, to) in self.resource.fields_shared_with(template) {
            if self.get(to).is_none()
                && !except.contains(&to)
                && !self.is_excluded(to)
                && let Some(value) = source.values.get(from)
            {
                self.set(to, value);
            }
        }
        self.template = Some((template.id, Arc::clone(source)));
    }

    /// Returns the record that the draft is copied from.
    pub(super) fn template(&self) -> Option<(ResourceId, Arc<Record>)> {
        self.template.clone()
    }

    /// Clears the fields that a given value excludes, unless they are given, too.
    fn clear_excluded(&mut self) {
        for (position, field) in self.resource.fields.iter().enumerate() {
            for (other, _) in &field.clears {
                if self.has_value(position) && !self.has_value(*other) {
                    self.given[*other] = None;
                    self.cleared.push(*other);
                }
            }
        }
    }

    /// True if the field at a position has a value that is not empty.
    fn has_value(&self, position: usize) -> bool {
        self.get(position).is_some_and(|value| !value.is_empty())
    }

    /// True if the field at a position can have no value beside those of the draft: one of them clears it, or it would clear
    /// one of them.
    fn is_excluded(&self, position: usize) -> bool {
        let resource = self.resource;
        let mut cleared = resource.fields[position].clears.iter();
        let mut fields = resource.fields.iter().enumerate();
        cleared.any(|(other, _)| self.has_value(*other))
            || fields.any(|(other, field)| {
                let mut cleared = field.clears.iter();
                cleared.any(|(cleared, _)| *cleared == position) && self.has_value(other)
            })
    }

    /// True if the field at a position loses its value.
    fn is_cleared(&self, position: usize) -> bool {
        self.cleared.contains(&position)
    }

    /// Returns the given values.
    pub(crate) fn values(&self) -> Values {
        Values::of(self.given.iter().map(Option::as_deref))
    }

    /// Returns the stored values, replaced by the given ones. An empty secret keeps the stored one.
    pub(crate) fn onto(&self, stored: &Values) -> Values {
        let fields = self.resource.fields.iter().enumerate();
        Values::of(fields.map(|(position, field)| {
            let is_secret = field.access == Access::Secret;
            let given = self.get(position);
            let given = given.filter(|value| !(is_secret && value.is_empty()));
            let stored = stored.get(position).filter(|_| !self.is_cleared(position));
            given.or(stored)
        }))
    }

    /// Replaces the value at the position of a field by one that the path of the request has. `expected` describes it, if it
    /// is that of another record.
    pub(super) fn set_from_path(&mut self, position: usize, value: &str, expected: Option<String>) {
        let field = &self.resource.fields[position];
        let canonical = canonical(&field.kind, value).map(|value| value.into_owned().into());
        let value = canonical.map_err(|of_kind| Violation {
            position,
            value: value.to_owned(),
            expected: expected.unwrap_or_else(|| of_kind.to_owned()),
            evidence: field.evidence.clone(),
            rule: ErrorRule::Parent,
        });
        self.take(position, value);
    }

    /// Sets a field to a value, or notes the violation by it.
    fn take(&mut self, position: usize, value: Result<Cow<'e, str>, Violation>) {
        self.violations
            .retain(|violation| violation.position != position);
        self.given[position] = match value {
            Ok(value) => Some(value),
            Err(violation) => {
                self.violations.push(violation);
                None
            }
        };
    }

    /// Creates a draft without values.
    pub(super) fn empty(resource: &'e Resource) -> Self {
        Self {
            resource,
            given: vec![None; resource.fields.len()].into(),
            cleared: Vec::new(),
            violations: Vec::new(),
            template: None,
        }
    }

    /// Sets a field, or notes a violation. If an element is repeated, the last one counts.
    fn give(&mut self, position: usize, element: &'e Element<'_>) {
        let field = &self.resource.fields[position];
        let is_empty = element
            .value
            .as_deref()
            .is_some_and(|text| trimmed(text).is_empty());
        if field.is_clearable && is_empty {
            self.given[position] = None;
            self.cleared.push(position);
            return;
        }
        let value = match element.value.as_deref() {
            Some(text) if field.extension.is_some() => Ok(trimmed(text).into()),
            Some(text) => canonical(&field.kind, text).map_err(|expected| (text, expected)),
            None => Err(("", "text alone")),
        };
        let value = value.map_err(|(text, expected)| Violation {
            position,
            value: text.to_owned(),
            expected: expected.to_owned(),
            evidence: field.evidence.clone(),
            rule: ErrorRule::Type,
        });
        self.take(position, value);
    }
}

/// Returns the canonical form of a value of this kind, or a description of the expected form.
pub(crate) fn canonical<'t>(kind: &Kind, text: &'t str) -> Result<Cow<'t, str>, &'static str> {
    let trimmed = match kind {
        Kind::Text | Kind::Link => text,
        _ => trimmed(text),
    };
    match kind {
        Kind::Text | Kind::Link => Ok(trimmed.into()),
        Kind::Integer if is_a_digit(trimmed) => Ok(trimmed.into()),
        Kind::Integer => trimmed
            .parse::<i32>()
            .map(|number| number.to_string().into())
            .map_err(|_| "a whole number"),
        Kind::Boolean => boolean(trimmed).map(Cow::from).ok_or("true or false"),
        Kind::Guid if is_guid(trimmed) => Ok(trimmed.into()),
        Kind::Guid => Err("a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78"),
        Kind::DateTime if is_date_time(trimmed) => Ok(trimmed.into()),
        Kind::DateTime => {
            Err("a date and time such as 2013-01-12 14:57:32.569 or 2016-02-02T22:36:17Z")
        }
        Kind::Binary if BASE64_STANDARD.decode(trimmed).is_ok() => Ok(trimmed.into()),
        Kind::Binary => Err("bytes in base64"),
    }
}

/// Removes the spaces around a value, also the no-break spaces of copied pages.
fn trimmed(text: &str) -> &str {
    if text.is_ascii() {
        text.trim_ascii()
    } else {
        text.trim()
    }
}

fn boolean(text: &str) -> Option<&'static str> {
    if text == "1" || text.eq_ignore_ascii_case("true") {
        Some("true")
    } else if text == "0" || text.eq_ignore_ascii_case("false") {
        Some("false")
    } else {
        None
    }
}

/// Checks for a single digit, the most frequent number in the API. It is already canonical.
fn is_a_digit(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9'])
}

/// Checks for a GUID in five groups, the only form that the vendor uses.
fn is_guid(text: &str) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && uuid::Uuid::try_parse(text).is_ok()
}
