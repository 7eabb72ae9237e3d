//! The errors of the engine: they describe the mistake in a request, independent of HTTP.

use crate::{
    engine::{DecodeError, Position, charset::shorten},
    schema::{Provenance, Resource},
    store::MaxRecords,
};

/// The reason why the engine rejects a request.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    pub(crate) kind: ErrorKind,
    /// The mistake, and the expected input.
    pub(crate) message: String,
    /// The evidence that the vendor's server responds in the same way.
    pub(crate) provenance: Provenance,
}

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// There is no such object.
    NotFound,
    /// The body or the query string is invalid.
    InvalidData,
    /// The store has the maximum number of records.
    StoreFull,
}

impl Error {
    fn new(kind: ErrorKind, provenance: Provenance, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            provenance,
        }
    }

    /// There is no object of `resource` with this id.
    pub(crate) fn not_found(resource: &Resource, id: &str) -> Self {
        let name = resource.element.to_lowercase();
        Self::new(
            ErrorKind::NotFound,
            Provenance::Documented,
            format!("{name} - ObjectId={}", shorten(id)),
        )
    }

    /// There is no object of `resource` to update.
    pub(crate) fn nothing_to_update(resource: &Resource) -> Self {
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Documented,
            format!("{} not found ", resource.element),
        )
    }

    /// The value of a field is invalid.
    pub(crate) fn invalid_parameter(field: &str, value: &str, expected: &str) -> Self {
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Inferred,
            format!(
                "Invalid parameter. Parameter = [{field}], Value = [{}]: expected {expected}",
                shorten(value)
            ),
        )
    }

    /// A parameter of the query string is invalid.
    pub(crate) fn invalid_query(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidData, Provenance::Documented, message)
    }

    /// The store has the maximum number of records.
    pub(crate) fn store_full(MaxRecords(max): MaxRecords) -> Self {
        Self::new(
            ErrorKind::StoreFull,
            Provenance::Inferred,
            format!("cuc-mock has {max} records, and takes no more (--max-records): delete some"),
        )
    }

    /// The body cannot be decoded.
    pub(crate) fn malformed(body: &[u8], error: &DecodeError) -> Self {
        let Position { line, column } = Position::of(body, error.at);
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Documented,
            format!(
                "The request body cannot be read: line {line}, column {column}: {}",
                error.message
            ),
        )
    }
}
