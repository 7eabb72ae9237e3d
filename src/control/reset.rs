//! Resetting spaces to their initial state.

use axum::{Extension, http::StatusCode};

use super::{ApiResult, Query, SpaceParameter};
use crate::{http::StateExtension, space::Space};

/// `POST /__mock/reset`
pub(super) async fn reset(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    scope.space.for_each(&server.spaces, Space::reset)
}

#[cfg(test)]
pub(super) mod describe {
    use crate::control::openapi::Operation;

    pub(in crate::control) fn reset() -> Operation {
        Operation::new("state", "reset", "Reset a space to its initial state")
            .description(
                "Restores the initial records, empties the journal, ends all faults, and restarts the clock and \
                 everything random. Sessions, snapshots and coverage remain.",
            )
            .space_or_all()
            .no_content("The space is in its initial state.")
    }
}
