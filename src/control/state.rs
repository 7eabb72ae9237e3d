//! The whole state, out and in.

use axum::{
    Extension, Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Refusal, Sent,
    input::{Parameters, Taken},
};
use crate::{
    engine::{Format, load::Diagnostic},
    http::{StateExtension, content_type},
};

/// Why a state was not taken.
#[derive(Serialize)]
struct Refused<'m> {
    error: &'static str,
    mistakes: Vec<Found<'m>>,
}

#[derive(Serialize)]
struct Found<'m> {
    line: Option<usize>,
    column: Option<usize>,
    message: &'m str,
}

/// `GET /__mock/state`
pub(super) async fn get(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
) -> Taken<Response> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let content_type = [(header::CONTENT_TYPE, content_type(Format::Xml))];
    let state = tokio::task::spawn_blocking(move || space.state()).await;
    let state = state.map_err(|_| Refusal::broken())?;
    Ok((content_type, state).into_response())
}

/// `PUT /__mock/state`
pub(super) async fn put(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
    Extension(body): Sent,
) -> Taken<Response> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    // Reading a large one takes its time, which others need not wait for.
    let set = tokio::task::spawn_blocking(move || space.set_state(body)).await;
    Ok(match set.map_err(|_| Refusal::broken())? {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(mistakes) => {
            let refused = Refused {
                error: "the state has mistakes, and nothing was changed",
                mistakes: mistakes.iter().map(found).collect(),
            };
            (StatusCode::BAD_REQUEST, Json(refused)).into_response()
        }
    })
}

fn found(mistake: &Diagnostic) -> Found<'_> {
    Found {
        line: mistake.line(),
        column: mistake.column(),
        message: mistake.message(),
    }
}
