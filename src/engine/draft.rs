//! What a client or a fixture says of a record, held against the kinds of its fields.

use std::borrow::Cow;

use tracing::{debug, warn};

use super::{charset::shorten, clock::is_date_time, element::Element, validate::Violation};
use crate::{
    schema::{Access, Kind, ResolvedField, ResolvedResource, Verb},
    store::Values,
};

/// The fields that were given, in their canonical spelling, and those whose values are of the wrong kind.
#[derive(Debug)]
pub(crate) struct Draft<'m> {
    pub(crate) edition: &'static ResolvedResource,
    /// One for each field of the resource.
    given: Box<[Option<Cow<'m, str>>]>,
    pub(crate) violations: Vec<Violation>,
}

impl<'m> Draft<'m> {
    /// Reads what a client sent with `verb`. What the field does not take is ignored.
    pub(crate) fn of_request(
        edition: &'static ResolvedResource,
        verb: Verb,
        members: &'m [Element<'_>],
    ) -> Self {
        let mut draft = Self::empty(edition);
        let element = edition.resource.element;
        for member in members {
            let name = member.name.as_ref();
            let Some(present) = edition.field(name) else {
                debug!(element, name = %shorten(name), "an unknown element is ignored");
                continue;
            };
            if present.field.access.takes(verb) {
                draft.give(present, member);
            } else if present.field.access == Access::CreateOnly {
                warn!(
                    element,
                    name, "ignored: it is set on create and never changed"
                );
            } else {
                debug!(element, name, "a read-only element is ignored");
            }
        }
        draft
    }

    /// Reads what a fixture says. Every field is taken; a name that is not one goes to `unknown`.
    pub(crate) fn of_fixture<'a>(
        edition: &'static ResolvedResource,
        members: &'m [Element<'a>],
        mut unknown: impl FnMut(&'m Element<'a>),
    ) -> Self {
        let mut draft = Self::empty(edition);
        for member in members {
            match edition.field(&member.name) {
                Some(present) => draft.give(present, member),
                None => unknown(member),
            }
        }
        draft
    }

    /// The value that was given at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        self.given[position].as_deref()
    }

    /// Puts a value at the position of a field.
    pub(crate) fn set(&mut self, position: usize, value: impl Into<Cow<'m, str>>) {
        self.given[position] = Some(value.into());
    }

    /// The values that were given.
    pub(crate) fn values(&self) -> Values {
        Values::of(self.given.iter().map(Option::as_deref))
    }

    /// What results when the draft is laid over `stored`. An empty secret keeps the stored one.
    pub(crate) fn onto(&self, stored: &Values) -> Values {
        let fields = self.edition.resource.fields.iter().enumerate();
        Values::of(fields.map(|(position, field)| {
            let keeps = field.access == Access::Secret;
            let given = self.get(position);
            let given = given.filter(|value| !(keeps && value.is_empty()));
            given.or_else(|| stored.get(position))
        }))
    }

    fn empty(edition: &'static ResolvedResource) -> Self {
        Self {
            edition,
            given: vec![None; edition.resource.fields.len()].into(),
            violations: Vec::new(),
        }
    }

    /// Takes a value, or notes why it cannot be taken. The last of several counts.
    fn give(&mut self, present: &ResolvedField, member: &'m Element<'_>) {
        let position = present.position;
        self.violations
            .retain(|violation| violation.position != position);
        let read = match member.value.as_deref() {
            Some(text) => canonical(present.field.kind, text).map_err(|expected| (text, expected)),
            None => Err(("", "text alone")),
        };
        self.given[position] = match read {
            Ok(value) => Some(value),
            Err((text, expected)) => {
                self.violations.push(Violation {
                    position,
                    value: text.to_owned(),
                    expected: expected.to_owned(),
                });
                None
            }
        };
    }
}

/// The one spelling in which a value of this kind is kept, or what was expected instead.
pub(super) fn canonical(kind: Kind, text: &str) -> Result<Cow<'_, str>, &'static str> {
    let trimmed = text.trim_ascii();
    match kind {
        Kind::Text | Kind::Link(_) => Ok(text.into()),
        Kind::Integer if is_a_digit(trimmed) => Ok(trimmed.into()),
        Kind::Integer => trimmed
            .parse::<i32>()
            .map(|number| number.to_string().into())
            .map_err(|_| "a whole number"),
        Kind::Boolean => match trimmed {
            "true" | "1" => Ok("true".into()),
            "false" | "0" => Ok("false".into()),
            _ => Err("true or false"),
        },
        Kind::Guid if is_guid(trimmed) => Ok(trimmed.into()),
        Kind::Guid => Err("a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78"),
        Kind::DateTime if is_date_time(trimmed) => Ok(trimmed.into()),
        Kind::DateTime => Err("a date and time such as 2013-01-12 14:57:32.569"),
    }
}

/// Whether `text` is what most whole numbers of the vendor's are, which has no other spelling.
fn is_a_digit(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9'])
}

/// Whether `text` is a GUID in five groups, the only way in which the vendor writes one.
fn is_guid(text: &str) -> bool {
    const GROUPED: usize = 36;
    text.len() == GROUPED && uuid::Uuid::try_parse(text).is_ok()
}
