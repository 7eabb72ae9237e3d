//! Catalogues of the embedded resources, and of the resources and responses that a user describes.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use super::{BEHAVIOURS, embedded_descriptions};
use crate::{
    engine::{
        DecodeError,
        description::{DescriptionSet, Document, check_errors, check_responses, read_document},
        load::{Diagnostics, Fixture},
    },
    schema::{Catalogue, Description, ErrorDescription, Release, ResponseDescription},
};

/// Returns the embedded resources. All servers of a process with the same release share them.
pub(crate) fn embedded_catalogue(release: Release) -> Arc<Catalogue> {
    static CATALOGUES: [OnceLock<Arc<Catalogue>>; Release::ALL.len()] =
        [const { OnceLock::new() }; Release::ALL.len()];
    let catalogue = CATALOGUES[release as usize]
        .get_or_init(|| Arc::new(Catalogue::new(release, &embedded_descriptions())));
    Arc::clone(catalogue)
}

/// Returns the embedded resources, and the resources and responses that some files describe. A description replaces the one with the same path
/// in an earlier layer of files, or the embedded one. `unreadable` has the files that could not be read.
pub(crate) fn compile_catalogue(
    release: Release,
    layers: &[&[Fixture]],
    unreadable: Diagnostics,
) -> Result<Arc<Catalogue>, Diagnostics> {
    let mut diagnostics = unreadable;
    let files: Vec<_> = layers.iter().copied().flatten().collect();
    if files.is_empty() && diagnostics.is_empty() {
        return Ok(embedded_catalogue(release));
    }
    let mut errors: Vec<Vec<_>> = files.iter().map(|_| Vec::new()).collect();
    let mut described = Vec::new();
    let mut responses: Vec<(ResponseDescription, usize)> = Vec::new();
    let mut contents: Vec<(ErrorDescription, usize)> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        match read_document(&file.document, folder) {
            Ok(Document::Resources(found)) => {
                described.extend(found.into_iter().map(|found| (found, number)));
            }
            Ok(Document::Responses(found)) => {
                responses.extend(found.into_iter().map(|response| (response, number)));
            }
            Ok(Document::Errors(found)) => {
                contents.extend(found.into_iter().map(|content| (content, number)));
            }
            Err(found) => errors[number] = found,
        }
    }
    let is_incomplete = errors.iter().any(|found| !found.is_empty()) || !diagnostics.is_empty();
    let all = Overlay::new(described, layers);
    let described: Vec<_> = responses.iter().map(|(response, _)| response).collect();
    for (response, error) in check_responses(&all.descriptions, release, &described) {
        errors[responses[response].1].push(error);
    }
    let described: Vec<_> = contents.iter().map(|(content, _)| content).collect();
    for (content, error) in check_errors(&all.descriptions, release, &described) {
        errors[contents[content].1].push(error);
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
        let contents = contents.into_iter().map(|(content, _)| content);
        let catalogue = Catalogue::new(release, &all.descriptions);
        let catalogue = catalogue.with_responses(responses.collect());
        Ok(Arc::new(catalogue.with_errors(contents.collect())))
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
    /// Takes descriptions, each with the number of its file among those of all layers.
    fn new(described: Vec<(Description, usize)>, layers: &[&[Fixture]]) -> Self {
        let descriptions = embedded_descriptions();
        let mut overlay = Self {
            files: vec![None; descriptions.len()],
            descriptions,
        };
        for (description, file) in described {
            let mut known = overlay.descriptions.iter().zip(&overlay.files);
            let start = start_of_layer(layers, file);
            let replaced = known.position(|(other, earlier)| {
                other.path == description.path && earlier.is_none_or(|earlier| earlier < start)
            });
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

/// Returns the number of the first file in the layer of a file.
fn start_of_layer(layers: &[&[Fixture]], file: usize) -> usize {
    let mut start = 0;
    for layer in layers {
        if file < start + layer.len() {
            break;
        }
        start += layer.len();
    }
    start
}
