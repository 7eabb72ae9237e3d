//! The failures that a test asks for.

use std::sync::Arc;

use super::Space;
use crate::faults::{Fault, Listed};

impl Space {
    /// Lets requests fail, from now on and until the space is reset.
    ///
    /// ```
    /// use cuc_mock::{CucMock, Fault, RequestPattern};
    ///
    /// let mock = CucMock::start_blocking();
    /// let busy = mock.fault(Fault::busy().on(RequestPattern::get("version")).times(1));
    /// # use ureq::Error::StatusCode;
    /// # let get = || ureq::get(format!("{}/vmrest/version", mock.uri())).header("Authorization", "Basic YTpi").call();
    /// assert!(matches!(get(), Err(StatusCode(503))));
    /// assert!(get().is_ok());
    /// assert_eq!(busy.hits(), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// When the fault cannot be: a probability of 2, a header with a line break, or one fault too many.
    #[track_caller]
    pub fn fault(&self, fault: Fault) -> ActiveFault {
        match self
            .inner
            .faults
            .make(fault, self.inner.records.clock.now())
        {
            Ok(listed) => self.active(&listed),
            Err(reason) => panic!("there can be no such fault: {reason}"),
        }
    }

    /// Every fault, in the order in which they were made.
    pub fn faults(&self) -> Vec<ActiveFault> {
        let listed = self.inner.faults.list(self.inner.records.clock.now());
        listed.iter().map(|listed| self.active(listed)).collect()
    }

    /// Ends every fault.
    pub fn end_faults(&self) {
        self.inner.faults.remove_all();
    }

    fn active(&self, listed: &Listed) -> ActiveFault {
        ActiveFault {
            space: self.clone(),
            number: listed.number,
            fault: Arc::clone(&listed.fault),
        }
    }
}

/// A fault of a space. It goes on when this is dropped.
#[derive(Clone, Debug)]
pub struct ActiveFault {
    space: Space,
    number: u64,
    fault: Arc<Fault>,
}

impl ActiveFault {
    /// Counts from 1 in each space and after each reset; the journal names it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What was asked for.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// How many of the requests that are meant have arrived; 0 when it has been ended.
    pub fn matched(&self) -> u64 {
        self.listed().map_or(0, |listed| listed.matched)
    }

    /// How many requests it has hit; 0 when it has been ended.
    pub fn hits(&self) -> u64 {
        self.listed().map_or(0, |listed| listed.hits)
    }

    /// Whether it can hit more.
    pub fn is_active(&self) -> bool {
        self.listed().is_some_and(|listed| listed.is_active)
    }

    /// Ends it.
    pub fn end(self) {
        if self.listed().is_some() {
            self.space.inner.faults.remove(self.number);
        }
    }

    /// It, as long as it is the one of its number: a reset counts from 1 again.
    fn listed(&self) -> Option<Listed> {
        let space = &self.space.inner;
        let listed = space.faults.get(self.number, space.records.clock.now());
        listed.filter(|listed| Arc::ptr_eq(&listed.fault, &self.fault))
    }
}
