//! The one clock that dates come from.

use jiff::Timestamp;

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

/// Whether `text` is a date and time in the form that records hold.
pub(crate) fn is_date_time(text: &str) -> bool {
    jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S%.f", text)
        .and_then(|parsed| parsed.to_datetime())
        .is_ok()
}
