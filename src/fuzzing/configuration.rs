//! Configuration files.

use super::place::check_place;
use crate::cli;

/// Reads a configuration file of `cuc-mock serve`, and checks the values of the options in it.
///
/// # Panics
///
/// Panics unless each line of the error has a place in the document and a message.
pub fn configuration(document: &[u8]) {
    let Err(errors) = cli::read_configuration(document) else {
        return;
    };
    let lines = errors.lines();
    for line in lines.filter(|line| !is_number_of_others(line)) {
        let place = line.strip_prefix(cli::CONFIGURATION).and_then(place);
        let Some((line, column, message)) = place else {
            panic!("no place in {errors:?}");
        };
        check_place(document, line, column);
        assert!(!message.is_empty(), "{errors:?}");
    }
}

/// True for the last line of many errors.
fn is_number_of_others(line: &str) -> bool {
    line.starts_with("and ") && line.ends_with(" more errors")
}

/// Splits `:LINE:COLUMN: message`.
fn place(text: &str) -> Option<(usize, usize, &str)> {
    let (line, rest) = text.strip_prefix(':')?.split_once(':')?;
    let (column, message) = rest.split_once(": ")?;
    Some((line.parse().ok()?, column.parse().ok()?, message))
}
