//! The configuration of the seed, and how it is read.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use parking_lot::Mutex;

use super::{name::DEFAULT_SPACE, seed_object::SeedObject};
use crate::{
    engine::{
        Clock, Error, Mode, RandomStream, Records,
        load::{Completion, Deferral, Diagnostics, Fixture, FixtureSet, Progress},
    },
    resources::{
        AcceptedSeed, BEHAVIOURS, SeedFiles, accepted_seed, deferred_seed, embedded_catalogue,
        empty_resources, is_embedded, seed_clock, separate_resources,
    },
    schema::{Catalogue, Release, ResourceId, Verb},
    store::{MaxRecords, Store},
};

/// The configuration of the seed. It can be read again when files change.
#[derive(Clone, Debug)]
pub(crate) struct SeedSource {
    pub(crate) catalogue: Arc<Catalogue>,
    /// The descriptions of the server's own resources.
    pub(crate) descriptions: Arc<[Fixture]>,
    /// Files and folders. If there are none, the embedded seed is used.
    pub(crate) fixtures: Vec<PathBuf>,
    /// Files with lists in addition to the fixtures, or to the embedded seed.
    pub(crate) lists: Vec<PathBuf>,
    /// The resources that are inferred from lists.
    pub(crate) inferred: Arc<[ResourceId]>,
    /// True if the embedded services and tenants are left out.
    pub(crate) is_empty: bool,
    /// Objects in addition to the fixtures.
    pub(crate) objects: Vec<SeedObject>,
    /// The time at which `objects` are created. It stays the same when the seed is read again.
    pub(crate) objects_clock: Mode,
    /// The initial mode of a space's clock.
    pub(crate) clock: Mode,
    /// The seed of all random values.
    pub(crate) seed: u64,
    /// The maximum number of records in each space.
    pub(crate) max_records: MaxRecords,
}

/// The reason why there is no seed to start from.
#[derive(Debug)]
pub(crate) enum SeedError {
    Fixtures(Diagnostics),
    /// A rule of the API rejects one of [`SeedSource::objects`].
    Object(Error),
}

impl Default for SeedSource {
    fn default() -> Self {
        Self {
            catalogue: embedded_catalogue(Release::default()),
            descriptions: Arc::new([]),
            fixtures: Vec::new(),
            lists: Vec::new(),
            inferred: Arc::new([]),
            is_empty: false,
            objects: Vec::new(),
            objects_clock: Mode::default(),
            clock: Mode::default(),
            seed: 0,
            max_records: MaxRecords::default(),
        }
    }
}

impl SeedSource {
    /// Reads the store that every space starts from.
    pub(crate) fn read(&self, progress: &Progress) -> Result<Arc<Store>, SeedError> {
        let paths: Vec<_> = self.fixtures.iter().chain(&self.lists).cloned().collect();
        self.load_files(SeedFiles::read(&paths, progress), progress)
    }

    /// Does the same as [`SeedSource::read`] with the contents of all files.
    pub(crate) fn load_files(
        &self,
        files: SeedFiles,
        progress: &Progress,
    ) -> Result<Arc<Store>, SeedError> {
        let store = self.load_fixtures(files, progress);
        let store = store.map_err(SeedError::Fixtures)?;
        self.with_objects(store).map_err(SeedError::Object)
    }

    fn load_fixtures(
        &self,
        files: SeedFiles,
        progress: &Progress,
    ) -> Result<Arc<Store>, Diagnostics> {
        if self.has_files() || !self.is_deferrable() {
            self.load(files, progress)
        } else {
            self.read_embedded(progress)
        }
    }

    /// Reads the embedded seed, once per process and release: servers share the store until they change it.
    fn read_embedded(&self, progress: &Progress) -> Result<Arc<Store>, Diagnostics> {
        static SEEDS: Mutex<BTreeMap<(Release, bool), Arc<Store>>> = Mutex::new(BTreeMap::new());
        let mut seeds = SEEDS.lock();
        let key = (self.catalogue.release, self.has_samples());
        if let Some(seed) = seeds.get(&key) {
            return Ok(Arc::clone(seed));
        }
        let seed = self.load(SeedFiles::default(), progress)?;
        seeds.insert(key, Arc::clone(&seed));
        Ok(seed)
    }

    fn load(&self, files: SeedFiles, progress: &Progress) -> Result<Arc<Store>, Diagnostics> {
        let has_samples = self.has_samples();
        let AcceptedSeed {
            samples, system, ..
        } = accepted_seed(&self.catalogue, has_samples);
        let otherwise: Vec<_> = samples.into_iter().chain(system).collect();
        let (separate, empty);
        let mut deferral = None;
        if self.is_deferrable() {
            separate = separate_resources(&self.catalogue);
            empty = empty_resources(&self.catalogue);
            deferral = Some(Deferral {
                separate: &separate,
                empty: &empty,
                has_targets: has_samples,
                deferred: deferred_seed(self.catalogue.release, has_samples),
            });
        }
        let set = FixtureSet {
            max_records: self.max_records,
            otherwise: &otherwise,
            unreadable: files.unreadable,
            completion: Completion {
                clock: if self.has_files() {
                    self.objects_clock
                } else {
                    seed_clock()
                },
                behaviours: BEHAVIOURS,
            },
            deferral,
            ..FixtureSet::new(&self.catalogue, &files.fixtures)
        };
        set.load(progress).map(Arc::new)
    }

    fn has_files(&self) -> bool {
        !self.fixtures.is_empty() || !self.lists.is_empty()
    }

    /// True if the seed has the embedded services and tenants.
    fn has_samples(&self) -> bool {
        self.fixtures.is_empty() && !self.is_empty
    }

    /// True if the collections of the system may be loaded at their first use.
    fn is_deferrable(&self) -> bool {
        is_embedded(&self.catalogue) && self.max_records == MaxRecords::DEFAULT
    }

    /// Returns the source for a catalogue with other resources. Those that are still inferred have the same evidence.
    pub(super) fn with_catalogue(&self, catalogue: Arc<Catalogue>) -> Self {
        let inferred = self.inferred.iter().filter_map(|id| {
            let known = &self.catalogue[*id];
            let resource = catalogue.resource(known.path.as_str())?;
            (resource.verb(Verb::List) == known.verb(Verb::List)).then_some(resource.id)
        });
        Self {
            inferred: inferred.collect(),
            catalogue,
            ..self.clone()
        }
    }

    /// Adds [`SeedSource::objects`], with IDs from the stream of the default space.
    fn with_objects(&self, store: Arc<Store>) -> Result<Arc<Store>, Error> {
        if self.objects.is_empty() {
            return Ok(store);
        }
        let clock = Clock::new(self.objects_clock);
        let ids = RandomStream::new(self.seed, DEFAULT_SPACE, "ids");
        let records = Records::new(clock, store, ids).with_behaviours(BEHAVIOURS);
        for object in &self.objects {
            object.add_to(&records)?;
        }
        Ok(records.read())
    }
}

/// Shows one error per line.
impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixtures(diagnostics) => diagnostics.fmt(f),
            Self::Object(error) => f.write_str(&error.message),
        }
    }
}
