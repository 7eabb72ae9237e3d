//! Behaviours: functions that complete the creation of a record.

use std::fmt;

use super::Transaction;
use crate::{engine::Error, schema::Resource, store::Record};

/// A function that runs in the transaction that creates a record, after the record is added. It may create and change
/// further records. If it fails, none of the changes are made.
///
/// A fixture may contain some of the records that the function creates, so it first looks for them.
pub(crate) type Behaviour = fn(&mut Transaction<'_>, &Resource, &Record) -> Result<(), Error>;

/// The behaviours that descriptions may name.
#[derive(Clone, Copy)]
pub(crate) struct Behaviours(pub(crate) &'static [(&'static str, Behaviour)]);

impl Behaviours {
    pub(crate) const NONE: Self = Self(&[]);

    /// Returns the behaviour with this name.
    pub(crate) fn get(self, name: &str) -> Option<Behaviour> {
        let mut known = self.0.iter();
        known
            .find(|(known, _)| *known == name)
            .map(|(_, behaviour)| *behaviour)
    }

    /// Returns all names.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }
}

/// Shows the names.
impl fmt::Debug for Behaviours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
