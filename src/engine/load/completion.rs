//! The completion of fixtures.

use crate::engine::{Behaviours, Mode};

/// The completion of fixtures: the values and records that the server adds as if each object were created by a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Completion {
    /// The clock for times that are filled in.
    pub(crate) clock: Mode,
    pub(crate) behaviours: Behaviours,
}

impl Default for Completion {
    fn default() -> Self {
        Self {
            clock: Mode::default(),
            behaviours: Behaviours::NONE,
        }
    }
}
