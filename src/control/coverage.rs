//! Which of what the server offers was touched.

use axum::{Extension, Json, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::{http::StateExtension, space::Coverage};

/// `GET /__mock/coverage`
pub(super) async fn read(
    Extension(shared): StateExtension,
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
    Extension(shared): StateExtension,
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
