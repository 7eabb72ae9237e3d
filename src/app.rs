//! Every route on one page.

use std::{
    any::Any,
    sync::{Arc, LazyLock},
};

use crate::{
    control,
    engine::Error,
    http::{self, Reply, Shared, TEXT, panic_message},
    resources::{EXTERNAL_SERVICE, RESOURCES, VMS_SERVER},
    schema::Provenance,
};
use axum::{
    Router,
    extract::OriginalUri,
    http::{StatusCode, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
};
use tower::Layer;
use tower_http::{
    catch_panic::CatchPanicLayer,
    normalize_path::{NormalizePath, NormalizePathLayer},
};

/// The routes of every server. Paths are the same with a slash at their end and without.
pub(crate) type Routes = NormalizePath<Router>;

/// The whole server, from a request to its answer.
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// The same for all servers of the process.
    pub(crate) routes: Routes,
    /// What the requests find in their extensions.
    pub(crate) shared: Arc<Shared>,
}

impl App {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        static ROUTES: LazyLock<Routes> = LazyLock::new(routes);
        Self {
            routes: ROUTES.clone(),
            shared,
        }
    }
}

/// Every route, and what surrounds them all.
fn routes() -> Routes {
    let served = Router::new()
        .fallback(elsewhere)
        .nest("/vmrest", vmrest())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(http::attend));
    let router = served
        .nest("/__mock", control::routes())
        .layer(from_fn(http::log));
    NormalizePathLayer::trim_trailing_slash().layer(router)
}

/// The vendor's API.
fn vmrest() -> Router {
    let mut routes = Router::new();
    for resource in RESOURCES {
        let collection = format!("/{}", resource.path);
        let object = format!("/{}/{{id}}", resource.path);
        routes = routes
            .route(&collection, http::collection(resource))
            .route(&object, http::object(resource));
    }
    routes
        // The guide prints this path for the DELETE of a service.
        .route(
            "/usertemplates/externalservices/{id}",
            http::delete_object(&EXTERNAL_SERVICE, Provenance::Documented),
        )
        .route(
            "/externalservices/{id}/reset",
            http::act_on_object(&EXTERNAL_SERVICE, Provenance::Inferred),
        )
        .route("/cluster", http::collection(&VMS_SERVER))
        .route("/version", http::version("vmrest"))
        .route(
            "/version/product",
            http::version("Cisco Unity Connection Version"),
        )
        .route("/schema", http::schemas(RESOURCES))
        .route("/schema/{name}", http::schema(RESOURCES))
        .route("/application.wadl", http::application(RESOURCES))
        .fallback(http::not_implemented)
}

/// Answers every path that belongs neither to the vendor nor to the control plane.
async fn elsewhere(OriginalUri(uri): OriginalUri) -> Response {
    let message = format!(
        "There is nothing at {}: cuc-mock serves /vmrest and /__mock\n",
        uri.path()
    );
    let content_type = [(header::CONTENT_TYPE, TEXT)];
    (StatusCode::NOT_FOUND, content_type, message).into_response()
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    panic_message(panic);
    Reply::from(Error::internal()).into_response()
}
