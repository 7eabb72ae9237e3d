//! Drop-in resources: they have no description, only lists of their objects in files.

use std::{fs, mem, path::Path};

use super::embedded_sources;
use crate::{
    engine::{
        DecodeError, description,
        inference::{self, InferredResource, KnownResources, SampleFile, SampleList, XmlSchema},
        load::{self, Diagnostics, Fixture, Progress},
    },
    schema::Description,
};

/// The resources that are inferred from the lists in files.
#[derive(Debug, Default)]
pub(super) struct DropIns {
    pub(super) resources: Vec<DropIn>,
    /// The lists from which no resource follows, and the schemas that cannot be read.
    pub(super) diagnostics: Diagnostics,
    /// The other lists that no resource has, and the errors in the files, which a load of them reports.
    pub(super) rejections: Diagnostics,
}

/// A resource that is inferred from lists.
#[derive(Debug)]
pub(super) struct DropIn {
    pub(super) description: Description,
    pub(super) inferred: InferredResource,
}

impl DropIns {
    /// True if a file has a list that none of the embedded resources has.
    pub(super) fn has_unknown_lists(files: &[Fixture]) -> bool {
        // Most servers have none, and need not know all resources.
        if files.is_empty() {
            return false;
        }
        let outlines = embedded_sources().map(|source| source.outline());
        let known = KnownResources::of_descriptions(outlines);
        let mut files = files.iter();
        files.any(|file| SampleList::is_in_document(&file.document, &known))
    }

    /// Infers the resources of all lists in the files that no described resource has.
    pub(super) fn infer(files: &[Fixture], known: &[Description], progress: &Progress) -> Self {
        let known = KnownResources::of_descriptions(known.iter());
        let mut drop_ins = Self::default();
        let mut rejections = Vec::new();
        let mut unknown = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let (lists, error) = SampleList::in_document(&file.document, &known);
            rejections.extend(error.map(|error| (number, error.without_quotation())));
            let folder = file.path.parent().filter(|_| !lists.is_empty());
            let schemas = folder.map(|folder| drop_ins.schemas(folder, progress));
            unknown.push((lists, schemas.unwrap_or_default()));
        }
        let samples = files.iter().zip(unknown.iter_mut()).enumerate();
        let samples = samples.map(|(number, (file, (lists, schemas)))| {
            let mut lists = mem::take(lists);
            lists.retain(|list| {
                let rejection = list.rejection(&known, schemas);
                let is_accepted = rejection.is_none();
                rejections.extend(rejection.map(|error| (number, error)));
                is_accepted
            });
            SampleFile {
                name: file_name(&file.path),
                lists,
                schemas,
            }
        });
        let samples: Vec<_> = samples.collect();
        let (resources, mut errors) = inference::infer(&samples, &known);
        for inferred in resources {
            match description::read(inferred.text.as_bytes()) {
                Ok(description) => drop_ins.resources.push(DropIn {
                    description,
                    inferred,
                }),
                Err(found) => errors.extend(found.iter().map(|error| inferred.error(error))),
            }
        }
        add(&mut drop_ins.diagnostics, files, &errors);
        add(&mut drop_ins.rejections, files, &rejections);
        drop_ins
    }

    /// Reads the schemas in a folder.
    fn schemas(&mut self, folder: &Path, progress: &Progress) -> Vec<XmlSchema> {
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "xsd"))
            .collect();
        paths.sort();
        let (files, unreadable) = load::read(&paths, progress);
        self.diagnostics.append(unreadable);
        let mut schemas = Vec::new();
        for file in files {
            match XmlSchema::read(&file_name(&file.path), &file.document) {
                Ok(schema) => schemas.push(schema),
                Err(error) => self
                    .diagnostics
                    .add(&file.path, &file.document, vec![error]),
            }
        }
        schemas
    }
}

/// Adds the errors in files, each with the number of its file.
fn add(diagnostics: &mut Diagnostics, files: &[Fixture], errors: &[(usize, DecodeError)]) {
    for (number, file) in files.iter().enumerate() {
        let of_file = errors.iter().filter(|(other, _)| *other == number);
        let of_file = of_file.map(|(_, error)| error.clone()).collect();
        diagnostics.add(&file.path, &file.document, of_file);
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
