//! The names that a certificate is for.

use std::{fmt, net::IpAddr, str::FromStr};

use rustls::pki_types::DnsName;

/// A name or an address that a made certificate is for: as it is compared, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(String);

impl Name {
    /// How this machine is reached from itself, and by its own name if that can be in a certificate.
    pub(super) fn of_this_machine() -> impl Iterator<Item = Self> {
        let host = gethostname::gethostname();
        let host = host.to_str().and_then(|name| name.parse().ok());
        let fixed = ["localhost", "127.0.0.1", "::1"].map(|name| Self(name.to_owned()));
        fixed.into_iter().chain(host)
    }
}

impl From<Name> for String {
    fn from(Name(name): Name) -> Self {
        name
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_string()));
        }
        let wildcard = text.strip_prefix("*.").filter(|rest| rest.contains('.'));
        match DnsName::try_from(wildcard.unwrap_or(text)) {
            Ok(name) if !name.as_ref().ends_with('.') => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(InvalidName(text.to_owned())),
        }
    }
}

/// A text that cannot be a name in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName(String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.0;
        write!(
            f,
            "no certificate can be made for {found:?}, expected a DNS name such as cuc.example.com, or an IP address"
        )
    }
}

impl std::error::Error for InvalidName {}
