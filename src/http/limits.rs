//! How much clients may take, each of them and all together.

use std::time::Duration;

/// How much clients may take. What is beyond is refused, or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How many bytes a body below `/vmrest` may have.
    pub(crate) body_size: usize,
    /// How long a body may take to arrive.
    pub(crate) body_time: Duration,
    /// How many bytes the head of a request may have.
    pub(crate) header_size: usize,
    /// How long the head of a request may take to arrive, and so may the handshake of TLS.
    pub(crate) header_time: Duration,
    /// How long a client may take no byte of its answer.
    pub(crate) send_time: Duration,
    /// How long a connection may go without a request.
    pub(crate) idle_time: Duration,
    /// How many connections there may be.
    pub(crate) connections: usize,
    /// How many requests may be waiting for their answer, once they have arrived as a whole.
    pub(crate) in_flight: usize,
}

impl Limits {
    /// What holds unless something else is said.
    pub(crate) const DEFAULT: Self = Self {
        body_size: 1024 * 1024,
        body_time: Duration::from_secs(30),
        header_size: 64 * 1024,
        header_time: Duration::from_secs(30),
        send_time: Duration::from_secs(30),
        idle_time: Duration::from_secs(60),
        connections: 10_000,
        in_flight: 1_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
