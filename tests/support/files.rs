//! Files of the project.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Returns the paths of the XML files in a folder and in those below it.
pub(crate) fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.flat_map(|path| match path.is_dir() {
        true => xml_files(&path),
        false => vec![path],
    });
    let is_xml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "xml");
    files.filter(is_xml).collect()
}

/// Returns the contents of the XML files in a folder of the project and in those below it.
pub(crate) fn xml_documents(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = xml_files(&root.join(folder));
    assert!(files.len() > 1, "{folder}");
    let documents = files.iter().map(fs::read_to_string);
    documents
        .map(|document| document.expect("a file"))
        .collect()
}
