//! The library's door.

use std::{
    collections::HashSet,
    fmt,
    future::{Future, ready},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::{LazyLock, mpsc},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{runtime::Runtime, sync::oneshot};

#[cfg(feature = "tls")]
use crate::tls::{Certificate, InvalidName, ca_pem};
use crate::{
    app::App,
    engine::fixtures::Mistake,
    http::{Credentials, SignIn},
    schema::Release,
    server,
    settings::Settings,
    tls::Https,
};

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
#[derive(Debug)]
pub struct CucMock {
    address: SocketAddr,
    /// Dropping it tells the server to stop.
    stop: Option<oneshot::Sender<()>>,
    /// Hangs up when the server has stopped.
    stopped: Mutex<mpsc::Receiver<()>>,
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
        CucMockBuilder {
            settings: Settings::default(),
            listener: None,
            #[cfg(feature = "tls")]
            tls_names: Vec::new(),
        }
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
}

impl Drop for CucMock {
    /// Stops the server: when this returns, its port is closed.
    fn drop(&mut self) {
        self.stop.take();
        let _ = self.stopped.get_mut().recv();
    }
}

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

    /// The seed that all ids come from. With the same one, the same requests give the same ids.
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
    pub fn try_start(self) -> Result<CucMock, StartError> {
        #[cfg(feature = "tls")]
        let settings = named(self.settings, &self.tls_names).map_err(StartError::TlsName)?;
        #[cfg(not(feature = "tls"))]
        let settings = self.settings;
        let https = settings.https.clone();
        let listener = match self.listener {
            Some(listener) => listener,
            None => fresh_port().map_err(StartError::Listen)?,
        };
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let app = settings.build(address.ip()).map_err(StartError::Fixtures)?;
        serve(listener, app, https).map_err(StartError::Listen)
    }
}

/// Why a server could not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The fixtures have mistakes.
    Fixtures(Vec<Mistake>),
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
            Self::Listen(error) => write!(f, "cannot listen: {error}"),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Fixtures(_) => None,
            Self::Listen(error) => Some(error),
            #[cfg(feature = "tls")]
            Self::TlsName(error) => Some(error),
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

fn serve(listener: TcpListener, app: App, https: Https) -> io::Result<CucMock> {
    let runtime = runtime()?;
    let address = listener.local_addr()?;
    USED_PORTS.lock().insert(address.port());
    listener.set_nonblocking(true)?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stopping) = oneshot::channel::<()>();
    let (running, stopped) = mpsc::channel();
    runtime.spawn(async move {
        // `stop` is only ever dropped, which ends the wait as well.
        let shutdown = async { stopping.await.unwrap_or_default() };
        server::run(listener, app, https, shutdown, Duration::ZERO).await;
        drop(running);
    });
    Ok(CucMock {
        address,
        stop: Some(stop),
        stopped: Mutex::new(stopped),
    })
}

/// The threads that all servers of the process share.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("cuc-mock")
            .enable_all()
            .build()
    });
    RUNTIME
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))
}

/// Every port that a server of this process has had.
static USED_PORTS: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);

/// A free port that no earlier server of the process had, so that a client which still knows an
/// earlier one never meets this one.
fn fresh_port() -> io::Result<TcpListener> {
    /// How many ports to look at before giving up.
    const TRIES: usize = 512;
    // What was used before is held until a fresh one is found, or it would be given again.
    let mut held = Vec::new();
    for _ in 0..TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        if !USED_PORTS.lock().contains(&listener.local_addr()?.port()) {
            return Ok(listener);
        }
        held.push(listener);
    }
    Err(io::Error::new(
        io::ErrorKind::AddrNotAvailable,
        "no port is left that no earlier server of this process had",
    ))
}
