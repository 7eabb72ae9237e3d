//! Spaces: isolated worlds inside one process.

mod changes;
mod coverage;
mod seed_object;
mod seed_source;
mod snapshots;
mod spaces;
mod state;

use std::sync::Arc;

use crate::{
    engine::{Clock, RandomStream, Records},
    faults::Faults,
    journal::Journal,
    schema::Release,
};

pub(crate) use changes::Changes;
pub(crate) use coverage::{Counters, CoverageHit};
pub use coverage::{Coverage, Covered, ResourceCoverage};
pub(crate) use seed_object::SeedObject;
pub(crate) use seed_source::{SeedError, SeedSource};
pub(crate) use snapshots::{Snapshots, TooManySnapshots};
pub(crate) use spaces::{Assignment, DEFAULT, MAX_NAME_LENGTH, SpaceError, SpaceTemplate, Spaces};

/// An isolated world: its store, its clock, its journal, its faults and its snapshots.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) name: Box<str>,
    /// The seed of everything random in it.
    pub(crate) seed: u64,
    pub(crate) records: Records,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Faults,
    pub(crate) snapshots: Snapshots,
    /// What its requests touched.
    pub(crate) coverage: Counters,
    origin: Arc<SpaceTemplate>,
}

impl Space {
    fn new(name: &str, seed: u64, origin: &Arc<SpaceTemplate>) -> Self {
        let clock = Clock::new(origin.source.clock);
        let ids = RandomStream::new(seed, name, "ids");
        Self {
            name: name.into(),
            seed,
            records: Records::new(origin.source.release, clock, origin.store(), ids),
            journal: Journal::new(&origin.journals),
            faults: Faults::new(seed, name),
            snapshots: Snapshots::default(),
            coverage: Counters::default(),
            origin: Arc::clone(origin),
        }
    }

    pub(crate) fn release(&self) -> Release {
        self.records.release
    }

    /// The store goes back to the seed, the journal is emptied, faults end, the clock and everything random
    /// begin again. Snapshots and coverage stay.
    ///
    /// A request in flight may still write to the store that it finds, and faults go on holding what they hold.
    pub(crate) fn reset(&self) {
        // The journal last: no request is in it that a fault of before has hit.
        self.faults.reset();
        self.records.clock.set(self.origin.source.clock);
        self.records.replace(self.origin.store());
        self.journal.empty();
    }

    /// Keeps the store as it is now under `name`.
    pub(crate) fn snapshot(&self, name: &str) -> Result<(), TooManySnapshots> {
        self.snapshots.take(name, self.records.read())
    }

    /// Puts the store that was kept under `name` back; tells whether there is one.
    pub(crate) fn restore(&self, name: &str) -> bool {
        let Some(store) = self.snapshots.get(name) else {
            return false;
        };
        self.records.replace(store);
        true
    }
}

impl Drop for Space {
    /// What a request touched that was still in flight when the space was deleted counts, too.
    fn drop(&mut self) {
        self.coverage.move_to(&self.origin.deleted);
    }
}
