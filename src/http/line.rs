//! What the connection of a request is to do with the answer, beside carrying it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::Pace;

/// The connection of a request, in the request's extensions.
#[derive(Debug)]
pub(crate) struct Line {
    is_planned: AtomicBool,
    plan: Mutex<Option<Plan>>,
    pub(crate) pace: Pace,
    /// Whether there are so many connections that this one is here to be refused.
    pub(crate) is_surplus: bool,
    /// Hangs up when the server is to stop.
    stop: watch::Receiver<()>,
}

/// How an answer breaks off. The connection ends with it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// What is still sent.
    pub(crate) after: After,
    /// What is sent then, in place of the rest.
    pub(crate) instead: Bytes,
    /// Whether the connection is reset, not closed.
    pub(crate) reset: bool,
}

/// How much of an answer is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum After {
    Nothing,
    /// The head, and so many bytes of the body.
    Body(u64),
}

impl Line {
    pub(crate) fn new(stop: watch::Receiver<()>, is_surplus: bool) -> Arc<Self> {
        Arc::new(Self {
            is_planned: AtomicBool::new(false),
            plan: Mutex::default(),
            pace: Pace::default(),
            is_surplus,
            stop,
        })
    }

    /// Says what happens to the answer of the request in flight.
    pub(super) fn plan(&self, plan: Plan) {
        *self.plan.lock() = Some(plan);
        self.is_planned.store(true, Ordering::Release);
    }

    /// What happens to the answer that is about to be written, if anything was said.
    pub(crate) fn planned(&self) -> Option<Plan> {
        match self.is_planned.load(Ordering::Acquire) {
            false => None,
            true => self.plan.lock().clone(),
        }
    }

    /// Waits until the server is to stop.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.clone();
        // Nothing is ever sent.
        while stop.changed().await.is_ok() {}
    }
}
