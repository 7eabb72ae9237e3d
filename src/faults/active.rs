//! A fault at work.

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
use crate::{engine::RandomStream, journal::Entry};

/// A fault at work.
#[derive(Debug)]
pub(super) struct Active {
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

/// A fault as it is told of.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) number: u64,
    pub(crate) fault: Arc<Fault>,
    /// How many of the requests that are meant have arrived.
    pub(crate) matched: u64,
    /// How many it has hit.
    pub(crate) hits: u64,
    /// Whether it can hit more.
    pub(crate) is_active: bool,
}

/// What a fault does about a request that is meant.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Nothing.
    Passed,
    /// It notes that the request is in flight, and holds it up.
    LetIn(InFlight, Duration),
    /// It hits, after this delay.
    Hit(Duration),
}

/// A request in flight, for as long as it lives.
#[derive(Debug)]
pub(super) struct InFlight(Arc<AtomicU64>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Active {
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

    pub(super) fn is_meant(&self, entry: &Entry) -> bool {
        self.fault.requests.matches(entry)
    }

    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        let counts = *self.counts.lock();
        self.is_active_after(counts, now)
    }

    pub(super) fn listed(&self, now: Timestamp) -> Listed {
        let counts = *self.counts.lock();
        Listed {
            number: self.number,
            fault: Arc::clone(&self.fault),
            matched: counts.matched,
            hits: counts.hits,
            is_active: self.is_active_after(counts, now),
        }
    }

    /// Counts a request that is meant, which an earlier fault may have taken.
    pub(super) fn meet(&self, now: Timestamp, is_taken: bool) -> Verdict {
        let mut counts = self.counts.lock();
        if !self.is_active_after(*counts, now) {
            return Verdict::Passed;
        }
        counts.matched += 1;
        let ordinal = counts.matched;
        let Some(Effect::Throttle { at_once }) = self.fault.effect else {
            if is_taken || !self.is_due(ordinal) {
                return Verdict::Passed;
            }
            counts.hits += 1;
            return Verdict::Hit(self.delay(ordinal));
        };
        let others = self.in_flight.load(Ordering::Relaxed);
        if others >= at_once && !is_taken && self.is_due(ordinal) {
            counts.hits += 1;
            return Verdict::Hit(Duration::ZERO);
        }
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        let in_flight = InFlight(Arc::clone(&self.in_flight));
        let delay = if is_taken {
            Duration::ZERO
        } else {
            self.delay(ordinal)
        };
        Verdict::LetIn(in_flight, delay)
    }

    fn is_active_after(&self, Counts { matched, hits }: Counts, now: Timestamp) -> bool {
        let has_time = self.fault.end().is_none_or(|until| now < until);
        has_time && !self.fault.is_over_at(matched, hits)
    }

    /// Whether it hits the request of this number, by its count and its dice.
    fn is_due(&self, ordinal: u64) -> bool {
        let falls = |probability| fractions(self.dice, ordinal)[0] < probability;
        self.fault.has_begun_at(ordinal) && self.fault.probability.is_none_or(falls)
    }

    fn delay(&self, ordinal: u64) -> Duration {
        let delay = self.fault.delay.as_ref();
        delay.map_or(Duration::ZERO, |delay| delay.draw(self.delays, ordinal))
    }
}
