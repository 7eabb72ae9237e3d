//! Every route on one page.

use std::sync::{Arc, LazyLock};

use axum::{Router, extract::Request, response::Response};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::{
    connection::{ConnectionHandle, Endpoint},
    control,
    http::{self, LogLine, Routes, Shared, Verbs},
    resources::{EXTERNAL_SERVICE, RESOURCES, VMS_SERVER},
    schema::Provenance,
};

/// The vendor's API. The routes of every server are the same for all of a process.
static VMREST: LazyLock<Routes> = LazyLock::new(|| Routes::new(vmrest()));

/// The control plane. Paths are the same with a slash at their end and without.
static CONTROL: LazyLock<NormalizePath<Router>> = LazyLock::new(|| {
    let routes = Router::new().nest(control::PREFIX, control::routes());
    NormalizePathLayer::trim_trailing_slash().layer(routes)
});

/// The whole server, from a request to its answer.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) shared: Arc<Shared>,
}

impl App {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Handles a request that arrived at this end of this connection.
    pub(crate) async fn handle(
        &self,
        endpoint: Endpoint,
        connection: &Arc<ConnectionHandle>,
        request: Request,
    ) -> Response {
        let log = LogLine::begin(&request);
        let (response, noted) = if control::is_for_it(request.uri()) {
            (Box::pin(self.control(connection, request)).await, None)
        } else {
            http::attend(&self.shared, &VMREST, endpoint, connection, request).await
        };
        if let Some(log) = log {
            log.end(&self.shared, &response, noted.as_ref());
        }
        response
    }

    async fn control(&self, connection: &Arc<ConnectionHandle>, request: Request) -> Response {
        let request = control::begin(&self.shared, connection, request);
        let Ok(mut response) = CONTROL.clone().oneshot(request).await;
        self.shared.control_requests.name(&mut response);
        response
    }
}

fn vmrest() -> Vec<(String, Verbs)> {
    let mut routes = Vec::new();
    for resource in RESOURCES {
        let collection = format!("/vmrest/{}", resource.path);
        let object = format!("/vmrest/{}/{{id}}", resource.path);
        routes.push((collection, http::collection(resource)));
        routes.push((object, http::object(resource)));
    }
    let others = [
        // The guide prints this path for the DELETE of a service.
        (
            "/vmrest/usertemplates/externalservices/{id}",
            http::delete_object(&EXTERNAL_SERVICE, Provenance::Documented),
        ),
        (
            "/vmrest/externalservices/{id}/reset",
            http::act_on_object(&EXTERNAL_SERVICE, Provenance::Inferred),
        ),
        ("/vmrest/cluster", http::collection(&VMS_SERVER)),
        ("/vmrest/version", http::version("vmrest")),
        (
            "/vmrest/version/product",
            http::version("Cisco Unity Connection Version"),
        ),
        ("/vmrest/schema", http::schemas(RESOURCES)),
        ("/vmrest/schema/{name}", http::schema(RESOURCES)),
        ("/vmrest/application.wadl", http::application(RESOURCES)),
    ];
    routes.extend(others.map(|(path, verbs)| (path.to_owned(), verbs)));
    routes
}
