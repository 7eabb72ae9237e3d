//! `cuc-mock serve`, and `cuc-mock` alone.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};
use tracing::{info, warn};

#[cfg(feature = "tls")]
use super::https::HttpsOptions;
use super::{
    Emulated, Listen, MISTAKE, REFUSED, announce, fail,
    log::{LogFormat, log_to_stderr},
    or_environment, report,
    signals::Signals,
};
use crate::{
    app::App,
    engine::Mode,
    http::{Access, Credentials, SignIn},
    journal, server,
    settings::{BuildError, Settings},
    space::Assignment,
    tls::Https,
};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) listen: Listen,
    /// A file or a folder of *.xml to start from, in place of the embedded services and tenants;
    /// may be repeated [env: CUC_MOCK_FIXTURES, separated by commas]
    #[arg(long, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    release: Emulated,
    /// Only these may sign in, instead of anybody; may be repeated
    /// [env: CUC_MOCK_USER, separated by commas]
    #[arg(long, value_name = "NAME:PASSWORD")]
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
        allow_negative_numbers = true
    )]
    seed: Option<u64>,
    /// How many requests are kept, of each space
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_JOURNAL",
        allow_negative_numbers = true,
        default_value_t = journal::REQUESTS
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
    /// How to log, to stderr; pretty on a terminal, else json
    #[arg(long, value_name = "FORMAT", env = "CUC_MOCK_LOG")]
    log: Option<LogFormat>,
    /// How long requests in flight may take when the server is told to end
    #[arg(
        long,
        value_name = "SECONDS",
        env = "CUC_MOCK_GRACE",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    grace: u64,
}

impl Serve {
    pub(super) fn run(self) -> ExitCode {
        log_to_stderr(self.log);
        let mut settings = match self.settings() {
            Ok(settings) => settings,
            Err(message) => return fail(MISTAKE, &message),
        };
        let seed = settings.seed();
        let emulated = format!("release {}, seed {seed}", settings.release);
        let https = settings.https.clone();
        let control = settings.control.clone();
        let address = self.listen.address.ip();
        if let Some(reason) = control.clone().listening_on(address).closed() {
            warn!("{reason}");
        }
        if matches!(control, Access::Open) && !address.is_loopback() {
            warn!(
                "the control plane is open to whoever reaches {address}: a token closes it (--control-token)"
            );
        }
        let app = match settings.build(self.listen.address.ip()) {
            Ok(app) => app,
            Err(BuildError::Fixtures(mistakes)) => return report(&mistakes),
            Err(BuildError::Object(error)) => return fail(MISTAKE, &error.message),
        };
        let served = match Runtime::new() {
            Ok(runtime) => runtime.block_on(self.serve(app, https, &emulated)),
            Err(error) => Err((REFUSED, error.to_string())),
        };
        match served {
            Ok(()) => ExitCode::SUCCESS,
            Err((status, message)) => fail(status, &message),
        }
    }

    /// Serves until it is told to end, or tells the exit status and why it could not begin.
    async fn serve(&self, app: App, https: Https, emulated: &str) -> Result<(), (u8, String)> {
        let refused = |error: io::Error| (REFUSED, error.to_string());
        let address = self.listen.address;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| (REFUSED, format!("cannot listen on {address}: {error}")))?;
        let mut signals = Signals::new().map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        #[cfg(feature = "tls")]
        self.https
            .hand_out_ca(&https)
            .map_err(|message| (MISTAKE, message))?;
        let uris = uris(address).join(" ");
        announce(&format!("listening on {uris} as {emulated}"));
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
        Ok(())
    }

    /// The token beats `open`.
    fn control(&self) -> Access {
        match (&self.control_token, &self.control) {
            (Some(token), _) => Access::Token(token.clone()),
            (None, Some(_)) => Access::Open,
            (None, None) => Access::Loopback,
        }
    }

    pub(super) fn settings(&self) -> Result<Settings, String> {
        let users = or_environment(self.user.clone(), "CUC_MOCK_USER")?;
        let sign_in = match users {
            users if self.no_auth && !users.is_empty() => {
                return Err("--no-auth and --user exclude each other".to_owned());
            }
            _ if self.no_auth => SignIn::Open,
            users if users.is_empty() => SignIn::Anybody,
            users => SignIn::Only(users),
        };
        Ok(Settings {
            release: self.release.release,
            fixtures: or_environment(self.fixtures.clone(), "CUC_MOCK_FIXTURES")?,
            sign_in,
            seed: self.seed,
            journal: Some(self.journal),
            clock: self.clock,
            assignment: self.spaces,
            control: self.control(),
            #[cfg(feature = "tls")]
            https: self.https.https()?,
            #[cfg(not(feature = "tls"))]
            https: Https,
            ..Settings::default()
        })
    }
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
