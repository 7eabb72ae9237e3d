//! Spaces: isolated environments inside one process.

mod changes;
mod coverage;
mod difference;
mod name;
mod seed_object;
mod seed_source;
mod snapshots;
mod spaces;
mod state;
mod template;

use std::{ptr, sync::Arc};

use crate::{
    engine::{Clock, RandomStream, Records},
    faults::Faults,
    journal::Journal,
    resources::BEHAVIOURS,
    schema::{Release, ResourceId},
    store::Store,
};

pub(crate) use changes::Changes;
pub use coverage::{CategoryCoverage, Coverage, InferredResponse, ResourceCoverage};
pub(crate) use coverage::{CoverageHit, CoverageRecord};
pub(crate) use difference::compare;
pub use difference::{Change, Difference, FieldDifference, ObjectDifference};
pub(crate) use name::{DEFAULT_SPACE, MAX_NAME_LENGTH};
pub(crate) use seed_object::SeedObject;
pub(crate) use seed_source::{SeedError, SeedSource};
pub(crate) use snapshots::{Snapshots, TooManySnapshots};
#[cfg(feature = "cli")]
pub(crate) use spaces::log_errors;
pub(crate) use spaces::{Assignment, ResourcesError, SpaceError, Spaces};
pub(crate) use template::SpaceTemplate;

/// An isolated environment: a store, a clock, a journal, faults and snapshots.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) name: Arc<str>,
    /// The seed of all random values in the space.
    pub(crate) seed: u64,
    pub(crate) records: Records,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Faults,
    pub(crate) snapshots: Snapshots,
    /// The coverage of the requests to the space.
    pub(crate) coverage: CoverageRecord,
    template: Arc<SpaceTemplate>,
}

impl Space {
    fn new(name: &str, seed: u64, template: &Arc<SpaceTemplate>) -> Self {
        let clock = Clock::new(template.source.clock);
        let ids = RandomStream::new(seed, name, "ids");
        let store = template.store();
        Self {
            name: name.into(),
            seed,
            coverage: CoverageRecord::new(Arc::clone(store.catalogue())),
            records: Records::new(clock, store, ids).with_behaviours(BEHAVIOURS),
            journal: Journal::new(&template.journals),
            faults: Faults::new(seed, name),
            snapshots: Snapshots::default(),
            template: Arc::clone(template),
        }
    }

    pub(crate) fn release(&self) -> Release {
        self.records.catalogue.release
    }

    /// Restores the seed, empties the journal, ends all faults, and restarts the clock and the random streams.
    /// Snapshots and coverage are kept.
    ///
    /// A request in flight may still write to the new store, and a delay that has begun runs to its end.
    pub(crate) fn reset(&self) {
        // The journal is last, so that it holds no request that an earlier fault has hit.
        self.faults.reset();
        self.records.replace(|| {
            // The clock and the store change at the same moment. A reload that replaces the seed in the meantime waits
            // for the lock of the store, and resets the space after this.
            self.records.clock.set(self.template.source.clock);
            self.template.store()
        });
        self.journal.clear();
    }

    /// Returns the reason why a response with records of a resource does not repeat those of a list in the files, from which
    /// the resource is inferred. `is_empty` is true for a list without records.
    pub(crate) fn deviation(&self, resource: ResourceId, is_empty: bool) -> Option<&'static str> {
        if !self.template.source.inferred.contains(&resource) {
            return None;
        }
        let (seed, current) = (self.template.store(), self.records.read());
        let (seed, current) = (seed.collection(resource), current.collection(resource));
        if !ptr::eq(seed, current) {
            return Some("the records have changed since the list was read");
        }
        (is_empty && seed.len() > 0).then_some("no list in the files is empty at this path")
    }

    /// Returns the store that a reset restores.
    pub(crate) fn seed_store(&self) -> Arc<Store> {
        self.template.store()
    }

    /// Saves the current store under `name`.
    pub(crate) fn snapshot(&self, name: &str) -> Result<(), TooManySnapshots> {
        self.snapshots.take(name, &self.records)
    }

    /// Restores the store that was saved under `name`. Returns false if there is none.
    pub(crate) fn restore(&self, name: &str) -> bool {
        self.snapshots.restore(name, &self.records)
    }
}

impl Drop for Space {
    /// Keeps the coverage of requests that were still in flight when the space was deleted.
    fn drop(&mut self) {
        self.coverage.move_to(&self.template.deleted_coverage);
    }
}
