//! The progress of a capture.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

/// The progress of a capture, which another thread may show.
#[derive(Debug, Default)]
pub(crate) struct CaptureProgress {
    /// The path of the resource that is being read.
    kind: Mutex<String>,
    /// The number of its lists and objects to read, as far as it is known.
    total: AtomicUsize,
    done: AtomicUsize,
    requests: AtomicUsize,
    /// The reason for a pause, and its length.
    pause: Mutex<Option<String>>,
}

/// The progress at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProgressState {
    pub(crate) kind: String,
    pub(crate) done: usize,
    pub(crate) total: usize,
    pub(crate) requests: usize,
    pub(crate) pause: Option<String>,
}

impl CaptureProgress {
    /// Begins to read or to compare a kind, with a number of requests.
    pub(crate) fn begin(&self, kind: &str, total: usize) {
        kind.clone_into(&mut self.kind.lock());
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
    }

    pub(super) fn extend(&self, more: usize) {
        self.total.fetch_add(more, Ordering::Relaxed);
    }

    /// Counts one of them.
    pub(crate) fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request that is sent.
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        *self.pause.lock() = None;
    }

    /// Notes that the next request is delayed.
    pub(crate) fn pause(&self, reason: String) {
        *self.pause.lock() = Some(reason);
    }

    /// Returns the number of requests that were sent.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn state(&self) -> ProgressState {
        ProgressState {
            kind: self.kind.lock().clone(),
            done: self.done.load(Ordering::Relaxed),
            total: self.total.load(Ordering::Relaxed),
            requests: self.requests(),
            pause: self.pause.lock().clone(),
        }
    }
}
