//! A file that is replaced as a whole, by one server at a time.

#[cfg(unix)]
use std::fs::TryLockError;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// A file that is replaced as a whole, by one server at a time: whoever reads it, also after a crash, finds what was
/// written last, or what was written before that.
#[derive(Debug)]
pub(super) struct StateFile {
    /// With links resolved: what they lead to is replaced, and not they.
    path: PathBuf,
    /// Where it is written before it takes its place. The name is always the same, so that crashes leave one at most.
    beside: PathBuf,
    folder: PathBuf,
    /// The file in its place, locked. There is nothing else that would have to be tidied up.
    held: Option<File>,
}

impl StateFile {
    /// Takes the file for this server alone. Tells what it holds, if it is there.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<Vec<u8>>)> {
        let path = resolved(path)?;
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let mut beside = path.clone().into_os_string();
        beside.push(".saving");
        let mut file = Self {
            path,
            beside: beside.into(),
            folder,
            held: None,
        };
        let Some(mut held) = file.claim()? else {
            return Ok((file, None));
        };
        let mut content = Vec::new();
        held.read_to_end(&mut content)?;
        file.held = Some(held);
        Ok((file, Some(content)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts `content` in the place of what it held, for its owner alone to read. When this returns it is on the disk.
    pub(super) fn write(&mut self, content: &[u8]) -> io::Result<()> {
        let file = self.create()?;
        let replaced = self.replace(&file, content);
        match replaced {
            Ok(()) => self.held = Some(file),
            // Nobody else can have made it.
            Err(_) => drop(fs::remove_file(&self.beside)),
        }
        replaced
    }

    fn replace(&self, mut file: &File, content: &[u8]) -> io::Result<()> {
        file.write_all(content)?;
        file.sync_all()?;
        // Where somebody put another file in its place, that one may be another server's.
        let is_own = |held| is_at(held, &self.path);
        if !self.held.as_ref().is_some_and(is_own) && self.claim()?.is_some() && self.held.is_none()
        {
            return Err(in_use());
        }
        fs::rename(&self.beside, &self.path).map_err(|error| match error.kind() {
            ErrorKind::ResourceBusy => {
                let message =
                    "it is mounted by itself, and so cannot be replaced: mount its folder";
                io::Error::new(ErrorKind::ResourceBusy, message)
            }
            _ => error,
        })?;
        match sync_folder(&self.folder) {
            Err(error) if !cannot_be_synced(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// The file in its place, locked, if there is one.
    fn claim(&self) -> io::Result<Option<File>> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        lock(&file, &self.path)?;
        Ok(Some(file))
    }

    /// A new file to write to, locked. What a server that was killed has left there is thrown away.
    fn create(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let created = match options.open(&self.beside) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.throw_away()?;
                options.open(&self.beside)
            }
            created => created,
        };
        let created = created.map_err(|error| {
            let folder = self.folder.display();
            let message = format!("no file can be made in the folder {folder}: {error}");
            io::Error::new(error.kind(), message)
        })?;
        lock(&created, &self.beside)?;
        Ok(created)
    }

    fn throw_away(&self) -> io::Result<()> {
        let is_file = fs::symlink_metadata(&self.beside).is_ok_and(|found| found.is_file());
        let left = is_file.then(|| File::open(&self.beside)).transpose()?;
        if let Some(left) = &left {
            lock(left, &self.beside)?;
        }
        fs::remove_file(&self.beside)
    }
}

/// The file that a path leads to, which need not be there.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let refused = |message| Err(io::Error::new(ErrorKind::InvalidInput, message));
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => refused("it is a folder, expected a file"),
        Ok(found) if !found.is_file() => refused("it is no regular file, and cannot be replaced"),
        Ok(_) => fs::canonicalize(path),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if fs::symlink_metadata(path).is_ok() {
                return refused("it is a link to what is not there");
            }
            let Some(name) = path.file_name() else {
                return refused("expected the name of a file");
            };
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            match fs::canonicalize(folder.unwrap_or(Path::new("."))) {
                Ok(folder) => Ok(folder.join(name)),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    refused("its folder is not there")
                }
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// Locks a file that is to be at `path`, until it is closed.
#[cfg(unix)]
fn lock(file: &File, path: &Path) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(in_use()),
        // Some file systems know no locks.
        Err(TryLockError::Error(_)) => Ok(()),
        // Between opening and locking, somebody else may have taken its place.
        Ok(()) if !is_at(file, path) => Err(in_use()),
        Ok(()) => Ok(()),
    }
}

/// Nobody could read a locked file here.
#[cfg(not(unix))]
fn lock(_: &File, _: &Path) -> Result<(), io::Error> {
    Ok(())
}

fn in_use() -> io::Error {
    io::Error::new(
        ErrorKind::ResourceBusy,
        "another server keeps its state there",
    )
}

/// Whether it is this file that `path` leads to.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |found: fs::Metadata| (found.dev(), found.ino());
    let held = file.metadata().map(place);
    held.is_ok_and(|held| {
        fs::metadata(path)
            .map(place)
            .is_ok_and(|found| found == held)
    })
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// So that the new name survives a loss of power, too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn cannot_be_synced(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Unsupported
    )
}
