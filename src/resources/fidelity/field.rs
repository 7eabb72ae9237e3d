//! The rows of a field.

use super::{
    embedded_descriptions,
    row::{Row, RowSubject},
};
use crate::schema::{
    Access, ComputationDescription, DefaultValue, Fact, FieldDescription, FieldRule, Kind,
    NamedField, OnDelete, ReferenceDescription,
};

/// Describes a field and its rules.
pub(super) fn field_rows(field: &FieldDescription) -> Vec<Row<'_>> {
    let mut rows = vec![Row {
        field: &field.name,
        subject: RowSubject::Field,
        ..Row::new(nature(field), &field.fact)
    }];
    for (rule, description, fact) in rules(field) {
        let same = |row: &&Row<'_>| matches!(row.subject, RowSubject::Rule(known, _) if Some(known) == rule);
        let number = rows.iter().filter(same).count();
        let subject = rule.map_or(RowSubject::Other, |rule| RowSubject::Rule(rule, number));
        rows.push(Row {
            subject,
            ..Row::new(description, fact)
        });
    }
    rows
}

/// Describes the kind of a field, and the requests that set it.
fn nature(field: &FieldDescription) -> String {
    let access = match field.access {
        Access::ReadOnly => "read only",
        Access::CreateOnly => "set on create",
        Access::ReadWrite => "read and write",
        Access::Secret => "written, reads back empty",
        Access::WriteOnly => "written, never shown",
        Access::Internal => "internal",
    };
    let kind = match (&field.computation, field.kind) {
        (Some(computation), _) => computed(computation),
        (None, Kind::Text) => "text".to_owned(),
        (None, Kind::Integer) => "integer".to_owned(),
        (None, Kind::Boolean) => "boolean".to_owned(),
        (None, Kind::Guid) => "GUID".to_owned(),
        (None, Kind::DateTime) => "date and time".to_owned(),
        (None, Kind::Binary) => "bytes".to_owned(),
        (None, Kind::Link) => "link".to_owned(),
    };
    match (&field.computation, field.access) {
        // All others are read only.
        (Some(_), Access::ReadOnly) => kind,
        _ => format!("{kind}, {access}"),
    }
}

/// Describes the source of a computed value.
fn computed(computation: &ComputationDescription) -> String {
    match computation {
        ComputationDescription::Path {
            through: None,
            ending,
            with,
        } => {
            let with = with
                .iter()
                .map(|field| format!(" while {field} has a value"));
            match &**ending {
                "" => "its path".to_owned(),
                ending => format!("link to `…{ending}`{}", with.collect::<String>()),
            }
        }
        ComputationDescription::Path {
            through: Some(through),
            ending,
            ..
        } => match &**ending {
            "" => format!("link to the object in {through}"),
            ending => format!("link to `…{ending}` of the object in {through}"),
        },
        ComputationDescription::Query { list, field } => {
            format!("link to the `{list}` with its key in {field}")
        }
        ComputationDescription::Derived { through, field } => {
            format!("the {field} of the object in {through}")
        }
    }
}

/// Returns the rules of a field, with their kinds. An expiry has none.
fn rules(field: &FieldDescription) -> Vec<(Option<FieldRule>, String, &Fact)> {
    let mut rules = Vec::new();
    let mut add = |rule, description: String, fact| rules.push((rule, description, fact));
    for fact in &field.required {
        add(Some(FieldRule::Required), "mandatory".to_owned(), fact);
    }
    for (value, fact) in &field.defaults {
        add(Some(FieldRule::Default), default(value), fact);
    }
    for (values, fact) in &field.choices {
        let description = format!("takes {}", values.join(", "));
        add(Some(FieldRule::Choices), description, fact);
    }
    if let Some((length, fact)) = &field.max_length {
        let description = format!("at most {length} characters");
        add(Some(FieldRule::MaxLength), description, fact);
    }
    if let Some(fact) = &field.extension {
        let description = "an extension: digits or a SIP URI".to_owned();
        add(Some(FieldRule::Extension), description, fact);
    }
    if let Some(((min, max), fact)) = &field.range {
        add(Some(FieldRule::Range), format!("from {min} to {max}"), fact);
    }
    if let Some((within, fact)) = &field.unique {
        let within = within.iter().map(|field| format!(" within {field}"));
        let description = format!("unique{}", within.collect::<String>());
        add(Some(FieldRule::Unique), description, fact);
    }
    if let Some(reference) = &field.reference {
        add(
            Some(FieldRule::Reference),
            target(reference),
            &reference.fact,
        );
    }
    if let Some(fact) = &field.clearable {
        let description = "removed by an empty element".to_owned();
        add(Some(FieldRule::Clearable), description, fact);
    }
    if let Some((switch, fact)) = &field.expiry {
        add(None, format!("{switch} is false from then on"), fact);
    }
    for (field, fact) in &field.clears {
        add(Some(FieldRule::Clears), format!("clears {field}"), fact);
    }
    rules
}

fn default(value: &DefaultValue<NamedField>) -> String {
    match value {
        DefaultValue::Value(value) if value.is_empty() => "filled in, empty".to_owned(),
        DefaultValue::Value(value) => format!("filled in with `{value}`"),
        DefaultValue::Now | DefaultValue::UtcNow => "filled in with the time".to_owned(),
        DefaultValue::First(NamedField { resource, field }) => {
            format!("filled in with the {field} of the first `{resource}`")
        }
    }
}

/// Describes the object to which a reference leads.
fn target(reference: &ReferenceDescription) -> String {
    let mut descriptions = embedded_descriptions();
    let target = descriptions.find(|description| description.path == reference.resource);
    // The description of a user may refer to a resource that is not embedded.
    let element = target.map_or(&reference.resource, |target| &target.element);
    let field = reference.field.iter();
    let by = field.map(|field| format!(" by its {field}"));
    let target = format!("{element}{}", by.collect::<String>());
    match reference.on_delete {
        OnDelete::Cascade => format!("names the {target} that owns it"),
        OnDelete::Clear => format!("names a {target}, cleared with it"),
        OnDelete::Refuse => {
            let message = reference.message.iter();
            let message = message.map(|message| format!(": `{message}`"));
            let message = message.collect::<String>();
            format!("names a {target}, which cannot be deleted{message}")
        }
    }
}
