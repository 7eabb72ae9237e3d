//! The reason for a rejection, as the journal stores it.

use std::borrow::Cow;

use crate::{engine::InvalidField, schema::Provenance};

/// The reason for a rejection.
#[derive(Debug)]
pub(crate) struct Reason {
    pub(crate) kind: &'static str,
    /// The message of the response.
    pub(crate) message: String,
    /// The same without any text of the request, except the names of known fields.
    pub(crate) without_quotations: Cow<'static, str>,
    /// True if the message quotes nothing but the path and the method.
    pub(crate) quotes_path: bool,
    /// The evidence for the rejection itself.
    pub(crate) provenance: Provenance,
    /// The field whose value breaks a rule.
    pub(crate) field: Option<Box<InvalidField>>,
}

impl Reason {
    /// Returns the memory that the reason takes.
    pub(super) fn bytes(&self) -> usize {
        let field = self.field.as_ref().map_or(0, |field| {
            size_of::<InvalidField>() + field.value.len() + field.expected.len()
        });
        size_of::<Self>() + self.message.len() + self.without_quotations.len() + field
    }
}
