//! The reasons for which a request is rejected.

use std::fmt;

use crate::{
    engine::{self, ErrorKind, shorten},
    schema::Provenance,
};

/// The reason for which a request is rejected. `response/envelope.rs` turns it into a response.
#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    pub(super) kind: RejectionKind,
    /// The mistake, and the expected input.
    pub(crate) message: String,
    /// The evidence that the vendor's server responds in the same way.
    pub(super) provenance: Provenance,
}

/// The kinds of rejections, each with a response of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RejectionKind {
    /// The credentials are missing or wrong.
    Unauthorized,
    /// There is no such object.
    NotFound,
    /// The body, the query string or the user name is invalid.
    InvalidData,
    /// The server accepts no changes.
    Forbidden,
    /// The path does not support the method.
    MethodNotAllowed,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The format of the body is not supported.
    UnsupportedMediaType,
    /// The client accepts none of the formats.
    NotAcceptable,
    /// The path is not implemented.
    NotImplemented,
    /// The server has no room for the request.
    Unavailable,
    /// The server has no room for the request now, but will have soon.
    Busy,
    /// The server failed.
    Internal,
}

impl Rejection {
    pub(super) fn new(
        kind: RejectionKind,
        provenance: Provenance,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            provenance,
        }
    }

    fn inferred(kind: RejectionKind, message: impl Into<String>) -> Self {
        Self::new(kind, Provenance::Inferred, message)
    }

    /// The credentials are missing or wrong.
    pub(super) fn unauthorized() -> Self {
        Self::inferred(
            RejectionKind::Unauthorized,
            "This request requires HTTP authentication.",
        )
    }

    /// The user name cannot be the name of a space.
    pub(super) fn invalid_space(reason: impl Into<String>) -> Self {
        Self::inferred(RejectionKind::InvalidData, reason)
    }

    /// The user has no space, and none can be created.
    pub(super) fn no_space(reason: impl Into<String>) -> Self {
        Self::inferred(RejectionKind::Unavailable, reason)
    }

    /// The path is not implemented.
    pub(super) fn not_implemented(path: &str) -> Self {
        Self::inferred(
            RejectionKind::NotImplemented,
            format!("cuc-mock does not implement {}", shorten(path)),
        )
    }

    /// The server has no room for one more request now.
    pub(crate) fn busy(reason: impl fmt::Display) -> Self {
        Self::inferred(RejectionKind::Busy, format!("cuc-mock is busy: {reason}"))
    }

    /// The path does not support the method.
    pub(super) fn method_not_allowed(method: &str, path: &str, allowed: &str) -> Self {
        Self::new(
            RejectionKind::MethodNotAllowed,
            Provenance::Documented,
            format!(
                "Unable to perform requested method because {} does not support {}: expected {allowed}",
                shorten(path),
                shorten(method)
            ),
        )
    }

    /// The body is larger than `limit` bytes.
    pub(super) fn too_large(limit: usize) -> Self {
        Self::inferred(
            RejectionKind::TooLarge,
            format!("The request body is larger than {limit} bytes"),
        )
    }

    /// The body is larger than `limit` bytes, which is all that fits into the buffers of the server.
    pub(super) fn exceeds_buffers(limit: usize) -> Self {
        Self::inferred(
            RejectionKind::TooLarge,
            format!(
                "The request body is larger than {limit} bytes, the most that fits into the buffers (--max-buffer-memory)"
            ),
        )
    }

    /// The body did not arrive within `seconds`.
    pub(super) fn too_slow(seconds: u64) -> Self {
        Self::inferred(
            RejectionKind::TooSlow,
            format!("The request body did not arrive within {seconds} seconds"),
        )
    }

    /// The body ended early.
    pub(super) fn incomplete_body() -> Self {
        Self::inferred(
            RejectionKind::InvalidData,
            "The request body cannot be read: it broke off, or its transfer coding is malformed",
        )
    }

    /// The format of the body is not supported.
    pub(super) fn unsupported_media_type(found: Option<&str>) -> Self {
        let found = match found {
            Some(found) => format!("Content-Type is {}", shorten(found)),
            None => "Content-Type is missing".to_owned(),
        };
        Self::new(
            RejectionKind::UnsupportedMediaType,
            Provenance::Documented,
            format!(
                "{found}, try setting Content-Type: application/xml or Content-Type: application/json"
            ),
        )
    }

    /// The body has a content coding.
    pub(super) fn unsupported_content_coding(found: &str) -> Self {
        Self::new(
            RejectionKind::UnsupportedMediaType,
            Provenance::Documented,
            format!(
                "Content-Encoding is {}, expected a body without a content coding",
                shorten(found)
            ),
        )
    }

    /// The client accepts none of the formats of a response.
    pub(super) fn not_acceptable(accept: &str) -> Self {
        Self::new(
            RejectionKind::NotAcceptable,
            Provenance::Documented,
            format!(
                "Accept is {}, expected application/xml, application/json or */*",
                shorten(accept)
            ),
        )
    }

    /// The character encoding of the body is not supported.
    pub(super) fn unsupported_charset(found: &str) -> Self {
        Self::inferred(
            RejectionKind::InvalidData,
            format!(
                "Content-Type says that the body is in {}, expected UTF-8",
                shorten(found)
            ),
        )
    }

    /// The server failed.
    pub(super) fn internal() -> Self {
        Self::inferred(
            RejectionKind::Internal,
            "cuc-mock has made a mistake: please report it with what its log says",
        )
    }
}

impl From<engine::Error> for Rejection {
    fn from(error: engine::Error) -> Self {
        let kind = match error.kind {
            ErrorKind::NotFound => RejectionKind::NotFound,
            ErrorKind::InvalidData => RejectionKind::InvalidData,
            ErrorKind::StoreFull => RejectionKind::Unavailable,
        };
        Self::new(kind, error.provenance, error.message)
    }
}
