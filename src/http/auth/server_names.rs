//! The names of the server.

use crate::http::host::Host;
#[cfg(feature = "tls")]
use crate::tls::Certificate;

/// The domains that container engines resolve in their own networks. `internal` is reserved for private networks, so
/// these domains cannot be registered.
const CONTAINER_DOMAINS: [&str; 2] = [".docker.internal", ".containers.internal"];

/// The names and addresses that only this server has. No web page can give its own host such a name.
#[derive(Debug, Default)]
pub(crate) struct ServerNames {
    #[cfg(feature = "tls")]
    certificate: Certificate,
}

impl ServerNames {
    /// Returns the names in this certificate, and those of this machine.
    #[cfg(feature = "tls")]
    pub(crate) fn new(certificate: Certificate) -> Self {
        Self { certificate }
    }

    /// Returns true if this is an address or a name of the server itself: loopback, the name of this machine, or
    /// a name in the certificate.
    pub(super) fn contains(&self, host: &Host) -> bool {
        match host {
            Host::Address(address) => {
                address.to_canonical().is_loopback() || self.is_certified(&address.to_string())
            }
            Host::Name(name) => {
                // A dot at the end means that the name is complete.
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || self.is_certified(name)
            }
        }
    }

    /// Describes the names other than those of loopback.
    #[cfg(feature = "tls")]
    pub(super) fn description(&self) -> &'static [&'static str] {
        if self.certificate.is_generated() {
            &["the name of this machine", "a name of --tls-name"]
        } else {
            &["the name of this machine", "a name in the certificate"]
        }
    }

    #[cfg(feature = "tls")]
    fn is_certified(&self, host: &str) -> bool {
        self.certificate.is_for(host)
    }
}

#[cfg(not(feature = "tls"))]
impl ServerNames {
    pub(super) fn description(&self) -> &'static [&'static str] {
        &[]
    }

    fn is_certified(&self, _: &str) -> bool {
        false
    }
}

/// Returns true if a container can be addressed in this way, and no web page: an address, a name without a dot, or a
/// name that a container engine resolves.
pub(super) fn is_container(host: &Host) -> bool {
    match host {
        Host::Address(_) => true,
        Host::Name(name) => {
            !name.contains('.')
                || CONTAINER_DOMAINS
                    .iter()
                    .any(|domain| name.ends_with(domain))
        }
    }
}
