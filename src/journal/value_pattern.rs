//! Patterns for the values of query parameters, headers and fields.

use std::fmt;

/// The values that a [`RequestPattern`](super::RequestPattern) accepts for a query parameter, a header or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValuePattern {
    /// This text.
    Is(String),
    /// A text that starts with this one.
    StartsWith(String),
    /// A text that contains this one.
    Contains(String),
    /// No value: the name must not occur.
    Absent,
}

impl ValuePattern {
    /// Returns whether the pattern accepts the values of one name. One matching value is enough.
    pub(super) fn accepts<'v>(&self, mut values: impl Iterator<Item = &'v str>) -> bool {
        match self {
            Self::Absent => values.next().is_none(),
            _ => values.any(|value| self.matches(value)),
        }
    }

    fn matches(&self, value: &str) -> bool {
        match self {
            Self::Is(expected) => value == expected,
            Self::StartsWith(start) => value.starts_with(start.as_str()),
            Self::Contains(part) => value.contains(part.as_str()),
            Self::Absent => false,
        }
    }
}

impl<T: Into<String>> From<T> for ValuePattern {
    fn from(text: T) -> Self {
        Self::Is(text.into())
    }
}

impl fmt::Display for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) => write!(f, "{text:?}"),
            Self::StartsWith(text) => write!(f, "something that starts with {text:?}"),
            Self::Contains(text) => write!(f, "something that contains {text:?}"),
            Self::Absent => f.write_str("nothing"),
        }
    }
}
