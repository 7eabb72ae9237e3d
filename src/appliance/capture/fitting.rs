//! A folder that a server starts from without changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Capture, CaptureError, correction::Corrections, folder};
use crate::{
    appliance::description_tree::DescriptionTree,
    engine::load::{Diagnostic, Diagnostics, Progress},
    resources::{BEHAVIOURS, CatalogueFiles, ServedResources},
    schema::{Access, ErrorRule},
    space::{SeedError, SeedSource},
    store::{Identity, Store},
};

/// The number of times that errors are corrected. A correction may show further errors.
const MAX_ROUNDS: usize = 100;

/// The corrections that a capture may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// All: the server responds as the captured one.
    Server,
    /// Only those without which the objects break rules: apart from them, the server responds as described.
    Descriptions,
}

/// A rule that captured objects break, which was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokenRule {
    /// The path of the resource.
    pub(crate) path: String,
    pub(crate) field: String,
    pub(crate) rule: ErrorRule,
    /// The value of the first object, unless it is secret.
    pub(crate) value: Option<String>,
    /// The error of the first object.
    pub(crate) message: String,
}

/// The changes with which a server starts from a capture.
#[derive(Debug, Default)]
pub(crate) struct Fitting {
    pub(crate) broken_rules: Vec<BrokenRule>,
    /// The paths of the resources whose descriptions were corrected.
    pub(crate) corrected: Vec<String>,
    /// The values and objects that were left out, and the reasons.
    pub(crate) warnings: Vec<String>,
}

/// A capture and its folder.
struct Fitter<'f> {
    capture: &'f mut Capture,
    folder: &'f Path,
    corrections: Corrections,
    fitting: Fitting,
    /// The path of each kind's file.
    files: Vec<PathBuf>,
    /// The number of broken rules before the current round.
    round: usize,
}

/// Writes a capture to a folder, and changes it until a server starts from there.
pub(super) fn write(
    capture: &mut Capture,
    folder: &Path,
    fidelity: Fidelity,
    source: &str,
) -> Result<Fitting, CaptureError> {
    let described = user_descriptions(capture, source);
    let mut fitter = Fitter {
        corrections: Corrections::new(described, source),
        capture,
        folder,
        fitting: Fitting::default(),
        files: Vec::new(),
        round: 0,
    };
    match fidelity {
        Fidelity::Server => fitter.corrections.correct_fields(fitter.capture),
        Fidelity::Descriptions => fitter.remove_unknown_fields(),
    }
    fitter.fit()?;
    let corrected = fitter
        .corrections
        .trees()
        .map(|tree| tree.path().to_owned());
    fitter.fitting.corrected = corrected.collect();
    Ok(fitter.fitting)
}

fn user_descriptions(capture: &Capture, source: &str) -> Vec<DescriptionTree> {
    let documents = capture.descriptions.iter();
    let trees = documents.filter_map(|file| DescriptionTree::read_all(&file.document, source).ok());
    trees.flatten().collect()
}

impl Fitter<'_> {
    fn fit(&mut self) -> Result<(), CaptureError> {
        let mut is_complete = false;
        for _ in 0..MAX_ROUNDS {
            self.files = folder::write(self.capture, self.folder)?;
            self.write_descriptions()?;
            match self.load() {
                // The values may refer to objects that were not captured.
                Ok(store) if !is_complete && self.fill_in_hidden_values(&store) => {
                    is_complete = true;
                }
                Ok(_) => return Ok(()),
                Err(diagnostics) => self.correct(&diagnostics),
            }
        }
        let problem =
            "the captured objects break too many rules, expected those of Unity Connection";
        let error = std::io::Error::other(problem);
        Err(CaptureError::File(self.folder.to_owned(), error))
    }

    /// Writes the descriptions of the user, and those that are corrected.
    fn write_descriptions(&self) -> Result<(), CaptureError> {
        let resources = self.folder.join(folder::RESOURCES);
        if resources.exists() {
            fs::remove_dir_all(&resources)
                .map_err(|error| folder::file_error(&resources, error))?;
        }
        let mut documents = Vec::new();
        for (number, file) in self.capture.descriptions.iter().enumerate() {
            // The corrected ones replace those of the user, which are in a layer of their own.
            documents.push((format!("0-{number}"), file.document.to_vec()));
        }
        let corrected: Vec<_> = self.corrections.trees().collect();
        let is_replaced = |document: &[u8]| {
            let trees = DescriptionTree::read_all(document, "").unwrap_or_default();
            let mut paths = trees.iter().map(DescriptionTree::path);
            paths.any(|path| corrected.iter().any(|tree| tree.path() == path))
        };
        documents.retain(|(_, document)| !is_replaced(document));
        for tree in &corrected {
            documents.push((folder::path_name(tree.path()), tree.to_text().into_bytes()));
        }
        if documents.is_empty() {
            return Ok(());
        }
        folder::create(&resources)?;
        for (name, document) in documents {
            folder::write_file(&resources.join(format!("{name}.xml")), &document)?;
        }
        Ok(())
    }

    /// Loads the folder, as a server would.
    fn load(&self) -> Result<Arc<Store>, Diagnostics> {
        let resources = self.folder.join(folder::RESOURCES);
        let resources: Vec<_> = Some(resources)
            .filter(|path| path.exists())
            .into_iter()
            .collect();
        let fixtures = [self.folder.to_owned()];
        let files = CatalogueFiles {
            release: self.capture.version.release,
            resources: &resources,
            fixtures: &fixtures,
        };
        let progress = Progress::default();
        let ServedResources {
            catalogue,
            lists,
            seed,
            ..
        } = files.read(&progress)?;
        let source = SeedSource {
            catalogue,
            fixtures: fixtures.to_vec(),
            lists,
            ..SeedSource::default()
        };
        source
            .load_files(seed, &progress)
            .map_err(|error| match error {
                SeedError::Fixtures(diagnostics) => diagnostics,
                SeedError::Object(_) => unreachable!("there are no objects beside the fixtures"),
            })
    }

    /// Corrects the errors of one round, from the last one of each file, so that the lines before remain.
    fn correct(&mut self, diagnostics: &Diagnostics) {
        self.round = self.fitting.broken_rules.len();
        let mut errors: Vec<_> = diagnostics.iter().collect();
        errors.sort_by_key(|error| std::cmp::Reverse((error.path().to_owned(), error.line())));
        for error in errors {
            if error
                .path()
                .parent()
                .is_some_and(|parent| parent.ends_with(folder::RESOURCES))
            {
                self.withdraw(error.path());
                continue;
            }
            let kind = self.files.iter().position(|file| *file == error.path());
            match kind {
                Some(kind) => self.correct_object(kind, error),
                None => self.leave_out_file(error),
            }
        }
    }

    /// Withdraws the corrections in a file.
    fn withdraw(&mut self, file: &Path) {
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let trees = self.corrections.trees();
        let paths: Vec<_> = trees.map(|tree| tree.path().to_owned()).collect();
        let mut trees = paths.into_iter();
        let path = trees.find(|path| folder::path_name(path) == stem);
        if let Some(path) = path {
            self.corrections.withdraw(&path);
        }
    }

    /// Removes a file beside the lists that cannot be used: a schema.
    fn leave_out_file(&mut self, error: &Diagnostic) {
        self.fitting.warnings.push(format!("left out {error}"));
        let stem = error.path().file_stem().and_then(|stem| stem.to_str());
        let stem = stem.unwrap_or_default().to_owned();
        self.capture.schemas.retain(|schema| schema.element != stem);
        // A file that is missing needs no removal.
        let _ = fs::remove_file(error.path());
    }

    fn correct_object(&mut self, kind: usize, error: &Diagnostic) {
        let captured = &self.capture.kinds[kind];
        let path = captured.path.clone();
        let known = captured.resource(&self.capture.catalogue).is_some();
        let place = folder::place_of_line(captured, &self.capture.catalogue, error.line());
        let Some((object, line_field)) = place else {
            // The list as a whole cannot be used.
            self.fitting.warnings.push(format!("left out {error}"));
            self.capture.kinds.remove(kind);
            let _ = fs::remove_file(error.path());
            self.files.remove(kind);
            return;
        };
        let broken = error.broken_rule();
        if let Some((field, rule)) = broken.filter(|_| known) {
            let value = captured.objects[object].get(field).map(str::to_owned);
            let is_same = |broken: &BrokenRule| {
                broken.path == path && broken.field == field && broken.rule == rule
            };
            let resource = captured.resource(&self.capture.catalogue);
            let is_secret = resource.is_some_and(|resource| {
                let position = resource.position(field);
                position.is_some_and(|position| resource.fields[position].access.is_hidden())
            });
            // Another object may have had the rule removed.
            let is_removed = self.fitting.broken_rules[self.round..].iter().any(is_same);
            let is_known = self.fitting.broken_rules.iter().any(is_same);
            let corrections = &mut self.corrections;
            let changes = match rule {
                ErrorRule::Type => usize::from(corrections.set_text(&path, field)),
                _ => corrections.remove_rules(&path, field, rule, value.as_deref()),
            };
            if changes > 0 || is_removed {
                if !is_known {
                    self.fitting.broken_rules.push(BrokenRule {
                        path,
                        field: field.to_owned(),
                        rule,
                        value: value.filter(|_| !is_secret),
                        message: error.message().to_owned(),
                    });
                }
                return;
            }
        }
        let field = line_field.or_else(|| broken.map(|(field, _)| field.to_owned()));
        self.leave_out(kind, object, field, error);
    }

    /// Leaves out a value, or the object if it must have one.
    fn leave_out(&mut self, kind: usize, object: usize, field: Option<String>, error: &Diagnostic) {
        let catalogue = Arc::clone(&self.capture.catalogue);
        let kind = &mut self.capture.kinds[kind];
        let is_mandatory = |name: &str| {
            let resource = kind.resource(&catalogue);
            let position = resource.and_then(|resource| Some((resource, resource.position(name)?)));
            position.is_some_and(|(resource, position)| {
                let field = &resource.fields[position];
                !field.required.is_empty() || resource.identity().any(|part| part == position)
            })
        };
        let broken = error.broken_rule().map(|(_, rule)| rule);
        let fields = &kind.objects[object].fields;
        let known = field.filter(|name| fields.iter().any(|(known, _)| known == name));
        let warning =
            match known.filter(|name| !is_mandatory(name) && broken != Some(ErrorRule::Key)) {
                Some(name) => {
                    kind.objects[object]
                        .fields
                        .retain(|(known, _)| *known != name);
                    format!("left out {name} of a {}: {}", kind.element, error.message())
                }
                None => {
                    kind.objects.remove(object);
                    format!("left out a {}: {}", kind.element, error.message())
                }
            };
        self.fitting.warnings.push(warning);
    }

    /// Removes the fields that no resource of the release has.
    fn remove_unknown_fields(&mut self) {
        let catalogue = Arc::clone(&self.capture.catalogue);
        for kind in &mut self.capture.kinds {
            if let Some(resource) = kind.resource(&catalogue) {
                for object in &mut kind.objects {
                    object
                        .fields
                        .retain(|(name, _)| resource.position(name).is_some());
                }
            }
        }
    }

    /// Fills in the internal values that the behaviours of resources compute. Returns true if there is one.
    fn fill_in_hidden_values(&mut self, store: &Arc<Store>) -> bool {
        let mut is_changed = false;
        let catalogue = store.catalogue();
        for kind in &mut self.capture.kinds {
            let Some(resource) = catalogue.resource(&kind.path) else {
                continue;
            };
            let behaviour = BEHAVIOURS.of(resource);
            let Some(complete) = behaviour.and_then(|behaviour| behaviour.values) else {
                continue;
            };
            let internal = resource.fields.iter().enumerate();
            let internal = internal.filter(|(_, field)| {
                field.access == Access::Internal && field.computation.is_none()
            });
            let internal: Vec<_> = internal.collect();
            if internal.is_empty() {
                continue;
            }
            for object in &mut kind.objects {
                let parents = resource.parameters.iter();
                let parents = parents.filter_map(|&position| {
                    Some((position, object.get(&resource.fields[position].name)?))
                });
                let parents: Vec<_> = parents.collect();
                let key = resource
                    .key
                    .and_then(|key| object.get(&resource.fields[key].name));
                let identity = Identity::new(resource, &parents, key);
                let Some((_, record)) = store.collection(resource.id).find(&identity) else {
                    continue;
                };
                let values = complete(store, resource, record.values.clone(), None);
                for (position, field) in &internal {
                    let value = values
                        .get(*position)
                        .filter(|_| object.get(&field.name).is_none());
                    if let Some(value) = value {
                        object.set(&field.name, value);
                        is_changed = true;
                    }
                }
            }
        }
        is_changed
    }
}
