//! Behaviours: the functions of a resource that do what its description cannot express.

use std::fmt;

use super::{Transaction, object::Object};
use crate::{
    engine::Error,
    schema::Resource,
    store::{Store, Values},
};

/// Returns the values of a record with those that follow from others. `before` are those of the record that is replaced, if
/// there is one.
pub(crate) type Complete = fn(&Store, &Resource, Values, before: Option<&Values>) -> Values;

/// A function that runs in the transaction that creates a record, after the record is added. It may create and change
/// further records. If it fails, none of the changes are made.
///
/// A fixture may contain some of the records that the function creates, so it first looks for them.
pub(crate) type Created = fn(&mut Transaction<'_>, &Creation) -> Result<(), Error>;

/// A function that runs in the transaction that deletes a record, after the record is removed.
pub(crate) type Deleted = fn(&mut Transaction<'_>, &Object) -> Result<(), Error>;

/// The functions of a resource.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    /// The name in descriptions.
    pub(crate) name: &'static str,
    pub(crate) complete: Option<Complete>,
    pub(crate) created: Option<Created>,
    pub(crate) deleted: Option<Deleted>,
}

/// The creation of a record.
pub(crate) struct Creation {
    pub(crate) object: Object,
    /// The record that it was copied from.
    pub(crate) template: Option<Object>,
    /// True if the record comes from a fixture.
    pub(crate) is_loaded: bool,
}

impl Behaviour {
    /// Returns a behaviour without functions.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            complete: None,
            created: None,
            deleted: None,
        }
    }
}

/// The behaviours that descriptions may name.
#[derive(Clone, Copy)]
pub(crate) struct Behaviours(pub(crate) &'static [Behaviour]);

impl Behaviours {
    pub(crate) const NONE: Self = Self(&[]);

    /// Returns the behaviour with this name.
    pub(crate) fn get(self, name: &str) -> Option<&'static Behaviour> {
        self.0.iter().find(|known| known.name == name)
    }

    /// Returns the behaviour of a resource.
    pub(crate) fn of(self, resource: &Resource) -> Option<&'static Behaviour> {
        self.get(resource.behaviour.as_deref()?)
    }

    /// Returns all names.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|behaviour| behaviour.name)
    }
}

/// Shows the names.
impl fmt::Debug for Behaviours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
