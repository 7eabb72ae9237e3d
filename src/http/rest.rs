//! The verbs of a resource as routes.

use std::convert::Infallible;

use axum::{
    Extension,
    extract::{FromRequestParts, Path, RawQuery},
    handler::Handler,
    http::{Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use super::{Answer, InHand, Reply, answer::TEXT, attend::is_vendors};
use crate::{
    engine::{Error, crud, query::Query},
    schema::{Provenance, Resource, Verb},
    space::Touch,
};

pub(super) type Routes = MethodRouter;

/// What can be asked of the collection of `resource`.
pub(crate) fn collection(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new();
    if let Some(basis) = resource.verb(Verb::List) {
        routes = routes.get(async move |Extension(asked): InHand, RawQuery(query)| {
            let query = query.as_deref().unwrap_or_default();
            let mut touch = Touch::new(resource, Verb::List);
            let answer = Query::parse(resource, asked.space.release(), query).map(|query| {
                touch = touch.asking(query.positions());
                Answer::List(resource, crud::list(&asked.space.records, &query))
            });
            Reply::new(basis.provenance, answer).touching(touch)
        });
    }
    if let Some(basis) = resource.verb(Verb::Create) {
        routes = routes.post(async move |Extension(asked): InHand| {
            let mut touch = Touch::new(resource, Verb::Create);
            let answer = asked.members(resource.element).and_then(|members| {
                touch = touch.writing(asked.space.release(), &members);
                crud::create(&asked.space.records, resource, &members)
            });
            Reply::new(basis.provenance, answer.map(Answer::Created)).touching(touch)
        });
    }
    bounded(routes, resource.methods(true))
}

/// What can be asked of one object of `resource`.
pub(crate) fn object(resource: &'static Resource) -> Routes {
    let mut routes = Routes::new();
    if let Some(basis) = resource.verb(Verb::Read) {
        routes = routes.get(
            async move |Extension(asked): InHand, Segment(id): Segment| {
                let answer = crud::read(&asked.space.records, resource, &id).map(Answer::Object);
                let touch = Touch::new(resource, Verb::Read);
                Reply::new(basis.provenance, answer).touching(touch)
            },
        );
    }
    if let Some(basis) = resource.verb(Verb::Update) {
        let update = async move |Extension(asked): InHand, Segment(id): Segment| {
            let mut touch = Touch::new(resource, Verb::Update);
            let answer = asked.members(resource.element).and_then(|members| {
                touch = touch.writing(asked.space.release(), &members);
                crud::update(&asked.space.records, resource, &id, &members)
            });
            Reply::new(basis.provenance, answer.map(|()| Answer::Done)).touching(touch)
        };
        routes = routes.put(update);
    }
    if let Some(basis) = resource.verb(Verb::Delete) {
        routes = deletable(routes, resource, basis.provenance);
    }
    bounded(routes, resource.methods(false))
}

/// A second path on which objects of `resource` can be deleted, and nothing else.
pub(crate) fn delete_object(resource: &'static Resource, provenance: Provenance) -> Routes {
    let routes = deletable(Routes::new(), resource, provenance);
    bounded(routes, ["DELETE"].into_iter())
}

/// Something that is done to one object of `resource` by a POST, and shows nowhere.
pub(crate) fn act_on_object(resource: &'static Resource, provenance: Provenance) -> Routes {
    let act = async move |Extension(asked): InHand, Segment(id): Segment| {
        let found = crud::read(&asked.space.records, resource, &id);
        Reply::new(provenance, found.map(|_| Answer::Done))
    };
    bounded(Routes::new().post(act), ["POST"].into_iter())
}

/// What can only be read.
pub(super) fn readable<H, T>(read: H) -> Routes
where
    H: Handler<T, ()>,
    T: 'static,
{
    bounded(Routes::new().get(read), ["GET"].into_iter())
}

fn deletable(routes: Routes, resource: &'static Resource, provenance: Provenance) -> Routes {
    routes.delete(
        async move |Extension(asked): InHand, Segment(id): Segment| {
            let answer = crud::delete(&asked.space.records, resource, &id).map(|()| Answer::Done);
            let touch = Touch::new(resource, Verb::Delete);
            Reply::new(provenance, answer).touching(touch)
        },
    )
}

/// Answers OPTIONS, and refuses other methods than `methods`.
fn bounded(routes: Routes, methods: impl Iterator<Item = &'static str>) -> Routes {
    let mut allowed = Vec::new();
    for method in methods {
        allowed.push(method);
        if method == "GET" {
            allowed.push("HEAD");
        }
    }
    allowed.push("OPTIONS");
    let allow = allowed.join(", ");
    let refusal = allow.clone();
    routes
        .options(async move || {
            let options = Reply::new(Provenance::Inferred, Ok(Answer::Options));
            ([(header::ALLOW, allow)], options)
        })
        .fallback(async move |method: Method, Extension(asked): InHand| {
            let path = asked.uri.path();
            let error = Error::method_not_allowed(method.as_str(), path, &refusal);
            ([(header::ALLOW, refusal)], Reply::from(error))
        })
}

/// Answers every path that has no route, and does not belong to the control plane.
pub(crate) async fn not_served(Extension(asked): InHand) -> Response {
    let path = asked.uri.path();
    if is_vendors(&asked.uri) {
        return Reply::from(Error::not_implemented(path)).into_response();
    }
    let message = format!("There is nothing at {path}: cuc-mock serves /vmrest and /__mock\n");
    let content_type = [(header::CONTENT_TYPE, TEXT)];
    (StatusCode::NOT_FOUND, content_type, message).into_response()
}

/// What stands where a route leaves its path open, such as an id. One that is not text once it is decoded
/// stays as it is written.
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let decoded = Path::<String>::from_request_parts(parts, state).await;
        let as_written = || {
            let mut segments = parts.uri.path().rsplit('/');
            let encoded = segments.find(|segment| segment.contains('%'));
            encoded.unwrap_or_default().to_owned()
        };
        Ok(Self(
            decoded.map_or_else(|_| as_written(), |Path(segment)| segment),
        ))
    }
}
