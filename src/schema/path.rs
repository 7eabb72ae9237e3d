//! The paths of resources, which may contain values of a record.

use std::{borrow::Cow, fmt};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that a value has in percent-encoding in a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*');

/// A path below `/vmrest`, such as `users/{SubscriberObjectId}/externalserviceaccounts`. A segment in braces is the value
/// of a field.
#[derive(Clone, Debug)]
pub(crate) struct PathTemplate {
    text: Box<str>,
    /// The fixed parts, from `/vmrest/` on. There is a value between each two of them.
    literals: Box<[Box<str>]>,
    /// The positions of the fields with the values.
    parameters: Box<[usize]>,
}

impl PathTemplate {
    /// Compiles a path; `position` returns the position of a field.
    pub(super) fn new(path: &str, position: impl Fn(&str) -> usize) -> Self {
        let mut literals = vec!["/vmrest/".to_owned()];
        let mut parameters = Vec::new();
        for (index, segment) in path.split('/').enumerate() {
            let literal = literals.last_mut().expect("there is a first one");
            if index > 0 {
                literal.push('/');
            }
            match parameter(segment) {
                Some(field) => {
                    parameters.push(position(field));
                    literals.push(String::new());
                }
                None => literal.push_str(segment),
            }
        }
        Self {
            text: path.into(),
            literals: literals.into_iter().map(String::into_boxed_str).collect(),
            parameters: parameters.into(),
        }
    }

    /// Returns the path as it is described.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the positions of the fields whose values are in the path.
    pub(crate) fn parameters(&self) -> &[usize] {
        &self.parameters
    }

    /// Appends the absolute path with the values of a record; `value` returns the value at a position.
    pub(super) fn fill<'v>(&self, path: &mut String, value: impl Fn(usize) -> Option<&'v str>) {
        path.push_str(&self.literals[0]);
        for (parameter, literal) in self.parameters.iter().zip(&self.literals[1..]) {
            path.push_str(&encoded(value(*parameter).unwrap_or_default()));
            path.push_str(literal);
        }
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns the name of the field in a segment such as `{SubscriberObjectId}`.
pub(crate) fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Returns the names of the fields in a path.
pub(crate) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(parameter)
}

/// Returns the path of the collection that the last parameter of a path selects a record from: `users` for
/// `users/{SubscriberObjectId}/externalserviceaccounts`.
pub(crate) fn parent(path: &str) -> Option<&str> {
    let parameter = path.rfind("/{")?;
    Some(&path[..parameter])
}

/// True if two paths differ at most in the names of their parameters.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let anonymous = |segment| match parameter(segment) {
        Some(_) => "{}",
        None => segment,
    };
    one.split('/')
        .map(anonymous)
        .eq(other.split('/').map(anonymous))
}

/// Returns a value as a segment of a path.
pub(crate) fn encoded(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, ENCODED).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_contains_the_values_of_a_record() {
        let names = ["A", "B"];
        let position = |name: &str| names.iter().position(|known| *known == name).unwrap_or(9);
        let path = PathTemplate::new("handlers/{A}/greetings/{B}/files", position);
        assert_eq!(path.parameters(), [0, 1]);
        let values = ["1/2", "#é*"];
        let mut filled = String::new();
        path.fill(&mut filled, |position| values.get(position).copied());
        assert_eq!(filled, "/vmrest/handlers/1%2F2/greetings/%23%C3%A9*/files");
        let mut flat = String::new();
        PathTemplate::new("users", position).fill(&mut flat, |_| None);
        assert_eq!(flat, "/vmrest/users");
    }

    #[test]
    fn the_parent_is_the_collection_before_the_last_parameter() {
        assert_eq!(parent("users/{A}/accounts"), Some("users"));
        assert_eq!(parent("a/{A}/b/{B}/c/d"), Some("a/{A}/b"));
        assert_eq!(parent("handlers/callhandlers"), None);
        assert!(is_same("a/{A}/b", "a/{X}/b") && !is_same("a/{A}/b", "a/b/b"));
    }
}
