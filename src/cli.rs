//! The command line.

#[cfg(feature = "tls")]
mod https;

use std::{
    env,
    io::{self, IsTerminal, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    path::PathBuf,
    process::ExitCode,
    str::FromStr,
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio::{net::TcpListener, runtime::Runtime};
use tracing::info;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    prelude::*,
};

use crate::{
    app::App,
    engine::fixtures::Mistake,
    http::{Credentials, SignIn},
    resources::RESOURCES,
    schema::Release,
    server,
    settings::Settings,
    tls::Https,
};

/// What is wrong with the command line or a fixture.
const MISTAKE: u8 = 2;
/// What the operating system refuses.
const REFUSED: u8 = 1;

const EXAMPLES: &str = "\
Examples:
  cuc-mock                                  serve the embedded seed on 127.0.0.1:8443
  cuc-mock --listen 127.0.0.1:0             on a free port, which the first line tells
  cuc-mock --fixtures fixtures --seed 7     other objects, and the same new ids in each run
  cuc-mock --user admin:secret              only this user signs in
  cuc-mock --ca-out ca.pem                  and write the CA of its certificate, for clients to trust
  cuc-mock check fixtures                   look for mistakes in fixtures

Then, in another terminal:
  curl -u any:thing http://127.0.0.1:8443/vmrest/externalservices

Every option can be given as an environment variable too; the option wins. RUST_LOG sets what
is logged, info by default.";

/// A mock Cisco Unity Connection server for tests.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (what happens without a command, too)
    Serve(Serve),
    /// Look for mistakes in fixtures, without starting
    Check(Check),
    /// Ask a running server whether it is up: exit status 0, or 1
    Healthcheck(Healthcheck),
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    listen: Listen,
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
    https: https::HttpsOptions,
    /// The seed of everything random; without one it is drawn, and printed
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_SEED",
        allow_negative_numbers = true
    )]
    seed: Option<u64>,
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

#[derive(Debug, Args)]
struct Listen {
    /// Where to listen; port 0 takes a free one
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDR",
        env = "CUC_MOCK_LISTEN",
        default_value = "127.0.0.1:8443"
    )]
    address: SocketAddr,
}

#[derive(Debug, Args)]
struct Emulated {
    /// The release to emulate: 10.5, 11.5, 12.5, 14 or 15
    #[arg(
        id = "cuc-version",
        long = "cuc-version",
        value_name = "V",
        env = "CUC_MOCK_CUC_VERSION",
        default_value = "10.5"
    )]
    release: Release,
}

#[derive(Debug, Args)]
struct Check {
    /// Files and folders of *.xml, which are taken together
    #[arg(required = true, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    release: Emulated,
}

#[derive(Debug, Args)]
struct Healthcheck {
    #[command(flatten)]
    listen: Listen,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// For people
    Pretty,
    /// For programs, one object a line
    Json,
    /// Nothing
    Off,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let CommandLine { command, serve } = CommandLine::parse();
    match command.unwrap_or(Command::Serve(serve)) {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Healthcheck(healthcheck) => healthcheck.run(),
    }
}

impl Serve {
    fn run(self) -> ExitCode {
        log_to_stderr(self.log);
        let mut settings = match self.settings() {
            Ok(settings) => settings,
            Err(message) => return fail(MISTAKE, &message),
        };
        let seed = settings.seed();
        let emulated = format!("release {}, seed {seed}", settings.release);
        let https = settings.https.clone();
        let app = match settings.build() {
            Ok(app) => app,
            Err(mistakes) => return report(&mistakes),
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
        let told_to_end = told_to_end().map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        #[cfg(feature = "tls")]
        self.https
            .hand_out_ca(&https)
            .map_err(|message| (MISTAKE, message))?;
        let uris = uris(address).join(" ");
        announce(&format!("listening on {uris} as {emulated}"));
        let shutdown = async {
            told_to_end.await;
            info!("ending");
        };
        server::run(
            listener,
            app,
            https,
            shutdown,
            Duration::from_secs(self.grace),
        )
        .await;
        Ok(())
    }

    fn settings(&self) -> Result<Settings, String> {
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
            #[cfg(feature = "tls")]
            https: self.https.https()?,
            #[cfg(not(feature = "tls"))]
            https: Https,
        })
    }
}

impl Check {
    fn run(self) -> ExitCode {
        let settings = Settings {
            release: self.release.release,
            fixtures: self.fixtures,
            ..Settings::default()
        };
        match settings.load() {
            Ok(store) => {
                let counts = RESOURCES.iter().map(|resource| {
                    let records = store.collection(resource).len();
                    format!("{records} {}", resource.list_element)
                });
                announce(&format!(
                    "no mistakes in {}",
                    counts.collect::<Vec<_>>().join(" and ")
                ));
                ExitCode::SUCCESS
            }
            Err(mistakes) => report(&mistakes),
        }
    }
}

impl Healthcheck {
    fn run(self) -> ExitCode {
        let address = reachable(self.listen.address);
        match probe(address) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => fail(1, &format!("{address} answers, but it is not up")),
            Err(error) => fail(1, &format!("{address} does not answer: {error}")),
        }
    }
}

/// Ready at SIGINT or SIGTERM, which from now on are awaited here.
#[cfg(unix)]
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready at Ctrl-C.
#[cfg(not(unix))]
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The values of a repeatable option: those given, or else those of its environment twin.
fn or_environment<T>(given: Vec<T>, variable: &str) -> Result<Vec<T>, String>
where
    T: FromStr<Err: std::fmt::Display>,
{
    let Some(text) = env::var_os(variable).filter(|_| given.is_empty()) else {
        return Ok(given);
    };
    let text = text
        .into_string()
        .map_err(|_| format!("{variable} is not UTF-8"))?;
    text.split(',')
        .filter(|value| !value.is_empty())
        .map(|value| {
            let parsed = value.parse();
            parsed.map_err(|error: T::Err| format!("invalid value in {variable}: {error}"))
        })
        .collect()
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

/// An address at which a server that listens on `address` is reached from the same machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// Whether the server at `address` says that it is up.
fn probe(address: SocketAddr) -> io::Result<bool> {
    const PATIENCE: Duration = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET /__mock/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.1 200 "))
}

fn log_to_stderr(format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let format = format.unwrap_or(match terminal {
        true => LogFormat::Pretty,
        false => LogFormat::Json,
    });
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Pretty => {
            let colours = terminal && env::var_os("NO_COLOR").is_none();
            lines.with_target(false).with_ansi(colours).boxed()
        }
        LogFormat::Json => lines.json().flatten_event(true).with_target(false).boxed(),
        LogFormat::Off => return,
    };
    let levels = env::var("RUST_LOG").ok().and_then(|text| text.parse().ok());
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    tracing_subscriber::registry()
        .with(lines)
        .with(levels)
        .init();
}

fn report(mistakes: &[Mistake]) -> ExitCode {
    let lines: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    fail(MISTAKE, &lines.join("\n"))
}

/// Ends with a message and an exit status. Nobody may be reading, which is no reason to panic.
fn fail(status: u8, message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(status)
}

fn announce(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
