//! HTTPS: which certificate is shown, and who signed it. Knows nothing of requests.

mod authority;
#[cfg(feature = "cli")]
mod certificate_files;
mod name;

use std::{collections::BTreeSet, sync::Arc};

use rustls::{
    Error, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

pub(crate) use authority::ca_pem;
pub use name::InvalidName;
pub(crate) use name::Name;

/// How HTTPS is offered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Https {
    pub(crate) certificate: Certificate,
    /// Whether plain HTTP is answered with a redirect.
    pub(crate) only: bool,
}

/// The certificate that is shown to clients.
#[derive(Clone, Debug)]
pub(crate) enum Certificate {
    /// Made when it is first needed, for these names beside those of this machine.
    Made(BTreeSet<Name>),
    /// Brought by the user, with its key.
    #[cfg(feature = "cli")]
    Brought(Arc<ServerConfig>),
}

impl Default for Certificate {
    fn default() -> Self {
        Self::Made(BTreeSet::new())
    }
}

impl Certificate {
    /// What TLS connections are served with.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        match self {
            Self::Made(names) => authority::config(names),
            #[cfg(feature = "cli")]
            Self::Brought(config) => Arc::clone(config),
        }
    }

    /// The CA that a client has to trust, in PEM, when the certificate was made here.
    pub(crate) fn ca_pem(&self) -> Option<&'static str> {
        match self {
            Self::Made(_) => Some(ca_pem()),
            #[cfg(feature = "cli")]
            Self::Brought(_) => None,
        }
    }
}

/// TLS 1.2 and 1.3, and only HTTP/1.1 on top.
fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, Error> {
    // Named here, so that a program which uses this library keeps the choice of its own default.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
