//! What a request that was granted is answered with.

use std::sync::Arc;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::{
    engine::{Error, Format, query::Page},
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
            Self::List(resource, page) => (StatusCode::OK, bare, format?.list(resource, &page)),
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

/// The content type of a format, to the letter as known clients compare it.
pub(crate) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Xml => "application/xml;charset=UTF-8",
        Format::Json => "application/json;charset=UTF-8",
    }
}
