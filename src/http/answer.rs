//! What a request that was granted is answered with.

use std::sync::Arc;

use axum::{
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    engine::{query::Page, xml},
    schema::{Provenance, Resource},
    store::Record,
};

/// How it is known that the vendor answers this way; on every answer below `/vmrest`.
pub(crate) const PROVENANCE: HeaderName = HeaderName::from_static("x-cuc-mock-provenance");

pub(super) const XML: &str = "application/xml;charset=UTF-8";
pub(super) const HTML: &str = "text/html;charset=utf-8";
const TEXT: &str = "text/plain;charset=UTF-8";

/// What a request that was granted is answered with.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 200, a page of a list.
    List(&'static Resource, Page),
    /// 200, one object.
    Object(Arc<Record>),
    /// 201, the path of the new object as bare text; `location` is the same as a whole URI.
    Created { path: String, location: String },
    /// 204.
    Done,
}

impl Answer {
    /// The response, with the mark of the rule that chose its status and shape.
    pub(crate) fn into_response(self, provenance: Provenance) -> Response {
        let mark = [(PROVENANCE, provenance.as_str())];
        let content_type = |content_type| [(header::CONTENT_TYPE, content_type)];
        match self {
            Self::List(resource, page) => {
                let records = page.records.iter().map(|record| record.xml.as_ref());
                let body = xml::list(resource.list_element, page.total, records);
                (mark, content_type(XML), body).into_response()
            }
            Self::Object(record) => {
                (mark, content_type(XML), xml::object(&record.xml)).into_response()
            }
            Self::Created { path, location } => {
                let location = [(header::LOCATION, location)];
                (
                    StatusCode::CREATED,
                    mark,
                    location,
                    content_type(TEXT),
                    path,
                )
                    .into_response()
            }
            Self::Done => (StatusCode::NO_CONTENT, mark, content_type(XML)).into_response(),
        }
    }
}
