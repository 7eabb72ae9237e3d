//! A decoded body, before it is matched with a resource.

use std::{borrow::Cow, ops::Range};

/// One named value of an object, as a format decoded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: Cow<'a, str>,
    /// `None` if the value is not a text, for example if it contains more elements.
    pub(crate) value: Option<Cow<'a, str>>,
    /// The byte at which the element begins.
    pub(crate) at: usize,
}

/// The place of one named value of an object in its document.
#[derive(Debug)]
pub(crate) struct ValueSpan<'a> {
    pub(crate) name: Cow<'a, str>,
    /// The bytes of the value, as it was sent.
    pub(crate) span: Range<usize>,
}

/// The reason why a document cannot be decoded, and the place of the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Describes the input that was found and the input that was expected.
    pub(crate) message: String,
    /// The byte at which the error begins.
    pub(crate) at: usize,
}

impl DecodeError {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
        }
    }
}

/// A place in a document, as editors show it: line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// Locates the byte `at` in `document`, which need not be valid UTF-8 from there on.
    pub(crate) fn of(document: &[u8], at: usize) -> Self {
        let before = &document[..at.min(document.len())];
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[line_start..])
            .trim_start_matches('\u{feff}')
            .chars()
            .count();
        Self {
            line: before.iter().filter(|&&byte| byte == b'\n').count() + 1,
            column: column + 1,
        }
    }
}
