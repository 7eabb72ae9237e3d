//! Whether a record may stand in the store: the rules of its fields, in the order of the schema.

use super::Error;
use crate::{
    schema::{
        Access, Condition, Field, OBJECT_ID, ResolvedField, ResolvedResource, ResolvedRule,
        Resource,
    },
    store::{Ordinal, Store, Values},
};

#[cfg(test)]
mod tests;

/// What is wrong with one field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The position of the field.
    pub(crate) position: usize,
    /// What was found there.
    pub(crate) value: String,
    /// What was expected instead.
    pub(crate) expected: String,
}

impl Violation {
    /// The error that answers a request.
    pub(crate) fn into_error(self, resource: &Resource) -> Error {
        let field = resource.fields[self.position].name;
        Error::invalid_parameter(field, &self.value, &self.expected)
    }
}

/// What a record is held against.
pub(crate) struct Validation<'s> {
    pub(crate) edition: &'static ResolvedResource,
    pub(crate) origin: Origin<'s>,
}

/// Where a record comes from.
pub(crate) enum Origin<'s> {
    /// A client makes it.
    Create,
    /// A client changes the record that held these values.
    Update(&'s Values),
    /// It is loaded.
    Fixture,
}

/// The records that a record is to stand among.
#[derive(Clone, Copy)]
pub(crate) struct Others<'s> {
    pub(crate) store: &'s Store,
    /// The place of the record that it replaces.
    pub(crate) own: Option<Ordinal>,
}

impl<'s> Others<'s> {
    /// Those of the store: it replaces none.
    pub(crate) fn all(store: &'s Store) -> Self {
        Self { store, own: None }
    }
}

impl Validation<'_> {
    /// All that is wrong, at most one thing a field, in the order of the schema. What could not be read
    /// at all is wrong whatever the rules say.
    pub(crate) fn violations<'v>(
        &'v self,
        among: Others<'v>,
        values: &'v Values,
        unreadable: &'v [Violation],
    ) -> impl Iterator<Item = Violation> + 'v {
        self.edition.fields.iter().filter_map(move |present| {
            let position = present.position;
            let (value, expected) = match unreadable.iter().find(|v| v.position == position) {
                Some(found) => {
                    let choices = choices(present, values).map(in_words).next();
                    (
                        found.value.as_str(),
                        choices.unwrap_or_else(|| found.expected.clone()),
                    )
                }
                None => {
                    let value = values.get(position).unwrap_or_default();
                    (value, self.expected(among, present, values)?)
                }
            };
            Some(Violation {
                position,
                value: value.to_owned(),
                expected,
            })
        })
    }

    /// Whether nothing is wrong with a record, as far as can be told without the others.
    pub(crate) fn is_sound_alone(&self, values: &Values) -> bool {
        let fields = self.edition.fields.iter();
        let mut ruled = fields.filter(|present| present.has_rules());
        ruled.all(|present| self.alone(present, values).is_none())
    }

    /// What is wrong with a record that is sound alone, the first thing in the order of the schema.
    pub(crate) fn clash(&self, among: Others<'_>, values: &Values) -> Option<Violation> {
        let fields = self.edition.fields.iter();
        let mut indexed = fields.filter(|present| present.field.is_indexed());
        indexed.find_map(|present| {
            Some(Violation {
                position: present.position,
                expected: self.among_others(among, present, values)?,
                value: values.get(present.position).unwrap_or_default().to_owned(),
            })
        })
    }

    /// What the field was expected to hold, if that is not what it holds.
    fn expected(
        &self,
        among: Others<'_>,
        present: &ResolvedField,
        values: &Values,
    ) -> Option<String> {
        self.alone(present, values)
            .or_else(|| self.among_others(among, present, values))
    }

    fn alone(&self, present: &ResolvedField, values: &Values) -> Option<String> {
        let value = values.get(present.position);
        if !self.is_there(present, value)
            && let Some(line) = required(present, values)
        {
            return Some(format!("a value, it is mandatory{}", condition(line)));
        }
        let value = value?;
        not_chosen(present, value, values).or_else(|| too_long(present.field, value))
    }

    fn among_others(
        &self,
        among: Others<'_>,
        present: &ResolvedField,
        values: &Values,
    ) -> Option<String> {
        if !present.field.is_indexed() {
            return None;
        }
        let value = values.get(present.position)?;
        self.taken(among, present, value)
            .or_else(|| dangling(among.store, present.field, value))
    }

    /// Whether a mandatory field holds a value. A secret that reads back empty is loaded so, and
    /// stays so while it was mandatory before.
    fn is_there(&self, present: &ResolvedField, value: Option<&str>) -> bool {
        let is_secret = present.field.access == Access::Secret;
        match (value, &self.origin) {
            // The id is drawn for what is to be made.
            (None, Origin::Create) => present.position == OBJECT_ID,
            (None, _) | (Some(""), Origin::Create) => false,
            (Some(""), Origin::Fixture) => is_secret,
            (Some(""), Origin::Update(stored)) => is_secret && required(present, stored).is_some(),
            (Some(_), _) => true,
        }
    }

    fn taken(&self, among: Others<'_>, present: &ResolvedField, value: &str) -> Option<String> {
        present.field.unique?;
        let resource = self.edition.resource;
        let collection = among.store.collection(resource);
        let mut holders = collection.holders(present.position, value);
        holders
            .any(|(ordinal, _)| among.own != Some(ordinal))
            .then(|| format!("a value that no other {} has", resource.element))
    }
}

fn dangling(store: &Store, field: &Field, value: &str) -> Option<String> {
    let (owner, _) = field.owner?;
    let found = store.collection(owner).get(value).is_some();
    (!found).then(|| format!("the ObjectId of a {}", owner.element))
}

/// The line that makes the field mandatory.
fn required<'p>(present: &'p ResolvedField, values: &Values) -> Option<&'p ResolvedRule> {
    let mut lines = present.required.iter();
    lines.find(|line| line.holds(|position| values.get(position)))
}

/// The choices that are in force.
fn choices<'p>(
    present: &'p ResolvedField,
    values: &Values,
) -> impl Iterator<Item = &'p (&'static [&'static str], ResolvedRule)> {
    let lines = present.choices.iter();
    lines.filter(|(_, line)| line.holds(|position| values.get(position)))
}

fn not_chosen(present: &ResolvedField, value: &str, values: &Values) -> Option<String> {
    choices(present, values)
        .find(|(choices, _)| !choices.contains(&value))
        .map(in_words)
}

fn too_long(field: &Field, value: &str) -> Option<String> {
    let (longest, _) = field.max_length?;
    // No text has more characters than bytes.
    (value.len() > longest && value.chars().count() > longest)
        .then(|| format!("at most {longest} characters"))
}

fn in_words((choices, line): &(&[&str], ResolvedRule)) -> String {
    one_of(choices) + &condition(line)
}

fn condition(line: &ResolvedRule) -> String {
    match line.evidence.condition {
        Condition::Always => String::new(),
        Condition::When(field, values) => format!(" when {field} is {}", one_of(values)),
        Condition::Unless(field, values) => format!(" unless {field} is {}", one_of(values)),
    }
}

/// `1, 4 or 5`.
pub(super) fn one_of(values: &[&str]) -> String {
    match values {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => values.concat(),
    }
}
