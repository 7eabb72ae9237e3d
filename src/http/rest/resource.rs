//! The verbs of a resource as routes.

use axum::http::Method;

use super::{ApiRequest, MethodHandlers};
use crate::{
    engine::{crud, query::Query},
    http::{
        rejection::Rejection,
        response::{Outcome, Payload},
    },
    schema::{Alias, Evidence, Provenance, Resource, ResourceId, Verb},
    space::CoverageHit,
};

/// Returns the handlers of the collection of `resource`.
pub(crate) fn collection(resource: &Resource) -> MethodHandlers {
    verbs(resource, resource.verbs(true))
}

/// Returns the handlers of one object of `resource`.
pub(crate) fn object(resource: &Resource) -> MethodHandlers {
    verbs(resource, resource.verbs(false))
}

/// Returns the handlers of some verbs of `resource`, with the provenance of each.
fn verbs(resource: &Resource, verbs: impl Iterator<Item = Verb>) -> MethodHandlers {
    verbs.fold(MethodHandlers::default(), |handlers, verb| {
        let evidence = resource.verb(verb);
        let provenance = evidence.map_or(Provenance::Inferred, Evidence::provenance);
        with_verb(handlers, resource, verb, provenance)
    })
}

/// Returns the handlers of another path of `resource`: of the collection, or of one object.
pub(crate) fn alias(resource: &Resource, alias: &Alias, of_collection: bool) -> MethodHandlers {
    let verbs = alias.verbs.iter().copied();
    let verbs = verbs.filter(|verb| verb.is_of_collection() == of_collection);
    verbs.fold(MethodHandlers::default(), |handlers, verb| {
        with_verb(handlers, resource, verb, alias.evidence.provenance())
    })
}

/// Returns the handlers of an action on one object of `resource`, a `POST` or `PUT` without visible effect.
pub(crate) fn act_on_object(resource: &Resource, evidence: &Evidence) -> MethodHandlers {
    let (id, provenance) = (resource.id, evidence.provenance());
    let act = move |request: &ApiRequest<'_>, object: &str| {
        let record = crud::read(&request.space.records, request.resource(id), object);
        Outcome::new(provenance, record.map(|_| Payload::NoContent))
    };
    MethodHandlers::default()
        .on(Method::POST, act)
        .on(Method::PUT, act)
}

fn with_verb(
    handlers: MethodHandlers,
    resource: &Resource,
    verb: Verb,
    provenance: Provenance,
) -> MethodHandlers {
    let id = resource.id;
    match verb {
        Verb::List => handlers.on(Method::GET, move |request, _| list(id, provenance, request)),
        Verb::Create => handlers.on(Method::POST, move |request, _| {
            create(id, provenance, request)
        }),
        Verb::Read => handlers.on(Method::GET, move |request, object| {
            read(id, provenance, request, object)
        }),
        Verb::Update => handlers.on(Method::PUT, move |request, object| {
            update(id, provenance, request, object)
        }),
        Verb::Delete => handlers.on(Method::DELETE, move |request, object| {
            delete(id, provenance, request, object)
        }),
    }
}

fn list(id: ResourceId, provenance: Provenance, request: &ApiRequest<'_>) -> Outcome {
    let space = request.space;
    let resource = request.resource(id);
    let encoded = request.uri.query().unwrap_or_default();
    let mut hit = CoverageHit::new(resource, Verb::List);
    let page = Query::parse(resource, encoded).map(|query| {
        hit.add_asked(query.positions());
        Payload::List(crud::list(&space.records, &query))
    });
    Outcome::new(provenance, page).with_coverage(hit)
}

fn create(id: ResourceId, provenance: Provenance, request: &ApiRequest<'_>) -> Outcome {
    let resource = request.resource(id);
    let mut hit = CoverageHit::new(resource, Verb::Create);
    let path = request.elements(resource).and_then(|elements| {
        hit.add_written(resource, &elements);
        crud::create(&request.space.records, resource, &elements).map_err(Rejection::from)
    });
    Outcome::new(provenance, path.map(Payload::Created)).with_coverage(hit)
}

fn read(id: ResourceId, provenance: Provenance, request: &ApiRequest<'_>, object: &str) -> Outcome {
    let resource = request.resource(id);
    let documents = crud::read(&request.space.records, resource, object);
    Outcome::new(provenance, documents.map(Payload::Object))
        .with_coverage(CoverageHit::new(resource, Verb::Read))
}

fn update(
    id: ResourceId,
    provenance: Provenance,
    request: &ApiRequest<'_>,
    object: &str,
) -> Outcome {
    let resource = request.resource(id);
    let mut hit = CoverageHit::new(resource, Verb::Update);
    let updated = request.elements(resource).and_then(|elements| {
        hit.add_written(resource, &elements);
        crud::update(&request.space.records, resource, object, &elements).map_err(Rejection::from)
    });
    Outcome::new(provenance, updated.map(|()| Payload::NoContent)).with_coverage(hit)
}

fn delete(
    id: ResourceId,
    provenance: Provenance,
    request: &ApiRequest<'_>,
    object: &str,
) -> Outcome {
    let resource = request.resource(id);
    let deleted = crud::delete(&request.space.records, resource, object);
    Outcome::new(provenance, deleted.map(|()| Payload::NoContent))
        .with_coverage(CoverageHit::new(resource, Verb::Delete))
}
