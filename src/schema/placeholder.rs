//! Placeholders in texts, such as `{Name}`.

use std::borrow::Cow;

/// A part of a text with placeholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    /// The name of a placeholder.
    Placeholder(&'t str),
}

/// Returns the names of the placeholders in a text.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    Parts(text).filter_map(|part| match part {
        Part::Text(_) => None,
        Part::Placeholder(name) => Some(name),
    })
}

/// True if a text begins with a placeholder.
pub(crate) fn begins(text: &str) -> bool {
    matches!(Parts(text).next(), Some(Part::Placeholder(_)))
}

/// Returns a text with the values of its placeholders. One without a value remains as it is.
pub(crate) fn fill<'v>(text: &str, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
    let mut filled = String::with_capacity(text.len());
    for part in Parts(text) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Placeholder(name) => match value(name) {
                Some(value) => filled.push_str(&value),
                None => filled.extend(["{", name, "}"]),
            },
        }
    }
    filled
}

/// Splits a text into its parts. A name consists of ASCII letters, digits, `-` and `_`, and begins with a letter; other
/// braces are text.
struct Parts<'t>(&'t str);

impl<'t> Iterator for Parts<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        let Self(text) = *self;
        let mut openings = text.match_indices('{').map(|(at, _)| at);
        let found = openings.find_map(|at| Some((at, name(&text[at + 1..])?)));
        let (part, length) = match found {
            Some((0, name)) => (Part::Placeholder(name), name.len() + 2),
            Some((at, _)) => (Part::Text(&text[..at]), at),
            None if text.is_empty() => return None,
            None => (Part::Text(text), text.len()),
        };
        self.0 = &text[length..];
        Some(part)
    }
}

/// Returns the name at the beginning of a text, if a closing brace follows it.
fn name(text: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.find(|c| !is_of_name(c))?;
    let is_name =
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text[end..].starts_with('}');
    is_name.then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_placeholders_and_other_braces_are_text() {
        let text = r#"{"a":{"b":"{Name}"},"c":"{ x }{}{é}{1}{of-it}{{Name}}"}{Name"#;
        assert_eq!(names(text).collect::<Vec<_>>(), ["Name", "of-it", "Name"]);
        let value = |name: &str| (name == "Name").then_some(Cow::Borrowed("{Name}!"));
        assert_eq!(
            fill(text, value),
            r#"{"a":{"b":"{Name}!"},"c":"{ x }{}{é}{1}{of-it}{{Name}!}"}{Name"#
        );
        assert_eq!(fill("", value), "");
    }
}
