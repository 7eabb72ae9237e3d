//! The evidence for facts.

use std::{fmt, sync::Arc};

use super::Provenance;

/// The evidence for a fact: its provenance, and the source in a few words. A clone shares the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence(Arc<(Provenance, Box<str>)>);

impl Evidence {
    pub(crate) fn new(provenance: Provenance, source: &str) -> Self {
        Self(Arc::new((provenance, source.into())))
    }

    pub(crate) fn provenance(&self) -> Provenance {
        self.0.0
    }

    /// Returns the source. For a fact without one, it gives the reasoning.
    pub(crate) fn source(&self) -> &str {
        &self.0.1
    }
}

/// Displayed as `provenance: source`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.provenance(), self.source())
    }
}
