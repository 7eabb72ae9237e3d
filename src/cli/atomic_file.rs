//! Files that are replaced as a whole, so that a reader never sees a part of the content.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use crate::os::files;

/// The users that may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Only the owner (mode 0600 on Unix).
    Owner,
    /// All users, as far as the umask of the process allows.
    #[cfg(feature = "tls")]
    Everyone,
}

/// The name of a temporary file.
#[derive(Clone, Copy, Debug)]
pub(super) enum TemporaryName<'n> {
    Random,
    Fixed(&'n OsStr),
}

/// A temporary file that will replace another one in the same folder. It is deleted if it is dropped before.
#[derive(Debug)]
pub(super) struct Replacement(NamedTempFile);

impl Replacement {
    /// Creates an empty file in `folder`. Fails with [`ErrorKind::AlreadyExists`] if a fixed name is in use.
    pub(super) fn create(
        folder: &Path,
        name: TemporaryName<'_>,
        access: Access,
    ) -> io::Result<Self> {
        let mut builder = Builder::new();
        match name {
            TemporaryName::Random => builder.prefix(".cuc-mock-"),
            TemporaryName::Fixed(name) => builder.prefix(name).rand_bytes(0),
        };
        if let Some(permissions) = files::permissions(access.mode()) {
            builder.permissions(permissions);
        }
        builder.tempfile_in(folder).map(Self)
    }

    pub(super) fn file(&self) -> &File {
        self.0.as_file()
    }

    pub(super) fn write(&mut self, content: &[u8]) -> io::Result<()> {
        self.0.write_all(content)
    }

    /// Renames the file to `path`. Returns the open file.
    pub(super) fn persist(self, path: &Path) -> io::Result<File> {
        let (file, temporary) = self.0.keep()?;
        // Unlike `NamedTempFile::persist`, this can replace a file that is open on Windows.
        match fs::rename(&temporary, path) {
            Ok(()) => Ok(file),
            Err(error) => {
                let _ = fs::remove_file(temporary);
                Err(error)
            }
        }
    }

    /// Closes the file without deleting it.
    pub(super) fn abandon(mut self) {
        self.0.disable_cleanup(true);
    }
}

impl Access {
    /// Returns the mode of a new file. The umask applies to it.
    fn mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            #[cfg(feature = "tls")]
            Self::Everyone => 0o666,
        }
    }
}

/// Replaces a file as a whole. The target of a link is replaced, not the link.
pub(super) fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    match access {
        Access::Owner => replace(&resolve(path)?, content, access).map_err(explain_busy_target),
        #[cfg(feature = "tls")]
        Access::Everyone => write_public(path, content),
    }
}

/// Replaces a file, or writes it in place if that is impossible: a pipe, or a file that is mounted into a container. A
/// file with secrets is never written in place, because other users may be able to read it.
#[cfg(feature = "tls")]
fn write_public(path: &Path, content: &[u8]) -> io::Result<()> {
    let replaced = resolve(path).and_then(|path| replace(&path, content, Access::Everyone));
    let exists = || fs::metadata(path).is_ok_and(|metadata| !metadata.is_dir());
    match replaced {
        // Writing in place to a full disk would destroy the old content.
        Err(error) if error.kind() != ErrorKind::StorageFull && exists() => {
            write_in_place(path, content)
        }
        result => result,
    }
}

/// Writes an existing file. Fails for a FIFO without a reader, which would block.
#[cfg(feature = "tls")]
fn write_in_place(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).truncate(true);
    files::open_without_waiting(&mut options);
    options.open(path)?.write_all(content)
}

fn replace(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let mut replacement = Replacement::create(folder_of(path), TemporaryName::Random, access)?;
    replacement.write(content)?;
    replacement.persist(path).map(drop)
}

/// Resolves links in the path of a file to replace. The file does not need to exist, but its folder does.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(invalid("it is a folder, expected a file")),
        Ok(metadata) if !metadata.is_file() => {
            Err(invalid("it is not a regular file, and cannot be replaced"))
        }
        Ok(_) => fs::canonicalize(path),
        Err(error) if error.kind() == ErrorKind::NotFound => resolve_missing(path),
        Err(error) => Err(error),
    }
}

fn resolve_missing(path: &Path) -> io::Result<PathBuf> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(invalid("it is a link to a file that does not exist"));
    }
    let Some(name) = path.file_name() else {
        return Err(invalid("expected the name of a file"));
    };
    Ok(fs::canonicalize(folder_of(path))?.join(name))
}

pub(super) fn invalid(message: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, message)
}

pub(super) fn explain_busy_target(error: io::Error) -> io::Error {
    if error.kind() != ErrorKind::ResourceBusy {
        return error;
    }
    let message = "it is a mount point, which cannot be replaced: mount its folder instead";
    io::Error::new(ErrorKind::ResourceBusy, message)
}

/// Returns the folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").permissions().mode() & 0o777
    }

    #[test]
    fn a_replacement_leaves_no_other_file_and_hides_secrets_from_other_users() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.xml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        write(&path, b"new", Access::Owner).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(feature = "tls")]
    fn other_users_may_read_a_public_file_as_far_as_the_umask_allows() {
        let folder = tempfile::tempdir().unwrap();
        let [own, expected] = ["own", "expected"].map(|name| folder.path().join(name));
        fs::write(&expected, "").unwrap();
        write(&own, b"", Access::Everyone).unwrap();
        assert_eq!(mode(&own), mode(&expected));
    }

    /// Checks that nothing with secrets is written to `path`, and returns the reason.
    #[track_caller]
    fn reason(path: &Path) -> String {
        let error = write(path, b"secret", Access::Owner).expect_err("it is rejected");
        error.to_string()
    }

    #[test]
    fn a_file_with_secrets_is_written_only_to_a_regular_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        symlink(path("elsewhere"), path("dangling")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(path("fifo"))
            .status();
        assert!(made.unwrap().success());
        symlink(path("fifo"), path("link to fifo")).unwrap();
        let special = "it is not a regular file, and cannot be replaced";
        assert_eq!(reason(&path("fifo")), special);
        assert_eq!(reason(&path("link to fifo")), special);
        assert_eq!(reason(Path::new("/dev/null")), special);
        assert_eq!(reason(folder.path()), "it is a folder, expected a file");
        let dangling = "it is a link to a file that does not exist";
        assert_eq!(reason(&path("dangling")), dangling);
        assert!(!path("elsewhere").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn the_readers_of_a_replaced_file_do_not_see_the_new_content() {
        let folder = tempfile::tempdir().unwrap();
        let [target, link, other] =
            ["target", "link", "other name"].map(|name| folder.path().join(name));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, PermissionsExt::from_mode(0o666)).unwrap();
        fs::hard_link(&target, &other).unwrap();
        symlink(&target, &link).unwrap();
        write(&link, b"secret", Access::Owner).unwrap();
        assert_eq!(
            (fs::read(&target).unwrap(), mode(&target)),
            (b"secret".into(), 0o600)
        );
        assert_eq!(fs::read(&other).unwrap(), b"old");
    }

    #[test]
    #[cfg(feature = "tls")]
    fn a_public_file_may_be_a_pipe_with_a_reader() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        assert!(write(&fifo, b"public", Access::Everyone).is_err());
        let mut reader = File::options().read(true).write(true).open(&fifo).unwrap();
        write(&fifo, b"public", Access::Everyone).unwrap();
        let mut content = [0; 6];
        io::Read::read_exact(&mut reader, &mut content).unwrap();
        assert_eq!(&content, b"public");
    }

    #[test]
    fn a_link_is_followed_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [target, link] = ["target", "link"].map(|name| folder.path().join(name));
        fs::write(&target, "old").unwrap();
        symlink(&target, &link).unwrap();
        write(&link, b"new", Access::Owner).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn a_replacement_that_cannot_be_renamed_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("folder");
        fs::create_dir(&target).unwrap();
        let replacement =
            Replacement::create(folder.path(), TemporaryName::Random, Access::Owner).unwrap();
        let error = replacement.persist(&target).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::IsADirectory);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_dropped_replacement_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let name = TemporaryName::Fixed("state.xml.saving".as_ref());
        let create = || Replacement::create(folder.path(), name, Access::Owner);
        let mut replacement = create().unwrap();
        replacement.write(b"half").unwrap();
        assert_eq!(create().unwrap_err().kind(), ErrorKind::AlreadyExists);
        drop(replacement);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
