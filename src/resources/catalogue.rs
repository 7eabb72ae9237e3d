//! Catalogues of the embedded resources, and of the resources and responses that a user describes.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use super::{
    BEHAVIOURS,
    drop_in::{DropIn, DropIns},
    embedded_descriptions, embedded_sources,
};
use crate::{
    engine::{
        DecodeError,
        description::{DescriptionSet, Document, check_errors, check_responses, read_document},
        inference::{self, InferredResource},
        load::{self, Diagnostics, Fixture, Progress},
    },
    schema::{Catalogue, Description, ErrorDescription, Release, ResponseDescription},
};

/// Returns the embedded resources. All servers of a process with the same release share them.
pub(crate) fn embedded_catalogue(release: Release) -> Arc<Catalogue> {
    static CATALOGUES: [OnceLock<Arc<Catalogue>>; Release::ALL.len()] =
        [const { OnceLock::new() }; Release::ALL.len()];
    let catalogue = CATALOGUES[release as usize]
        .get_or_init(|| Arc::new(Catalogue::deferred(release, embedded_sources().cloned())));
    Arc::clone(catalogue)
}

/// The files that a catalogue is read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatalogueFiles<'p> {
    pub(crate) release: Release,
    /// Files and folders with descriptions, and with lists of resources that have none.
    pub(crate) resources: &'p [PathBuf],
    /// Files and folders with the lists of the seed, some of which may be of resources that have no description.
    pub(crate) fixtures: &'p [PathBuf],
}

/// The resources of a server.
#[derive(Debug)]
pub(crate) struct ServedResources {
    pub(crate) catalogue: Arc<Catalogue>,
    /// The descriptions of the resources that are not embedded, including those that are inferred from lists.
    pub(crate) descriptions: Vec<Fixture>,
    /// The files with lists among [`CatalogueFiles::resources`]. They belong to the seed.
    pub(crate) lists: Vec<PathBuf>,
}

impl CatalogueFiles<'_> {
    /// Returns the embedded resources, the resources and responses that the files and folders describe, and the resources
    /// that are inferred from lists. A description replaces the embedded one with the same path.
    pub(crate) fn read(&self, progress: &Progress) -> Result<ServedResources, Diagnostics> {
        if self.resources.is_empty() && self.fixtures.is_empty() {
            return Ok(ServedResources {
                catalogue: embedded_catalogue(self.release),
                descriptions: Vec::new(),
                lists: Vec::new(),
            });
        }
        let ResourceFiles {
            contents,
            mut descriptions,
            inferred,
            lists,
            first_fixture,
            ..
        } = self.read_files(progress)?;
        contents.overlay.check_inferred(&inferred, &lists)?;
        let inferred = inferred
            .into_iter()
            .map(|resource| Fixture::new(lists[resource.file].path.clone(), resource.text));
        descriptions.extend(inferred);
        let catalogue = match descriptions.is_empty() {
            true => embedded_catalogue(self.release),
            false => contents.compile(self.release),
        };
        let lists = lists[..first_fixture].iter();
        Ok(ServedResources {
            catalogue,
            descriptions,
            lists: lists.map(|list| list.path.clone()).collect(),
        })
    }

    /// Returns the descriptions that are inferred from the lists of the fixtures: the path and the text of each. Fails if
    /// the fixtures have other lists that no resource has. The descriptions are not checked, so that a user can correct
    /// them.
    #[cfg(feature = "cli")]
    pub(crate) fn describe(
        &self,
        progress: &Progress,
    ) -> Result<Vec<(String, String)>, Diagnostics> {
        let files = self.read_files(progress)?;
        let mut diagnostics = Diagnostics::default();
        for fixture in &files.lists[files.first_fixture..] {
            let error = inference::description_error(&fixture.document);
            diagnostics.add(
                &fixture.path,
                &fixture.document,
                error.into_iter().collect(),
            );
        }
        let mistakes = if diagnostics.is_empty() {
            files.rejections
        } else {
            diagnostics
        };
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let inferred = files.inferred.into_iter();
        let of_fixtures = inferred.filter(|resource| resource.file >= files.first_fixture);
        Ok(of_fixtures
            .map(|resource| (resource.path, resource.text))
            .collect())
    }

    fn read_files(&self, progress: &Progress) -> Result<ResourceFiles, Diagnostics> {
        let (files, unreadable) = load::read(self.resources, progress);
        let (fixtures, unreadable_fixtures) = load::read(self.fixtures, progress);
        let is_fixture = |list: &Fixture| fixtures.iter().any(|other| other.path == list.path);
        let (lists, descriptions): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|file| inference::is_list_document(&file.document));
        let mut lists: Vec<_> = lists.into_iter().filter(|list| !is_fixture(list)).collect();
        let first_fixture = lists.len();
        let mut contents = read_layers(self.release, &[&descriptions], unreadable)?;
        lists.extend(fixtures);
        let DropIns {
            resources,
            diagnostics,
            mut rejections,
        } = DropIns::infer(&lists, &contents.overlay.descriptions, progress);
        rejections.append(unreadable_fixtures);
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        Ok(ResourceFiles {
            inferred: contents.overlay.add(resources),
            contents,
            descriptions,
            lists,
            first_fixture,
            #[cfg(feature = "cli")]
            rejections,
        })
    }
}

/// The contents of all files.
struct ResourceFiles {
    contents: Contents,
    descriptions: Vec<Fixture>,
    /// The inferred descriptions, which are the last ones of the overlay.
    inferred: Vec<InferredResource>,
    /// The files with lists: first those of the resources, then the fixtures.
    lists: Vec<Fixture>,
    /// The number of the first file that is a fixture.
    first_fixture: usize,
    /// The lists from which no resource follows, and the fixtures that cannot be read. A load reports them, too.
    #[cfg(feature = "cli")]
    rejections: Diagnostics,
}

/// The described resources, responses and errors.
struct Contents {
    overlay: Overlay,
    responses: Vec<ResponseDescription>,
    errors: Vec<ErrorDescription>,
}

impl Contents {
    fn compile(self, release: Release) -> Arc<Catalogue> {
        let catalogue = Catalogue::new(release, self.overlay.descriptions);
        let catalogue = catalogue.with_responses(self.responses);
        Arc::new(catalogue.with_errors(self.errors))
    }
}

/// Returns the embedded resources, and the resources and responses that some files describe. A description replaces the
/// one with the same path in an earlier layer of files, or the embedded one. `unreadable` has the files that could not be
/// read.
pub(crate) fn compile_catalogue(
    release: Release,
    layers: &[&[Fixture]],
    unreadable: Diagnostics,
) -> Result<Arc<Catalogue>, Diagnostics> {
    if layers.iter().all(|files| files.is_empty()) && unreadable.is_empty() {
        return Ok(embedded_catalogue(release));
    }
    let contents = read_layers(release, layers, unreadable)?;
    Ok(contents.compile(release))
}

/// Reads the descriptions in layers of files. Fails if there is any mistake in them, or if `diagnostics` has one.
fn read_layers(
    release: Release,
    layers: &[&[Fixture]],
    mut diagnostics: Diagnostics,
) -> Result<Contents, Diagnostics> {
    let files: Vec<_> = layers.iter().copied().flatten().collect();
    if files.is_empty() && diagnostics.is_empty() {
        return Ok(Contents {
            overlay: Overlay::new(Vec::new(), layers),
            responses: Vec::new(),
            errors: Vec::new(),
        });
    }
    let mut errors: Vec<Vec<_>> = files.iter().map(|_| Vec::new()).collect();
    let mut described = Vec::new();
    let mut responses: Vec<(ResponseDescription, usize)> = Vec::new();
    let mut contents: Vec<(ErrorDescription, usize)> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        match read_document(&file.document, &file.attachments) {
            Ok(Document::Resources(found)) => {
                described.extend(found.into_iter().map(|found| (found, number)));
            }
            Ok(Document::Responses(found)) => {
                let start = start_of_layer(layers, number);
                let replaces = |other: &ResponseDescription| {
                    let mut found = found.iter();
                    found
                        .any(|response| response.is_to_same(other) && response.fact.covers(release))
                };
                responses.retain(|(other, file)| *file >= start || !replaces(other));
                responses.extend(found.into_iter().map(|response| (response, number)));
            }
            Ok(Document::Errors(found)) => {
                let start = start_of_layer(layers, number);
                let replaces = |other: &ErrorDescription| {
                    let mut found = found.iter();
                    found.any(|error| error.is_about_same(other) && error.fact.covers(release))
                };
                contents.retain(|(other, file)| *file >= start || !replaces(other));
                contents.extend(found.into_iter().map(|content| (content, number)));
            }
            Err(found) => errors[number] = found,
        }
    }
    let is_incomplete = errors.iter().any(|found| !found.is_empty()) || !diagnostics.is_empty();
    let all = Overlay::new(described, layers);
    // The last layer may take what those before it depend on, which were read without mistakes.
    let last = layers.iter().rev().skip(1).map(|layer| layer.len()).sum();
    let described: Vec<_> = responses.iter().map(|(response, _)| response).collect();
    let found = check_responses(&all.descriptions, release, &described);
    remove_invalid(&mut responses, found, last, &mut errors);
    let described: Vec<_> = contents.iter().map(|(content, _)| content).collect();
    let found = check_errors(&all.descriptions, release, &described);
    remove_invalid(&mut contents, found, last, &mut errors);
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
        Ok(Contents {
            overlay: all,
            responses: responses.collect(),
            errors: contents.collect(),
        })
    } else {
        Err(diagnostics)
    }
}

/// Removes the descriptions with mistakes, each given with the number of its file. Reports the mistakes in the files from
/// `first` on.
fn remove_invalid<T>(
    described: &mut Vec<(T, usize)>,
    mistakes: Vec<(usize, DecodeError)>,
    first: usize,
    errors: &mut [Vec<DecodeError>],
) {
    for (number, mistake) in mistakes.into_iter().rev() {
        let (_, file) = described.remove(number);
        if file >= first {
            errors[file].push(mistake);
        }
    }
}

/// The embedded descriptions below those of a user.
struct Overlay {
    descriptions: Vec<Description>,
    /// The number of the file of each description, unless it is embedded or inferred.
    files: Vec<Option<usize>>,
    /// The number of embedded descriptions, some of which may be replaced.
    embedded: usize,
}

impl Overlay {
    /// Takes descriptions, each with the number of its file among those of all layers.
    fn new(described: Vec<(Description, usize)>, layers: &[&[Fixture]]) -> Self {
        let descriptions: Vec<_> = embedded_descriptions().cloned().collect();
        let mut overlay = Self {
            files: vec![None; descriptions.len()],
            embedded: descriptions.len(),
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

    /// Adds resources that are inferred from lists.
    fn add(&mut self, resources: Vec<DropIn>) -> Vec<InferredResource> {
        let mut inferred = Vec::new();
        for resource in resources {
            self.descriptions.push(resource.description);
            self.files.push(None);
            inferred.push(resource.inferred);
        }
        inferred
    }

    /// Checks the descriptions of inferred resources, the last ones. Each mistake is reported at its list.
    fn check_inferred(
        &self,
        inferred: &[InferredResource],
        lists: &[Fixture],
    ) -> Result<(), Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        if inferred.is_empty() {
            return Ok(());
        }
        let described = self.descriptions.len() - inferred.len();
        for (number, mistake) in self.check(false) {
            let Some(resource) = number.checked_sub(described).map(|index| &inferred[index]) else {
                continue;
            };
            let (file, error) = resource.error(&mistake);
            let file = &lists[file];
            diagnostics.add(&file.path, &file.document, vec![error]);
        }
        if diagnostics.is_empty() {
            Ok(())
        } else {
            Err(diagnostics)
        }
    }

    /// Returns the mistakes, each with the number of its description. `is_incomplete` if a description could not be read.
    fn check(&self, is_incomplete: bool) -> Vec<(usize, DecodeError)> {
        // An inferred description is not embedded: if it conflicts with one that is, the former has the mistake.
        let embedded = self.embedded;
        let is_embedded =
            |(number, file): (usize, &Option<usize>)| number < embedded && file.is_none();
        let is_embedded: Vec<_> = self.files.iter().enumerate().map(is_embedded).collect();
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
