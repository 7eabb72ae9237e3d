//! The names in a certificate.

use std::{fmt, net::IpAddr, str::FromStr};

use rustls::pki_types::DnsName;

/// A DNS name or IP address in a generated certificate, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(String);

impl Name {
    /// Returns the loopback names and addresses, and the host name if a certificate can contain it.
    pub(super) fn of_this_machine() -> impl Iterator<Item = Self> {
        let host_name = gethostname::gethostname()
            .to_str()
            .and_then(|name| name.parse().ok());
        ["localhost", "127.0.0.1", "::1"]
            .map(|name| Self(name.to_owned()))
            .into_iter()
            .chain(host_name)
    }

    /// Returns true if a certificate with this name is valid for `host`, in lower case.
    pub(super) fn matches(&self, host: &str) -> bool {
        match self.0.strip_prefix("*.") {
            Some(domain) => host
                .split_once('.')
                .is_some_and(|(label, rest)| !label.is_empty() && rest == domain),
            None => self.0 == host,
        }
    }
}

impl From<Name> for String {
    fn from(Name(name): Name) -> Self {
        name
    }
}

impl FromStr for Name {
    type Err = InvalidTlsName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_string()));
        }
        let wildcard = text.strip_prefix("*.").filter(|rest| rest.contains('.'));
        match DnsName::try_from(wildcard.unwrap_or(text)) {
            Ok(name) if !name.as_ref().ends_with('.') => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(InvalidTlsName(text.to_owned())),
        }
    }
}

/// The error of a text that is neither a DNS name nor an IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTlsName(String);

impl fmt::Display for InvalidTlsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.0;
        write!(
            f,
            "cannot create a certificate for {found:?}, expected a DNS name such as cuc.example.com, or an IP address"
        )
    }
}

impl std::error::Error for InvalidTlsName {}
