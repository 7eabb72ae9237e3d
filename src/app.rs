//! Every route on one page.

use std::sync::Arc;

use axum::{
    Router,
    extract::OriginalUri,
    http::{StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::Layer;
use tower_http::{
    catch_panic::CatchPanicLayer,
    normalize_path::{NormalizePath, NormalizePathLayer},
};
use tracing::error;

use crate::{
    control,
    engine::Error,
    http::{self, Shared},
    resources::{EXTERNAL_SERVICE, RESOURCES},
    schema::Provenance,
};

/// The whole server, from a request to its answer. Paths are the same with a slash at their end and without.
pub(crate) type App = NormalizePath<Router>;

/// Every route, and what surrounds them all.
pub(crate) fn app(shared: Arc<Shared>) -> App {
    let router = Router::new()
        .nest("/__mock", control::routes())
        .fallback(elsewhere)
        .layer(from_fn(http::ignore_body))
        .nest("/vmrest", vmrest(&shared));
    #[cfg(feature = "tls")]
    let router = router.layer(from_fn_with_state(Arc::clone(&shared), http::https_only));
    let router = router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(http::log))
        .with_state(shared);
    NormalizePathLayer::trim_trailing_slash().layer(router)
}

/// The vendor's API.
fn vmrest(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let mut routes = Router::new()
        // The guide prints this path for the DELETE of a service.
        .route(
            "/usertemplates/externalservices/{id}",
            http::delete_object(&EXTERNAL_SERVICE, Provenance::Documented),
        );
    for resource in RESOURCES {
        let collection = format!("/{}", resource.path);
        let object = format!("/{}/{{id}}", resource.path);
        routes = routes
            .route(&collection, http::collection(resource))
            .route(&object, http::object(resource));
    }
    routes
        .fallback(http::not_implemented)
        .layer(from_fn_with_state(Arc::clone(shared), http::admit))
}

/// Answers every path that belongs neither to the vendor nor to the control plane.
async fn elsewhere(OriginalUri(uri): OriginalUri) -> Response {
    let message = format!(
        "There is nothing at {}: cuc-mock serves /vmrest and /__mock\n",
        uri.path()
    );
    let content_type = [(header::CONTENT_TYPE, "text/plain;charset=UTF-8")];
    (StatusCode::NOT_FOUND, content_type, message).into_response()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer calls it with what was thrown"
)]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    error!(message, "panicked while answering");
    http::refuse(&Error::internal())
}
