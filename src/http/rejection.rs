//! The reasons for which a request is rejected.

use std::{borrow::Cow, fmt};

use crate::{
    engine::{self, ErrorKind, InvalidField, PlaceholderValues, fill, shorten},
    journal::Reason,
    schema::{Catalogue, ErrorDescription, ErrorRule, Provenance, Verb},
    space::CoverageHit,
};

/// The reason for which a request is rejected. `response/envelope.rs` turns it into a response.
#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    pub(super) kind: RejectionKind,
    /// The mistake, and the expected input, for the sender of the request.
    pub(crate) message: String,
    /// The same for the log: without any text of the request, except the names of known fields.
    pub(super) reason: Cow<'static, str>,
    /// The evidence that the vendor's server responds in the same way.
    pub(super) provenance: Provenance,
    field: Option<Box<InvalidField>>,
    /// The values of the placeholders in the message.
    values: PlaceholderValues,
    /// The code in the response, if it is not that of the kind.
    pub(super) code: Option<&'static str>,
    /// The user's description of the content, if there is one.
    pub(super) description: Option<Box<ErrorDescription>>,
}

/// The kinds of rejections, each with a response of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RejectionKind {
    /// The request breaks a rule. Some verbs have another response to it.
    Rule(ErrorRule, Option<Verb>),
    /// The credentials are missing or wrong.
    Unauthorized,
    /// The server accepts no changes.
    Forbidden,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The format of the body is not supported.
    UnsupportedMediaType,
    /// The client accepts none of the formats.
    NotAcceptable,
    /// The server has no room for the request.
    Unavailable,
    /// The server has no room for the request now, but will have soon.
    Busy,
    /// The server failed.
    Internal,
}

impl RejectionKind {
    /// Returns whether the message quotes nothing but the path and the method.
    fn concerns_path(self) -> bool {
        let Self::Rule(rule, verb) = self else {
            return false;
        };
        match rule {
            ErrorRule::Method | ErrorRule::NotImplemented => true,
            // The message about an update is without the id.
            ErrorRule::NotFound => verb.is_none(),
            _ => false,
        }
    }

    /// Returns the word in the journal.
    fn as_str(self) -> &'static str {
        match self {
            Self::Rule(ErrorRule::NotFound, None) => "not_found",
            Self::Rule(ErrorRule::Method, _) => "method_not_allowed",
            Self::Rule(ErrorRule::NotImplemented, _) => "not_implemented",
            Self::Rule(..) => "invalid_data",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::NotAcceptable => "not_acceptable",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::Internal => "internal",
        }
    }
}

impl Rejection {
    pub(super) fn new(
        kind: RejectionKind,
        provenance: Provenance,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        let reason = reason.into();
        Self {
            kind,
            message: reason.to_string(),
            reason,
            provenance,
            field: None,
            values: Box::default(),
            code: None,
            description: None,
        }
    }

    /// The request breaks a rule.
    fn of_rule(rule: ErrorRule, values: impl Into<PlaceholderValues>) -> Self {
        let content = rule.content(None);
        let values = values.into();
        let rejection = Self::new(
            RejectionKind::Rule(rule, None),
            content.provenance,
            fill(content.reason, &values),
        );
        let message = fill(content.message, &values);
        Self {
            values,
            ..rejection.quoting(message)
        }
    }

    /// Sets the content that the user describes, if there is any. `hit` is the use of a resource by the request.
    pub(super) fn describe(&mut self, catalogue: &Catalogue, hit: Option<&CoverageHit>) {
        let RejectionKind::Rule(rule, _) = self.kind else {
            return;
        };
        let verb = hit.map(CoverageHit::verb);
        let resource = hit.map(|hit| &catalogue[hit.resource()]);
        let Some(description) = catalogue.error(rule, verb, resource) else {
            return;
        };
        if let Some(message) = &description.message {
            self.message = fill(message, &self.values);
        }
        self.provenance = description.fact.evidence.provenance();
        self.description = Some(Box::new(description.clone()));
    }

    /// Returns the reason for the journal.
    pub(super) fn reason(&self) -> Reason {
        Reason {
            kind: self.kind.as_str(),
            message: self.message.clone(),
            without_quotations: self.reason.clone(),
            quotes_path: self.kind.concerns_path(),
            provenance: self.provenance,
            field: self.field.clone(),
        }
    }

    fn inferred(kind: RejectionKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, Provenance::Inferred, reason)
    }

    /// Sets the message to the sender of the request, which may quote it.
    fn quoting(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    /// The credentials are missing or wrong.
    pub(super) fn unauthorized() -> Self {
        Self::inferred(
            RejectionKind::Unauthorized,
            "This request requires HTTP authentication.",
        )
    }

    /// The user name cannot be the name of a space.
    pub(super) fn invalid_space(reason: String) -> Self {
        Self::of_rule(ErrorRule::SpaceName, [("problem", reason)])
    }

    /// The user has no space, and none can be created.
    pub(super) fn no_space(reason: String) -> Self {
        Self::inferred(RejectionKind::Unavailable, reason)
    }

    /// The path is not implemented.
    pub(super) fn not_implemented(path: &str) -> Self {
        let path = ("path", shorten(path).into_owned());
        Self::of_rule(ErrorRule::NotImplemented, [path])
    }

    /// The server has no room for one more request now.
    pub(crate) fn busy(reason: impl fmt::Display) -> Self {
        Self::inferred(RejectionKind::Busy, format!("cuc-mock is busy: {reason}"))
    }

    /// The path does not support the method.
    pub(super) fn method_not_allowed(method: &str, path: &str, allowed: &str) -> Self {
        Self::of_rule(
            ErrorRule::Method,
            [
                ("path", shorten(path).into_owned()),
                ("method", shorten(method).into_owned()),
                ("allowed", allowed.to_owned()),
            ],
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
        Self::of_rule(ErrorRule::BodyIncomplete, [])
    }

    /// The format of the body is not supported.
    pub(super) fn unsupported_media_type(found: Option<&str>) -> Self {
        const EXPECTED: &str =
            "try setting Content-Type: application/xml or Content-Type: application/json";
        let problem = match found {
            Some(_) => "Content-Type is another one",
            None => "Content-Type is missing",
        };
        let rejection = Self::new(
            RejectionKind::UnsupportedMediaType,
            Provenance::Documented,
            format!("{problem}, {EXPECTED}"),
        );
        match found {
            Some(found) => {
                rejection.quoting(format!("Content-Type is {}, {EXPECTED}", shorten(found)))
            }
            None => rejection,
        }
    }

    /// The body has a content coding.
    pub(super) fn unsupported_content_coding(found: &str) -> Self {
        Self::new(
            RejectionKind::UnsupportedMediaType,
            Provenance::Documented,
            "there is a Content-Encoding, expected a body without a content coding",
        )
        .quoting(format!(
            "Content-Encoding is {}, expected a body without a content coding",
            shorten(found)
        ))
    }

    /// The client accepts none of the formats of a response.
    pub(super) fn not_acceptable(accept: &str) -> Self {
        Self::new(
            RejectionKind::NotAcceptable,
            Provenance::Documented,
            "Accept is another one, expected application/xml, application/json or */*",
        )
        .quoting(format!(
            "Accept is {}, expected application/xml, application/json or */*",
            shorten(accept)
        ))
    }

    /// A closure of a test panicked while it selected requests for a fault.
    pub(super) fn failed_closure() -> Self {
        Self::inferred(
            RejectionKind::Internal,
            "A closure that selects the requests of a fault panicked",
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
            ErrorKind::Rule(rule, verb) => RejectionKind::Rule(rule, verb),
            ErrorKind::StoreFull => RejectionKind::Unavailable,
            ErrorKind::InvalidObject => RejectionKind::Internal,
        };
        Self {
            field: error.field,
            values: error.values,
            code: error.code,
            ..Self::new(kind, error.provenance, error.reason).quoting(error.message)
        }
    }
}
