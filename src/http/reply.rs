//! What a handler says, before it is put into a format.

use std::mem;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, header, uri::Authority},
    response::{IntoResponse, Response},
};

use super::{Answer, Endpoint, envelope, negotiate::answered_in};
use crate::{
    engine::{Error, Format},
    schema::Provenance,
    space::Touch,
};

/// How it is known that the vendor answers this way; on every answer below `/vmrest`.
const PROVENANCE: HeaderName = HeaderName::from_static("x-cuc-mock-provenance");

/// What the appliance sends with every answer, from captured traffic.
const APPLIANCE: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "private"),
    (header::EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::SERVER, ""),
];

/// How many headers an answer has, about.
const HEADERS: usize = 12;

/// What a handler says: an answer with the mark of its route and verb, or why there is none.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    answer: Result<(Answer, Provenance), Error>,
    /// What of a resource the request touched.
    touched: Option<Touch>,
}

impl Reply {
    pub(crate) fn new(provenance: Provenance, answer: Result<Answer, Error>) -> Self {
        Self {
            answer: answer.map(|answer| (answer, provenance)),
            touched: None,
        }
    }

    /// With what of a resource the request touched.
    pub(super) fn touching(self, touch: Touch) -> Self {
        Self {
            touched: Some(touch),
            ..self
        }
    }

    /// Puts the reply into `format`, which is refused only where a body is written, and the response together.
    fn encode(
        self,
        format: &Result<Format, Error>,
        base: impl FnOnce() -> String,
        response: &mut Response,
    ) {
        let encoded = self.answer.and_then(|(answer, provenance)| {
            let content = answer.encode(format.clone(), base)?;
            Ok((content, provenance, None))
        });
        let (content, provenance, error) = encoded.unwrap_or_else(|error| {
            let format = *format.as_ref().unwrap_or(&Format::Xml);
            let content = envelope::encode(&error, format);
            (content, error.provenance, Some(error))
        });
        *response.status_mut() = content.status;
        *response.body_mut() = content.body;
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(content.content_type);
        headers.insert(header::CONTENT_TYPE, content_type);
        headers.extend(content.header.map(|(name, value)| (Some(name), value)));
        for (name, value) in APPLIANCE {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(PROVENANCE, HeaderValue::from_static(provenance.as_str()));
        response.extensions_mut().insert(Remarks {
            provenance,
            touched: self.touched,
            error,
        });
    }
}

/// What there is to say of an answer of the vendor's, in the response's extensions.
#[derive(Clone, Debug)]
pub(super) struct Remarks {
    /// For the journal.
    pub(super) provenance: Provenance,
    /// What of a resource the request touched.
    pub(super) touched: Option<Touch>,
    /// For the log, which tells the reason in words.
    pub(super) error: Option<Error>,
}

impl Remarks {
    pub(super) fn of(response: &Response) -> Option<&Self> {
        response.extensions().get()
    }
}

/// Marks an answer as one that a fault changed, if it is the vendor's.
pub(super) fn remark(response: &mut Response) {
    const MARK: Provenance = Provenance::Inferred;
    if let Some(remarks) = response.extensions_mut().get_mut::<Remarks>() {
        remarks.provenance = MARK;
        let mark = HeaderValue::from_static(MARK.as_str());
        response.headers_mut().insert(PROVENANCE, mark);
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        Self {
            answer: Err(error),
            touched: None,
        }
    }
}

impl IntoResponse for Reply {
    /// An empty response that carries the reply to [`Wish::encode`].
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        // Once for all that come.
        response.headers_mut().reserve(HEADERS);
        response.extensions_mut().insert(self);
        response
    }
}

/// How the sender of a request wants it answered, and where it reached the server.
pub(super) struct Wish {
    /// Refused only where a body is written.
    format: Result<Format, Error>,
    endpoint: Endpoint,
    host: Option<HeaderValue>,
}

impl Wish {
    pub(super) fn of(endpoint: Endpoint, headers: &HeaderMap) -> Self {
        Self {
            format: answered_in(headers),
            endpoint,
            host: headers.get(header::HOST).cloned(),
        }
    }

    /// Puts the reply that `response` carries, if any, into the format. What else the response has set, such
    /// as `Allow`, stays.
    pub(super) fn encode(&self, mut response: Response) -> Response {
        let Some(reply) = response.extensions_mut().remove::<Reply>() else {
            return response;
        };
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        let set = match headers.is_empty() {
            true => HeaderMap::new(),
            false => mem::take(headers),
        };
        let base = || base(self.endpoint, self.host.as_ref());
        reply.encode(&self.format, base, &mut response);
        response.headers_mut().extend(set);
        response
    }
}

/// What stands before a path in a whole URI: the scheme, and the name under which the client reached
/// this end of its connection.
pub(super) fn base(Endpoint { scheme, address }: Endpoint, host: Option<&HeaderValue>) -> String {
    match host.and_then(named) {
        Some(host) => format!("{scheme}://{host}"),
        None => format!("{scheme}://{address}"),
    }
}

/// What `Host` says, if a URI can be made from it.
fn named(host: &HeaderValue) -> Option<Authority> {
    Authority::try_from(host.as_bytes())
        .ok()
        .filter(|host| host.host() == host.as_str() || host.port_u16().is_some())
        .filter(|host| !host.as_str().contains('@'))
}
