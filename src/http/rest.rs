//! The verbs of a resource as routes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Path, RawQuery, State, rejection::PathRejection},
    handler::Handler,
    http::{Method, Uri, header},
    routing::MethodRouter,
};
use tracing::warn;

use super::{Answer, Reply, Shared, body::Received};
use crate::{
    engine::{Error, crud, query::Query},
    schema::{Provenance, Resource, Verb},
};

pub(super) type Routes = MethodRouter<Arc<Shared>>;
type Site = State<Arc<Shared>>;
type Body = Extension<Received>;
type Id = Result<Path<String>, PathRejection>;

/// What can be asked of the collection of `resource`.
pub(crate) fn collection(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new();
    let mut allowed = Vec::new();
    if let Some(basis) = resource.verb(Verb::List) {
        allowed.extend(["GET", "HEAD"]);
        routes = routes.get(async move |State(shared): Site, RawQuery(query)| {
            let query = query.as_deref().unwrap_or_default();
            let answer = Query::parse(resource, shared.space.release, query)
                .map(|query| Answer::List(resource, crud::list(&shared.space, resource, &query)));
            Reply::new(basis.provenance, answer)
        });
    }
    if let Some(basis) = resource.verb(Verb::Create) {
        allowed.push("POST");
        routes = routes.post(async move |State(shared): Site, Extension(body): Body| {
            let answer = body
                .members(resource.element)
                .and_then(|members| crud::create(&shared.space, resource, &members))
                .map(Answer::Created);
            Reply::new(basis.provenance, answer)
        });
    }
    bounded(routes, &allowed)
}

/// What can be asked of one object of `resource`.
pub(crate) fn object(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new();
    let mut allowed = Vec::new();
    if let Some(basis) = resource.verb(Verb::Read) {
        allowed.extend(["GET", "HEAD"]);
        routes = routes.get(async move |State(shared): Site, id: Id, uri: Uri| {
            let answer = crud::read(&shared.space, resource, &written(id, &uri));
            Reply::new(basis.provenance, answer.map(Answer::Object))
        });
    }
    if let Some(basis) = resource.verb(Verb::Update) {
        allowed.push("PUT");
        let update = async move |State(shared): Site, id: Id, uri: Uri, Extension(body): Body| {
            let answer = body.members(resource.element).and_then(|members| {
                crud::update(&shared.space, resource, &written(id, &uri), &members)
            });
            Reply::new(basis.provenance, answer.map(|()| Answer::Done))
        };
        routes = routes.put(update);
    }
    if let Some(basis) = resource.verb(Verb::Delete) {
        allowed.push("DELETE");
        routes = deletable(routes, resource, basis.provenance);
    }
    bounded(routes, &allowed)
}

/// A second path on which objects of `resource` can be deleted, and nothing else.
pub(crate) fn delete_object(resource: &'static Resource, provenance: Provenance) -> Routes {
    bounded(deletable(Routes::new(), resource, provenance), &["DELETE"])
}

/// Something that is done to one object of `resource` by a POST, and shows nowhere.
pub(crate) fn act_on_object(resource: &'static Resource, provenance: Provenance) -> Routes {
    let act = async move |State(shared): Site, id: Id| {
        let id = id.map(|Path(id)| id).unwrap_or_default();
        let found = crud::read(&shared.space, resource, &id);
        Reply::new(provenance, found.map(|_| Answer::Done))
    };
    bounded(Routes::new().post(act), &["POST"])
}

/// What can only be read.
pub(super) fn readable<H, T>(read: H) -> Routes
where
    H: Handler<T, Arc<Shared>>,
    T: 'static,
{
    bounded(Routes::new().get(read), &["GET", "HEAD"])
}

fn deletable(routes: Routes, resource: &'static Resource, provenance: Provenance) -> Routes {
    routes.delete(async move |State(shared): Site, id: Id, uri: Uri| {
        let answer = crud::delete(&shared.space, resource, &written(id, &uri));
        Reply::new(provenance, answer.map(|()| Answer::Done))
    })
}

/// Answers OPTIONS, and refuses the methods that are not `allowed`.
fn bounded(routes: Routes, allowed: &[&str]) -> Routes {
    let allow = [allowed, &["OPTIONS"]].concat().join(", ");
    let refusal = allow.clone();
    routes
        .options(async move || {
            let options = Reply::new(Provenance::Inferred, Ok(Answer::Options));
            ([(header::ALLOW, allow)], options)
        })
        .fallback(async move |method: Method, OriginalUri(uri): OriginalUri| {
            let error = Error::method_not_allowed(method.as_str(), uri.path(), &refusal);
            ([(header::ALLOW, refusal)], Reply::from(error))
        })
}

/// Answers every path below `/vmrest` that has no route.
pub(crate) async fn not_implemented(OriginalUri(uri): OriginalUri) -> Reply {
    warn!(path = uri.path(), "not implemented");
    Error::not_implemented(uri.path()).into()
}

/// The id in the path; one that is not text once it is decoded stays as it is written.
fn written(id: Id, uri: &Uri) -> String {
    let as_it_is = || uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    id.map_or_else(|_| as_it_is(), |Path(id)| id)
}
