//! `cuc-mock healthcheck`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use clap::Args;

use super::{failure::Failure, layers::ConfigOption, options::ListenOption, remote::Remote};

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    config: ConfigOption,
    #[command(flatten)]
    listen: ListenOption,
}

impl Healthcheck {
    pub(super) fn run(self) -> Result<(), Failure> {
        let address = reachable(self.listen.address);
        if address.port() == 0 {
            return Err(Failure::runtime(
                "the port is 0, expected the port that the server listens on",
            ));
        }
        Remote::health_check(address)
    }
}

/// Returns an address that reaches a server on this machine that listens on `address`.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
