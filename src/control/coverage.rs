//! Coverage of the API by the requests of the clients.

use axum::{Extension, Json, http::StatusCode};

use super::{ApiResult, Query, SpaceParameter};
use crate::{http::StateExtension, space::Coverage};

/// `GET /__mock/coverage`
pub(super) async fn get(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<Coverage>> {
    Ok(Json(match scope.space.one_or_all(&server.spaces)? {
        Some(space) => Coverage::new(&space.coverage, []),
        None => server.spaces.coverage(),
    }))
}

/// `DELETE /__mock/coverage`
pub(super) async fn clear(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    match scope.space.one_or_all(&server.spaces)? {
        Some(space) => space.coverage.clear(),
        None => server.spaces.clear_coverage(),
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
pub(super) mod describe {
    use crate::{
        control::openapi::Operation,
        space::{CategoryCoverage, InferredResponse, ResourceCoverage},
    };

    // The type of the response computes the totals.
    /// The coverage of the API.
    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only the schema is used")]
    struct Coverage {
        /// The number of verbs, statuses, fields and responses of the user.
        offered: u64,
        /// The number of covered ones.
        touched: u64,
        #[schemars(range(min = 0, max = 100))]
        percent: f64,
        resources: Vec<ResourceCoverage>,
        /// The responses of the user.
        responses: CategoryCoverage,
        /// The responses that relied on inferred facts: up to 100 different ones for each space.
        inferred: Vec<InferredResponse>,
        /// The number of requests whose responses are not listed.
        inferred_omitted: u64,
    }

    pub(in crate::control) fn get() -> Operation {
        Operation::new("journal", "getCoverage", "Get the coverage of the API")
            .description("With `space=*`, it includes all spaces, also deleted ones.")
            .space_or_all()
            .json::<Coverage>(200, "The covered and the uncovered parts of the API.")
    }

    pub(in crate::control) fn clear() -> Operation {
        Operation::new("journal", "clearCoverage", "Reset the coverage")
            .space_or_all()
            .no_content("Nothing is covered.")
    }
}
