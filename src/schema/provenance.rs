//! How a fact about the vendor's API is known.

use std::fmt;

/// How a fact is known, from the surest to the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provenance {
    /// The vendor's guide says or shows it.
    Documented,
    /// Code that works against real servers relies on it.
    Client,
    /// Nobody says so: the best reading, until somebody captures it.
    Inferred,
}

impl Provenance {
    /// The word that docs and the `X-Cuc-Mock-Provenance` header use.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
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
