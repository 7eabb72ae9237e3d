//! The file, pipe or terminal that the log is written to.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::{AsFd, OwnedFd},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    pipe::PIPE_BUF,
};

/// The file, pipe or terminal that the log is written to. It is shared with other processes, so it stays in blocking mode.
#[derive(Debug)]
pub(crate) struct LogOutput {
    file: File,
    /// True if writing never waits for a reader.
    is_file: bool,
}

impl LogOutput {
    pub(crate) fn stderr() -> io::Result<Self> {
        Ok(Self::new(io::stderr().as_fd().try_clone_to_owned()?))
    }

    pub(crate) fn new(descriptor: OwnedFd) -> Self {
        let file = File::from(descriptor);
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
        Self { file, is_file }
    }

    /// Writes as much as fits without waiting for a reader. Returns the number of bytes.
    pub(crate) fn write_available(&self, bytes: &[u8]) -> usize {
        const NO_WAIT: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let mut written = 0;
        while written < bytes.len() && (self.is_file || self.is_writable(Some(&NO_WAIT))) {
            // A write of this size to a pipe with room does not block.
            let end = bytes.len().min(written + PIPE_BUF);
            match (&self.file).write(&bytes[written..end]) {
                Ok(0) => break,
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // A closed stderr is no reason to stop the server.
                Err(_) => return bytes.len(),
            }
        }
        written
    }

    /// Waits for the reader until everything is written.
    pub(crate) fn write_all(&self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.is_writable(None) {
                bytes = &bytes[self.write_available(bytes)..];
            }
        }
    }

    /// Returns whether the reader has room, within this time.
    fn is_writable(&self, timeout: Option<&Timespec>) -> bool {
        let mut descriptors = [PollFd::new(&self.file, PollFlags::OUT)];
        match poll(&mut descriptors, timeout) {
            Ok(ready) => ready > 0,
            // Then writing reports the error.
            Err(error) => error != Errno::INTR,
        }
    }
}
