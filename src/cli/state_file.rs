//! The file of a kept state, which belongs to one server at a time.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::atomic_file::{
    Access, Replacement, TemporaryName, explain_busy_target, invalid, resolve,
};
use crate::{
    engine::file::{open_regular, read_to_end},
    os::files,
};

/// A file that is replaced as a whole, by one server at a time. A reader finds the content that was written last, or
/// after a crash possibly the content before that.
#[derive(Debug)]
pub(super) struct StateFile {
    /// The path with links resolved: the target of a link is replaced, not the link.
    path: PathBuf,
    folder: PathBuf,
    /// The name is fixed, so that crashes leave at most one temporary file.
    temporary_name: OsString,
    /// The file at `path`, open and locked. The system releases the lock when the process ends, however it ends.
    lock: Option<File>,
}

impl StateFile {
    /// Locks the file for this server. Returns its content if it exists.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<Vec<u8>>)> {
        let path = resolve(path).map_err(explain_missing_folder)?;
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let mut temporary_name = path.file_name().unwrap_or_default().to_owned();
        temporary_name.push(".saving");
        let mut state_file = Self {
            path,
            folder,
            temporary_name,
            lock: None,
        };
        let Some(file) = state_file.lock_current()? else {
            return Ok((state_file, None));
        };
        // A server can read all that it has written.
        let content = read_to_end(&file, u64::MAX)?;
        state_file.lock = Some(file);
        Ok((state_file, Some(content)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the content. Only the owner may read the new file. The content is on the disk when this returns.
    pub(super) fn write(&mut self, content: &[u8]) -> io::Result<()> {
        let mut replacement = self.create()?;
        replacement.write(content)?;
        replacement.file().sync_all()?;
        self.check_owner()?;
        let file = replacement
            .persist(&self.path)
            .map_err(explain_busy_target)?;
        self.lock = Some(file);
        match files::sync_folder(&self.folder) {
            Err(error) if !is_unsupported(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Fails if another server has put its file at the path.
    fn check_owner(&self) -> io::Result<()> {
        let is_own = |file| is_at(file, &self.path);
        if self.lock.as_ref().is_some_and(is_own) {
            return Ok(());
        }
        match self.lock_current()? {
            Some(_) if self.lock.is_none() => Err(in_use()),
            _ => Ok(()),
        }
    }

    /// Opens and locks the file at the path, if there is one.
    fn lock_current(&self) -> io::Result<Option<File>> {
        let file = match open_regular(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        lock(&file, &self.path)?;
        Ok(Some(file))
    }

    /// Creates and locks the temporary file. Removes the one that a killed server has left.
    fn create(&self) -> io::Result<Replacement> {
        let path = self.folder.join(&self.temporary_name);
        let create = || {
            let name = TemporaryName::Fixed(&self.temporary_name);
            Replacement::create(&self.folder, name, Access::Owner)
        };
        let replacement = match create() {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Leftover::lock(&path)?.remove()?;
                create()?
            }
            created => created?,
        };
        lock_replacement(replacement, &path)
    }
}

/// A temporary file that a killed server may have left. It is locked, so that a server that still uses it is noticed.
struct Leftover<'p> {
    path: &'p Path,
    /// `None` if it is not a regular file.
    lock: Option<File>,
}

impl<'p> Leftover<'p> {
    fn lock(path: &'p Path) -> io::Result<Self> {
        if !fs::symlink_metadata(path)?.is_file() {
            return Ok(Self { path, lock: None });
        }
        let file = open_regular(path)?;
        lock(&file, path)?;
        let lock = Some(file);
        Ok(Self { path, lock })
    }

    /// Removes the file. The lock ends after that: a server that created the file, but did not lock it in time, then
    /// finds that it is gone.
    fn remove(self) -> io::Result<()> {
        let removed = fs::remove_file(self.path);
        drop(self.lock);
        removed
    }
}

/// Locks a new temporary file.
fn lock_replacement(replacement: Replacement, path: &Path) -> io::Result<Replacement> {
    match lock(replacement.file(), path) {
        Ok(()) => Ok(replacement),
        Err(error) => {
            // Another server removes this file as a leftover. The path may already lead to the file of that server.
            replacement.abandon();
            Err(error)
        }
    }
}

fn explain_missing_folder(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::NotFound => invalid("its folder does not exist"),
        _ => error,
    }
}

/// Locks a file that should be at `path`, until it is closed.
fn lock(file: &File, path: &Path) -> io::Result<()> {
    match files::try_lock(file) {
        Err(TryLockError::WouldBlock) => Err(in_use()),
        // Some file systems do not support locks.
        Err(TryLockError::Error(_)) => Ok(()),
        // Another server may have replaced the file after it was opened.
        Ok(()) if !is_at(file, path) => Err(in_use()),
        Ok(()) => Ok(()),
    }
}

fn in_use() -> io::Error {
    io::Error::new(
        ErrorKind::ResourceBusy,
        "another server keeps its state there",
    )
}

/// Returns true if `path` leads to this file, or to any file if the system shows no identities.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(current)) => files::identity(&own) == files::identity(&current),
        _ => false,
    }
}

/// Returns true if the file system cannot sync folders.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Unsupported
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const NAME: &str = "state.xml.saving";

    fn create(folder: &Path) -> Replacement {
        let name = TemporaryName::Fixed(NAME.as_ref());
        Replacement::create(folder, name, Access::Owner).expect("a writable folder")
    }

    #[track_caller]
    fn assert_in_use<T>(result: io::Result<T>) {
        let kind = result.err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::ResourceBusy));
    }

    #[test]
    fn a_leftover_is_locked_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let created = create(folder.path());
        let leftover = Leftover::lock(&path).unwrap();
        assert_in_use(lock(created.file(), &path));
        leftover.remove().unwrap();
        assert!(!path.exists());
        assert_in_use(lock(created.file(), &path));
    }

    #[test]
    fn a_file_that_a_server_uses_is_no_leftover() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let used = lock_replacement(create(folder.path()), &path).unwrap();
        assert_in_use(Leftover::lock(&path));
        drop(used);
        assert!(!path.exists());
    }

    #[test]
    fn a_server_that_loses_its_temporary_file_leaves_that_of_the_other_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let lost = create(folder.path());
        Leftover::lock(&path).unwrap().remove().unwrap();
        let mut other = lock_replacement(create(folder.path()), &path).unwrap();
        other.write(b"other").unwrap();
        assert_in_use(lock_replacement(lost, &path));
        let state = folder.path().join("state.xml");
        other.persist(&state).unwrap();
        assert_eq!(fs::read(state).unwrap(), b"other");
    }

    #[test]
    fn a_fifo_in_the_place_of_the_state_is_an_error_and_blocks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.xml");
        let (mut state_file, content) = StateFile::open(&path).unwrap();
        assert_eq!(content, None);
        state_file.write(b"state").unwrap();
        fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = state_file.write(b"more").unwrap_err();
        assert_eq!(error.to_string(), "it is a FIFO, expected a regular file");
        fs::remove_file(&path).unwrap();
        state_file.write(b"more").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"more");
    }
}
