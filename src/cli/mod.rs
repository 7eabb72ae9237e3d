//! The command line.

mod check;
mod config;
mod config_file;
mod coverage;
mod descriptors;
mod export;
mod file;
mod healthcheck;
#[cfg(feature = "tls")]
mod https;
#[cfg(test)]
mod image;
mod keep;
mod limits;
mod log;
mod memory;
mod remote;
mod rules;
mod serve;
mod shell;
mod signals;
mod sources;
mod state_file;
mod waiting;
mod watch;

use std::{
    io::{self, Write},
    net::SocketAddr,
    num::{IntErrorKind, ParseIntError},
    process::ExitCode,
    str::FromStr,
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use self::{
    check::Check,
    config::Config,
    coverage::Coverage,
    export::Export,
    healthcheck::Healthcheck,
    serve::Serve,
    shell::{Completions, Manual},
    sources::Sources,
};
use crate::{engine::load::Diagnostic, schema::Release, space::SeedError};

/// What is wrong with the command line or a fixture.
const MISTAKE: u8 = 2;
/// What the operating system or a running server refuses, or what falls short.
const REFUSED: u8 = 1;

/// An exit status, and what stands behind it.
type Failed = (u8, String);

const EXAMPLES: &str = "\
Examples:
  cuc-mock                                  serve the embedded seed on 127.0.0.1:8443
  cuc-mock --listen 127.0.0.1:0             on a free port, which the first line tells
  cuc-mock --fixtures fixtures --seed 7     other objects, and the same new ids in each run
  cuc-mock --user admin:secret              only this user signs in
  cuc-mock --ca-out ca.pem                  and write the CA of its certificate, for clients to trust
  cuc-mock --fixtures fixtures --watch      start over from them whenever they change
  cuc-mock --state sandbox.xml              go on tomorrow where it ended today
  cuc-mock check fixtures                   look for mistakes in fixtures
  cuc-mock export --output state.xml        keep what a running server holds, as a fixture
  cuc-mock coverage --fail-under 80         what requests touched of a running server
  cuc-mock config --config mock.toml        what is in force, and where each value comes from

Then, in another terminal:
  curl -u any:thing http://127.0.0.1:8443/vmrest/externalservices

Every option can be given as an environment variable too, and in a file (--config); the option wins over
both, and the variable over the file.";

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
    /// Show what `serve` would work with given the same options, environment and file, and where each
    /// value comes from; passwords and tokens are hidden
    Config(Box<Config>),
    /// Write what completes the command line in a shell, to stdout
    Completions(Completions),
    /// Write a manual page, to stdout
    Man(Manual),
}

#[derive(Debug, Args)]
struct Listen {
    /// Where to listen; port 0 takes a free one
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDR",
        env = "CUC_MOCK_LISTEN",
        default_value = "127.0.0.1:8443",
        value_parser = address
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
    let definition = CommandLine::command;
    let sources = match Sources::read(definition) {
        Ok(sources) => sources,
        Err(mistakes) => return fail(MISTAKE, &mistakes),
    };
    let CommandLine { command, serve } = match CommandLine::from_arg_matches(&sources.matches) {
        Ok(line) => line,
        Err(error) => error.exit(),
    };
    match command.unwrap_or_else(|| Command::Serve(Box::new(serve))) {
        Command::Serve(serve) => {
            if let Err(message) = rules::broken(&definition(), &sources, sources.given()) {
                return fail(MISTAKE, &message);
            }
            // A server may run for long, and needs it no more.
            drop(sources);
            serve.run()
        }
        Command::Check(check) => check.run(),
        Command::Healthcheck(healthcheck) => healthcheck.run(),
        Command::Export(export) => export.run(),
        Command::Coverage(coverage) => coverage.run(),
        Command::Config(_) => Config::run(&definition(), &sources),
        Command::Completions(completions) => completions.run(definition()),
        Command::Man(manual) => manual.run(definition()),
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let expected = "expected an IP address and a port, such as 127.0.0.1:8443 or [::]:8443";
    text.parse().map_err(|_| expected.to_owned())
}

fn whole_number<T: FromStr<Err = ParseIntError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: ParseIntError| {
        let expected = match error.kind() {
            IntErrorKind::PosOverflow => "expected a smaller number",
            _ => "expected a whole number from 0 up",
        };
        expected.to_owned()
    })
}

/// What is wrong with a seed, in lines.
fn seed_error(error: &SeedError) -> String {
    match error {
        SeedError::Fixtures(mistakes) => {
            let lines: Vec<_> = mistakes.iter().map(Diagnostic::to_string).collect();
            lines.join("\n")
        }
        SeedError::Object(error) => error.message.clone(),
    }
}

/// Ends with a message and an exit status. Nobody may be reading, which is no reason to panic.
fn fail(status: u8, message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(status)
}

fn announce(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
