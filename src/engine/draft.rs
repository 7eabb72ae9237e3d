//! What a client or a fixture says of a record, held against the kinds of its fields.

use tracing::{debug, warn};

use super::{clock::is_date_time, member::Member, text::shorten, validate::Violation};
use crate::{
    schema::{Access, Field, Kind, Release, Resource, Verb},
    store::Values,
};

/// The fields that were given, in their canonical spelling, and those whose values are of the wrong kind.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) given: Values,
    pub(crate) violations: Vec<Violation>,
}

impl Draft {
    /// Reads what a client sent with `verb`. What the field does not take is ignored.
    pub(crate) fn of_request(
        resource: &'static Resource,
        release: Release,
        verb: Verb,
        members: &[Member<'_>],
    ) -> Self {
        let mut draft = Self::empty(resource);
        for member in members {
            let element = resource.element;
            let name = member.name.as_ref();
            let Some((position, field)) = known(resource, release, name) else {
                debug!(element, name = %shorten(name), "an unknown element is ignored");
                continue;
            };
            if field.access.takes(verb) {
                draft.give(position, field, member);
            } else if field.access == Access::CreateOnly {
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
    pub(crate) fn of_fixture<'m, 'a>(
        resource: &'static Resource,
        release: Release,
        members: &'m [Member<'a>],
        mut unknown: impl FnMut(&'m Member<'a>),
    ) -> Self {
        let mut draft = Self::empty(resource);
        for member in members {
            match known(resource, release, &member.name) {
                Some((position, field)) => draft.give(position, field, member),
                None => unknown(member),
            }
        }
        draft
    }

    /// What results when the draft is laid over `stored`. An empty secret keeps the stored one.
    pub(crate) fn onto(&self, resource: &'static Resource, stored: &Values) -> Values {
        let mut values = stored.clone();
        for (position, value) in self.given.iter() {
            let is_secret = resource.fields[position].access == Access::Secret;
            if !(is_secret && value.is_empty()) {
                values.set(position, value);
            }
        }
        values
    }

    fn empty(resource: &Resource) -> Self {
        Self {
            given: Values::empty(resource.fields.len()),
            violations: Vec::new(),
        }
    }

    /// Takes a value, or notes why it cannot be taken. The last of several counts.
    fn give(&mut self, position: usize, field: &Field, member: &Member<'_>) {
        self.violations
            .retain(|violation| violation.position != position);
        self.given.clear(position);
        let read = match member.value.as_deref() {
            Some(text) => canonical(field.kind, text).map_err(|expected| (text, expected)),
            None => Err(("", "text alone")),
        };
        match read {
            Ok(value) => self.given.set(position, value),
            Err((text, expected)) => self.violations.push(Violation {
                position,
                value: text.to_owned(),
                expected: expected.to_owned(),
            }),
        }
    }
}

fn known(
    resource: &'static Resource,
    release: Release,
    name: &str,
) -> Option<(usize, &'static Field)> {
    let position = resource.position(name)?;
    let field = &resource.fields[position];
    field.is_in(release).then_some((position, field))
}

/// The one spelling in which a value of this kind is kept, or what was expected instead.
pub(super) fn canonical(kind: Kind, text: &str) -> Result<String, &'static str> {
    let trimmed = text.trim_ascii();
    match kind {
        Kind::Text | Kind::Link(_) => Ok(text.to_owned()),
        Kind::Integer => trimmed
            .parse::<i32>()
            .map(|number| number.to_string())
            .map_err(|_| "a whole number"),
        Kind::Boolean => match trimmed {
            "true" | "1" => Ok("true".to_owned()),
            "false" | "0" => Ok("false".to_owned()),
            _ => Err("true or false"),
        },
        Kind::Guid if is_guid(trimmed) => Ok(trimmed.to_owned()),
        Kind::Guid => Err("a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78"),
        Kind::DateTime if is_date_time(trimmed) => Ok(trimmed.to_owned()),
        Kind::DateTime => Err("a date and time such as 2013-01-12 14:57:32.569"),
    }
}

/// Whether `text` is a GUID in five groups, the only way in which the vendor writes one.
fn is_guid(text: &str) -> bool {
    const GROUPED: usize = 36;
    text.len() == GROUPED && uuid::Uuid::try_parse(text).is_ok()
}
