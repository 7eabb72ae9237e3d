//! The host that a URL names.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use axum::http::uri::Authority;

/// The host that a URL names: an address, or a name in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Address(IpAddr),
    Name(String),
}

impl Host {
    /// Returns the host of the authority of a URL. Only the characters of host names are accepted.
    pub(super) fn of(authority: &Authority) -> Option<Self> {
        let host = authority.host();
        if let Some(inner) = host.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        if let Ok(address) = host.parse() {
            return Some(Self::Address(address));
        }
        let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (!host.is_empty() && host.bytes().all(is_name_byte))
            .then(|| Self::Name(host.to_ascii_lowercase()))
    }
}

/// Parses the authority of a URL, such as the value of a `Host` header.
pub(super) fn parse_authority(host: &[u8]) -> Option<Authority> {
    Authority::try_from(host)
        .ok()
        .filter(|host| host.host() == host.as_str() || host.port_u16().is_some())
        .filter(|host| !host.as_str().contains('@'))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}
