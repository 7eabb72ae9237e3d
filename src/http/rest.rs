//! The verbs of a resource as routes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, Method, header, uri::Authority},
    response::Response,
    routing::MethodRouter,
};
use tracing::warn;

use super::{
    Answer, Shared,
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
            async move |State(shared): Site, headers: HeaderMap, Extension(body): Body| {
                let answer = members(&headers, &body, resource.element)
                    .and_then(|members| crud::create(&shared.space, resource, &members))
                    .map(|path| Answer::Created {
                        location: absolute(&headers, &path),
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
        routes = routes.get(async move |State(shared): Site, id: Id| {
            let answer = crud::read(&shared.space, resource, &written(id)).map(Answer::Object);
            respond(resource.provenance(Verb::Read), answer)
        });
    }
    if resource.verb(Verb::Update).is_some() {
        routes = routes.put(
            async move |State(shared): Site, id: Id, headers: HeaderMap, Extension(body): Body| {
                let answer = members(&headers, &body, resource.element)
                    .and_then(|members| {
                        crud::update(&shared.space, resource, &written(id), &members)
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
    routes.delete(async move |State(shared): Site, id: Id| {
        let answer = crud::delete(&shared.space, resource, &written(id)).map(|()| Answer::Done);
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

/// The id in the path; one that is not text is the id of nothing.
fn written(id: Id) -> String {
    id.map(|Path(id)| id).unwrap_or_default()
}

/// The whole URI of a path, by the name under which the client reached this server.
fn absolute(headers: &HeaderMap, path: &str) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| Authority::try_from(host.as_bytes()).ok())
        .filter(|host| !host.as_str().contains('@'))
        .unwrap_or_else(|| Authority::from_static("localhost"));
    format!("http://{host}{path}")
}
