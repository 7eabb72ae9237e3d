//! Reads JSON: a bare object, or an object under its own name.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use crate::engine::{
    charset::{decode, is_carried, not_carried, shorten},
    element::{DecodeError, Element, Node},
};

/// The maximum depth of the values of a document.
const MAX_DEPTH: usize = 32;

/// Reads the elements of the one object in `document`: a bare object, or the value of the member `root`. Without
/// `root`, an object that is the only member is unwrapped.
pub(crate) fn read_object<'a>(
    document: &'a [u8],
    root: Option<&str>,
) -> Result<Vec<Element<'a>>, DecodeError> {
    let source = Source::new(document)?;
    let members = source.unwrapped(root)?.0.into_iter();
    members
        .filter_map(|(name, value)| source.element(name, value).transpose())
        .collect()
}

/// Locates all values of a document, down to [`MAX_DEPTH`].
pub(crate) fn nodes(document: &[u8]) -> Result<Vec<Node<'_>>, DecodeError> {
    let source = Source::new(document)?;
    let whole: &RawValue = source.parse(source.text, "document")?;
    let mut nodes = Vec::new();
    source.add_nodes(&mut nodes, Cow::Borrowed(""), None, whole, 0)?;
    Ok(nodes)
}

/// The members of an object, each with the text of its value.
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

/// The document that is read; locates its parts.
#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    /// The number of bytes in the document before the text.
    skipped: usize,
}

impl<'a> Source<'a> {
    fn new(document: &'a [u8]) -> Result<Self, DecodeError> {
        let (text, skipped) = decode(document)?;
        Ok(Self { text, skipped })
    }

    /// Reads the object of the document, without the object around it if there is one.
    fn unwrapped(self, root: Option<&str>) -> Result<Object<'a>, DecodeError> {
        let object = self.object(self.text, "the body")?;
        let wrapped = match root {
            Some(root) => object.0.iter().rev().find(|(name, _)| name == root),
            None => object
                .0
                .first()
                .filter(|(_, value)| object.0.len() == 1 && value.get().starts_with('{')),
        };
        match wrapped {
            Some((name, wrapped)) => self.object(wrapped.get(), name),
            None => Ok(object),
        }
    }

    /// Reads a part of the document as an object. `name` is its name in error messages.
    fn object(self, part: &'a str, name: &str) -> Result<Object<'a>, DecodeError> {
        self.parse(part, name)
    }

    fn parse<T: Deserialize<'a>>(self, part: &'a str, name: &str) -> Result<T, DecodeError> {
        serde_json::from_str(part).map_err(|error| match error.classify() {
            Category::Data => {
                let message = format!("{} is no object, expected {{ … }}", shorten(name));
                DecodeError::new(self.offset(part), "found no object, expected { … }")
                    .quoting(message)
            }
            Category::Eof => {
                self.syntax_error(&error, "the document ends before its object is closed")
            }
            Category::Syntax | Category::Io => {
                self.syntax_error(&error, "this is not well-formed JSON")
            }
        })
    }

    /// Returns a member as an element, or `None` if its value is `null`.
    fn element(
        self,
        name: Cow<'a, str>,
        value: &'a RawValue,
    ) -> Result<Option<Element<'a>>, DecodeError> {
        let at = self.offset(value.get());
        let value = match value.get() {
            "null" => return Ok(None),
            text if text.starts_with(['{', '[']) => None,
            text if text.starts_with('"') => Some(Cow::Owned(unquoted(text, at)?)),
            // Some languages write a whole number with the fraction `.0`.
            literal => Some(Cow::Borrowed(literal.strip_suffix(".0").unwrap_or(literal))),
        };
        let mut characters = value.iter().flat_map(|text| text.chars());
        if let Some(found) = characters.find(|c| !is_carried(*c)) {
            let error = not_carried(at, found);
            let message = format!("in {}: {}", shorten(&name), error.message());
            return Err(error.quoting(message));
        }
        Ok(Some(Element { name, value, at }))
    }

    /// Adds a value and all values in it.
    fn add_nodes(
        self,
        nodes: &mut Vec<Node<'a>>,
        name: Cow<'a, str>,
        parent: Option<usize>,
        value: &'a RawValue,
        depth: usize,
    ) -> Result<(), DecodeError> {
        let part = value.get();
        let at = self.offset(part);
        if depth > MAX_DEPTH {
            return Err(DecodeError::new(at, "values are nested too deeply"));
        }
        let text = match part.as_bytes().first() {
            Some(b'{' | b'[') => None,
            Some(b'"') => Some(Cow::Owned(unquoted(part, at)?)),
            _ => Some(Cow::Borrowed(part)),
        };
        let index = nodes.len();
        nodes.push(Node {
            name,
            parent,
            span: at..at + part.len(),
            text,
        });
        let parts = match part.as_bytes().first() {
            Some(b'{') => self.object(part, "value")?.0,
            Some(b'[') => {
                let items: Vec<&RawValue> = self.parse(part, "value")?;
                items
                    .into_iter()
                    .map(|item| (Cow::Borrowed(""), item))
                    .collect()
            }
            _ => Vec::new(),
        };
        for (name, value) in parts {
            self.add_nodes(nodes, name, Some(index), value, depth + 1)?;
        }
        Ok(())
    }

    /// Returns the byte of the document at which `part` begins.
    fn offset(self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr() + self.skipped
    }

    /// Rewords an error of the parser.
    fn syntax_error(self, error: &serde_json::Error, reason: &'static str) -> DecodeError {
        let lines = self.text.split_inclusive('\n');
        let before = lines.take(error.line().saturating_sub(1)).map(str::len);
        let at = before.sum::<usize>() + error.column().saturating_sub(1);
        DecodeError::new(at + self.skipped, reason)
    }
}

fn unquoted(text: &str, at: usize) -> Result<String, DecodeError> {
    serde_json::from_str(text)
        .map_err(|_| DecodeError::new(at, "found half of a surrogate pair in a string"))
}
