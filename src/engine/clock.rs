//! The one clock that dates come from.

use jiff::{Timestamp, civil::DateTime};

const SECONDS: &str = "%Y-%m-%d %H:%M:%S";

/// Tells the time of one space.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Clock {
    /// The operating system's time.
    #[default]
    Real,
}

impl Clock {
    /// The time, in the form that records hold it: `2013-01-12 14:57:32.569`, UTC.
    pub(crate) fn now(self) -> String {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is where the time is asked for"
            )]
            Self::Real => Timestamp::now(),
        }
        .strftime("%Y-%m-%d %H:%M:%S.%3f")
        .to_string()
    }
}

/// Whether `text` is a date and time in the form that records hold, with or without a fraction.
pub(crate) fn is_date_time(text: &str) -> bool {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_canonical = |time: DateTime| time.strftime(SECONDS).to_string() == seconds;
    DateTime::strptime(SECONDS, seconds).is_ok_and(is_canonical)
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
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
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}
