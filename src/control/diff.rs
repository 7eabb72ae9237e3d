//! The difference between the records of a space and another state.

use std::sync::Arc;

use axum::{Extension, Json, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{ApiError, ApiResult, Query, SpaceSelector, scope, snapshots};
use crate::{
    engine::{load, shorten},
    http::StateExtension,
    space::{Difference, Space, Spaces, compare},
    store::Store,
    values::Integer,
};

/// The number of objects in a response without a limit.
const DEFAULT_LIMIT: u64 = 1_000;

/// The parameters of `GET /__mock/diff`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct DiffParameters {
    #[serde(default)]
    #[cfg_attr(test, schemars(skip))]
    space: SpaceSelector,
    /// The state to compare with: `seed`, `snapshot:NAME` or `space:NAME`; `seed` if it is absent.
    #[cfg_attr(test, schemars(regex(pattern = "^(seed|snapshot:.+|space:.+)$")))]
    from: Option<String>,
    /// At most this many objects; 1000 if it is absent.
    limit: Option<Integer<0, { u64::MAX }>>,
}

/// The difference between a state and the current records.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Diff {
    /// The parameter `from`.
    from: String,
    #[serde(flatten)]
    difference: Difference,
}

/// `GET /__mock/diff`
pub(super) async fn get(
    Extension(server): StateExtension,
    Query(parameters): Query<DiffParameters>,
) -> ApiResult<Json<Diff>> {
    let space = parameters.space.one(&server.spaces)?;
    let from = parameters.from.unwrap_or_else(|| "seed".to_owned());
    let before = baseline(&server.spaces, &space, &from)?;
    let limit = parameters.limit.map_or(DEFAULT_LIMIT, Integer::get);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let after = space.records.read();
    let difference = load::in_background(move |_| compare(&before, &after, limit)).await;
    let difference = difference.map_err(|_| ApiError::internal())?;
    Ok(Json(Diff { from, difference }))
}

/// Returns the records of the state to compare with.
fn baseline(spaces: &Spaces, space: &Space, from: &str) -> ApiResult<Arc<Store>> {
    if from == "seed" {
        return Ok(space.seed_store());
    }
    match from.split_once(':') {
        Some(("snapshot", name)) => {
            let store = space.snapshots.get(name);
            store.ok_or_else(|| snapshots::not_found(name))
        }
        Some(("space", name)) => Ok(scope::find(spaces, name)?.records.read()),
        _ => {
            let error = format!(
                "the parameter from is {:?}, expected seed, snapshot:NAME or space:NAME",
                shorten(from)
            );
            Err(ApiError::new(StatusCode::BAD_REQUEST, error))
        }
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{Diff, DiffParameters};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new(
            "state",
            "getDifference",
            "Compare the records of a space with the seed, a snapshot or another space",
        )
        .description("Secrets are replaced by `[redacted]`.")
        .space()
        .query::<DiffParameters>()
        .json::<Diff>(200, "The objects that differ.")
        .error(400, "The parameter `from` names no state.")
        .error(404, "There is no such snapshot or space.")
    }
}
