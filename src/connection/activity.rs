//! The activity of a connection. It distinguishes an idle connection from a slow one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// The activity of a connection.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    requests: AtomicU64,
    /// True from the head of a request to the end of its response.
    has_request: AtomicBool,
    /// True while the body of a request arrives.
    is_receiving_body: AtomicBool,
    /// True once a body was dropped before its end. Only hyper knows where the next request begins then.
    has_partial_body: AtomicBool,
    /// True if bytes were read since the last response.
    has_input: AtomicBool,
    /// True if the last read found nothing.
    is_drained: AtomicBool,
    writes: AtomicU64,
    /// True while the client does not accept the bytes that are written.
    is_blocked: AtomicBool,
}

/// The numbers of requests and writes of a connection at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) requests: u64,
    pub(crate) writes: u64,
}

impl Activity {
    /// Returns the progress of the connection up to now.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            requests: self.requests.load(Relaxed),
            writes: self.writes.load(Relaxed),
        }
    }

    /// Returns true from the head of a request to the end of its response.
    pub(super) fn has_request(&self) -> bool {
        self.has_request.load(Relaxed)
    }

    /// Returns the number of requests whose responses have ended.
    pub(super) fn ended_responses(&self) -> u64 {
        self.requests.load(Relaxed) - u64::from(self.has_request())
    }

    /// Returns true if a request has arrived completely and its response is not yet sent.
    pub(crate) fn is_busy(&self) -> bool {
        self.has_request.load(Relaxed) && !self.is_receiving_body.load(Relaxed)
    }

    /// Returns true if only a part of the head of a request has arrived.
    pub(crate) fn is_receiving_head(&self) -> bool {
        self.has_input.load(Relaxed) && !self.has_request.load(Relaxed)
    }

    /// Returns true while the body of a request arrives, even if the response is sent already.
    pub(super) fn is_receiving_body(&self) -> bool {
        self.is_receiving_body.load(Relaxed)
    }

    /// Returns true if a response, or the rest of one, is still to be sent to a request that has arrived completely.
    pub(crate) fn is_responding(&self) -> bool {
        self.is_busy() || self.is_blocked()
    }

    /// Returns true if the client does not accept the bytes that are written.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_blocked.load(Relaxed)
    }

    /// Returns true if nothing is left to do until the client sends something.
    pub(crate) fn is_idle(&self) -> bool {
        let unfinished = [
            &self.has_request,
            &self.is_receiving_body,
            &self.has_partial_body,
            &self.has_input,
            &self.is_blocked,
        ];
        !unfinished.iter().any(|flag| flag.load(Relaxed)) && self.is_drained.load(Relaxed)
    }

    /// Records an attempt to read.
    pub(super) fn record_read(&self, has_bytes: bool) {
        self.is_drained.store(!has_bytes, Relaxed);
        if has_bytes {
            self.has_input.store(true, Relaxed);
        }
    }

    /// Records an attempt to write.
    pub(super) fn record_write(&self, is_accepted: bool) {
        self.is_blocked.store(!is_accepted, Relaxed);
        if is_accepted {
            self.writes.fetch_add(1, Relaxed);
        }
    }

    /// Records the head of a request.
    pub(super) fn begin_request(&self, has_body: bool) {
        self.requests.fetch_add(1, Relaxed);
        self.has_request.store(true, Relaxed);
        if has_body {
            self.is_receiving_body.store(true, Relaxed);
        }
    }

    /// Records the end of a request's body, or that it was dropped before its end.
    pub(super) fn end_request_body(&self, is_complete: bool) {
        if self.is_receiving_body.swap(false, Relaxed) && !is_complete {
            self.has_partial_body.store(true, Relaxed);
        }
    }

    /// Records the end of a response.
    pub(super) fn end_response(&self) {
        self.has_request.store(false, Relaxed);
        self.has_input.store(false, Relaxed);
    }
}
