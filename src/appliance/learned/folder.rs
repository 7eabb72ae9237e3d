//! The folder with the files of descriptions.

use std::{fs, io, path::Path};

use super::Learned;
use crate::schema::path;

const ERRORS: &str = "errors.xml";

impl Learned {
    /// Writes the files to a folder, which is created if it is missing. Fails if it has any content, so that nothing is
    /// overwritten or mixed.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        if fs::read_dir(folder)?.next().is_some() {
            let message = "the folder is not empty, expected a new or an empty one";
            return Err(io::Error::new(io::ErrorKind::DirectoryNotEmpty, message));
        }
        for (name, text) in &self.files {
            fs::write(folder.join(name), text)?;
        }
        Ok(())
    }
}

/// Names the files of descriptions, which are given with the paths of their resources.
pub(super) fn named<'p>(texts: impl Iterator<Item = (&'p str, String)>) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for (resource, text) in texts {
        let stem = path::without_parameters(resource).replace('/', "-");
        let mut name = format!("{stem}.xml");
        let mut number = 1;
        while name == ERRORS
            || files
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(&name))
        {
            number += 1;
            name = format!("{stem}-{number}.xml");
        }
        files.push((name, text));
    }
    files
}

/// Returns the file with the contents of errors.
pub(super) fn errors(text: String) -> (String, String) {
    (ERRORS.to_owned(), text)
}
