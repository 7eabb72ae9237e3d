//! The stream that the log is written to.

use std::io::{self, Write};

/// Stderr, whose reader cannot be asked for room: a thread writes everything.
#[derive(Debug)]
pub(crate) struct LogOutput;

impl LogOutput {
    pub(crate) fn stderr() -> io::Result<Self> {
        Ok(Self)
    }

    /// Writes nothing, because it could block.
    pub(crate) fn write_available(&self, _: &[u8]) -> usize {
        0
    }

    pub(crate) fn write_all(&self, bytes: &[u8]) {
        // A closed stderr is no reason to stop the server.
        let _ = io::stderr().write_all(bytes);
    }
}
