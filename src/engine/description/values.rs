//! Checks the values of a description: choices and defaults.

use super::scope::overlap;
use crate::{
    engine::{DecodeError, draft::canonical},
    schema::{Choices, DefaultValue, Fact, FieldDescription},
};

/// Returns the mistakes in the choices and the defaults of a field.
pub(super) fn check_values(field: &FieldDescription) -> Vec<DecodeError> {
    let mut errors = Vec::new();
    for (choices, fact) in &field.choices {
        let invalid = choices.iter().filter_map(|value| invalid(field, value));
        let messages = invalid.map(|message| format!("a choice {message}"));
        errors.extend(messages.map(|message| DecodeError::new(fact.at, message)));
    }
    for (default, fact) in &field.defaults {
        if let DefaultValue::Value(value) = default
            && let Some(message) = invalid(field, value)
        {
            let message = format!("the default {message}");
            errors.push(DecodeError::new(fact.at, message));
        }
        let contradictions = contradictions(field, default, fact);
        errors.extend(
            contradictions
                .into_iter()
                .map(|message| DecodeError::new(fact.at, message)),
        );
    }
    errors
}

/// Describes the mistake in a value that no record can have.
fn invalid(field: &FieldDescription, value: &str) -> Option<String> {
    let max_length = field.max_length.as_ref().map(|(length, _)| *length);
    if let Some(((min, max), _)) = field.range
        && let Ok(number) = value.parse::<i32>()
        && !(min..=max).contains(&number)
    {
        return Some(format!(
            "is {value:?}, expected a whole number from {min} to {max}"
        ));
    }
    match canonical(&field.kind, value) {
        Err(expected) => Some(format!("is {value:?}, expected {expected}")),
        Ok(expected) if expected != value => Some(format!(
            "is {value:?}, expected its stored form {expected:?}"
        )),
        Ok(_) => {
            let max = max_length.filter(|max| value.chars().count() > *max)?;
            Some(format!("is {value:?}, expected at most {max} characters"))
        }
    }
}

/// Describes the rules that a default contradicts.
fn contradictions(field: &FieldDescription, default: &DefaultValue, fact: &Fact) -> Vec<String> {
    const RULES: &str = "expected one of the two";
    let value = match default {
        DefaultValue::Value(value) => Some(value),
        DefaultValue::Now => None,
    };
    let mut messages = Vec::new();
    let mut choices = field.choices.iter();
    let excludes = |choices: &Choices| value.is_none_or(|value| !choices.contains(value));
    if choices.any(|(choices, other)| excludes(choices) && overlap(fact, other)) {
        let value = value.map_or("now", AsRef::as_ref);
        messages.push(format!(
            "the default is {value:?}, expected one of the choices"
        ));
    }
    let mut required = field.required.iter();
    let is_required = required.any(|required| overlap(required, fact));
    if is_required && !field.access.is_hidden() {
        messages.push(format!(
            "the field has a default although it is required, {RULES}"
        ));
    }
    if field.unique.is_some() {
        messages.push(format!(
            "the field has a default although it is unique, {RULES}"
        ));
    }
    messages
}
