//! The handle of a connection.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::watch;

use super::{Activity, Truncation};

/// The handle of a connection, shared by its byte stream, the server and the request in flight.
#[derive(Debug)]
pub(crate) struct ConnectionHandle {
    has_truncation: AtomicBool,
    truncation: Mutex<Option<Truncation>>,
    pub(crate) activity: Activity,
    /// True for a connection beyond the limit: it exists only to be rejected.
    pub(crate) is_surplus: bool,
    /// Closed when the server shuts down.
    shutdown: watch::Receiver<()>,
}

impl ConnectionHandle {
    pub(crate) fn new(shutdown: watch::Receiver<()>, is_surplus: bool) -> Arc<Self> {
        Arc::new(Self {
            has_truncation: AtomicBool::new(false),
            truncation: Mutex::default(),
            activity: Activity::default(),
            is_surplus,
            shutdown,
        })
    }

    /// Truncates the response of the request in flight.
    pub(crate) fn truncate(&self, truncation: Truncation) {
        *self.truncation.lock() = Some(truncation);
        self.has_truncation.store(true, Ordering::Release);
    }

    /// Returns the truncation of the response that is about to be written, if any.
    pub(super) fn truncation(&self) -> Option<Truncation> {
        if self.has_truncation.load(Ordering::Acquire) {
            self.truncation.lock().clone()
        } else {
            None
        }
    }

    /// Returns true if the server is shutting down.
    pub(crate) fn is_shutting_down(&self) -> bool {
        self.shutdown.has_changed().is_err()
    }

    /// Waits until the server shuts down.
    pub(crate) async fn wait_for_shutdown(&self) {
        let mut shutdown = self.shutdown.clone();
        // The channel carries no value: only its end is an error.
        while shutdown.changed().await.is_ok() {}
    }
}
