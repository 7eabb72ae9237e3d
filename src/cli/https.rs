//! The HTTPS options.

use std::path::PathBuf;

use clap::Args;

use super::atomic_file::{self, Access};
use crate::tls::{Certificate, Https, KeyType, Name};

#[derive(Debug, Args)]
pub(super) struct HttpsOptions {
    /// Redirect plain HTTP to HTTPS
    #[arg(long, env = "CUC_MOCK_HTTPS_ONLY")]
    https_only: bool,
    /// Certificate in PEM, instead of a generated one
    ///
    /// Its chain follows it in the file.
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// Additional name in the generated certificate
    ///
    /// A DNS name or an IP address. May be repeated.
    #[arg(long, value_name = "NAME", env = "CUC_MOCK_TLS_NAME")]
    tls_name: Vec<Name>,
    /// Keys of the generated certificate
    ///
    /// The default is ecdsa.
    #[arg(long, value_name = "TYPE", env = "CUC_MOCK_TLS_KEY_TYPE")]
    tls_key_type: Option<KeyType>,
    /// File to write the CA of the certificate to
    ///
    /// Clients must trust this CA of the generated certificate. The format is PEM.
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_CA_OUT")]
    ca_out: Option<PathBuf>,
}

impl HttpsOptions {
    /// Returns the HTTPS settings. Reads the certificate files.
    pub(super) fn https(&self) -> Result<Https, String> {
        let certificate = match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => Certificate::from_files(chain, key)?,
            _ => {
                let key_type = self.tls_key_type.unwrap_or_default();
                Certificate::generated(key_type, self.tls_name.iter().cloned().collect())
            }
        };
        Ok(Https {
            certificate,
            only: self.https_only,
        })
    }

    /// Generates the certificate now if that takes long, so that no client has to wait for it.
    pub(super) fn prepare(&self, https: &Https) {
        if self.tls_key_type == Some(KeyType::Rsa) {
            https.certificate.config();
        }
    }

    /// Writes the CA to the file of `--ca-out`, if there is one.
    pub(super) fn write_ca(&self, https: &Https) -> Result<(), String> {
        let (Some(path), Some(pem)) = (&self.ca_out, https.certificate.ca_pem()) else {
            return Ok(());
        };
        atomic_file::write(path, pem.as_bytes(), Access::Everyone)
            .map_err(|error| format!("{}: cannot be written: {error}", path.display()))
    }
}
