//! Responses that a fault ends early.

use bytes::Bytes;

/// The point at which a response ends early. The connection ends with it.
#[derive(Clone, Debug)]
pub(crate) struct Truncation {
    pub(crate) after: TruncateAfter,
    /// The bytes that are sent in place of the rest.
    pub(crate) replacement: Bytes,
    /// Resets the connection (RST) instead of closing it (FIN).
    pub(crate) reset: bool,
}

/// The part of a response that is still sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TruncateAfter {
    Nothing,
    /// The head, and this number of bytes of the body.
    Body(u64),
}
