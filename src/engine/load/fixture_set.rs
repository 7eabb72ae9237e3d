//! The fixtures that are loaded into one store.

use std::{mem, sync::Arc};

use tracing::warn;

use super::{
    Completion, Diagnostic, Diagnostics, Fixture, Progress, first_errors::FirstErrors,
    loader::Loader,
};
use crate::{
    engine::{DecodeError, PositionCursor},
    schema::{Catalogue, ResourceId},
    store::{LazyStore, MaxRecords, Parallelism, Store},
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
    pub(crate) parallelism: Parallelism,
    /// The store to defer to, if it may be deferred.
    pub(crate) deferral: Option<Deferral<'f>>,
}

/// A store from which collections may be taken later.
#[derive(Debug)]
pub(crate) struct Deferral<'f> {
    /// The resources whose records can be loaded without those of the others: they refer to tenants only.
    pub(crate) separate: &'f [ResourceId],
    /// The resources without records, so that a use of them need not load the deferred store.
    pub(crate) empty: &'f [ResourceId],
    /// True if the records of the set may refer to some of the deferred store.
    pub(crate) has_targets: bool,
    pub(crate) deferred: LazyStore,
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
            parallelism: Parallelism::of_machine(),
            deferral: None,
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
            self.parallelism,
        );
        for (file, fixture) in self.fixtures.iter().enumerate() {
            loader.read(file, &fixture.document);
        }
        loader.skip_found_lists(self.fixtures.len());
        let deferral = self.deferral.take();
        let deferral = deferral.filter(|deferral| loader.has_only(deferral.separate));
        if deferral
            .as_ref()
            .is_some_and(|deferral| deferral.has_targets)
        {
            loader.skip_references();
        }
        for (number, fixture) in self.otherwise.iter().enumerate() {
            let is_deferred = deferral
                .as_ref()
                .is_some_and(|deferral| !deferral.includes(self.catalogue, fixture));
            if is_deferred {
                continue;
            }
            loader.read(self.fixtures.len() + number, &fixture.document);
        }
        if let Some(diagnostic) = self.excess(&loader) {
            self.unreadable.push(diagnostic);
        }
        self.leave_out(mem::take(&mut loader.left_out), progress);
        let (mut store, errors, overflow_file) = loader.fill();
        if let Some(diagnostic) = overflow_file.and_then(|file| self.overflow(file)) {
            self.unreadable.push(diagnostic);
        }
        if let Some(deferral) = deferral {
            let loaded = [deferral.separate, deferral.empty].concat();
            store.defer(deferral.deferred, &loaded);
        }
        let diagnostics = self.diagnostics(errors);
        if diagnostics.is_empty() {
            Ok(store)
        } else {
            Err(diagnostics)
        }
    }

    /// Warns of the lists that are left out.
    fn leave_out(&self, lists: Vec<(usize, DecodeError)>, progress: &Progress) {
        for (file, list) in lists {
            let Some(fixture) = self.files().nth(file) else {
                continue;
            };
            let position = PositionCursor::new(&fixture.document).advance_to(list.at);
            let diagnostic = Diagnostic::new(&fixture.path, position, &list);
            warn!("{diagnostic}");
            progress.leave_out(diagnostic);
        }
    }

    /// Returns a diagnostic if there are too many records.
    fn excess(&self, loader: &Loader<'_>) -> Option<Diagnostic> {
        let (file, objects) = loader.excess()?;
        self.too_many(
            file,
            &format!("{objects} records, including those of the system"),
        )
    }

    /// Returns the diagnostic if there is no room for the records that exist with an object of this file.
    fn overflow(&self, file: usize) -> Option<Diagnostic> {
        let found = format!(
            "more than {} records, including those of the system and those that exist with others",
            self.max_records.0
        );
        self.too_many(file, &found)
    }

    fn too_many(&self, file: usize, found: &str) -> Option<Diagnostic> {
        // The records that every system has are not in a file of the user.
        let last = self.fixtures.len().saturating_sub(1);
        let fixture = self.files().nth(file.min(last))?;
        let max = self.max_records.0;
        let message = format!("found {found}, expected at most {max} (--max-records)");
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

impl Deferral<'_> {
    /// True if a fixture has the name of a resource that is loaded.
    fn includes(&self, catalogue: &Catalogue, fixture: &Fixture) -> bool {
        let name = fixture.path.file_stem();
        let mut separate = self.separate.iter();
        separate.any(|id| name.is_some_and(|name| name == catalogue[*id].path.as_str()))
    }
}
