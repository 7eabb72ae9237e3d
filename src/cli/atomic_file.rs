//! Files that are replaced as a whole where that is possible, so that a reader never sees a part of the content.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

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
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(access.mode()));
        #[cfg(not(unix))]
        let _ = access;
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

#[cfg(unix)]
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

/// Replaces a file as a whole where that is possible, otherwise writes it in place.
pub(super) fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let is_special = fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file());
    // Pipes and links stay as they are. A file that is mounted into a container cannot be replaced.
    if is_special {
        return fs::write(path, content);
    }
    match replace(path, content, access) {
        // Writing in place to a full disk would destroy the old content.
        Err(error) if error.kind() != ErrorKind::StorageFull => fs::write(path, content),
        result => result,
    }
}

fn replace(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let mut replacement = Replacement::create(folder_of(path), TemporaryName::Random, access)?;
    replacement.write(content)?;
    replacement.persist(path).map(drop)
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
