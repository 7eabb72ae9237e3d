//! The cancellation of a long operation.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::DecodeError;

/// Ends a long operation on another thread early.
#[derive(Debug, Default)]
pub(crate) struct Cancellation(AtomicBool);

impl Cancellation {
    pub(crate) fn request(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.0.load(Relaxed)
    }

    /// Fails at this byte of a document if the cancellation was requested.
    pub(crate) fn check(&self, at: usize) -> Result<(), DecodeError> {
        if self.is_requested() {
            return Err(DecodeError::new(at, "loading was cancelled here"));
        }
        Ok(())
    }
}
