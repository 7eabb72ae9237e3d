//! The options of HTTPS.

use std::path::PathBuf;

use clap::Args;

use super::file::write_whole;
use crate::tls::{Certificate, Https, Name};

#[derive(Debug, Args)]
pub(super) struct HttpsOptions {
    /// Answer plain HTTP with a redirect to HTTPS, as the appliance does
    #[arg(long, env = "CUC_MOCK_HTTPS_ONLY")]
    https_only: bool,
    /// The certificate to show, in PEM, with the chain to its CA; without one it is made
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// The key of that certificate, in PEM
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// A name or an address that the made certificate is for too; may be repeated
    /// [env: CUC_MOCK_TLS_NAME, separated by commas]
    #[arg(long, value_name = "NAME")]
    tls_name: Vec<Name>,
    /// Where to write the CA of the made certificate, in PEM, for clients to trust
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_CA_OUT")]
    ca_out: Option<PathBuf>,
}

impl HttpsOptions {
    /// How HTTPS is offered.
    pub(super) fn https(&self) -> Result<Https, String> {
        let certificate = match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => Certificate::from_files(chain, key)?,
            _ => Certificate::Generated(self.tls_name.iter().cloned().collect()),
        };
        Ok(Https {
            certificate,
            only: self.https_only,
        })
    }

    /// Writes the CA where it was asked for.
    pub(super) fn hand_out_ca(&self, https: &Https) -> Result<(), String> {
        let (Some(path), Some(pem)) = (&self.ca_out, https.certificate.ca_pem()) else {
            return Ok(());
        };
        write_whole(path, pem.as_bytes())
            .map_err(|error| format!("{}: cannot be written: {error}", path.display()))
    }
}
