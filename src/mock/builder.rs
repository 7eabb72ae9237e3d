//! What a server starts from.

use std::{env, ffi::OsString, fmt, future::ready, io, net::TcpListener, path::PathBuf, sync::Arc};

use super::{CucMock, Service, Space, Tenant, running};
#[cfg(feature = "tls")]
use crate::tls::{Certificate, InvalidName};
use crate::{
    engine::load::Diagnostic,
    http::{Access, Credentials, SignIn},
    schema::Release,
    settings::Settings,
    space::{Assignment, SeedError},
};

/// What a server starts from. Made by [`CucMock::builder`].
///
/// ```
/// use cuc_mock::{CucMock, Release};
///
/// let mock = CucMock::builder()
///     .release(Release::V12_5)
///     .user("operator", "secret")
///     .seed(7)
///     .start_blocking();
/// # drop(mock);
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct CucMockBuilder {
    settings: Settings,
    listener: Option<TcpListener>,
    #[cfg(feature = "tls")]
    tls_names: Vec<String>,
}

impl CucMockBuilder {
    pub(super) fn new() -> Self {
        Self {
            settings: Settings::default(),
            listener: None,
            #[cfg(feature = "tls")]
            tls_names: Vec::new(),
        }
    }

    /// The release to emulate.
    pub fn release(mut self, release: Release) -> Self {
        self.settings.release = release;
        self
    }

    /// A file or a folder of `*.xml` to start from, in place of the embedded seed. May be repeated.
    pub fn fixtures(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.fixtures.push(path.into());
        self
    }

    /// Only this user may sign in, and others that are named so. Without one, anybody may.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        let user = Credentials::new(name, password);
        match &mut self.settings.sign_in {
            SignIn::Only(users) => users.push(user),
            sign_in => *sign_in = SignIn::Only(vec![user]),
        }
        self
    }

    /// No credentials are asked for.
    pub fn no_auth(mut self) -> Self {
        self.settings.sign_in = SignIn::Open;
        self
    }

    /// No service and no tenant, in place of the embedded seed.
    pub fn empty(mut self) -> Self {
        self.settings.is_empty = true;
        self
    }

    /// A service to start with, beside those of the fixtures. May be repeated.
    pub fn service(mut self, Service(service): Service) -> Self {
        self.settings.objects.push(service);
        self
    }

    /// A tenant to start with, beside those of the fixtures. May be repeated.
    pub fn tenant(mut self, Tenant(tenant): Tenant) -> Self {
        self.settings.objects.push(tenant);
        self
    }

    /// How many requests are kept of each space, in place of 1,000.
    pub fn journal(mut self, requests: usize) -> Self {
        self.settings.journal = Some(requests);
        self
    }

    /// Freezes the clock at a time such as `2026-01-31T12:00:00Z`.
    ///
    /// # Panics
    ///
    /// When it is not such a time between the years 1970 and 9999.
    #[track_caller]
    pub fn frozen_clock(mut self, time: &str) -> Self {
        match time.parse() {
            Ok(mode) => self.settings.clock = mode,
            Err(error) => panic!("the clock cannot be frozen so: {error}"),
        }
        self
    }

    /// Each user name is a space, made at first sight. Without this only those are that
    /// [`CucMock::space`] made.
    pub fn auto_spaces(mut self) -> Self {
        self.settings.assignment = Assignment::Auto;
        self
    }

    /// Whoever uses the control plane must give this token, as `Authorization: Bearer`.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.settings.control = Access::Token(token.into());
        self
    }

    /// Whoever reaches the server may use the control plane, also where it does not listen on loopback.
    pub fn control_open(mut self) -> Self {
        self.settings.control = Access::Open;
        self
    }

    /// The seed that everything random comes from. With the same one, the same requests give the same ids.
    /// Without one, the variable `CUC_MOCK_SEED` of the environment counts, or else it is drawn.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// A name or an address that the certificate is for, beside localhost, 127.0.0.1, ::1 and the
    /// name of this machine. May be repeated.
    #[cfg(feature = "tls")]
    pub fn tls_name(mut self, name: impl Into<String>) -> Self {
        self.tls_names.push(name.into());
        self
    }

    /// The socket to listen on, in place of a free port of 127.0.0.1.
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Starts the server.
    ///
    /// # Panics
    ///
    /// When a fixture has mistakes, which it lists, or when no port can be had.
    #[track_caller]
    pub fn start(self) -> impl Future<Output = CucMock> + Send {
        ready(self.start_blocking())
    }

    /// As [`CucMockBuilder::start`], for a test that is not asynchronous.
    ///
    /// # Panics
    ///
    /// When a fixture has mistakes, which it lists, or when no port can be had.
    #[track_caller]
    pub fn start_blocking(self) -> CucMock {
        match self.try_start() {
            Ok(mock) => mock,
            Err(error) => panic!("cuc-mock cannot start: {error}"),
        }
    }

    /// Starts the server, or tells why it cannot start. It does not wait for anything, and can be
    /// called from asynchronous code.
    ///
    /// # Errors
    ///
    /// When a fixture has mistakes, when no certificate can be made for a name, or when no port can be had.
    pub fn try_start(mut self) -> Result<CucMock, StartError> {
        if self.settings.seed.is_none() {
            self.settings.seed = seed_of_environment()?;
        }
        #[cfg(feature = "tls")]
        let settings = named(self.settings, &self.tls_names).map_err(StartError::TlsName)?;
        #[cfg(not(feature = "tls"))]
        let settings = self.settings;
        let https = settings.https.clone();
        let listener = match self.listener {
            Some(listener) => listener,
            None => running::fresh_port().map_err(StartError::Listen)?,
        };
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let app = settings.build(address.ip())?;
        let shared = Arc::clone(&app.shared);
        Ok(CucMock {
            address,
            default: Space::new(Arc::clone(shared.spaces.default())),
            shared,
            _running: running::run(listener, app, https).map_err(StartError::Listen)?,
        })
    }
}

/// Why a server could not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The fixtures have mistakes.
    Fixtures(Vec<Diagnostic>),
    /// The rules of the API refuse a service or a tenant, for this reason.
    Object(String),
    /// `CUC_MOCK_SEED` holds this, which is no seed.
    Seed(OsString),
    /// There is no socket to listen on.
    Listen(io::Error),
    /// No certificate can be made for a name.
    #[cfg(feature = "tls")]
    TlsName(InvalidName),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixtures(mistakes) => {
                f.write_str("the fixtures have mistakes")?;
                mistakes
                    .iter()
                    .try_for_each(|mistake| write!(f, "\n{mistake}"))
            }
            Self::Object(reason) => write!(f, "an object cannot be added: {reason}"),
            Self::Seed(found) => write!(
                f,
                "{SEED_VARIABLE} is {found:?}, expected a whole number from 0"
            ),
            Self::Listen(error) => write!(f, "cannot listen: {error}"),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Fixtures(_) | Self::Object(_) | Self::Seed(_) => None,
            Self::Listen(error) => Some(error),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => Some(error),
        }
    }
}

/// Where a seed can be given to a test that is run again.
pub(super) const SEED_VARIABLE: &str = "CUC_MOCK_SEED";

fn seed_of_environment() -> Result<Option<u64>, StartError> {
    let Some(text) = env::var_os(SEED_VARIABLE) else {
        return Ok(None);
    };
    let seed = text.to_str().and_then(|text| text.parse().ok());
    seed.map(Some).ok_or(StartError::Seed(text))
}

impl From<SeedError> for StartError {
    fn from(error: SeedError) -> Self {
        match error {
            SeedError::Fixtures(mistakes) => Self::Fixtures(mistakes),
            SeedError::Object(error) => Self::Object(error.message),
        }
    }
}

/// With a certificate that is made for these names too.
#[cfg(feature = "tls")]
fn named(mut settings: Settings, names: &[String]) -> Result<Settings, InvalidName> {
    let names: Result<_, _> = names.iter().map(|name| name.parse()).collect();
    settings.https.certificate = Certificate::Made(names?);
    Ok(settings)
}
