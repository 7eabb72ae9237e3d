//! The folder with a capture, from which a server starts.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use quick_xml::escape::escape;

use super::{Capture, CaptureError, CapturedKind};
use crate::{
    appliance::object::Object,
    schema::{Catalogue, Resource, path},
};

/// The name of the file with the settings of a server that starts from the folder. The command line reads it.
const SETTINGS: &str = "capture.toml";
/// The name of the folder with corrected descriptions.
pub(super) const RESOURCES: &str = "resources";
/// The name of the folder with the schemas of known kinds.
const SCHEMAS: &str = "schemas";
/// The lines of a document before its first object.
const LINES_BEFORE: usize = 2;

/// Writes the lists and the schemas of a capture. Returns the path of each list's file, by the kinds.
pub(super) fn write(capture: &Capture, folder: &Path) -> Result<Vec<PathBuf>, CaptureError> {
    create(folder)?;
    let files = write_lists(&capture.kinds, &capture.catalogue, folder)?;
    for schema in &capture.schemas {
        let mut kinds = capture.kinds.iter();
        let is_known = kinds.any(|kind| kind.element == schema.element && kind.is_known);
        // The fields of an unknown kind follow from its schema, too.
        let parent = match is_known {
            true => folder.join(SCHEMAS),
            false => folder.to_owned(),
        };
        create(&parent)?;
        let name = file_name(&schema.element);
        write_file(&parent.join(format!("{name}.xsd")), &schema.document)?;
    }
    Ok(files)
}

/// Writes the lists of kinds to a folder. Returns the path of each file.
pub(super) fn write_lists(
    kinds: &[CapturedKind],
    catalogue: &Catalogue,
    folder: &Path,
) -> Result<Vec<PathBuf>, CaptureError> {
    let mut files = Vec::new();
    for (kind, name) in kinds.iter().zip(file_names(kinds)) {
        let file = folder.join(format!("{name}.xml"));
        write_file(&file, document(catalogue, kind).as_bytes())?;
        files.push(file);
    }
    Ok(files)
}

/// Writes the settings of a server that starts from the folder.
pub(super) fn write_settings(
    capture: &Capture,
    folder: &Path,
    date: &str,
) -> Result<(), CaptureError> {
    let has_resources = folder.join(RESOURCES).exists();
    let resources = if has_resources {
        format!("resources = {RESOURCES:?}\n")
    } else {
        String::new()
    };
    let text = format!(
        "# Captured from a server with {}, {date}.\n\
         # `cuc-mock --fixtures` and `cuc-mock check` with this folder have these options, unless others are given.\n\
         cuc-version = \"{}\"\n{resources}",
        capture.version.text, capture.version.release,
    );
    write_file(&folder.join(SETTINGS), text.as_bytes())
}

/// Returns the document with the list of a kind, one field per line.
fn document(catalogue: &Catalogue, kind: &CapturedKind) -> String {
    let resource = kind.resource(catalogue);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (list, element) = (&kind.list, &kind.element);
    let _ = writeln!(text, "<{list} total=\"{}\">", kind.objects.len());
    for object in &kind.objects {
        let _ = writeln!(text, "  <{element}>");
        for (name, value) in shown_fields(resource, object) {
            let _ = writeln!(text, "    <{name}>{}</{name}>", escaped(value));
        }
        let _ = writeln!(text, "  </{element}>");
    }
    let _ = writeln!(text, "</{list}>");
    text
}

/// Returns a value in a single line.
fn escaped(value: &str) -> String {
    let escaped = escape(value);
    escaped.replace('\r', "&#13;").replace('\n', "&#10;")
}

/// Returns the fields of an object that its record has: links and derived fields follow from others.
fn shown_fields<'o>(
    resource: Option<&'o Resource>,
    object: &'o Object,
) -> impl Iterator<Item = (&'o str, &'o str)> {
    let fields = object.fields.iter();
    let fields = fields.filter(move |(name, _)| {
        let position = resource.and_then(|resource| Some((resource, resource.position(name)?)));
        position.is_none_or(|(resource, position)| resource.fields[position].computation.is_none())
    });
    fields.map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Returns a name for the file of each kind, from its path.
fn file_names(kinds: &[CapturedKind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for kind in kinds {
        let stem = file_name(&path::without_parameters(&kind.path).replace('/', "-"));
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let mut candidates = std::iter::once(stem.clone()).chain(numbered);
        let is_free = |name: &String| !names.iter().any(|known| known.eq_ignore_ascii_case(name));
        names.extend(candidates.find(is_free));
    }
    names
}

/// Returns a file name for the description of the resource at a path.
pub(super) fn path_name(path: &str) -> String {
    file_name(&path.replace('/', "-"))
}

/// Returns the number of the object that a line of the document of a kind belongs to, and the name of the field in the line.
pub(super) fn place_of_line(
    kind: &CapturedKind,
    catalogue: &Catalogue,
    line: Option<usize>,
) -> Option<(usize, Option<String>)> {
    let resource = kind.resource(catalogue);
    // The declaration and the start of the list come before the first object.
    let mut first = LINES_BEFORE + 1;
    for (number, object) in kind.objects.iter().enumerate() {
        let names: Vec<_> = shown_fields(resource, object)
            .map(|(name, _)| name)
            .collect();
        // The start and the end of the object have lines of their own.
        let behind = line?.checked_sub(first)?;
        if behind < names.len() + 2 {
            let field = behind.checked_sub(1).and_then(|index| names.get(index));
            return Some((number, field.map(|name| (*name).to_owned())));
        }
        first += names.len() + 2;
    }
    None
}

/// Returns a text with only those characters that every file system accepts.
fn file_name(text: &str) -> String {
    let accepted = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let name: String = text.chars().filter(|c| accepted(*c)).take(100).collect();
    if name.is_empty() {
        "list".to_owned()
    } else {
        name
    }
}

pub(super) fn create(folder: &Path) -> Result<(), CaptureError> {
    fs::create_dir_all(folder).map_err(|error| file_error(folder, error))
}

pub(super) fn write_file(file: &Path, content: &[u8]) -> Result<(), CaptureError> {
    fs::write(file, content).map_err(|error| file_error(file, error))
}

pub(super) fn file_error(file: &Path, error: io::Error) -> CaptureError {
    CaptureError::File(file.to_owned(), error)
}
