//! The control plane: everything under `/__mock`, which the vendor can never own.

mod access;
#[cfg(feature = "tls")]
mod ca;
mod clock;
mod coverage;
mod fault;
mod faults;
mod health;
mod input;
#[cfg(feature = "cli")]
mod metrics;
mod openapi;
mod pattern;
mod reload;
mod requests;
mod reset;
mod scope;
mod snapshots;
mod spaces;
mod state;
mod verify;

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    body::{Body, Bytes},
    extract::{OriginalUri, Path, Request, rejection::PathRejection},
    http::{Method, StatusCode, Uri},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    connection::ConnectionHandle,
    http::{ServerState, StateExtension, drain_body, is_below, log_panic, receive_body},
};

/// How large the body of a control request may be: a whole state has to fit.
const LARGEST_BODY: usize = 512 * 1024 * 1024;

/// The body of a control request.
type Sent = Extension<Bytes>;

/// What every path of the control plane begins with.
pub(crate) const PREFIX: &str = "/__mock";

/// Whether a path belongs to the control plane.
pub(crate) fn is_for_it(uri: &Uri) -> bool {
    is_below(uri.path(), PREFIX)
}

/// A request with what its handler finds in its extensions.
pub(crate) fn begin(
    shared: &Arc<ServerState>,
    line: &Arc<ConnectionHandle>,
    mut request: Request,
) -> Request {
    let uri = OriginalUri(request.uri().clone());
    let extensions = request.extensions_mut();
    extensions.insert(uri);
    extensions.insert(Arc::clone(shared));
    extensions.insert(Arc::clone(line));
    request
}

/// The routes of the control plane.
pub(crate) fn routes() -> Router {
    let routes = Router::new()
        .route("/health", get(health::health))
        .route("/openapi.json", get(openapi::openapi))
        .route("/requests", get(requests::list).delete(requests::empty))
        .route("/requests/verify", post(verify::verify))
        .route("/reset", post(reset::reset))
        .route("/reload", post(reload::reload))
        .route("/state", get(state::get).put(state::put))
        .route("/snapshots", get(snapshots::list))
        .route(
            "/snapshots/{name}",
            put(snapshots::take).delete(snapshots::delete),
        )
        .route("/snapshots/{name}/restore", post(snapshots::restore))
        .route("/spaces", get(spaces::list).post(spaces::make))
        .route("/spaces/{name}", get(spaces::get).delete(spaces::delete))
        .route("/clock", get(clock::get).put(clock::put))
        .route("/clock/advance", post(clock::advance))
        .route(
            "/coverage",
            get(coverage::read).delete(coverage::start_over),
        )
        .route(
            "/faults",
            get(faults::list)
                .post(faults::make)
                .delete(faults::delete_all),
        )
        .route("/faults/{number}", get(faults::get).delete(faults::delete));
    #[cfg(feature = "tls")]
    let routes = routes.route("/ca.pem", get(ca::ca));
    #[cfg(feature = "cli")]
    let routes = routes.route("/metrics", get(metrics::metrics));
    routes
        .method_not_allowed_fallback(async |method: Method, OriginalUri(uri): OriginalUri| {
            let error = format!("{method} is not allowed on {}", uri.path());
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error)
        })
        .fallback(async |OriginalUri(uri): OriginalUri| {
            let error = format!("the control plane has no {}", uri.path());
            Refusal::new(StatusCode::NOT_FOUND, error)
        })
        .layer(CatchPanicLayer::custom(|panic| {
            let error = log_panic(panic);
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error).into_response()
        }))
        .layer(from_fn(with_body))
        .layer(from_fn(access::guard))
}

/// Receives the body before anything is done.
///
/// What waits for something to happen does not hold the server up when it is to stop.
async fn with_body(
    Extension(shared): StateExtension,
    Extension(line): Extension<Arc<ConnectionHandle>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    match receive_body(&mut body, LARGEST_BODY, shared.limits.body_time).await {
        Ok(received) => {
            parts.extensions.insert(received);
            let answered = next.run(Request::from_parts(parts, Body::empty()));
            tokio::select! {
                biased;
                response = answered => response,
                () = line.wait_for_shutdown() => {
                    let error = "the server is to stop";
                    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error).into_response()
                }
            }
        }
        Err(rejection) => {
            let error = Refusal::new(rejection.status(), rejection.message);
            let mut response = error.into_response();
            drain_body(body, &parts.headers, &mut response);
            response
        }
    }
}

/// What stands where a route leaves its path open, as [`segment`] reads it.
type Segment = Result<Path<String>, PathRejection>;

fn segment(path: Segment) -> Result<String, Refusal> {
    match path {
        Ok(Path(segment)) => Ok(segment),
        Err(_) => Err(Refusal::bad(
            "the path is not UTF-8 once it is decoded, expected a name",
        )),
    }
}

/// Why a control request is refused.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    error: String,
}

impl Refusal {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
        }
    }

    /// A mistake of this server, which its log tells.
    fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this server made a mistake",
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        /// What every refusal of the control plane says.
        #[derive(Serialize)]
        struct Refused {
            error: String,
        }

        let Self { status, error } = self;
        (status, Json(Refused { error })).into_response()
    }
}
