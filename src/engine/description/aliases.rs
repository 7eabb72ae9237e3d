//! Checks that the aliases of a resource lead to its records.

use crate::{
    engine::DecodeError,
    schema::{AliasDescription, Description, Verb, path},
};

/// Returns the mistakes in aliases whose paths do not identify a record.
pub(super) fn check_aliases(description: &Description) -> Vec<DecodeError> {
    let mut errors = Vec::new();
    for alias in &description.aliases {
        let messages = [
            missing_identity(description, alias),
            missing_value(description, alias),
            ambiguous_condition(alias),
        ];
        let messages = messages.into_iter().flatten();
        errors.extend(messages.map(|message| DecodeError::new(alias.fact.at, message)));
    }
    errors
}

/// Returns the fields of the resource's own path that are not in the path of an alias.
fn missing<'d>(
    description: &'d Description,
    alias: &AliasDescription,
) -> impl Iterator<Item = &'d str> {
    path::parameters(&description.path)
        .filter(|name| !path::parameters(&alias.path).any(|other| other == *name))
}

/// Describes the mistake in an alias with a verb on an object whose path may be that of several objects.
fn missing_identity(description: &Description, alias: &AliasDescription) -> Option<String> {
    let mut verbs = alias.verbs.iter();
    if verbs.all(|verb| verb.is_of_collection()) {
        return None;
    }
    let name = missing(description, alias).next()?;
    let expected = format!("all fields of {}", description.path);
    let Some(key) = &description.key else {
        return Some(format!("the path lacks {name}, expected {expected}"));
    };
    let key = &description.fields[description.position(key)?];
    let is_unique = matches!(key.unique, Some((None, _)));
    (!is_unique && !description.gaps.lacks_fields).then(|| {
        let key = &key.name;
        format!("the path lacks {name}, expected {expected}, or {key} to be unique by itself")
    })
}

/// Describes the mistake in an alias with a create whose condition does not give the value of a new record.
fn ambiguous_condition(alias: &AliasDescription) -> Option<String> {
    let condition = alias.fact.condition.as_ref()?;
    let is_ambiguous = condition.is_negated || condition.values.len() > 1;
    (is_ambiguous && alias.verbs.contains(&Verb::Create)).then(|| {
        "the condition of an alias with a create gives a new record no value, expected when and one value".to_owned()
    })
}

/// Describes the mistake in an alias with a create that leaves a field of the path without a value.
fn missing_value(description: &Description, alias: &AliasDescription) -> Option<String> {
    if !alias.verbs.contains(&Verb::Create) {
        return None;
    }
    let name = missing(description, alias).find(|name| {
        let position = description.position(name);
        let access = position.map(|position| description.fields[position].access);
        access.is_some_and(|access| !access.takes(Verb::Create))
    })?;
    Some(format!(
        "the path lacks {name}, expected it for a create, or the access of {name} to be create"
    ))
}
