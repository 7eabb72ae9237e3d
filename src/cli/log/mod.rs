//! The log, which goes to stderr.

mod long_texts;
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

use self::{pretty::PrettyFormat, writer::FlushGuard};

#[derive(Debug, Args)]
pub(super) struct LogOptions {
    /// Format of the log
    ///
    /// The default is pretty on a terminal, otherwise json.
    #[arg(id = "log", long = "log", value_name = "FORMAT", env = "CUC_MOCK_LOG")]
    format: Option<LogFormat>,
    /// Level of the log
    ///
    /// The default is RUST_LOG, otherwise info: one line per request.
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
    /// Columns for people
    Pretty,
    /// JSON for programs, one object per line
    Json,
    /// No log
    Off,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogLevel {
    /// Internal errors
    Error,
    /// Also missing features and shortages of resources
    Warn,
    /// Also each request
    Info,
    /// Also the steps of each request
    Debug,
    /// Also the messages of libraries
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
    /// Starts to log.
    pub(super) fn start(&self) -> io::Result<FlushGuard> {
        let is_terminal = io::stderr().is_terminal();
        let default_format = if is_terminal {
            LogFormat::Pretty
        } else {
            LogFormat::Json
        };
        let format = self.format.unwrap_or(default_format);
        if matches!(format, LogFormat::Off) {
            return Ok(FlushGuard::disabled());
        }
        let is_json = matches!(format, LogFormat::Json);
        let (writer, guard) = writer::spawn(is_terminal, is_json)?;
        let layer = fmt::layer().with_writer(writer);
        let layer = if is_json {
            layer.json().flatten_event(true).with_target(false).boxed()
        } else {
            let has_colors = is_terminal && env::var_os("NO_COLOR").is_none();
            layer
                .with_ansi(has_colors)
                .event_format(PrettyFormat)
                .boxed()
        };
        let levels = self.levels();
        tracing_subscriber::registry()
            .with(layer)
            .with(
                levels
                    .clone()
                    .unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO)),
            )
            .init();
        if let Err(found) = levels {
            warn!(
                "RUST_LOG is {found:?}, expected levels such as info or cuc_mock=debug: using info"
            );
        }
        log_panics();
        Ok(guard)
    }

    /// Returns the level of the option or of `RUST_LOG`. The error is the invalid value of `RUST_LOG`.
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

/// Logs panics like other messages, so that a slow reader of stderr does not block the thread that panics.
fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        error!(place, "panicked");
    }));
}
