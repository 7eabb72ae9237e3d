//! A decoded body, before it is matched with a resource.

use std::{borrow::Cow, ops::Range};

/// The maximum number of errors of one document that are reported one by one.
pub(crate) const MAX_REPORTED_ERRORS: usize = 100;

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
