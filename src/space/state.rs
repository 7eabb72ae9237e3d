//! Export and import of a space's records.

use std::path::PathBuf;

use super::Space;
use crate::{
    engine::{
        export,
        load::{self, Diagnostic, Fixture},
    },
    resources::{RESOURCES, system_seed},
    store::Store,
};

/// The file name in the diagnostics of a state that does not come from a file.
const STATE: &str = "state";

impl Space {
    /// Returns all records as fixture XML, including secrets.
    pub(crate) fn state(&self) -> Vec<u8> {
        self.export(&self.records.read())
    }

    /// Returns the records of `store`, an earlier or the current store of the space, as fixture XML.
    pub(crate) fn export(&self, store: &Store) -> Vec<u8> {
        export::fixture(store, self.release())
    }

    /// Replaces all records with those of a fixture. If the fixture has errors, nothing changes.
    ///
    /// System kinds (servers, version) that the fixture does not contain get the records of the seed.
    pub(crate) fn set_state(&self, document: impl Into<Vec<u8>>) -> Result<(), Vec<Diagnostic>> {
        self.load(Fixture {
            path: PathBuf::from(STATE),
            document: document.into().into(),
        })
    }

    /// Does the same as [`Space::set_state`] with a fixture from a file.
    pub(crate) fn load(&self, fixture: Fixture) -> Result<(), Vec<Diagnostic>> {
        let (fixtures, system) = ([fixture], system_seed());
        let store = load::fixtures(RESOURCES, self.release(), &fixtures, &system, Vec::new())?;
        self.records.load(store);
        Ok(())
    }
}
