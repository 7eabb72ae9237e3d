//! Writing files.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
    process,
};

/// Writes a file so that who waits for it never sees a part of it, where that is possible.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let special = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
    // Pipes and links stay what they are, and a file that is mounted into a container cannot be replaced.
    if special {
        return fs::write(path, content);
    }
    match replace(path, content) {
        // What the file holds already is not given up for nothing.
        Err(error) if error.kind() != ErrorKind::StorageFull => fs::write(path, content),
        replaced => replaced,
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", process::id()));
    let written = fs::write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
