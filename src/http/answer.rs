//! What a request that was granted is answered with.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::{
    engine::{Document, Error, Format, List, query::Page},
    schema::Resource,
    store::Record,
};

pub(crate) const TEXT: &str = "text/plain;charset=UTF-8";

/// What a request that was granted is answered with.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// 200, a page of a list.
    List(&'static Resource, Page),
    /// 200, one object.
    Object(Arc<Record>),
    /// 200, one object that is in no store.
    Document(&'static str, Vec<(&'static str, &'static str)>),
    /// 200, a document that has one form alone, with its content type.
    Raw(&'static str, Bytes),
    /// Another status, and a body of this content type.
    Other(StatusCode, &'static str, Bytes),
    /// 200, and no body: what can be asked stands in the `Allow` header.
    Options,
    /// 201, the path of the new object as bare text; `Location` holds it as a whole URI.
    Created(String),
    /// 204.
    Done,
    /// 302, and no body: the same can be asked at another URI.
    #[cfg(feature = "tls")]
    Elsewhere(String),
}

/// What an answer adds to what stands on every one.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) status: StatusCode,
    pub(super) content_type: &'static str,
    /// A header that few answers have.
    pub(super) header: Option<(HeaderName, HeaderValue)>,
    pub(super) body: Body,
}

impl Content {
    pub(super) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Body>,
    ) -> Self {
        Self {
            status,
            content_type,
            header: None,
            body: body.into(),
        }
    }

    pub(super) fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        Self {
            header: Some((name, value)),
            ..self
        }
    }

    /// Says where something else is to be found.
    fn at(self, uri: String) -> Self {
        let uri = HeaderValue::try_from(uri);
        self.with(header::LOCATION, uri.expect("a URI has no line breaks"))
    }
}

impl Answer {
    /// The answer in `format`, which is refused only where it matters. `base` tells what stands before
    /// the path in a whole URI.
    pub(super) fn encode(
        self,
        format: Result<Format, Error>,
        base: impl FnOnce() -> String,
    ) -> Result<Content, Error> {
        const OK: StatusCode = StatusCode::OK;
        let bare = content_type(*format.as_ref().unwrap_or(&Format::Xml));
        Ok(match self {
            Self::List(resource, page) => {
                let body = match format?.list(resource, &page) {
                    Document::Whole(document) => document.into(),
                    Document::Pieces(list) => Body::new(Pieces(list)),
                };
                Content::new(OK, bare, body)
            }
            Self::Object(record) => Content::new(OK, bare, format?.object(&record)),
            Self::Document(element, members) => {
                Content::new(OK, bare, format?.document(element, &members))
            }
            Self::Raw(content_type, document) => Content::new(OK, content_type, document),
            Self::Other(status, content_type, body) => Content::new(status, content_type, body),
            Self::Options => Content::new(OK, bare, Body::empty()),
            Self::Created(path) => {
                let uri = base() + &path;
                Content::new(StatusCode::CREATED, TEXT, path).at(uri)
            }
            Self::Done => Content::new(StatusCode::NO_CONTENT, bare, Body::empty()),
            #[cfg(feature = "tls")]
            Self::Elsewhere(uri) => {
                Content::new(StatusCode::FOUND, crate::faults::HTML, Body::empty()).at(uri)
            }
        })
    }
}

/// The pieces of a list as the body of a response, which are written while it is sent.
struct Pieces(List);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.left() as u64)
    }
}

/// The content type of a format, to the letter as known clients compare it.
pub(crate) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Xml => "application/xml;charset=UTF-8",
        Format::Json => "application/json;charset=UTF-8",
    }
}
