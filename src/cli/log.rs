//! Logs, to stderr.

use std::{
    env,
    io::{self, IsTerminal},
};

use clap::ValueEnum;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    prelude::*,
};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    Pretty,
    /// For programs, one object a line
    Json,
    /// Nothing
    Off,
}

/// Begins to log, in the given format or in the one that suits where the log goes.
pub(super) fn log_to_stderr(format: Option<LogFormat>) {
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
