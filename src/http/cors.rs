//! Cross-origin resource sharing: the web pages that may use the API.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};

use super::{log::LogLine, origin::Origin, rest::is_api};
use crate::engine::normalize_path;

/// Headers of the Local Network Access specification.
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const TRUE: HeaderValue = HeaderValue::from_static("true");

/// The origins whose pages may use the API. If there are none, the API behaves like the appliance, which knows nothing
/// of CORS.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cors(Vec<Origin>);

impl Cors {
    #[cfg(feature = "cli")]
    pub(crate) fn new(origins: Vec<Origin>) -> Self {
        Self(origins)
    }

    pub(crate) fn push(&mut self, origin: Origin) {
        self.0.push(origin);
    }

    /// Returns the response to the question of a browser, whether a page may send a request. It has no credentials, and
    /// no page knows of it, so it is neither authenticated nor recorded in the journal.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        if self.0.is_empty()
            || *request.method() != Method::OPTIONS
            || !is_api(&normalize_path(request.uri().path()))
        {
            return None;
        }
        let asked = request.headers();
        let method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
        let origin = self.allowed_origin(asked)?;
        let log = LogLine::begin(request);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        allow(origin, headers);
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        if asked.contains_key(REQUEST_PRIVATE_NETWORK) {
            headers.insert(ALLOW_PRIVATE_NETWORK, TRUE);
        }
        if let Some(log) = log {
            log.write_unrecorded(&response);
        }
        Some(response)
    }

    /// Adds the headers that let a page read a response of the API. A header that a fault has set does not change.
    pub(super) fn share(&self, request: &HeaderMap, response: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        if let Some(origin) = self.allowed_origin(request) {
            let exposed = names_to_expose(response);
            allow(origin, response);
            insert_new(response, header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        // A cache must not reuse the response for a page of another origin.
        response.append(header::VARY, HeaderValue::from_static("Origin"));
    }

    /// Returns the `Origin` of a request, if its pages may use the API.
    fn allowed_origin<'r>(&self, request: &'r HeaderMap) -> Option<&'r HeaderValue> {
        let origin = request.get(header::ORIGIN)?;
        let is_allowed = self.0.iter().any(|allowed| allowed.is(origin));
        is_allowed.then_some(origin)
    }
}

/// Lets the pages of an origin read a response, also to a request with credentials.
fn allow(origin: &HeaderValue, response: &mut HeaderMap) {
    insert_new(
        response,
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        origin.clone(),
    );
    insert_new(response, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
}

fn insert_new(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// Lists the headers of a response. Without such a list, a page sees only a few of them. No page sees cookies.
fn names_to_expose(response: &HeaderMap) -> HeaderValue {
    let names: Vec<_> = response
        .keys()
        .filter(|name| **name != header::SET_COOKIE)
        .map(HeaderName::as_str)
        .collect();
    HeaderValue::try_from(names.join(", ")).expect("the names of headers are ASCII")
}
