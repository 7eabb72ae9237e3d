//! Whether a record may stand in the store: the rules of its fields, in the order of the schema.

use super::Error;
use crate::{
    schema::{Access, Basis, Condition, Field, Release, Resource},
    store::{Ordinal, Store, Values},
};

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
    pub(crate) resource: &'static Resource,
    pub(crate) release: Release,
    pub(crate) store: &'s Store,
    pub(crate) origin: Origin<'s>,
}

/// Where a record comes from.
pub(crate) enum Origin<'s> {
    /// A client makes it.
    Create,
    /// A client changes the record at this place, which held these values.
    Update(Ordinal, &'s Values),
    /// It is loaded.
    Fixture,
}

impl Validation<'_> {
    /// All that is wrong, at most one thing a field, in the order of the schema. What could not be read
    /// at all is wrong whatever the rules say.
    pub(crate) fn violations<'v>(
        &'v self,
        values: &'v Values,
        unreadable: &'v [Violation],
    ) -> impl Iterator<Item = Violation> + 'v {
        let fields = self.resource.fields.iter().enumerate();
        fields
            .filter(|(_, field)| field.is_in(self.release))
            .filter_map(move |(position, field)| {
                let (value, expected) = match unreadable.iter().find(|v| v.position == position) {
                    Some(found) => {
                        let choices = self.choices(field, values).map(in_words).next();
                        (
                            found.value.as_str(),
                            choices.unwrap_or_else(|| found.expected.clone()),
                        )
                    }
                    None => {
                        let value = values.get(position).unwrap_or_default();
                        (value, self.expected(position, field, values)?)
                    }
                };
                Some(Violation {
                    position,
                    value: value.to_owned(),
                    expected,
                })
            })
    }

    /// What the field at `position` was expected to hold, if that is not what it holds.
    fn expected(&self, position: usize, field: &Field, values: &Values) -> Option<String> {
        let value = values.get(position);
        if !self.is_there(field, value)
            && let Some(basis) = self.in_force(field.required_rules(), values).next()
        {
            return Some(format!("a value, it is mandatory{}", condition(basis)));
        }
        let value = value?;
        self.not_chosen(field, value, values)
            .or_else(|| too_long(field, value))
            .or_else(|| self.taken(position, field, value))
            .or_else(|| self.dangling(field, value))
    }

    /// Whether a mandatory field holds a value. A secret that reads back empty is loaded so, and
    /// stays so while it was mandatory before.
    fn is_there(&self, field: &Field, value: Option<&str>) -> bool {
        let is_secret = field.access == Access::Secret;
        match (value, &self.origin) {
            (None, _) => false,
            (Some(""), Origin::Create) => false,
            (Some(""), Origin::Fixture) => is_secret,
            (Some(""), Origin::Update(_, stored)) => {
                let mut rules = self.in_force(field.required_rules(), stored);
                is_secret && rules.next().is_some()
            }
            (Some(_), _) => true,
        }
    }

    fn not_chosen(&self, field: &Field, value: &str, values: &Values) -> Option<String> {
        self.choices(field, values)
            .find(|(choices, _)| !choices.contains(&value))
            .map(in_words)
    }

    /// The choices that are in force.
    fn choices<'f>(
        &self,
        field: &'f Field,
        values: &Values,
    ) -> impl Iterator<Item = (&'static [&'static str], &'f Basis)> {
        let rules = field.choices_rules();
        rules.filter(|(_, basis)| self.holds(basis, values))
    }

    fn taken(&self, position: usize, field: &Field, value: &str) -> Option<String> {
        field.unique?;
        let collection = self.store.collection(self.resource);
        let mut holders = collection.holders(position, value);
        let is_itself = |ordinal| matches!(self.origin, Origin::Update(own, _) if own == ordinal);
        holders
            .any(|(ordinal, _)| !is_itself(ordinal))
            .then(|| format!("a value that no other {} has", self.resource.element))
    }

    fn dangling(&self, field: &Field, value: &str) -> Option<String> {
        let (owner, _) = field.owner?;
        let found = self.store.collection(owner).get(value).is_some();
        (!found).then(|| format!("the ObjectId of a {}", owner.element))
    }

    fn in_force<'b>(
        &self,
        rules: impl Iterator<Item = &'b Basis>,
        values: &Values,
    ) -> impl Iterator<Item = &'b Basis> {
        rules.filter(|basis| self.holds(basis, values))
    }

    fn holds(&self, basis: &Basis, values: &Values) -> bool {
        holds(basis, self.resource, self.release, values)
    }
}

/// Whether a line of the table holds for the record.
pub(crate) fn holds(basis: &Basis, resource: &Resource, release: Release, values: &Values) -> bool {
    basis.holds(release, |name| values.get(resource.position(name)?))
}

fn too_long(field: &Field, value: &str) -> Option<String> {
    let (longest, _) = field.max_length?;
    (value.chars().count() > longest).then(|| format!("at most {longest} characters"))
}

fn in_words((choices, basis): (&[&str], &Basis)) -> String {
    one_of(choices) + &condition(basis)
}

fn condition(basis: &Basis) -> String {
    match basis.condition {
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
