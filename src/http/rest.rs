//! The verbs of a resource as routes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, Method, Uri, header, uri::Authority},
    response::Response,
    routing::MethodRouter,
};
use tracing::warn;

use super::{
    Answer, Endpoint, Shared,
    body::{Received, members},
    refuse,
};
use crate::{
    engine::{Error, crud, query::Query},
    schema::{Provenance, Resource, Verb},
};

type Routes = MethodRouter<Arc<Shared>>;
type Site = State<Arc<Shared>>;
type Body = Extension<Received>;
type Id = Result<Path<String>, PathRejection>;

/// What can be asked of the collection of `resource`.
pub(crate) fn collection(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new().fallback(method_not_allowed);
    if resource.verb(Verb::List).is_some() {
        routes = routes.get(async move |State(shared): Site, RawQuery(query)| {
            let answer = Query::parse(resource, query.as_deref().unwrap_or_default())
                .map(|query| Answer::List(resource, crud::list(&shared.space, resource, &query)));
            respond(resource.provenance(Verb::List), answer)
        });
    }
    if resource.verb(Verb::Create).is_some() {
        routes = routes.post(
            async move |State(shared): Site,
                        Extension(endpoint): Extension<Endpoint>,
                        headers: HeaderMap,
                        Extension(body): Body| {
                let answer = members(&headers, &body, resource.element)
                    .and_then(|members| crud::create(&shared.space, resource, &members))
                    .map(|path| Answer::Created {
                        location: absolute(endpoint, &headers, &path),
                        path,
                    });
                respond(resource.provenance(Verb::Create), answer)
            },
        );
    }
    routes
}

/// What can be asked of one object of `resource`.
pub(crate) fn object(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new().fallback(method_not_allowed);
    if resource.verb(Verb::Read).is_some() {
        routes = routes.get(async move |State(shared): Site, id: Id, uri: Uri| {
            let answer =
                crud::read(&shared.space, resource, &written(id, &uri)).map(Answer::Object);
            respond(resource.provenance(Verb::Read), answer)
        });
    }
    if resource.verb(Verb::Update).is_some() {
        routes = routes.put(
            async move |State(shared): Site,
                        id: Id,
                        uri: Uri,
                        headers: HeaderMap,
                        Extension(body): Body| {
                let answer = members(&headers, &body, resource.element)
                    .and_then(|members| {
                        crud::update(&shared.space, resource, &written(id, &uri), &members)
                    })
                    .map(|()| Answer::Done);
                respond(resource.provenance(Verb::Update), answer)
            },
        );
    }
    if resource.verb(Verb::Delete).is_some() {
        routes = deletable(routes, resource, resource.provenance(Verb::Delete));
    }
    routes
}

/// A second path on which objects of `resource` can be deleted, and nothing else.
pub(crate) fn delete_object(resource: &'static Resource, provenance: Provenance) -> Routes {
    let routes = Routes::new().fallback(method_not_allowed);
    deletable(routes, resource, provenance)
}

fn deletable(routes: Routes, resource: &'static Resource, provenance: Provenance) -> Routes {
    routes.delete(async move |State(shared): Site, id: Id, uri: Uri| {
        let answer =
            crud::delete(&shared.space, resource, &written(id, &uri)).map(|()| Answer::Done);
        respond(provenance, answer)
    })
}

/// Answers every path below `/vmrest` that has no route.
pub(crate) async fn not_implemented(OriginalUri(uri): OriginalUri) -> Response {
    warn!(path = uri.path(), "not implemented");
    refuse(&Error::not_implemented(uri.path()))
}

async fn method_not_allowed(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    refuse(&Error::method_not_allowed(method.as_str(), uri.path()))
}

fn respond(provenance: Provenance, answer: Result<Answer, Error>) -> Response {
    match answer {
        Ok(answer) => answer.into_response(provenance),
        Err(error) => refuse(&error),
    }
}

/// The id in the path; one that is not text once it is decoded stays as it is written.
fn written(id: Id, uri: &Uri) -> String {
    let as_it_is = || uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    id.map_or_else(|_| as_it_is(), |Path(id)| id)
}

/// The whole URI of a path, by the name under which the client reached this server.
pub(super) fn absolute(
    Endpoint { scheme, address }: Endpoint,
    headers: &HeaderMap,
    path: &str,
) -> String {
    let named = headers
        .get(header::HOST)
        .and_then(|host| Authority::try_from(host.as_bytes()).ok())
        .filter(|host| host.host() == host.as_str() || host.port_u16().is_some())
        .filter(|host| !host.as_str().contains('@'));
    match named {
        Some(host) => format!("{scheme}://{host}{path}"),
        None => format!("{scheme}://{address}{path}"),
    }
}
