//! The class of a field, which decides on the substitutes of its values.

use super::{
    notation::{is_date, is_guid},
    substitutes::Substitutes,
    vocabulary,
};
use crate::{
    engine::{files, wave},
    schema::{Catalogue, Computation, Kind, Resource},
};

/// The number of digits of a number that is no name and no extension.
const SHORT_NUMBER: usize = 2;

/// The class of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldClass {
    /// Its values are vocabulary, or secrets, which a capture does not contain.
    Kept,
    /// Its values have at most this number of characters.
    Text(Option<usize>),
    /// Its values are numbers, truth values, times or GUIDs. Any other value is a text.
    Of(Kind),
    /// Its values are texts or whole numbers.
    Setting,
    /// Its description is missing. Only short numbers are kept.
    Unknown,
}

impl FieldClass {
    /// Returns the class of the field with this name. A value that follows from another field has the class of that
    /// field.
    pub(super) fn of(catalogue: &Catalogue, resource: Option<&Resource>, name: &str) -> Self {
        let is_kept = resource.is_some_and(vocabulary::is_resource);
        if is_kept || vocabulary::is_field(resource, name) {
            return Self::Kept;
        }
        let known = resource.and_then(|resource| Some((resource, resource.position(name)?)));
        let Some((resource, position)) = known else {
            return Self::Unknown;
        };
        let field = &resource.fields[position];
        if let Some(Computation::Derived { through, field }) = field.computation.as_deref()
            && let Some(target) = resource.target(*through)
        {
            let target = &catalogue[target];
            return Self::of(catalogue, Some(target), &target.fields[*field].name);
        }
        match field.kind {
            _ if field.access.is_hidden() => Self::Kept,
            Kind::Text if !field.choices.is_empty() => Self::Kept,
            Kind::Text if resource.path.as_str() == "configurationvalues" => Self::Setting,
            Kind::Text => Self::Text(field.max_length.as_ref().map(|(max, _)| *max)),
            kind => Self::Of(kind),
        }
    }

    /// Returns the substitute of a value, which is no path.
    pub(super) fn substitute(self, substitutes: &Substitutes, value: &str) -> String {
        let is_number = value.parse::<i64>().is_ok();
        let is_kept = match self {
            Self::Kept => true,
            Self::Text(_) => false,
            Self::Of(Kind::Integer) | Self::Setting => is_number,
            Self::Of(Kind::Boolean) => matches!(value, "0" | "1"),
            Self::Of(Kind::Guid) => is_guid(value),
            Self::Of(Kind::DateTime) => is_date(value),
            Self::Of(Kind::Binary) => return sound(value),
            Self::Of(Kind::Text | Kind::Link) => false,
            Self::Unknown => is_number && value.trim_start_matches('-').len() <= SHORT_NUMBER,
        };
        match (is_kept, self) {
            (true, _) => value.to_owned(),
            (false, Self::Text(max)) => substitutes.text(value, max),
            (false, _) => substitutes.text(value, None),
        }
    }
}

/// Returns silence in the place of a sound, in which a person speaks.
fn sound(value: &str) -> String {
    match value.is_empty() {
        true => String::new(),
        false => files::encoded(&wave::silence()),
    }
}
