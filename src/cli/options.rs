//! Options and values that several commands share.

use std::{
    net::SocketAddr,
    num::{IntErrorKind, ParseIntError},
    str::FromStr,
};

use clap::Args;

use crate::schema::Release;

#[derive(Debug, Args)]
pub(super) struct ListenOption {
    /// Address to listen on; port 0 picks a free port
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDR",
        env = "CUC_MOCK_LISTEN",
        default_value = "127.0.0.1:8443",
        value_parser = address
    )]
    pub(super) address: SocketAddr,
}

#[derive(Debug, Args)]
pub(super) struct ReleaseOption {
    /// Release to emulate: 10.5, 11.5, 12.5, 14 or 15
    #[arg(
        id = "cuc-version",
        long = "cuc-version",
        value_name = "V",
        env = "CUC_MOCK_CUC_VERSION",
        default_value = "10.5"
    )]
    pub(super) release: Release,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let expected = "expected an IP address and a port, such as 127.0.0.1:8443 or [::]:8443";
    text.parse().map_err(|_| expected.to_owned())
}

/// Parses a whole number from 0.
pub(super) fn whole_number<T: FromStr<Err = ParseIntError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: ParseIntError| {
        let expected = if *error.kind() == IntErrorKind::PosOverflow {
            "expected a smaller number"
        } else {
            "expected a whole number from 0"
        };
        expected.to_owned()
    })
}
