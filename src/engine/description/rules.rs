//! Checks the rules that connect a field with another one, or with the order of the records.

use super::scope::{overlap, releases};
use crate::{
    engine::DecodeError,
    schema::{DefaultValue, Description, Fact, FieldDescription, Kind, NamedField, OnDelete},
};

/// Returns the mistakes in the rules of a description, as far as the fields that they name exist.
pub(super) fn check_rules(description: &Description) -> Vec<DecodeError> {
    let mut errors = check_order(description);
    for field in &description.fields {
        errors.extend(check_within(description, field));
        errors.extend(check_clears(description, field));
        errors.extend(check_on_delete(description, field));
        errors.extend(check_expiry(description, field));
    }
    errors
}

fn find<'d>(description: &'d Description, name: &str) -> Option<&'d FieldDescription> {
    let position = description.position(name)?;
    Some(&description.fields[position])
}

/// Checks that the order is in a field that only the server sets, and that takes every place.
fn check_order(description: &Description) -> Vec<DecodeError> {
    let order = description.order.as_ref();
    let Some((name, fact, field)) =
        order.and_then(|order| Some((&order.field, &order.fact, find(description, &order.field)?)))
    else {
        return Vec::new();
    };
    let mut errors = Vec::new();
    let has_field = |release| field.fact.covers(release);
    let is_order = field.kind == Kind::Integer
        && field.computation.is_none()
        && releases(description).all(has_field);
    if !is_order {
        let expected = "an <integer> in all releases of the resource";
        let message = format!("the order is in {name}, expected {expected}");
        errors.push(DecodeError::new(fact.at, message));
    }
    let defaults = field.defaults.iter().map(|(_, fact)| ("default", fact));
    let choices = field.choices.iter().map(|(_, fact)| ("choices", fact));
    let range = field.range.iter().map(|(_, fact)| ("range", fact));
    for (rule, fact) in defaults.chain(choices).chain(range) {
        let message = format!("the order is in {name}, expected no <{rule}>");
        errors.push(DecodeError::new(fact.at, message));
    }
    errors
}

/// Checks that a value is unique within a field with a value of its own.
fn check_within(description: &Description, field: &FieldDescription) -> Option<DecodeError> {
    let (within, fact) = field.unique.as_ref()?;
    let within = find(description, within.as_ref()?)?;
    within.computation.is_some().then(|| {
        let (name, within) = (&field.name, &within.name);
        let expected = "a field with a value of its own";
        let message =
            format!("{name} is unique within {within}, which is computed; expected {expected}");
        DecodeError::new(fact.at, message)
    })
}

/// Checks that a record does not get two values, one of which clears the other, by default.
fn check_clears(description: &Description, field: &FieldDescription) -> Vec<DecodeError> {
    let mut errors = Vec::new();
    for (name, fact) in &field.clears {
        let message = match find(description, name) {
            _ if *name == field.name => format!("{name} clears itself, expected another field"),
            Some(other) if have_defaults(field, other) && !is_reported(other, field) => {
                let field = &field.name;
                format!("{field} and {name} have defaults for the same records, expected one")
            }
            _ => continue,
        };
        errors.push(DecodeError::new(fact.at, message));
    }
    errors
}

/// True if one record can get the defaults of two fields.
fn have_defaults(one: &FieldDescription, other: &FieldDescription) -> bool {
    let is_value = |(default, _): &&(DefaultValue<NamedField>, Fact)| match default {
        DefaultValue::Value(value) => !value.is_empty(),
        DefaultValue::Now | DefaultValue::UtcNow | DefaultValue::First(_) => true,
    };
    let mut defaults = one.defaults.iter().filter(is_value);
    defaults.any(|(_, fact)| {
        let mut others = other.defaults.iter().filter(is_value);
        others.any(|(_, other)| overlap(fact, other))
    })
}

/// True if the check of an earlier field reports the mistake in two fields that clear each other.
fn is_reported(earlier: &FieldDescription, field: &FieldDescription) -> bool {
    let mut clears = earlier.clears.iter();
    earlier.fact.at < field.fact.at && clears.any(|(name, _)| *name == field.name)
}

/// Checks that a record may lose the value of a reference.
fn check_on_delete(description: &Description, field: &FieldDescription) -> Option<DecodeError> {
    let reference = field.reference.as_ref();
    let reference = reference.filter(|reference| reference.on_delete == OnDelete::Clear)?;
    let name = &field.name;
    let is_within = |other: &&FieldDescription| {
        let within = other
            .unique
            .as_ref()
            .and_then(|(within, _)| within.as_ref());
        within == Some(name)
    };
    let found = match description.fields.iter().find(is_within) {
        _ if !field.required.is_empty() => format!("{name} is required"),
        Some(other) => format!("{} is unique within {name}", other.name),
        None => return None,
    };
    let message = format!("{found}, expected on-delete to be refuse or cascade");
    Some(DecodeError::new(reference.fact.at, message))
}

/// Checks that a time ends the truth of a boolean with a value of its own.
fn check_expiry(description: &Description, field: &FieldDescription) -> Option<DecodeError> {
    let (name, fact) = field.expiry.as_ref()?;
    let message = if field.kind != Kind::DateTime {
        format!(
            "{} has an <expiry>, expected it on a <date-time>",
            field.name
        )
    } else {
        let switch = find(description, name)?;
        let is_switch = switch.kind == Kind::Boolean && switch.computation.is_none();
        (!is_switch).then(|| format!("the <expiry> is that of {name}, expected a <boolean>"))?
    };
    Some(DecodeError::new(fact.at, message))
}
