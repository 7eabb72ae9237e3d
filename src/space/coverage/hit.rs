//! The coverage of one request.

use crate::{
    engine::Element,
    schema::{Release, Resource, Verb},
};

/// The parts of the API that one request uses, before its status is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoverageHit {
    pub(super) resource: &'static Resource,
    pub(super) verb: Verb,
    /// The fields that it writes: one bit per field position.
    pub(super) written: u64,
    /// The fields that it filters or sorts by: one bit per field position.
    pub(super) asked: u64,
}

impl CoverageHit {
    pub(crate) fn new(resource: &'static Resource, verb: Verb) -> Self {
        Self {
            resource,
            verb,
            written: 0,
            asked: 0,
        }
    }

    /// Adds the elements of the body that the verb accepts.
    pub(crate) fn with_written(mut self, release: Release, elements: &[Element<'_>]) -> Self {
        let resolved = self.resource.for_release(release);
        let written = elements
            .iter()
            .filter_map(|element| resolved.field(&element.name))
            .filter(|field| field.definition.access.takes(self.verb))
            .map(|field| field.position);
        self.written |= bits(written);
        self
    }

    /// Adds the fields at these positions, by which the list is filtered or sorted.
    pub(crate) fn with_asked(mut self, positions: impl Iterator<Item = usize>) -> Self {
        self.asked |= bits(positions);
        self
    }
}

fn bits(positions: impl Iterator<Item = usize>) -> u64 {
    positions.map(bit).fold(0, |bits, bit| bits | bit)
}

/// Returns the bit of a field position.
pub(super) const fn bit(position: usize) -> u64 {
    1 << position
}

#[cfg(test)]
mod tests {
    use crate::resources::RESOURCES;

    #[test]
    fn every_field_of_a_resource_has_a_bit() {
        for resource in RESOURCES {
            let fields = resource.fields.len();
            assert!(fields <= 64, "{} has {fields} fields", resource.path);
        }
    }
}
