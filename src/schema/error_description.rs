//! The contents of error responses that a user describes.

use super::{ErrorRule, Fact, Verb};

/// The content of the response to requests that break a rule. The server supplies the parts that it lacks.
#[derive(Clone, Debug)]
pub(crate) struct ErrorDescription {
    pub(crate) rule: ErrorRule,
    /// The verb of the requests; `None` for all.
    pub(crate) verb: Option<Verb>,
    /// The path of the resource of the requests; `None` for all.
    pub(crate) resource: Option<Box<str>>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<Box<str>>,
    /// The message, with placeholders.
    pub(crate) message: Option<Box<str>>,
    /// The evidence for the content, and the releases that have it.
    pub(crate) fact: Fact,
}

impl ErrorDescription {
    /// True if it is about the same requests as another description, in all releases that have both.
    pub(crate) fn is_about_same(&self, other: &Self) -> bool {
        self.rule == other.rule && self.verb == other.verb && self.resource == other.resource
    }

    /// True if it is about a request with this verb to this resource.
    pub(super) fn includes(&self, verb: Option<Verb>, resource: Option<&str>) -> bool {
        let includes_verb = self.verb.is_none() || self.verb == verb;
        includes_verb && (self.resource.is_none() || self.resource.as_deref() == resource)
    }

    /// Returns a larger number, the fewer requests it is about.
    pub(super) fn precision(&self) -> u8 {
        2 * u8::from(self.resource.is_some()) + u8::from(self.verb.is_some())
    }
}
