//! `cuc-mock healthcheck`

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use super::{Listen, REFUSED, fail, sources::ConfigOption};

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    config: ConfigOption,
    #[command(flatten)]
    listen: Listen,
}

impl Healthcheck {
    pub(super) fn run(self) -> ExitCode {
        let address = reachable(self.listen.address);
        if address.port() == 0 {
            let expected = "port 0 stands for a free one, expected the one that the server took";
            return fail(REFUSED, expected);
        }
        match probe(address) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => fail(REFUSED, &format!("{address} answers, but it is not up")),
            Err(error) => {
                let reason = match error.kind() {
                    // What a time-out is called differs from system to system.
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => "it takes too long".to_owned(),
                    _ => error.to_string(),
                };
                fail(REFUSED, &format!("{address} does not answer: {reason}"))
            }
        }
    }
}

/// An address at which a server that listens on `address` is reached from the same machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// Whether the server at `address` says that it is up.
fn probe(address: SocketAddr) -> io::Result<bool> {
    const PATIENCE: Duration = Duration::from_secs(3);
    const LONGEST: u64 = 4096;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET /__mock/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    // Whoever listens there may never stop.
    stream.take(LONGEST).read_to_end(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.1 200 "))
}
