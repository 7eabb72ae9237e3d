//! An object that a test puts into the store by hand.

use std::fmt;

use crate::{
    engine::{Element, Error, Records, crud},
    schema::Resource,
};

/// An object to put into a store, field by field.
#[derive(Clone)]
pub(crate) struct SeedObject {
    resource: &'static Resource,
    fields: Vec<(String, String)>,
    /// What required fields hold that are not given.
    samples: &'static [(&'static str, &'static str)],
}

/// Without values, which may be secret.
impl fmt::Debug for SeedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields.iter().map(|(name, _)| name);
        f.debug_tuple(self.resource.element)
            .field(&fields.collect::<Vec<_>>())
            .finish()
    }
}

impl SeedObject {
    pub(crate) fn new(
        resource: &'static Resource,
        samples: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            resource,
            fields: Vec::new(),
            samples,
        }
    }

    /// With this value in the field; the last of several counts.
    pub(crate) fn with(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((field.into(), value.into()));
        self
    }

    /// Puts it into the store as a create would, but that every field may be given; tells its id.
    pub(crate) fn add_to(&self, records: &Records) -> Result<String, Error> {
        let members = self.fields.iter().map(|(name, value)| Element {
            name: name.into(),
            value: Some(value.into()),
            at: 0,
        });
        let members: Vec<_> = members.collect();
        crud::seed(records, self.resource, &members, self.samples)
    }
}
