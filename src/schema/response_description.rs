//! Responses that a user describes, for requests that no resource serves.

use bytes::Bytes;

use super::{Fact, path};

/// The response to the requests with a method and a path.
#[derive(Clone, Debug)]
pub(crate) struct ResponseDescription {
    pub(crate) method: &'static str,
    /// The path below `/vmrest`. A segment in braces is a parameter.
    pub(crate) path: Box<str>,
    pub(crate) status: u16,
    /// The names and the values of the headers. A value may contain parameters of the path.
    pub(crate) headers: Vec<(Box<str>, Box<str>)>,
    pub(crate) body: BodyDescription,
    /// The evidence for the response, and the releases that have it.
    pub(crate) fact: Fact,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub(crate) enum BodyDescription {
    /// A text, which may contain parameters of the path.
    Text(Box<str>),
    /// Bytes that are no text.
    Bytes(Bytes),
}

impl ResponseDescription {
    /// True if it is to the same requests as another one, in all releases that have both.
    pub(crate) fn is_to_same(&self, other: &Self) -> bool {
        self.method == other.method && path::is_same(&self.path, &other.path)
    }

    /// Returns the names of the parameters, in the order of the path.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        path::parameters(&self.path)
    }

    /// Returns the value of a header whose name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

impl BodyDescription {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}
