//! Limits on the resources that clients use.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::store::MaxRecords;

/// The minimum size of a connection's input buffer that hyper admits.
const MIN_INPUT_SIZE: usize = 8 * 1024;

/// Limits on the resources that clients use. A request that exceeds one is rejected, or its connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The maximum size of a body below `/vmrest`, in bytes.
    pub(crate) body_size: usize,
    /// The time within which a body has to arrive.
    pub(crate) body_time: Duration,
    /// The maximum size of the head of a request, in bytes.
    pub(crate) header_size: usize,
    /// The time within which the head of a request has to arrive, or a TLS handshake has to finish.
    pub(crate) header_time: Duration,
    /// The time within which a client has to accept at least one byte of a response.
    pub(crate) send_time: Duration,
    /// The time that a connection may stay without a request.
    pub(crate) idle_time: Duration,
    /// The maximum size of all buffers together, in bytes.
    pub(crate) buffers: usize,
    /// The maximum number of connections.
    pub(crate) connections: usize,
    /// The maximum number of requests that have arrived completely, but have no response yet.
    pub(crate) in_flight: usize,
    /// The maximum number of records in each space.
    pub(crate) records: MaxRecords,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        body_size: 1024 * 1024,
        body_time: Duration::from_secs(30),
        header_size: 64 * 1024,
        header_time: Duration::from_secs(30),
        send_time: Duration::from_secs(30),
        idle_time: Duration::from_secs(60),
        buffers: 256 * 1024 * 1024,
        connections: 10_000,
        in_flight: 1_000,
        records: MaxRecords::DEFAULT,
    };

    /// Returns the maximum size of the input buffer of a connection. The head of a request must fit.
    pub(crate) fn input_size(&self) -> usize {
        self.header_size.max(MIN_INPUT_SIZE)
    }

    /// Returns a semaphore with a permit for each request that may be in flight.
    pub(crate) fn permits(&self) -> Semaphore {
        Semaphore::new(self.in_flight.min(Semaphore::MAX_PERMITS))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
