//! Encodes outcomes as responses.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    Outcome, Payload, TEXT,
    body::{ListBody, set_body},
    content_type, envelope,
};
use crate::{
    connection::Endpoint,
    engine::{Document, Format},
    http::{
        auth::SessionUser,
        headers::{PROVENANCE, WITHOUT_SESSION},
        rejection::Rejection,
    },
    schema::Provenance,
    space::CoverageHit,
};

/// An encoded response, with the facts about it that are recorded.
#[derive(Debug)]
pub(in crate::http) struct EncodedResponse {
    pub(in crate::http) response: Response,
    /// `None` outside the vendor's API.
    pub(in crate::http) provenance: Option<Provenance>,
    /// The part of a resource that the request used, and the status of the handler's outcome.
    pub(in crate::http) coverage: Option<(CoverageHit, StatusCode)>,
    /// The reason for an error response.
    pub(in crate::http) rejection: Option<Rejection>,
}

impl EncodedResponse {
    /// Replaces the body.
    pub(in crate::http) fn with_body(mut self, body: Body) -> Self {
        *self.response.body_mut() = body;
        self
    }

    /// Marks a response of the API as changed by a fault.
    pub(in crate::http) fn mark_altered(&mut self) {
        const MARK: Provenance = Provenance::Inferred;
        if self.provenance.is_some() {
            self.provenance = Some(MARK);
            let mark = HeaderValue::from_static(MARK.as_str());
            self.response.headers_mut().insert(PROVENANCE, mark);
        }
    }
}

/// The properties of a request that its response depends on.
pub(in crate::http) struct ResponseContext<'r> {
    pub(in crate::http) format: Format,
    pub(in crate::http) endpoint: Endpoint,
    pub(in crate::http) host: Option<&'r HeaderValue>,
    pub(in crate::http) user: Option<SessionUser<'r>>,
}

impl ResponseContext<'_> {
    /// Encodes an outcome. A response of the API begins a session, unless the user has one.
    pub(in crate::http) fn encode(&self, outcome: Outcome) -> EncodedResponse {
        let status = outcome.status();
        let mut response = Response::default();
        *response.status_mut() = status;
        if let Some(provenance) = outcome.provenance {
            let mut headers = self.api_headers(status);
            headers.insert(PROVENANCE, HeaderValue::from_static(provenance.as_str()));
            *response.headers_mut() = headers;
        }
        let rejection = match outcome.result {
            Ok(payload) => {
                self.encode_payload(payload, &mut response);
                None
            }
            Err(rejection) => {
                envelope::encode(&rejection, self.format, &mut response);
                Some(rejection)
            }
        };
        if let Some(allow) = outcome.allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        let coverage_status = outcome.replaced_status.unwrap_or(status);
        EncodedResponse {
            response,
            provenance: outcome.provenance,
            coverage: outcome.coverage.map(|hit| (hit, coverage_status)),
            rejection,
        }
    }

    fn api_headers(&self, status: StatusCode) -> HeaderMap {
        match &self.user {
            Some(user) if status != StatusCode::UNAUTHORIZED => (*user.headers()).clone(),
            _ => WITHOUT_SESSION.clone(),
        }
    }

    fn encode_payload(&self, payload: Payload, response: &mut Response) {
        let format = self.format;
        match payload {
            Payload::List(resource, page) => {
                let body = match format.list(resource, &page) {
                    Document::Whole(document) => document.into(),
                    Document::Pieces(list) => Body::new(ListBody(list)),
                };
                set_body(response, content_type(format), body);
            }
            Payload::Object(record) => {
                set_body(response, content_type(format), format.object(&record));
            }
            Payload::Document(element, elements) => {
                let body = format.document(element, &elements);
                set_body(response, content_type(format), body);
            }
            Payload::Raw {
                content_type, body, ..
            } => set_body(response, content_type, body),
            Payload::Options | Payload::NoContent => {
                set_body(response, content_type(format), Body::empty());
            }
            Payload::Created(path) => {
                let uri = self.endpoint.origin(self.host) + &path;
                set_body(response, TEXT, path);
                set_location(response, uri);
            }
            #[cfg(feature = "tls")]
            Payload::Redirect(uri) => {
                set_body(response, super::HTML, Body::empty());
                set_location(response, uri);
            }
        }
    }
}

fn set_location(response: &mut Response, uri: String) {
    let uri = HeaderValue::try_from(uri).expect("a URI has no line breaks");
    response.headers_mut().insert(header::LOCATION, uri);
}
