//! The provenance of facts about the vendor's API.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The provenance of a fact about the vendor's API, from the surest to the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Provenance {
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
    pub const fn as_str(self) -> &'static str {
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
