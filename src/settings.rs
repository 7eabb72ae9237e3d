//! What a server can be told before it starts.

use std::{collections::BTreeMap, net::IpAddr, path::PathBuf, sync::Arc};

use parking_lot::Mutex;

use crate::{
    app::App,
    engine::{
        Clock, Error, Mode, Records, Stream,
        fixtures::{self, Fixture, Mistake},
        fresh_seed,
    },
    http::{Access, ControlRequests, InFlight, Limits, Sessions, Shared, SignIn, Unserved},
    journal::{self, Budget},
    resources::{RESOURCES, embedded_seed, system_seed},
    schema::Release,
    space::{self, Assignment, Object, Origin, Spaces},
    store::Store,
    tls::Https,
};

/// What a server can be told before it starts, whichever door it is told at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) release: Release,
    /// Files and folders; when there are none, the embedded seed is used.
    pub(crate) fixtures: Vec<PathBuf>,
    /// Whether the embedded services and tenants are left out.
    pub(crate) is_empty: bool,
    /// What stands in the store beside the fixtures.
    pub(crate) objects: Vec<Object>,
    pub(crate) sign_in: SignIn,
    /// Drawn at the start when it is not given.
    pub(crate) seed: Option<u64>,
    /// How many requests a journal keeps.
    pub(crate) journal: Option<usize>,
    pub(crate) clock: Mode,
    pub(crate) assignment: Assignment,
    pub(crate) control: Access,
    pub(crate) limits: Limits,
    pub(crate) https: Https,
}

/// Why there is no server to run.
#[derive(Debug)]
pub(crate) enum BuildError {
    Fixtures(Vec<Mistake>),
    /// An object that was given by hand.
    Object(Error),
}

impl Settings {
    /// The seed of everything random, which from now on is fixed.
    pub(crate) fn seed(&mut self) -> u64 {
        *self.seed.get_or_insert_with(fresh_seed)
    }

    /// What the store starts from.
    pub(crate) fn load(&self) -> Result<Arc<Store>, Vec<Mistake>> {
        let load = |fixtures: &[Fixture], unreadable| {
            let system = system_seed();
            let loaded = fixtures::load(RESOURCES, self.release, fixtures, &system, unreadable);
            loaded.map(Arc::new)
        };
        if !self.fixtures.is_empty() {
            let (fixtures, unreadable) = fixtures::read(&self.fixtures);
            return load(&fixtures, unreadable);
        }
        if self.is_empty {
            return load(&[], Vec::new());
        }
        // Read once in a process: stores share what they have in common.
        static SEEDS: Mutex<BTreeMap<Release, Arc<Store>>> = Mutex::new(BTreeMap::new());
        let mut seeds = SEEDS.lock();
        if let Some(seed) = seeds.get(&self.release) {
            return Ok(Arc::clone(seed));
        }
        let seed = load(&embedded_seed(self.release), Vec::new())?;
        seeds.insert(self.release, Arc::clone(&seed));
        Ok(seed)
    }

    /// The server, ready to be run on a socket of this address.
    pub(crate) fn build(mut self, address: IpAddr) -> Result<App, BuildError> {
        let seed = self.seed();
        let store = self.load().map_err(BuildError::Fixtures)?;
        let store = self.with_objects(store, seed).map_err(BuildError::Object)?;
        let journals = Budget::new(self.journal.unwrap_or(journal::REQUESTS));
        let origin = Origin::new(self.release, seed, self.clock, journals, store);
        let shared = Arc::new(Shared {
            spaces: Spaces::new(origin, self.assignment),
            sign_in: self.sign_in,
            sessions: Sessions::default(),
            control: self.control.listening_on(address),
            limits: self.limits,
            in_flight: InFlight::default(),
            control_requests: ControlRequests::default(),
            unserved: Unserved::default(),
            #[cfg(feature = "cli")]
            metrics: crate::http::Metrics::new(crate::app::route_of),
            #[cfg(feature = "tls")]
            https: self.https,
        });
        Ok(App::new(shared))
    }

    /// The store with the objects that were given by hand, with ids as the default space draws them.
    fn with_objects(&self, store: Arc<Store>, seed: u64) -> Result<Arc<Store>, Error> {
        if self.objects.is_empty() {
            return Ok(store);
        }
        let clock = Clock::new(self.clock);
        let ids = Stream::new(seed, space::DEFAULT, "ids");
        let records = Records::new(self.release, clock, store, ids);
        for object in &self.objects {
            object.add_to(&records)?;
        }
        Ok(records.read())
    }
}
