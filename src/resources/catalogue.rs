//! Catalogues of the embedded resources and of those that a user describes.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use super::embedded_descriptions;
use crate::{
    engine::{
        description,
        load::{self, Diagnostics, Fixture, Progress},
    },
    schema::{Catalogue, Description, Release},
};

/// Returns the embedded resources. All servers of a process with the same release share them.
pub(crate) fn embedded_catalogue(release: Release) -> Arc<Catalogue> {
    static CATALOGUES: [OnceLock<Arc<Catalogue>>; Release::ALL.len()] =
        [const { OnceLock::new() }; Release::ALL.len()];
    let catalogue = CATALOGUES[release as usize]
        .get_or_init(|| Arc::new(Catalogue::new(release, &embedded_descriptions())));
    Arc::clone(catalogue)
}

/// Returns the embedded resources, and those that the files and folders describe. A description replaces the embedded
/// one with the same path.
pub(crate) fn read_catalogue(
    release: Release,
    paths: &[PathBuf],
    progress: &Progress,
) -> Result<Arc<Catalogue>, Diagnostics> {
    if paths.is_empty() {
        return Ok(embedded_catalogue(release));
    }
    let (files, mut diagnostics) = load::read(paths, progress);
    let mut described = Vec::new();
    for file in &files {
        match description::read(&file.document) {
            Ok(description) => described.push((description, file)),
            Err(errors) => diagnostics.add(&file.path, &file.document, errors),
        }
    }
    let all = Overlay::new(described);
    if diagnostics.is_empty() {
        all.check(&mut diagnostics);
    }
    if diagnostics.is_empty() {
        Ok(Arc::new(Catalogue::new(release, &all.descriptions)))
    } else {
        Err(diagnostics)
    }
}

/// The embedded descriptions below those of a user.
struct Overlay<'f> {
    descriptions: Vec<Description>,
    /// The file of each description, unless it is embedded.
    files: Vec<Option<&'f Fixture>>,
}

impl<'f> Overlay<'f> {
    fn new(described: Vec<(Description, &'f Fixture)>) -> Self {
        let descriptions = embedded_descriptions();
        let mut overlay = Self {
            files: vec![None; descriptions.len()],
            descriptions,
        };
        for (description, file) in described {
            let mut known = overlay.descriptions.iter().zip(&overlay.files);
            let replaced =
                known.position(|(other, file)| other.path == description.path && file.is_none());
            if let Some(index) = replaced {
                overlay.descriptions[index] = description;
                overlay.files[index] = Some(file);
            } else {
                overlay.descriptions.push(description);
                overlay.files.push(Some(file));
            }
        }
        overlay
    }

    fn check(&self, diagnostics: &mut Diagnostics) {
        let mut errors = description::check(&self.descriptions);
        errors.sort_by_key(|(number, _)| *number);
        for errors in errors.chunk_by(|(one, _), (other, _)| one == other) {
            let file = self.files[errors[0].0];
            let errors = errors.iter().map(|(_, error)| error.clone()).collect();
            match file {
                Some(file) => diagnostics.add(&file.path, &file.document, errors),
                // Another description has made an embedded one invalid.
                None => diagnostics.add(Path::new("resources"), b"", errors),
            }
        }
    }
}
