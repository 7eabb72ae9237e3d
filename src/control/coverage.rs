//! Which of what the server offers was touched.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::{http::Shared, space::Coverage};

/// `GET /__mock/coverage`
pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    mut parameters: Parameters,
) -> Taken<Json<Coverage>> {
    let space = parameters.one_or_every_space(&shared.spaces)?;
    parameters.finish()?;
    Ok(Json(match space {
        Some(space) => Coverage::new(space.release(), [&space.coverage]),
        None => shared.spaces.coverage(),
    }))
}

/// `DELETE /__mock/coverage`
pub(super) async fn start_over(
    State(shared): State<Arc<Shared>>,
    mut parameters: Parameters,
) -> Taken<StatusCode> {
    let space = parameters.one_or_every_space(&shared.spaces)?;
    parameters.finish()?;
    match space {
        Some(space) => space.coverage.clear(),
        None => shared.spaces.clear_coverage(),
    }
    Ok(StatusCode::NO_CONTENT)
}
