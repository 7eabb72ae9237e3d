//! The health of the server.

use axum::{Extension, Json};
use serde::Serialize;

use crate::http::StateExtension;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Health {
    #[cfg_attr(test, schemars(extend("const" = "up")))]
    status: &'static str,
    /// The version of this server.
    version: &'static str,
    /// The emulated release of Unity Connection.
    cuc_version: &'static str,
}

/// `GET /__mock/health`
pub(super) async fn get(Extension(server): StateExtension) -> Json<Health> {
    Json(Health {
        status: "up",
        version: env!("CARGO_PKG_VERSION"),
        cuc_version: server.spaces.template().source.catalogue.release.as_str(),
    })
}

#[cfg(test)]
pub(super) mod describe {
    use super::Health;
    use crate::control::openapi::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new("server", "getHealth", "Get the health of the server")
            .description("Open to every client, even if the server has `--control-token`.")
            .open()
            .json::<Health>(200, "The server is up.")
    }
}
