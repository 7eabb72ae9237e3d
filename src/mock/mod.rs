//! The library's door.

mod builder;
mod failing;
mod objects;
mod running;
mod space;
mod verifying;

use std::{
    fmt,
    future::{Future, ready},
    net::SocketAddr,
    ops::Deref,
    sync::Arc,
    thread,
};

use self::running::Running;
#[cfg(feature = "tls")]
use crate::tls::ca_pem;
use crate::{http::Shared, space::Coverage};

use builder::SEED_VARIABLE;
pub use builder::{CucMockBuilder, StartError};
pub use failing::ActiveFault;
pub use objects::{Service, Tenant};
pub use space::Space;
pub use verifying::Expectation;

/// A server of its own, on a free port of 127.0.0.1, that stops when it is dropped.
///
/// It runs on threads of its own: a test that blocks does not block it, and it needs no runtime of
/// the test's. It starts from the embedded seed unless [`CucMock::builder`] says otherwise.
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
    shared: Arc<Shared>,
    /// Last, so that it stops when everything else is done.
    _running: Running,
}

impl CucMock {
    /// Starts a server on the embedded seed.
    ///
    /// # Panics
    ///
    /// When no port can be had. [`CucMockBuilder::try_start`] tells instead.
    #[track_caller]
    pub fn start() -> impl Future<Output = Self> + Send {
        ready(Self::start_blocking())
    }

    /// As [`CucMock::start`], for a test that is not asynchronous.
    ///
    /// # Panics
    ///
    /// When no port can be had. [`CucMockBuilder::try_start`] tells instead.
    #[track_caller]
    pub fn start_blocking() -> Self {
        Self::builder().start_blocking()
    }

    /// A server that starts from something else than the defaults.
    pub fn builder() -> CucMockBuilder {
        CucMockBuilder::new()
    }

    /// Where the server is reached: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn uri(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the server is reached over TLS, on the same port: `https://127.0.0.1:PORT`.
    #[cfg(feature = "tls")]
    pub fn https_uri(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The CA that a client has to trust for [`CucMock::https_uri`], in PEM. It is made when it is
    /// first needed, and is the same for all servers of the process.
    #[cfg(feature = "tls")]
    pub fn ca_pem(&self) -> &str {
        ca_pem()
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The space of this name, without regard to case, which is made if there is none: many tests can share
    /// one server when each signs in with the name of a space of its own.
    ///
    /// # Panics
    ///
    /// When there are a thousand spaces already, or when it cannot be a name: it is empty, or `*`.
    #[track_caller]
    pub fn space(&self, name: &str) -> Space {
        match self.shared.spaces.get_or_make(name) {
            Ok(space) => Space::new(space),
            Err(refused) => panic!("there is no space {name:?}: {refused}"),
        }
    }

    /// Reads the fixtures again, and resets every space to them. Later resets go to them too.
    ///
    /// # Panics
    ///
    /// When the fixtures have mistakes, which it lists; then nothing is changed. [`CucMock::try_reload`] tells
    /// instead.
    #[track_caller]
    pub fn reload(&self) {
        if let Err(error) = self.try_reload() {
            panic!("cannot reload: {error}");
        }
    }

    /// As [`CucMock::reload`].
    ///
    /// # Errors
    ///
    /// For what the server could not have started from; then nothing is changed.
    pub fn try_reload(&self) -> Result<(), StartError> {
        self.shared.spaces.reload()?;
        Ok(())
    }

    /// What was touched in all spaces together, also in those that have been deleted.
    pub fn coverage_of_all_spaces(&self) -> Coverage {
        self.shared.spaces.coverage()
    }

    /// The names of all spaces, the default one first.
    pub fn spaces(&self) -> Vec<String> {
        let spaces = self.shared.spaces.all();
        spaces.iter().map(|space| space.name.to_string()).collect()
    }

    /// Deletes a space with all that it holds; tells whether there was one. The default one stays.
    pub fn delete_space(&self, name: &str) -> bool {
        self.shared.spaces.delete(name).is_ok()
    }
}

/// A server is its own default space.
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
    /// Stops the server: when this returns, its port is closed. A test that fails is told the seed.
    fn drop(&mut self) {
        if thread::panicking() {
            let seed = self.seed();
            eprintln!(
                "cuc-mock: its seed was {seed}, {SEED_VARIABLE}={seed} runs this again with the same"
            );
        }
    }
}
