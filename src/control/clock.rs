//! The clock of a space.

use axum::{Extension, Json, http::StatusCode};
use jiff::SignedDuration;
use serde::Serialize;

use super::{
    Refusal, Sent,
    input::{At, Object, Parameters, Taken},
};
use crate::{
    engine::{Mode, OutOfRange},
    http::StateExtension,
};

const MODES: &str = "real, offset or frozen";
/// How far a clock can be moved at once: from one end of its range to the other.
const FURTHEST: f64 = 300_000_000_000.0;

#[derive(Serialize)]
pub(super) struct Clock {
    mode: &'static str,
    /// What it tells now.
    time: String,
}

/// `GET /__mock/clock`
pub(super) async fn get(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
) -> Taken<Json<Clock>> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let clock = &space.records.clock;
    let mode = match clock.mode() {
        Mode::Real => "real",
        Mode::Offset(_) => "offset",
        Mode::Frozen(_) => "frozen",
    };
    let time = clock.now().to_string();
    Ok(Json(Clock { mode, time }))
}

/// `PUT /__mock/clock`
pub(super) async fn put(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
    Extension(body): Sent,
) -> Taken<StatusCode> {
    let spaces = parameters.spaces(&shared.spaces)?;
    parameters.finish()?;
    let mut object = Object::read(&body)?;
    let known = |mode: &str| {
        ["real", "offset", "frozen"]
            .contains(&mode)
            .then(|| mode.to_owned())
    };
    let mode = object.required("mode", |at| at.parsed(MODES, known))?;
    // Nothing to be given for a clock that runs as the real one.
    let time = match mode.as_str() {
        "real" => None,
        "offset" => Some(object.required("time", At::time)?),
        _ => object.optional("time", At::time)?,
    };
    object.finish()?;
    let modes = spaces.iter().map(|space| match (mode.as_str(), time) {
        ("real", _) => Ok(Mode::Real),
        ("offset", Some(time)) => Mode::running_from(time),
        (_, time) => Mode::frozen(time.unwrap_or_else(|| space.records.clock.now())),
    });
    let modes: Vec<_> = modes
        .collect::<Result<_, _>>()
        .map_err(|error| refuse(&error))?;
    for (space, mode) in spaces.iter().zip(modes) {
        space.records.clock.set(mode);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /__mock/clock/advance`
pub(super) async fn advance(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
    Extension(body): Sent,
) -> Taken<StatusCode> {
    let spaces = parameters.spaces(&shared.spaces)?;
    parameters.finish()?;
    let mut object = Object::read(&body)?;
    let seconds = object.required("seconds", |at| at.number(-FURTHEST, FURTHEST))?;
    object.finish()?;
    let by = SignedDuration::from_secs_f64(seconds);
    let checked = spaces
        .iter()
        .try_for_each(|space| space.records.clock.mode().advanced(by).map(drop));
    checked.map_err(|error| refuse(&error))?;
    for space in spaces {
        space
            .records
            .clock
            .advance(by)
            .map_err(|error| refuse(&error))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn refuse(error: &OutOfRange) -> Refusal {
    Refusal::bad(format!("the clock cannot be set so: {error}"))
}
