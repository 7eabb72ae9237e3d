//! Faults: failures that a test requested in one space.

mod count;
mod delay;
mod document;
mod effect;
mod fault;
mod instance;
mod response;

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::journal::{DecodedRequest, Entry};
use instance::{Decision, FaultInstance, InFlight};

pub use delay::Delay;
pub(crate) use document::FaultDocument;
#[cfg(test)]
pub(crate) use document::schema;
pub(crate) use effect::Effect;
pub use fault::Fault;
pub(crate) use instance::FaultStatus;
pub(crate) use response::CustomResponse;

/// The maximum number of faults in a space.
pub(crate) const MAX_FAULTS: usize = 1_000;

/// The faults of one space.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    space: Box<str>,
    list: Mutex<FaultList>,
}

#[derive(Debug, Default)]
struct FaultList {
    /// In the order in which they were added.
    faults: Vec<Arc<FaultInstance>>,
    /// The number of the fault that was added last.
    last: u64,
}

/// The reason why a fault is not added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultError {
    /// The fault is invalid for this reason.
    Invalid(String),
    /// The space has [`MAX_FAULTS`] faults already.
    TooMany,
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(reason) => f.write_str(reason),
            Self::TooMany => write!(
                f,
                "there are {MAX_FAULTS} faults already, and no more can be made: delete some"
            ),
        }
    }
}

/// The effect of a space's faults on one request. The request counts as in flight until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Injection {
    /// The fault that hits the request, and its number.
    pub(crate) hit: Option<(u64, Arc<Fault>)>,
    /// The delay of the response.
    pub(crate) delay: Duration,
    in_flight: Vec<InFlight>,
}

impl Faults {
    pub(crate) fn new(seed: u64, space: &str) -> Self {
        Self {
            seed,
            space: space.into(),
            list: Mutex::default(),
        }
    }

    /// Returns whether another fault can be added. `now` is the time on the clock of the space.
    pub(crate) fn has_capacity(&self, now: Timestamp) -> bool {
        let list = self.list.lock();
        !list.is_full() || list.first_inactive(now).is_some()
    }

    /// Adds a fault. `now` is the time on the clock of the space. In a full space, the fault replaces the oldest one
    /// that is no longer active.
    pub(crate) fn add(&self, fault: Fault, now: Timestamp) -> Result<FaultStatus, FaultError> {
        fault.check().map_err(FaultError::Invalid)?;
        let mut list = self.list.lock();
        if list.is_full() {
            let inactive = list.first_inactive(now).ok_or(FaultError::TooMany)?;
            list.faults.remove(inactive);
        }
        list.last += 1;
        let instance = FaultInstance::new(list.last, fault, self.seed, &self.space);
        let status = instance.status(now);
        list.faults.push(Arc::new(instance));
        Ok(status)
    }

    /// Counts a request for every fault that matches it, and selects the first one that hits it.
    pub(crate) fn inject(&self, entry: &Entry) -> Injection {
        let faults = self.list.lock().faults.clone();
        let mut injection = Injection::default();
        // Matching may decode the request, so it happens without the lock, and once for all faults.
        let request = DecodedRequest::new(entry);
        for instance in faults.iter().filter(|instance| instance.matches(&request)) {
            match instance.decide(entry.time, injection.hit.is_some()) {
                Decision::Pass => {}
                Decision::Admit(in_flight, delay) => {
                    injection.delay = injection.delay.max(delay);
                    injection.in_flight.push(in_flight);
                }
                Decision::Hit(delay) => {
                    injection.delay = delay;
                    injection.hit = Some((instance.number, Arc::clone(&instance.fault)));
                    let _ = entry.fault.set(instance.number);
                }
            }
        }
        injection
    }

    /// Returns every fault, in the order in which they were added.
    pub(crate) fn list(&self, now: Timestamp) -> Vec<FaultStatus> {
        let list = self.list.lock();
        let faults = list.faults.iter();
        faults.map(|instance| instance.status(now)).collect()
    }

    pub(crate) fn get(&self, number: u64, now: Timestamp) -> Option<FaultStatus> {
        let list = self.list.lock();
        let mut faults = list.faults.iter();
        let instance = faults.find(|instance| instance.number == number)?;
        Some(instance.status(now))
    }

    /// Removes a fault and returns whether it existed.
    pub(crate) fn remove(&self, number: u64) -> bool {
        let mut list = self.list.lock();
        let count = list.faults.len();
        list.faults.retain(|instance| instance.number != number);
        list.faults.len() < count
    }

    /// Removes this fault, unless its number belongs to another one: a reset restarts the numbers.
    pub(crate) fn remove_fault(&self, number: u64, fault: &Arc<Fault>) {
        let is_other = |instance: &Arc<FaultInstance>| {
            instance.number != number || !Arc::ptr_eq(&instance.fault, fault)
        };
        self.list.lock().faults.retain(is_other);
    }

    /// Removes all faults. The numbers of later faults continue.
    pub(crate) fn remove_all(&self) {
        self.list.lock().faults.clear();
    }

    /// Removes all faults. The next fault gets the number 1.
    pub(crate) fn reset(&self) {
        *self.list.lock() = FaultList::default();
    }
}

impl FaultList {
    fn is_full(&self) -> bool {
        self.faults.len() >= MAX_FAULTS
    }

    /// Returns the index of the oldest fault that is no longer active.
    fn first_inactive(&self, now: Timestamp) -> Option<usize> {
        let mut faults = self.faults.iter();
        faults.position(|instance| !instance.is_active(now))
    }
}

#[cfg(test)]
mod tests;
