//! The names of the objects that the probes create.

use std::{fmt, str::FromStr};

use crate::schema::{Field, Kind, Resource, Verb};

const DEFAULT_PREFIX: &str = "cuc-mock-drift-";
/// The lengths of a prefix. The alias of a tenant, with a number, has at most 36 characters.
const MIN_LENGTH: usize = 5;
const MAX_LENGTH: usize = 24;
/// The usual fields, those that the server derives the names of other objects from first.
const NAMES: [&str; 3] = ["Alias", "DisplayName", "Name"];

/// The prefix of the names of the objects that the probes create. Objects with such names are deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix(String);

impl Prefix {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// True if no other objects can have such names: it names this program.
    pub(super) fn is_distinct(&self) -> bool {
        self.0.starts_with(DEFAULT_PREFIX)
    }

    /// True if a value begins with the prefix, in any letter case.
    pub(super) fn begins(&self, value: &str) -> bool {
        let begin = value.get(..self.0.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(&self.0))
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self(DEFAULT_PREFIX.to_owned())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be a prefix: it may be that of other objects, or an alias cannot begin with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidPrefix(String);

impl fmt::Display for InvalidPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "found {:?}, expected {MIN_LENGTH} to {MAX_LENGTH} ASCII letters, digits and hyphens, beginning with a letter",
            self.0
        )
    }
}

impl std::error::Error for InvalidPrefix {}

impl FromStr for Prefix {
    type Err = InvalidPrefix;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_valid = (MIN_LENGTH..=MAX_LENGTH).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        match is_valid {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidPrefix(text.to_owned())),
        }
    }
}

/// Returns the position of the field that carries the prefix in new objects of a resource.
pub(super) fn name_field(resource: &Resource) -> Option<usize> {
    let is_name = |position: &usize| {
        let field = &resource.fields[*position];
        is_free_text(field) && field.access.takes(Verb::Create) && is_listed(resource, *position)
    };
    let is_always_required = |position: &usize| {
        let mut rules = resource.fields[*position].required.iter();
        rules.any(|rule| rule.condition.is_none())
    };
    let usual = NAMES.iter().filter_map(|name| resource.position(name));
    let all = usual.chain(0..resource.fields.len()).filter(is_name);
    let is_unique = |position: &usize| resource.fields[*position].unique.is_some();
    let mut required = all.clone().filter(is_always_required);
    required.next().or_else(|| all.clone().find(is_unique))
}

/// Returns the positions of the fields whose values can begin with the prefix.
pub(super) fn name_fields(resource: &Resource) -> Vec<usize> {
    let usual = NAMES.iter().filter_map(|name| resource.position(name));
    let usual = usual.filter(|position| {
        is_free_text(&resource.fields[*position]) && is_listed(resource, *position)
    });
    let mut fields: Vec<_> = name_field(resource).into_iter().chain(usual).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// True for a text that may have any value.
fn is_free_text(field: &Field) -> bool {
    field.kind == Kind::Text
        && field.access.is_shown()
        && field.choices.is_empty()
        && field.extension.is_none()
        && field.reference.is_none()
        && field.computation.is_none()
}

fn is_listed(resource: &Resource, position: usize) -> bool {
    let fields = resource.list_fields.as_ref();
    fields.is_none_or(|fields| fields.contains(&position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_distinguishes_the_names_from_others() {
        let prefix = Prefix::default();
        assert_eq!(prefix.as_str().parse(), Ok(prefix.clone()));
        assert!(prefix.is_distinct() && !"probes-".parse::<Prefix>().unwrap().is_distinct());
        assert!(prefix.begins("CUC-Mock-Drift-7") && !prefix.begins("cuc-mock"));
        for text in ["", "a", "1-drift-", "drift é", "drift_1", &"d".repeat(25)] {
            let error = text.parse::<Prefix>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("found {text:?}")));
        }
    }
}
