//! The errors of the engine: they describe the mistake in a request, independent of HTTP.

use std::borrow::Cow;

use crate::{
    engine::{DecodeError, DocumentText, Position, charset::shorten},
    schema::{Evidence, Provenance, Release, Resource, Template},
    store::MaxRecords,
};

/// The reason why the engine rejects a request.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    pub(crate) kind: ErrorKind,
    /// The mistake, and the expected input, for the sender of the request.
    pub(crate) message: String,
    /// The same for a log: without any text of the request, except the names of known fields.
    pub(crate) reason: Cow<'static, str>,
    /// The evidence that the vendor's server responds in the same way.
    pub(crate) provenance: Provenance,
    /// The field whose value breaks a rule, if that is the mistake.
    pub(crate) field: Option<Box<InvalidField>>,
}

/// A field whose value breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidField {
    pub(crate) name: Box<str>,
    /// The value, or `redacted` in place of a secret.
    pub(crate) value: String,
    /// A description of the values that were expected.
    pub(crate) expected: String,
    /// The evidence for the rule.
    pub(crate) evidence: Evidence,
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
    fn new(
        kind: ErrorKind,
        provenance: Provenance,
        message: String,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            message,
            reason: reason.into(),
            provenance,
            field: None,
        }
    }

    /// There is no object of `resource` with this value in a field of its identity, which is given by its position.
    pub(crate) fn not_found(resource: &Resource, identity: Option<(usize, &str)>) -> Self {
        let name = resource.element.to_lowercase();
        let identity = identity.map_or_else(String::new, |(position, value)| {
            format!(" - {}={}", resource.fields[position].name, shorten(value))
        });
        Self::new(
            ErrorKind::NotFound,
            Provenance::Documented,
            format!("{name}{identity}"),
            format!("{name} not found"),
        )
    }

    /// A record cannot be deleted, because the field at a position of a record of `referrer` refers to it.
    pub(crate) fn still_referenced(
        resource: &Resource,
        referrer: &Resource,
        position: usize,
    ) -> Self {
        let field = &referrer.fields[position];
        let reference = field.reference.as_deref();
        let usual = || {
            format!(
                "The {} cannot be deleted: the {} of a {} refers to it",
                resource.element, field.name, referrer.element
            )
        };
        let message = reference.and_then(|reference| reference.message.as_deref());
        let message = message.map_or_else(usual, str::to_owned);
        let evidence = reference.map_or(&field.evidence, |reference| &reference.evidence);
        let provenance = evidence.provenance();
        Self::new(ErrorKind::InvalidData, provenance, message.clone(), message)
    }

    /// A new record needs a template, a record of `source` that exists.
    pub(crate) fn no_template(template: &Template, value: Option<&str>, source: &Resource) -> Self {
        let Template {
            parameter,
            field,
            evidence,
            ..
        } = template;
        let field = &source.fields[*field].name;
        let expected = format!("expected the {field} of a {}", source.element);
        let (message, reason) = match value {
            Some(value) => (
                format!("{parameter} is {:?}, {expected}", shorten(value)),
                format!("{parameter} is invalid, {expected}"),
            ),
            None => {
                let message = format!("{parameter} is missing, {expected}");
                (message.clone(), message)
            }
        };
        Self::new(
            ErrorKind::InvalidData,
            evidence.provenance(),
            message,
            reason,
        )
    }

    /// There is no object of `resource` to update.
    pub(crate) fn nothing_to_update(resource: &Resource) -> Self {
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Documented,
            format!("{} not found ", resource.element),
            format!("{} not found", resource.element),
        )
    }

    /// The value of a field breaks a rule. `status` is the evidence for the status of the response.
    pub(crate) fn invalid_field(status: Provenance, field: InvalidField) -> Self {
        let error = Self::invalid_parameter(&field.name, &field.value, &field.expected);
        Self {
            provenance: status,
            field: Some(Box::new(field)),
            ..error
        }
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
            format!("Invalid parameter. Parameter = [{field}]: expected {expected}"),
        )
    }

    /// The store has the maximum number of records.
    pub(crate) fn store_full(MaxRecords(max): MaxRecords) -> Self {
        let message =
            format!("cuc-mock has {max} records, and takes no more (--max-records): delete some");
        Self::new(
            ErrorKind::StoreFull,
            Provenance::Inferred,
            message.clone(),
            message,
        )
    }

    /// There is no resource with this path: the description that replaces it begins with a later release, or ends with
    /// an earlier one.
    pub(crate) fn unknown_resource(path: &str, release: Release) -> Self {
        let message = format!(
            "release {release} has no resource {path}, expected its description to include the release"
        );
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Inferred,
            message.clone(),
            message,
        )
    }

    /// There is no field of this name. The value may be a secret under a misspelt name.
    pub(crate) fn unknown_field(name: &str, expected: &str) -> Self {
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Inferred,
            format!(
                "Invalid parameter. Parameter = [{}]: expected {expected}",
                shorten(name)
            ),
            format!("Invalid parameter: expected {expected}"),
        )
    }

    /// A parameter of the query string is invalid at `place`, which contains no text of the query string.
    pub(crate) fn invalid_query(place: &str, found: &str, expected: &str) -> Self {
        Self::new(
            ErrorKind::InvalidData,
            Provenance::Documented,
            format!("{place}: found {found}, expected {expected}"),
            format!("{place}: expected {expected}"),
        )
    }

    /// The body cannot be decoded.
    pub(crate) fn malformed(body: &DocumentText<'_>, error: &DecodeError) -> Self {
        let Position { line, column } = body.position(error.at);
        let place = format!("The request body cannot be read: line {line}, column {column}");
        Self::new(
            ErrorKind::InvalidData,
            error.provenance,
            format!("{place}: {}", error.message()),
            format!("{place}: {}", error.reason),
        )
    }
}
