//! Faults of a space.

use std::sync::Arc;

use super::Space;
use crate::faults::{Fault, FaultStatus};

impl Space {
    /// Applies a fault to requests, from now on and until the space is reset.
    ///
    /// ```
    /// use cuc_mock::{CucMock, Fault, RequestPattern};
    ///
    /// let mock = CucMock::start_blocking();
    /// let busy = mock.fault(Fault::busy().on(RequestPattern::get("version")).times(1));
    /// # use ureq::Error::StatusCode;
    /// # let get = || ureq::get(format!("http://admin:secret@{}/vmrest/version", mock.address())).call();
    /// assert!(matches!(get(), Err(StatusCode(503))));
    /// assert!(get().is_ok());
    /// assert_eq!(busy.hits(), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// If the fault is invalid (a probability of 2, a header with a line break), or if the space has 1000 active faults
    /// already.
    #[track_caller]
    pub fn fault(&self, fault: Fault) -> ActiveFault {
        let now = self.inner.records.clock.now();
        match self.inner.faults.add(fault, now) {
            Ok(status) => self.active_fault(&status),
            Err(reason) => panic!("there can be no such fault: {reason}"),
        }
    }

    /// Returns every fault, in the order in which they were added.
    pub fn faults(&self) -> Vec<ActiveFault> {
        let faults = self.inner.faults.list(self.inner.records.clock.now());
        faults
            .iter()
            .map(|status| self.active_fault(status))
            .collect()
    }

    /// Ends every fault.
    pub fn end_faults(&self) {
        self.inner.faults.remove_all();
    }

    fn active_fault(&self, status: &FaultStatus) -> ActiveFault {
        ActiveFault {
            space: self.clone(),
            number: status.number,
            fault: Arc::clone(&status.fault),
        }
    }
}

/// A handle of a fault of a space. The fault continues when the handle is dropped.
#[derive(Clone, Debug)]
pub struct ActiveFault {
    space: Space,
    number: u64,
    fault: Arc<Fault>,
}

impl ActiveFault {
    /// Returns the number of the fault, by which the journal refers to it. It counts from 1 in each space and after each
    /// reset.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the fault as it was requested.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Returns how many matching requests have arrived; 0 after the fault was ended.
    pub fn matched(&self) -> u64 {
        self.status().map_or(0, |status| status.matched)
    }

    /// Returns how many requests the fault has hit; 0 after it was ended.
    pub fn hits(&self) -> u64 {
        self.status().map_or(0, |status| status.hits)
    }

    /// Returns whether the fault can hit more requests.
    pub fn is_active(&self) -> bool {
        self.status().is_some_and(|status| status.is_active)
    }

    /// Ends the fault.
    pub fn end(self) {
        if self.status().is_some() {
            self.space.inner.faults.remove(self.number);
        }
    }

    /// Returns the status, unless the number belongs to another fault: a reset restarts the numbers.
    fn status(&self) -> Option<FaultStatus> {
        let space = &self.space.inner;
        let status = space.faults.get(self.number, space.records.clock.now());
        status.filter(|status| Arc::ptr_eq(&status.fault, &self.fault))
    }
}
