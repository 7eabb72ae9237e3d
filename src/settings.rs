//! The settings of a server.

use std::{net::IpAddr, path::PathBuf, sync::Arc};

use crate::{
    app::App,
    connection::BufferBudget,
    engine::{Clock, Mode, fresh_seed, load::Progress},
    http::{
        Authentication, ControlAccess, ControlRequestIds, Cors, Limits, LongQueries, ServerNames,
        ServerState, Sessions, UnimplementedPaths,
    },
    journal::{self, Budget},
    resources::{CatalogueFiles, ServedResources},
    schema::Release,
    space::{Assignment, SeedError, SeedObject, SeedSource, SpaceTemplate, Spaces},
    tls::Https,
};

/// The settings of a server, whether it is started from the command line or from the library.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) release: Release,
    /// Files and folders. If there are none, the embedded seed is used.
    pub(crate) fixtures: Vec<PathBuf>,
    /// Files and folders with descriptions of additional resources, and with lists of resources that have none.
    pub(crate) resources: Vec<PathBuf>,
    /// True if the embedded services and tenants are left out.
    pub(crate) is_empty: bool,
    /// Objects in addition to the fixtures.
    pub(crate) objects: Vec<SeedObject>,
    pub(crate) authentication: Authentication,
    /// Drawn at startup if it is not set.
    pub(crate) seed: Option<u64>,
    /// The number of requests that a journal keeps.
    pub(crate) journal: Option<usize>,
    pub(crate) clock: Mode,
    pub(crate) assignment: Assignment,
    pub(crate) control: ControlAccess,
    pub(crate) cors: Cors,
    pub(crate) limits: Limits,
    /// True if the `X-Forwarded-…` headers of a proxy are followed.
    pub(crate) trusts_proxy: bool,
    pub(crate) https: Https,
    /// The progress of reading the fixtures.
    pub(crate) progress: Arc<Progress>,
}

impl Settings {
    /// Returns the seed. Draws it if it is not set.
    pub(crate) fn seed(&mut self) -> u64 {
        *self.seed.get_or_insert_with(fresh_seed)
    }

    /// True if users sign in from the stores of spaces that do not exist before.
    pub(crate) fn admits_users_of_future_spaces(&self) -> bool {
        matches!(self.authentication, Authentication::Store(..))
            && self.assignment == Assignment::Auto
    }

    /// Builds the server for a socket with this address.
    pub(crate) fn build(self, address: IpAddr) -> Result<App, SeedError> {
        let files = CatalogueFiles {
            release: self.release,
            resources: &self.resources,
            fixtures: &self.fixtures,
        };
        let served = files.read(&self.progress).map_err(SeedError::Fixtures)?;
        self.build_with(served, address)
    }

    /// Does the same as [`Settings::build`] with resources that are read already.
    pub(crate) fn build_with(
        mut self,
        served: ServedResources,
        address: IpAddr,
    ) -> Result<App, SeedError> {
        let seed = self.seed();
        let journals = Budget::new(self.journal.unwrap_or(journal::DEFAULT_REQUESTS));
        let ServedResources {
            catalogue,
            descriptions,
            lists,
            inferred,
            seed: seed_files,
            ..
        } = served;
        journal::add_secrets(&catalogue);
        let source = SeedSource {
            catalogue,
            descriptions: descriptions.into(),
            fixtures: self.fixtures,
            lists,
            inferred: inferred.into(),
            is_empty: self.is_empty,
            objects: self.objects,
            objects_clock: Mode::frozen(Clock::new(self.clock).now()).unwrap_or(self.clock),
            clock: self.clock,
            seed,
            max_records: self.limits.records,
        };
        let store = source.load_files(seed_files, &self.progress)?;
        let template = SpaceTemplate::new(source, store, journals);
        let state = ServerState {
            spaces: Spaces::new(template, self.assignment),
            authentication: self.authentication,
            sessions: Sessions::default(),
            control_access: self.control.listening_on(address),
            #[cfg(feature = "tls")]
            names: ServerNames::new(self.https.certificate.clone()),
            #[cfg(not(feature = "tls"))]
            names: ServerNames::default(),
            cors: self.cors,
            limits: self.limits,
            trusts_proxy: self.trusts_proxy,
            buffers: BufferBudget::new(self.limits.buffers),
            in_flight: self.limits.permits(),
            long_queries: LongQueries::default(),
            control_request_ids: ControlRequestIds::default(),
            clock: Clock::default(),
            unimplemented_paths: UnimplementedPaths::default(),
            #[cfg(feature = "cli")]
            metrics: crate::http::Metrics::default(),
            #[cfg(feature = "tls")]
            https: self.https,
        };
        Ok(App::new(Arc::new(state)))
    }
}
