//! Snapshots of the store of a space.

use std::sync::Arc;

use axum::{Extension, Json, http::StatusCode};
use serde::Serialize;

use super::{ApiError, ApiResult, PathSegment, Query, SpaceParameter};
use crate::{
    engine::shorten,
    http::{ServerState, StateExtension},
    space::{MAX_NAME_LENGTH, Space},
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Snapshots {
    /// The names, in alphabetical order.
    snapshots: Vec<String>,
}

/// `GET /__mock/snapshots`
pub(super) async fn list(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<Snapshots>> {
    let space = scope.space.one(&server.spaces)?;
    let snapshots = space.snapshots.names();
    Ok(Json(Snapshots { snapshots }))
}

/// `PUT /__mock/snapshots/{name}`
pub(super) async fn take(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let space = space_for(&server, &scope, &name)?;
    space
        .snapshot(&name)
        .map_err(|error| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /__mock/snapshots/{name}/restore`
pub(super) async fn restore(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let space = space_for(&server, &scope, &name)?;
    no_content_if(space.restore(&name), &name)
}

/// `DELETE /__mock/snapshots/{name}`
pub(super) async fn delete(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let space = space_for(&server, &scope, &name)?;
    no_content_if(space.snapshots.remove(&name), &name)
}

/// Checks the name of a snapshot and returns the space of the request.
fn space_for(server: &ServerState, scope: &SpaceParameter, name: &str) -> ApiResult<Arc<Space>> {
    if name.len() > MAX_NAME_LENGTH {
        return Err(ApiError::bad_request(format!(
            "the name has {} bytes, expected at most {MAX_NAME_LENGTH}",
            name.len()
        )));
    }
    scope.space.one(&server.spaces)
}

fn no_content_if(exists: bool, name: &str) -> ApiResult<StatusCode> {
    if exists {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(not_found(name))
}

/// Returns the error if there is no snapshot of this name.
pub(super) fn not_found(name: &str) -> ApiError {
    let error = format!(
        "there is no snapshot {:?}, expected one of GET /__mock/snapshots",
        shorten(name)
    );
    ApiError::new(StatusCode::NOT_FOUND, error)
}

#[cfg(test)]
pub(super) mod describe {
    use super::Snapshots;
    use crate::control::openapi::Operation;

    #[derive(schemars::JsonSchema)]
    #[schemars(inline)]
    struct SnapshotName(
        #[schemars(length(min = 1, max = 256))]
        #[expect(dead_code)]
        String,
    );

    fn with_name(operation: Operation) -> Operation {
        operation
            .segment::<SnapshotName>("name", "The name of a snapshot, of at most 256 bytes.")
            .space()
    }

    pub(in crate::control) fn list() -> Operation {
        Operation::new("state", "listSnapshots", "List the snapshots of a space")
            .space()
            .json::<Snapshots>(200, "The names of the snapshots.")
    }

    pub(in crate::control) fn take() -> Operation {
        with_name(Operation::new(
            "state",
            "takeSnapshot",
            "Take a snapshot of the records of a space",
        ))
        .description("A space can have 1000 snapshots.")
        .no_content("The snapshot is taken; it replaces an earlier one with this name.")
        .error(503, "There are 1000 snapshots already.")
    }

    pub(in crate::control) fn restore() -> Operation {
        with_name(Operation::new(
            "state",
            "restoreSnapshot",
            "Restore the records of a snapshot",
        ))
        .no_content("The records are restored. The snapshot remains.")
        .shared(404, "NoSnapshot")
    }

    pub(in crate::control) fn delete() -> Operation {
        with_name(Operation::new(
            "state",
            "deleteSnapshot",
            "Delete a snapshot",
        ))
        .no_content("The snapshot is deleted.")
        .shared(404, "NoSnapshot")
    }
}
