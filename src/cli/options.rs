//! Options and values that several commands share.

use std::{
    net::SocketAddr,
    num::{IntErrorKind, ParseIntError},
    path::PathBuf,
    str::FromStr,
};

use clap::{Arg, ArgAction, Args};

use super::{failure::Failure, listen_address::ListenAddress};
#[cfg(feature = "tls")]
use crate::tls::Name;
use crate::{schema::Release, store::MaxRecords};

/// The values of a flag in its environment variable, in any letter case.
const FLAG_VALUES: [(&str, bool); 8] = [
    ("true", true),
    ("false", false),
    ("1", true),
    ("0", false),
    ("yes", true),
    ("no", false),
    ("on", true),
    ("off", false),
];

#[derive(Debug, Args)]
pub(super) struct ListenOption {
    /// Address to listen on
    ///
    /// The form is HOST:PORT. The host may be a name, or empty for all addresses. Port 0 picks a free
    /// port. May be repeated.
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDR",
        env = "CUC_MOCK_LISTEN",
        default_value = "127.0.0.1:8443"
    )]
    pub(super) addresses: Vec<ListenAddress>,
}

impl ListenOption {
    /// Returns the addresses to listen on, by option.
    pub(super) fn resolve(&self) -> Result<Vec<Vec<SocketAddr>>, Failure> {
        let resolve = |listen: &ListenAddress| {
            let resolved = listen.resolve();
            resolved
                .map_err(|reason| Failure::runtime(format!("cannot listen on {listen}: {reason}")))
        };
        self.addresses.iter().map(resolve).collect()
    }

    /// Returns the names and addresses by which clients can reach a server that listens on `resolved`.
    #[cfg(feature = "tls")]
    pub(super) fn tls_names(&self, resolved: &[Vec<SocketAddr>]) -> impl Iterator<Item = Name> {
        let names = self
            .addresses
            .iter()
            .filter_map(ListenAddress::name)
            .map(str::to_owned);
        let addresses = resolved.iter().flatten().map(SocketAddr::ip);
        let addresses = addresses
            .filter(|ip| !ip.is_unspecified())
            .map(|ip| ip.to_string());
        // A name of a host may be one that a certificate cannot contain.
        names.chain(addresses).filter_map(|name| name.parse().ok())
    }
}

#[derive(Debug, Args)]
pub(super) struct ReleaseOption {
    /// Release to emulate
    ///
    /// 10.5, 11.5, 12.5, 14 or 15.
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
pub(super) struct ResourcesOption {
    /// Descriptions of additional resources, responses and errors, and lists
    ///
    /// A file, or a folder of *.xml. A description replaces the one of the embedded resource with the same path;
    /// responses are for requests that no resource serves. The resource of a list of objects
    /// needs no description. May be repeated.
    #[arg(long, value_name = "PATH", env = "CUC_MOCK_RESOURCES")]
    pub(super) resources: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct MaxRecordsOption {
    /// Objects in a space; one more gets 503
    ///
    /// In fixtures, one more is an error.
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

/// Makes a flag accept all spellings of a boolean in its environment variable. Returns other options unchanged.
pub(super) fn accept_flag_values(option: Arg) -> Arg {
    match option.get_action() {
        ArgAction::SetTrue => option.value_parser(flag),
        _ => option,
    }
}

fn flag(text: &str) -> Result<bool, String> {
    let mut values = FLAG_VALUES.iter();
    match values.find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        Some((_, is_on)) => Ok(*is_on),
        None => {
            let names = FLAG_VALUES.map(|(name, _)| name);
            Err(format!("expected one of {}", names.join(", ")))
        }
    }
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
