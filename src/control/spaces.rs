//! Making and deleting spaces.

use std::sync::Arc;

use axum::{Extension, Json, http::StatusCode};
use serde::Serialize;

use super::{
    Refusal, Segment, Sent,
    input::{At, Object, Parameters, Taken},
    scope::named,
    segment,
};
use crate::{
    http::StateExtension,
    space::{self, SpaceError},
};

#[derive(Serialize)]
pub(super) struct Spaces {
    spaces: Vec<Space>,
}

#[derive(Serialize)]
pub(super) struct Space {
    name: String,
    seed: u64,
}

impl From<&Arc<space::Space>> for Space {
    fn from(space: &Arc<space::Space>) -> Self {
        Self {
            name: space.name.to_string(),
            seed: space.seed,
        }
    }
}

/// `GET /__mock/spaces`
pub(super) async fn list(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<Json<Spaces>> {
    parameters.finish()?;
    let spaces = shared.spaces.all().iter().map(Space::from).collect();
    Ok(Json(Spaces { spaces }))
}

/// `POST /__mock/spaces`
pub(super) async fn make(
    Extension(shared): StateExtension,
    parameters: Parameters,
    Extension(body): Sent,
) -> Taken<(StatusCode, Json<Space>)> {
    parameters.finish()?;
    let mut object = Object::read(&body)?;
    let name = object.required("name", At::text)?;
    let seed = object.optional("seed", |at| at.whole(0, u64::MAX))?;
    object.finish()?;
    let made = shared
        .spaces
        .create(&name, seed)
        .map_err(|refused| refuse(&refused))?;
    Ok((StatusCode::CREATED, Json(Space::from(&made))))
}

/// `GET /__mock/spaces/{name}`
pub(super) async fn get(
    Extension(shared): StateExtension,
    name: Segment,
    parameters: Parameters,
) -> Taken<Json<Space>> {
    parameters.finish()?;
    let space = named(&shared.spaces, &segment(name)?)?;
    Ok(Json(Space::from(&space)))
}

/// `DELETE /__mock/spaces/{name}`
pub(super) async fn delete(
    Extension(shared): StateExtension,
    name: Segment,
    parameters: Parameters,
) -> Taken<StatusCode> {
    parameters.finish()?;
    let name = segment(name)?;
    shared
        .spaces
        .delete(&name)
        .map_err(|refused| refuse(&refused))?;
    Ok(StatusCode::NO_CONTENT)
}

fn refuse(refused: &SpaceError) -> Refusal {
    let status = match refused {
        SpaceError::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        SpaceError::InvalidName => StatusCode::BAD_REQUEST,
        SpaceError::Exists | SpaceError::Default => StatusCode::CONFLICT,
        SpaceError::Unknown(_) => StatusCode::NOT_FOUND,
    };
    Refusal::new(status, refused.to_string())
}
