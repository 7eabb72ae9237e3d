//! The first errors of a load.

use std::{cmp::Ordering, collections::BinaryHeap};

use crate::engine::{DecodeError, MAX_REPORTED_ERRORS};

/// The first errors of a load in the order of their places, and the number of all: a file of a few megabytes can have
/// a million errors. The rules are checked after all files have been read, so errors are not found in this order.
#[derive(Debug, Default)]
pub(super) struct FirstErrors {
    /// The last one is on top.
    first: BinaryHeap<PlacedError>,
    count: usize,
}

#[derive(Debug)]
struct PlacedError {
    /// The number of the file, the byte, and the number of the error.
    place: (usize, usize, usize),
    error: DecodeError,
}

impl FirstErrors {
    /// Adds an error at a byte of a file. `error` is called only if the error may be among the first.
    pub(super) fn add(&mut self, file: usize, at: usize, error: impl FnOnce() -> DecodeError) {
        let place = (file, at, self.count);
        self.count += 1;
        if self.first.len() == MAX_REPORTED_ERRORS {
            if self.first.peek().is_some_and(|last| last.place < place) {
                return;
            }
            self.first.pop();
        }
        let error = error();
        self.first.push(PlacedError { place, error });
    }

    /// Counts errors that come after a hundred others.
    pub(super) fn count_more(&mut self, errors: usize) {
        self.count += errors;
    }

    /// True if an error at this byte of a file, or behind it, is only counted.
    pub(super) fn is_full_before(&self, file: usize, at: usize) -> bool {
        let last = self.first.peek();
        self.first.len() == MAX_REPORTED_ERRORS
            && last.is_some_and(|last| last.place < (file, at, 0))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the first errors in the order of their places, each with the number of its file, and the number of the
    /// others.
    pub(super) fn into_sorted(self) -> (Vec<(usize, DecodeError)>, usize) {
        let first = self.first.into_sorted_vec();
        let omitted = self.count - first.len();
        let first = first.into_iter().map(|found| (found.place.0, found.error));
        (first.collect(), omitted)
    }
}

impl Ord for PlacedError {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
    }
}

impl PartialOrd for PlacedError {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PlacedError {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for PlacedError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_errors_are_kept_whatever_the_order_in_which_they_are_found() {
        let places = (0..1_000).map(|number| (number * 7 % 10, number * 13 % 1_000));
        let mut all: Vec<_> = places.clone().collect();
        all.sort_unstable();
        let mut errors = FirstErrors::default();
        for (file, at) in places {
            errors.add(file, at, || DecodeError::new(at, "wrong"));
        }
        let (first, omitted) = errors.into_sorted();
        let first: Vec<_> = first
            .iter()
            .map(|(file, error)| (*file, error.at))
            .collect();
        assert_eq!(first, all[..MAX_REPORTED_ERRORS]);
        assert_eq!(omitted, 900);
    }
}
