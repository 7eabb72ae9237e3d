//! Reading files that may be anything: their paths come from the command line, and other programs can replace them.

use std::{
    fs::{self, File, FileType, Metadata},
    io::{self, ErrorKind, Read},
    path::Path,
};

use crate::os::files::{open_without_waiting, special_kind};

/// Opens a regular file to read it, and follows links. Fails for everything else, and never waits: a FIFO without a
/// writer, or some of the files in `/proc`, would block a read.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    // A device is not opened at all, because that may have an effect.
    check_kind(&fs::metadata(path)?)?;
    let mut options = File::options();
    options.read(true);
    open_without_waiting(&mut options);
    let file = options.open(path)?;
    // Another file may have been put at the path in the meantime.
    check_kind(&file.metadata()?)?;
    Ok(file)
}

/// Reads a small file of any kind, such as a pipe that a shell passes to a command.
#[cfg(feature = "cli")]
pub(crate) fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    const MAX_BYTES: u64 = 16 * 1024 * 1024;
    read_to_end(&File::open(path)?, MAX_BYTES)
}

/// Reads a file to its end. Fails if it has more than `max` bytes, even if it grows while it is read.
pub(crate) fn read_to_end(file: &File, max: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let message = format!("it has more than {max} bytes, the maximum");
        io::Error::new(ErrorKind::FileTooLarge, message)
    };
    let size = file.metadata()?.len();
    if size > max {
        return Err(too_large());
    }
    let mut content = Vec::new();
    content.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX))?;
    file.take(max.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > max {
        return Err(too_large());
    }
    Ok(content)
}

fn check_kind(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = kind(metadata.file_type());
    let message = format!("it is {kind}, expected a regular file");
    Err(io::Error::new(ErrorKind::InvalidInput, message))
}

fn kind(found: FileType) -> &'static str {
    if let Some(special) = special_kind(found) {
        return special;
    }
    if found.is_dir() {
        "a folder"
    } else {
        "of another kind"
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{
        os::unix::{fs::symlink, net::UnixListener},
        process::Command,
    };

    use super::*;

    #[track_caller]
    fn reason(path: &Path) -> String {
        open_regular(path).expect_err("it is rejected").to_string()
    }

    #[test]
    fn everything_but_a_regular_file_is_rejected_and_nothing_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let fifo = path("fifo");
        assert!(
            Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        symlink(&fifo, path("link")).unwrap();
        symlink("loop", path("loop")).unwrap();
        let _listener = UnixListener::bind(path("socket")).unwrap();
        assert_eq!(reason(&fifo), "it is a FIFO, expected a regular file");
        assert_eq!(
            reason(&path("link")),
            "it is a FIFO, expected a regular file"
        );
        let socket = reason(&path("socket"));
        assert_eq!(socket, "it is a socket, expected a regular file");
        let device = reason(Path::new("/dev/zero"));
        assert_eq!(device, "it is a device, expected a regular file");
        let own_folder = reason(folder.path());
        assert_eq!(own_folder, "it is a folder, expected a regular file");
        assert!(open_regular(&path("loop")).is_err());
        assert!(open_regular(&path("missing")).is_err());
        fs::write(path("file"), "content").unwrap();
        symlink("file", path("link to file")).unwrap();
        let file = open_regular(&path("link to file")).unwrap();
        assert_eq!(read_to_end(&file, 7).unwrap(), b"content");
    }

    #[test]
    fn a_file_that_is_too_large_or_endless_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let file = open_regular(&path).unwrap();
        let error = read_to_end(&file, 6).unwrap_err();
        assert_eq!(error.to_string(), "it has more than 6 bytes, the maximum");
        let sparse = File::create(&path).unwrap();
        sparse.set_len(1 << 40).unwrap();
        let error = read_to_end(&open_regular(&path).unwrap(), 6).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        // Its size is 0, and it has no end.
        let endless = File::open("/dev/zero").unwrap();
        assert_eq!(
            read_to_end(&endless, 6).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
    }
}
