//! `cuc-mock serve`, and `cuc-mock` alone.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::{Builder, Runtime},
    sync::oneshot,
};
use tracing::{info, warn};

#[cfg(feature = "tls")]
use super::https::HttpsOptions;
use super::{
    Emulated, Failed, Listen, MISTAKE, REFUSED, announce, descriptors, fail,
    keep::{Keep, KeepOptions},
    limits::LimitOptions,
    log::LogOptions,
    memory, seed_error,
    signals::Signals,
    sources::ConfigOption,
    waiting::waiting,
    watch::{Watch, WatchOptions},
    whole_number,
};
use crate::{
    app::App,
    engine::Mode,
    http::{Authentication, ControlAccess, Credentials, Limits},
    journal, server,
    settings::Settings,
    space::Assignment,
    tls::Https,
};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigOption,
    #[command(flatten)]
    pub(super) listen: Listen,
    /// A file or a folder of *.xml to start from, in place of the embedded services and tenants;
    /// may be repeated [env: CUC_MOCK_FIXTURES, separated by commas]
    #[arg(long, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    watch: WatchOptions,
    #[command(flatten)]
    keep: KeepOptions,
    #[command(flatten)]
    release: Emulated,
    /// Only these may sign in, instead of anybody; may be repeated
    /// [env: CUC_MOCK_USER, separated by commas]
    #[arg(long, value_name = "NAME:PASSWORD", hide_env_values = true)]
    user: Vec<Credentials>,
    /// No credentials are needed
    #[arg(long, env = "CUC_MOCK_NO_AUTH")]
    no_auth: bool,
    #[cfg(feature = "tls")]
    #[command(flatten)]
    https: HttpsOptions,
    /// The seed of everything random; without one it is drawn, and printed
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_SEED",
        allow_negative_numbers = true,
        value_parser = whole_number::<u64>
    )]
    seed: Option<u64>,
    /// How many requests are kept, of each space
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_JOURNAL",
        allow_negative_numbers = true,
        default_value_t = journal::DEFAULT_REQUESTS,
        value_parser = whole_number::<usize>
    )]
    journal: usize,
    /// `real`, or a time to freeze the clock at, such as 2026-01-31T12:00:00Z
    #[arg(
        long,
        value_name = "real|TIME",
        env = "CUC_MOCK_CLOCK",
        default_value = "real"
    )]
    clock: Mode,
    /// `auto`: each user name is a space, made at first sight; `off`: only those that the control
    /// plane made are
    #[arg(
        long,
        value_name = "off|auto",
        env = "CUC_MOCK_SPACES",
        default_value = "off"
    )]
    spaces: Assignment,
    /// Who may use the control plane must give this token, as Authorization: Bearer TOKEN
    #[arg(
        long,
        value_name = "TOKEN",
        env = "CUC_MOCK_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    control_token: Option<String>,
    /// `open`: whoever reaches the server may use the control plane, also where it does not listen on
    /// loopback; without it and a token nobody may there
    #[arg(long, value_name = "open", env = "CUC_MOCK_CONTROL", value_parser = ["open"])]
    control: Option<String>,
    #[command(flatten)]
    log: LogOptions,
    /// How long requests in flight may take when the server is told to end
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_GRACE",
        allow_negative_numbers = true,
        default_value_t = 10,
        value_parser = whole_number::<u64>
    )]
    grace: u64,
    // Last: what follows would stand under its heading in the help.
    #[command(flatten)]
    limits: LimitOptions,
}

/// What the server runs on. Where one thread is enough, the one that begins will do.
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

impl Serve {
    pub(super) fn run(self) -> ExitCode {
        let flush = match self.log.begin() {
            Ok(flush) => flush,
            Err(error) => return fail(REFUSED, &format!("cannot log: {error}")),
        };
        let ended = self.start();
        // What is said last comes behind the log.
        drop(flush);
        match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err((status, message)) => fail(status, &message),
        }
    }

    /// Gathers what is needed, and serves; or tells the exit status and why it could not.
    fn start(&self) -> Result<(), Failed> {
        let mistake = |message| (MISTAKE, message);
        let mut settings = self.settings().map_err(mistake)?;
        let seed = settings.seed();
        let emulated = format!("release {}, seed {seed}", settings.release);
        let https = settings.https.clone();
        let fixtures = settings.fixtures.clone();
        let watch = self.watch.watch(&fixtures);
        let control = settings.control.clone();
        let address = self.listen.address.ip();
        if let Some(reason) = control.clone().listening_on(address).closed() {
            warn!("{reason}");
        }
        if matches!(control, ControlAccess::Open) && !address.is_loopback() {
            warn!(
                "the control plane is open to whoever reaches {address}: a token closes it (--control-token)"
            );
        }
        let progress = Arc::clone(&settings.progress);
        let app = waiting(&progress, || settings.build(address));
        let app = app.map_err(|error| (MISTAKE, seed_error(&error)))?;
        if self.spaces == Assignment::Auto {
            self.keep.warn_of_spaces();
        }
        let keep = self.keep.keep(app.state.spaces.default(), &fixtures)?;
        let runtime = runtime().map_err(|error| (REFUSED, error.to_string()))?;
        runtime.block_on(self.serve(app, https, &emulated, watch, keep))
    }

    /// Serves until it is told to end, or tells the exit status and why it could not begin.
    async fn serve(
        &self,
        app: App,
        https: Https,
        emulated: &str,
        watch: Option<Watch>,
        keep: Option<Keep>,
    ) -> Result<(), Failed> {
        let refused = |error: io::Error| (REFUSED, error.to_string());
        let address = self.listen.address;
        let listener = listen(address).map_err(|error| (REFUSED, unheard(address, &error)))?;
        let mut signals = Signals::new().map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        #[cfg(feature = "tls")]
        self.https
            .hand_out_ca(&https)
            .map_err(|message| (MISTAKE, message))?;
        let uris = uris(address).join(" ");
        announce(&format!("listening on {uris} as {emulated}"));
        let kept = keep.map(Keep::begin);
        let watching = watch.map(|watch| watch.begin(Arc::clone(&app.state)));
        let (end, ended) = oneshot::channel::<()>();
        let grace = Duration::from_secs(self.grace);
        let shutdown = async { ended.await.unwrap_or_default() };
        tokio::select! {
            () = server::run(listener, app, https, shutdown, grace) => {}
            () = async {
                signals.next().await;
                info!("ending, a second signal ends at once");
                drop(end);
                signals.next().await;
            } => {}
        }
        if let Some(watching) = watching {
            watching.abort();
        }
        match kept {
            Some(kept) => kept.finish().await,
            None => Ok(()),
        }
    }

    /// What clients may take, as far as the operating system gives it.
    fn limits(&self) -> Limits {
        let limits = self.limits.limits();
        let connections = descriptors::connections_of(limits.connections);
        let connections = memory::connections_of(connections);
        if connections < limits.connections {
            let wanted = limits.connections;
            info!(
                "room for {connections} connections, not for {wanted}: more need more file descriptors or memory"
            );
        }
        Limits {
            connections,
            ..limits
        }
    }

    /// The token beats `open`.
    fn control(&self) -> ControlAccess {
        match (&self.control_token, &self.control) {
            (Some(token), _) => ControlAccess::Token(token.clone()),
            (None, Some(_)) => ControlAccess::Open,
            (None, None) => ControlAccess::Loopback,
        }
    }

    pub(super) fn settings(&self) -> Result<Settings, String> {
        let authentication = match self.user.clone() {
            _ if self.no_auth => Authentication::Disabled,
            users if users.is_empty() => Authentication::AnyUser,
            users => Authentication::Users(users),
        };
        Ok(Settings {
            release: self.release.release,
            fixtures: self.fixtures.clone(),
            authentication,
            seed: self.seed,
            journal: Some(self.journal),
            clock: self.clock,
            assignment: self.spaces,
            control: self.control(),
            limits: self.limits(),
            #[cfg(feature = "tls")]
            https: self.https.https()?,
            #[cfg(not(feature = "tls"))]
            https: Https,
            ..Settings::default()
        })
    }
}

/// Listens with a long queue, so that many who come at once are not sent away.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    const QUEUE: u32 = 4096;
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A port that was just left can be taken again; elsewhere than on Unix this would mean to share it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Why a server cannot listen on `address`.
fn unheard(address: SocketAddr, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "port {} is not for everybody, on Linux it asks for the capability NET_BIND_SERVICE",
            address.port()
        ),
        _ => error.to_string(),
    };
    format!("cannot listen on {address}: {reason}")
}

/// Where a server that listens on `address` is reached.
fn uris(address: SocketAddr) -> Vec<String> {
    let schemes: &[_] = match cfg!(feature = "tls") {
        true => &["http", "https"],
        false => &["http"],
    };
    let uris = schemes.iter().map(|scheme| format!("{scheme}://{address}"));
    uris.collect()
}
