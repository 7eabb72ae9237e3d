//! The files that a document refers to.

use std::{
    collections::HashMap,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::engine::file::{open_regular, read_to_end};

/// The files that a document refers to. Each is read once, so that the document means the same when it is read again.
#[derive(Debug, Default)]
pub(crate) struct Attachments {
    /// The folder of the document. `None` for one that is not a file: a client that sends it must not read the files of
    /// the server.
    folder: Option<PathBuf>,
    read: Mutex<HashMap<String, Bytes>>,
}

impl Attachments {
    /// Returns the files beside that of a document.
    pub(super) fn beside(document: &Path) -> Self {
        Self {
            folder: document.parent().map(Path::to_owned),
            read: Mutex::default(),
        }
    }

    /// Returns the content of a file with at most `max` bytes.
    pub(crate) fn read(&self, name: &str, max: usize) -> io::Result<Bytes> {
        let Some(folder) = &self.folder else {
            let message = "a document that is not a file itself has no files";
            return Err(io::Error::new(ErrorKind::PermissionDenied, message));
        };
        if let Some(content) = self.read.lock().get(name) {
            return Ok(content.clone());
        }
        let content = read_to_end(&open_regular(&folder.join(name))?, max as u64)?;
        let content = Bytes::from(content);
        self.read.lock().insert(name.to_owned(), content.clone());
        Ok(content)
    }
}
