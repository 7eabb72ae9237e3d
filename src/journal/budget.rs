//! How much all journals of one server may keep.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicIsize, Ordering},
};

use parking_lot::Mutex;

use super::Journal;

/// How many requests a journal keeps when nobody says.
pub(crate) const REQUESTS: usize = 1_000;
/// How many bytes all journals of a server keep.
const BYTES: usize = 8 * 1024 * 1024;

/// How much all journals of one server may keep.
#[derive(Debug)]
pub(crate) struct Budget {
    /// How many requests each of them keeps.
    pub(super) requests: usize,
    /// How many bytes they keep together.
    bytes: usize,
    /// May be wrong for as long as it takes to settle, in either direction.
    used: AtomicIsize,
    journals: Mutex<Vec<Weak<Journal>>>,
}

impl Budget {
    pub(crate) fn new(requests: usize) -> Arc<Self> {
        Self::of_bytes(requests, BYTES)
    }

    pub(super) fn of_bytes(requests: usize, bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            requests,
            bytes,
            used: AtomicIsize::new(0),
            journals: Mutex::default(),
        })
    }

    /// How many bytes all journals keep now.
    pub(crate) fn used(&self) -> usize {
        usize::try_from(self.used.load(Ordering::Relaxed)).unwrap_or(0)
    }

    fn add(&self, taken: usize, freed: usize) {
        let change = taken.cast_signed() - freed.cast_signed();
        self.used.fetch_add(change, Ordering::Relaxed);
    }

    /// Notes what went with a journal. It settles nothing: whoever settles may be the last to let go of one.
    pub(super) fn free(&self, bytes: usize) {
        self.add(0, bytes);
    }

    pub(super) fn share_with(&self, journal: &Arc<Journal>) {
        let mut journals = self.journals.lock();
        journals.retain(|journal| journal.strong_count() > 0);
        journals.push(Arc::downgrade(journal));
    }

    /// Notes what a journal took and freed. When all together hold too much, the largest gives its oldest
    /// requests up, so that none loses any to a neighbour that holds more than it does.
    pub(super) fn settle(&self, taken: usize, freed: usize) {
        self.add(taken, freed);
        while self.used() > self.bytes {
            let journals = self.journals.lock();
            let alive = journals.iter().filter_map(Weak::upgrade);
            let Some(largest) = alive.max_by_key(|journal| journal.bytes()) else {
                return;
            };
            drop(journals);
            let freed = largest.give_up_oldest();
            if freed == 0 {
                return;
            }
            self.add(0, freed);
        }
    }
}
