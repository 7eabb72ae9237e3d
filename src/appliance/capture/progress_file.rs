//! The responses that an unfinished capture has read, from which it continues.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::CaptureError;
use crate::appliance::object::{ListPage, Object};

/// A file with a line for each response, which is removed at the end of the capture.
#[derive(Debug)]
pub(crate) struct ProgressFile {
    path: PathBuf,
    file: Mutex<File>,
    known: BTreeMap<String, Answer>,
}

/// The response to a request, without secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Content(Entry),
    /// The status of a response without content.
    Rejection(u16),
}

/// The content of a response.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Entry {
    List(ListPage),
    Object(Object),
    /// Bytes in base64.
    Bytes(String),
}

#[derive(Deserialize)]
struct Line {
    target: String,
    answer: Answer,
}

#[derive(Serialize)]
struct LineReference<'l> {
    target: &'l str,
    answer: &'l Answer,
}

impl ProgressFile {
    /// The name of the file in the folder of the capture.
    pub(crate) const NAME: &str = ".capture.jsonl";

    /// Opens the file in a folder. `settings` describes the capture: another one is an error.
    pub(crate) fn open(folder: &Path, settings: &str) -> Result<Self, CaptureError> {
        let path = folder.join(Self::NAME);
        let file_error = |error| CaptureError::File(path.clone(), error);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(file_error)?,
        };
        // A line that was cut off by the end of the process is written again.
        let complete = text.rfind('\n').map_or(0, |end| end + 1);
        let mut lines = text[..complete].lines();
        let first = lines.next();
        let is_other = first.is_some_and(|first| first != settings);
        // Without a response, there is nothing to lose.
        if is_other && lines.clone().next().is_some() {
            return Err(CaptureError::OtherCapture(path));
        }
        let complete = if is_other { 0 } else { complete };
        let lines = lines.map(serde_json::from_str::<Line>);
        let known = lines.map(|line| line.map(|line| (line.target, line.answer)));
        let known: Result<BTreeMap<_, _>, _> = known.collect();
        let known = known.map_err(|error| file_error(io::Error::other(error)))?;
        let mut file = open_private(&path).map_err(file_error)?;
        file.set_len(complete as u64).map_err(file_error)?;
        if complete == 0 {
            writeln!(file, "{settings}").map_err(file_error)?;
        }
        Ok(Self {
            path,
            file: Mutex::new(file),
            known,
        })
    }

    /// Returns the number of responses of earlier runs.
    pub(crate) fn known(&self) -> usize {
        self.known.len()
    }

    /// Removes the file.
    pub(crate) fn remove(self) -> Result<(), CaptureError> {
        fs::remove_file(&self.path).map_err(|error| CaptureError::File(self.path, error))
    }

    pub(super) fn answer(&self, target: &str) -> Option<Answer> {
        self.known.get(target).cloned()
    }

    pub(super) fn add(&self, target: &str, answer: &Answer) -> Result<(), CaptureError> {
        let line = LineReference { target, answer };
        let mut line = serde_json::to_vec(&line).expect("the texts can be written as JSON");
        line.push(b'\n');
        let mut file = self.file.lock();
        file.write_all(&line)
            .map_err(|error| CaptureError::File(self.path.clone(), error))
    }
}

/// Opens a file that only its owner can read.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
