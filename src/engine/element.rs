//! What a body says, before anybody knows which resource it speaks of.

use std::borrow::Cow;

/// One named value of an object, as a format decoded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: Cow<'a, str>,
    /// `None` when something else than text stands there, such as more elements.
    pub(crate) value: Option<Cow<'a, str>>,
    /// The byte at which it begins.
    pub(crate) at: usize,
}

/// Why a document could not be decoded, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// What was found, and what was expected.
    pub(crate) message: String,
    /// The byte at which it stands.
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

/// A place in a document, as editors show it: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// The place of the byte `at` in `document`, which need not be valid UTF-8 from there on.
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
