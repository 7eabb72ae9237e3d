//! Loading the fixtures again.

use std::num::NonZero;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{ApiError, ApiResult, NoParameters, Query};
use crate::{
    engine::load::{self, Diagnostic},
    http::StateExtension,
    space::{Changes, SeedError},
};

/// The differences between the new fixtures and the previous ones.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FixtureChanges {
    /// One element for each resource that differs.
    changes: Vec<ResourceChange>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ResourceChange {
    /// The path of the resource below `/vmrest`, such as `tenants`.
    resource: String,
    added: usize,
    changed: usize,
    removed: usize,
    /// True if the records that are in both have another order.
    reordered: bool,
}

/// The errors in the files.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FixtureErrors<'d> {
    error: String,
    /// The first hundred.
    mistakes: Vec<FixtureDiagnostic<'d>>,
    /// The number of the others; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_mistakes: Option<NonZero<usize>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FixtureDiagnostic<'d> {
    /// The file or folder.
    path: String,
    /// From 1; `null` if the error concerns the whole file or folder.
    line: Option<usize>,
    /// From 1, in characters.
    column: Option<usize>,
    /// A message with the value and the accepted values.
    message: &'d str,
}

/// `POST /__mock/reload`
pub(super) async fn reload(
    Extension(server): StateExtension,
    _: Query<NoParameters>,
) -> ApiResult<Response> {
    let result = load::in_background(move |progress| server.spaces.reload(progress))
        .await
        .map_err(|_| ApiError::internal())?;
    Ok(match result {
        Ok(changes) => Json(FixtureChanges::from(&changes)).into_response(),
        Err(error) => {
            let errors = Json(FixtureErrors::new("fixtures", &error));
            (StatusCode::UNPROCESSABLE_ENTITY, errors).into_response()
        }
    })
}

impl From<&Changes> for FixtureChanges {
    fn from(changes: &Changes) -> Self {
        let changes = changes.resources.iter().map(|change| ResourceChange {
            resource: change.resource.to_string(),
            added: change.added,
            changed: change.changed,
            removed: change.removed,
            reordered: change.reordered,
        });
        Self {
            changes: changes.collect(),
        }
    }
}

impl<'d> FixtureErrors<'d> {
    /// Returns the errors in `documents`.
    pub(super) fn new(documents: &str, error: &'d SeedError) -> Self {
        match error {
            SeedError::Fixtures(diagnostics) => Self {
                error: format!("the {documents} have mistakes, and nothing was changed"),
                mistakes: diagnostics.iter().map(FixtureDiagnostic::from).collect(),
                more_mistakes: NonZero::new(diagnostics.omitted()),
            },
            SeedError::Object(error) => Self {
                error: format!("nothing was changed: {}", error.message),
                mistakes: Vec::new(),
                more_mistakes: None,
            },
        }
    }
}

impl<'d> From<&'d Diagnostic> for FixtureDiagnostic<'d> {
    fn from(diagnostic: &'d Diagnostic) -> Self {
        Self {
            path: diagnostic.path().display().to_string(),
            line: diagnostic.line(),
            column: diagnostic.column(),
            message: diagnostic.message(),
        }
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{FixtureChanges, FixtureErrors};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn reload() -> Operation {
        Operation::new("state", "reload", "Load the fixtures again")
            .description(
                "Loads the files and folders of `--fixtures` again and resets every space to them; later resets and \
                 new spaces start from them, too. Fixtures with errors change nothing. A server without `--fixtures` \
                 loads its embedded seed.",
            )
            .json::<FixtureChanges>(200, "The fixtures are in use; these are the differences to the previous ones.")
            .json::<FixtureErrors>(422, "The fixtures have errors, and nothing was changed.")
    }
}
