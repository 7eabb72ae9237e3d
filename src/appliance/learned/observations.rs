//! The responses of both servers, as far as descriptions can be corrected from them.

use std::collections::BTreeMap;

use super::observed_fields::ObservedFields;
use crate::appliance::{
    client::Response, document::XmlElement, drift::Exchange, facts::FactKey, object::Object,
};

/// The data of all exchanges.
#[derive(Debug, Default)]
pub(crate) struct Observations {
    /// The fields of each resource, by its path.
    resources: BTreeMap<String, ObservedFields>,
    /// The exchanges that show a rejection or defaults, by the names of their probes.
    exchanges: BTreeMap<String, ObservedExchange>,
}

/// The responses of both servers to a request.
#[derive(Debug)]
pub(super) struct ObservedExchange {
    pub(super) mock: ObservedResponse,
    pub(super) server: ObservedResponse,
    /// The path of the resource.
    pub(super) resource: Option<String>,
    /// True if the object was created without most of its fields.
    pub(super) shows_defaults: bool,
    /// The fact that determines the body of an error.
    pub(super) error_fact: Option<FactKey>,
}

/// A response without headers.
#[derive(Debug)]
pub(super) struct ObservedResponse {
    pub(super) status: u16,
    /// The texts of an error.
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    /// The object of another response, which may be a list of it alone.
    pub(super) object: Option<Object>,
}

impl Observations {
    /// Adds an exchange. Only documents in XML count.
    pub(crate) fn add(&mut self, exchange: &Exchange) {
        let probe = &exchange.probe;
        let server = XmlElement::read(&exchange.server.body).ok();
        let is_read = probe.name.starts_with("GET ") && exchange.server.status == 200;
        if let (Some(path), Some(root), true) = (&probe.resource, &server, is_read) {
            let fields = self.resources.entry(path.clone()).or_default();
            match root.attribute("total") {
                Some(_) => {
                    let objects = root.children.iter().map(Object::of);
                    objects.for_each(|object| fields.add_row(&object));
                }
                None => fields.add_object(&Object::of(root)),
            }
        }
        let is_rejected = exchange.mock.status >= 400 || exchange.server.status >= 400;
        if probe.shows_defaults || is_rejected {
            let mock = XmlElement::read(&exchange.mock.body).ok();
            let observed = ObservedExchange {
                mock: ObservedResponse::new(&exchange.mock, mock.as_ref()),
                server: ObservedResponse::new(&exchange.server, server.as_ref()),
                resource: probe.resource.clone(),
                shows_defaults: probe.shows_defaults,
                error_fact: probe.error_fact.clone(),
            };
            self.exchanges.entry(probe.name.clone()).or_insert(observed);
        }
    }

    pub(super) fn fields(&self, resource: &str) -> Option<&ObservedFields> {
        self.resources.get(resource)
    }

    /// Returns the exchanges with the names of their probes.
    pub(super) fn exchanges(&self) -> impl Iterator<Item = (&str, &ObservedExchange)> {
        let exchanges = self.exchanges.iter();
        exchanges.map(|(name, exchange)| (&**name, exchange))
    }

    pub(super) fn exchange(&self, name: &str) -> Option<&ObservedExchange> {
        self.exchanges.get(name)
    }
}

impl ObservedResponse {
    fn new(response: &Response, root: Option<&XmlElement>) -> Self {
        let error = root.and_then(|root| root.child("errors"));
        let text = |name| {
            let child = error.and_then(|error| error.child(name));
            child.map(|child| child.text.clone())
        };
        Self {
            status: response.status,
            code: text("code"),
            message: text("message"),
            object: root.filter(|_| error.is_none()).and_then(object),
        }
    }
}

/// Returns the object of a document, or the only one of a list.
fn object(root: &XmlElement) -> Option<Object> {
    match (root.attribute("total"), &*root.children) {
        (None, _) => Some(Object::of(root)),
        (Some(_), [only]) => Some(Object::of(only)),
        (Some(_), _) => None,
    }
}
