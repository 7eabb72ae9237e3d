//! The embedded records that a catalogue accepts.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tracing::warn;

use super::{BEHAVIOURS, embedded_catalogue, embedded_seed, is_embedded, system_seed};
use crate::{
    engine::{
        Mode,
        load::{Completion, Diagnostic, Diagnostics, Fixture, FixtureSet, Progress},
    },
    schema::{Catalogue, Release, ResourceId},
    store::{LazyStore, Store},
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
    fixtures.extend(system_seed(catalogue.release));
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

/// The resources whose records can be loaded without those of the others. No behaviour creates some, and they refer to
/// tenants only.
pub(super) const SEPARATE: [&str; 3] = ["externalservices", "vmsservers", "cluster"];
/// Resources without records at first that refer to services, or to which services refer.
const EMPTY: [&str; 2] = [
    "users/{SubscriberObjectId}/externalserviceaccounts",
    "usertemplates/{UserTemplateObjectId}/templateexternalserviceaccounts",
];
/// A number that the embedded seed's number of records does not exceed.
pub(super) const MAX_RECORDS: usize = 2_000;

/// Returns the resources of an embedded catalogue whose records can be loaded without those of the others.
pub(crate) fn separate_resources(catalogue: &Catalogue) -> Vec<ResourceId> {
    resources(catalogue, &SEPARATE)
}

/// Returns the resources of an embedded catalogue that have no records at first.
pub(crate) fn empty_resources(catalogue: &Catalogue) -> Vec<ResourceId> {
    resources(catalogue, &EMPTY)
}

fn resources(catalogue: &Catalogue, paths: &[&str]) -> Vec<ResourceId> {
    let resources = paths.iter().filter_map(|path| catalogue.resource(path));
    resources.map(|resource| resource.id).collect()
}

/// Returns the embedded seed of a release, which is loaded at its first use: once per process, because all its servers share
/// it until they change it. `has_samples` if it has the embedded services and tenants.
pub(crate) fn deferred_seed(release: Release, has_samples: bool) -> LazyStore {
    LazyStore::new(MAX_RECORDS, move || embedded_store(release, has_samples))
}

/// Returns the clock for the objects that the embedded tenants and users get: the date of one of the tenants.
pub(crate) fn seed_clock() -> Mode {
    let time = Timestamp::from_second(1_358_002_652);
    Mode::Frozen(time.expect("a valid time"))
}

/// Returns the store with the complete embedded seed of a release.
pub(crate) fn embedded_store(release: Release, has_samples: bool) -> Arc<Store> {
    static STORES: [[OnceLock<Arc<Store>>; 2]; Release::ALL.len()] =
        [const { [const { OnceLock::new() }; 2] }; Release::ALL.len()];
    let store = STORES[release as usize][usize::from(has_samples)].get_or_init(|| {
        let catalogue = embedded_catalogue(release);
        let AcceptedSeed {
            samples, system, ..
        } = accepted_seed(&catalogue, has_samples);
        let set = FixtureSet {
            otherwise: &system,
            completion: seed_completion(),
            ..FixtureSet::new(&catalogue, &samples)
        };
        let store = set.load(&Progress::default());
        Arc::new(store.expect("the tests load the embedded seed of each release"))
    });
    Arc::clone(store)
}

fn seed_completion() -> Completion {
    Completion {
        clock: seed_clock(),
        behaviours: BEHAVIOURS,
    }
}

fn load(catalogue: &Arc<Catalogue>, fixtures: &[Fixture]) -> Result<(), Diagnostics> {
    let set = FixtureSet {
        otherwise: fixtures,
        completion: seed_completion(),
        ..FixtureSet::new(catalogue, &[])
    };
    set.load(&Progress::default()).map(drop)
}
