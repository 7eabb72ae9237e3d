//! The errors of starting a server.

use std::{error::Error, ffi::OsString, fmt, io};

#[cfg(feature = "tls")]
use crate::tls::InvalidTlsName;
use crate::{engine::load::Diagnostics, space::SeedError};

/// The environment variable with the seed of a server that sets none, to run a test again with the same values.
pub(super) const SEED_VARIABLE: &str = "CUC_MOCK_SEED";

/// The reason why a server could not start, or could not reload its fixtures.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The fixtures have errors. There is at least one.
    Fixtures(Diagnostics),
    /// The rules of the API reject a service or a tenant. Contains the message of the rule.
    Object(String),
    /// `CUC_MOCK_SEED` is not a whole number. Contains its value.
    Seed(OsString),
    /// The users of the store cannot sign in if each user name is a space.
    SignIn,
    /// The server cannot listen on the socket, or there is no free port.
    Listen(io::Error),
    /// The certificate cannot contain a name.
    #[cfg(feature = "tls")]
    TlsName(InvalidTlsName),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixtures(diagnostics) => write!(f, "the fixtures have errors\n{diagnostics}"),
            Self::Object(reason) => write!(f, "cannot add an object: {reason}"),
            Self::Seed(found) => write!(
                f,
                "{SEED_VARIABLE} is {found:?}, expected a whole number from 0"
            ),
            Self::SignIn => f.write_str(
                "sign_in_from_store and auto_spaces exclude each other: the store of a space that does not exist yet has no users",
            ),
            Self::Listen(error) => write!(f, "cannot listen: {error}"),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => error.fmt(f),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Fixtures(_) | Self::Object(_) | Self::Seed(_) | Self::SignIn => None,
            Self::Listen(error) => Some(error),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => Some(error),
        }
    }
}

impl From<SeedError> for StartError {
    fn from(error: SeedError) -> Self {
        match error {
            SeedError::Fixtures(diagnostics) => Self::Fixtures(diagnostics),
            SeedError::Object(error) => Self::Object(error.message),
        }
    }
}
