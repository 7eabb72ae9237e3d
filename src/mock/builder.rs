//! The builder of a server.

use std::{env, future::ready, net::TcpListener, path::PathBuf, sync::Arc};

use super::{
    CucMock,
    objects::{Service, Tenant},
    runtime,
    space::Space,
    start_error::{SEED_VARIABLE, StartError},
};
#[cfg(feature = "tls")]
use crate::tls::{Certificate, InvalidTlsName, KeyType};
use crate::{
    http::{Authentication, ControlAccess, Credentials},
    resources::can_sign_in,
    schema::Release,
    settings::Settings,
    space::Assignment,
};

/// Configures and starts a server. Created by [`CucMock::builder`].
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

    /// Sets the Unity Connection release to emulate. The default is [`Release::default`].
    pub fn release(mut self, release: Release) -> Self {
        self.settings.release = release;
        self
    }

    /// Adds a fixture file, or a folder of `*.xml` files. Fixtures replace the embedded seed.
    pub fn fixtures(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.fixtures.push(path.into());
        self
    }

    /// Adds the description of a resource, a file with responses to requests that no resource serves or with the
    /// contents of error responses, or a folder of `*.xml` with all of them. A description replaces the one of the
    /// embedded resource with the same path.
    ///
    /// A file with a list of objects adds a resource without a description, and the objects beside the seed.
    pub fn resources(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.resources.push(path.into());
        self
    }

    /// Adds a user. Once there is one, only the added users can sign in. By default any credentials are accepted.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        let user = Credentials::new(name, password);
        self.settings.authentication.add(user);
        self
    }

    /// Lets the users of the store sign in with their own passwords, beside those that [`user`](Self::user) adds.
    ///
    /// The name of a user is its alias, and `ALIAS@DOMAIN` with the SMTP domain of the tenant for a user of a tenant. A user
    /// without a password, or with a locked one, cannot sign in. It excludes [`auto_spaces`](Self::auto_spaces): the store of
    /// a space that does not exist yet has no users.
    pub fn sign_in_from_store(mut self) -> Self {
        self.settings.authentication.add_store(can_sign_in);
        self
    }

    /// Accepts requests without credentials.
    pub fn no_auth(mut self) -> Self {
        self.settings.authentication = Authentication::Disabled;
        self
    }

    /// Starts without the services and tenants of the embedded seed.
    pub fn empty(mut self) -> Self {
        self.settings.is_empty = true;
        self
    }

    /// Adds a service to the seed.
    pub fn service(mut self, Service(service): Service) -> Self {
        self.settings.objects.push(service);
        self
    }

    /// Adds a tenant to the seed.
    pub fn tenant(mut self, Tenant(tenant): Tenant) -> Self {
        self.settings.objects.push(tenant);
        self
    }

    /// Sets the number of requests that the journal of each space keeps. The default is 1,000.
    pub fn journal(mut self, requests: usize) -> Self {
        self.settings.journal = Some(requests);
        self
    }

    /// Freezes the clock at an RFC 3339 time, for example `2026-01-31T12:00:00Z`.
    ///
    /// # Panics
    ///
    /// Panics if `time` is not such a time, or is not in the years 1970 to 9999.
    #[track_caller]
    pub fn frozen_clock(mut self, time: &str) -> Self {
        match time.parse() {
            Ok(mode) => self.settings.clock = mode,
            Err(error) => panic!("cannot freeze the clock: {error}"),
        }
        self
    }

    /// Creates a space for each user name on first use. By default, a user works in the space of the same name only
    /// if [`CucMock::space`] has created it, otherwise in the default space.
    pub fn auto_spaces(mut self) -> Self {
        self.settings.assignment = Assignment::Auto;
        self
    }

    /// Requires `Authorization: Bearer` with this token for the control plane. By default, a request must address the
    /// server by a loopback address, `localhost`, the name of this machine, or a name in the certificate.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.settings.control = ControlAccess::Token(token.into());
        self
    }

    /// Opens the control plane to every client, even if the server listens on an address other than loopback. Requests
    /// may then address the server by any IP address and any name without a dot, too.
    pub fn control_open(mut self) -> Self {
        self.settings.control = ControlAccess::Open;
        self
    }

    /// Lets the web pages of an origin, such as `http://localhost:3000`, use `/vmrest`. By default, a browser lets no page
    /// of another origin read a response.
    ///
    /// # Panics
    ///
    /// Panics if `origin` is not an origin, or is `*` or `null`.
    #[track_caller]
    pub fn cors_origin(mut self, origin: &str) -> Self {
        match origin.parse() {
            Ok(origin) => self.settings.cors.push(origin),
            Err(error) => panic!("cannot allow the origin {origin:?}: {error}"),
        }
        self
    }

    /// Sets the seed of all random values: the same seed and the same requests produce the same IDs. The default is
    /// the environment variable `CUC_MOCK_SEED` if it is set, otherwise a random seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Adds a DNS name or an IP address to the certificate, and admits it as the `Host` of requests to the control
    /// plane. The certificate always contains localhost, 127.0.0.1, ::1 and the host name of this machine.
    #[cfg(feature = "tls")]
    pub fn tls_name(mut self, name: impl Into<String>) -> Self {
        self.tls_names.push(name.into());
        self
    }

    /// Sets the socket to listen on. The default is a free port of 127.0.0.1.
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Starts the server.
    ///
    /// # Panics
    ///
    /// Panics if the server cannot start. The message lists all errors. [`CucMockBuilder::try_start`] returns them
    /// instead.
    #[track_caller]
    pub fn start(self) -> impl Future<Output = CucMock> + Send {
        ready(self.start_blocking())
    }

    /// Starts the server, for a test that is not asynchronous.
    ///
    /// # Panics
    ///
    /// Panics if the server cannot start. The message lists all errors. [`CucMockBuilder::try_start`] returns them
    /// instead.
    #[track_caller]
    pub fn start_blocking(self) -> CucMock {
        match self.try_start() {
            Ok(mock) => mock,
            Err(error) => panic!("cannot start cuc-mock: {error}"),
        }
    }

    /// Starts the server. It never waits, so asynchronous code can call it.
    ///
    /// # Errors
    ///
    /// Returns an error if the fixtures have errors, if the rules of the API reject an added object, if the
    /// certificate cannot contain a name, if `CUC_MOCK_SEED` is invalid, or if the server cannot listen.
    pub fn try_start(mut self) -> Result<CucMock, StartError> {
        if self.settings.admits_users_of_future_spaces() {
            return Err(StartError::SignIn);
        }
        if self.settings.seed.is_none() {
            self.settings.seed = seed_from_environment()?;
        }
        #[cfg(feature = "tls")]
        {
            let certificate = certificate(&self.tls_names).map_err(StartError::TlsName)?;
            self.settings.https.certificate = certificate;
        }
        let https = self.settings.https.clone();
        let listener = match self.listener {
            Some(listener) => listener,
            None => runtime::bind_fresh_port().map_err(StartError::Listen)?,
        };
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let app = self.settings.build(address.ip())?;
        let state = Arc::clone(&app.state);
        Ok(CucMock {
            address,
            default: Space::new(Arc::clone(state.spaces.default())),
            state,
            _server: runtime::run(listener, app, https).map_err(StartError::Listen)?,
        })
    }
}

fn seed_from_environment() -> Result<Option<u64>, StartError> {
    let Some(text) = env::var_os(SEED_VARIABLE) else {
        return Ok(None);
    };
    let seed = text.to_str().and_then(|text| text.parse().ok());
    seed.map(Some).ok_or(StartError::Seed(text))
}

/// Returns a certificate to generate for these names.
#[cfg(feature = "tls")]
fn certificate(names: &[String]) -> Result<Certificate, InvalidTlsName> {
    let names: Result<_, _> = names.iter().map(|name| name.parse()).collect();
    names.map(|names| Certificate::generated(KeyType::default(), names))
}
