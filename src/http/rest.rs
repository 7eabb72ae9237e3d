//! The verbs of a resource as routes.

use axum::http::{Method, StatusCode, header};

use super::{Answer, Reply, answer::TEXT, body::Received, routes::Verbs};
use crate::{
    engine::{Error, crud, query::Query},
    schema::{Provenance, Resource, Verb},
    space::CoverageHit,
};

/// What can be asked of the collection of `resource`.
pub(crate) fn collection(resource: &'static Resource) -> Verbs {
    let mut verbs = Verbs::default();
    if let Some(evidence) = resource.verb(Verb::List) {
        verbs = verbs.on(Method::GET, move |asked, _| {
            let query = asked.uri.query().unwrap_or_default();
            let mut touch = CoverageHit::new(resource, Verb::List);
            let answer = Query::parse(resource, asked.space.release(), query).map(|query| {
                touch = touch.asking(query.positions());
                Answer::List(resource, crud::list(&asked.space.records, &query))
            });
            Reply::new(evidence.provenance, answer).touching(touch)
        });
    }
    if let Some(evidence) = resource.verb(Verb::Create) {
        verbs = verbs.on(Method::POST, move |asked, _| {
            let mut touch = CoverageHit::new(resource, Verb::Create);
            let answer = asked.members(resource.element).and_then(|members| {
                touch = touch.writing(asked.space.release(), &members);
                crud::create(&asked.space.records, resource, &members)
            });
            Reply::new(evidence.provenance, answer.map(Answer::Created)).touching(touch)
        });
    }
    verbs
}

/// What can be asked of one object of `resource`.
pub(crate) fn object(resource: &'static Resource) -> Verbs {
    let mut verbs = Verbs::default();
    if let Some(evidence) = resource.verb(Verb::Read) {
        verbs = verbs.on(Method::GET, move |asked, id| {
            let answer = crud::read(&asked.space.records, resource, id).map(Answer::Object);
            let touch = CoverageHit::new(resource, Verb::Read);
            Reply::new(evidence.provenance, answer).touching(touch)
        });
    }
    if let Some(evidence) = resource.verb(Verb::Update) {
        verbs = verbs.on(Method::PUT, move |asked, id| {
            let mut touch = CoverageHit::new(resource, Verb::Update);
            let answer = asked.members(resource.element).and_then(|members| {
                touch = touch.writing(asked.space.release(), &members);
                crud::update(&asked.space.records, resource, id, &members)
            });
            Reply::new(evidence.provenance, answer.map(|()| Answer::Done)).touching(touch)
        });
    }
    if let Some(evidence) = resource.verb(Verb::Delete) {
        verbs = deletable(verbs, resource, evidence.provenance);
    }
    verbs
}

/// A second path on which objects of `resource` can be deleted, and nothing else.
pub(crate) fn delete_object(resource: &'static Resource, provenance: Provenance) -> Verbs {
    deletable(Verbs::default(), resource, provenance)
}

/// Something that is done to one object of `resource` by a POST, and shows nowhere.
pub(crate) fn act_on_object(resource: &'static Resource, provenance: Provenance) -> Verbs {
    Verbs::default().on(Method::POST, move |asked, id| {
        let found = crud::read(&asked.space.records, resource, id);
        Reply::new(provenance, found.map(|_| Answer::Done))
    })
}

fn deletable(verbs: Verbs, resource: &'static Resource, provenance: Provenance) -> Verbs {
    verbs.on(Method::DELETE, move |asked, id| {
        let answer = crud::delete(&asked.space.records, resource, id).map(|()| Answer::Done);
        let touch = CoverageHit::new(resource, Verb::Delete);
        Reply::new(provenance, answer).touching(touch)
    })
}

/// Answers every path that has no route, and does not belong to the control plane.
pub(super) fn not_served(received: &Received<'_>, is_vendors: bool) -> Reply {
    let path = received.uri.path();
    if is_vendors {
        return Error::not_implemented(path).into();
    }
    let message = format!("There is nothing at {path}: cuc-mock serves /vmrest and /__mock\n");
    let content_type = [(header::CONTENT_TYPE, TEXT)];
    Reply::foreign((StatusCode::NOT_FOUND, content_type, message))
}
