//! Writing files.

#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt;
use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
    process,
};

/// Writes a file that nobody but its owner may read, so that who waits for it never sees a part of it, where that
/// is possible.
pub(super) fn write_secret(path: &Path, content: &[u8]) -> io::Result<()> {
    write(path, content, true)
}

/// Writes a file so that who waits for it never sees a part of it, where that is possible.
#[cfg(feature = "tls")]
pub(super) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    write(path, content, false)
}

fn write(path: &Path, content: &[u8], is_secret: bool) -> io::Result<()> {
    let special = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
    // Pipes and links stay what they are, and a file that is mounted into a container cannot be replaced.
    if special {
        return fs::write(path, content);
    }
    match replace(path, content, is_secret) {
        // What the file holds already is not given up for nothing.
        Err(error) if error.kind() != ErrorKind::StorageFull => fs::write(path, content),
        replaced => replaced,
    }
}

fn replace(path: &Path, content: &[u8], is_secret: bool) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if is_secret {
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = is_secret;
    let opened = options.open(&beside);
    let written = opened.and_then(|mut file| file.write_all(content));
    let written = written.and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
