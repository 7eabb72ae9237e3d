//! Reading a real server into objects, from which fixtures are written.

mod captured;
mod closure;
mod correction;
mod crawl;
mod discovery;
mod error;
mod fitting;
mod folder;
mod hidden_values;
mod kind;
mod lists;
mod ownership;
mod progress;
mod progress_file;
mod release;
mod schemas;
mod server;
mod settings;
mod sound;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use self::crawl::Crawl;
pub(crate) use self::{
    captured::Capture,
    error::CaptureError,
    fitting::{BrokenRule, Fidelity, Fitting},
    kind::CapturedKind,
    progress::CaptureProgress,
    progress_file::ProgressFile,
    release::ServerVersion,
    schemas::CapturedSchema,
    server::Server,
    settings::CaptureSettings,
};
use crate::{
    appliance::anonymise::Anonymiser,
    engine::load::Progress,
    os::files,
    resources::{CatalogueFiles, ServedResources},
    schema::Kind,
};

/// The length of the shortest text that may be a name.
const MIN_NAME: usize = 3;

impl Capture {
    /// Writes fixtures from which a server starts. Where objects break a rule, the description of their resource is corrected;
    /// where that is impossible, a value or an object is left out.
    pub(crate) fn write(
        &mut self,
        folder: &Path,
        fidelity: Fidelity,
        date: &str,
    ) -> Result<Fitting, CaptureError> {
        let source = format!("a server with {}, {date}", self.version.text);
        let fitting = fitting::write(self, folder, fidelity, &source)?;
        folder::write_settings(self, folder, date)?;
        Ok(fitting)
    }

    /// The name of the folder with descriptions, in that of a capture.
    pub(crate) const RESOURCES: &str = folder::RESOURCES;

    /// Adds an empty list of each resource of which there is none, so that nothing is completed when the lists are loaded:
    /// the objects are all that the server has.
    pub(crate) fn add_empty_kinds(&mut self) {
        for resource in self.catalogue.resources() {
            let mut kinds = self.kinds.iter();
            let is_missing = !kinds.any(|kind| kind.path == resource.path.as_str());
            if is_missing && !resource.is_computed {
                self.kinds.push(CapturedKind::of(resource));
            }
        }
    }

    /// Removes the kinds that no resource describes, and returns them.
    pub(crate) fn take_unknown_kinds(&mut self) -> Vec<CapturedKind> {
        let unknown = self.kinds.extract_if(.., |kind| !kind.is_known);
        unknown.collect()
    }

    /// Returns the descriptions that follow from the lists of kinds which no resource describes: the path and the text of
    /// each.
    pub(crate) fn describe(
        &self,
        unknown: &[CapturedKind],
    ) -> Result<Vec<(String, String)>, CaptureError> {
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let folder = files::temporary_folder();
        let folder = folder.map_err(|error| folder::file_error(Path::new("folder"), error))?;
        folder::write_lists(unknown, &self.catalogue, folder.path())?;
        let files = CatalogueFiles {
            release: self.version.release,
            resources: &[],
            fixtures: &[folder.path().to_owned()],
        };
        files
            .describe(&Progress::default())
            .map_err(CaptureError::Resources)
    }

    /// Returns the texts in the objects that may be names.
    pub(crate) fn texts(&self) -> Vec<String> {
        let known = self
            .kinds
            .iter()
            .filter_map(|kind| Some((kind, kind.resource(&self.catalogue)?)));
        let mut texts = BTreeSet::new();
        for (kind, resource) in known {
            for (name, value) in kind.objects.iter().flat_map(|object| &object.fields) {
                let position = resource.position(name);
                let is_text = position.is_some_and(|position| {
                    let field = &resource.fields[position];
                    field.kind == Kind::Text && field.choices.is_empty()
                });
                if is_text && value.chars().count() >= MIN_NAME {
                    texts.insert(value.clone());
                }
            }
        }
        texts.into_iter().collect()
    }

    /// Replaces the names, extensions, addresses and hosts in all objects. Schemas and warnings may contain them, too: the
    /// former are left out, the latter are rewritten.
    pub(crate) fn anonymise(&mut self, key: &[u8]) {
        let anonymiser = Anonymiser::new(key, &self.catalogue);
        self.schemas.clear();
        for warning in &mut self.warnings {
            let words = warning
                .split(' ')
                .map(|word| match word.trim_end_matches(':') {
                    path if path.starts_with("/vmrest/") => {
                        word.replace(path, &anonymiser.text(path))
                    }
                    _ => word.to_owned(),
                });
            *warning = words.collect::<Vec<_>>().join(" ");
        }
        for kind in &mut self.kinds {
            let known = self.catalogue.resource(&kind.path);
            let resource = known.filter(|_| kind.is_known);
            for object in &mut kind.objects {
                anonymiser.object(resource, object);
            }
        }
    }

    /// Reads a server.
    pub(crate) fn read(
        server: &Server<'_>,
        settings: &CaptureSettings,
        progress: &CaptureProgress,
    ) -> Result<Self, CaptureError> {
        let version = ServerVersion::read(server)?;
        let files = CatalogueFiles {
            release: version.release,
            resources: &settings.resources,
            fixtures: &[],
        };
        let ServedResources {
            catalogue,
            descriptions,
            ..
        } = files
            .read(&Progress::default())
            .map_err(CaptureError::Resources)?;
        let mut crawl = Crawl::new(server, Arc::clone(&catalogue), settings, progress);
        crawl.read_known()?;
        discovery::run(&mut crawl)?;
        closure::run(&mut crawl)?;
        crawl.read_witnesses()?;
        crawl.kinds.iter_mut().for_each(CapturedKind::note_fields);
        hidden_values::fill_in(&catalogue, &mut crawl.kinds, &crawl.witnesses);
        sound::run(&mut crawl)?;
        crawl.kinds.sort_by_key(|kind| {
            let mut resources = catalogue.resources().iter();
            let position = resources.position(|resource| resource.path.as_str() == kind.path);
            position.unwrap_or(usize::MAX)
        });
        let schemas = schemas::read(server, &crawl.kinds)?;
        let mut capture = Self {
            version,
            catalogue,
            descriptions,
            kinds: crawl.kinds,
            schemas,
            warnings: crawl.warnings,
        };
        if !settings.is_partial() {
            capture.add_empty_kinds();
        }
        Ok(capture)
    }
}
