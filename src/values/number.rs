//! Numbers with limits, and durations in milliseconds.

use std::{fmt, time::Duration};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

use super::missing::with_expected;

/// The longest duration that can be given in milliseconds.
pub(crate) const MAX_MILLISECONDS: i64 = 10 * 60 * 1000;

/// A number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number<const MIN: i64, const MAX: i64>(f64);

impl<const MIN: i64, const MAX: i64> Number<MIN, MAX> {
    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> TryFrom<f64> for Number<MIN, MAX> {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        if (MIN as f64..=MAX as f64).contains(&number) {
            return Ok(Self(number));
        }
        Err(format!(
            "is {number}, expected a number from {MIN} to {MAX}"
        ))
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Number<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = NumberVisitor::<MIN, MAX>;
        let number = deserializer.deserialize_f64(visitor);
        number.map_err(|error| with_expected(error, &visitor))
    }
}

impl<const MIN: i64, const MAX: i64> Serialize for Number<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

#[derive(Clone, Copy)]
struct NumberVisitor<const MIN: i64, const MAX: i64>;

impl<const MIN: i64, const MAX: i64> Visitor<'_> for NumberVisitor<MIN, MAX> {
    type Value = Number<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number from {MIN} to {MAX}")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Number::try_from(number as f64)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Number::try_from(number as f64)
            .map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Number::try_from(number).map_err(|_| E::invalid_value(Unexpected::Float(number), &self))
    }
}

/// A duration in milliseconds, of at most ten minutes, rounded to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Milliseconds(pub(crate) Duration);

impl<'de> Deserialize<'de> for Milliseconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::<0, MAX_MILLISECONDS>::deserialize(deserializer)?;
        let microseconds = (number.get() * 1000.0).round();
        Ok(Self(Duration::from_micros(microseconds as u64)))
    }
}

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.subsec_nanos().is_multiple_of(1_000_000) {
            let whole = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
            serializer.serialize_u64(whole)
        } else {
            serializer.serialize_f64(self.0.as_secs_f64() * 1000.0)
        }
    }
}

/// Reads and writes a plain [`Duration`] in milliseconds.
pub(crate) mod milliseconds {
    use super::{Deserialize, Deserializer, Duration, Milliseconds, Serialize, Serializer};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        Milliseconds::deserialize(deserializer).map(|Milliseconds(duration)| duration)
    }

    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Milliseconds(*duration).serialize(serializer)
    }
}

#[cfg(test)]
impl<const MIN: i64, const MAX: i64> schemars::JsonSchema for Number<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("NumberFrom{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": MIN, "maximum": MAX })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Milliseconds {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Milliseconds".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Number::<0, MAX_MILLISECONDS>::json_schema(generator)
    }
}
