//! The addresses that `--listen` names.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs},
    str::FromStr,
};

use tracing::warn;

/// A value of `--listen`. Port 0 is any free port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListenAddress {
    /// All addresses of this machine.
    All {
        port: u16,
    },
    Address(SocketAddr),
    /// All addresses of a name.
    Name {
        host: String,
        port: u16,
    },
}

impl ListenAddress {
    /// Returns the addresses to listen on, at least one. Of the addresses of a name, it skips those that this machine
    /// does not have, with a warning.
    pub(super) fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        match self {
            Self::All { port } => {
                let every = [
                    IpAddr::from(Ipv6Addr::UNSPECIFIED),
                    Ipv4Addr::UNSPECIFIED.into(),
                ];
                let [ipv6, ipv4] = every.map(|ip| SocketAddr::new(ip, *port));
                // A socket for all IPv6 addresses also accepts IPv4.
                Ok(vec![if is_available(ipv6) { ipv6 } else { ipv4 }])
            }
            Self::Address(address) => Ok(vec![*address]),
            Self::Name { host, port } => {
                let addresses = (host.as_str(), *port)
                    .to_socket_addrs()
                    .map_err(|error| format!("cannot resolve {host:?}: {error}"))?;
                match available(host, addresses) {
                    addresses if addresses.is_empty() => {
                        Err(format!("the name {host:?} has no address"))
                    }
                    addresses => Ok(addresses),
                }
            }
        }
    }

    /// Returns the name, unless this is an address.
    #[cfg(feature = "tls")]
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Name { host, .. } => Some(host),
            Self::All { .. } | Self::Address(_) => None,
        }
    }
}

/// Returns an address at which this machine reaches a server that listens on these.
pub(super) fn server_address(listen: &[ListenAddress]) -> Result<SocketAddr, String> {
    let first = listen.first().ok_or("--listen has no value")?;
    let addresses = first.resolve()?;
    let address = addresses.first().ok_or("--listen has no address")?;
    if address.port() == 0 {
        return Err("the port is 0, expected the port that the server listens on".to_owned());
    }
    Ok(client_address(*address))
}

/// Returns an address at which this machine reaches a socket of this address.
pub(super) fn client_address(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        // A socket for all IPv6 addresses also accepts IPv4, which every machine has.
        address = (Ipv4Addr::LOCALHOST, address.port()).into();
    }
    address
}

/// Returns the different addresses of a name that this machine has, or all if it has none of them.
fn available(host: &str, addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let mut all = Vec::new();
    for address in addresses {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    let is_here = |address: &SocketAddr| is_available(*address);
    let (available, absent): (Vec<_>, Vec<_>) = all.iter().copied().partition(is_here);
    if available.is_empty() {
        return all;
    }
    for address in absent {
        let ip = address.ip();
        warn!("not listening on {ip}, an address of {host}, because this machine does not have it");
    }
    available
}

/// Checks whether this machine has an address.
fn is_available(mut address: SocketAddr) -> bool {
    // The requested port may be in use, which is another error.
    address.set_port(0);
    TcpListener::bind(address).is_ok()
}

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let parts = text.rsplit_once(':');
        match parts.and_then(|(host, port)| Some((host, port_number(port)?))) {
            Some(("", port)) => Ok(Self::All { port }),
            Some((host, port)) if is_name(host) => {
                let host = host.to_owned();
                Ok(Self::Name { host, port })
            }
            _ => Err(
                "expected a host and a port, such as 127.0.0.1:8443, [::1]:8443, localhost:8443, \
                 or :8443 for all addresses"
                    .to_owned(),
            ),
        }
    }
}

fn port_number(text: &str) -> Option<u16> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Checks whether a text has the form of a host name.
fn is_name(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.len() <= 253 && text.bytes().all(is_of_name)
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All { port } => write!(f, ":{port}"),
            Self::Address(address) => address.fmt(f),
            Self::Name { host, port } => write!(f, "{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket_addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_host_is_an_address_a_name_or_empty() {
        for text in [
            "127.0.0.1:8443",
            "[::]:0",
            "localhost:8443",
            "a_b-c.example.com:1",
            ":65535",
        ] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "8443",
            "localhost",
            "localhost:",
            "localhost:65536",
            "localhost:+1",
            "::1:8443",
            "http://a:1",
            "a b:1",
        ] {
            assert!(wrong.parse::<ListenAddress>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_addresses_of_a_name_that_this_machine_lacks_are_skipped_unless_it_lacks_all() {
        // The first is reserved for documentation.
        let addresses = socket_addresses(&["203.0.113.1:8443", "127.0.0.1:8443", "127.0.0.1:8443"]);
        let found = available("name", addresses.into_iter());
        assert_eq!(found, socket_addresses(&["127.0.0.1:8443"]));
        let addresses = socket_addresses(&["203.0.113.1:8443", "203.0.113.2:8443"]);
        assert_eq!(available("name", addresses.clone().into_iter()), addresses);
    }

    #[test]
    fn all_addresses_are_reached_at_the_loopback_address() {
        for text in ["0.0.0.0:8443", "[::]:8443", ":8443", "127.0.0.1:8443"] {
            let listen = [text.parse().unwrap()];
            assert_eq!(
                server_address(&listen).unwrap().to_string(),
                "127.0.0.1:8443"
            );
        }
    }
}
