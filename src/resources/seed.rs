//! The embedded records that a catalogue accepts.

use std::sync::Arc;

use tracing::warn;

use super::{embedded_seed, is_embedded, system_seed};
use crate::{
    engine::load::{Diagnostic, Diagnostics, Fixture, FixtureSet, Progress},
    schema::Catalogue,
};

/// The warning about embedded records that a catalogue does not accept.
pub(crate) const OMISSION: &str =
    "the embedded records do not conform to the described resource, and are left out";

/// The embedded records that a catalogue accepts.
#[derive(Debug)]
pub(crate) struct AcceptedSeed {
    /// The embedded services and tenants, unless they were left out.
    pub(crate) samples: Vec<Fixture>,
    /// The records that every system has, in the order of the descriptions.
    pub(crate) system: Vec<Fixture>,
    /// The first error of each fixture that was left out.
    #[cfg(feature = "cli")]
    pub(crate) omissions: Vec<Diagnostic>,
}

/// Returns the records that every system has, and with `has_samples` the embedded services and tenants, as far as
/// `catalogue` accepts them.
///
/// A user can describe a resource in a way that its embedded records do not conform to. They are then left out, because
/// the user cannot correct them.
pub(crate) fn accepted_seed(catalogue: &Arc<Catalogue>, has_samples: bool) -> AcceptedSeed {
    let mut fixtures = Vec::new();
    if has_samples {
        fixtures.extend(embedded_seed(catalogue.release));
    }
    let samples: Vec<_> = fixtures
        .iter()
        .map(|sample: &Fixture| sample.path.clone())
        .collect();
    fixtures.extend(system_seed());
    let is_embedded = is_embedded(catalogue);
    let mut omissions = Vec::new();
    // Records that are left out can be the owners of others.
    while !is_embedded && let Err(diagnostics) = load(catalogue, &fixtures) {
        let count = fixtures.len();
        fixtures.retain(|fixture| {
            let error = diagnostics
                .iter()
                .find(|error| error.path() == fixture.path);
            omissions.extend(error.map(Diagnostic::without_quotation));
            error.is_none()
        });
        if fixtures.len() == count {
            break;
        }
    }
    for error in &omissions {
        warn!("{OMISSION}: {error}");
    }
    let is_sample = |fixture: &Fixture| samples.contains(&fixture.path);
    let (samples, system) = fixtures.into_iter().partition(is_sample);
    AcceptedSeed {
        samples,
        system,
        #[cfg(feature = "cli")]
        omissions,
    }
}

fn load(catalogue: &Arc<Catalogue>, fixtures: &[Fixture]) -> Result<(), Diagnostics> {
    let set = FixtureSet {
        otherwise: fixtures,
        ..FixtureSet::new(catalogue, &[])
    };
    set.load(&Progress::default()).map(drop)
}
