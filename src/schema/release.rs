//! The Unity Connection releases that can be emulated.

use std::{fmt, str::FromStr};

/// The Unity Connection release that a server emulates.
///
/// Parsed from and displayed as the number that administrators use: `10.5`, `11.5`, `12.5`, `14`, `15`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Release {
    /// 10.5(2).
    #[default]
    V10_5,
    /// 11.5(1), before SU9.
    V11_5,
    /// 12.5(1), SU2 to SU6.
    V12_5,
    /// 14.
    V14,
    /// 15.
    V15,
}

impl Release {
    /// All releases, oldest first.
    pub const ALL: &[Self] = &[Self::V10_5, Self::V11_5, Self::V12_5, Self::V14, Self::V15];

    /// Returns the number that administrators use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V10_5 => "10.5",
            Self::V11_5 => "11.5",
            Self::V12_5 => "12.5",
            Self::V14 => "14",
            Self::V15 => "15",
        }
    }

    /// Returns the version that a server of this release reports, in dotted numbers.
    pub(crate) const fn version(self) -> &'static str {
        match self {
            Self::V10_5 => "10.5.2.10000",
            Self::V11_5 => "11.5.1.10000",
            Self::V12_5 => "12.5.1.12900",
            Self::V14 => "14.0.1.10000",
            Self::V15 => "15.0.1.10000",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A release that this server does not emulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRelease(String);

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = Release::ALL
            .iter()
            .map(|release| release.as_str())
            .collect();
        let (found, known) = (&self.0, known.join(", "));
        write!(f, "unknown release {found:?}, expected one of {known}")
    }
}

impl std::error::Error for UnknownRelease {}

impl FromStr for Release {
    type Err = UnknownRelease;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|release| release.as_str() == text)
            .ok_or_else(|| UnknownRelease(text.to_owned()))
    }
}
