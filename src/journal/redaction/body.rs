//! Redacts bodies.

use super::{
    MASK,
    names::{hidden_from, hidden_from_markup, is_secret},
};
use crate::engine::Format;

/// Returns a body without its secrets.
///
/// Replaces the values of secrets in a body that the engine can decode. If the name of a secret occurs in any other
/// place, everything after the name is hidden: in a body that cannot be decoded, an attribute, a comment, or the name
/// of the root element.
pub(super) fn redacted(body: &[u8]) -> Vec<u8> {
    let format = Format::guess(body);
    let Ok(values) = format.value_spans(body) else {
        let end = hidden_from(body);
        return end.map_or(body.to_vec(), |end| {
            [&body[..end], MASK.as_bytes()].concat()
        });
    };
    let mask = match format {
        Format::Xml => MASK,
        Format::Json => r#""[redacted]""#,
    };
    let mut shown = Vec::with_capacity(body.len());
    let (mut from, mut previous) = (0, None);
    for value in &values {
        let name = &*value.name;
        let markup = &body[from..value.span.start];
        if let Some(end) = secret_in_markup(format, markup, previous, Some(name)) {
            return [&shown, &markup[..end], MASK.as_bytes()].concat();
        }
        shown.extend_from_slice(markup);
        let content = &body[value.span.clone()];
        let is_empty = match format {
            Format::Xml => content.is_empty(),
            Format::Json => matches!(content, b"\"\"" | b"null"),
        };
        if is_secret(name) && !is_empty || holds_secret(format, content) {
            shown.extend_from_slice(mask.as_bytes());
        } else {
            shown.extend_from_slice(content);
        }
        (from, previous) = (value.span.end, Some(name));
    }
    let markup = &body[from..];
    if let Some(end) = secret_in_markup(format, markup, previous, None) {
        return [&shown, &markup[..end], MASK.as_bytes()].concat();
    }
    shown.extend_from_slice(markup);
    shown
}

/// Finds the name of a secret in the markup between two values, apart from the names of these values; returns the place
/// from which the markup must be hidden.
fn secret_in_markup(
    format: Format,
    markup: &[u8],
    previous: Option<&str>,
    next: Option<&str>,
) -> Option<usize> {
    let end_tag = previous.map(|name| format!("</{name}"));
    let rest = end_tag.and_then(|tag| markup.strip_prefix(tag.as_bytes()));
    let rest = rest.unwrap_or(markup);
    let start = markup.len() - rest.len();
    let named = next.and_then(|name| without_name(format, rest, name));
    Some(start + hidden_from_markup(named.unwrap_or(rest))?)
}

/// Removes the name of a value from the end of the markup before it.
fn without_name<'m>(format: Format, markup: &'m [u8], name: &str) -> Option<&'m [u8]> {
    let (rest, name) = match format {
        Format::Xml => {
            let tag = markup.strip_suffix(b">")?;
            (tag.strip_suffix(b"/").unwrap_or(tag), format!("<{name}"))
        }
        Format::Json => {
            let member = markup.trim_ascii_end().strip_suffix(b":")?;
            (member, format!("\"{name}\""))
        }
    };
    rest.trim_ascii_end().strip_suffix(name.as_bytes())
}

/// Checks a value, as it was sent, like [`contains_secret`].
fn holds_secret(format: Format, content: &[u8]) -> bool {
    if format == Format::Json && content.starts_with(b"\"") {
        // A string that cannot be decoded is hidden.
        return serde_json::from_slice::<String>(content)
            .map_or(true, |text| contains_secret(&text));
    }
    contains_secret(&String::from_utf8_lossy(content))
}

/// Checks the value of a field for a nested document, or nested elements, with the name of a secret.
pub(in crate::journal) fn contains_secret(value: &str) -> bool {
    const MARKUP: [&str; 9] = [
        "<", "{", "[", "&lt;", "&#", r#"\""#, r#"":"#, r#"" :"#, r"\u",
    ];
    MARKUP.iter().any(|markup| value.contains(markup)) && hidden_from(value.as_bytes()).is_some()
}
