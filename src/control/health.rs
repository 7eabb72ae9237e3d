//! Whether the server is up.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;

use crate::http::Shared;

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
    /// The version of this server.
    version: &'static str,
    /// The release that it emulates.
    cuc_version: &'static str,
}

/// `GET /__mock/health`
pub(super) async fn health(State(shared): State<Arc<Shared>>) -> Json<Health> {
    Json(Health {
        status: "up",
        version: env!("CARGO_PKG_VERSION"),
        cuc_version: shared.spaces.origin().release.as_str(),
    })
}
