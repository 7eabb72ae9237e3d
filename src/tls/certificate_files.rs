//! A certificate and a key that the user brings.

use std::{fs, path::Path};

use rustls::{
    Error,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};

use super::{Certificate, config};

impl Certificate {
    /// The chain in the file `chain` with the key in the file `key`, both in PEM, or what is wrong with them.
    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, String> {
        let (chain, key) = (&File::read(chain)?, &File::read(key)?);
        config(chain.certificates()?, key.private_key()?)
            .map(Self::Brought)
            .map_err(|error| match error {
                Error::InconsistentKeys(_) => key.mistake(format_args!(
                    "does not fit, expected the key of the first certificate in {}",
                    chain.path.display()
                )),
                Error::InvalidCertificate(_) => {
                    chain.mistake("the first certificate cannot be read, expected X.509")
                }
                _ => key.mistake(
                    "the key cannot be used, expected RSA of 2048 bits or more, ECDSA P-256 or \
                     P-384, or Ed25519",
                ),
            })
    }
}

struct File<'p> {
    path: &'p Path,
    content: Vec<u8>,
}

impl<'p> File<'p> {
    fn read(path: &'p Path) -> Result<Self, String> {
        match fs::read(path) {
            Ok(content) => Ok(Self { path, content }),
            Err(error) => Err(format!("{}: cannot be read: {error}", path.display())),
        }
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.content).collect();
        let chain = chain.map_err(|error| self.damaged(&error))?;
        match chain.is_empty() {
            true => Err(self.mistake("found no certificate, expected PEM with BEGIN CERTIFICATE")),
            false => Ok(chain),
        }
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, String> {
        PrivateKeyDer::from_pem_slice(&self.content).map_err(|error| match error {
            pem::Error::NoItemsFound => self.mistake(
                "found no private key, expected PEM with BEGIN PRIVATE KEY, which is not encrypted",
            ),
            error => self.damaged(&error),
        })
    }

    fn damaged(&self, error: &pem::Error) -> String {
        self.mistake(format_args!("cannot be read, expected PEM: {error}"))
    }

    fn mistake(&self, message: impl std::fmt::Display) -> String {
        format!("{}: {message}", self.path.display())
    }
}
