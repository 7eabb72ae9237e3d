//! The command line.

mod check;
mod coverage;
mod export;
mod file;
mod healthcheck;
#[cfg(feature = "tls")]
mod https;
#[cfg(test)]
mod image;
mod log;
mod remote;
mod serve;
mod signals;

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
    str::FromStr,
};

use clap::{Args, Parser, Subcommand};

use self::{
    check::Check, coverage::Coverage, export::Export, healthcheck::Healthcheck, serve::Serve,
};
use crate::{engine::fixtures::Mistake, schema::Release};

/// What is wrong with the command line or a fixture.
const MISTAKE: u8 = 2;
/// What the operating system or a running server refuses, or what falls short.
const REFUSED: u8 = 1;

const EXAMPLES: &str = "\
Examples:
  cuc-mock                                  serve the embedded seed on 127.0.0.1:8443
  cuc-mock --listen 127.0.0.1:0             on a free port, which the first line tells
  cuc-mock --fixtures fixtures --seed 7     other objects, and the same new ids in each run
  cuc-mock --user admin:secret              only this user signs in
  cuc-mock --ca-out ca.pem                  and write the CA of its certificate, for clients to trust
  cuc-mock check fixtures                   look for mistakes in fixtures
  cuc-mock export --output state.xml        keep what a running server holds, as a fixture
  cuc-mock coverage --fail-under 80         what requests touched of a running server

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
    Serve(Box<Serve>),
    /// Look for mistakes in fixtures, without starting
    Check(Check),
    /// Ask a running server whether it is up: exit status 0, or 1
    Healthcheck(Healthcheck),
    /// Write what a running server holds as a fixture, passwords included
    Export(Export),
    /// Show which of what a running server offers was touched by requests
    Coverage(Coverage),
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

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let CommandLine { command, serve } = CommandLine::parse();
    match command.unwrap_or_else(|| Command::Serve(Box::new(serve))) {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Healthcheck(healthcheck) => healthcheck.run(),
        Command::Export(export) => export.run(),
        Command::Coverage(coverage) => coverage.run(),
    }
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
