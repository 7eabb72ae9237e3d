//! A decoded body, before it is matched with a resource.

use std::{borrow::Cow, ops::Range};

use crate::schema::ErrorRule;

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

impl Element<'_> {
    /// Returns the same element, independent of its document.
    pub(super) fn into_owned(self) -> Element<'static> {
        Element {
            name: Cow::Owned(self.name.into_owned()),
            value: self.value.map(|value| Cow::Owned(value.into_owned())),
            at: self.at,
        }
    }
}

/// A node of a document: an element, a member or item, an attribute, or a text. All text of a document except its markup
/// and its names belongs to the texts among its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node<'a> {
    /// Empty for an item of a list, and for the text of an element.
    pub(crate) name: Cow<'a, str>,
    /// The index of the node around it, which comes before it.
    pub(crate) parent: Option<usize>,
    /// The bytes of the value, as it was sent.
    pub(crate) span: Range<usize>,
    /// The decoded value; `None` if the value consists of other nodes.
    pub(crate) text: Option<Cow<'a, str>>,
}

/// The reason why a document cannot be decoded, and the place of the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Describes the error for a log: without any text of the document, which may be a secret.
    pub(crate) reason: Cow<'static, str>,
    /// Describes the error to the sender of the document, and quotes it.
    quotation: Option<Box<str>>,
    /// The byte at which the error begins.
    pub(crate) at: usize,
    /// The rule that the body of a request or the value of a field breaks with it.
    pub(crate) rule: ErrorRule,
    /// The name of the field that breaks the rule.
    pub(crate) field: Option<Box<str>>,
}

impl DecodeError {
    /// Creates an error. `reason` contains no text of the document except the names of known fields.
    pub(crate) fn new(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason: reason.into(),
            quotation: None,
            at,
            rule: ErrorRule::Body,
            field: None,
        }
    }

    /// Marks an error in the root element.
    pub(crate) fn of_root(mut self) -> Self {
        self.rule = ErrorRule::Root;
        self
    }

    /// Names the field that breaks a rule.
    pub(crate) fn of_field(mut self, field: &str, rule: ErrorRule) -> Self {
        self.field = Some(field.into());
        self.rule = rule;
        self
    }

    /// Sets the message to the sender, which may quote the document.
    pub(crate) fn quoting(mut self, message: String) -> Self {
        self.quotation = Some(message.into());
        self
    }

    /// Removes the quotation.
    pub(crate) fn without_quotation(mut self) -> Self {
        self.quotation = None;
        self
    }

    /// Returns the message to the sender of the document.
    pub(crate) fn message(&self) -> &str {
        self.quotation.as_deref().unwrap_or(&self.reason)
    }
}
