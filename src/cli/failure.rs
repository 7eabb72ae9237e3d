//! The failure of a command.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// The failure of a command: its message and its exit status.
#[derive(Debug)]
pub(super) struct Failure {
    status: u8,
    message: String,
}

impl Failure {
    /// An error on the command line, in a configuration file or in a fixture: status 2.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            status: 2,
            message: message.into(),
        }
    }

    /// An error like [`Failure::usage`] whose message is already on stdout.
    pub(super) fn reported() -> Self {
        Self::usage("")
    }

    /// An error of the operating system or of a running server, or a result below the required minimum: status 1.
    pub(super) fn runtime(message: impl Into<String>) -> Self {
        Self {
            status: 1,
            message: message.into(),
        }
    }

    /// A comparison whose result is that two servers differ: status 1. The result is already on stdout.
    #[cfg(feature = "appliance")]
    pub(super) fn different() -> Self {
        Self::runtime("")
    }

    /// Prints the message to stderr and returns the exit status.
    pub(super) fn report(self) -> ExitCode {
        if !self.message.is_empty() {
            // A closed stderr is no reason to panic.
            let _ = writeln!(io::stderr(), "{}", self.message);
        }
        ExitCode::from(self.status)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::runtime(error.to_string())
    }
}
