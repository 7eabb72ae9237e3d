//! Reads JSON: a bare object, or an object under a name. Values have the shapes of XML that is mapped to JSON.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use crate::engine::{
    Root,
    character::code_point,
    charset::{decode, is_carried, not_carried, shorten},
    element::{DecodeError, Element, Node},
};

/// The maximum depth of the values of a document.
const MAX_DEPTH: usize = 32;

const NULL: &str = "null";
/// The start of the name of a member that is an attribute in XML.
const ATTRIBUTE: char = '@';
/// The name of the member that is the text of an element in XML.
const TEXT: &str = "$";

/// Reads the elements of the one object in `document`: a bare object, or the value of a member with the name of an
/// expected object, or of the only member.
pub(crate) fn read_object<'a>(
    document: &'a [u8],
    root: Root<'_>,
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

/// The members of an object, each with the text of its value. Spaces around a name are not part of it.
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
                    let trimmed = name.trim();
                    let is_trimmed = trimmed.len() == name.len();
                    let name = if is_trimmed { name } else { trimmed.to_owned() };
                    members.push((Cow::Owned(name), value));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Object<'_> {
    /// True if the object has a member that is an element in XML.
    fn has_elements(&self) -> bool {
        let mut members = self.0.iter();
        members.any(|(name, _)| !is_attribute(name) && name != TEXT)
    }
}

fn is_attribute(name: &str) -> bool {
    name.starts_with(ATTRIBUTE)
}

/// The text of a value that is mapped from XML.
enum MappedText<'a> {
    /// The value is `null`.
    Absent,
    Text(Cow<'a, str>),
    /// The value consists of elements.
    Elements,
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
    fn unwrapped(self, root: Root<'_>) -> Result<Object<'a>, DecodeError> {
        let whole = self.object(self.text, "the body")?;
        let mut members = whole.0.iter().rev();
        if let Some((name, value)) = members.find(|(name, _)| root.is_object(name)) {
            return self.object(self.last_item(value)?.unwrap_or(value).get(), name);
        }
        let mut elements = whole.0.iter().filter(|(name, _)| !is_attribute(name));
        let (Some((name, value)), None) = (elements.next(), elements.next()) else {
            return Ok(whole);
        };
        let object = match self.last_item(value)? {
            Some(item) if item.get().starts_with('{') => self.object(item.get(), name)?,
            _ => return Ok(whole),
        };
        if root.is_other(name) {
            return Err(self.wrong_root(value, name, root));
        }
        let is_root = !root.is_field(name) && object.has_elements();
        Ok(if is_root { object } else { whole })
    }

    #[cold]
    fn wrong_root(self, value: &RawValue, name: &str, root: Root<'_>) -> DecodeError {
        let expected = root.expected().unwrap_or("another name");
        let reason = format!("the object has another name, expected {expected}");
        let message = format!(
            "the object is called {}, expected {expected}",
            shorten(name)
        );
        DecodeError::new(self.offset(value.get()), reason)
            .quoting(message)
            .of_root()
    }

    /// Returns the last item of an array that is not `null`, or a value that is no array itself.
    fn last_item(self, value: &'a RawValue) -> Result<Option<&'a RawValue>, DecodeError> {
        if !value.get().starts_with('[') {
            return Ok(Some(value));
        }
        let items: Vec<&RawValue> = self.parse(value.get(), "value")?;
        Ok(items.into_iter().rev().find(|item| item.get() != NULL))
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
                let error = self.syntax_error(&error, "this is not well-formed JSON");
                self.naming_its_character(error)
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
        let value = match value.get().as_bytes().first() {
            Some(b'n') => return Ok(None),
            Some(b'[' | b'{') => match self.mapped_text(value)? {
                MappedText::Absent => return Ok(None),
                MappedText::Text(text) => Some(text),
                MappedText::Elements => None,
            },
            _ => Some(self.scalar(value)?),
        };
        let mut characters = value.iter().flat_map(|text| text.chars());
        if let Some(found) = characters.find(|c| !is_carried(*c)) {
            let error = not_carried(at, found);
            let message = format!("in {}: {}", shorten(&name), error.message());
            return Err(error.quoting(message));
        }
        Ok(Some(Element { name, value, at }))
    }

    /// Returns the text of a string, a number or a boolean.
    fn scalar(self, value: &'a RawValue) -> Result<Cow<'a, str>, DecodeError> {
        let text = value.get();
        if text.starts_with('"') {
            return unquoted(text, self.offset(text)).map(Cow::Owned);
        }
        // Some languages write a whole number with the fraction `.0`.
        Ok(Cow::Borrowed(text.strip_suffix(".0").unwrap_or(text)))
    }

    /// Returns the text of an array or an object, as in XML that is mapped to JSON: an array is a repeated element, and
    /// an empty one is an empty element; an object is an element with attributes.
    #[cold]
    fn mapped_text(self, value: &'a RawValue) -> Result<MappedText<'a>, DecodeError> {
        let item = match self.last_item(value)? {
            Some(item) => item,
            None if value.get().contains(NULL) => return Ok(MappedText::Absent),
            None => return Ok(MappedText::Text(Cow::Borrowed(""))),
        };
        match item.get().as_bytes().first() {
            Some(b'[') => Ok(MappedText::Elements),
            Some(b'{') => {
                let content = self.object(item.get(), "value")?;
                if content.has_elements() {
                    return Ok(MappedText::Elements);
                }
                let mut members = content.0.into_iter().rev();
                match members.find(|(name, _)| name == TEXT) {
                    None => Ok(MappedText::Text(Cow::Borrowed(""))),
                    Some((_, text)) if text.get() == NULL => Ok(MappedText::Absent),
                    Some((_, text)) if text.get().starts_with(['[', '{']) => {
                        Ok(MappedText::Elements)
                    }
                    Some((_, text)) => self.scalar(text).map(MappedText::Text),
                }
            }
            _ => self.scalar(item).map(MappedText::Text),
        }
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

    /// Adds the character at the place of the error, if it is one that JSON has in strings only, such as a typographic
    /// quote or a no-break space.
    fn naming_its_character(self, error: DecodeError) -> DecodeError {
        let rest = self.text.get(error.at - self.skipped..).unwrap_or_default();
        let found = rest.chars().next();
        match found.filter(|c| !c.is_ascii() && !c.is_alphanumeric()) {
            Some(found) => {
                let message = format!(
                    "{}: found the character {}",
                    error.reason,
                    code_point(found)
                );
                error.quoting(message)
            }
            None => error,
        }
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
