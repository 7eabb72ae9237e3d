//! The coverage of a space, as it is recorded.

use std::sync::Arc;

use super::{CoverageHit, bits::CoverageBits, inferred::InferredResponses};
use crate::{
    journal::{Entry, RecordedResponse},
    schema::Catalogue,
};

/// The coverage of a space.
#[derive(Debug)]
pub(crate) struct CoverageRecord {
    pub(super) bits: CoverageBits,
    pub(super) inferred: InferredResponses,
}

impl CoverageRecord {
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            bits: CoverageBits::new(catalogue),
            inferred: InferredResponses::default(),
        }
    }

    /// Records the part of a resource that a request used, and the status that it got. `route` is the registered path of its
    /// route.
    pub(crate) fn record(&self, hit: &CoverageHit, status: u16, route: Option<&str>) {
        self.bits.record(hit, status, route);
    }

    /// Records a request that got the response of the user with this number.
    pub(crate) fn record_described(&self, number: usize) {
        self.bits.record_described(number);
    }

    /// Records the response to a request if it relied on an inferred fact. `route` is the registered path of its route.
    pub(crate) fn record_response(
        &self,
        entry: &Entry,
        route: Option<&Arc<str>>,
        response: &RecordedResponse,
    ) {
        self.inferred.record(entry, route, response);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.bits.clear();
        self.inferred.clear();
    }

    /// Moves everything to `other`, as far as it has the same resources.
    pub(crate) fn move_to(&self, other: &Self) {
        self.bits.move_to(&other.bits);
        self.inferred.move_to(&other.inferred);
    }
}
