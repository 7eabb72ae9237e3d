//! Kinds, modes, identities and locks of files.

#[cfg(feature = "cli")]
use std::{
    fs::{File, Metadata, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};
use std::{
    fs::{FileType, OpenOptions},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
};

/// The device of a file, and its number there. They remain when it is renamed.
#[cfg(feature = "cli")]
pub(crate) type Identity = (u64, u64);

/// Makes opening a file never wait, as a FIFO without a writer would, and never attach a terminal.
pub(crate) fn open_without_waiting(options: &mut OpenOptions) {
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
}

/// Returns the name of a kind that is neither a regular file nor a folder.
pub(crate) fn special_kind(found: FileType) -> Option<&'static str> {
    if found.is_fifo() {
        Some("a FIFO")
    } else if found.is_socket() {
        Some("a socket")
    } else if found.is_char_device() || found.is_block_device() {
        Some("a device")
    } else {
        None
    }
}

/// Returns the identity of a file.
#[cfg(feature = "cli")]
pub(crate) fn identity(metadata: &Metadata) -> Option<Identity> {
    Some((metadata.dev(), metadata.ino()))
}

/// Returns the permissions of a new file. The umask of the process applies to the mode.
#[cfg(feature = "cli")]
pub(crate) fn permissions(mode: u32) -> Option<Permissions> {
    Some(Permissions::from_mode(mode))
}

/// Locks a file until it is closed. A reader needs no lock.
#[cfg(feature = "cli")]
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

/// Makes a new entry of a folder survive a loss of power.
#[cfg(feature = "cli")]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes a temporary folder that only its owner can read.
#[cfg(feature = "appliance")]
pub(crate) fn temporary_folder() -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(Permissions::from_mode(0o700)).tempdir()
}
