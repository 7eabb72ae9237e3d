//! The coverage of one request.

use crate::{
    engine::Element,
    schema::{Resource, ResourceId, Verb},
};

/// The parts of the API that one request uses, before its status is known.
#[derive(Clone, Debug)]
pub(crate) struct CoverageHit {
    pub(super) resource: ResourceId,
    pub(super) verb: Verb,
    /// The positions of the fields that it writes, or by which it filters or sorts a list.
    pub(super) fields: Vec<usize>,
}

impl CoverageHit {
    pub(crate) fn new(resource: &Resource, verb: Verb) -> Self {
        Self {
            resource: resource.id,
            verb,
            fields: Vec::new(),
        }
    }

    pub(crate) fn resource(&self) -> ResourceId {
        self.resource
    }

    pub(crate) fn verb(&self) -> Verb {
        self.verb
    }

    /// Adds the elements of the body that the verb accepts.
    pub(crate) fn add_written(&mut self, resource: &Resource, elements: &[Element<'_>]) {
        self.fields.reserve(elements.len());
        let written = elements
            .iter()
            .filter_map(|element| resource.position(&element.name))
            .filter(|position| resource.fields[*position].access.takes(self.verb));
        self.fields.extend(written);
    }

    /// Adds the fields at these positions, by which the list is filtered or sorted.
    pub(crate) fn add_asked(&mut self, positions: impl Iterator<Item = usize>) {
        self.fields.extend(positions);
    }
}
