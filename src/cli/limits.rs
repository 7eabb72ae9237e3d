//! The limits on clients, and on the resources that they use.

use std::time::Duration;

use clap::Args;
use tracing::info;

use super::{fd_limit, memory_limit, options::MaxRecordsOption};
use crate::http::Limits;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// The units of a size. A unit that ends another one (`B`) comes after it.
const UNITS: [(&str, usize); 3] = [("MiB", MIB), ("KiB", KIB), ("B", 1)];

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitOptions {
    /// Size of a body; a larger one gets 413
    ///
    /// It applies to /vmrest. The control plane accepts 512 MiB.
    #[arg(
        long,
        value_name = "SIZE",
        env = "CUC_MOCK_MAX_BODY_SIZE",
        default_value = "1MiB",
        value_parser = body_size
    )]
    max_body_size: usize,
    /// Size of the headers; larger ones get 431
    #[arg(
        long,
        value_name = "SIZE",
        env = "CUC_MOCK_MAX_HEADER_SIZE",
        default_value = "64KiB",
        value_parser = header_size
    )]
    max_header_size: usize,
    /// Time to receive the headers; then 408
    ///
    /// The same time applies to a TLS handshake.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_HEADER_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    header_timeout: Duration,
    /// Time to receive a body; then 408
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_BODY_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    body_timeout: Duration,
    /// Time without progress in sending a response
    ///
    /// Then the connection is closed.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_SEND_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    send_timeout: Duration,
    /// Time without a request
    ///
    /// Then the connection is closed.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_IDLE_TIMEOUT",
        default_value = "60",
        value_parser = seconds
    )]
    idle_timeout: Duration,
    /// Size of all buffered bodies together
    ///
    /// A request beyond it gets 503. It also limits each body.
    #[arg(
        long,
        value_name = "SIZE",
        env = "CUC_MOCK_MAX_BUFFER_MEMORY",
        default_value = "256MiB",
        value_parser = buffer_memory
    )]
    max_buffer_memory: usize,
    /// Number of connections
    ///
    /// One more closes the longest idle one.
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_MAX_CONNECTIONS",
        default_value = "10000",
        value_parser = count
    )]
    max_connections: usize,
    /// Requests in progress; one more gets 503
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_MAX_IN_FLIGHT",
        default_value = "1000",
        value_parser = count
    )]
    max_in_flight: usize,
    #[command(flatten)]
    max_records: MaxRecordsOption,
}

impl LimitOptions {
    /// Returns the limits, with as many connections and as much memory for buffers as the system admits.
    pub(super) fn effective_limits(&self) -> Limits {
        let limits = self.limits();
        let buffers = memory_limit::max_buffers(limits.buffers);
        if buffers < limits.buffers {
            info!(
                "the limit of --max-buffer-memory is {buffers} bytes instead of {}: the container has too little memory",
                limits.buffers
            );
        }
        let requested = limits.connections;
        let connections =
            memory_limit::max_connections(fd_limit::max_connections(requested), buffers);
        if connections < requested {
            info!(
                "the limit is {connections} connections instead of {requested}: more need more file descriptors or memory"
            );
        }
        Limits {
            buffers,
            connections,
            ..limits
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            body_size: self.max_body_size,
            body_time: self.body_timeout,
            header_size: self.max_header_size,
            header_time: self.header_timeout,
            send_time: self.send_timeout,
            idle_time: self.idle_timeout,
            connections: self.max_connections,
            in_flight: self.max_in_flight,
            records: self.max_records.max_records,
            buffers: self.max_buffer_memory,
        }
    }
}

fn body_size(text: &str) -> Result<usize, String> {
    let size = size(text).filter(|size| (1..=512 * MIB).contains(size));
    size.ok_or_else(|| {
        "expected a size from 1B to 512MiB, such as 1048576, 64KiB or 1MiB".to_owned()
    })
}

fn buffer_memory(text: &str) -> Result<usize, String> {
    let size = size(text).filter(|size| *size >= MIB);
    size.ok_or_else(|| "expected a size of at least 1MiB, such as 67108864 or 64MiB".to_owned())
}

fn header_size(text: &str) -> Result<usize, String> {
    let size = size(text).filter(|size| (KIB..=256 * KIB).contains(size));
    size.ok_or_else(|| "expected a size from 1KiB to 256KiB, such as 65536 or 64KiB".to_owned())
}

/// Parses a whole number of bytes, KiB or MiB.
fn size(text: &str) -> Option<usize> {
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))
        .unwrap_or((text, &1));
    digits(number)?.checked_mul(*unit)
}

fn seconds(text: &str) -> Result<Duration, String> {
    digits(text)
        .filter(|seconds| (1..=86_400).contains(seconds))
        .map(|seconds| Duration::from_secs(seconds as u64))
        .ok_or_else(|| "expected a whole number of seconds from 1 to 86400".to_owned())
}

fn count(text: &str) -> Result<usize, String> {
    let count = digits(text).filter(|count| (1..=1_000_000).contains(count));
    count.ok_or_else(|| "expected a whole number from 1 to 1000000".to_owned())
}

/// Parses a number that consists only of digits, without a sign.
fn digits(text: &str) -> Option<usize> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
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
