//! Bodies that a server cannot read, and other forms of a body.

use ureq::http::Method;

use super::{super::facts, WriteProbes, body, new_object::NewObject, values::Given};
use crate::{
    appliance::{
        client::Request,
        drift::{exchange::Step, run::Stop},
        facts::{FactKey, protocol},
    },
    schema::{ErrorRule, Verb},
};

impl<'p> WriteProbes<'p, '_> {
    /// Sends further creates to the collection of an object.
    pub(super) fn send_bodies(&mut self, object: &NewObject<'p>) -> Result<(), Stop> {
        let resource = object.create.resource;
        let Some(create) = self.minimum(resource, &object.create.collection, &Given::new()) else {
            return Ok(());
        };
        let elements = body::elements(resource, &create.given);
        let element = &resource.element;
        let other = self.catalogue.resources().iter();
        let mut other = other.filter(|other| !other.element.eq_ignore_ascii_case(element));
        let other = other.next().map_or("Other", |other| &other.element);
        let step = |request: Request, purpose: &str| {
            Step::new(request, Some(resource.path.as_str()), purpose)
        };
        let post = || Request::new(Method::POST, create.target());
        let error = |rule| facts::error(rule, Verb::Create);
        let malformed = format!("<{element}>{elements}<{element}>");
        let unknown = format!("{elements}<NoSuchElement>1</NoSuchElement>");
        let json = Request {
            body: Some(body::json(resource, &create.given).into_bytes()),
            ..post().header("Content-Type", "application/json")
        };
        let untyped = Request {
            headers: Vec::new(),
            ..create.request(&create.given)
        };
        let steps = [
            step(post().xml(malformed), "with a malformed body")
                .fact(FactKey::Protocol(protocol::MALFORMED_BODY))
                .rejection(error(ErrorRule::Body)),
            step(
                post().xml(body::within(other, &elements)),
                &format!("with the root {other}"),
            )
            .fact(FactKey::Protocol(protocol::ROOT_OF_ANOTHER_KIND))
            .rejection(error(ErrorRule::Root)),
            step(untyped, "without a content type")
                .fact(FactKey::Protocol(protocol::CONTENT_TYPE_OF_REQUESTS)),
            step(
                post().xml(body::within(element, &unknown)),
                "with an unknown element",
            )
            .fact(FactKey::Protocol(protocol::UNKNOWN_ELEMENTS)),
            step(json, "in JSON").fact(FactKey::Protocol(protocol::JSON_BODY_ROOT)),
        ];
        for step in steps {
            self.refuse(&create, &create.given, step)?;
        }
        let empty = step(post().xml(""), "with an empty body")
            .fact(FactKey::Protocol(protocol::MALFORMED_BODY))
            .rejection(error(ErrorRule::Body));
        self.refuse(&create, &Given::new(), empty)
    }
}
