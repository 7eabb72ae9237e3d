//! What a request that was granted is answered with.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::{
    engine::{Error, Format, List, query::Page},
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

impl Answer {
    /// The response in `format`, which is refused only where it matters. `base` tells what stands before
    /// the path in a whole URI.
    pub(super) fn encode(
        self,
        format: Result<Format, Error>,
        base: impl FnOnce() -> String,
    ) -> Result<Response, Error> {
        let bare = content_type(format.clone().unwrap_or(Format::Xml));
        let (status, content_type, body) = match self {
            Self::List(resource, page) => {
                let list = format?.list(resource, page);
                let typed = [(header::CONTENT_TYPE, bare)];
                return Ok((typed, pieces(list)).into_response());
            }
            Self::Object(record) => (StatusCode::OK, bare, format?.object(&record)),
            Self::Document(element, members) => {
                (StatusCode::OK, bare, format?.document(element, &members))
            }
            Self::Raw(content_type, document) => (StatusCode::OK, content_type, document),
            Self::Other(status, content_type, body) => (status, content_type, body),
            Self::Options => (StatusCode::OK, bare, Bytes::new()),
            Self::Created(path) => {
                let location = [(header::LOCATION, base() + &path)];
                let typed = [(header::CONTENT_TYPE, TEXT)];
                return Ok((StatusCode::CREATED, typed, location, path).into_response());
            }
            Self::Done => (StatusCode::NO_CONTENT, bare, Bytes::new()),
            #[cfg(feature = "tls")]
            Self::Elsewhere(uri) => {
                let headers = [
                    (header::LOCATION, uri.as_str()),
                    (header::CONTENT_TYPE, crate::faults::HTML),
                ];
                return Ok((StatusCode::FOUND, headers).into_response());
            }
        };
        Ok((status, [(header::CONTENT_TYPE, content_type)], body).into_response())
    }
}

/// A body that is written while it is sent, unless it is small.
fn pieces(mut list: List) -> Body {
    match list.is_small() {
        true => list.next().unwrap_or_default().into(),
        false => Body::new(Pieces(list)),
    }
}

/// The pieces of a list as the body of a response.
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
