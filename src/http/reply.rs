//! What a handler says, before it is put into a format.

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Answer, Sessions, envelope, log::REQUEST_ID, note::Note};
use crate::{
    connection::Endpoint,
    engine::{Error, Format},
    schema::Provenance,
    space::{CoverageHit, Space},
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

/// The head of the vendor's answers outside of any session.
static HEAD: LazyLock<HeaderMap> = LazyLock::new(|| head([]));

/// The headers of the vendor's answers in a session with these cookies, in their order. Of those that differ from
/// answer to answer the places are kept, so that a copy of it need not grow.
pub(super) fn head(cookies: impl IntoIterator<Item = HeaderValue>) -> HeaderMap {
    const NONE: HeaderValue = HeaderValue::from_static("");
    let mut head = HeaderMap::with_capacity(12);
    head.insert(header::CONTENT_TYPE, NONE);
    for (name, value) in APPLIANCE {
        head.insert(name, HeaderValue::from_static(value));
    }
    head.insert(PROVENANCE, NONE);
    for cookie in cookies {
        head.append(header::SET_COOKIE, cookie);
    }
    head.insert(header::DATE, NONE);
    head.insert(REQUEST_ID, NONE);
    head
}

/// What a handler says. In boxes: an answer is handed on many times before it is sent.
#[derive(Debug)]
pub(crate) enum Reply {
    /// An answer of the vendor's, or why there is none.
    Vendors(Box<Vendors>),
    /// What is no answer of the vendor's.
    Foreign(Box<Response>),
}

/// An answer of the vendor's with the mark of its route and verb, or why there is none.
#[derive(Debug)]
pub(crate) struct Vendors {
    answer: Result<(Answer, Provenance), Error>,
    /// What of a resource the request touched.
    touched: Option<CoverageHit>,
    /// What stands in the `Allow` header, if there is one.
    allowed: Option<HeaderValue>,
}

impl Reply {
    pub(crate) fn new(provenance: Provenance, answer: Result<Answer, Error>) -> Self {
        Self::of(answer.map(|answer| (answer, provenance)))
    }

    fn of(answer: Result<(Answer, Provenance), Error>) -> Self {
        Self::Vendors(Box::new(Vendors {
            answer,
            touched: None,
            allowed: None,
        }))
    }

    /// What is no answer of the vendor's.
    pub(super) fn foreign(response: impl IntoResponse) -> Self {
        Self::Foreign(Box::new(response.into_response()))
    }

    /// With what of a resource the request touched.
    pub(super) fn touching(self, touch: CoverageHit) -> Self {
        self.with(|vendors| vendors.touched = Some(touch))
    }

    /// With what can be asked instead.
    pub(super) fn allowing(self, allowed: HeaderValue) -> Self {
        self.with(|vendors| vendors.allowed = Some(allowed))
    }

    fn with(mut self, change: impl FnOnce(&mut Vendors)) -> Self {
        if let Self::Vendors(vendors) = &mut self {
            change(vendors);
        }
        self
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        Self::of(Err(error))
    }
}

/// A response, and what there is to say of it.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) response: Response,
    /// Of an answer of the vendor's.
    pub(super) remarks: Option<Remarks>,
}

/// What there is to say of an answer of the vendor's.
#[derive(Debug)]
pub(super) struct Remarks {
    /// For the journal.
    pub(super) provenance: Provenance,
    /// What of a resource the request touched.
    pub(super) touched: Option<CoverageHit>,
    /// For the log, which tells the reason in words.
    pub(super) error: Option<Error>,
}

impl Encoded {
    /// The same with another body.
    pub(super) fn with_body(mut self, body: Body) -> Self {
        *self.response.body_mut() = body;
        self
    }

    /// The same, when what the request touched is noted.
    pub(super) fn noted_by(self, note: &Note<'_>) -> Self {
        note.touched(&self);
        self
    }

    /// Marks an answer as one that a fault changed, if it is the vendor's.
    pub(super) fn remark(&mut self) {
        const MARK: Provenance = Provenance::Inferred;
        if let Some(remarks) = &mut self.remarks {
            remarks.provenance = MARK;
            let mark = HeaderValue::from_static(MARK.as_str());
            self.response.headers_mut().insert(PROVENANCE, mark);
        }
    }
}

/// How the sender of a request wants it answered, where it reached the server, and who it is.
pub(super) struct Wish<'r> {
    /// Refused only where a body is written.
    pub(super) format: Result<Format, Error>,
    pub(super) endpoint: Endpoint,
    pub(super) host: Option<&'r HeaderValue>,
    pub(super) user: Option<User<'r>>,
}

/// Whoever signed in to the vendor's API.
pub(super) struct User<'r> {
    pub(super) name: &'r str,
    pub(super) space: &'r Space,
    pub(super) sessions: &'r Sessions,
    /// When its request arrived.
    pub(super) now: Instant,
}

impl User<'_> {
    /// The headers of the answers in its session.
    fn head(&self) -> Arc<HeaderMap> {
        let Self { name, space, .. } = self;
        let space = (space.seed, &*space.name);
        self.sessions.of(name, space, self.now)
    }
}

impl Wish<'_> {
    /// The same of somebody who is in no session.
    pub(super) fn without_a_session(&self) -> Self {
        Self {
            format: self.format.clone(),
            user: None,
            ..*self
        }
    }

    /// Puts a reply into the format.
    pub(super) fn encode(&self, reply: Reply) -> Encoded {
        let vendors = match reply {
            Reply::Vendors(vendors) => *vendors,
            Reply::Foreign(response) => {
                return Encoded {
                    response: *response,
                    remarks: None,
                };
            }
        };
        let base = || self.endpoint.origin(self.host);
        let encoded = vendors.answer.and_then(|(answer, provenance)| {
            let content = answer.encode(self.format.clone(), base)?;
            Ok((content, provenance, None))
        });
        let (content, provenance, error) = encoded.unwrap_or_else(|error| {
            let format = *self.format.as_ref().unwrap_or(&Format::Xml);
            let content = envelope::encode(&error, format);
            (content, error.provenance, Some(error))
        });
        let mut response = Response::new(content.body);
        *response.status_mut() = content.status;
        let headers = response.headers_mut();
        *headers = match &self.user {
            Some(user) if content.status != StatusCode::UNAUTHORIZED => (*user.head()).clone(),
            _ => HEAD.clone(),
        };
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(content.content_type),
        );
        headers.insert(PROVENANCE, HeaderValue::from_static(provenance.as_str()));
        let allowed = vendors.allowed.map(|allowed| (header::ALLOW, allowed));
        for (name, value) in content.header.into_iter().chain(allowed) {
            headers.insert(name, value);
        }
        let touched = vendors.touched;
        Encoded {
            response,
            remarks: Some(Remarks {
                provenance,
                touched,
                error,
            }),
        }
    }
}
