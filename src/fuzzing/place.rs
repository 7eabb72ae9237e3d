//! The places of errors.

use crate::engine::{DecodeError, load::Diagnostics};

/// Panics unless an error names a place in a document of this length, and describes itself.
pub(super) fn check_error(error: &DecodeError, length: usize) {
    assert!(error.at <= length, "{error:?}");
    assert!(!error.reason.is_empty(), "{error:?}");
}

/// Panics unless each error has a place in the document, and a message.
pub(super) fn check_diagnostics(diagnostics: &Diagnostics, document: &[u8]) {
    assert!(!diagnostics.is_empty());
    for diagnostic in diagnostics {
        assert!(!diagnostic.message().is_empty(), "{diagnostics}");
        let line = diagnostic.line().unwrap_or(1);
        check_place(document, line, diagnostic.column().unwrap_or(1));
    }
}

/// Panics unless a document has this line and this column. Both count from 1, and the last column is behind the text. An
/// encoding has at least one byte for each character.
pub(super) fn check_place(document: &[u8], line: usize, column: usize) {
    let lines = 1 + document.iter().filter(|byte| **byte == b'\n').count();
    assert!((1..=lines).contains(&line), "line {line} of {lines}");
    let columns = 1 + document.len();
    assert!(
        (1..=columns).contains(&column),
        "column {column} of {columns}"
    );
}
