//! The rows of the pages about the provenance of facts.

use crate::schema::Provenance;

/// A fact as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FactRow {
    /// The page in the repository, or the file of a user's description.
    pub(crate) page: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The fact in words: `DisplayName: at most 64 characters`.
    pub(crate) behaviour: String,
    pub(crate) provenance: Provenance,
    /// The source of the evidence, or the reasoning; empty if the page gives none.
    pub(crate) source: String,
}
