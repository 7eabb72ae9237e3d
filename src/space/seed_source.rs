//! Where the seed of the stores comes from.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use parking_lot::Mutex;

use super::{DEFAULT, SeedObject};
use crate::{
    engine::{
        Clock, Error, Mode, RandomStream, Records,
        load::{self, Diagnostic, Fixture, Progress},
    },
    resources::{RESOURCES, embedded_seed, system_seed},
    schema::Release,
    store::Store,
};

/// Where the seed of the stores comes from. It can be read again, as files change.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeedSource {
    pub(crate) release: Release,
    /// Files and folders; when there are none, the embedded seed is used.
    pub(crate) fixtures: Vec<PathBuf>,
    /// Whether the embedded services and tenants are left out.
    pub(crate) is_empty: bool,
    /// What stands in the store beside the fixtures.
    pub(crate) objects: Vec<SeedObject>,
    /// When these were given, also when they are read again.
    pub(crate) given: Mode,
    /// How the clock of a space begins.
    pub(crate) clock: Mode,
    /// The seed of everything random.
    pub(crate) seed: u64,
    /// How far the reading of the fixtures is.
    pub(crate) progress: Arc<Progress>,
}

/// Why there is no seed to start from.
#[derive(Debug)]
pub(crate) enum SeedError {
    Fixtures(Vec<Diagnostic>),
    /// An object that was given by hand.
    Object(Error),
}

impl SeedSource {
    /// Reads what the store starts from.
    pub(crate) fn read(&self) -> Result<Arc<Store>, SeedError> {
        let store = self.read_fixtures().map_err(SeedError::Fixtures)?;
        self.with_objects(store).map_err(SeedError::Object)
    }

    fn read_fixtures(&self) -> Result<Arc<Store>, Vec<Diagnostic>> {
        if !self.fixtures.is_empty() {
            let (fixtures, unreadable) = load::read(&self.fixtures);
            return self.load(&fixtures, unreadable);
        }
        if self.is_empty {
            return self.load(&[], Vec::new());
        }
        // Read once in a process: stores share what they have in common.
        static SEEDS: Mutex<BTreeMap<Release, Arc<Store>>> = Mutex::new(BTreeMap::new());
        let mut seeds = SEEDS.lock();
        if let Some(seed) = seeds.get(&self.release) {
            return Ok(Arc::clone(seed));
        }
        let seed = self.load(&embedded_seed(self.release), Vec::new())?;
        seeds.insert(self.release, Arc::clone(&seed));
        Ok(seed)
    }

    fn load(
        &self,
        fixtures: &[Fixture],
        unreadable: Vec<Diagnostic>,
    ) -> Result<Arc<Store>, Vec<Diagnostic>> {
        let system = system_seed();
        let (progress, release) = (&self.progress, self.release);
        let loaded = load::fixtures_with_progress(
            progress, RESOURCES, release, fixtures, &system, unreadable,
        );
        loaded.map(Arc::new)
    }

    /// The store with the objects that were given by hand, with ids as the default space draws them.
    fn with_objects(&self, store: Arc<Store>) -> Result<Arc<Store>, Error> {
        if self.objects.is_empty() {
            return Ok(store);
        }
        let clock = Clock::new(self.given);
        let ids = RandomStream::new(self.seed, DEFAULT, "ids");
        let records = Records::new(self.release, clock, store, ids);
        for object in &self.objects {
            object.add_to(&records)?;
        }
        Ok(records.read())
    }
}
