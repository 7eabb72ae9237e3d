//! Checks the values of a description: choices and defaults.

use std::collections::HashSet;

use super::{read_field::element_of, scope::overlap};
use crate::{
    engine::{
        DecodeError,
        draft::canonical,
        extension::{EXTENSION, is_extension},
    },
    schema::{Choices, DefaultValue, Fact, FieldDescription, Kind, NamedField},
};

/// Returns the mistakes in the choices and the defaults of a field.
pub(super) fn check_values(field: &FieldDescription) -> Vec<DecodeError> {
    let mut errors = Vec::new();
    errors.extend(check_limits(field));
    for (choices, fact) in &field.choices {
        let messages = check_choices(field, choices).into_iter();
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

/// Checks that only a text has a maximum length or is an extension, and only a number has a range.
fn check_limits(field: &FieldDescription) -> impl Iterator<Item = DecodeError> {
    let max_length = field.max_length.iter();
    let max_length = max_length.map(|(_, fact)| ("max-length", Kind::Text, fact));
    let extension = field.extension.iter();
    let extension = extension.map(|fact| ("extension", Kind::Text, fact));
    let range = field.range.iter();
    let range = range.map(|(_, fact)| ("range", Kind::Integer, fact));
    let limits = max_length.chain(extension).chain(range);
    let misplaced = limits.filter(|(_, kind, _)| field.kind != *kind);
    misplaced.map(|(rule, kind, fact)| {
        let (found, expected) = (element_of(field.kind), element_of(kind));
        let message = format!("found <{rule}> on <{found}>, expected it only on <{expected}>");
        DecodeError::new(fact.at, message)
    })
}

/// Describes the mistakes in choices.
fn check_choices(field: &FieldDescription, choices: &Choices) -> Vec<String> {
    let mut messages = Vec::new();
    let mut known = HashSet::new();
    for value in choices {
        if value.ends_with(',') {
            let expected = "choices that are separated by blanks only";
            messages.push(format!("a choice is {value:?}, expected {expected}"));
        } else if !known.insert(value) {
            messages.push(format!("a choice is {value:?} again, expected it once"));
        } else if let Some(message) = invalid(field, value) {
            messages.push(format!("a choice {message}"));
        }
    }
    messages
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
    if field.extension.is_some() && !value.is_empty() && !is_extension(value) {
        return Some(format!("is {value:?}, expected {EXTENSION}"));
    }
    match canonical(&field.kind, value) {
        Err(_) if field.kind == Kind::Integer => {
            Some(format!("is {value:?}, expected a whole number of 32 bits"))
        }
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
fn contradictions(
    field: &FieldDescription,
    default: &DefaultValue<NamedField>,
    fact: &Fact,
) -> Vec<String> {
    const RULES: &str = "expected one of the two";
    let value = match default {
        DefaultValue::Value(value) => Some(&**value),
        DefaultValue::Now | DefaultValue::UtcNow | DefaultValue::First(_) => None,
    };
    let mut messages = Vec::new();
    let mut choices = field.choices.iter();
    let excludes = |choices: &Choices| {
        value.is_none_or(|value| !choices.iter().any(|choice| **choice == *value))
    };
    if choices.any(|(choices, other)| excludes(choices) && overlap(fact, other)) {
        let value = match default {
            DefaultValue::Value(value) => format!("{value:?}"),
            DefaultValue::Now => "\"now\"".to_owned(),
            DefaultValue::UtcNow => "\"now-utc\"".to_owned(),
            DefaultValue::First(named) => format!("the {} of another resource", named.field),
        };
        messages.push(format!(
            "the default is {value}, expected one of the choices"
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
