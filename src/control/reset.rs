//! Going back to the start.

use axum::{Extension, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::{http::StateExtension, space::Space};

/// `POST /__mock/reset`
pub(super) async fn reset(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<StatusCode> {
    parameters.in_each_space(&shared.spaces, Space::reset)
}
