//! `cuc-mock serve`, and `cuc-mock` without a command.

use std::{io, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use clap::Args;
use tokio::runtime::{Builder, Runtime};
use tracing::info;

#[cfg(feature = "tls")]
use super::https::HttpsOptions;
use super::{
    control::ControlOptions,
    failure::Failure,
    layers::ConfigOption,
    limits::LimitOptions,
    listener::{announcement, listen, most_exposed},
    log::LogOptions,
    options::{ListenOption, ReleaseOption, ResourcesOption, whole_number},
    output::print_line,
    progress,
    signals::{Signals, StdinOption},
    state::{StateKeeper, StateOption},
    watch::{WatchOption, Watcher},
};
use crate::{
    app::App,
    engine::Mode,
    http::{Authentication, Cors, Credentials, Origin},
    journal,
    resources::can_sign_in,
    server,
    settings::Settings,
    space::Assignment,
    tls::Https,
};

const SIGN_IN_WITH_SPACES: &str = "--sign-in store cannot be used together with --spaces auto: the store of a space that does not \
     exist yet has no users";

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigOption,
    #[command(flatten)]
    pub(super) listen: ListenOption,
    /// Fixtures to start from
    ///
    /// A file, or a folder of *.xml, that replaces the embedded services and tenants. May be repeated.
    #[arg(long, value_name = "PATH", env = "CUC_MOCK_FIXTURES")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    resources: ResourcesOption,
    #[command(flatten)]
    watch: WatchOption,
    #[command(flatten)]
    state: StateOption,
    #[command(flatten)]
    release: ReleaseOption,
    /// User that can sign in
    ///
    /// By default, any credentials are accepted. May be repeated.
    #[arg(
        long,
        value_name = "NAME:PASSWORD",
        env = "CUC_MOCK_USER",
        hide_env_values = true
    )]
    user: Vec<Credentials>,
    /// Let the users of the store sign in
    ///
    /// store: each with its own password, beside those of --user.
    #[arg(long, value_name = "store", env = "CUC_MOCK_SIGN_IN")]
    sign_in: Option<SignInOption>,
    /// Accept requests without credentials
    #[arg(long, env = "CUC_MOCK_NO_AUTH")]
    no_auth: bool,
    #[cfg(feature = "tls")]
    #[command(flatten)]
    https: HttpsOptions,
    /// Follow the headers of a reverse proxy
    ///
    /// They are X-Forwarded-Proto and X-Forwarded-Host.
    #[arg(long, env = "CUC_MOCK_TRUST_PROXY")]
    trust_proxy: bool,
    /// Seed of all random values
    ///
    /// By default, it is random. It is printed in either case.
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_SEED",
        allow_negative_numbers = true,
        value_parser = whole_number::<u64>
    )]
    seed: Option<u64>,
    /// Requests to keep, per space
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_JOURNAL",
        allow_negative_numbers = true,
        default_value_t = journal::DEFAULT_REQUESTS,
        value_parser = whole_number::<usize>
    )]
    journal: usize,
    /// Clock: real, or frozen at a time
    ///
    /// The form of a time is 2026-01-31T12:00:00Z.
    #[arg(
        long,
        value_name = "real|TIME",
        env = "CUC_MOCK_CLOCK",
        default_value = "real"
    )]
    clock: Mode,
    /// Spaces that are created for users
    ///
    /// auto: each user works in a space of its own name, created on first use. off: only if the control
    /// plane has created that space.
    #[arg(
        long,
        value_name = "off|auto",
        env = "CUC_MOCK_SPACES",
        default_value = "off"
    )]
    spaces: Assignment,
    #[command(flatten)]
    control: ControlOptions,
    /// Origin of web pages that may use /vmrest
    ///
    /// Its form is http://localhost:3000. May be repeated.
    #[arg(long, value_name = "ORIGIN", env = "CUC_MOCK_CORS")]
    cors: Vec<Origin>,
    #[command(flatten)]
    log: LogOptions,
    /// Time for requests during a shutdown
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_GRACE",
        allow_negative_numbers = true,
        default_value_t = 8,
        value_parser = whole_number::<u64>
    )]
    grace: u64,
    #[command(flatten)]
    stdin: StdinOption,
    // Last, because the help lists all further options under its heading.
    #[command(flatten)]
    limits: LimitOptions,
}

/// A server that is ready to run.
struct Server {
    app: App,
    /// The addresses to listen on, by option.
    addresses: Vec<Vec<SocketAddr>>,
    https: Https,
    /// The release and the seed, as printed at startup.
    identity: String,
    watcher: Option<Watcher>,
    keeper: Option<StateKeeper>,
}

impl Serve {
    /// Runs the server. Logs a remark about its options first.
    pub(super) fn run(self, remark: Option<&str>) -> Result<(), Failure> {
        let log = self
            .log
            .start()
            .map_err(|error| Failure::runtime(format!("cannot log: {error}")))?;
        if let Some(remark) = remark {
            info!("{remark}");
        }
        let result = self.start();
        // Flushes the log, so that the message of a failure comes after it.
        drop(log);
        result
    }

    fn start(&self) -> Result<(), Failure> {
        let mut signals = Signals::register()?;
        signals.add_stdin(&self.stdin)?;
        let server = self.prepare()?;
        let runtime = runtime()?;
        let result = runtime.block_on(self.serve(server, signals));
        // Does not wait for blocking tasks: a read of a file can take long, or hang.
        runtime.shutdown_background();
        result
    }

    /// Reads the settings, the fixtures and the state.
    fn prepare(&self) -> Result<Server, Failure> {
        let mut settings = self.settings().map_err(Failure::usage)?;
        let seed = settings.seed();
        let identity = format!("release {}, seed {seed}", settings.release);
        // Lists the files before they are read, so that no change is missed.
        let resources = &self.resources.resources;
        let watcher = self
            .watch
            .watcher(settings.release, &self.fixtures, resources);
        let addresses = self.listen.resolve()?;
        let address = most_exposed(&addresses);
        self.control.warn(address);
        #[cfg(feature = "tls")]
        settings
            .https
            .certificate
            .add_names(self.listen.tls_names(&addresses));
        let https = settings.https.clone();
        if self.spaces == Assignment::Auto {
            self.state.warn_about_spaces();
        }
        let progress = Arc::clone(&settings.progress);
        let app = progress::show(&progress, || settings.build(address))
            .map_err(|error| Failure::usage(error.to_string()))?;
        let keeper = self
            .state
            .open(app.state.spaces.default(), &self.fixtures)?;
        Ok(Server {
            app,
            addresses,
            https,
            identity,
            watcher,
            keeper,
        })
    }

    /// Listens, announces the server, serves until a signal ends it, and saves the state.
    async fn serve(&self, server: Server, signals: Signals) -> Result<(), Failure> {
        let Server { app, https, .. } = server;
        let listeners = listen(&server.addresses).map_err(Failure::runtime)?;
        #[cfg(feature = "tls")]
        {
            self.https.prepare(&https);
            self.https.write_ca(&https).map_err(Failure::usage)?;
        }
        let first_signal = signals.first()?;
        print_line(&announcement(&listeners, &server.identity)?);
        let state_task = server.keeper.map(StateKeeper::spawn);
        let watch_task = server
            .watcher
            .map(|watcher| watcher.spawn(Arc::clone(&app.state)));
        let shutdown = async {
            first_signal.await;
            info!("shutting down, a second signal ends the server at once");
        };
        let grace = Duration::from_secs(self.grace);
        server::run(listeners, app, https, shutdown, grace).await;
        if let Some(watch_task) = watch_task {
            watch_task.abort();
        }
        match state_task {
            Some(task) => task.finish().await,
            None => Ok(()),
        }
    }

    pub(super) fn settings(&self) -> Result<Settings, String> {
        let settings = Settings {
            release: self.release.release,
            fixtures: self.fixtures.clone(),
            resources: self.resources.resources.clone(),
            authentication: self.authentication(),
            seed: self.seed,
            journal: Some(self.journal),
            clock: self.clock,
            assignment: self.spaces,
            control: self.control.access(),
            cors: Cors::new(self.cors.clone()),
            limits: self.limits.effective_limits(),
            trusts_proxy: self.trust_proxy,
            #[cfg(feature = "tls")]
            https: self.https.https()?,
            #[cfg(not(feature = "tls"))]
            https: Https,
            ..Settings::default()
        };
        if settings.admits_users_of_future_spaces() {
            return Err(SIGN_IN_WITH_SPACES.to_owned());
        }
        Ok(settings)
    }

    fn authentication(&self) -> Authentication {
        if self.no_auth {
            return Authentication::Disabled;
        }
        let mut authentication = Authentication::AnyUser;
        for user in &self.user {
            authentication.add(user.clone());
        }
        if let Some(SignInOption::Store) = self.sign_in {
            authentication.add_store(can_sign_in);
        }
        authentication
    }
}

/// The users that can sign in beside those of the command line.
#[derive(Clone, Copy, Debug)]
enum SignInOption {
    Store,
}

impl FromStr for SignInOption {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "store" => Ok(Self::Store),
            _ => Err("expected store"),
        }
    }
}

/// Returns the runtime of the server. If one thread is enough, it is the current one.
fn runtime() -> io::Result<Runtime> {
    let mut builder = match server::threads() {
        1 => Builder::new_current_thread(),
        threads => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(threads);
            builder
        }
    };
    builder.enable_all().build()
}
