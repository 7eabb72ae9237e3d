//! Going back to the start.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::http::Shared;

/// `POST /__mock/reset`
pub(super) async fn reset(
    State(shared): State<Arc<Shared>>,
    mut parameters: Parameters,
) -> Taken<StatusCode> {
    let spaces = parameters.spaces(&shared.spaces)?;
    parameters.finish()?;
    for space in spaces {
        space.reset();
    }
    Ok(StatusCode::NO_CONTENT)
}
