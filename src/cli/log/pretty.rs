//! Lines of the log for people.

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

const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const END: &str = "\x1b[0m";

/// Lines of the log in columns: the time of the day in UTC, then of a request its number, method, status, how long it
/// took, its path, and the rest.
pub(super) struct Pretty;

impl<S, N> FormatEvent<S, N> for Pretty
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
        let mut line = Line { writer };
        line.painted(DIM, &time_of_day()?)?;
        match fields.duration_ms {
            Some(duration) => line.request(duration, &fields)?,
            None => line.other(*event.metadata().level(), &fields)?,
        }
        writeln!(line.writer)
    }
}

/// Hours, minutes, seconds and thousandths.
fn time_of_day() -> Result<String, fmt::Error> {
    let mut time = String::new();
    SystemTime.format_time(&mut Writer::new(&mut time))?;
    Ok(time.get(11..23).unwrap_or(&time).to_owned())
}

/// The fields of an event: those that have a column, and the rest as they come.
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
        let value = visible(value);
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
        let value = visible(&format!("{value:?}"));
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

/// A text that moves no cursor and begins no line.
fn visible(text: &str) -> String {
    let visible = text.chars().map(|character| match character {
        character if character.is_control() => char::REPLACEMENT_CHARACTER,
        character => character,
    });
    visible.collect()
}

struct Line<'w> {
    writer: Writer<'w>,
}

impl Line<'_> {
    fn painted(&mut self, colour: &str, text: &str) -> fmt::Result {
        match self.writer.has_ansi_escapes() {
            true => write!(self.writer, "{colour}{text}{END}"),
            false => self.writer.write_str(text),
        }
    }

    fn request(&mut self, duration: f64, fields: &Fields) -> fmt::Result {
        let Fields {
            request_id, method, ..
        } = fields;
        write!(self.writer, " {request_id:>9} {method:<6} ")?;
        match fields.status {
            Some(status) => self.painted(colour_of(status), &status.to_string())?,
            None => self.painted(RED, "---")?,
        }
        self.painted(DIM, &format!(" {duration:>9.3} ms"))?;
        write!(self.writer, " {}", fields.path)?;
        if let Some(space) = &fields.space {
            self.painted(CYAN, &format!("  [{space}]"))?;
        }
        if let Some(reason) = &fields.reason {
            self.painted(YELLOW, &format!("  {reason}"))?;
        }
        if fields.status.is_none() {
            write!(self.writer, "  {}", fields.message)?;
        }
        self.painted(DIM, &fields.rest)
    }

    fn other(&mut self, level: Level, fields: &Fields) -> fmt::Result {
        let colour = match level {
            Level::ERROR => RED,
            Level::WARN => YELLOW,
            Level::INFO => GREEN,
            _ => DIM,
        };
        self.writer.write_char(' ')?;
        self.painted(colour, &format!("{level:>9}"))?;
        write!(self.writer, " {}", fields.message)?;
        for text in [&fields.method, &fields.path] {
            if !text.is_empty() {
                write!(self.writer, " {text}")?;
            }
        }
        if let Some(reason) = &fields.reason {
            write!(self.writer, ": {reason}")?;
        }
        self.painted(DIM, &fields.rest)
    }
}

fn colour_of(status: u64) -> &'static str {
    match status {
        ..300 => GREEN,
        300..400 => CYAN,
        400..500 => YELLOW,
        _ => RED,
    }
}
