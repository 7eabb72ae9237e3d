//! Endpoints: requests that a function of a resource's behaviour serves, because they are none of the five verbs.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Element, ElementTree, Error, Records, Target, Transaction,
    query::{Page, Query},
    render::rendered,
};
use crate::{
    schema::{Endpoint, Resource},
    store::{FORMATS, Record, Store, Values},
};

/// A request to an endpoint.
#[derive(Debug)]
pub(crate) struct EndpointRequest<'r> {
    pub(crate) resource: &'r Resource,
    /// The values in the path, by the names in the description of the path.
    pub(crate) parameters: Vec<(&'r str, &'r str)>,
    /// The encoded query string.
    pub(crate) query: &'r str,
    pub(crate) body: EndpointBody<'r>,
}

/// The body of a request to an endpoint.
#[derive(Debug)]
#[allow(dead_code)]
pub(crate) enum EndpointBody<'r> {
    Empty,
    /// The elements of an object in XML or JSON.
    Elements(Vec<Element<'r>>),
    /// A body of another type.
    Bytes {
        content_type: &'r str,
        bytes: &'r Bytes,
    },
}

/// The response of an endpoint.
#[derive(Debug)]
#[allow(dead_code)]
pub(crate) enum EndpointResponse {
    /// 204.
    NoContent,
    /// 201 with the path of the new object.
    Created(String),
    /// 201 with a text.
    CreatedText(String),
    /// 200 with one object.
    Object([Bytes; FORMATS]),
    /// 200 with a page of objects.
    List(Page),
    /// 200 with elements in elements.
    Document(ElementTree),
    /// 200 with bytes of this type.
    Bytes {
        content_type: &'static str,
        bytes: Bytes,
    },
}

/// The function of an endpoint.
#[derive(Clone, Copy)]
pub(crate) enum EndpointFn {
    /// A function that changes nothing.
    Read(fn(&Arc<Store>, &EndpointRequest<'_>) -> Result<EndpointResponse, Error>),
    /// A function that runs in a transaction.
    Write(fn(&mut Transaction<'_>, &EndpointRequest<'_>) -> Result<EndpointResponse, Error>),
}

impl<'r> EndpointRequest<'r> {
    /// Returns the value in the path with this name.
    pub(crate) fn parameter(&self, name: &str) -> &'r str {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns the first value of a parameter of the query string.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let mut parameters = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value.into_owned())
    }

    /// Returns the text of an element of the body, in any letter case.
    pub(crate) fn element(&self, name: &str) -> Option<&str> {
        let EndpointBody::Elements(elements) = &self.body else {
            return None;
        };
        let mut named = elements.iter();
        let element = named.find(|element| element.name.eq_ignore_ascii_case(name))?;
        element.value.as_deref()
    }
}

/// The values of an object that is not stored, by the names of its fields.
pub(crate) type ComputedValues = Vec<(&'static str, String)>;

/// The responses with objects that are not stored.
impl EndpointRequest<'_> {
    /// Returns the objects that the query string selects, of those of the resource.
    pub(crate) fn page(
        &self,
        store: &Arc<Store>,
        objects: impl IntoIterator<Item = ComputedValues>,
    ) -> Result<EndpointResponse, Error> {
        let target = Target {
            resource: self.resource,
            parents: &[],
            key: None,
        };
        let query = Query::parse_for(&target, None, self.query)?;
        let mut store = Store::clone(store);
        let collection = store.collection_mut(self.resource.id);
        for values in objects {
            collection.insert(Arc::new(self.record(&values)));
        }
        Ok(EndpointResponse::List(query.run(Arc::new(store))))
    }

    /// Returns an object of the resource.
    pub(crate) fn object(&self, values: &ComputedValues) -> EndpointResponse {
        let record = self.record(values);
        EndpointResponse::Object(rendered(self.resource, &record).clone())
    }

    fn record(&self, values: &ComputedValues) -> Record {
        let fields = self.resource.fields.iter();
        Record::new(Values::of(fields.map(|field| {
            let mut values = values.iter();
            let (_, value) = values.find(|(name, _)| *name == &*field.name)?;
            Some(value.as_str())
        })))
    }
}

impl Records {
    /// Serves a request to an endpoint of a resource. The description was checked, so its behaviour has the function.
    pub(crate) fn respond(
        &self,
        endpoint: &Endpoint,
        request: &EndpointRequest<'_>,
    ) -> Result<EndpointResponse, Error> {
        let behaviour = self.behaviours().of(request.resource);
        let function = behaviour.and_then(|behaviour| behaviour.endpoint(&endpoint.name));
        match function.expect("checked in the description") {
            EndpointFn::Read(read) => read(&self.read(), request),
            EndpointFn::Write(write) => self.transact(|transaction| write(transaction, request)),
        }
    }
}
