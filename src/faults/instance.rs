//! A fault that is in effect.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use parking_lot::Mutex;

use super::{Effect, Fault, delay::fractions};
use crate::{engine::RandomStream, journal::DecodedRequest};

/// A fault that is in effect, with its counters and random streams.
#[derive(Debug)]
pub(super) struct FaultInstance {
    pub(super) number: u64,
    pub(super) fault: Arc<Fault>,
    dice: RandomStream,
    delays: RandomStream,
    counts: Mutex<Counts>,
    in_flight: Arc<AtomicU64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    matched: u64,
    hits: u64,
}

/// A fault with its counters at one moment.
#[derive(Clone, Debug)]
pub(crate) struct FaultStatus {
    pub(crate) number: u64,
    pub(crate) fault: Arc<Fault>,
    /// The number of matching requests that have arrived.
    pub(crate) matched: u64,
    /// The number of requests that it has hit.
    pub(crate) hits: u64,
    /// True if it can hit more requests.
    pub(crate) is_active: bool,
}

/// The decision of one fault on a matching request.
#[derive(Debug)]
pub(super) enum Decision {
    /// The fault ignores the request.
    Pass,
    /// A throttle admits the request after this delay.
    Admit(InFlight, Duration),
    /// The fault hits the request after this delay.
    Hit(Duration),
}

/// Counts a request as in flight until it is dropped.
#[derive(Debug)]
pub(super) struct InFlight(Arc<AtomicU64>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl FaultInstance {
    pub(super) fn new(number: u64, fault: Fault, seed: u64, space: &str) -> Self {
        let stream = |purpose| RandomStream::new(seed, space, &format!("fault {number} {purpose}"));
        Self {
            number,
            fault: Arc::new(fault),
            dice: stream("dice"),
            delays: stream("delays"),
            counts: Mutex::default(),
            in_flight: Arc::default(),
        }
    }

    /// Returns whether the fault applies to a request. It cannot depend on the status of the response.
    pub(super) fn matches(&self, request: &DecodedRequest<'_>) -> bool {
        self.fault.requests.matches_decoded(request)
    }

    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        let counts = *self.counts.lock();
        self.is_active_after(counts, now)
    }

    pub(super) fn status(&self, now: Timestamp) -> FaultStatus {
        let counts = *self.counts.lock();
        FaultStatus {
            number: self.number,
            fault: Arc::clone(&self.fault),
            matched: counts.matched,
            hits: counts.hits,
            is_active: self.is_active_after(counts, now),
        }
    }

    /// Counts a matching request and decides on it. `is_hit` is true if an earlier fault has hit the request.
    pub(super) fn decide(&self, now: Timestamp, is_hit: bool) -> Decision {
        let mut counts = self.counts.lock();
        if !self.is_active_after(*counts, now) {
            return Decision::Pass;
        }
        counts.matched += 1;
        let ordinal = counts.matched;
        let Some(Effect::Throttle { at_once }) = self.fault.effect else {
            if is_hit || !self.is_due(ordinal) {
                return Decision::Pass;
            }
            counts.hits += 1;
            return Decision::Hit(self.delay(ordinal));
        };
        let others = self.in_flight.load(Ordering::Relaxed);
        if others >= at_once && !is_hit && self.is_due(ordinal) {
            counts.hits += 1;
            return Decision::Hit(Duration::ZERO);
        }
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        let in_flight = InFlight(Arc::clone(&self.in_flight));
        let delay = if is_hit {
            Duration::ZERO
        } else {
            self.delay(ordinal)
        };
        Decision::Admit(in_flight, delay)
    }

    fn is_active_after(&self, Counts { matched, hits }: Counts, now: Timestamp) -> bool {
        let has_time = self.fault.end().is_none_or(|until| now < until);
        has_time && !self.fault.is_exhausted(matched, hits)
    }

    /// Returns whether the fault hits the request with this ordinal, by its count and its dice.
    fn is_due(&self, ordinal: u64) -> bool {
        let is_drawn = |probability| fractions(self.dice, ordinal)[0] < probability;
        self.fault.has_begun(ordinal) && self.fault.probability.is_none_or(is_drawn)
    }

    fn delay(&self, ordinal: u64) -> Duration {
        let delay = self.fault.delay.as_ref();
        delay.map_or(Duration::ZERO, |delay| delay.draw(self.delays, ordinal))
    }
}
