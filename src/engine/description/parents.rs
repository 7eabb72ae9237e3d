//! Checks the place of nested resources: below the records of another resource.

use super::{
    read_field::element_of,
    scope::{covers, find, overlap, releases},
};
use crate::{
    engine::DecodeError,
    schema::{DefaultValue, Description, Fact, FieldDescription, path},
};

/// Returns the mistakes in the path of a resource, and in its fields, that follow from the resource above it. That may be
/// missing if `is_incomplete`.
pub(super) fn check_parent(
    descriptions: &[Description],
    description: &Description,
    is_incomplete: bool,
) -> Vec<DecodeError> {
    let error = |message| vec![DecodeError::new(description.at, message)];
    let is_optional = description.is_parent_optional;
    let Some(parent) = path::parent(&description.path) else {
        let message = "found the attribute parent, expected it on a path with a field";
        return match is_optional {
            true => error(message.to_owned()),
            false => Vec::new(),
        };
    };
    let Some(found) = find(descriptions, description, parent)
        .or_else(|| find_alias(descriptions, description, parent))
    else {
        let lacks_alias = descriptions.iter().any(|other| other.gaps.lacks_others);
        if is_optional || is_incomplete || lacks_alias {
            return Vec::new();
        }
        let expected =
            "a resource with this path in all releases, or the attribute parent=\"optional\"";
        return error(format!("the path is below {parent}, expected {expected}"));
    };
    if found.gaps.lacks_attributes {
        return Vec::new();
    }
    if found.key.is_none() {
        let message = format!("the path is below {parent}, expected a resource with a key there");
        return error(message);
    }
    if has_other_fields(found, parent) {
        let expected = format!("{}, or an alias with the same fields", found.path);
        return error(format!("the path is below {parent}, expected {expected}"));
    }
    if is_optional {
        return Vec::new();
    }
    check_kinds(description, found)
}

/// Returns the resource with this alias, if it is in all releases of the description.
fn find_alias<'d>(
    descriptions: &'d [Description],
    description: &Description,
    path: &str,
) -> Option<&'d Description> {
    let mut descriptions = descriptions.iter();
    descriptions.find(|other| other.has_alias(path) && covers(other, description))
}

/// True if a path is an alias of a resource with other fields than its own path. The values in the path of a record below
/// it are those of the fields of the resource, in their order.
fn has_other_fields(resource: &Description, path: &str) -> bool {
    let is_alias = |alias: &&str| path::is_same(alias, path);
    let aliases = resource.aliases.iter().map(|alias| &*alias.path);
    let mut aliases = aliases.filter(is_alias);
    !path::is_same(&resource.path, path)
        && aliases.any(|alias| !path::parameters(alias).eq(path::parameters(&resource.path)))
}

/// Returns a mistake for each field in the path that has another kind than the field whose value it has.
fn check_kinds(description: &Description, parent: &Description) -> Vec<DecodeError> {
    let above = path::parameters(&parent.path).chain(parent.key.as_deref());
    let mut errors = Vec::new();
    for (name, above) in path::parameters(&description.path).zip(above) {
        let positions = description.position(name).zip(parent.position(above));
        let Some((position, other)) = positions else {
            continue;
        };
        let (field, other) = (&description.fields[position], &parent.fields[other]);
        let is_computed = field.computation.is_some() || other.computation.is_some();
        if field.kind != other.kind && !is_computed {
            let (found, expected) = (element_of(field.kind), element_of(other.kind));
            let message = format!(
                "{name} is <{found}>, expected <{expected}> like {above} of {}",
                parent.path
            );
            errors.push(DecodeError::new(field.fact.at, message));
        }
    }
    errors
}

/// Returns a mistake for each value that a singleton lacks when it is created, at the start or with the record above it.
pub(super) fn check_singleton_values(description: &Description) -> Vec<DecodeError> {
    if description.key.is_some() || description.gaps.lacks_fields {
        return Vec::new();
    }
    let is_in_path = |name: &str| path::parameters(&description.path).any(|other| other == name);
    let fields = description.fields.iter();
    let fields = fields.filter(|field| !field.is_object_id && !is_in_path(&field.name));
    let lacks_value = |field: &FieldDescription, required: &Fact| {
        let has_default = |release| {
            let mut defaults = field.defaults.iter();
            defaults.any(|(_, fact)| fact.covers(release) && overlap(fact, required))
        };
        let mut releases = releases(description).filter(|release| required.covers(*release));
        releases.any(|release| !has_default(release)) && applies_to_defaults(description, required)
    };
    let mut errors = Vec::new();
    for field in fields {
        for fact in field
            .required
            .iter()
            .filter(|fact| lacks_value(field, fact))
        {
            let expected = "a default: a singleton is created without a request";
            let message = format!("{} is required, expected {expected}", field.name);
            errors.push(DecodeError::new(fact.at, message));
        }
    }
    errors
}

/// True if a fact holds for a record with the defaults of a description.
fn applies_to_defaults(description: &Description, fact: &Fact) -> bool {
    let Some(condition) = &fact.condition else {
        return true;
    };
    let Some(position) = description.position(&condition.field) else {
        return false;
    };
    let value = match &description.fields[position].defaults[..] {
        [] => None,
        [(DefaultValue::Value(value), fact), ..] if fact.condition.is_none() => Some(value),
        _ => return false,
    };
    value.is_some_and(|value| condition.values.contains(value)) != condition.is_negated
}
