//! The configuration of rustls.

use std::sync::Arc;

use rustls::{
    Error, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::provider::provider;

/// Returns a configuration for TLS 1.2 and 1.3 that negotiates only HTTP/1.1.
pub(super) fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, Error> {
    // The provider is explicit, so that a program that uses this library can choose its own process-wide default.
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
