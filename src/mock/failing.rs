//! Faults of a space.

use std::{ops::Deref, sync::Arc};

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

    /// Applies a fault to requests until the guard is dropped.
    ///
    /// ```
    /// use cuc_mock::{CucMock, Fault};
    ///
    /// let mock = CucMock::start_blocking();
    /// # use ureq::Error::StatusCode;
    /// # let get = || ureq::get(format!("http://admin:secret@{}/vmrest/version", mock.address())).call();
    /// {
    ///     let busy = mock.scoped_fault(Fault::busy());
    ///     assert!(matches!(get(), Err(StatusCode(503))));
    ///     assert_eq!(busy.hits(), 1);
    /// }
    /// assert!(get().is_ok());
    /// ```
    ///
    /// # Panics
    ///
    /// If [`Space::fault`] would panic.
    #[track_caller]
    pub fn scoped_fault(&self, fault: Fault) -> FaultGuard {
        FaultGuard(self.fault(fault))
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
        self.remove();
    }

    /// Removes the fault, unless a reset has removed it: its number may belong to another one then.
    fn remove(&self) {
        let faults = &self.space.inner.faults;
        faults.remove_fault(self.number, &self.fault);
    }

    /// Returns the status, unless the number belongs to another fault: a reset restarts the numbers.
    fn status(&self) -> Option<FaultStatus> {
        let space = &self.space.inner;
        let status = space.faults.get(self.number, space.records.clock.now());
        status.filter(|status| Arc::ptr_eq(&status.fault, &self.fault))
    }
}

/// A fault that ends when the guard is dropped, created by [`Space::scoped_fault`].
///
/// It dereferences to the handle of the fault, which has its counts.
#[derive(Debug)]
#[must_use = "the fault ends when the guard is dropped: bind it to a variable"]
pub struct FaultGuard(ActiveFault);

impl Deref for FaultGuard {
    type Target = ActiveFault;

    fn deref(&self) -> &ActiveFault {
        &self.0
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        self.0.remove();
    }
}
