//! The memory limit that all buffers of one server share.

use std::{
    error::Error,
    fmt, io, iter,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use bytes::Bytes;

/// The memory limit that all buffers of one server share: request bodies, responses that are not sent yet, and the
/// input that is not parsed yet.
#[derive(Debug)]
pub(crate) struct BufferBudget {
    max: usize,
    used: AtomicUsize,
}

/// A part of the budget. Dropping it returns the part.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Arc<BufferBudget>,
    bytes: usize,
}

/// The error when the budget is exhausted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BuffersFull {
    max: usize,
}

impl BufferBudget {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        let used = AtomicUsize::new(0);
        Arc::new(Self { max, used })
    }

    /// Returns the limit in bytes.
    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Returns the number of bytes that are reserved now.
    #[cfg(feature = "cli")]
    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }

    /// Returns a reservation of nothing, which can grow.
    pub(crate) fn empty_reservation(self: &Arc<Self>) -> Reservation {
        let budget = Arc::clone(self);
        Reservation { budget, bytes: 0 }
    }

    /// Reserves this number of bytes.
    pub(crate) fn reserve(self: &Arc<Self>, bytes: usize) -> Result<Reservation, BuffersFull> {
        let mut reservation = self.empty_reservation();
        reservation.grow_to(bytes)?;
        Ok(reservation)
    }
}

impl Reservation {
    /// Grows to this number of bytes, unless it is already that large.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> Result<(), BuffersFull> {
        let Some(more) = bytes.checked_sub(self.bytes).filter(|more| *more > 0) else {
            return Ok(());
        };
        let BufferBudget { max, used } = &*self.budget;
        let before = used.fetch_add(more, Relaxed);
        if before.saturating_add(more) > *max {
            used.fetch_sub(more, Relaxed);
            return Err(BuffersFull { max: *max });
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Returns the bytes to the budget.
    pub(crate) fn release(&mut self) {
        if self.bytes > 0 {
            self.budget.used.fetch_sub(self.bytes, Relaxed);
            self.bytes = 0;
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the same bytes, which hold the reservation until the last copy of them is dropped.
    pub(crate) fn hold_for(self: Arc<Self>, bytes: impl AsRef<[u8]> + Send + 'static) -> Bytes {
        Bytes::from_owner(ReservedBytes {
            bytes,
            _reservation: self,
        })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.release();
    }
}

/// Bytes with their reservation.
struct ReservedBytes<B> {
    bytes: B,
    _reservation: Arc<Reservation>,
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for ReservedBytes<B> {
    fn as_ref(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}

impl BuffersFull {
    /// Returns the error if it is the cause of `error`, an error of reading from a connection.
    pub(crate) fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        find_cause(error)
    }
}

/// Returns the cause of this type that an error of reading or writing has.
pub(super) fn find_cause<E: Error + Clone + 'static>(error: &(dyn Error + 'static)) -> Option<E> {
    let mut causes = iter::successors(Some(error), |&error| error.source());
    causes.find_map(|cause| {
        let error = cause.downcast_ref::<io::Error>()?.get_ref()?;
        error.downcast_ref().cloned()
    })
}

impl fmt::Display for BuffersFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { max } = self;
        write!(
            f,
            "other requests and responses fill its buffers (--max-buffer-memory, {max} bytes)"
        )
    }
}

impl Error for BuffersFull {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_grows_within_the_budget_and_returns_its_bytes() {
        let budget = BufferBudget::new(100);
        let mut first = budget.reserve(60).expect("60 bytes");
        assert_eq!(first.grow_to(101), Err(BuffersFull { max: 100 }));
        assert_eq!(first.grow_to(70), Ok(()));
        assert_eq!(first.grow_to(10), Ok(()));
        assert!(budget.reserve(31).is_err());
        let second = budget.reserve(30).expect("30 bytes");
        drop(first);
        assert!(budget.reserve(71).is_err());
        let held = Arc::new(second).hold_for(vec![1, 2]);
        let part = held.slice(1..);
        drop(held);
        assert_eq!((&part[..], budget.reserve(71).is_err()), (&[2][..], true));
        drop(part);
        assert!(budget.reserve(100).is_ok());
    }

    #[test]
    fn the_cause_of_an_error_is_found() {
        let full = BuffersFull { max: 1 };
        let outer = axum::Error::new(io::Error::other(full));
        assert_eq!(BuffersFull::find(&outer), Some(full));
        let other = axum::Error::new(io::Error::other("other"));
        assert_eq!(BuffersFull::find(&other), None);
    }
}
