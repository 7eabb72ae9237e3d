//! Configuration files.

use crate::cli;

/// Reads a configuration file of `cuc-mock serve`, and parses the options in it.
///
/// # Panics
///
/// Panics if a line of the error names no place, or there is none.
pub fn configuration(document: &[u8]) {
    if let Err(errors) = cli::read_configuration(document) {
        assert!(errors.contains(cli::CONFIGURATION), "{errors}");
    }
}
