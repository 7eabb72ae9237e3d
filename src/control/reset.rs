//! Going back to the start.

use axum::{Extension, http::StatusCode};

use super::input::{Parameters, Taken};
use crate::{http::InServer, space::Space};

/// `POST /__mock/reset`
pub(super) async fn reset(
    Extension(shared): InServer,
    parameters: Parameters,
) -> Taken<StatusCode> {
    parameters.in_each_space(&shared.spaces, Space::reset)
}
