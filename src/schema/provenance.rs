//! The provenance of facts about the vendor's API.

use std::fmt;

/// The provenance of a fact, from the surest to the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provenance {
    /// The vendor's guide states or shows it.
    Documented,
    /// Literal traffic of a real server shows it.
    Captured,
    /// A client that works with real servers relies on it.
    Client,
    /// The most plausible reading of the sources, until it is captured from a real server.
    Inferred,
}

impl Provenance {
    /// Returns the word in the docs and in the header `X-Cuc-Mock-Provenance`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Captured => "captured",
            Self::Client => "client",
            Self::Inferred => "inferred",
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
