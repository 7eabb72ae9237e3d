//! The clock of a space, the only source of dates.

use std::{fmt, str::FromStr};

use bytes::Bytes;
use jiff::{
    SignedDuration, Timestamp,
    fmt::{
        rfc2822,
        temporal::{DateTimeParser, DateTimePrinter},
    },
    tz::Offset,
};
use parking_lot::Mutex;

use super::charset::shorten;

/// Prints a date and time in the form of records.
const PRINTER: DateTimePrinter = DateTimePrinter::new().separator(b' ');

/// The clock of one space.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    mode: Mutex<Mode>,
    /// The last second that was formatted as an HTTP date, with that date.
    dated: Mutex<(i64, Bytes)>,
}

/// The mode of a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The time of the operating system.
    #[default]
    Real,
    /// The time of the operating system with this offset.
    Offset(SignedDuration),
    /// Always this time.
    Frozen(Timestamp),
}

impl Clock {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode: Mutex::new(mode),
            dated: Mutex::default(),
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        *self.mode.lock()
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.mode.lock() = mode;
    }

    /// Moves the clock forward or back. A running clock continues to run.
    pub(crate) fn advance(&self, by: SignedDuration) -> Result<(), OutOfRange> {
        let mut mode = self.mode.lock();
        *mode = mode.advanced(by)?;
        Ok(())
    }

    pub(crate) fn now(&self) -> Timestamp {
        // A mode is checked before it is set. A running clock stops at the end of the year 9999.
        self.mode().time().unwrap_or(Timestamp::MAX)
    }

    /// Returns the time in the form of records, in UTC: `2013-01-12 14:57:32.569`.
    pub(crate) fn stamp(&self) -> String {
        let time = Offset::UTC.to_datetime(self.now());
        PRINTER.precision(Some(3)).datetime_to_string(&time)
    }

    /// Returns the time in the other form of records, in UTC and without a fraction: `2016-02-02T22:36:17Z`.
    pub(crate) fn utc_stamp(&self) -> String {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
        PRINTER.timestamp_to_string(&self.now())
    }

    /// Returns the time, and the same time as an HTTP date.
    pub(crate) fn dated(&self) -> (Timestamp, Bytes) {
        let time = self.now();
        let mut dated = self.dated.lock();
        // An empty date is not a cached one.
        if dated.0 != time.as_second() || dated.1.is_empty() {
            let printer = rfc2822::DateTimePrinter::new();
            let date = printer.timestamp_to_rfc9110_string(&time);
            let date = date.expect("the year of a clock is positive");
            *dated = (time.as_second(), date.into());
        }
        (time, dated.1.clone())
    }
}

impl Mode {
    /// Returns the mode of a clock that runs from `time` on.
    pub(crate) fn running_from(time: Timestamp) -> Result<Self, OutOfRange> {
        Self::Offset(time.duration_since(real())).checked()
    }

    /// Returns the mode of a clock that is frozen at `time`.
    pub(crate) fn frozen(time: Timestamp) -> Result<Self, OutOfRange> {
        Self::Frozen(time).checked()
    }

    /// Returns the mode moved forward or back.
    pub(crate) fn advanced(self, by: SignedDuration) -> Result<Self, OutOfRange> {
        let moved = match self {
            Self::Real => Self::Offset(by),
            Self::Offset(offset) => Self::Offset(offset.checked_add(by).ok_or(OutOfRange)?),
            Self::Frozen(time) => Self::Frozen(time.checked_add(by).map_err(|_| OutOfRange)?),
        };
        moved.checked()
    }

    fn checked(self) -> Result<Self, OutOfRange> {
        match self.time() {
            Some(time) if time >= Timestamp::UNIX_EPOCH => Ok(self),
            _ => Err(OutOfRange),
        }
    }

    fn time(self) -> Option<Timestamp> {
        match self {
            Self::Real => Some(real()),
            Self::Offset(offset) => real().checked_add(offset).ok(),
            Self::Frozen(time) => Some(time),
        }
    }
}

/// Parses a time of the command line or the control plane, such as `2026-01-31T12:00:00Z`.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        format!(
            "found {:?}, expected a time such as 2026-01-31T12:00:00Z, up to 9999-12-30",
            shorten(text)
        )
    })
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "real" {
            return Ok(Self::Real);
        }
        let time = parse_time(text).map_err(|error| format!("{error}, or real"))?;
        Self::frozen(time).map_err(|error| error.to_string())
    }
}

/// The error for a time that a clock cannot show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a time from 1970-01-01 to 9999-12-30")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only place that reads the system time"
)]
fn real() -> Timestamp {
    Timestamp::now()
}

/// Checks for a date and time in one of the two forms of records: `2013-01-12 14:57:32.569`, with or without a fraction, or
/// `2016-02-02T22:36:17Z`.
pub(crate) fn is_date_time(text: &str) -> bool {
    if let Some(seconds) = text.strip_suffix('Z') {
        let mut parts = seconds.split('T');
        let date_and_time = parts.next().zip(parts.next());
        return date_and_time.is_some_and(|(date, time)| {
            !time.contains('.') && is_date_time(&format!("{date} {time}"))
        }) && parts.next().is_none();
    }
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let time = DateTimeParser::new().parse_datetime(seconds);
    time.is_ok_and(|time| time.year() >= 0 && PRINTER.datetime_to_string(&time) == seconds)
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the time in one of the two forms of records, which is in UTC.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let time = DateTimeParser::new().parse_datetime(text.trim_end_matches('Z'));
    Offset::UTC.to_timestamp(time.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_time_has_one_form() {
        for text in [
            "2013-01-12 14:57:32.569",
            "2024-02-29 00:00:00",
            "2013-01-12 14:57:32.5",
            "2016-02-02T22:36:17Z",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "2013-1-2 1:2:3",
            "2013-01-12",
            "2013-02-29 00:00:00",
            "13-01-12 14:57:32",
            "2013-01-12T14:57:32",
            "2013-01-12 14:57:32.",
            "2013-01-12 14:57:32.x",
            "2013-01-12 24:00:00",
            "2013-01-12 23:59:60",
            "20130112 145732",
            "2013-01-12 14:57",
            "-002013-01-12 14:57:32",
            "2013-01-12 14:57:32+00:00",
            "2016-02-02T22:36:17.5Z",
            "2016-02-02 22:36:17Z",
            "2016-02-02T22:36:17TZ",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }

    #[test]
    fn both_forms_of_a_record_are_in_utc() {
        for (text, time) in [
            ("2026-01-31 12:00:00", "2026-01-31T12:00:00Z"),
            ("2026-01-31 12:00:00.5", "2026-01-31T12:00:00.5Z"),
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ] {
            assert_eq!(instant(text), time.parse().ok(), "{text}");
        }
        assert_eq!(instant(""), None);
    }
}
