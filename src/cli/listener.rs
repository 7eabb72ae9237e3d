//! The listening sockets.

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use super::listen_address::client_address;
use crate::os::descriptors;

/// The maximum number of connections that wait to be accepted. It is high, so that many clients can connect at once.
const BACKLOG: i32 = 4096;
/// The number of ports to try for the addresses of one option that asks for a free one.
const MAX_PORT_TRIES: usize = 100;

/// Listens on the addresses of all options. Those of one option share a port. Must be called in a runtime.
pub(super) fn listen(options: &[Vec<SocketAddr>]) -> Result<Vec<TcpListener>, String> {
    let mut listeners = Vec::new();
    for addresses in without_covered(options) {
        let added =
            listen_on_one_port(&addresses).map_err(|(address, error)| describe(address, &error))?;
        listeners.extend(added);
    }
    Ok(listeners)
}

/// Returns the addresses of the options without those that another one includes: the system rejects these.
fn without_covered(options: &[Vec<SocketAddr>]) -> Vec<Vec<SocketAddr>> {
    let all: Vec<_> = options.iter().flatten().copied().collect();
    let mut number = 0;
    let mut is_needed = |address: &SocketAddr| {
        let before = &all[..number];
        number += 1;
        let is_covered =
            before.contains(address) || all.iter().any(|other| includes(*other, *address));
        // Each port 0 is another port.
        !is_covered || address.port() == 0
    };
    options
        .iter()
        .map(|addresses| addresses.iter().copied().filter(&mut is_needed).collect())
        .collect()
}

/// Checks whether a socket of the first address accepts all connections to the second, and more.
fn includes(all: SocketAddr, address: SocketAddr) -> bool {
    let is_of_family = all.is_ipv6() || address.is_ipv4();
    all != address && all.ip().is_unspecified() && is_of_family && all.port() == address.port()
}

/// Listens on these addresses, which have the same port. If it is 0, finds a port that is free on each of them.
fn listen_on_one_port(
    addresses: &[SocketAddr],
) -> Result<Vec<TcpListener>, (SocketAddr, io::Error)> {
    let mut tries = 0;
    loop {
        tries += 1;
        match try_listen_on_one_port(addresses) {
            Err((address, error))
                if address.port() == 0
                    && error.kind() == ErrorKind::AddrInUse
                    && tries < MAX_PORT_TRIES => {}
            result => return result,
        }
    }
}

fn try_listen_on_one_port(
    addresses: &[SocketAddr],
) -> Result<Vec<TcpListener>, (SocketAddr, io::Error)> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    for requested in addresses {
        let mut address = *requested;
        let listener = match listeners.first().map(TcpListener::local_addr).transpose() {
            Ok(first) => {
                address.set_port(first.map_or(requested.port(), |first| first.port()));
                try_listen(address)
            }
            Err(error) => Err(error),
        };
        listeners.push(listener.map_err(|error| (*requested, error))?);
    }
    Ok(listeners)
}

fn try_listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    descriptors::allow_restart(&socket)?;
    if address.is_ipv6() && address.ip().is_unspecified() {
        // Some systems cannot accept IPv4 on this socket.
        let _ = socket.set_only_v6(false);
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Explains why the server cannot listen on an address, and the alternatives.
fn describe(address: SocketAddr, error: &io::Error) -> String {
    let (ip, port) = (address.ip(), address.port());
    let reason = match error.kind() {
        ErrorKind::PermissionDenied => {
            format!(
                "port {port} is privileged, on Linux it requires the capability NET_BIND_SERVICE"
            )
        }
        ErrorKind::AddrInUse => {
            let mut free = address;
            free.set_port(0);
            format!(
                "{error}: stop the program that uses port {port}, or use a free port with --listen {free}"
            )
        }
        ErrorKind::AddrNotAvailable => {
            format!(
                "this machine does not have the address {ip}: use --listen :{port} for all that it has"
            )
        }
        _ => error.to_string(),
    };
    format!("cannot listen on {address}: {reason}")
}

/// Returns the IP address that decides the access from other machines: one that is not loopback, if there is one.
pub(super) fn most_exposed(options: &[Vec<SocketAddr>]) -> IpAddr {
    let all = options.iter().flatten().map(SocketAddr::ip);
    let exposed = all.clone().find(|ip| !ip.to_canonical().is_loopback());
    exposed
        .or_else(|| all.clone().next())
        .unwrap_or(Ipv4Addr::LOCALHOST.into())
}

/// Returns the lines that announce a server: one for each listener, and the first is also about the server.
pub(super) fn announcement(listeners: &[TcpListener], identity: &str) -> io::Result<String> {
    let mut lines = Vec::new();
    for listener in listeners {
        let urls = urls(listener.local_addr()?);
        lines.push(match lines.len() {
            0 => format!("listening on {urls} as {identity}"),
            _ => format!("also listening on {urls}"),
        });
    }
    Ok(lines.join("\n"))
}

/// Returns the base URLs of a server that listens on `address`, separated by a space. They work on this machine.
fn urls(address: SocketAddr) -> String {
    let address = client_address(address);
    if cfg!(feature = "tls") {
        format!("http://{address} https://{address}")
    } else {
        format!("http://{address}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_another_one_includes_is_left_out() {
        for (options, expected) in [
            (
                &[&["[::1]:1", "127.0.0.1:1"][..], &["127.0.0.1:1"]][..],
                "[::1]:1 127.0.0.1:1",
            ),
            (&[&["127.0.0.1:1"], &["0.0.0.0:1"]], "0.0.0.0:1"),
            (&[&["[::]:1"], &["0.0.0.0:1"], &["[::1]:1"]], "[::]:1"),
            (
                &[&["0.0.0.0:1"], &["[::1]:1"], &["127.0.0.1:2"]],
                "0.0.0.0:1 [::1]:1 127.0.0.1:2",
            ),
            (
                &[&["127.0.0.1:0"], &["127.0.0.1:0"], &["0.0.0.0:0"]],
                "127.0.0.1:0 127.0.0.1:0 0.0.0.0:0",
            ),
        ] {
            let parse = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
            let options: Vec<Vec<SocketAddr>> = options.iter().map(parse).collect();
            let left: Vec<_> = without_covered(&options)
                .iter()
                .flatten()
                .map(ToString::to_string)
                .collect();
            assert_eq!(left.join(" "), expected);
        }
    }
}
