//! The outcome of a handler.

use std::mem;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;

use super::{TEXT, content_type};
use crate::{
    engine::{
        ElementTree, Format,
        query::{Listing, LongQuery, Page},
    },
    http::rejection::Rejection,
    schema::{Catalogue, Evidence, Provenance},
    space::{CoverageHit, Space},
};

/// The outcome of a request, before it is encoded.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(super) result: Result<Payload, Rejection>,
    /// The evidence for this outcome. `None` outside the vendor's API.
    pub(super) provenance: Option<Provenance>,
    /// The fact that a success relies on, if it is inferred.
    pub(super) inferred: Option<Evidence>,
    /// The part of a resource that the request used.
    pub(super) coverage: Option<CoverageHit>,
    /// The status of the handler's outcome, if a fault replaced it.
    pub(super) replaced_status: Option<StatusCode>,
    /// The `Allow` header.
    pub(super) allow: Option<HeaderValue>,
}

/// The content of a successful outcome.
#[derive(Debug)]
pub(crate) enum Payload {
    /// 200: a page of a list.
    List(Listing),
    /// 200: a document with one object, in the format that the client accepts.
    Object(Bytes),
    /// 200: an object that is not in the store, by the name of its element.
    Document(&'static str, Vec<(&'static str, &'static str)>),
    /// 200: elements that are not an object of the store.
    Tree(ElementTree),
    /// A body that has only one format.
    Raw {
        status: StatusCode,
        content_type: HeaderValue,
        body: Bytes,
    },
    /// The response of a user.
    Described(Box<DescribedResponse>),
    /// 200 without a body. The `Allow` header has the methods.
    Options,
    /// 201: the path of the new object as text. `Location` has the absolute URI.
    Created(String),
    /// 204.
    NoContent,
    /// 302 without a body.
    #[cfg(feature = "tls")]
    Redirect(String),
}

/// A response that a user has described.
#[derive(Debug)]
pub(crate) struct DescribedResponse {
    pub(in crate::http) status: StatusCode,
    /// The content type, unless a header has it. `None` for an empty body.
    pub(in crate::http) content_type: Option<HeaderValue>,
    /// They replace others of the same name.
    pub(in crate::http) headers: HeaderMap,
    pub(in crate::http) body: Bytes,
}

impl Payload {
    fn status(&self) -> StatusCode {
        match self {
            Self::List(_)
            | Self::Object(_)
            | Self::Document(..)
            | Self::Tree(_)
            | Self::Options => StatusCode::OK,
            Self::Raw { status, .. } => *status,
            Self::Described(response) => response.status,
            Self::Created(_) => StatusCode::CREATED,
            Self::NoContent => StatusCode::NO_CONTENT,
            #[cfg(feature = "tls")]
            Self::Redirect(_) => StatusCode::FOUND,
        }
    }

    /// Returns the content type of the body, for a client that accepts `format`. A described response may have none.
    pub(super) fn content_type(&self, format: Format) -> Option<HeaderValue> {
        let content_type = match self {
            Self::Raw { content_type, .. } => content_type.clone(),
            Self::Described(response) => return response.content_type.clone(),
            Self::Created(_) => TEXT,
            #[cfg(feature = "tls")]
            Self::Redirect(_) => super::HTML,
            _ => content_type(format),
        };
        Some(content_type)
    }

    /// Returns true if the body is encoded in the format that the client accepts.
    fn is_negotiated(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Object(_) | Self::Document(..) | Self::Tree(_)
        )
    }
}

impl Outcome {
    pub(in crate::http) fn new(
        provenance: Provenance,
        result: Result<Payload, impl Into<Rejection>>,
    ) -> Self {
        match result {
            Ok(payload) => Self::success(provenance, payload),
            Err(error) => error.into().into(),
        }
    }

    pub(in crate::http) fn success(provenance: Provenance, payload: Payload) -> Self {
        Self::with(Ok(payload), Some(provenance))
    }

    /// Returns an outcome whose success relies on `evidence`.
    pub(in crate::http) fn by(
        evidence: &Evidence,
        result: Result<Payload, impl Into<Rejection>>,
    ) -> Self {
        let provenance = evidence.provenance();
        let mut outcome = Self::new(provenance, result);
        if provenance == Provenance::Inferred && outcome.result.is_ok() {
            outcome.inferred = Some(evidence.clone());
        }
        outcome
    }

    /// Returns a success that relies on an inferred fact. `source` gives the reasoning.
    pub(in crate::http) fn inferred(source: &str, payload: Payload) -> Self {
        let evidence = Evidence::new(Provenance::Inferred, source);
        Self::by(&evidence, Ok::<_, Rejection>(payload))
    }

    /// Returns an outcome that has no header of the appliance.
    pub(in crate::http) fn outside_api(payload: Payload) -> Self {
        Self::with(Ok(payload), None)
    }

    fn with(result: Result<Payload, Rejection>, provenance: Option<Provenance>) -> Self {
        Self {
            result,
            provenance,
            inferred: None,
            coverage: None,
            replaced_status: None,
            allow: None,
        }
    }

    pub(in crate::http) fn with_coverage(mut self, hit: CoverageHit) -> Self {
        self.coverage = Some(hit);
        self
    }

    pub(in crate::http) fn with_allow(mut self, allow: HeaderValue) -> Self {
        self.allow = Some(allow);
        self
    }

    /// Becomes the rejection of `accepted` if the outcome has to be encoded in an accepted format and there is none.
    pub(in crate::http) fn negotiate(mut self, accepted: &Result<Format, Rejection>) -> Self {
        if let (Ok(payload), Err(rejection)) = (&self.result, accepted)
            && payload.is_negotiated()
        {
            self.provenance = Some(rejection.provenance);
            self.inferred = None;
            self.result = Err(rejection.clone());
        }
        self
    }

    /// Takes the query of a list that is still to be run. [`Outcome::set_page`] sets its result.
    pub(in crate::http) fn take_query(&mut self) -> Option<LongQuery> {
        let Ok(payload @ Payload::List(Listing::Pending(_))) = &mut self.result else {
            return None;
        };
        match mem::replace(payload, Payload::NoContent) {
            Payload::List(Listing::Pending(query)) => Some(query),
            _ => None,
        }
    }

    pub(in crate::http) fn set_page(&mut self, page: Page) {
        self.result = Ok(Payload::List(Listing::Page(page)));
    }

    /// Replaces the outcome by that of a fault, if there is one. The coverage remains that of the handler.
    pub(in crate::http) fn replaced_by(self, fault: Option<Self>) -> Self {
        let Some(fault) = fault else {
            return self;
        };
        Self {
            replaced_status: Some(self.status()),
            coverage: self.coverage,
            ..fault
        }
    }

    /// Marks a captured list or object as inferred if it does not repeat the files from which its resource is inferred.
    pub(in crate::http) fn compare_with_files(&mut self, space: &Space) {
        let (Some(Provenance::Captured), Some(hit), Ok(payload)) =
            (self.provenance, &self.coverage, &self.result)
        else {
            return;
        };
        let is_empty = matches!(payload, Payload::List(Listing::Page(page)) if page.total == 0);
        if let Some(reason) = space.deviation(hit.resource(), is_empty) {
            self.provenance = Some(Provenance::Inferred);
            self.inferred = Some(Evidence::new(Provenance::Inferred, reason));
        }
    }

    /// Gives an error the content that the user describes, if there is any.
    pub(in crate::http) fn describe_error(&mut self, catalogue: &Catalogue) {
        if let Err(rejection) = &mut self.result
            && catalogue.has_errors()
        {
            rejection.describe(catalogue, self.coverage.as_ref());
            self.provenance = Some(rejection.provenance);
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match &self.result {
            Ok(payload) => payload.status(),
            Err(rejection) => rejection.status(),
        }
    }
}

impl From<Rejection> for Outcome {
    fn from(rejection: Rejection) -> Self {
        let provenance = Some(rejection.provenance);
        Self::with(Err(rejection), provenance)
    }
}
