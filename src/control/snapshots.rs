//! Stores that are kept under a name.

use std::sync::Arc;

use axum::{Extension, Json, http::StatusCode};
use serde::Serialize;

use super::{
    Refusal, Segment,
    input::{Parameters, Taken},
    segment,
};
use crate::{
    http::{ServerState, StateExtension},
    space::{MAX_NAME_LENGTH, Space},
};

#[derive(Serialize)]
pub(super) struct Snapshots {
    /// In alphabetical order.
    snapshots: Vec<String>,
}

/// `GET /__mock/snapshots`
pub(super) async fn list(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
) -> Taken<Json<Snapshots>> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let snapshots = space.snapshots.names();
    Ok(Json(Snapshots { snapshots }))
}

/// `PUT /__mock/snapshots/{name}`
pub(super) async fn take(
    Extension(shared): StateExtension,
    name: Segment,
    parameters: Parameters,
) -> Taken<StatusCode> {
    let (name, space) = named(&shared, name, parameters)?;
    let taken = space.snapshot(&name);
    taken.map_err(|refused| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, refused.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /__mock/snapshots/{name}/restore`
pub(super) async fn restore(
    Extension(shared): StateExtension,
    name: Segment,
    parameters: Parameters,
) -> Taken<StatusCode> {
    let (name, space) = named(&shared, name, parameters)?;
    done(space.restore(&name), &name)
}

/// `DELETE /__mock/snapshots/{name}`
pub(super) async fn delete(
    Extension(shared): StateExtension,
    name: Segment,
    parameters: Parameters,
) -> Taken<StatusCode> {
    let (name, space) = named(&shared, name, parameters)?;
    done(space.snapshots.remove(&name), &name)
}

fn named(
    shared: &ServerState,
    name: Segment,
    mut parameters: Parameters,
) -> Taken<(String, Arc<Space>)> {
    let name = segment(name)?;
    if name.len() > MAX_NAME_LENGTH {
        let error = format!("the name is too long, expected at most {MAX_NAME_LENGTH} bytes");
        return Err(Refusal::bad(error));
    }
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    Ok((name, space))
}

fn done(found: bool, name: &str) -> Taken<StatusCode> {
    match found {
        true => Ok(StatusCode::NO_CONTENT),
        false => {
            let error =
                format!("there is no snapshot {name:?}, expected one of GET /__mock/snapshots");
            Err(Refusal::new(StatusCode::NOT_FOUND, error))
        }
    }
}
