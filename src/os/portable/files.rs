//! Kinds, modes, identities and locks of files, as far as the standard library has them for all systems.

use std::fs::{FileType, OpenOptions};
#[cfg(feature = "cli")]
use std::{
    fs::{File, Metadata, Permissions, TryLockError},
    io,
    path::Path,
};

/// No identity: the standard library reads none.
#[cfg(feature = "cli")]
pub(crate) type Identity = ();

/// Changes nothing: opening a file does not wait.
pub(crate) fn open_without_waiting(_: &mut OpenOptions) {}

/// Returns `None`: there are only regular files and folders.
pub(crate) fn special_kind(_: FileType) -> Option<&'static str> {
    None
}

#[cfg(feature = "cli")]
pub(crate) fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// Returns `None`: new files have no mode.
#[cfg(feature = "cli")]
pub(crate) fn permissions(_: u32) -> Option<Permissions> {
    None
}

/// Does nothing: a locked file could not be read.
#[cfg(feature = "cli")]
pub(crate) fn try_lock(_: &File) -> Result<(), TryLockError> {
    Ok(())
}

/// Does nothing: folders cannot be opened as files.
#[cfg(feature = "cli")]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a temporary folder.
#[cfg(feature = "appliance")]
pub(crate) fn temporary_folder() -> std::io::Result<tempfile::TempDir> {
    tempfile::TempDir::new()
}
