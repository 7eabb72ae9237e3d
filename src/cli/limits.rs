//! The options that bound what clients may take.

use std::time::Duration;

use clap::Args;

use crate::http::Limits;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// What a size and its unit are called, the larger ones first.
const UNITS: [(&str, usize); 3] = [("MiB", MIB), ("KiB", KIB), ("B", 1)];

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitOptions {
    /// How large a body below /vmrest may be; 413 answers a larger one
    #[arg(
        long,
        value_name = "SIZE",
        env = "CUC_MOCK_MAX_BODY_SIZE",
        default_value = "1MiB",
        value_parser = body_size
    )]
    max_body_size: usize,
    /// How large the head of a request may be; 431 answers a larger one
    #[arg(
        long,
        value_name = "SIZE",
        env = "CUC_MOCK_MAX_HEADER_SIZE",
        default_value = "64KiB",
        value_parser = header_size
    )]
    max_header_size: usize,
    /// How long the head of a request may take to arrive, and so may TLS; then 408
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_HEADER_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    header_timeout: Duration,
    /// How long a body may take to arrive; then 408
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_BODY_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    body_timeout: Duration,
    /// How long a client may take nothing of its answer; then it is cut off
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_SEND_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    send_timeout: Duration,
    /// How long a connection may go without a request; then it is closed
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_IDLE_TIMEOUT",
        default_value = "60",
        value_parser = seconds
    )]
    idle_timeout: Duration,
    /// How many connections there may be; for one more, the one without a request for longest is closed
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_MAX_CONNECTIONS",
        default_value = "10000",
        value_parser = count
    )]
    max_connections: usize,
    /// How many requests may be waiting for their answer; 503 answers one more
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_MAX_IN_FLIGHT",
        default_value = "1000",
        value_parser = count
    )]
    max_in_flight: usize,
}

impl LimitOptions {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            body_size: self.max_body_size,
            body_time: self.body_timeout,
            header_size: self.max_header_size,
            header_time: self.header_timeout,
            send_time: self.send_timeout,
            idle_time: self.idle_timeout,
            connections: self.max_connections,
            in_flight: self.max_in_flight,
        }
    }
}

fn body_size(text: &str) -> Result<usize, String> {
    let size = size(text).filter(|size| (1..=512 * MIB).contains(size));
    size.ok_or_else(|| {
        "expected a size from 1B to 512MiB, such as 1048576, 64KiB or 1MiB".to_owned()
    })
}

fn header_size(text: &str) -> Result<usize, String> {
    let size = size(text).filter(|size| (KIB..=256 * KIB).contains(size));
    size.ok_or_else(|| "expected a size from 1KiB to 256KiB, such as 65536 or 64KiB".to_owned())
}

/// A whole number of bytes, of KiB or of MiB.
fn size(text: &str) -> Option<usize> {
    let with_unit = UNITS
        .iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)));
    let (number, unit) = with_unit.unwrap_or((text, &1));
    whole(number)?.checked_mul(*unit)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = whole(text).filter(|seconds| (1..=86_400).contains(seconds));
    let seconds = seconds.ok_or("expected a whole number of seconds from 1 to 86400")?;
    Ok(Duration::from_secs(seconds as u64))
}

fn count(text: &str) -> Result<usize, String> {
    let count = whole(text).filter(|count| (1..=1_000_000).contains(count));
    count.ok_or_else(|| "expected a whole number from 1 to 1000000".to_owned())
}

/// Digits and nothing else: no sign.
fn whole(text: &str) -> Option<usize> {
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Options {
        #[command(flatten)]
        limits: LimitOptions,
    }

    #[test]
    fn the_library_has_the_same_defaults() {
        let options = Options::parse_from(["cuc-mock"]);
        assert_eq!(options.limits.limits(), Limits::DEFAULT);
    }

    #[test]
    fn a_size_is_a_whole_number_with_a_unit_or_without() {
        let sizes = ["7", "7B", "2KiB", "3MiB", "0"].map(size);
        assert_eq!(
            sizes,
            [Some(7), Some(7), Some(2048), Some(3 * MIB), Some(0)]
        );
        for wrong in [
            "",
            "KiB",
            "1.5MiB",
            "+1",
            "-1",
            "1 KiB",
            "1kb",
            "99999999999999MiB",
        ] {
            assert_eq!(size(wrong), None, "{wrong:?}");
        }
    }
}
