//! The control plane: everything under `/__mock`, a path that can never belong to the vendor.

mod access;
mod body;
#[cfg(feature = "tls")]
mod ca;
mod clock;
#[cfg(feature = "console")]
mod compressed;
#[cfg_attr(not(feature = "console"), path = "no_console.rs")]
pub(crate) mod console;
mod coverage;
mod diff;
mod error;
mod faults;
mod handler;
mod health;
mod index;
#[cfg(feature = "cli")]
mod metrics;
mod objects;
mod openapi;
mod path;
mod query;
mod reload;
mod request_filter;
mod requests;
mod reset;
mod resources;
mod routes;
mod scope;
mod snapshots;
mod spaces;
mod state;
mod verify;

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    extract::{OriginalUri, Request},
    http::{Method, StatusCode},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    connection::{ConnectionHandle, Endpoint},
    http::{
        Rejection, ServerState, StateExtension, drain_body, is_below, log_panic, receive_body,
        reserve_body,
    },
};
use body::{JsonBody, RawBody};
use error::{ApiError, ApiResult};
use path::PathSegment;
use query::{NoParameters, Query};
use scope::{SpaceParameter, SpaceSelector};

/// The largest body of a control request, in bytes. A whole state must fit.
const MAX_BODY_BYTES: usize = 512 * 1024 * 1024;

/// The prefix of every path of the control plane.
pub(crate) const PREFIX: &str = "/__mock";

/// Returns true if the control plane handles this path.
pub(crate) fn owns(path: &str) -> bool {
    is_below(path, PREFIX)
}

/// Adds the extensions that the handlers need.
pub(crate) fn with_extensions(
    state: &Arc<ServerState>,
    endpoint: Endpoint,
    connection: &Arc<ConnectionHandle>,
    mut request: Request,
) -> Request {
    let uri = OriginalUri(request.uri().clone());
    let extensions = request.extensions_mut();
    extensions.insert(uri);
    extensions.insert(Arc::clone(state));
    extensions.insert(endpoint);
    extensions.insert(Arc::clone(connection));
    request
}

/// Creates the router of the control plane.
pub(crate) fn routes() -> Router {
    routes::router()
        .method_not_allowed_fallback(async |method: Method, OriginalUri(uri): OriginalUri| {
            let error = format!("{method} is not allowed on {}", uri.path());
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, error)
        })
        .fallback(async |OriginalUri(uri): OriginalUri| {
            let error = format!(
                "the control plane has no {}, expected one of GET {PREFIX}",
                uri.path()
            );
            ApiError::new(StatusCode::NOT_FOUND, error)
        })
        .layer(CatchPanicLayer::custom(|_| {
            log_panic();
            ApiError::internal().into_response()
        }))
        .layer(from_fn(with_body))
        .layer(from_fn(access::guard))
}

/// Receives the body before the handler runs, and ends the handler when the server stops: a handler may wait for an
/// event, which must not delay the shutdown.
async fn with_body(
    Extension(server): StateExtension,
    Extension(connection): Extension<Arc<ConnectionHandle>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    match receive_body(&server, &mut body, MAX_BODY_BYTES).await {
        Ok(received) => {
            parts.extensions.insert(received);
            let response = next.run(Request::from_parts(parts, Body::empty()));
            tokio::select! {
                biased;
                response = response => with_memory(&server, response),
                () = connection.wait_for_shutdown() => {
                    let error = "the server is shutting down";
                    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error).into_response()
                }
            }
        }
        Err(rejection) => {
            let mut response = ApiError::from(rejection).into_response();
            drain_body(body, &parts.headers, &mut response);
            response
        }
    }
}

/// Reserves memory for the body of a response until it is sent.
fn with_memory(server: &ServerState, mut response: Response) -> Response {
    match reserve_body(&server.buffers, &mut response) {
        Ok(()) => response,
        Err(full) => ApiError::from(Rejection::busy(full)).into_response(),
    }
}
