//! An object that a test adds to the store.

use std::fmt;

use crate::engine::{Element, Error, Records, crud};

/// An object to add to a store, described by its fields.
#[derive(Clone)]
pub(crate) struct SeedObject {
    /// The path of the resource.
    resource: &'static str,
    fields: Vec<(String, String)>,
    /// Values for required fields that the test does not set.
    samples: &'static [(&'static str, &'static str)],
}

/// Omits the values, which may be secret.
impl fmt::Debug for SeedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields.iter().map(|(name, _)| name);
        f.debug_tuple(self.resource)
            .field(&fields.collect::<Vec<_>>())
            .finish()
    }
}

impl SeedObject {
    pub(crate) fn new(
        resource: &'static str,
        samples: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            resource,
            fields: Vec::new(),
            samples,
        }
    }

    /// Sets a field. If a field is set several times, the last value counts.
    pub(crate) fn with(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((field.into(), value.into()));
        self
    }

    /// Adds the object as a create request would, except that read-only fields may be set. Returns its ID.
    pub(crate) fn add_to(&self, records: &Records) -> Result<String, Error> {
        let elements: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| Element {
                name: name.into(),
                value: Some(value.into()),
                at: 0,
            })
            .collect();
        let catalogue = &records.catalogue;
        let resource = catalogue
            .resource(self.resource)
            .ok_or_else(|| Error::unknown_resource(self.resource, catalogue.release))?;
        crud::seed(records, resource, &elements, self.samples)
    }
}
