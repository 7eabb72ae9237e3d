//! Reading the fixtures again.

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Refusal,
    input::{Parameters, Taken},
};
use crate::{
    engine::load::Diagnostic,
    http::StateExtension,
    space::{self, SeedError},
};

/// What differs between the fixtures and what they were.
#[derive(Serialize)]
struct Changes {
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    resource: &'static str,
    added: usize,
    changed: usize,
    removed: usize,
    reordered: bool,
}

/// Why all is as it was.
#[derive(Serialize)]
struct Refused<'m> {
    error: String,
    mistakes: Vec<Found<'m>>,
}

#[derive(Serialize)]
struct Found<'m> {
    path: String,
    line: Option<usize>,
    column: Option<usize>,
    message: &'m str,
}

/// `POST /__mock/reload`
pub(super) async fn reload(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<Response> {
    // All spaces begin from the same.
    parameters.finish()?;
    let reloaded = tokio::task::spawn_blocking(move || shared.spaces.reload()).await;
    Ok(match reloaded.map_err(|_| Refusal::broken())? {
        Ok(changes) => Json(Changes::from(&changes)).into_response(),
        Err(error) => {
            let refused = Json(Refused::from(&error));
            (StatusCode::UNPROCESSABLE_ENTITY, refused).into_response()
        }
    })
}

impl From<&space::Changes> for Changes {
    fn from(changes: &space::Changes) -> Self {
        let changes = changes.resources.iter().map(|change| Change {
            resource: change.resource.path,
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

impl<'m> From<&'m SeedError> for Refused<'m> {
    fn from(error: &'m SeedError) -> Self {
        match error {
            SeedError::Fixtures(mistakes) => Self {
                error: "the fixtures have mistakes, and nothing was changed".to_owned(),
                mistakes: mistakes.iter().map(Found::from).collect(),
            },
            SeedError::Object(error) => Self {
                error: format!("nothing was changed: {}", error.message),
                mistakes: Vec::new(),
            },
        }
    }
}

impl<'m> From<&'m Diagnostic> for Found<'m> {
    fn from(mistake: &'m Diagnostic) -> Self {
        Self {
            path: mistake.path().display().to_string(),
            line: mistake.line(),
            column: mistake.column(),
            message: mistake.message(),
        }
    }
}
