//! The certificate of a server: a generated one, or one from files.

#[cfg(feature = "cli")]
mod files;

use std::{collections::BTreeSet, sync::Arc};

use rustls::ServerConfig;
#[cfg(feature = "cli")]
use rustls::pki_types::CertificateDer;

use crate::tls::{
    authority::{self, ca_pem},
    key_type::KeyType,
    name::Name,
};

/// The certificate of a server.
#[derive(Clone, Debug)]
pub(crate) enum Certificate {
    /// Generated when it is first needed.
    Generated {
        key_type: KeyType,
        /// The names in addition to those of this machine.
        names: BTreeSet<Name>,
    },
    /// Supplied by the user, with its key.
    #[cfg(feature = "cli")]
    Supplied {
        config: Arc<ServerConfig>,
        /// The first certificate of the chain.
        leaf: CertificateDer<'static>,
    },
}

impl Default for Certificate {
    fn default() -> Self {
        Self::generated(KeyType::default(), BTreeSet::new())
    }
}

impl Certificate {
    /// Returns a certificate to generate for these names in addition to those of this machine.
    pub(crate) fn generated(key_type: KeyType, names: BTreeSet<Name>) -> Self {
        Self::Generated { key_type, names }
    }

    /// Adds names to a certificate that is generated.
    #[cfg(feature = "cli")]
    pub(crate) fn add_names(&mut self, names: impl Iterator<Item = Name>) {
        if let Self::Generated { names: own, .. } = self {
            own.extend(names);
        }
    }

    /// Returns the configuration of TLS connections. Generates the certificate if necessary.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        match self {
            Self::Generated { key_type, names } => authority::config(*key_type, names),
            #[cfg(feature = "cli")]
            Self::Supplied { config, .. } => Arc::clone(config),
        }
    }

    /// Returns the CA of a generated certificate, in PEM.
    pub(crate) fn ca_pem(&self) -> Option<&'static str> {
        match self {
            Self::Generated { key_type, .. } => Some(ca_pem(*key_type)),
            #[cfg(feature = "cli")]
            Self::Supplied { .. } => None,
        }
    }

    /// Returns true if the certificate is generated.
    pub(crate) fn is_generated(&self) -> bool {
        matches!(self, Self::Generated { .. })
    }

    /// Returns true if this is a name or an address of this machine, or if the certificate is valid for it.
    pub(crate) fn is_for(&self, host: &str) -> bool {
        let is_named = |name: &Name| name.matches(host);
        if Name::of_this_machine().any(|name| is_named(&name)) {
            return true;
        }
        match self {
            Self::Generated { names, .. } => names.iter().any(is_named),
            #[cfg(feature = "cli")]
            Self::Supplied { leaf, .. } => files::is_valid_for(leaf, host),
        }
    }
}
