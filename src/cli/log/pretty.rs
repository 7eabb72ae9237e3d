//! The log format for people.

use std::fmt::{self, Write};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

use crate::engine::shorten_to;

/// The maximum number of characters of a field.
const MAX_TEXT_LENGTH: usize = 2_048;

const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const END: &str = "\x1b[0m";

/// Writes lines in columns: the time of day in UTC, then for a request its number, method, status, duration, path, and
/// other fields.
pub(super) struct PrettyFormat;

impl<S, N> FormatEvent<S, N> for PrettyFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut line = LineWriter { writer };
        line.colored(DIM, &time_of_day()?)?;
        match fields.duration_ms {
            Some(duration) => line.request(duration, &fields)?,
            None => line.message(*event.metadata().level(), &fields)?,
        }
        writeln!(line.writer)
    }
}

/// Returns hours, minutes, seconds and milliseconds.
fn time_of_day() -> Result<String, fmt::Error> {
    let mut time = String::new();
    SystemTime.format_time(&mut Writer::new(&mut time))?;
    Ok(time.get(11..23).unwrap_or(&time).to_owned())
}

/// The fields of an event. Those without a column are in `rest`.
#[derive(Default)]
struct Fields {
    message: String,
    request_id: String,
    method: String,
    path: String,
    space: Option<String>,
    reason: Option<String>,
    status: Option<u64>,
    duration_ms: Option<f64>,
    rest: String,
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        match field.name() {
            "duration_ms" => self.duration_ms = Some(value),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "status" => self.status = Some(value),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let value = escape_controls(value);
        match field.name() {
            "message" => self.message = value,
            "request_id" => self.request_id = value,
            "method" => self.method = value,
            "path" => self.path = value,
            "space" => self.space = Some(value),
            "reason" => self.reason = Some(value),
            name => self.rest(name, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let value = escape_controls(&format!("{value:?}"));
        match field.name() {
            "message" => self.message = value,
            name => self.rest(name, &value),
        }
    }
}

impl Fields {
    fn rest(&mut self, name: &str, value: &str) {
        let _ = write!(self.rest, "  {name}={value}");
    }
}

/// Replaces control characters, which could move the cursor or start a line, and shortens a long text.
fn escape_controls(text: &str) -> String {
    shorten_to(text, MAX_TEXT_LENGTH).replace(char::is_control, "\u{fffd}")
}

struct LineWriter<'w> {
    writer: Writer<'w>,
}

impl LineWriter<'_> {
    fn colored(&mut self, color: &str, text: &str) -> fmt::Result {
        if self.writer.has_ansi_escapes() {
            write!(self.writer, "{color}{text}{END}")
        } else {
            self.writer.write_str(text)
        }
    }

    fn request(&mut self, duration: f64, fields: &Fields) -> fmt::Result {
        let Fields {
            request_id, method, ..
        } = fields;
        write!(self.writer, " {request_id:>9} {method:<6} ")?;
        match fields.status {
            Some(status) => self.colored(color_of(status), &status.to_string())?,
            None => self.colored(RED, "---")?,
        }
        self.colored(DIM, &format!(" {duration:>9.3} ms"))?;
        write!(self.writer, " {}", fields.path)?;
        if let Some(space) = &fields.space {
            self.colored(CYAN, &format!("  [{space}]"))?;
        }
        if let Some(reason) = &fields.reason {
            self.colored(YELLOW, &format!("  {reason}"))?;
        }
        if fields.status.is_none() {
            write!(self.writer, "  {}", fields.message)?;
        }
        self.colored(DIM, &fields.rest)
    }

    fn message(&mut self, level: Level, fields: &Fields) -> fmt::Result {
        let color = match level {
            Level::ERROR => RED,
            Level::WARN => YELLOW,
            Level::INFO => GREEN,
            _ => DIM,
        };
        self.writer.write_char(' ')?;
        self.colored(color, &format!("{level:>9}"))?;
        write!(self.writer, " {}", fields.message)?;
        for text in [&fields.method, &fields.path] {
            if !text.is_empty() {
                write!(self.writer, " {text}")?;
            }
        }
        if let Some(reason) = &fields.reason {
            write!(self.writer, ": {reason}")?;
        }
        self.colored(DIM, &fields.rest)
    }
}

fn color_of(status: u64) -> &'static str {
    match status {
        ..300 => GREEN,
        300..400 => CYAN,
        400..500 => YELLOW,
        _ => RED,
    }
}
