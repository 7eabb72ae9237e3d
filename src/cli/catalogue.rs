//! Reads the catalogue of a server that is not started.

use std::{path::PathBuf, sync::Arc};

use crate::{
    engine::load::{self, Diagnostics, Progress},
    resources::compile_catalogue,
    schema::{Catalogue, Release},
};

/// Returns the embedded resources, and those that the files and folders describe. A description replaces the embedded
/// one with the same path.
pub(super) fn read_catalogue(
    release: Release,
    paths: &[PathBuf],
    progress: &Progress,
) -> Result<Arc<Catalogue>, Diagnostics> {
    let (files, unreadable) = load::read(paths, progress);
    compile_catalogue(release, &[&files], unreadable)
}
