//! The descriptions of the resources in files of lists.

use std::collections::HashSet;

use super::{
    KnownResources, SampleList, XmlSchema,
    description_text::DescriptionText,
    inferred_field::{FieldInference, LinkTarget},
    location::Location,
    table::{FileError, Row, Table},
    xml_schema::SchemaField,
};
use crate::{
    engine::{DecodeError, shorten},
    schema::path,
};

/// The lists in a file that belong to resources without a description.
#[derive(Debug)]
pub(crate) struct SampleFile<'s> {
    /// The name of the file.
    pub(crate) name: String,
    pub(crate) lists: Vec<SampleList<'s>>,
    /// The schemas beside the file.
    pub(crate) schemas: &'s [XmlSchema],
}

/// An inferred description.
#[derive(Debug)]
pub(crate) struct InferredResource {
    #[cfg(any(feature = "appliance", feature = "manual"))]
    pub(crate) path: String,
    pub(crate) text: String,
    /// The number of the first file with a list of the resource.
    pub(crate) file: usize,
    /// The byte at which that list begins.
    pub(crate) at: usize,
}

impl InferredResource {
    /// Returns the error for a mistake in the description, at the list.
    pub(crate) fn error(&self, mistake: &DecodeError) -> FileError {
        const REASON: &str = "the description that is inferred from the list has a mistake";
        let message = format!(
            "{REASON}: {}; `cuc-mock describe` writes the description of a list, to be corrected",
            mistake.message()
        );
        let error = DecodeError::new(self.at, REASON).quoting(message);
        (self.file, error)
    }
}

/// Infers a description for each name of a list. Returns the mistakes, too.
pub(crate) fn infer(
    files: &[SampleFile<'_>],
    known: &KnownResources<'_>,
) -> (Vec<InferredResource>, Vec<FileError>) {
    let mut errors = Vec::new();
    let mut samples = Vec::new();
    for group in groups(files) {
        match Sample::new(files, group) {
            Ok(sample) => samples.push(sample),
            Err(error) => errors.push(error),
        }
    }
    let resources = samples
        .iter()
        .map(|sample| sample.resource(files, &samples, known));
    (resources.collect(), errors)
}

/// The lists with one name, each with the number of its file.
type Group<'f> = Vec<(usize, &'f SampleList<'f>)>;

/// Returns the lists by their names, in the order of the files.
fn groups<'f>(files: &'f [SampleFile<'_>]) -> Vec<Group<'f>> {
    let mut groups: Vec<Group<'f>> = Vec::new();
    for (file, sample) in files.iter().enumerate() {
        for list in &sample.lists {
            let group = groups.iter_mut().find(|group| group[0].1.name == list.name);
            match group {
                Some(group) => group.push((file, list)),
                None => groups.push(vec![(file, list)]),
            }
        }
    }
    groups
}

/// The objects of a resource.
struct Sample<'f> {
    lists: Group<'f>,
    element: &'f str,
    schema: Option<&'f XmlSchema>,
    schema_fields: Vec<SchemaField<'f>>,
    table: Table<'f>,
    location: Location,
    /// The values of the key, in lower case.
    keys: HashSet<String>,
}

impl<'f> Sample<'f> {
    fn new(files: &'f [SampleFile<'_>], lists: Group<'f>) -> Result<Self, FileError> {
        let name = lists[0].1.name;
        let mut elements = lists.iter().filter_map(|(_, list)| list.element());
        let element = elements.next();
        let mut schemas = lists.iter().flat_map(|(file, _)| files[*file].schemas);
        let schema = schemas.find(|schema| match element {
            Some(element) => schema.fields(element).is_some(),
            None => schema.object_of(name).is_some(),
        });
        let of_schema = || schema?.object_of(name);
        let place = Row {
            file: lists[0].0,
            at: lists[0].1.at,
        };
        let element = element.or_else(of_schema).ok_or_else(|| {
            let message = "the list is empty, expected an object, or its XSD beside the file";
            (place.file, DecodeError::new(place.at, message))
        })?;
        check_elements(&lists, element)?;
        let schema_fields = schema.and_then(|schema| schema.fields(element));
        let schema_fields = schema_fields.unwrap_or_default();
        let objects = lists
            .iter()
            .flat_map(|(file, list)| list.objects.iter().map(|object| (*file, object)));
        let table = Table::new(objects, schema_fields.iter().map(|field| field.name))?;
        let location = Location::infer(&table, name, place)?;
        let keys = table.columns[location.key].values();
        let keys = keys.map(str::to_ascii_lowercase).collect();
        Ok(Self {
            lists,
            element,
            schema: schema.filter(|_| !schema_fields.is_empty()),
            schema_fields,
            table,
            location,
            keys,
        })
    }

    fn resource(
        &self,
        files: &[SampleFile<'_>],
        samples: &[Self],
        known: &KnownResources<'_>,
    ) -> InferredResource {
        let path = self.location.template(&self.table);
        let targets = self.targets(&path, samples, known);
        let inference = FieldInference {
            table: &self.table,
            location: &self.location,
            schema: &self.schema_fields,
            targets: &targets,
        };
        let mut names: Vec<_> = self.lists.iter().map(|(file, _)| *file).collect();
        names.dedup();
        let names: Vec<_> = names
            .iter()
            .map(|file| files[*file].name.as_str())
            .collect();
        let text = DescriptionText {
            path: &path,
            list: self.lists[0].1.name,
            element: self.element,
            key: self.table.columns[self.location.key].name,
            files: names.join(", "),
            schema: self.schema.map(|schema| schema.name.as_str()),
            fields: &inference.fields(),
        };
        InferredResource {
            text: text.render(),
            #[cfg(any(feature = "appliance", feature = "manual"))]
            path,
            file: self.lists[0].0,
            at: self.lists[0].1.at,
        }
    }

    /// Returns the resources that a link may lead to: the parent, and the others with lists in the files.
    fn targets<'t>(
        &self,
        path: &str,
        samples: &'t [Sample<'f>],
        known: &KnownResources<'_>,
    ) -> Vec<LinkTarget<'t>> {
        let others = samples
            .iter()
            .filter(|other| other.location.fields().next().is_none());
        let mut targets: Vec<_> = others
            .map(|other| LinkTarget {
                path: other.location.template(&other.table),
                keys: Some(&other.keys),
            })
            .collect();
        if let Some(parent) = path::parent(path) {
            let is_inferred = targets.iter().any(|target| target.path == parent);
            if is_inferred || known.has_collection(parent) {
                targets.insert(0, LinkTarget::parent(parent));
            }
        }
        targets
    }
}

/// Checks that all objects of the lists have the same name.
fn check_elements(lists: &Group<'_>, element: &str) -> Result<(), FileError> {
    let mut objects = lists
        .iter()
        .flat_map(|(file, list)| list.objects.iter().map(|object| (*file, object)));
    match objects.find(|(_, object)| object.name != element) {
        None => Ok(()),
        Some((file, object)) => {
            let name = shorten(object.name);
            let reason = "found another element than in the other lists of this name";
            let message = format!("found <{name}>, expected <{element}>, as in the other lists");
            Err((file, DecodeError::new(object.at, reason).quoting(message)))
        }
    }
}
