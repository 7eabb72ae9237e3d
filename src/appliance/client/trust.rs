//! The certificates that a client of a real server trusts.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::crypto::ring;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The certificates that are trusted.
#[derive(Clone, Debug, Default)]
pub(crate) enum Trust {
    /// Those that the system trusts.
    #[default]
    System,
    /// Those in a file.
    Certificates(Vec<Certificate<'static>>),
    /// All: the server is not verified.
    Any,
}

/// The reason why a file has no certificate to trust.
#[derive(Debug)]
pub(crate) struct UnusableCertificate {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for UnusableCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl Trust {
    /// Reads the certificates in a PEM file.
    pub(crate) fn read(path: &Path) -> Result<Self, UnusableCertificate> {
        let unusable = |error| UnusableCertificate {
            path: path.to_owned(),
            error,
        };
        let pem = fs::read(path).map_err(unusable)?;
        let certificates = certificates(&pem);
        if certificates.is_empty() {
            let problem = "found no certificate, expected one in PEM";
            return Err(unusable(io::Error::other(problem)));
        }
        Ok(Self::Certificates(certificates))
    }

    /// Trusts the certificates in a text in PEM.
    pub(crate) fn of_pem(pem: &str) -> Self {
        Self::Certificates(certificates(pem.as_bytes()))
    }

    pub(super) fn config(&self) -> TlsConfig {
        let config = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()));
        let config = match self {
            Self::System => config.root_certs(RootCerts::new_with_certs(&system_certificates())),
            Self::Certificates(certificates) => {
                config.root_certs(RootCerts::new_with_certs(certificates))
            }
            Self::Any => config.disable_verification(true),
        };
        config.build()
    }
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificates = parse_pem(pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    certificates.collect()
}

/// Returns the certificates that the system trusts. Those that cannot be read are missing, so that a server which needs them
/// is not trusted.
fn system_certificates() -> Vec<Certificate<'static>> {
    let certificates = rustls_native_certs::load_native_certs().certs.into_iter();
    certificates
        .map(|certificate| Certificate::from_der(&certificate).to_owned())
        .collect()
}
