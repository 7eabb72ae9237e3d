//! All diagnostics of a load.

use std::{error::Error, fmt, ops::Deref, path::Path, slice, vec};

use super::Diagnostic;
use crate::engine::{DecodeError, MAX_REPORTED_ERRORS, PositionCursor};

/// The errors in fixtures: the first hundred, and the number of the others.
///
/// Errors of whole files come first, then the others in the order of the files and of their places. Displayed with one
/// error per line. Dereferences to a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    first: Vec<Diagnostic>,
    omitted: usize,
}

impl Diagnostics {
    /// Returns the number of errors beyond the first hundred.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns a single diagnostic.
    pub(crate) fn of(diagnostic: Diagnostic) -> Self {
        Self {
            first: vec![diagnostic],
            omitted: 0,
        }
    }

    /// Adds a diagnostic after the others, or counts it.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.first.len() < MAX_REPORTED_ERRORS {
            self.first.push(diagnostic);
        } else {
            self.omitted += 1;
        }
    }

    /// Adds the errors in the document of a file.
    pub(crate) fn add(&mut self, path: &Path, document: &[u8], mut errors: Vec<DecodeError>) {
        errors.sort_by_key(|error| error.at);
        let mut cursor = PositionCursor::new(document);
        for error in errors {
            let position = cursor.advance_to(error.at);
            self.push(Diagnostic::new(path, position, &error));
        }
    }

    /// Adds other diagnostics after these.
    pub(crate) fn append(&mut self, other: Self) {
        for diagnostic in other.first {
            self.push(diagnostic);
        }
        self.omitted += other.omitted;
    }

    /// Counts more errors.
    pub(super) fn omit(&mut self, count: usize) {
        self.omitted += count;
    }
}

impl Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &Self::Target {
        &self.first
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter()
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<_> = self.first.iter().map(Diagnostic::to_string).collect();
        match self.omitted {
            0 => {}
            1 => lines.push("and 1 more error".to_owned()),
            omitted => lines.push(format!("and {omitted} more errors")),
        }
        f.write_str(&lines.join("\n"))
    }
}

impl Error for Diagnostics {}
