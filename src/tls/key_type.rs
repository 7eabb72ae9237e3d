//! The types of generated keys.

use rcgen::{Error, KeyPair};

/// The type of the keys of a generated certificate and its CA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub(crate) enum KeyType {
    /// ECDSA with the curve P-256, as all current clients support
    #[default]
    Ecdsa,
    /// RSA with 2048 bits, for clients that support nothing else
    #[cfg(feature = "cli")]
    Rsa,
}

impl KeyType {
    /// Generates a key.
    pub(super) fn generate(self) -> Result<KeyPair, Error> {
        match self {
            Self::Ecdsa => KeyPair::generate(),
            #[cfg(feature = "cli")]
            Self::Rsa => super::rsa_key::generate(),
        }
    }
}
