//! Escaping values for texts in several formats.

use std::borrow::Cow;

use quick_xml::escape::escape;

use super::{
    charset::{has_none_of, is_carried},
    media_type::media_type,
};
use crate::schema::Kind;

/// The way in which a format escapes the values in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// Values are written as they are.
    None,
    /// Markup characters, quotes and line ends become references, so that a value can be in an attribute, too. Characters
    /// that XML does not allow are replaced.
    Xml,
    /// A value is a part of a string.
    Json,
}

impl Escaping {
    /// Returns the escaping for texts with this `Content-Type`.
    pub(crate) fn of_content_type(content_type: &str) -> Self {
        let Some(media_type) = media_type(content_type) else {
            return Self::None;
        };
        let is = |name: &str| {
            let suffix = media_type.suffix();
            media_type.subtype() == name || suffix.is_some_and(|suffix| suffix == name)
        };
        match () {
            () if is("json") => Self::Json,
            () if is("xml") || is("html") => Self::Xml,
            () => Self::None,
        }
    }

    /// Escapes a value.
    pub(crate) fn escape(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::None => value.into(),
            Self::Xml => {
                let allowed = value.replace(|c| !is_carried(c), "\u{fffd}");
                let escaped = escape(allowed).replace('\t', "&#9;");
                escaped.replace('\n', "&#10;").into()
            }
            Self::Json => {
                let string = serde_json::to_string(value).expect("a text is valid JSON");
                string[1..string.len() - 1].to_owned().into()
            }
        }
    }
}

/// True if neither format escapes a character of a value of this kind.
pub(super) fn is_plain(kind: &Kind, value: &str) -> bool {
    *kind != Kind::Text
        || has_none_of(value, |byte| {
            (byte < b' ') | matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\\')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_escaped_for_the_media_type() {
        let value = "a\"<&>'\\\n\u{1}é";
        for (content_type, expected) in [
            (
                "application/xml;charset=UTF-8",
                "a&quot;&lt;&amp;&gt;&apos;\\&#10;\u{fffd}é",
            ),
            (
                "image/svg+xml",
                "a&quot;&lt;&amp;&gt;&apos;\\&#10;\u{fffd}é",
            ),
            ("TEXT/HTML", "a&quot;&lt;&amp;&gt;&apos;\\&#10;\u{fffd}é"),
            ("application/json", "a\\\"<&>'\\\\\\n\\u0001é"),
            ("application/problem+json", "a\\\"<&>'\\\\\\n\\u0001é"),
            ("text/plain", value),
            ("no media type", value),
        ] {
            let escaped = Escaping::of_content_type(content_type).escape(value);
            assert_eq!(escaped, expected, "{content_type}");
        }
    }
}
