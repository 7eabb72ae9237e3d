//! How long an answer is held back.

use std::time::Duration;

use crate::engine::RandomStream;

/// How long an answer may be held back.
pub(crate) const LONGEST: Duration = Duration::from_secs(10 * 60);
/// How wide a distribution may be.
pub(crate) const WIDEST: f64 = 10.0;

/// How long an answer is held back; never more than ten minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Delay {
    /// Always as long.
    Fixed(Duration),
    /// Anything between the two, each as likely.
    Uniform(Duration, Duration),
    /// Half of all below the median, with a long tail above it, as real servers have.
    LogNormal {
        /// What half of all stay below.
        median: Duration,
        /// How wide the distribution is: the standard deviation of the logarithm, 0 to 10.
        sigma: f64,
    },
}

impl From<Duration> for Delay {
    fn from(duration: Duration) -> Self {
        Self::Fixed(duration)
    }
}

impl Delay {
    /// Half of all below `median`, with a long tail above it. `sigma`, 0 to 10, is how wide the distribution is.
    pub fn log_normal(median: Duration, sigma: f64) -> Self {
        Self::LogNormal { median, sigma }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let (longest, is_sound) = match *self {
            Self::Fixed(fixed) => (fixed, true),
            Self::Uniform(least, most) => (most.max(least), least <= most),
            Self::LogNormal { median, sigma } => (median, (0.0..=WIDEST).contains(&sigma)),
        };
        if longest > LONGEST {
            return Err(format!(
                "the delay is {} ms, expected at most {} ms",
                longest.as_millis(),
                LONGEST.as_millis()
            ));
        }
        match *self {
            Self::Uniform(least, most) if !is_sound => Err(format!(
                "the delay is from {} ms to {} ms, expected the shorter one first",
                least.as_millis(),
                most.as_millis()
            )),
            Self::LogNormal { sigma, .. } if !is_sound => Err(format!(
                "the sigma of the delay is {sigma}, expected a number from 0 to {WIDEST}"
            )),
            _ => Ok(()),
        }
    }

    /// The delay of one request.
    pub(super) fn draw(&self, stream: RandomStream, ordinal: u64) -> Duration {
        let [first, second] = fractions(stream, ordinal);
        match *self {
            Self::Fixed(fixed) => fixed,
            Self::Uniform(least, most) => least + (most - least).mul_f64(first),
            Self::LogNormal { median, sigma } => {
                // The logarithm of 0 is not finite.
                let radius = (-2.0 * (1.0 - first).ln()).sqrt();
                let normal = radius * (std::f64::consts::TAU * second).cos();
                let drawn = median.as_secs_f64() * (sigma * normal).exp();
                Duration::try_from_secs_f64(drawn.min(LONGEST.as_secs_f64())).unwrap_or(LONGEST)
            }
        }
    }
}

/// Two numbers from 0 to below 1.
pub(super) fn fractions(stream: RandomStream, ordinal: u64) -> [f64; 2] {
    /// How many different numbers six bytes hold.
    const NUMBERS: f64 = (1_u64 << 48) as f64;
    let drawn = stream.draw(ordinal);
    // Some bits in the middle are the same in every draw.
    [&drawn[..6], &drawn[10..]].map(|bytes| {
        let number = bytes
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte));
        number as f64 / NUMBERS
    })
}
