//! The attributes of an element of a description.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::scope::SCOPE;
use crate::engine::{DecodeError, nearest::nearest, shorten, xml::StartTag};

/// The attributes with the evidence for a fact, of which it has one.
pub(super) const EVIDENCE: [&str; 5] = ["documented", "captured", "client", "inferred", "by"];

/// The maximum number of attributes in a message.
const MAX_NAMED: usize = 5;
/// The number of names that most readers ask for at most.
const MAX_KNOWN: usize = 16;

/// Returns the value that a word of a list spells: a blank in it is `%20`.
pub(super) fn word_value(word: &str) -> Box<str> {
    percent_decode_str(word).decode_utf8_lossy().into()
}

/// The attributes of an element, from which a reader takes those that it knows.
pub(super) struct ElementAttributes<'a> {
    element: &'a str,
    /// The byte at which the element begins.
    pub(super) at: usize,
    given: Vec<(&'a str, Cow<'a, str>)>,
    /// The names that the reader has asked for.
    known: Vec<&'static str>,
}

impl<'a> ElementAttributes<'a> {
    pub(super) fn new(tag: &StartTag<'a>) -> Self {
        Self {
            element: tag.name,
            at: tag.at,
            given: tag.attribute_values().collect(),
            known: Vec::with_capacity(MAX_KNOWN),
        }
    }

    /// True if an attribute is given and was not taken.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// Takes the value of an attribute.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        self.known.push(name);
        let index = self.given.iter().position(|(given, _)| *given == name)?;
        Some(self.given.remove(index).1)
    }

    /// Takes the value of an attribute that must exist.
    pub(super) fn require(&mut self, name: &'static str) -> Result<Cow<'a, str>, DecodeError> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    /// Takes a list of values that are separated by white space, which must exist.
    pub(super) fn require_list(
        &mut self,
        name: &'static str,
    ) -> Result<Box<[Box<str>]>, DecodeError> {
        self.take_list(name)?.ok_or_else(|| self.missing(name))
    }

    /// Takes a list of values that are separated by white space.
    pub(super) fn take_list(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Box<[Box<str>]>>, DecodeError> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        let values: Box<[_]> = text.split_ascii_whitespace().map(Box::from).collect();
        if values.is_empty() {
            let message = format!("{name} is empty, expected values separated by blanks");
            return Err(self.error(message));
        }
        Ok(Some(values))
    }

    /// Takes a list of values that must exist, in which a blank within a value is `%20`.
    pub(super) fn require_words(
        &mut self,
        name: &'static str,
    ) -> Result<Box<[Box<str>]>, DecodeError> {
        let words = self.require_list(name)?;
        Ok(words.iter().map(|word| word_value(word)).collect())
    }

    /// Takes an attribute with one of the given values.
    pub(super) fn take_choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&'static str, T)],
    ) -> Result<Option<T>, DecodeError> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        let mut known = choices.iter();
        match known.find(|(choice, _)| *choice == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let choices: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
                Err(self.unexpected(name, &text, &choices.join(", ")))
            }
        }
    }

    /// Takes an attribute with one of the given values, which must exist.
    pub(super) fn require_choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&'static str, T)],
    ) -> Result<T, DecodeError> {
        let choice = self.take_choice(name, choices)?;
        choice.ok_or_else(|| self.missing(name))
    }

    /// Checks that all attributes were taken.
    pub(super) fn finish(self) -> Result<(), DecodeError> {
        let Some((name, _)) = self.given.first() else {
            return Ok(());
        };
        let hint = nearest(name, self.known.iter().copied());
        let hint = hint.map_or_else(|| self.known.join(", "), str::to_owned);
        let (name, element) = (shorten(name), self.element);
        Err(self.error(format!(
            "<{element}> has the attribute {name}, expected {hint}"
        )))
    }

    /// Reports that an attribute is missing, and those that are given instead.
    fn missing(&self, name: &str) -> DecodeError {
        let given = self.given.iter().map(|(given, _)| *given);
        let others = given.filter(|given| !EVIDENCE.contains(given) && !SCOPE.contains(given));
        let found: Vec<_> = match nearest(name, others.clone()) {
            Some(misspelt) => vec![shorten(misspelt)],
            None => others.take(MAX_NAMED).map(shorten).collect(),
        };
        let mut message = format!("<{}> lacks the attribute {name}", self.element);
        if !found.is_empty() {
            message += &format!(", found {}", found.join(", "));
        }
        self.error(message)
    }

    pub(super) fn error(&self, message: String) -> DecodeError {
        DecodeError::new(self.at, message)
    }

    pub(super) fn unexpected(&self, name: &str, found: &str, expected: &str) -> DecodeError {
        let found = shorten(found);
        self.error(format!("{name} is {found:?}, expected {expected}"))
    }
}
