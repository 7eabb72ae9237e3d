//! The records of a space as a fixture.

use std::{convert::Infallible, num::NonZero};

use axum::{
    Extension, Json,
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Serialize;
use tokio::task::yield_now;

use super::{ApiError, ApiResult, Query, RawBody, SpaceParameter, body::body_charset};
use crate::{
    engine::{
        Format,
        load::{self, Diagnostic, Progress},
    },
    http::{StateExtension, content_type, stream_response},
};

/// The errors in a state.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct StateErrors<'d> {
    error: &'static str,
    /// The first hundred.
    mistakes: Vec<StateDiagnostic<'d>>,
    /// The number of the others; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_mistakes: Option<NonZero<usize>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StateDiagnostic<'d> {
    /// From 1; `null` if the error is not in a particular line.
    line: Option<usize>,
    /// From 1, in characters.
    column: Option<usize>,
    /// A message with the value and the accepted values.
    message: &'d str,
}

/// `GET /__mock/state`
pub(super) async fn get(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Response> {
    let space = scope.space.one(&server.spaces)?;
    // A large state takes long to encode: other requests get their turn after each chunk.
    let chunks = stream::unfold(space.state(), async |mut chunks| {
        yield_now().await;
        let chunk = chunks.next()?;
        Some((Ok::<_, Infallible>(chunk), chunks))
    });
    let mut response = stream_response(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(Format::Xml));
    Ok(response)
}

/// `PUT /__mock/state`
pub(super) async fn put(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
    headers: HeaderMap,
    Extension(body): RawBody,
) -> ApiResult<Response> {
    let space = scope.space.one(&server.spaces)?;
    let charset = body_charset(&headers);
    let max = server.buffers.max().max(body.len());
    let load = move |progress: &Progress| space.set_state(body, charset.as_deref(), max, progress);
    let result = load::in_background(load)
        .await
        .map_err(|_| ApiError::internal())?;
    Ok(match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(diagnostics) => {
            let errors = StateErrors {
                error: "the state has mistakes, and nothing was changed",
                mistakes: diagnostics.iter().map(StateDiagnostic::from).collect(),
                more_mistakes: NonZero::new(diagnostics.omitted()),
            };
            (StatusCode::BAD_REQUEST, Json(errors)).into_response()
        }
    })
}

impl<'d> From<&'d Diagnostic> for StateDiagnostic<'d> {
    fn from(diagnostic: &'d Diagnostic) -> Self {
        Self {
            line: diagnostic.line(),
            column: diagnostic.column(),
            message: diagnostic.message(),
        }
    }
}

#[cfg(test)]
pub(super) mod describe {
    use schemars::JsonSchema;

    use super::StateErrors;
    use crate::control::{error::ErrorBody, openapi::Operation};

    #[derive(JsonSchema)]
    #[schemars(untagged, inline)]
    #[expect(dead_code, reason = "only the schema is used")]
    enum PutError {
        State(StateErrors<'static>),
        Request(ErrorBody),
    }

    pub(in crate::control) fn get() -> Operation {
        Operation::new("state", "getState", "Get all records of a space")
            .space()
            .text(
                200,
                "application/xml;charset=UTF-8",
                "A fixture with all records.",
            )
    }

    pub(in crate::control) fn put() -> Operation {
        Operation::new("state", "putState", "Replace all records of a space")
            .description(
                "Accepts the response of `GET`, or any fixture. The records of system resources (servers, version) \
                 that the fixture does not contain come from the seed. Of the content type, only the charset counts.",
            )
            .space()
            .xml_body("A fixture.")
            .no_content("The records are replaced.")
            .json::<PutError>(400, "The state has errors, or the request is invalid, and nothing was changed.")
    }
}
