//! The values of a record that is written.

use crate::{
    engine::NamedRecord,
    schema::{DefaultValue, Resource},
    store::Values,
};

/// Returns the values of a record of a resource, which are given by the names of its fields.
pub(super) fn values_of(resource: &Resource, values: &[(&str, String)]) -> Values {
    let fields = resource.fields.iter();
    Values::of(fields.map(|field| {
        let mut values = values.iter();
        let (_, value) = values.find(|(name, _)| *name == &*field.name)?;
        Some(value.as_str())
    }))
}

/// The values of a record that is written, by the names of its fields.
pub(super) struct RecordValues<'r> {
    pub(super) resource: &'r Resource,
    pub(super) values: Values,
}

impl RecordValues<'_> {
    /// Returns the value of a field that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(self.resource.position(name)?);
        value.filter(|value| !value.is_empty())
    }

    /// True if a field has an empty value.
    pub(super) fn is_empty(&self, name: &str) -> bool {
        let position = self.resource.position(name);
        position.and_then(|position| self.values.get(position)) == Some("")
    }

    /// True if the value of a field is none of the choices that all records have.
    pub(super) fn has_other_choice(&self, name: &str) -> bool {
        let position = self.resource.position(name);
        let field = position.map(|position| &self.resource.fields[position]);
        let choices = field.into_iter().flat_map(|field| &field.choices);
        let mut choices = choices.filter(|(_, rule)| rule.condition.is_none());
        self.get(name).is_some_and(|value| {
            choices.any(|(choices, _)| !choices.iter().any(|choice| **choice == *value))
        })
    }

    /// Sets a field, unless the resource lacks it.
    pub(super) fn set(&mut self, name: &str, value: Option<&str>) {
        if let Some(position) = self.resource.position(name)
            && self.values.get(position) != value
        {
            self.values = self.values.with(position, value);
        }
    }

    /// Removes the blanks around the value of a field.
    pub(super) fn trim(&mut self, name: &str) {
        let value = self.get(name).unwrap_or_default();
        let trimmed = value.trim();
        if trimmed.len() < value.len() {
            let trimmed = trimmed.to_owned();
            self.set(name, Some(&trimmed));
        }
    }
}

/// True if the value of a field is a default that its description contains.
pub(super) fn has_default(record: &NamedRecord, name: &str) -> bool {
    let resource = record.resource();
    let position = resource.position(name);
    let field = position.and_then(|position| resource.fields.get(position));
    let mut defaults = field.iter().flat_map(|field| &field.defaults);
    defaults.any(|(default, _)| match default {
        DefaultValue::Value(value) => record.get(name) == Some(value),
        DefaultValue::Now | DefaultValue::UtcNow | DefaultValue::First(_) => false,
    })
}
