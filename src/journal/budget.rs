//! The memory limit that all journals of one server share.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicIsize, Ordering},
};

use parking_lot::Mutex;

use super::{Journal, byte_budget::ByteBudget};

/// The default number of requests that a journal keeps.
pub(crate) const DEFAULT_REQUESTS: usize = 1_000;
/// The maximum size of all journals of a server together.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The maximum size of the bodies of responses other than rejections, for all journals of a server together.
const MAX_RESPONSE_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The limits of the journals of one server.
#[derive(Debug)]
pub(crate) struct Budget {
    /// The maximum number of requests in each journal.
    pub(super) max_requests: usize,
    /// The maximum size of all journals together.
    max_bytes: usize,
    /// Off by the changes that are not settled yet, in either direction.
    used: AtomicIsize,
    /// For the bodies of responses other than rejections.
    pub(super) response_bodies: Arc<ByteBudget>,
    journals: Mutex<Vec<Weak<Journal>>>,
}

impl Budget {
    pub(crate) fn new(max_requests: usize) -> Arc<Self> {
        Self::with_max_bytes(max_requests, MAX_BYTES)
    }

    pub(super) fn with_max_bytes(max_requests: usize, max_bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            max_requests,
            max_bytes,
            used: AtomicIsize::new(0),
            response_bodies: ByteBudget::new(MAX_RESPONSE_BODY_BYTES),
            journals: Mutex::default(),
        })
    }

    /// Returns how many bytes all journals keep now.
    pub(crate) fn used(&self) -> usize {
        usize::try_from(self.used.load(Ordering::Relaxed)).unwrap_or(0)
    }

    fn add(&self, allocated: usize, freed: usize) {
        let change = allocated.cast_signed() - freed.cast_signed();
        self.used.fetch_add(change, Ordering::Relaxed);
    }

    /// Subtracts the bytes of a journal that is dropped. It does not settle, because settling may itself drop the last
    /// reference to a journal.
    pub(super) fn free(&self, bytes: usize) {
        self.add(0, bytes);
    }

    pub(super) fn add_journal(&self, journal: &Arc<Journal>) {
        let mut journals = self.journals.lock();
        journals.retain(|journal| journal.strong_count() > 0);
        journals.push(Arc::downgrade(journal));
    }

    /// Counts a change. While all journals together exceed the limit, the largest one evicts its oldest requests, so
    /// no journal loses requests to one that holds more.
    pub(super) fn settle(&self, allocated: usize, freed: usize) {
        self.add(allocated, freed);
        while self.used() > self.max_bytes {
            let journals = self.journals.lock();
            let alive = journals.iter().filter_map(Weak::upgrade);
            let Some(largest) = alive.max_by_key(|journal| journal.bytes()) else {
                return;
            };
            drop(journals);
            let evicted = largest.evict_oldest();
            if evicted == 0 {
                return;
            }
            self.add(0, evicted);
        }
    }
}
