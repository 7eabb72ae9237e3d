//! Reading JSON: the bare object, or the object under its own name.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use crate::engine::{
    charset::{decode, is_carried, not_carried, shorten},
    element::{DecodeError, Element},
};

/// The members of the one object that `document` holds, bare or as the value of `element`; of any element
/// that stands alone if none is given.
pub(crate) fn object<'a>(
    document: &'a [u8],
    element: Option<&str>,
) -> Result<Vec<Element<'a>>, DecodeError> {
    let (text, skipped) = decode(document)?;
    let source = Source { text, skipped };
    let mut object = source.object(text, "the body")?;
    let wrapped = match element {
        Some(element) => object.0.iter().rev().find(|(name, _)| name == element),
        None => object
            .0
            .first()
            .filter(|(_, value)| object.0.len() == 1 && value.get().starts_with('{')),
    };
    if let Some((name, wrapped)) = wrapped {
        object = source.object(wrapped.get(), name)?;
    }
    let members = object.0.into_iter();
    members
        .filter_map(|(name, value)| source.member(name, value).transpose())
        .collect()
}

/// The names and values of an object, as they are written.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((Cow::Owned(name), value));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// The document that is read, to tell where something stands in it.
#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    /// How many bytes of the document stand before the text.
    skipped: usize,
}

impl<'a> Source<'a> {
    /// Reads `part` of the document as an object, which `name` holds.
    fn object(self, part: &'a str, name: &str) -> Result<Object<'a>, DecodeError> {
        serde_json::from_str(part).map_err(|error| match error.classify() {
            Category::Data => {
                let message = format!("{} is no object, expected {{ … }}", shorten(name));
                DecodeError::new(self.offset(part), message)
            }
            Category::Eof => self.flaw(&error, "the document ends before its object is closed"),
            Category::Syntax | Category::Io => self.flaw(&error, "this is not well-formed JSON"),
        })
    }

    /// A member; `null` is none.
    fn member(
        self,
        name: Cow<'a, str>,
        value: &'a RawValue,
    ) -> Result<Option<Element<'a>>, DecodeError> {
        let at = self.offset(value.get());
        let value = match value.get() {
            "null" => return Ok(None),
            text if text.starts_with(['{', '[']) => None,
            text if text.starts_with('"') => Some(Cow::Owned(unquoted(text, at)?)),
            // Some languages write a whole number with a fraction of nothing.
            literal => Some(Cow::Borrowed(literal.strip_suffix(".0").unwrap_or(literal))),
        };
        let mut letters = value.iter().flat_map(|text| text.chars());
        if let Some(found) = letters.find(|c| !is_carried(*c)) {
            let message = format!("in {}: {}", shorten(&name), not_carried(found));
            return Err(DecodeError::new(at, message));
        }
        Ok(Some(Element { name, value, at }))
    }

    /// The byte of the document at which `part` of it stands.
    fn offset(self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr() + self.skipped
    }

    /// What the parser refused, in our own words.
    fn flaw(self, error: &serde_json::Error, message: &str) -> DecodeError {
        let lines = self.text.split_inclusive('\n');
        let before = lines.take(error.line().saturating_sub(1)).map(str::len);
        let at = before.sum::<usize>() + error.column().saturating_sub(1);
        DecodeError::new(at + self.skipped, message)
    }
}

fn unquoted(text: &str, at: usize) -> Result<String, DecodeError> {
    serde_json::from_str(text)
        .map_err(|_| DecodeError::new(at, "found half of a surrogate pair in a string"))
}
