//! The index of the control plane.

use std::sync::LazyLock;

use axum::{Extension, Json};
use serde::Serialize;
use serde_json::Value;

use super::{NoParameters, Query, openapi};
use crate::{
    http::{Authentication, StateExtension},
    space::Assignment,
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Index {
    /// The version of this server.
    version: &'static str,
    /// The emulated release of Unity Connection.
    cuc_version: &'static str,
    /// The credentials that the vendor's API needs: `none`, `any`, those of `users` on the command line, or also those of
    /// the users in the `store`.
    sign_in: &'static str,
    /// `auto` if the name of each user is that of a space, `off` if it has to exist.
    spaces: &'static str,
    /// The path of the complete description.
    openapi: &'static str,
    /// The operations in the order of their paths.
    operations: &'static [Link],
}

/// An operation of the control plane.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Link {
    method: String,
    path: String,
    summary: String,
}

static OPERATIONS: LazyLock<Vec<Link>> = LazyLock::new(|| {
    let document: Value =
        serde_json::from_str(openapi::document()).expect("a test checks the document");
    let paths = document["paths"].as_object().into_iter().flatten();
    let links = paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| Link {
            method: method.to_ascii_uppercase(),
            path: path.clone(),
            summary: operation["summary"]
                .as_str()
                .map(str::to_owned)
                .expect("an operation has a summary"),
        })
    });
    links.collect()
});

/// `GET /__mock`
pub(super) async fn get(Extension(server): StateExtension, _: Query<NoParameters>) -> Json<Index> {
    Json(Index {
        version: env!("CARGO_PKG_VERSION"),
        cuc_version: server.spaces.template().source.catalogue.release.as_str(),
        sign_in: match server.authentication {
            Authentication::Disabled => "none",
            Authentication::AnyUser => "any",
            Authentication::Users(_) => "users",
            Authentication::Store(..) => "store",
        },
        spaces: match server.spaces.assignment() {
            Assignment::Auto => "auto",
            Assignment::Existing => "off",
        },
        openapi: "/__mock/openapi.json",
        operations: &OPERATIONS,
    })
}

#[cfg(test)]
pub(super) mod describe {
    use super::Index;
    use crate::control::openapi::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new(
            "server",
            "getIndex",
            "List the operations of the control plane",
        )
        .json::<Index>(200, "The operations.")
    }
}
