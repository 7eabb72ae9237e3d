//! Going back to the start.

use axum::{Extension, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::http::InServer;

/// `POST /__mock/reset`
pub(super) async fn reset(
    Extension(shared): InServer,
    mut parameters: Parameters,
) -> Taken<StatusCode> {
    let spaces = parameters.spaces(&shared.spaces)?;
    parameters.finish()?;
    for space in spaces {
        space.reset();
    }
    Ok(StatusCode::NO_CONTENT)
}
