//! A fault as JSON, the same in and out:
//! `{"requests": {…}, "nth": 1, "times": 2, "probability": 0.5, "until": time, "delay": {…}, "effect": …, "handled": false}`.
//!
//! A delay is `{"fixed_ms": 1}`, `{"min_ms": 1, "max_ms": 2}` or `{"median_ms": 1, "sigma": 0.5}`. An effect is its name, or an
//! object with its name and what it takes. `{"preset": name}` stands for an effect that is often wanted.

mod read;
mod written;

use crate::faults::{Effect, Failure};

pub(super) use read::read;
pub(super) use written::Written;

/// The effects that take nothing.
const PLAIN: [Effect; 10] = [
    Effect::NoAnswer,
    Effect::Reset,
    Effect::Close,
    Effect::MalformedChunk,
    Effect::Truncate,
    Effect::Failure(Failure::Busy),
    Effect::Failure(Failure::LockedOut),
    Effect::Failure(Failure::ReadOnly),
    Effect::Failure(Failure::Tomcat),
    Effect::Failure(Failure::LoginPage),
];

/// The name of an effect.
fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::NoAnswer => "no_answer",
        Effect::Reset => "reset",
        Effect::Close => "close",
        Effect::MalformedChunk => "malformed_chunk",
        Effect::Truncate => "truncate",
        Effect::Failure(Failure::Busy) => "busy",
        Effect::Failure(Failure::LockedOut) => "locked_out",
        Effect::Failure(Failure::ReadOnly) => "read_only",
        Effect::Failure(Failure::Tomcat) => "tomcat_error",
        Effect::Failure(Failure::LoginPage) => "login_page",
        Effect::Answer(_) => "answer",
        Effect::ContentType(_) => "content_type",
        Effect::Cut { .. } => "cut",
        Effect::Dribble { .. } => "dribble",
        Effect::Throttle { .. } => "throttle",
    }
}
