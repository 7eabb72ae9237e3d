//! The requests that wait for their answer.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the requests that wait for their answer.
#[derive(Debug, Default)]
pub(crate) struct InFlight(AtomicUsize);

/// The place of one of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a>(&'a InFlight);

impl InFlight {
    /// A place for one more, if fewer than `most` are taken.
    pub(super) fn enter(&self, most: usize) -> Option<Place<'_>> {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        let place = Place(self);
        (before < most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_left_can_be_taken_again_and_a_refusal_takes_none() {
        let in_flight = InFlight::default();
        let first = in_flight.enter(2).expect("there is room");
        let _second = in_flight.enter(2).expect("there is room");
        assert!(in_flight.enter(2).is_none());
        assert!(in_flight.enter(2).is_none());
        drop(first);
        assert!(in_flight.enter(2).is_some());
    }
}
