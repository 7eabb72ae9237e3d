//! Output to stdout.

use std::io::{self, ErrorKind, Write};

use super::failure::Failure;

/// Prints a line. A closed stdout is ignored.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a remark to stderr. A closed stderr is ignored.
#[cfg(feature = "appliance")]
pub(super) fn warn(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints text whose reader may close the pipe early, as `head` does.
pub(super) fn print(text: &[u8]) -> Result<(), Failure> {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::runtime(format!(
            "stdout cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}
