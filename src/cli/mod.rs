//! The command line.

#[cfg(feature = "appliance")]
mod appliance_options;
#[cfg(feature = "appliance")]
mod appliance_progress;
mod atomic_file;
#[cfg(feature = "appliance")]
mod capture;
mod check;
mod check_report;
mod comma_list;
#[cfg(feature = "manual")]
mod completions;
mod config;
mod config_file;
mod conflicts;
mod control;
mod control_client;
mod coverage;
#[cfg(feature = "manual")]
mod describe;
#[cfg(feature = "appliance")]
mod drift;
mod export;
mod failure;
mod fault;
mod fd_limit;
mod healthcheck;
mod help;
#[cfg(feature = "tls")]
mod https;
#[cfg(test)]
mod image;
mod layers;
mod limits;
mod listen_address;
mod listener;
mod log;
#[cfg(feature = "manual")]
mod manual;
mod memory_limit;
mod options;
mod output;
mod pattern_options;
#[cfg_attr(not(feature = "progress"), path = "no_progress.rs")]
mod progress;
mod remote;
mod requests;
mod reset;
mod sarif;
#[cfg(feature = "manual")]
mod schema;
mod serve;
mod signals;
mod state;
mod state_file;
mod suggestions;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

#[cfg(feature = "appliance")]
use self::{capture::Capture, drift::Drift};
use self::{
    check::Check, config::Config, coverage::Coverage, export::Export, failure::Failure,
    fault::Fault, healthcheck::Healthcheck, layers::Layers, requests::Requests, reset::Reset,
    serve::Serve, verify::Verify,
};
#[cfg(feature = "manual")]
use self::{completions::Completions, describe::Describe, manual::Manual, schema::Schema};

const EXAMPLES: &str = "\
Examples:
  cuc-mock                            serve the embedded seed on 127.0.0.1:8443
  cuc-mock --listen 127.0.0.1:0       use a free port; the first line shows it
  cuc-mock --fixtures fixtures        start from other objects
  cuc-mock --seed 7                   generate the same IDs in each run
  cuc-mock --user admin:secret        let only this user sign in
  cuc-mock --ca-out ca.pem            write the CA that clients must trust
  cuc-mock --fixtures dir --watch     reload the fixtures when they change
  cuc-mock --state sandbox.xml        keep the objects for the next run
  cuc-mock check fixtures             check fixtures for errors
  cuc-mock describe widgets.xml       describe the resource of a list
  cuc-mock capture URL --user admin --out dir
                                      read a real server into fixtures
  cuc-mock drift URL --user admin     compare a real server with this one
  cuc-mock export --output state.xml  save the objects of a running server
  cuc-mock requests --status 400      list the requests that were rejected
  cuc-mock verify POST tenants        require that a tenant was created
  cuc-mock fault add busy --times 2   let two requests fail with 503
  cuc-mock reset                      restore the initial objects
  cuc-mock coverage --fail-under 80   require that tests use 80 % of the API
  cuc-mock config --config mock.toml  show all settings and their sources

Then, in another terminal:
  curl -u any:thing http://127.0.0.1:8443/vmrest/externalservices

Each option can also be set as an environment variable or in a file
(--config). Options take precedence over variables, variables over the file.";

/// A mock Cisco Unity Connection server for tests.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default command)
    Serve(Box<Serve>),
    /// Check fixtures for errors without starting the server
    Check(Check),
    /// Capture a real server into fixtures
    ///
    /// Only reads: all requests are GET.
    #[cfg(feature = "appliance")]
    Capture(Box<Capture>),
    /// Compare a real server with this one
    ///
    /// Only reads, unless --write is given. The exit status is 1 if they differ.
    #[cfg(feature = "appliance")]
    Drift(Box<Drift>),
    /// Write the description that follows from a list of a resource
    #[cfg(feature = "manual")]
    Describe(Describe),
    /// Write an XML Schema of fixtures, for editors, to stdout
    #[cfg(feature = "manual")]
    Schema(Schema),
    /// Check if a server is up: exit status 0 or 1
    ///
    /// Accepts all options of `serve`, their variables and the configuration file, so that it finds the server that has
    /// the same options.
    Healthcheck(Box<Healthcheck>),
    /// Export a running server's objects, with passwords, as a fixture
    Export(Export),
    /// Show which parts of a running server's API have been used
    Coverage(Coverage),
    /// List the requests that a running server has received
    Requests(Requests),
    /// Verify the requests that a running server has received
    Verify(Verify),
    /// List, add and end the faults of a running server
    Fault(Fault),
    /// Reset a running server to its initial state
    Reset(Reset),
    /// Show the settings of `serve` and their sources, without secrets
    Config(Box<Config>),
    /// Write a completion script for a shell to stdout
    #[cfg(feature = "manual")]
    Completions(Completions),
    /// Write a manual page to stdout
    #[cfg(feature = "manual")]
    Man(Manual),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// The path of the file in the errors of [`read_configuration`].
#[cfg(any(fuzzing, test))]
pub(crate) const CONFIGURATION: &str = "mock.toml";

/// Reads a configuration file of the server, whose options are not applied.
#[cfg(any(fuzzing, test))]
pub(crate) fn read_configuration(document: &[u8]) -> Result<(), String> {
    let path = std::path::Path::new(CONFIGURATION);
    config_file::ConfigFile::parse(path, document, &definition()).map(drop)
}

/// Returns the definition of the command line.
fn definition() -> clap::Command {
    CommandLine::command()
        .mut_args(options::accept_flag_values)
        .mut_subcommands(|command| command.mut_args(options::accept_flag_values))
        .mut_subcommand("healthcheck", Healthcheck::define)
}

fn run() -> Result<(), Failure> {
    let layers = Layers::read(definition).map_err(Failure::usage)?;
    let CommandLine { command, serve } =
        CommandLine::from_arg_matches(&layers.matches).unwrap_or_else(|error| error.exit());
    match command.unwrap_or_else(|| Command::Serve(Box::new(serve))) {
        Command::Serve(serve) => {
            conflicts::check(&definition(), &layers).map_err(Failure::usage)?;
            let remark = layers.remark_about_users(&definition());
            // A server may run for a long time and does not need the layers any more.
            drop(layers);
            serve.run(remark.as_deref())
        }
        Command::Check(check) => check.run(),
        #[cfg(feature = "appliance")]
        Command::Capture(capture) => capture.run(),
        #[cfg(feature = "appliance")]
        Command::Drift(drift) => drift.run(),
        #[cfg(feature = "manual")]
        Command::Describe(describe) => describe.run(),
        #[cfg(feature = "manual")]
        Command::Schema(schema) => schema.run(),
        Command::Healthcheck(healthcheck) => healthcheck.run(),
        Command::Export(export) => export.run(),
        Command::Coverage(coverage) => coverage.run(),
        Command::Requests(requests) => requests.run(),
        Command::Verify(verify) => verify.run(),
        Command::Fault(fault) => fault.run(),
        Command::Reset(reset) => reset.run(),
        Command::Config(_) => Config::run(&definition(), &layers),
        #[cfg(feature = "manual")]
        Command::Completions(completions) => completions.run(definition()),
        #[cfg(feature = "manual")]
        Command::Man(manual) => manual.run(definition()),
    }
}
