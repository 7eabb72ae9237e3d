//! The whole state of a space, out and in.

use std::path::PathBuf;

use super::Space;
use crate::{
    engine::fixtures::{self, Fixture, Mistake},
    resources::{RESOURCES, system_seed},
};

/// What mistakes in a state name as the file that they are in.
const STATE: &str = "state";

impl Space {
    /// Every record as fixture XML, secrets included.
    pub(crate) fn state(&self) -> Vec<u8> {
        fixtures::write(&self.records.read(), self.release())
    }

    /// Puts the records of a fixture in the place of those that are there, or changes nothing and lists its
    /// mistakes. Of the kinds that every system has, those stay as in the seed which it does not hold.
    pub(crate) fn set_state(&self, document: impl Into<Vec<u8>>) -> Result<(), Vec<Mistake>> {
        let fixture = Fixture {
            path: PathBuf::from(STATE),
            document: document.into().into(),
        };
        let store = fixtures::load(
            RESOURCES,
            self.release(),
            &[fixture],
            &system_seed(),
            Vec::new(),
        )?;
        self.records.load(store);
        Ok(())
    }
}
