//! Encodes outcomes as responses.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Outcome, Payload, buffered_body::stream_response, envelope, list_body::ListBody};
use crate::{
    engine::{Format, ListDocument},
    http::{
        auth::SessionUser,
        base_uri::BaseUri,
        headers::{PROVENANCE, WITHOUT_SESSION, provenance_value, replace_headers},
        rejection::Rejection,
    },
    schema::{Evidence, Provenance},
    space::CoverageHit,
};

/// An encoded response, with the facts about it that are recorded.
#[derive(Debug)]
pub(in crate::http) struct EncodedResponse {
    pub(in crate::http) response: Response,
    /// `None` outside the vendor's API.
    pub(in crate::http) provenance: Option<Provenance>,
    /// The fact that it relies on, if it is inferred and no rejection gives it.
    pub(in crate::http) inferred: Option<Evidence>,
    /// The part of a resource that the request used, and the status of the handler's outcome.
    pub(in crate::http) coverage: Option<(CoverageHit, StatusCode)>,
    /// The reason for an error response.
    pub(in crate::http) rejection: Option<Rejection>,
    /// The body that the client receives; `None` if it is encoded while it is sent, or has none.
    pub(in crate::http) document: Option<Bytes>,
}

/// The source of a response that a fault chose or altered.
pub(in crate::http) const BY_FAULT: &str = "a fault requested this response";

impl EncodedResponse {
    /// Replaces the body by one with another encoding.
    pub(in crate::http) fn set_body(&mut self, body: Body) {
        *self.response.body_mut() = body;
    }

    /// Keeps only the beginning of the document, because the client receives no more.
    pub(in crate::http) fn cut_document(&mut self, bytes: usize) {
        let document = self.document.take();
        self.document = document.map(|document| document.slice(..bytes.min(document.len())));
    }

    /// Replaces the response by the one to a rejected request. The headers of the appliance remain.
    pub(in crate::http) fn reject(&mut self, rejection: Rejection, format: Format) {
        let document = envelope::encode(&rejection, format, self.response.headers_mut());
        self.set_body(document.clone().into());
        *self.response.status_mut() = rejection.status();
        self.mark_altered();
        self.inferred = None;
        self.rejection = Some(rejection);
        self.document = Some(document);
    }

    /// Marks a response of the API as changed by a fault.
    pub(in crate::http) fn mark_altered(&mut self) {
        const MARK: Provenance = Provenance::Inferred;
        if self.provenance.is_some() {
            self.provenance = Some(MARK);
            self.inferred = Some(Evidence::new(MARK, BY_FAULT));
            let headers = self.response.headers_mut();
            headers.insert(PROVENANCE, provenance_value(MARK));
        }
    }
}

/// The properties of a request that its response depends on.
pub(in crate::http) struct ResponseContext<'r> {
    pub(in crate::http) format: Format,
    pub(in crate::http) base: BaseUri<'r>,
    pub(in crate::http) user: Option<SessionUser<'r>>,
}

impl ResponseContext<'_> {
    /// Encodes an outcome. A response of the API to an authenticated user, other than a 401, begins a session unless the
    /// user has one.
    pub(in crate::http) fn encode(&self, outcome: Outcome) -> EncodedResponse {
        let status = outcome.status();
        let mut headers = self.headers(status, outcome.provenance);
        let (mut response, document, rejection) = match outcome.result {
            Ok(payload) => {
                let (response, document) = self.encode_payload(payload, &mut headers);
                (response, document, None)
            }
            Err(rejection) => {
                let document = envelope::encode(&rejection, self.format, &mut headers);
                let response = Response::new(document.clone().into());
                (response, Some(document), Some(rejection))
            }
        };
        if let Some(allow) = outcome.allow {
            headers.insert(header::ALLOW, allow);
        }
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        let coverage_status = outcome.replaced_status.unwrap_or(status);
        EncodedResponse {
            response,
            provenance: outcome.provenance,
            inferred: outcome.inferred,
            coverage: outcome.coverage.map(|hit| (hit, coverage_status)),
            rejection,
            document,
        }
    }

    fn headers(&self, status: StatusCode, provenance: Option<Provenance>) -> HeaderMap {
        let Some(provenance) = provenance else {
            return HeaderMap::new();
        };
        let mut headers = match &self.user {
            Some(user) if status != StatusCode::UNAUTHORIZED => (*user.headers()).clone(),
            _ => WITHOUT_SESSION.clone(),
        };
        headers.insert(PROVENANCE, provenance_value(provenance));
        headers
    }

    /// Returns a response with the body, and the body unless it is encoded while it is sent. Sets the headers that depend
    /// on it.
    fn encode_payload(
        &self,
        payload: Payload,
        headers: &mut HeaderMap,
    ) -> (Response, Option<Bytes>) {
        let format = self.format;
        match payload.content_type(format) {
            Some(content_type) => headers.insert(header::CONTENT_TYPE, content_type),
            None => headers.remove(header::CONTENT_TYPE),
        };
        let document = match payload {
            Payload::List(listing) => match format.list(&listing.into_page()) {
                ListDocument::Whole(document) => document,
                ListDocument::Chunks(list) => {
                    return (stream_response(Body::new(ListBody(list))), None);
                }
            },
            Payload::Object(document) => document,
            Payload::Document(element, elements) => format.document(element, &elements),
            Payload::Tree(tree) => format.tree(&tree),
            Payload::Raw { body, .. } => body,
            Payload::Described(response) => {
                replace_headers(headers, &response.headers);
                response.body
            }
            Payload::Options | Payload::NoContent => return (Response::new(Body::empty()), None),
            Payload::Created(path) => {
                set_location(headers, self.base.join(&path));
                path.into()
            }
            #[cfg(feature = "tls")]
            Payload::Redirect(uri) => {
                set_location(headers, uri);
                return (Response::new(Body::empty()), None);
            }
        };
        (Response::new(document.clone().into()), Some(document))
    }
}

fn set_location(headers: &mut HeaderMap, uri: String) {
    let uri = HeaderValue::try_from(uri).expect("a URI has no line breaks");
    headers.insert(header::LOCATION, uri);
}
