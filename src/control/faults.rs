//! Faults: making, listing and ending them.

use std::sync::Arc;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Refusal, Segment, Sent,
    fault::{Written, read},
    input::{Parameters, Taken},
    segment,
};
use crate::{
    faults::{Fault, FaultError, Listed},
    http::StateExtension,
    space::Space,
};

/// A fault of one of several spaces.
#[derive(Serialize)]
struct InSpace<'a> {
    space: &'a str,
    #[serde(flatten)]
    fault: Written<'a>,
}

/// `GET /__mock/faults`
pub(super) async fn list(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
) -> Taken<Response> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let faults = space.faults.list(space.records.clock.now());
    let faults: Vec<_> = faults.iter().map(Written::from).collect();
    Ok(Json(faults).into_response())
}

/// `POST /__mock/faults`
pub(super) async fn make(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
    Extension(body): Sent,
) -> Taken<Response> {
    let is_about_all = parameters.is_about_all();
    let spaces = parameters.spaces(&shared.spaces)?;
    parameters.finish()?;
    let fault = read(&body)?;
    let made = make_in_all(&spaces, &fault)?;
    if !is_about_all && let [(_, made)] = &made[..] {
        return Ok((StatusCode::CREATED, Json(Written::from(made))).into_response());
    }
    let made: Vec<_> = made
        .iter()
        .map(|(space, fault)| InSpace {
            space: &space.name,
            fault: Written::from(fault),
        })
        .collect();
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Makes a fault in every space, or in none: nothing begins before there is room for it everywhere. If others fill a
/// space meanwhile, what has begun stays.
fn make_in_all<'a>(spaces: &'a [Arc<Space>], fault: &Fault) -> Taken<Vec<(&'a Space, Listed)>> {
    for space in spaces {
        if !space.faults.has_room(space.records.clock.now()) {
            return Err(refuse(&FaultError::TooMany));
        }
    }
    let made = spaces.iter().map(|space| {
        let now = space.records.clock.now();
        let listed = space.faults.make(fault.clone(), now);
        let listed = listed.map_err(|refused| refuse(&refused))?;
        Ok((&**space, listed))
    });
    made.collect()
}

fn refuse(refused: &FaultError) -> Refusal {
    let status = match refused {
        FaultError::Impossible(_) => StatusCode::BAD_REQUEST,
        FaultError::TooMany => StatusCode::SERVICE_UNAVAILABLE,
    };
    Refusal::new(status, refused.to_string())
}

/// `GET /__mock/faults/{number}`
pub(super) async fn get(
    Extension(shared): StateExtension,
    number: Segment,
    mut parameters: Parameters,
) -> Taken<Response> {
    let number = segment(number)?;
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let now = space.records.clock.now();
    let parsed = number.parse().ok();
    let found = parsed.and_then(|number| space.faults.get(number, now));
    let found = found.ok_or_else(|| unknown(&number))?;
    Ok(Json(Written::from(&found)).into_response())
}

/// `DELETE /__mock/faults/{number}`
pub(super) async fn delete(
    Extension(shared): StateExtension,
    number: Segment,
    mut parameters: Parameters,
) -> Taken<StatusCode> {
    let number = segment(number)?;
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    match number
        .parse()
        .is_ok_and(|number| space.faults.remove(number))
    {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown(&number)),
    }
}

/// `DELETE /__mock/faults`
pub(super) async fn delete_all(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<StatusCode> {
    parameters.in_each_space(&shared.spaces, |space| space.faults.remove_all())
}

fn unknown(number: &str) -> Refusal {
    let number: String = number.chars().take(100).collect();
    let error = format!("there is no fault {number}, expected one of GET /__mock/faults");
    Refusal::new(StatusCode::NOT_FOUND, error)
}
