//! Whether the server is up.

use axum::{Extension, Json};
use serde::Serialize;

use crate::http::StateExtension;

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
    /// The version of this server.
    version: &'static str,
    /// The release that it emulates.
    cuc_version: &'static str,
}

/// `GET /__mock/health`
pub(super) async fn health(Extension(shared): StateExtension) -> Json<Health> {
    Json(Health {
        status: "up",
        version: env!("CARGO_PKG_VERSION"),
        cuc_version: shared.spaces.template().source.release.as_str(),
    })
}
