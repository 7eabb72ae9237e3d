//! Why a request was refused. Which status and body answer it is decided where answers are made.

use crate::{
    engine::{DecodeError, Position, charset::shorten},
    schema::{Provenance, Resource},
};

/// Why a request was refused.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    pub(crate) refusal: Refusal,
    /// What was wrong, and what was expected.
    pub(crate) message: String,
    /// How it is known that the vendor answers this way.
    pub(crate) provenance: Provenance,
}

/// The kinds of refusal, each answered with a status of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No credentials, or wrong ones.
    Unauthorized,
    /// There is no such object, or no such path.
    NotFound,
    /// The data layer does not take what was sent.
    InvalidData,
    /// The server takes no writes.
    Forbidden,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// The body is larger than what is taken.
    TooLarge,
    /// The body was not sent in the time that it may take.
    TooSlow,
    /// The body is in no format that is read here.
    UnsupportedMediaType,
    /// The client takes none of the formats that are written here.
    NotAcceptable,
    /// This server does not serve the path.
    NotImplemented,
    /// The server has no room for the request.
    Unavailable,
    /// The server has no room for the request now, and will have soon.
    Busy,
    /// A mistake of this server.
    Internal,
}

impl Error {
    fn new(refusal: Refusal, provenance: Provenance, message: impl Into<String>) -> Self {
        Self {
            refusal,
            message: message.into(),
            provenance,
        }
    }

    /// No credentials, or wrong ones.
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            Refusal::Unauthorized,
            Provenance::Inferred,
            "This request requires HTTP authentication.",
        )
    }

    /// The name of the user cannot be that of a space.
    pub(crate) fn no_such_space(reason: impl Into<String>) -> Self {
        Self::new(Refusal::InvalidData, Provenance::Inferred, reason)
    }

    /// The user has no space to work in, and none can be made.
    pub(crate) fn no_space(reason: impl Into<String>) -> Self {
        Self::new(Refusal::Unavailable, Provenance::Inferred, reason)
    }

    /// There is no object of `resource` with this id.
    pub(crate) fn not_found(resource: &Resource, id: &str) -> Self {
        let name = resource.element.to_lowercase();
        Self::new(
            Refusal::NotFound,
            Provenance::Documented,
            format!("{name} - ObjectId={}", shorten(id)),
        )
    }

    /// There is no object of `resource` to update.
    pub(crate) fn nothing_to_update(resource: &Resource) -> Self {
        Self::new(
            Refusal::InvalidData,
            Provenance::Documented,
            format!("{} not found ", resource.element),
        )
    }

    /// This server does not serve the path.
    pub(crate) fn not_implemented(path: &str) -> Self {
        Self::new(
            Refusal::NotImplemented,
            Provenance::Inferred,
            format!("cuc-mock does not implement {}", shorten(path)),
        )
    }

    /// There is no room for one more request now.
    pub(crate) fn busy(reason: &str) -> Self {
        Self::new(
            Refusal::Busy,
            Provenance::Inferred,
            format!("cuc-mock is busy: {reason}"),
        )
    }

    /// A field does not take what it was given.
    pub(crate) fn invalid_parameter(field: &str, value: &str, expected: &str) -> Self {
        Self::new(
            Refusal::InvalidData,
            Provenance::Inferred,
            format!(
                "Invalid parameter. Parameter = [{field}], Value = [{}]: expected {expected}",
                shorten(value)
            ),
        )
    }

    /// A parameter of the query string cannot be understood.
    pub(crate) fn invalid_query(message: impl Into<String>) -> Self {
        Self::new(Refusal::InvalidData, Provenance::Inferred, message)
    }

    /// The body cannot be decoded.
    pub(crate) fn malformed(body: &[u8], flaw: &DecodeError) -> Self {
        let Position { line, column } = Position::of(body, flaw.at);
        Self::new(
            Refusal::InvalidData,
            Provenance::Inferred,
            format!(
                "The request body cannot be read: line {line}, column {column}: {}",
                flaw.message
            ),
        )
    }

    /// The resource does not take the method.
    pub(crate) fn method_not_allowed(method: &str, path: &str, allowed: &str) -> Self {
        Self::new(
            Refusal::MethodNotAllowed,
            Provenance::Documented,
            format!(
                "{} is not allowed on {}, cuc-mock takes {allowed} there",
                shorten(method),
                shorten(path)
            ),
        )
    }

    /// The body is larger than `limit` bytes.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            Refusal::TooLarge,
            Provenance::Inferred,
            format!("The request body is larger than {limit} bytes"),
        )
    }

    /// The body did not arrive within `seconds`.
    pub(crate) fn too_slow(seconds: u64) -> Self {
        Self::new(
            Refusal::TooSlow,
            Provenance::Inferred,
            format!("The request body did not arrive within {seconds} seconds"),
        )
    }

    /// The body broke off before its end.
    pub(crate) fn broken_off() -> Self {
        Self::new(
            Refusal::InvalidData,
            Provenance::Inferred,
            "The request body cannot be read: it broke off, or its transfer coding is malformed",
        )
    }

    /// The body says that it is in another format than the ones that are read.
    pub(crate) fn unsupported_media_type(found: Option<&str>) -> Self {
        let found = match found {
            Some(found) => format!("Content-Type is {}", shorten(found)),
            None => "Content-Type is missing".to_owned(),
        };
        Self::new(
            Refusal::UnsupportedMediaType,
            Provenance::Documented,
            format!(
                "{found}, try setting Content-Type: application/xml or Content-Type: application/json"
            ),
        )
    }

    /// The client takes none of the formats that an answer can be written in.
    pub(crate) fn not_acceptable(accept: &str) -> Self {
        Self::new(
            Refusal::NotAcceptable,
            Provenance::Inferred,
            format!(
                "Accept is {}, expected application/xml, application/json or */*",
                shorten(accept)
            ),
        )
    }

    /// The body says that it is in another character encoding than the one that is read.
    pub(crate) fn unsupported_charset(found: &str) -> Self {
        Self::new(
            Refusal::InvalidData,
            Provenance::Inferred,
            format!(
                "Content-Type says that the body is in {}, expected UTF-8",
                shorten(found)
            ),
        )
    }

    /// A mistake of this server.
    pub(crate) fn internal() -> Self {
        Self::new(
            Refusal::Internal,
            Provenance::Inferred,
            "cuc-mock has made a mistake: please report it with what its log says",
        )
    }
}
