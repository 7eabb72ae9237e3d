//! The paths of resources, which may contain values of a record.

use std::{borrow::Cow, fmt};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The characters that a value has in percent-encoding in a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*');

/// The path of the servlets beside the API.
pub(crate) const SERVLETS: &str = "/cuals";

/// A path below `/vmrest`, such as `users/{SubscriberObjectId}/externalserviceaccounts`. A segment in braces is the value
/// of a field.
#[derive(Clone, Debug)]
pub(crate) struct PathTemplate {
    text: Box<str>,
    /// The fixed parts, from `/vmrest/` on. There is a value between each two of them.
    literals: Box<[Box<str>]>,
}

impl PathTemplate {
    pub(super) fn new(path: &str) -> Self {
        let mut literals = vec!["/vmrest/".to_owned()];
        for (index, segment) in path.split('/').enumerate() {
            let literal = literals.last_mut().expect("there is a first one");
            if index > 0 {
                literal.push('/');
            }
            match parameter(segment) {
                Some(_) => literals.push(String::new()),
                None => literal.push_str(segment),
            }
        }
        Self {
            text: path.into(),
            literals: literals.into_iter().map(String::into_boxed_str).collect(),
        }
    }

    /// Returns the path as it is described.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the last segment of a path below that of a record.
    pub(crate) fn end_below_record(&self) -> Option<&str> {
        let (_, end) = self.text.rsplit_once('/')?;
        self.has_parameters().then_some(end)
    }

    /// True if the path contains values of a record.
    pub(crate) fn has_parameters(&self) -> bool {
        self.literals.len() > 1
    }

    /// Returns the names of the fields whose values are in the path.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        parameters(&self.text)
    }

    /// Appends the absolute path with the values of a record.
    pub(crate) fn fill<'v>(
        &self,
        path: &mut String,
        values: impl Iterator<Item = Option<&'v str>>,
    ) {
        path.push_str(&self.literals[0]);
        for (value, literal) in values.zip(&self.literals[1..]) {
            path.push_str(&encoded(value.unwrap_or_default()));
            path.push_str(literal);
        }
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns the absolute path of a path below `/vmrest`, which may be absolute already.
pub(crate) fn absolute(path: &str) -> Cow<'_, str> {
    match path.starts_with('/') {
        true => Cow::Borrowed(path),
        false => Cow::Owned(format!("/vmrest/{path}")),
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

/// Returns a path without its parameters: `users/mwis` for `users/{SubscriberObjectId}/mwis`.
pub(crate) fn without_parameters(path: &str) -> String {
    let segments = path
        .split('/')
        .filter(|segment| parameter(segment).is_none());
    segments.collect::<Vec<_>>().join("/")
}

/// Returns the path of the collection that the last parameter of a path selects a record from: `users` for
/// `users/{SubscriberObjectId}/externalserviceaccounts`.
pub(crate) fn parent(path: &str) -> Option<&str> {
    let parameter = path.rfind("/{")?;
    Some(&path[..parameter])
}

/// True if two paths differ at most in the names of their parameters.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    // Most paths that are compared differ in the first byte already.
    if one.as_bytes().first() != other.as_bytes().first() {
        return false;
    }
    let anonymous = |segment| match parameter(segment) {
        Some(_) => "{}",
        None => segment,
    };
    one.split('/')
        .map(anonymous)
        .eq(other.split('/').map(anonymous))
}

/// True if a path matches a template, with any values for its parameters.
pub(crate) fn includes(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let is_each_equal = template.split('/').all(|expected| {
        let found = segments.next();
        found.is_some_and(|found| parameter(expected).is_some() || found == expected)
    });
    is_each_equal && segments.next().is_none()
}

/// Returns the decoded values of the parameters of a template in a path, if it matches.
pub(crate) fn values(template: &str, path: &str) -> Option<Vec<String>> {
    if !includes(template, path) {
        return None;
    }
    let segments = template.split('/').zip(path.split('/'));
    let values = segments.filter(|(segment, _)| parameter(segment).is_some());
    let decoded = values.map(|(_, value)| percent_decode_str(value).decode_utf8_lossy());
    Some(decoded.map(Cow::into_owned).collect())
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
        let path = PathTemplate::new("handlers/{A}/greetings/{B}/files");
        assert_eq!(path.names().collect::<Vec<_>>(), ["A", "B"]);
        let mut filled = String::new();
        path.fill(&mut filled, ["1/2", "#é*"].map(Some).into_iter());
        assert_eq!(filled, "/vmrest/handlers/1%2F2/greetings/%23%C3%A9*/files");
        let mut flat = String::new();
        PathTemplate::new("users").fill(&mut flat, [].into_iter());
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
