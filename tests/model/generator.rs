//! Invents the values of requests: mostly accepted ones, and some that break a rule.

use super::{
    draws::Draws,
    rows::{Model, Row},
};
use crate::schema::{Field, Kind, Resource, Verb};

/// The id of no record.
const NOBODY: &str = "0badc0de-0bad-4bad-8bad-0badc0de0bad";
/// The share of values that break a rule, in percent.
const WRONG: usize = 6;

/// Returns the fields of a request to create a record or to change `before`.
pub(super) fn fields(
    model: &Model,
    resource: &Resource,
    before: Option<&Row>,
    draws: &mut Draws,
) -> Vec<(usize, String)> {
    let verb = if before.is_some() {
        Verb::Update
    } else {
        Verb::Create
    };
    let mut given = Vec::new();
    for (position, field) in resource.fields.iter().enumerate() {
        if field.kind == Kind::Binary || field.kind == Kind::Link {
            continue;
        }
        let is_required =
            verb == Verb::Create && (!field.required.is_empty() || resource.key == Some(position));
        let share = match is_settable(resource, position, verb) {
            true if is_required => 97,
            true => 25,
            // It is ignored.
            false => 3,
        };
        if draws.percent(share) {
            given.push((position, value(model, field, draws)));
        }
    }
    given
}

/// True if a request with a verb can set a field.
pub(super) fn is_settable(resource: &Resource, position: usize, verb: Verb) -> bool {
    resource.fields[position].access.takes(verb) && !resource.parameters.contains(&position)
}

/// Returns a value for a field.
pub(super) fn value(model: &Model, field: &Field, draws: &mut Draws) -> String {
    let is_wrong = draws.percent(WRONG);
    if let Some(reference) = &field.reference {
        let rows = model.rows(reference.resource);
        let target = draws.pick(rows).filter(|_| !is_wrong);
        let value = target.and_then(|row| row.get(&reference.field));
        return value.map_or(NOBODY.to_owned(), |value| with_case(value, draws));
    }
    if draws.percent(6) && (field.access.is_hidden() || field.is_clearable) {
        return String::new();
    }
    if let Some((choices, _)) = draws.pick(&field.choices) {
        let choice = draws.pick(choices).filter(|_| !is_wrong);
        return choice.map_or("99".to_owned(), ToString::to_string);
    }
    match field.kind {
        Kind::Boolean if is_wrong => "maybe".to_owned(),
        Kind::Boolean => (*draws.pick(&["true", "false", "1", "0"]).unwrap_or(&"true")).to_owned(),
        Kind::Integer => integer(field, is_wrong, draws),
        Kind::Guid if is_wrong => "no GUID".to_owned(),
        Kind::Guid => format!("00000000-0000-4000-8000-{:012}", draws.below(50)),
        Kind::DateTime => "2031-02-03 04:05:06.789".to_owned(),
        Kind::Text | Kind::Link | Kind::Binary => text(field, is_wrong, draws),
    }
}

fn integer(field: &Field, is_wrong: bool, draws: &mut Draws) -> String {
    let (min, max) = field
        .range
        .as_ref()
        .map_or((-3, 12), |range| (range.min, range.max));
    let number = match draws.below(6) {
        _ if is_wrong => return "many".to_owned(),
        0 => max,
        1 => max.saturating_add(1),
        2 => min,
        _ => min.saturating_add(draws.below(12) as i32),
    };
    number.to_string()
}

/// Returns one of a few texts, so that they are often the same, or begin alike, in several letter cases.
fn text(field: &Field, is_wrong: bool, draws: &mut Draws) -> String {
    let number = draws.below(24);
    let limit = field.max_length.as_ref().map_or(30, |(max, _)| *max);
    let text = match draws.below(8) {
        _ if field.extension.is_some() => format!("7{number:04}"),
        _ if is_wrong => "x".repeat(limit + 1),
        _ if draws.percent(4) => "é".repeat(limit),
        _ if draws.percent(4) => "x".repeat(limit),
        _ if draws.percent(4) => String::new(),
        _ if draws.percent(4) => format!("Room {number:02} "),
        _ if draws.percent(2) && is_unlimited(field) => "long".repeat(9_000),
        0 => format!("{number}"),
        1 => format!("é{number} & <b>"),
        2 => "sixteen letters!".to_owned(),
        3 => format!("sixteen letters!{number}"),
        _ => format!("Room {number:02}"),
    };
    with_case(&text, draws)
}

/// True if a record may have a value of any length, which is not looked up.
fn is_unlimited(field: &Field) -> bool {
    field.max_length.is_none() && field.required.is_empty() && !field.is_indexed
}

/// Returns a text in another letter case, sometimes.
pub(super) fn with_case(text: &str, draws: &mut Draws) -> String {
    match draws.below(6) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text.to_owned(),
    }
}
