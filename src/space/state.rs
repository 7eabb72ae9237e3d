//! The whole state of a space, out and in.

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

/// What mistakes in a state name as the file that they are in.
const STATE: &str = "state";

impl Space {
    /// Every record as fixture XML, secrets included.
    pub(crate) fn state(&self) -> Vec<u8> {
        self.written(&self.records.read())
    }

    /// The same of a store that was read before.
    pub(crate) fn written(&self, store: &Store) -> Vec<u8> {
        export::fixture(store, self.release())
    }

    /// Puts the records of a fixture in the place of those that are there, or changes nothing and lists its
    /// mistakes. Of the kinds that every system has, those stay as in the seed which it does not hold.
    pub(crate) fn set_state(&self, document: impl Into<Vec<u8>>) -> Result<(), Vec<Diagnostic>> {
        self.load(Fixture {
            path: PathBuf::from(STATE),
            document: document.into().into(),
        })
    }

    /// The same with a fixture that has a name.
    pub(crate) fn load(&self, fixture: Fixture) -> Result<(), Vec<Diagnostic>> {
        let (fixtures, system) = ([fixture], system_seed());
        let store = load::fixtures(RESOURCES, self.release(), &fixtures, &system, Vec::new())?;
        self.records.load(store);
        Ok(())
    }
}
