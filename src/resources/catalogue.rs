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
    schema::{Catalogue, Description, ErrorDescription, Release, ResourceId, ResponseDescription},
};

/// Returns the embedded resources. All servers of a process with the same release share them.
pub(crate) fn embedded_catalogue(release: Release) -> Arc<Catalogue> {
    static CATALOGUES: [OnceLock<Arc<Catalogue>>; Release::ALL.len()] =
        [const { OnceLock::new() }; Release::ALL.len()];
    let catalogue = CATALOGUES[release as usize]
        .get_or_init(|| Arc::new(Catalogue::deferred(release, embedded_sources().cloned())));
    Arc::clone(catalogue)
}

/// True if a catalogue is the embedded one, which all its servers share.
pub(crate) fn is_embedded(catalogue: &Arc<Catalogue>) -> bool {
    Arc::ptr_eq(catalogue, &embedded_catalogue(catalogue.release))
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
    /// The resources that are inferred from lists.
    pub(crate) inferred: Vec<ResourceId>,
    /// The resources that are not embedded: those that files describe, and those that are inferred.
    #[cfg(feature = "cli")]
    pub(crate) described: Vec<ResourceId>,
    /// The files of the seed, so that they need not be read again.
    pub(crate) seed: SeedFiles,
}

/// The files of the seed: the fixtures, followed by the other files with lists.
#[derive(Debug, Default)]
pub(crate) struct SeedFiles {
    pub(crate) fixtures: Vec<Fixture>,
    pub(crate) unreadable: Diagnostics,
}

impl SeedFiles {
    pub(crate) fn read(paths: &[PathBuf], progress: &Progress) -> Self {
        let (fixtures, unreadable) = load::read(paths, progress);
        Self {
            fixtures,
            unreadable,
        }
    }
}

impl CatalogueFiles<'_> {
    /// Returns the embedded resources, the resources and responses that the files and folders describe, and the resources
    /// that are inferred from lists. A description replaces the embedded one with the same path.
    pub(crate) fn read(&self, progress: &Progress) -> Result<ServedResources, Diagnostics> {
        if self.resources.is_empty() {
            let seed = SeedFiles::read(self.fixtures, progress);
            // The embedded descriptions need not be read.
            if !DropIns::has_unknown_lists(&seed.fixtures) {
                return Ok(ServedResources {
                    catalogue: embedded_catalogue(self.release),
                    descriptions: Vec::new(),
                    lists: Vec::new(),
                    inferred: Vec::new(),
                    #[cfg(feature = "cli")]
                    described: Vec::new(),
                    seed,
                });
            }
        }
        let files = self.read_files(progress)?;
        if !files.mistakes.is_empty() {
            return Err(files.mistakes);
        }
        Ok(files.serve(self.release))
    }

    /// Returns the descriptions that are inferred from the lists of the fixtures: the path and the text of each. Fails if
    /// the fixtures have other lists that no resource has. The descriptions are not checked, so that a user can correct
    /// them.
    #[cfg(any(feature = "appliance", feature = "manual"))]
    pub(crate) fn describe(
        &self,
        progress: &Progress,
    ) -> Result<Vec<(String, String)>, Diagnostics> {
        let files = self.read_files(progress)?;
        let mut mistakes = Diagnostics::default();
        for fixture in &files.lists[files.first_fixture..] {
            let error = inference::description_error(&fixture.document);
            let errors = error.into_iter().collect();
            mistakes.add(&fixture.path, &fixture.document, errors);
        }
        if mistakes.is_empty() {
            mistakes.append(files.rejections);
            mistakes.append(files.unreadable);
        }
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
        let (files, unreadable_files) = load::read(self.resources, progress);
        let (fixtures, unreadable) = load::read(self.fixtures, progress);
        let is_fixture = |list: &Fixture| fixtures.iter().any(|other| other.path == list.path);
        let (lists, descriptions): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|file| inference::is_list_document(&file.document));
        let mut lists: Vec<_> = lists.into_iter().filter(|list| !is_fixture(list)).collect();
        let first_fixture = lists.len();
        lists.extend(fixtures);
        let mut layers = Layers::read(self.release, &[&descriptions], unreadable_files);
        let mut drop_ins = DropIns::default();
        if layers.is_complete() {
            drop_ins = DropIns::infer(&lists, &layers.overlay.descriptions, progress);
        }
        let inferred = layers.overlay.add(drop_ins.resources);
        let (contents, of_inferred) = layers.check(self.release)?;
        if !drop_ins.diagnostics.is_empty() {
            return Err(drop_ins.diagnostics);
        }
        let mut mistakes = Diagnostics::default();
        for (number, mistake) in of_inferred {
            let (file, error) = inferred[number].error(&mistake);
            let file = &lists[file];
            mistakes.add(&file.path, &file.document, vec![error]);
        }
        Ok(ResourceFiles {
            contents,
            descriptions,
            inferred,
            mistakes,
            lists,
            first_fixture,
            unreadable,
            #[cfg(any(feature = "appliance", feature = "manual"))]
            rejections: drop_ins.rejections,
        })
    }
}

/// The contents of all files.
struct ResourceFiles {
    contents: Contents,
    descriptions: Vec<Fixture>,
    /// The inferred descriptions, which are the last ones of the overlay.
    inferred: Vec<InferredResource>,
    /// The mistakes in the inferred descriptions.
    mistakes: Diagnostics,
    /// The files with lists: first those of the resources, then the fixtures.
    lists: Vec<Fixture>,
    /// The number of the first file that is a fixture.
    first_fixture: usize,
    /// The fixtures that cannot be read. A load reports them.
    unreadable: Diagnostics,
    /// The lists from which no resource follows. A load reports them, too.
    #[cfg(any(feature = "appliance", feature = "manual"))]
    rejections: Diagnostics,
}

impl ResourceFiles {
    fn serve(self, release: Release) -> ServedResources {
        let Self {
            contents,
            mut descriptions,
            inferred,
            mut lists,
            first_fixture,
            unreadable,
            ..
        } = self;
        let first_inferred = contents.overlay.descriptions.len() - inferred.len();
        let paths = contents.overlay.descriptions[first_inferred..].iter();
        let paths: Vec<_> = paths.map(|description| description.path.clone()).collect();
        descriptions.extend(
            inferred
                .into_iter()
                .map(|resource| Fixture::new(lists[resource.file].path.clone(), resource.text)),
        );
        #[cfg(feature = "cli")]
        let described = contents.overlay.described_paths();
        let catalogue = match descriptions.is_empty() {
            true => embedded_catalogue(release),
            false => contents.compile(release),
        };
        let mut fixtures = lists.split_off(first_fixture);
        let ids = |paths: Vec<Box<str>>| {
            let resources = paths.iter().filter_map(|path| catalogue.resource(path));
            resources.map(|resource| resource.id).collect()
        };
        let inferred = ids(paths);
        #[cfg(feature = "cli")]
        let described = ids(described);
        let paths = lists.iter().map(|list| list.path.clone()).collect();
        fixtures.append(&mut lists);
        ServedResources {
            catalogue,
            descriptions,
            lists: paths,
            inferred,
            #[cfg(feature = "cli")]
            described,
            seed: SeedFiles {
                fixtures,
                unreadable,
            },
        }
    }
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
    let (contents, _) = Layers::read(release, layers, unreadable).check(release)?;
    Ok(contents.compile(release))
}

/// The descriptions in layers of files, before they are checked together.
struct Layers<'f> {
    files: Vec<&'f Fixture>,
    overlay: Overlay,
    /// Each with the number of its file.
    responses: Vec<(ResponseDescription, usize)>,
    errors: Vec<(ErrorDescription, usize)>,
    /// The mistakes in each file.
    mistakes: Vec<Vec<DecodeError>>,
    /// The number of the first file of the last layer.
    last: usize,
    /// The files that cannot be read.
    unreadable: Diagnostics,
    /// True if a resource may be missing.
    is_incomplete: bool,
}

impl<'f> Layers<'f> {
    fn read(release: Release, layers: &[&'f [Fixture]], unreadable: Diagnostics) -> Self {
        let files: Vec<_> = layers.iter().copied().flatten().collect();
        let mut mistakes: Vec<Vec<_>> = files.iter().map(|_| Vec::new()).collect();
        let mut is_incomplete = !unreadable.is_empty();
        let mut described = Vec::new();
        let mut responses: Vec<(ResponseDescription, usize)> = Vec::new();
        let mut errors: Vec<(ErrorDescription, usize)> = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let reading = read_document(&file.document, &file.attachments);
            mistakes[number] = reading.errors;
            match reading.content {
                Some(Document::Resources(found)) => {
                    described.extend(found.into_iter().map(|found| (found, number)));
                }
                Some(Document::Responses(found)) => {
                    let start = start_of_layer(layers, number);
                    replace(&mut responses, found, number, start, |response, earlier| {
                        response.is_to_same(earlier) && response.fact.covers(release)
                    });
                }
                Some(Document::Errors(found)) => {
                    let start = start_of_layer(layers, number);
                    replace(&mut errors, found, number, start, |error, earlier| {
                        error.is_about_same(earlier) && error.fact.covers(release)
                    });
                }
                None => is_incomplete = true,
            }
        }
        let mut of_files = described.iter();
        is_incomplete |= of_files.any(|(description, _)| description.gaps.lacks_attributes);
        Self {
            files,
            is_incomplete,
            overlay: Overlay::new(described, layers),
            responses,
            errors,
            mistakes,
            last: layers.iter().rev().skip(1).map(|layer| layer.len()).sum(),
            unreadable,
        }
    }

    /// True if all files were read without mistakes.
    fn is_complete(&self) -> bool {
        self.unreadable.is_empty() && self.mistakes.iter().all(Vec::is_empty)
    }

    /// Checks the descriptions. Fails if there is any mistake in the files. The second value has the mistakes in the inferred
    /// descriptions, each with its number among them.
    fn check(
        mut self,
        release: Release,
    ) -> Result<(Contents, Vec<(usize, DecodeError)>), Diagnostics> {
        let mut of_embedded = Vec::new();
        let mut of_inferred = Vec::new();
        if !self.files.is_empty() || self.overlay.has_inferred() || self.is_incomplete {
            self.check_contents(release);
            for (number, mistake) in self.overlay.check(self.is_incomplete) {
                match self.overlay.origins[number] {
                    Origin::File(file) => self.mistakes[file].push(mistake),
                    Origin::Embedded => of_embedded.push(mistake),
                    Origin::Inferred(number) => of_inferred.push((number, mistake)),
                }
            }
        }
        let mut diagnostics = self.unreadable;
        for (file, mistakes) in self.files.iter().zip(self.mistakes) {
            diagnostics.add(&file.path, &file.document, mistakes);
        }
        if diagnostics.is_empty() {
            // A description of the user has made an embedded one invalid.
            diagnostics.add(Path::new("resources"), b"", of_embedded);
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let responses = self.responses.into_iter().map(|(response, _)| response);
        let errors = self.errors.into_iter().map(|(error, _)| error);
        let contents = Contents {
            overlay: self.overlay,
            responses: responses.collect(),
            errors: errors.collect(),
        };
        Ok((contents, of_inferred))
    }

    /// Removes the responses and the errors with mistakes.
    fn check_contents(&mut self, release: Release) {
        // The last layer may take what those before it depend on, which were read without mistakes.
        let described: Vec<_> = self
            .responses
            .iter()
            .map(|(response, _)| response)
            .collect();
        let found = check_responses(&self.overlay.descriptions, release, &described);
        remove_invalid(&mut self.responses, found, self.last, &mut self.mistakes);
        let described: Vec<_> = self.errors.iter().map(|(error, _)| error).collect();
        let found = check_errors(
            &self.overlay.descriptions,
            self.is_incomplete,
            release,
            &described,
        );
        remove_invalid(&mut self.errors, found, self.last, &mut self.mistakes);
    }
}

/// Adds what a file describes, in the place of what the files before `start`, the first one of its layer, describe.
fn replace<T>(
    known: &mut Vec<(T, usize)>,
    found: Vec<T>,
    file: usize,
    start: usize,
    replaces: impl Fn(&T, &T) -> bool,
) {
    known.retain(|(earlier, number)| {
        *number >= start || !found.iter().any(|found| replaces(found, earlier))
    });
    known.extend(found.into_iter().map(|found| (found, file)));
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
    /// The origin of each description.
    origins: Vec<Origin>,
}

/// The origin of a description.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Embedded,
    /// The file with this number among those of all layers.
    File(usize),
    /// The lists of the inferred resource with this number.
    Inferred(usize),
}

impl Overlay {
    /// Takes descriptions, each with the number of its file among those of all layers.
    fn new(described: Vec<(Description, usize)>, layers: &[&[Fixture]]) -> Self {
        let descriptions: Vec<_> = embedded_descriptions().cloned().collect();
        let mut overlay = Self {
            origins: vec![Origin::Embedded; descriptions.len()],
            descriptions,
        };
        for (description, file) in described {
            let mut known = overlay.descriptions.iter().zip(&overlay.origins);
            let start = start_of_layer(layers, file);
            let replaced = known.position(|(other, origin)| {
                let is_earlier = !matches!(origin, Origin::File(other) if *other >= start);
                other.path == description.path && is_earlier
            });
            if let Some(index) = replaced {
                overlay.descriptions[index] = description;
                overlay.origins[index] = Origin::File(file);
            } else {
                overlay.descriptions.push(description);
                overlay.origins.push(Origin::File(file));
            }
        }
        overlay
    }

    /// Adds resources that are inferred from lists.
    fn add(&mut self, resources: Vec<DropIn>) -> Vec<InferredResource> {
        let mut inferred = Vec::new();
        for resource in resources {
            self.descriptions.push(resource.description);
            self.origins.push(Origin::Inferred(inferred.len()));
            inferred.push(resource.inferred);
        }
        inferred
    }

    /// Returns the paths of the resources that are not embedded.
    #[cfg(feature = "cli")]
    fn described_paths(&self) -> Vec<Box<str>> {
        let descriptions = self.descriptions.iter().zip(&self.origins);
        let described = descriptions.filter(|(_, origin)| **origin != Origin::Embedded);
        let paths = described.map(|(description, _)| description.path.clone());
        paths.collect()
    }

    fn has_inferred(&self) -> bool {
        matches!(self.origins.last(), Some(Origin::Inferred(_)))
    }

    /// Returns the mistakes, each with the number of its description. `is_incomplete` if a resource may be
    /// missing.
    fn check(&self, is_incomplete: bool) -> Vec<(usize, DecodeError)> {
        // An inferred description is not embedded: if it conflicts with one that is, the former has the mistake.
        let origins = self.origins.iter();
        let is_embedded: Vec<_> = origins.map(|origin| *origin == Origin::Embedded).collect();
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
