//! HTTPS: the certificate of the server and its CA. This layer knows nothing of requests.

mod authority;
mod certificate;
mod handshake_error;
mod key_type;
mod name;
mod provider;
#[cfg(feature = "cli")]
mod rsa_key;
mod server_config;

pub(crate) use authority::ca_pem;
pub(crate) use certificate::Certificate;
pub(crate) use handshake_error::explain;
pub(crate) use key_type::KeyType;
pub use name::InvalidTlsName;
#[cfg(feature = "cli")]
pub(crate) use name::Name;

/// The HTTPS settings of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Https {
    pub(crate) certificate: Certificate,
    /// True if plain HTTP requests get a redirect.
    pub(crate) only: bool,
}
