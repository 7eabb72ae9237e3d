//! The verbs of a resource as routes.

use axum::http::Method;

use super::{ApiRequest, MethodHandlers};
use crate::{
    engine::{crud, query::Query},
    http::{
        rejection::Rejection,
        response::{Outcome, Payload},
    },
    schema::{Evidence, Provenance, Release, Resource, Verb},
    space::CoverageHit,
};

/// Returns the handlers of the collection of `resource`.
pub(crate) fn collection(resource: &'static Resource) -> MethodHandlers {
    let mut handlers = MethodHandlers::default();
    if let Some(evidence) = resource.verb(Verb::List) {
        handlers = handlers.on(Method::GET, move |request, _| {
            let (resource, evidence) = listed(resource, evidence, request.space.release());
            list(resource, evidence.provenance, request)
        });
    }
    if let Some(evidence) = resource.verb(Verb::Create) {
        handlers = handlers.on(Method::POST, move |request, _| {
            create(resource, evidence.provenance, request)
        });
    }
    handlers
}

/// Returns the handlers of one object of `resource`.
pub(crate) fn object(resource: &'static Resource) -> MethodHandlers {
    let mut handlers = MethodHandlers::default();
    if let Some(evidence) = resource.verb(Verb::Read) {
        handlers = handlers.on(Method::GET, move |request, id| {
            let record = crud::read(&request.space.records, resource, id);
            Outcome::new(evidence.provenance, record.map(Payload::Object))
                .with_coverage(CoverageHit::new(resource, Verb::Read))
        });
    }
    if let Some(evidence) = resource.verb(Verb::Update) {
        handlers = handlers.on(Method::PUT, move |request, id| {
            update(resource, evidence.provenance, request, id)
        });
    }
    if let Some(evidence) = resource.verb(Verb::Delete) {
        handlers = with_delete(handlers, resource, evidence.provenance);
    }
    handlers
}

/// Returns the handlers of a second path, on which objects of `resource` can only be deleted.
pub(crate) fn delete_object(resource: &'static Resource, provenance: Provenance) -> MethodHandlers {
    with_delete(MethodHandlers::default(), resource, provenance)
}

/// Returns the handlers of an action on one object of `resource`, a `POST` or `PUT` without visible effect.
pub(crate) fn act_on_object(resource: &'static Resource, provenance: Provenance) -> MethodHandlers {
    let act = move |request: &ApiRequest<'_>, id: &str| {
        let record = crud::read(&request.space.records, resource, id);
        Outcome::new(provenance, record.map(|_| Payload::NoContent))
    };
    MethodHandlers::default()
        .on(Method::POST, act)
        .on(Method::PUT, act)
}

fn with_delete(
    handlers: MethodHandlers,
    resource: &'static Resource,
    provenance: Provenance,
) -> MethodHandlers {
    handlers.on(Method::DELETE, move |request, id| {
        let deleted = crud::delete(&request.space.records, resource, id);
        Outcome::new(provenance, deleted.map(|()| Payload::NoContent))
            .with_coverage(CoverageHit::new(resource, Verb::Delete))
    })
}

/// Returns the resource that a list request to the path of `resource` returns in `release`, with its evidence.
fn listed(
    resource: &'static Resource,
    evidence: &'static Evidence,
    release: Release,
) -> (&'static Resource, &'static Evidence) {
    match &resource.successor {
        Some((successor, evidence)) if !resource.is_in(release) => (successor, evidence),
        _ => (resource, evidence),
    }
}

fn list(resource: &'static Resource, provenance: Provenance, request: &ApiRequest<'_>) -> Outcome {
    let space = request.space;
    let encoded = request.uri.query().unwrap_or_default();
    let mut hit = CoverageHit::new(resource, Verb::List);
    let page = Query::parse(resource, space.release(), encoded).map(|query| {
        hit = hit.with_asked(query.positions());
        Payload::List(resource, crud::list(&space.records, &query))
    });
    Outcome::new(provenance, page).with_coverage(hit)
}

fn create(
    resource: &'static Resource,
    provenance: Provenance,
    request: &ApiRequest<'_>,
) -> Outcome {
    let space = request.space;
    let mut hit = CoverageHit::new(resource, Verb::Create);
    let path = request.elements(resource).and_then(|elements| {
        hit = hit.with_written(space.release(), &elements);
        crud::create(&space.records, resource, &elements).map_err(Rejection::from)
    });
    Outcome::new(provenance, path.map(Payload::Created)).with_coverage(hit)
}

fn update(
    resource: &'static Resource,
    provenance: Provenance,
    request: &ApiRequest<'_>,
    id: &str,
) -> Outcome {
    let space = request.space;
    let mut hit = CoverageHit::new(resource, Verb::Update);
    let updated = request.elements(resource).and_then(|elements| {
        hit = hit.with_written(space.release(), &elements);
        crud::update(&space.records, resource, id, &elements).map_err(Rejection::from)
    });
    Outcome::new(provenance, updated.map(|()| Payload::NoContent)).with_coverage(hit)
}
