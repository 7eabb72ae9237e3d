//! The rows of a field.

use super::{embedded_descriptions, row::Row};
use crate::schema::{
    Access, ComputationDescription, DefaultValue, Fact, FieldDescription, Kind, NamedField,
    OnDelete, ReferenceDescription,
};

/// Describes a field and its rules.
pub(super) fn field_rows(field: &FieldDescription) -> Vec<Row<'_>> {
    let mut rows = vec![Row {
        field: &field.name,
        ..Row::new(nature(field), &field.fact)
    }];
    rows.extend(rules(field).map(|(description, fact)| Row::new(description, fact)));
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

fn rules(field: &FieldDescription) -> impl Iterator<Item = (String, &Fact)> {
    let required = field.required.iter();
    let required = required.map(|fact| ("mandatory".to_owned(), fact));
    let defaults = field.defaults.iter();
    let defaults = defaults.map(|(value, fact)| (default(value), fact));
    let choices = field.choices.iter();
    let choices = choices.map(|(values, fact)| (format!("takes {}", values.join(", ")), fact));
    let length = field.max_length.iter();
    let length = length.map(|(length, fact)| (format!("at most {length} characters"), fact));
    let extension = field.extension.iter();
    let extension = extension.map(|fact| ("an extension: digits or a SIP URI".to_owned(), fact));
    let range = field.range.iter();
    let range = range.map(|((min, max), fact)| (format!("from {min} to {max}"), fact));
    let unique = field.unique.iter().map(|(within, fact)| {
        let within = within.iter().map(|field| format!(" within {field}"));
        (format!("unique{}", within.collect::<String>()), fact)
    });
    let reference = field.reference.iter();
    let reference = reference.map(|reference| (target(reference), &reference.fact));
    let clearable = field.clearable.iter();
    let clearable = clearable.map(|fact| ("removed by an empty element".to_owned(), fact));
    let expiry = field.expiry.iter();
    let expiry = expiry.map(|(switch, fact)| (format!("{switch} is false from then on"), fact));
    let clears = field.clears.iter();
    let clears = clears.map(|(field, fact)| (format!("clears {field}"), fact));
    let values = required.chain(defaults).chain(choices).chain(length);
    let values = values.chain(extension).chain(range).chain(unique);
    values
        .chain(reference)
        .chain(clearable)
        .chain(expiry)
        .chain(clears)
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
    let element = &target
        .expect("the embedded descriptions are checked")
        .element;
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
