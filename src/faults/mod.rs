//! Faults: failures that a test asked for, in one space.

mod active;
mod delay;
mod effect;
mod fault;

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::journal::Entry;
use active::{Active, InFlight, Verdict};

pub(crate) use active::Listed;
pub use delay::Delay;
pub(crate) use delay::{LONGEST as LONGEST_DELAY, WIDEST};
pub(crate) use effect::{Answer, Effect, Failure};
pub use fault::Fault;
pub(crate) use fault::HIGHEST;

/// How many faults a space has at most.
pub(crate) const MOST: usize = 1_000;

/// The faults of one space.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    space: Box<str>,
    made: Mutex<Made>,
}

#[derive(Debug, Default)]
struct Made {
    /// In the order in which they were made.
    faults: Vec<Arc<Active>>,
    /// The number of the fault that was made last.
    last: u64,
}

/// Why a fault is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultError {
    /// There can be no such fault, for this reason.
    Impossible(String),
    /// There is no room for one more.
    TooMany,
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Impossible(reason) => f.write_str(reason),
            Self::TooMany => write!(
                f,
                "there are {MOST} faults already, and no more can be made: delete some"
            ),
        }
    }
}

/// What the faults of a space do to one request. As long as it lives, the request is in flight.
#[derive(Debug, Default)]
pub(crate) struct Strike {
    /// The fault that hit it, and its number.
    pub(crate) hit: Option<(u64, Arc<Fault>)>,
    /// How long its answer is held back.
    pub(crate) delay: Duration,
    in_flight: Vec<InFlight>,
}

impl Faults {
    pub(crate) fn new(seed: u64, space: &str) -> Self {
        Self {
            seed,
            space: space.into(),
            made: Mutex::default(),
        }
    }

    /// Whether there is room for one more. `now` is the time on the clock of the space.
    pub(crate) fn has_room(&self, now: Timestamp) -> bool {
        let made = self.made.lock();
        !made.is_full() || made.first_ended(now).is_some()
    }

    /// Begins a fault, or tells why it cannot. `now` is the time on the clock of the space.
    pub(crate) fn make(&self, fault: Fault, now: Timestamp) -> Result<Listed, FaultError> {
        fault.check().map_err(FaultError::Impossible)?;
        let mut made = self.made.lock();
        if made.is_full() {
            let ended = made.first_ended(now).ok_or(FaultError::TooMany)?;
            made.faults.remove(ended);
        }
        made.last += 1;
        let active = Active::new(made.last, fault, self.seed, &self.space);
        let listed = active.listed(now);
        made.faults.push(Arc::new(active));
        Ok(listed)
    }

    /// Counts a request, and lets the first fault hit it that would.
    pub(crate) fn strike(&self, entry: &Entry) -> Strike {
        let faults = self.made.lock().faults.clone();
        let mut strike = Strike::default();
        // What a request holds is looked at without a lock.
        for fault in faults.iter().filter(|fault| fault.is_meant(entry)) {
            match fault.meet(entry.time, strike.hit.is_some()) {
                Verdict::Passed => {}
                Verdict::LetIn(in_flight, delay) => {
                    strike.delay = strike.delay.max(delay);
                    strike.in_flight.push(in_flight);
                }
                Verdict::Hit(delay) => {
                    strike.delay = delay;
                    strike.hit = Some((fault.number, Arc::clone(&fault.fault)));
                    let _ = entry.fault.set(fault.number);
                }
            }
        }
        strike
    }

    /// Every fault, in the order in which they were made.
    pub(crate) fn list(&self, now: Timestamp) -> Vec<Listed> {
        let made = self.made.lock();
        made.faults.iter().map(|fault| fault.listed(now)).collect()
    }

    pub(crate) fn get(&self, number: u64, now: Timestamp) -> Option<Listed> {
        let made = self.made.lock();
        let found = made.faults.iter().find(|fault| fault.number == number)?;
        Some(found.listed(now))
    }

    /// Ends a fault; tells whether there was one.
    pub(crate) fn remove(&self, number: u64) -> bool {
        let mut made = self.made.lock();
        let before = made.faults.len();
        made.faults.retain(|fault| fault.number != number);
        made.faults.len() < before
    }

    /// Ends all faults. Those to come are numbered on.
    pub(crate) fn remove_all(&self) {
        self.made.lock().faults.clear();
    }

    /// Ends all faults, and numbers those to come from 1.
    pub(crate) fn reset(&self) {
        *self.made.lock() = Made::default();
    }
}

impl Made {
    fn is_full(&self) -> bool {
        self.faults.len() >= MOST
    }

    /// The place of the oldest fault that cannot hit any more.
    fn first_ended(&self, now: Timestamp) -> Option<usize> {
        self.faults.iter().position(|fault| !fault.is_active(now))
    }
}

#[cfg(test)]
mod tests;
