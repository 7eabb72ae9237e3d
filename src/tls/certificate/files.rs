//! Reading a certificate and its key from PEM files.

use std::{fmt::Display, path::Path};

use rustls::{
    Error,
    client::verify_server_name,
    pki_types::{
        CertificateDer, PrivateKeyDer, ServerName,
        pem::{self, PemObject},
    },
    server::ParsedCertificate,
};

use super::Certificate;
use crate::{engine::file, tls::server_config::server_config};

impl Certificate {
    /// Reads the certificate chain and the key of its first certificate, both in PEM.
    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, String> {
        let (chain, key) = (&PemFile::read(chain)?, &PemFile::read(key)?);
        let certificates = chain.certificates()?;
        let leaf = certificates[0].clone();
        server_config(certificates, key.private_key()?)
            .map(|config| Self::Supplied { config, leaf })
            .map_err(|error| match error {
                Error::InconsistentKeys(_) => key.error(format_args!(
                    "this key does not match, expected the key of the first certificate in {}",
                    chain.path.display()
                )),
                Error::InvalidCertificate(_) => {
                    chain.error("the first certificate is invalid, expected X.509")
                }
                _ => key.error(
                    "cannot use this key, expected RSA of 2048 bits or more, ECDSA P-256 or P-384, or \
                     Ed25519",
                ),
            })
    }
}

/// Returns true if a certificate is valid for a name or an address.
pub(super) fn is_valid_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    ServerName::try_from(host).is_ok_and(|name| {
        let certificate = ParsedCertificate::try_from(certificate);
        certificate.is_ok_and(|certificate| verify_server_name(&certificate, &name).is_ok())
    })
}

/// A file in PEM format.
struct PemFile<'p> {
    path: &'p Path,
    content: Vec<u8>,
}

impl<'p> PemFile<'p> {
    fn read(path: &'p Path) -> Result<Self, String> {
        let content = file::read_small(path)
            .map_err(|error| format!("{}: cannot be read: {error}", path.display()))?;
        Ok(Self { path, content })
    }

    /// Returns at least one certificate.
    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let chain = CertificateDer::pem_slice_iter(&self.content)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.invalid_pem(&error))?;
        if chain.is_empty() {
            return Err(self.error("found no certificate, expected PEM with BEGIN CERTIFICATE"));
        }
        Ok(chain)
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, String> {
        PrivateKeyDer::from_pem_slice(&self.content).map_err(|error| match error {
            pem::Error::NoItemsFound => self.error(
                "found no private key, expected PEM with BEGIN PRIVATE KEY that is not encrypted",
            ),
            error => self.invalid_pem(&error),
        })
    }

    fn invalid_pem(&self, error: &pem::Error) -> String {
        self.error(format_args!("invalid PEM: {error}"))
    }

    fn error(&self, message: impl Display) -> String {
        format!("{}: {message}", self.path.display())
    }
}
