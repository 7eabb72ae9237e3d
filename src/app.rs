//! Every route on one page.

use std::sync::{Arc, LazyLock};

use axum::{Router, extract::Request, response::Response, routing::MethodRouter};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::{
    control,
    http::{self, Endpoint, Line, LogLine, Shared},
    resources::{EXTERNAL_SERVICE, RESOURCES, VMS_SERVER},
    schema::Provenance,
};

/// Paths are the same with a slash at their end and without.
type Routes = NormalizePath<Router>;

/// The routes of every server: they are the same for all of a process.
static SERVED: LazyLock<Routes> = LazyLock::new(|| lenient(vmrest()));
static CONTROL: LazyLock<Routes> =
    LazyLock::new(|| lenient(Router::new().nest(control::PREFIX, control::routes())));

/// The whole server, from a request to its answer.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) shared: Arc<Shared>,
}

impl App {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Answers a request that arrived at this end of this connection.
    pub(crate) async fn answer(
        &self,
        endpoint: Endpoint,
        line: &Arc<Line>,
        request: Request,
    ) -> Response {
        let log = LogLine::begin(&request);
        let (mut response, noted) = if control::is_for_it(request.uri()) {
            let request = control::begin(&self.shared, line, request);
            (routed(&CONTROL, request).await, None)
        } else {
            let answer = |request| routed(&SERVED, request);
            http::attend(&self.shared, endpoint, line, request, answer).await
        };
        LogLine::end(log, &self.shared, &mut response, noted.as_ref());
        response
    }
}

async fn routed(routes: &Routes, request: Request) -> Response {
    let Ok(response) = routes.clone().oneshot(request).await;
    response
}

fn lenient(router: Router) -> Routes {
    NormalizePathLayer::trim_trailing_slash().layer(router)
}

/// The vendor's API.
fn vmrest() -> Router {
    let routes = routes().into_iter();
    let router = routes.fold(Router::new(), |router, (path, verbs)| {
        router.route(&path, verbs)
    });
    router.fallback(http::not_served)
}

fn routes() -> Vec<(String, MethodRouter)> {
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

/// The route that a path has, as it is written above.
#[cfg(feature = "cli")]
pub(crate) fn route_of(path: &str) -> Option<&'static str> {
    static PATTERNS: LazyLock<matchit::Router<String>> = LazyLock::new(|| {
        let mut patterns = matchit::Router::new();
        for (path, _) in routes() {
            let inserted = patterns.insert(path.clone(), path);
            inserted.expect("the router takes them, too");
        }
        patterns
    });
    let found = PATTERNS.at(path.trim_end_matches('/'));
    found.ok().map(|found| found.value.as_str())
}
