//! What a request that was granted is answered with.

use std::sync::Arc;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::{
    engine::{Format, query::Page},
    schema::Resource,
    store::Record,
};

const TEXT: &str = "text/plain;charset=UTF-8";

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
    /// 200, and no body: what can be asked stands in the `Allow` header.
    Options,
    /// 201, the path of the new object as bare text; `Location` holds it as a whole URI.
    Created(String),
    /// 204.
    Done,
}

impl Answer {
    /// Whether it looks the same whatever format the client takes.
    pub(super) fn has_one_form(&self) -> bool {
        !matches!(self, Self::List(..) | Self::Object(_) | Self::Document(..))
    }

    /// The response in `format`; `whole` makes a URI of a path.
    pub(super) fn encode(self, format: Format, whole: impl Fn(&str) -> String) -> Response {
        let typed = [(header::CONTENT_TYPE, content_type(format))];
        match self {
            Self::List(resource, page) => (typed, format.list(resource, &page)).into_response(),
            Self::Object(record) => (typed, format.object(&record)).into_response(),
            Self::Document(element, members) => {
                (typed, format.document(element, &members)).into_response()
            }
            Self::Raw(content_type, document) => {
                ([(header::CONTENT_TYPE, content_type)], document).into_response()
            }
            Self::Options => typed.into_response(),
            Self::Created(path) => {
                let location = [(header::LOCATION, whole(&path))];
                let typed = [(header::CONTENT_TYPE, TEXT)];
                (StatusCode::CREATED, typed, location, path).into_response()
            }
            Self::Done => (StatusCode::NO_CONTENT, typed).into_response(),
        }
    }
}

/// The content type of a format, to the letter as known clients compare it.
pub(super) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Xml => "application/xml;charset=UTF-8",
        Format::Json => "application/json;charset=UTF-8",
    }
}
