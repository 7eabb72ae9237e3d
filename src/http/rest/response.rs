//! The responses of the user as routes.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};

use super::{ApiRequest, MethodHandlers, PathParameters, router::method};
use crate::{
    engine::{Escaping, Format},
    http::response::{DescribedResponse, Outcome, Payload, TEXT, content_type},
    schema::{BodyDescription, Catalogue, ResponseDescription, path, placeholder},
};

/// The content type of bytes that are no text.
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Returns the routes of the responses in a catalogue, each with one method.
pub(crate) fn responses(catalogue: &Catalogue) -> Vec<(String, MethodHandlers)> {
    let responses = catalogue.responses().iter().enumerate();
    let routes = responses.map(|(number, response)| {
        let route = ResponseRoute::new(number, response);
        let respond = move |request: &ApiRequest<'_>, parameters: &PathParameters<'_>| {
            route.respond(request, parameters)
        };
        let handlers = MethodHandlers::default().on(method(response.method), respond);
        (format!("/vmrest/{}", response.path), handlers)
    });
    routes.collect()
}

/// The route of a response.
struct ResponseRoute {
    /// The number of the response in the catalogue.
    number: usize,
    /// The content type of a response that names none; `None` for an empty body.
    content_type: Option<HeaderValue>,
    escaping: Escaping,
}

impl ResponseRoute {
    fn new(number: usize, response: &ResponseDescription) -> Self {
        let content_type = default_content_type(&response.body);
        let described = response.header(header::CONTENT_TYPE.as_str());
        let usual = content_type.as_ref().and_then(|usual| usual.to_str().ok());
        Self {
            number,
            escaping: Escaping::of_content_type(described.or(usual).unwrap_or_default()),
            content_type,
        }
    }

    fn respond(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        let space = request.space;
        let response = &space.records.catalogue.responses()[self.number];
        let values = PathValues {
            response,
            parameters,
        };
        let body = match &response.body {
            BodyDescription::Text(text) => values.fill(text, |value| self.escaping.escape(value)),
            BodyDescription::Bytes(bytes) => bytes.clone(),
        };
        space.coverage.record_described(self.number);
        let payload = Payload::Described(Box::new(DescribedResponse {
            status: StatusCode::from_u16(response.status).expect("checked in the description"),
            content_type: self.content_type.clone(),
            headers: values.headers(),
            body,
        }));
        Outcome::success(response.fact.evidence.provenance(), payload)
    }
}

/// Returns the content type that the beginning of a body suggests.
fn default_content_type(body: &BodyDescription) -> Option<HeaderValue> {
    let text = match body {
        BodyDescription::Text(text) => text.trim_start(),
        BodyDescription::Bytes(_) => return Some(BYTES),
    };
    let begins_with_placeholder = placeholder::begins(text);
    match text.chars().next()? {
        '{' | '[' if !begins_with_placeholder => Some(content_type(Format::Json)),
        '<' => Some(content_type(Format::Xml)),
        _ => Some(TEXT),
    }
}

/// The values of the parameters in the path of a response.
struct PathValues<'r> {
    response: &'r ResponseDescription,
    parameters: &'r PathParameters<'r>,
}

impl PathValues<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        let PathParameters { last, others } = self.parameters;
        let names = self.response.parameters();
        let mut values = names.zip(others.iter().chain([last]));
        let (_, value) = values.find(|(parameter, _)| *parameter == name)?;
        Some(value)
    }

    /// Returns a text with the values, each as `encode` returns it.
    fn fill<'v>(&'v self, text: &str, encode: impl Fn(&'v str) -> Cow<'v, str>) -> Bytes {
        placeholder::fill(text, |name| self.value(name).map(&encode)).into()
    }

    /// Returns the headers. In a header, a value is percent-encoded, as in a path.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(self.response.headers.len());
        for (name, value) in &self.response.headers {
            let name = HeaderName::try_from(&**name).expect("checked in the description");
            let value = HeaderValue::from_maybe_shared(self.fill(value, path::encoded));
            headers.append(name, value.expect("checked in the description"));
        }
        headers
    }
}
