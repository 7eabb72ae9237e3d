//! Options and values that several commands share.

use std::{
    net::SocketAddr,
    num::{IntErrorKind, ParseIntError},
    str::FromStr,
};

use clap::Args;

use crate::{schema::Release, store::MaxRecords};

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

#[derive(Debug, Args)]
pub(super) struct MaxRecordsOption {
    /// Maximum number of objects in a space; one more gets 503, and is an error in fixtures
    #[arg(
        id = "max-records",
        long = "max-records",
        value_name = "N",
        env = "CUC_MOCK_MAX_RECORDS",
        default_value = "2000000",
        value_parser = max_records
    )]
    pub(super) max_records: MaxRecords,
}

fn max_records(text: &str) -> Result<MaxRecords, String> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let max = text
        .parse()
        .ok()
        .filter(|max| (1..=1_000_000_000).contains(max));
    max.filter(|_| is_digits)
        .map(MaxRecords)
        .ok_or_else(|| "expected a whole number from 1 to 1000000000".to_owned())
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
