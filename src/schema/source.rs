//! The sources of a catalogue: descriptions, some of which are read at their first use.

use std::sync::OnceLock;

use super::Description;

/// The description of a resource.
#[derive(Debug)]
pub(crate) enum Source {
    Complete(Box<Description>),
    /// A description that is free of mistakes.
    Deferred {
        /// The description without its fields.
        outline: Box<Description>,
        text: &'static str,
        complete: OnceLock<Box<Description>>,
        read: fn(&'static str) -> Description,
    },
}

impl Source {
    /// Returns a description of which everything but the outline is read at its first use.
    pub(crate) fn deferred(
        outline: Description,
        text: &'static str,
        read: fn(&'static str) -> Description,
    ) -> Self {
        Self::Deferred {
            outline: Box::new(outline),
            text,
            complete: OnceLock::new(),
            read,
        }
    }

    /// Returns the description. It may lack the fields.
    pub(crate) fn outline(&self) -> &Description {
        match self {
            Self::Complete(description) => description,
            Self::Deferred { outline, .. } => outline,
        }
    }

    /// Returns the description with its fields.
    pub(crate) fn complete(&self) -> &Description {
        match self {
            Self::Complete(description) => description,
            Self::Deferred {
                text,
                complete,
                read,
                ..
            } => complete.get_or_init(|| Box::new(read(text))),
        }
    }

    /// Returns the text of a description that may not have been read yet.
    pub(super) fn unread(&self) -> Option<&'static str> {
        match self {
            Self::Complete(_) => None,
            Self::Deferred { text, .. } => Some(text),
        }
    }
}
