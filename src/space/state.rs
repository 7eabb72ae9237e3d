//! Export and import of a space's records.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;

use super::Space;
use crate::{
    engine::{
        FixtureChunks,
        load::{Completion, Diagnostics, Fixture, FixtureSet, Progress},
    },
    resources::{BEHAVIOURS, accepted_seed},
    store::Store,
};

/// The file name in the diagnostics of a state that does not come from a file.
const STATE: &str = "state";

impl Space {
    /// Returns all records as fixture XML, including secrets.
    pub(crate) fn state(&self) -> FixtureChunks {
        self.export(self.records.read())
    }

    /// Returns the records of `store`, an earlier or the current store of the space, as fixture XML.
    pub(crate) fn export(&self, store: Arc<Store>) -> FixtureChunks {
        FixtureChunks::new(store)
    }

    /// Replaces all records with those of a fixture, whose text may have up to `max` bytes. `charset` is its character
    /// encoding, if something outside it names one. If the fixture has errors, nothing changes.
    ///
    /// System kinds (servers, version) that the fixture does not contain get the records of the seed.
    pub(crate) fn set_state(
        &self,
        document: Bytes,
        charset: Option<&str>,
        max: usize,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let fixture = Fixture::decode(PathBuf::from(STATE), document, charset, max)
            .map_err(Diagnostics::of)?;
        self.load(fixture, progress)
    }

    /// Does the same as [`Space::set_state`] with a fixture from a file.
    pub(crate) fn load(&self, fixture: Fixture, progress: &Progress) -> Result<(), Diagnostics> {
        let fixtures = [fixture];
        let set = FixtureSet {
            max_records: self.template.source.max_records,
            otherwise: &accepted_seed(&self.records.catalogue, false).system,
            completion: Completion {
                clock: self.records.clock.mode(),
                behaviours: BEHAVIOURS,
            },
            ..FixtureSet::new(&self.records.catalogue, &fixtures)
        };
        self.records.load(set.load(progress)?);
        Ok(())
    }
}
