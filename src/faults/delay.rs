//! Delays of responses.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    engine::RandomStream,
    values::{MAX_MILLISECONDS, Milliseconds, Number},
};

/// The longest delay.
pub(crate) const MAX_DELAY: Duration = Duration::from_millis(MAX_MILLISECONDS as u64);
/// The greatest standard deviation of the logarithm of a delay.
const MAX_SIGMA: i64 = 10;

/// The delay of a response: at most ten minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Delay {
    /// Always the same time.
    Fixed(Duration),
    /// A uniform distribution between two times.
    Uniform(Duration, Duration),
    /// A log-normal distribution, which has a long tail, as the latency of real servers does.
    LogNormal {
        /// Half of all delays are shorter than this.
        median: Duration,
        /// The standard deviation of the logarithm, 0 to 10.
        sigma: f64,
    },
}

/// A delay in milliseconds: always the same (`fixed_ms`), uniformly distributed between `min_ms` and
/// `max_ms`, or log-normally distributed with `median_ms` and `sigma`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Delay", transform = alternatives))]
pub(super) struct DelayDocument {
    /// Always this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed_ms: Option<Milliseconds>,
    /// The shortest delay, not above `max_ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    min_ms: Option<Milliseconds>,
    /// The longest delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_ms: Option<Milliseconds>,
    /// Half of all delays are shorter than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_ms: Option<Milliseconds>,
    /// The standard deviation of the logarithm.
    #[serde(skip_serializing_if = "Option::is_none")]
    sigma: Option<Number<0, MAX_SIGMA>>,
}

#[cfg(test)]
fn alternatives(schema: &mut schemars::Schema) {
    let (fixed, uniform) = (["fixed_ms"], ["min_ms", "max_ms"]);
    let log_normal = ["median_ms", "sigma"];
    crate::values::schema::set_alternatives(
        schema,
        &[
            (&fixed, &[uniform, log_normal].concat()),
            (&uniform, &[&fixed[..], &log_normal].concat()),
            (&log_normal, &[&fixed[..], &uniform].concat()),
        ],
    );
}

impl TryFrom<DelayDocument> for Delay {
    type Error = String;

    fn try_from(document: DelayDocument) -> Result<Self, String> {
        let DelayDocument {
            fixed_ms,
            min_ms,
            max_ms,
            median_ms,
            sigma,
        } = document;
        match (fixed_ms, min_ms, max_ms, median_ms, sigma) {
            (Some(fixed), None, None, None, None) => Ok(Self::Fixed(fixed.0)),
            (None, Some(min), Some(max), None, None) => Ok(Self::Uniform(min.0, max.0)),
            (None, None, None, Some(median), Some(sigma)) => {
                Ok(Self::log_normal(median.0, sigma.get()))
            }
            _ => Err(
                "delay: expected fixed_ms, or min_ms and max_ms, or median_ms and sigma".to_owned(),
            ),
        }
    }
}

impl From<Delay> for DelayDocument {
    fn from(delay: Delay) -> Self {
        let empty = Self {
            fixed_ms: None,
            min_ms: None,
            max_ms: None,
            median_ms: None,
            sigma: None,
        };
        match delay {
            Delay::Fixed(fixed) => Self {
                fixed_ms: Some(Milliseconds(fixed)),
                ..empty
            },
            Delay::Uniform(min, max) => Self {
                min_ms: Some(Milliseconds(min)),
                max_ms: Some(Milliseconds(max)),
                ..empty
            },
            Delay::LogNormal { median, sigma } => Self {
                median_ms: Some(Milliseconds(median)),
                sigma: Number::try_from(sigma).ok(),
                ..empty
            },
        }
    }
}

impl From<Duration> for Delay {
    fn from(duration: Duration) -> Self {
        Self::Fixed(duration)
    }
}

impl Delay {
    /// Creates a log-normal distribution. Half of all delays are shorter than `median`; `sigma`, 0 to 10, is the
    /// standard deviation of the logarithm.
    pub fn log_normal(median: Duration, sigma: f64) -> Self {
        Self::LogNormal { median, sigma }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        match *self {
            Self::Fixed(fixed) => check_longest(fixed),
            Self::Uniform(min, max) if min > max => {
                check_longest(min)?;
                Err(format!(
                    "the delay is from {} ms to {} ms, expected the shorter one first",
                    min.as_millis(),
                    max.as_millis()
                ))
            }
            Self::Uniform(_, max) => check_longest(max),
            Self::LogNormal { median, sigma } => {
                check_longest(median)?;
                Number::<0, MAX_SIGMA>::try_from(sigma)
                    .map(drop)
                    .map_err(|error| format!("the sigma of the delay {error}"))
            }
        }
    }

    /// Draws the delay of one request.
    pub(super) fn draw(&self, stream: RandomStream, ordinal: u64) -> Duration {
        match *self {
            Self::Fixed(fixed) => fixed,
            Self::Uniform(min, max) => {
                let [fraction, _] = fractions(stream, ordinal);
                min + (max - min).mul_f64(fraction)
            }
            Self::LogNormal { median, sigma } => {
                let normal = normal(stream, ordinal);
                let seconds = median.as_secs_f64() * (sigma * normal).exp();
                let limited = seconds.min(MAX_DELAY.as_secs_f64());
                Duration::try_from_secs_f64(limited).unwrap_or(MAX_DELAY)
            }
        }
    }
}

fn check_longest(duration: Duration) -> Result<(), String> {
    if duration <= MAX_DELAY {
        return Ok(());
    }
    Err(format!(
        "the delay is {} ms, expected at most {} ms",
        duration.as_millis(),
        MAX_DELAY.as_millis()
    ))
}

/// Draws a number from the standard normal distribution by the polar method, which needs no trigonometric functions.
fn normal(stream: RandomStream, ordinal: u64) -> f64 {
    let mut attempt = ordinal;
    loop {
        let [x, y] = fractions(stream, attempt).map(|fraction| 2.0 * fraction - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
        // No request has so large an ordinal.
        attempt = attempt.wrapping_add(1 << 48);
    }
}

/// Draws two numbers from 0 to below 1.
pub(super) fn fractions(stream: RandomStream, ordinal: u64) -> [f64; 2] {
    /// The number of values that six bytes can have.
    const NUMBERS: f64 = (1_u64 << 48) as f64;
    let bytes = stream.draw(ordinal);
    // Some bits in the middle are the same in every draw.
    [&bytes[..6], &bytes[10..]].map(|bytes| {
        let number = bytes
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte));
        number as f64 / NUMBERS
    })
}
