//! Every route on one page.

use std::sync::{Arc, LazyLock};

use axum::{Router, extract::Request, response::Response};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::{
    connection::{ConnectionHandle, Endpoint},
    control,
    http::{self, InvalidHead, MethodHandlers, RouteTable, ServerState},
    resources::{EXTERNAL_SERVICE, RESOURCES},
    schema::Provenance,
};

/// The vendor's API. All servers of a process have the same routes.
static VMREST: LazyLock<RouteTable> = LazyLock::new(|| RouteTable::new(vmrest()));

/// The control plane. A trailing slash of a path has no meaning.
static CONTROL: LazyLock<NormalizePath<Router>> = LazyLock::new(|| {
    let routes = Router::new().nest(control::PREFIX, control::routes());
    NormalizePathLayer::trim_trailing_slash().layer(routes)
});

/// The application: it turns a request into a response.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) state: Arc<ServerState>,
}

impl App {
    pub(crate) fn new(state: Arc<ServerState>) -> Self {
        Self { state }
    }

    /// Handles a request that arrived at `endpoint` on `connection`.
    pub(crate) async fn handle(
        &self,
        endpoint: Endpoint,
        connection: &Arc<ConnectionHandle>,
        request: Request,
    ) -> Response {
        if control::owns(request.uri().path()) {
            return Box::pin(self.control(endpoint, connection, request)).await;
        }
        http::handle(&self.state, &VMREST, endpoint, connection, request).await
    }

    /// Records a request that is rejected because of its head.
    pub(crate) fn record_invalid_head(&self, invalid: &InvalidHead) {
        http::record_invalid_head(&self.state, invalid, control::owns);
    }

    async fn control(
        &self,
        endpoint: Endpoint,
        connection: &Arc<ConnectionHandle>,
        request: Request,
    ) -> Response {
        http::record_control_request(&self.state, request, async |request| {
            let request = control::with_extensions(&self.state, endpoint, connection, request);
            let Ok(response) = CONTROL.clone().oneshot(request).await;
            response
        })
        .await
    }
}

/// Returns the routes of the vendor's API.
fn vmrest() -> Vec<(String, MethodHandlers)> {
    let mut routes = Vec::new();
    for resource in RESOURCES {
        let collection = format!("/vmrest/{}", resource.path);
        let object = format!("/vmrest/{}/{{id}}", resource.path);
        routes.push((collection, http::collection(resource)));
        if resource.verbs(false).next().is_some() {
            routes.push((object, http::object(resource)));
        }
    }
    let others = [
        // The guide has this path for the DELETE of a service.
        (
            "/vmrest/usertemplates/externalservices/{id}",
            http::delete_object(&EXTERNAL_SERVICE, Provenance::Documented),
        ),
        (
            "/vmrest/externalservices/{id}/reset",
            http::act_on_object(&EXTERNAL_SERVICE, Provenance::Inferred),
        ),
        ("/vmrest/version", http::version("vmrest")),
        (
            "/vmrest/version/product",
            http::version("Cisco Unity Connection Version"),
        ),
        ("/vmrest/schema", http::schemas(RESOURCES)),
        ("/vmrest/schema/{name}", http::schema(RESOURCES)),
        ("/vmrest/application.wadl", http::application(RESOURCES)),
    ];
    routes.extend(others.map(|(path, handlers)| (path.to_owned(), handlers)));
    routes
}
