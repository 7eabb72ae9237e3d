//! The fixtures that are loaded into one store.

use std::sync::Arc;

use super::{
    Completion, Diagnostic, Diagnostics, Fixture, Progress, first_errors::FirstErrors,
    loader::Loader,
};
use crate::{
    schema::Catalogue,
    store::{MaxRecords, Store},
};

/// The fixtures that are loaded into one store, and the rules for them.
#[derive(Debug)]
pub(crate) struct FixtureSet<'f> {
    pub(crate) catalogue: &'f Arc<Catalogue>,
    pub(crate) max_records: MaxRecords,
    pub(crate) fixtures: &'f [Fixture],
    /// The fixtures of resources that may have no list in `fixtures`, one list in each.
    pub(crate) otherwise: &'f [Fixture],
    /// The errors of files that are missing in `fixtures`.
    pub(crate) unreadable: Diagnostics,
    pub(crate) completion: Completion,
}

impl<'f> FixtureSet<'f> {
    /// Returns a set of fixtures, all of which could be read, with the default limit.
    pub(crate) fn new(catalogue: &'f Arc<Catalogue>, fixtures: &'f [Fixture]) -> Self {
        Self {
            catalogue,
            max_records: MaxRecords::DEFAULT,
            fixtures,
            otherwise: &[],
            unreadable: Diagnostics::default(),
            completion: Completion::default(),
        }
    }

    /// Loads the fixtures into a store. Fails if there is any error, or after a cancellation.
    pub(crate) fn load(mut self, progress: &Progress) -> Result<Store, Diagnostics> {
        let bytes = self.files().map(|fixture| fixture.document.len());
        progress.begin(2 * bytes.sum::<usize>());
        let mut loader = Loader::new(
            self.catalogue,
            self.max_records,
            progress,
            !self.unreadable.is_empty(),
            self.completion,
        );
        for (file, fixture) in self.fixtures.iter().enumerate() {
            loader.read(file, &fixture.document);
        }
        loader.skip_found_lists();
        for (number, fixture) in self.otherwise.iter().enumerate() {
            loader.read(self.fixtures.len() + number, &fixture.document);
        }
        if let Some(diagnostic) = self.excess(&loader) {
            self.unreadable.push(diagnostic);
        }
        let (store, errors) = loader.fill();
        let diagnostics = self.diagnostics(errors);
        if diagnostics.is_empty() {
            Ok(store)
        } else {
            Err(diagnostics)
        }
    }

    /// Returns a diagnostic if there are too many records.
    fn excess(&self, loader: &Loader<'_>) -> Option<Diagnostic> {
        let (file, objects) = loader.excess()?;
        // The records that every system has are not in a file of the user.
        let last = self.fixtures.len().saturating_sub(1);
        let fixture = self.files().nth(file.min(last))?;
        let message = format!(
            "found {objects} records, including those of the system, expected at most {} (--max-records)",
            self.max_records.0
        );
        Some(Diagnostic::of_file(&fixture.path, message))
    }

    /// Returns all files, in the order of their numbers.
    fn files(&self) -> impl Iterator<Item = &Fixture> {
        self.fixtures.iter().chain(self.otherwise)
    }

    /// Returns the errors of unreadable files, and those with a position. Reads each file at most once.
    fn diagnostics(self, errors: FirstErrors) -> Diagnostics {
        let mut diagnostics = self.unreadable;
        let (first, omitted) = errors.into_sorted();
        let mut errors = first.into_iter().peekable();
        let files = self.fixtures.iter().chain(self.otherwise);
        for (number, file) in files.enumerate() {
            let mut of_file = Vec::new();
            while let Some((_, error)) = errors.next_if(|(other, _)| *other == number) {
                of_file.push(error);
            }
            diagnostics.add(&file.path, &file.document, of_file);
        }
        diagnostics.omit(omitted);
        diagnostics
    }
}
