//! The kinds of fields.

use super::{table::Column, xml_schema::SchemaField};
use crate::{
    engine::{draft::canonical, xsd},
    schema::Kind,
};

/// The kinds that values can show, the most specific ones first. No value has two of them.
pub(crate) const SPECIFIC_KINDS: [Kind; 4] =
    [Kind::Boolean, Kind::Integer, Kind::Guid, Kind::DateTime];
/// The types whose values are whole numbers.
const INTEGERS: [&str; 14] = [
    "int",
    "integer",
    "short",
    "byte",
    "unsignedShort",
    "unsignedByte",
    "long",
    "unsignedInt",
    "unsignedLong",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "decimal",
];

/// Returns the kind that all values of a field have in their canonical form, so that a response repeats them exactly.
/// Without a value, it is a text.
pub(super) fn of_values(column: &Column<'_>) -> Kind {
    let mut kinds = SPECIFIC_KINDS.into_iter();
    let kind = kinds.find(|kind| column.values().next().is_some() && is_kind_of_all(kind, column));
    kind.unwrap_or(Kind::Text)
}

/// Returns the kind that a schema gives to a field, if all values have it in their canonical form. Other values, such as an
/// empty one, make it a text.
pub(super) fn of_schema(field: &SchemaField<'_>, column: &Column<'_>) -> Kind {
    let kind = match field.base {
        "boolean" => Kind::Boolean,
        base if INTEGERS.contains(&base) => Kind::Integer,
        "dateTime" => Kind::DateTime,
        _ => of_pattern(field),
    };
    match kind {
        // A schema often calls every GUID a string.
        Kind::Text => match of_values(column) {
            specific @ (Kind::Guid | Kind::DateTime) => specific,
            _ => Kind::Text,
        },
        kind if is_kind_of_all(&kind, column) => kind,
        _ => Kind::Text,
    }
}

fn of_pattern(field: &SchemaField<'_>) -> Kind {
    match field.pattern {
        Some(xsd::GUID) => Kind::Guid,
        Some(xsd::DATE_TIME) => Kind::DateTime,
        _ => Kind::Text,
    }
}

/// True if all values have the kind, in its canonical form.
pub(super) fn is_kind_of_all(kind: &Kind, column: &Column<'_>) -> bool {
    let is_canonical = |value: &str| canonical(kind, value).is_ok_and(|form| form == value);
    column.values().all(is_canonical)
}
