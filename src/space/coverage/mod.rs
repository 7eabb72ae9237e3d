//! Coverage: which of what the server offers was touched. What is offered follows from the tables.

mod counters;
mod report;

use crate::{
    engine::Element,
    schema::{Field, Release, Resource, Verb},
};

pub(crate) use counters::Counters;
pub use report::{Coverage, Covered, ResourceCoverage};

/// What one request touched, before it is known how it was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoverageHit {
    resource: &'static Resource,
    verb: Verb,
    /// The fields that it writes, a bit for each place in the table.
    written: u64,
    /// The fields that it queries or sorts by.
    asked: u64,
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

    /// Of these members, the ones that the verb takes are written.
    pub(crate) fn writing(mut self, release: Release, members: &[Element<'_>]) -> Self {
        let edition = self.resource.edition(release);
        let fields = members
            .iter()
            .filter_map(|member| edition.field(&member.name));
        let taken = fields.filter(|present| present.field.access.takes(self.verb));
        self.written |= bits(taken.map(|present| present.position));
        self
    }

    /// The list is queried or sorted by the fields at these places.
    pub(crate) fn asking(mut self, positions: impl Iterator<Item = usize>) -> Self {
        self.asked |= bits(positions);
        self
    }
}

/// The statuses that the API itself answers a verb with: the granted one, and the refused one.
const fn statuses(verb: Verb) -> [u16; 2] {
    match verb {
        Verb::List => [200, 400],
        Verb::Read => [200, 404],
        Verb::Create => [201, 400],
        // That there is nothing to update is invalid data, too.
        Verb::Update => [204, 400],
        Verb::Delete => [204, 404],
    }
}

/// Whether a client may write the field with a verb that the resource takes.
fn is_written(resource: &Resource, field: &Field, release: Release) -> bool {
    let takes = |verb| resource.verb(verb).is_some() && field.access.takes(verb);
    field.is_in(release) && (takes(Verb::Create) || takes(Verb::Update))
}

/// Whether a list can be queried or sorted by the field.
fn is_asked_by(resource: &Resource, field: &Field, release: Release) -> bool {
    resource.verb(Verb::List).is_some() && field.is_in(release)
}

fn bits(positions: impl Iterator<Item = usize>) -> u64 {
    positions.map(bit).fold(0, |all, one| all | one)
}

const fn bit(position: usize) -> u64 {
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
