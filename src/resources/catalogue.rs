//! Catalogues of the embedded resources, and of the resources and responses that a user describes.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use super::{BEHAVIOURS, embedded_descriptions};
use crate::{
    engine::{
        DecodeError,
        description::{DescriptionSet, Document, check_responses, read_document},
        load::{self, Diagnostics, Progress},
    },
    schema::{Catalogue, Description, Release, ResponseDescription},
};

/// Returns the embedded resources. All servers of a process with the same release share them.
pub(crate) fn embedded_catalogue(release: Release) -> Arc<Catalogue> {
    static CATALOGUES: [OnceLock<Arc<Catalogue>>; Release::ALL.len()] =
        [const { OnceLock::new() }; Release::ALL.len()];
    let catalogue = CATALOGUES[release as usize]
        .get_or_init(|| Arc::new(Catalogue::new(release, &embedded_descriptions())));
    Arc::clone(catalogue)
}

/// Returns the embedded resources, and the resources and responses that the files and folders describe. A description of
/// a resource replaces the embedded one with the same path.
pub(crate) fn read_catalogue(
    release: Release,
    paths: &[PathBuf],
    progress: &Progress,
) -> Result<Arc<Catalogue>, Diagnostics> {
    if paths.is_empty() {
        return Ok(embedded_catalogue(release));
    }
    let (files, mut diagnostics) = load::read(paths, progress);
    let mut errors: Vec<Vec<_>> = files.iter().map(|_| Vec::new()).collect();
    let mut described = Vec::new();
    let mut responses: Vec<(ResponseDescription, usize)> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        match read_document(&file.document, folder) {
            Ok(Document::Resource(description)) => described.push((*description, number)),
            Ok(Document::Responses(found)) => {
                responses.extend(found.into_iter().map(|response| (response, number)));
            }
            Err(found) => errors[number] = found,
        }
    }
    let is_incomplete = errors.iter().any(|found| !found.is_empty()) || !diagnostics.is_empty();
    let all = Overlay::new(described);
    let described: Vec<_> = responses.iter().map(|(response, _)| response).collect();
    for (response, error) in check_responses(&all.descriptions, release, &described) {
        errors[responses[response].1].push(error);
    }
    let mut of_embedded = Vec::new();
    for (number, error) in all.check(is_incomplete) {
        match all.files[number] {
            Some(file) => errors[file].push(error),
            None => of_embedded.push(error),
        }
    }
    for (file, errors) in files.iter().zip(errors) {
        diagnostics.add(&file.path, &file.document, errors);
    }
    if diagnostics.is_empty() {
        // A description of the user has made an embedded one invalid.
        diagnostics.add(Path::new("resources"), b"", of_embedded);
    }
    if diagnostics.is_empty() {
        let responses = responses.into_iter().map(|(response, _)| response);
        let catalogue = Catalogue::new(release, &all.descriptions);
        Ok(Arc::new(catalogue.with_responses(responses.collect())))
    } else {
        Err(diagnostics)
    }
}

/// The embedded descriptions below those of a user.
struct Overlay {
    descriptions: Vec<Description>,
    /// The number of the file of each description, unless it is embedded.
    files: Vec<Option<usize>>,
}

impl Overlay {
    /// Takes descriptions, each with the number of its file.
    fn new(described: Vec<(Description, usize)>) -> Self {
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

    /// Returns the mistakes, each with the number of its description. `is_incomplete` if a description could not be read.
    fn check(&self, is_incomplete: bool) -> Vec<(usize, DecodeError)> {
        let is_embedded: Vec<_> = self.files.iter().map(Option::is_none).collect();
        let set = DescriptionSet {
            descriptions: &self.descriptions,
            is_embedded: &is_embedded,
            is_incomplete,
            behaviours: BEHAVIOURS,
        };
        set.check()
    }
}
