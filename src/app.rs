//! Every route on one page.

use std::sync::{Arc, LazyLock, OnceLock};

use axum::{Router, extract::Request, response::Response};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::{
    connection::{ConnectionHandle, Endpoint},
    control,
    http::{self, InvalidHead, MethodHandlers, RouteTable, RouteTables, ServerState},
    resources::is_embedded,
    schema::{Catalogue, Release},
};

/// The vendor's API in each release, with the embedded resources.
static VMREST: [OnceLock<Arc<RouteTable>>; Release::ALL.len()] =
    [const { OnceLock::new() }; Release::ALL.len()];

/// The control plane. A trailing slash of a path has no meaning.
static CONTROL: LazyLock<NormalizePath<Router>> = LazyLock::new(|| {
    let routes = Router::new().nest(control::PREFIX, control::routes());
    NormalizePathLayer::trim_trailing_slash().layer(routes)
});

/// The application: it turns a request into a response.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) state: Arc<ServerState>,
    routes: Arc<RouteTables>,
}

impl App {
    pub(crate) fn new(state: Arc<ServerState>) -> Self {
        let catalogue = Arc::clone(&state.spaces.default().records.catalogue);
        let table = routes(&catalogue);
        let routes = Arc::new(RouteTables::new(catalogue, table, build_routes));
        Self { state, routes }
    }

    /// Handles a request that arrived at `endpoint` on `connection`.
    pub(crate) async fn handle(
        &self,
        endpoint: Endpoint,
        connection: &Arc<ConnectionHandle>,
        request: Request,
    ) -> Response {
        // The page would send passwords, which the server then accepts over HTTPS only.
        let is_page = control::console::is_page(&request)
            && !self.state.redirects_to_https(&request, endpoint);
        if is_page || control::owns(request.uri().path()) {
            return Box::pin(self.control(endpoint, connection, request, is_page)).await;
        }
        http::handle(&self.state, &self.routes, endpoint, connection, request).await
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
        is_page: bool,
    ) -> Response {
        http::record_control_request(&self.state, request, async |request| {
            if let Some(response) = control::console::respond(&request, is_page) {
                return response;
            }
            let request = control::with_extensions(&self.state, endpoint, connection, request);
            let Ok(response) = CONTROL.clone().oneshot(request).await;
            response
        })
        .await
    }
}

/// Returns the routes for a catalogue.
fn routes(catalogue: &Arc<Catalogue>) -> Arc<RouteTable> {
    let new = || Arc::new(build_routes(catalogue));
    if is_embedded(catalogue) {
        Arc::clone(VMREST[catalogue.release as usize].get_or_init(new))
    } else {
        new()
    }
}

fn build_routes(catalogue: &Catalogue) -> RouteTable {
    RouteTable::new(
        catalogue,
        http::routes,
        documents(),
        http::responses(catalogue),
    )
}

/// Returns the routes of the vendor's API that belong to no resource.
fn documents() -> impl Iterator<Item = (String, MethodHandlers)> {
    let routes = [
        ("/vmrest/version", http::version("vmrest")),
        (
            "/vmrest/version/product",
            http::version("Cisco Unity Connection Version"),
        ),
        ("/vmrest/schema", http::schemas()),
        ("/vmrest/schema/{name}", http::schema()),
        ("/vmrest/application.wadl", http::application()),
    ];
    let routes = routes.into_iter();
    routes.map(|(path, handlers)| (path.to_owned(), handlers))
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;
    use crate::{
        engine::description::{is_served, read},
        resources::embedded_descriptions,
    };

    const LAMPS: &str = r#"<resource path="users/{UserObjectId}/lamps" list="Lamps" element="Lamp" key="Number">
  <verb name="list" inferred="invented"/>
  <verb name="update" inferred="invented"/>
  <alias path="lamps" verbs="list read" inferred="invented"/>
  <alias path="lights" verbs="create" inferred="invented" since="14"/>
  <action name="switch" inferred="invented"/>
  <action method="dim" inferred="invented"/>
  <order field="Position" inferred="invented"/>
  <view path="bulbs" list="Bulbs" element="Bulb" inferred="invented"/>
  <text name="UserObjectId" access="create" inferred="invented"><required inferred="invented"/></text>
  <integer name="Number" access="create" inferred="invented"><required inferred="invented"/></integer>
  <integer name="Position" inferred="invented"/>
</resource>"#;
    const SHADE: &str = r#"<resource path="users/{UserObjectId}/shade" list="Shades" element="Shade" singleton="true">
  <verb name="read" inferred="invented"/>
  <action name="wash" inferred="invented"/>
  <text name="UserObjectId" access="create" inferred="invented"><required inferred="invented"/></text>
</resource>"#;

    #[test]
    fn exactly_the_methods_of_the_routes_are_closed_to_responses_of_the_user() {
        let mut descriptions: Vec<_> = embedded_descriptions().cloned().collect();
        for text in [LAMPS, SHADE] {
            descriptions.push(read(text.as_bytes()).expect("a description"));
        }
        for &release in Release::ALL {
            let catalogue = Catalogue::new(release, descriptions.clone());
            let table = build_routes(&catalogue);
            let resources = catalogue.resources().iter();
            let routes = resources.flat_map(http::routes).chain(documents());
            for (path, handlers) in routes {
                assert!(
                    table.find(&catalogue, &Method::GET, &path).is_some(),
                    "{path}"
                );
                let allowed = format!("{handlers:?}");
                let below = path.strip_prefix("/vmrest/").unwrap_or(&path);
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                    assert_eq!(
                        is_served(&descriptions, release, method, below),
                        allowed.split(", ").any(|allowed| allowed == method),
                        "{release}: {method} {path}"
                    );
                }
            }
        }
    }
}
