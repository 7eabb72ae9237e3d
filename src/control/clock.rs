//! The clock of a space.

use axum::{Extension, Json, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ApiError, ApiResult, JsonBody, Query, SpaceParameter};
use crate::{
    engine::{Mode, OutOfRange},
    http::StateExtension,
    values::{Choice, Number, Time},
};

/// The whole range of a clock, in seconds. A clock can be advanced by at most this much at once.
const MAX_SECONDS: i64 = 300_000_000_000;

/// The mode of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", remote = "Self")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum ClockMode {
    /// Like the clock of the operating system.
    Real,
    /// Like the clock of the operating system, with an offset.
    Offset,
    /// The clock always shows the same time.
    Frozen,
}

impl<'de> Deserialize<'de> for ClockMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The derived function.
        Self::deserialize(Choice::new(deserializer, &[]))
    }
}

impl Serialize for ClockMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Clock {
    /// The mode.
    mode: ClockMode,
    /// The current time.
    time: Time,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(transform = describe::alternatives))]
pub(super) struct ClockSetting {
    /// The new mode.
    mode: ClockMode,
    /// The time to start from, or to freeze at. Without it, the clock freezes at its current time.
    time: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ClockAdvance {
    /// The number of seconds to add; a negative number moves the clock back.
    seconds: Number<{ -MAX_SECONDS }, MAX_SECONDS>,
}

/// `GET /__mock/clock`
pub(super) async fn get(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<Clock>> {
    let clock = &scope.space.one(&server.spaces)?.records.clock;
    let mode = match clock.mode() {
        Mode::Real => ClockMode::Real,
        Mode::Offset(_) => ClockMode::Offset,
        Mode::Frozen(_) => ClockMode::Frozen,
    };
    let time = Time(clock.now());
    Ok(Json(Clock { mode, time }))
}

/// `PUT /__mock/clock`
pub(super) async fn put(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
    JsonBody(setting): JsonBody<ClockSetting>,
) -> ApiResult<StatusCode> {
    let spaces = scope.space.spaces(&server.spaces)?;
    let modes = spaces
        .iter()
        .map(|space| setting.resolve(|| space.records.clock.now()));
    let modes: Vec<_> = modes.collect::<ApiResult<_>>()?;
    for (space, mode) in spaces.iter().zip(modes) {
        space.records.clock.set(mode);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /__mock/clock/advance`
pub(super) async fn advance(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
    JsonBody(advance): JsonBody<ClockAdvance>,
) -> ApiResult<StatusCode> {
    let by = SignedDuration::from_secs_f64(advance.seconds.get());
    let spaces = scope.space.spaces(&server.spaces)?;
    // Every clock is checked before the first one is advanced.
    for space in &spaces {
        space.records.clock.mode().advanced(by)?;
    }
    for space in &spaces {
        space.records.clock.advance(by)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

impl ClockSetting {
    fn resolve(&self, now: impl Fn() -> Timestamp) -> ApiResult<Mode> {
        let mode = match (self.mode, self.time) {
            (ClockMode::Real, None) => Mode::Real,
            (ClockMode::Real, Some(_)) => {
                return Err(ApiError::bad_request(
                    "found a time with the mode real, expected it with offset or frozen only",
                ));
            }
            (ClockMode::Offset, Some(Time(time))) => Mode::running_from(time)?,
            (ClockMode::Offset, None) => {
                return Err(ApiError::bad_request(
                    "time is missing, expected it with the mode offset",
                ));
            }
            (ClockMode::Frozen, Some(Time(time))) => Mode::frozen(time)?,
            (ClockMode::Frozen, None) => Mode::frozen(now())?,
        };
        Ok(mode)
    }
}

impl From<OutOfRange> for ApiError {
    fn from(error: OutOfRange) -> Self {
        Self::bad_request(format!("the clock cannot be set to this time: {error}"))
    }
}

#[cfg(test)]
pub(super) mod describe {
    use serde_json::{Value, json};

    use super::{Clock, ClockAdvance, ClockSetting};
    use crate::{
        control::openapi::Operation,
        values::schema::{alternative, any_of},
    };

    /// Describes which modes go with a time.
    pub(super) fn alternatives(schema: &mut schemars::Schema) {
        let object = schema.as_object().cloned().unwrap_or_default();
        let for_mode = |mode: &str, required: &[&str], absent: &[&str]| -> Value {
            let mut setting = alternative(&object, required, absent);
            setting["properties"]["mode"] = json!({ "type": "string", "const": mode });
            setting
        };
        let settings = [
            for_mode("real", &[], &["time"]),
            for_mode("offset", &["time"], &[]),
            for_mode("frozen", &[], &[]),
        ];
        *schema = any_of(&object, &settings);
    }

    pub(in crate::control) fn get() -> Operation {
        Operation::new("clock", "getClock", "Get the clock of a space")
            .space()
            .json::<Clock>(200, "The mode and the current time.")
    }

    pub(in crate::control) fn put() -> Operation {
        Operation::new("clock", "putClock", "Set the clock")
            .description("A clock shows times from 1970 to 9999.")
            .space_or_all()
            .json_body::<ClockSetting>(&[
                ("the real time", json!({ "mode": "real" })),
                (
                    "running from a time",
                    json!({ "mode": "offset", "time": "2026-01-31T12:00:00Z" }),
                ),
                (
                    "frozen at a time",
                    json!({ "mode": "frozen", "time": "2026-01-31T12:00:00Z" }),
                ),
                ("frozen at the current time", json!({ "mode": "frozen" })),
            ])
            .no_content("The clock is set.")
    }

    pub(in crate::control) fn advance() -> Operation {
        Operation::new(
            "clock",
            "advanceClock",
            "Advance the clock, or move it back",
        )
        .description(
            "A real clock gets an offset. With `space=*`, either all clocks are advanced or none.",
        )
        .space_or_all()
        .json_body::<ClockAdvance>(&[("by an hour", json!({ "seconds": 3600 }))])
        .no_content("The clock is advanced.")
    }
}
