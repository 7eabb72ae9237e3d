//! Endpoints: requests that a function of a resource's behaviour serves, because they are none of the five verbs.

use bytes::Bytes;

use crate::{
    engine::{Element, ElementTree, Error, query::Page},
    schema::{Provenance, Resource},
};

/// The error for a request without an object.
const NO_OBJECT: &str = "The body is missing or of another type: expected an object in XML or JSON, with its Content-Type";

/// A request to an endpoint.
#[derive(Debug)]
pub(crate) struct EndpointRequest<'r> {
    pub(crate) resource: &'r Resource,
    /// The values in the path, by the names in the description of the path.
    pub(crate) parameters: Vec<(&'r str, &'r str)>,
    /// The encoded query string.
    pub(crate) query: &'r str,
    /// The name of the user who sends it, if the user is authenticated.
    pub(crate) user: Option<&'r str>,
    pub(crate) body: EndpointBody<'r>,
}

/// The body of a request to an endpoint.
#[derive(Debug)]
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
pub(crate) enum EndpointResponse {
    /// 204.
    NoContent,
    /// 201 with the path of the new object.
    Created(String),
    /// 201 with a text.
    CreatedText(String),
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

impl<'r> EndpointRequest<'r> {
    /// Returns the value in the path with this name.
    pub(crate) fn parameter(&self, name: &str) -> &'r str {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns the error for a request with the key of no record.
    pub(crate) fn not_found(&self, key: &str) -> Error {
        let field = self.resource.key;
        Error::not_found(self.resource, field.map(|field| (field, key)))
    }

    /// Returns the first value of a parameter of the query string.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let mut parameters = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value.into_owned())
    }

    /// Returns the elements of the body, which must be an object in XML or JSON.
    pub(crate) fn elements(&self) -> Result<&[Element<'r>], Error> {
        match &self.body {
            EndpointBody::Elements(elements) => Ok(elements),
            _ => Err(Error::refused(NO_OBJECT, Provenance::Inferred)),
        }
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
