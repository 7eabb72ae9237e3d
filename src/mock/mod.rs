//! The library's entry point.

mod baseline;
mod builder;
mod failing;
#[cfg(not(feature = "tls"))]
mod no_https;
mod objects;
mod panic_report;
mod records;
mod runtime;
mod space;
mod start_error;
mod verifying;

use std::{
    fmt,
    future::{Future, ready},
    net::SocketAddr,
    ops::Deref,
    path::PathBuf,
    sync::Arc,
};

use self::runtime::ServerHandle;
#[cfg(feature = "tls")]
use crate::tls::{KeyType, ca_pem};
use crate::{
    engine::load::{self, Progress},
    http::ServerState,
    space::{Coverage, ResourcesError},
};

pub use baseline::Baseline;
pub use builder::CucMockBuilder;
pub use failing::{ActiveFault, FaultGuard};
pub use objects::{Service, Tenant};
pub use records::{Record, Records};
pub use space::Space;
pub use start_error::StartError;
pub use verifying::Expectation;

/// A mock server that stops when it is dropped.
///
/// It listens on a free port of 127.0.0.1 and starts from the embedded seed; [`CucMock::builder`] changes both. It
/// runs on its own threads, so it needs no runtime in the test, and a test that blocks does not block it.
///
/// It dereferences to its default [`Space`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mock = cuc_mock::CucMock::start().await;
/// assert!(mock.uri().starts_with("http://127.0.0.1:"));
/// # });
/// ```
pub struct CucMock {
    address: SocketAddr,
    default: Space,
    state: Arc<ServerState>,
    /// The last field, so that it is dropped last.
    _server: ServerHandle,
}

impl CucMock {
    /// Starts a server with the embedded seed.
    ///
    /// # Panics
    ///
    /// Panics if there is no free port, or if `CUC_MOCK_SEED` is invalid. [`CucMockBuilder::try_start`] returns an
    /// error instead.
    #[track_caller]
    pub fn start() -> impl Future<Output = Self> + Send {
        ready(Self::start_blocking())
    }

    /// Starts a server with the embedded seed, for a test that is not asynchronous.
    ///
    /// # Panics
    ///
    /// Panics if there is no free port, or if `CUC_MOCK_SEED` is invalid. [`CucMockBuilder::try_start`] returns an
    /// error instead.
    #[track_caller]
    pub fn start_blocking() -> Self {
        Self::builder().start_blocking()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> CucMockBuilder {
        CucMockBuilder::new()
    }

    /// Returns the base URL, `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn uri(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the base URL for HTTPS, `https://127.0.0.1:PORT`. The port is the same as for HTTP.
    #[cfg(feature = "tls")]
    pub fn https_uri(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Returns the CA certificate that a client of [`CucMock::https_uri`] must trust, in PEM.
    ///
    /// The CA is generated when it is first needed. All servers of the process share it.
    #[cfg(feature = "tls")]
    pub fn ca_pem(&self) -> &str {
        ca_pem(KeyType::default())
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the space of this name, and creates it if it does not exist. Names are compared without regard to case.
    ///
    /// Many tests can share one server if each signs in with the name of its own space.
    ///
    /// # Panics
    ///
    /// Panics if the name is empty, `*` or longer than 256 bytes, or if there are already 1,000 spaces.
    #[track_caller]
    pub fn space(&self, name: &str) -> Space {
        match self.state.spaces.get_or_create(name) {
            Ok(space) => Space::with_report(space),
            Err(error) => panic!("cannot create the space {name:?}: {error}"),
        }
    }

    /// Gives a space resources of its own, and creates the space if it does not exist. It has the resources of the server,
    /// and those that the file, or the `*.xml` of the folder, describes; a description replaces that of the server with the
    /// same path.
    ///
    /// The space starts again from its seed: its records, journal, clock, faults and snapshots are new, and its coverage
    /// remains. Use the returned handle; an earlier one is a handle to the old contents.
    ///
    /// # Panics
    ///
    /// Panics if [`CucMock::space`] does, if the descriptions have errors, or if the seed does not conform to them, and
    /// lists the errors. It also panics for the space `default`, which has the resources of the server.
    #[track_caller]
    pub fn space_with_resources(&self, name: &str, path: impl Into<PathBuf>) -> Space {
        let spaces = &self.state.spaces;
        let progress = Progress::default();
        let (files, unreadable) = load::read(&[path.into()], &progress);
        let space = spaces
            .get_or_create(name)
            .map_err(ResourcesError::from)
            .and_then(|_| spaces.set_resources(name, &files, unreadable, &progress));
        match space {
            Ok(space) => Space::with_report(space),
            Err(ResourcesError::Space(error)) => {
                panic!("cannot set the resources of the space {name:?}: {error}")
            }
            Err(ResourcesError::Seed(error)) => {
                panic!("cannot set the resources of the space {name:?}\n{error}")
            }
        }
    }

    /// Reads the fixtures again and resets every space to them. Later resets use them, too.
    ///
    /// # Panics
    ///
    /// Panics if the fixtures have errors, and lists them. Nothing changes in that case. [`CucMock::try_reload`]
    /// returns them instead.
    #[track_caller]
    pub fn reload(&self) {
        if let Err(error) = self.try_reload() {
            panic!("cannot reload: {error}");
        }
    }

    /// Reads the fixtures again and resets every space to them. Later resets use them, too.
    ///
    /// # Errors
    ///
    /// Returns [`StartError::Fixtures`] or [`StartError::Object`] if the server could not start from the seed.
    /// Nothing changes in that case.
    pub fn try_reload(&self) -> Result<(), StartError> {
        self.state.spaces.reload(&Progress::default())?;
        Ok(())
    }

    /// Returns the combined coverage of all spaces, including deleted ones.
    pub fn coverage_of_all_spaces(&self) -> Coverage {
        self.state.spaces.coverage()
    }

    /// Returns the names of all spaces: `default`, then the others in alphabetical order.
    pub fn space_names(&self) -> Vec<String> {
        let spaces = self.state.spaces.all();
        spaces.iter().map(|space| space.name.to_string()).collect()
    }

    /// Deletes a space and its contents. Returns false if there is no such space, or if it is the default space,
    /// which cannot be deleted.
    pub fn delete_space(&self, name: &str) -> bool {
        self.state.spaces.delete(name).is_ok()
    }
}

/// Dereferences to the default space.
impl Deref for CucMock {
    type Target = Space;

    fn deref(&self) -> &Space {
        &self.default
    }
}

impl fmt::Debug for CucMock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CucMock")
            .field("address", &self.address)
            .field("seed", &self.seed())
            .finish_non_exhaustive()
    }
}

impl Drop for CucMock {
    /// Stops the server. Its port is closed when this returns. If the test panics, the last requests and the seed are
    /// printed to stderr.
    fn drop(&mut self) {
        panic_report::print(&self.state.spaces.all(), self.seed());
    }
}
