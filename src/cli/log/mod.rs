//! Logs, to stderr.

mod pretty;
mod writer;

use std::{
    env,
    io::{self, IsTerminal},
    panic,
};

use clap::{Args, ValueEnum};
use tracing::{error, warn};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    prelude::*,
};

use self::pretty::Pretty;
pub(super) use self::writer::Flush;

#[derive(Debug, Args)]
pub(super) struct LogOptions {
    /// How to log, to stderr; pretty on a terminal, else json
    #[arg(id = "log", long = "log", value_name = "FORMAT", env = "CUC_MOCK_LOG")]
    format: Option<LogFormat>,
    /// How much to log; without it RUST_LOG says so, or it is info: a line for each request
    #[arg(
        id = "log-level",
        long = "log-level",
        value_name = "LEVEL",
        env = "CUC_MOCK_LOG_LEVEL"
    )]
    level: Option<LogLevel>,
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogLevel {
    /// Mistakes of this server
    Error,
    /// And what is not implemented, and what lacks
    Warn,
    /// And each request
    Info,
    /// And what becomes of a request on its way
    Debug,
    /// And what the libraries tell
    Trace,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

impl LogOptions {
    /// Begins to log, in the given format or in the one that suits where the log goes.
    pub(super) fn begin(&self) -> io::Result<Flush> {
        let terminal = io::stderr().is_terminal();
        let format = self.format.unwrap_or(match terminal {
            true => LogFormat::Pretty,
            false => LogFormat::Json,
        });
        if matches!(format, LogFormat::Off) {
            return Ok(Flush::nothing());
        }
        let (lines, flush) = writer::to_stderr()?;
        let lines = fmt::layer().with_writer(lines);
        let lines = match format {
            LogFormat::Json => lines.json().flatten_event(true).with_target(false).boxed(),
            _ => {
                let colours = terminal && env::var_os("NO_COLOR").is_none();
                lines.with_ansi(colours).event_format(Pretty).boxed()
            }
        };
        let levels = self.levels();
        tracing_subscriber::registry()
            .with(lines)
            .with(
                levels
                    .clone()
                    .unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO)),
            )
            .init();
        if let Err(found) = levels {
            warn!(
                "RUST_LOG is {found:?}, expected levels such as info or cuc_mock=debug: it is not used"
            );
        }
        log_panics();
        Ok(flush)
    }

    /// What is logged, or what stands in RUST_LOG in its place.
    fn levels(&self) -> Result<Targets, String> {
        if let Some(level) = self.level {
            return Ok(Targets::new().with_default(LevelFilter::from(level)));
        }
        let Some(text) = env::var_os("RUST_LOG").filter(|text| !text.is_empty()) else {
            return Ok(Targets::new().with_default(LevelFilter::INFO));
        };
        let levels = text.to_str().and_then(|text| text.parse().ok());
        levels.ok_or_else(|| text.to_string_lossy().into_owned())
    }
}

/// A panic becomes a line like any other: who does not read the log holds nothing up.
fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        error!(place, "panicked");
    }));
}
