//! The errors of the engine: they describe the mistake in a request, independent of HTTP.

use std::borrow::Cow;

use crate::{
    engine::{DecodeError, DocumentText, Position, charset::shorten},
    schema::{
        ErrorRule, Evidence, Provenance, Release, Resource, Template, UndeletableRule, Verb,
        placeholder,
    },
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
    /// The values of the placeholders in the message.
    pub(crate) values: PlaceholderValues,
    /// The code in the response, if it is not that of the rule.
    pub(crate) code: Option<&'static str>,
}

/// The usual reason why a client cannot delete a record.
const BUILT_IN: &str = "is built in and cannot be deleted";

/// The values of the placeholders in a message, by their names.
pub(crate) type PlaceholderValues = Box<[(&'static str, String)]>;

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
    /// The request breaks a rule. An update has another response to some rules.
    Rule(ErrorRule, Option<Verb>),
    /// The store has the maximum number of records.
    StoreFull,
    /// An object of a test is invalid. No request causes it.
    InvalidObject,
}

/// Returns a message with the values of its placeholders.
pub(crate) fn fill(message: &str, values: &PlaceholderValues) -> String {
    placeholder::fill(message, |name| {
        let mut values = values.iter();
        let (_, value) = values.find(|(known, _)| *known == name)?;
        Some(value.as_str().into())
    })
}

impl Error {
    fn new(kind: ErrorKind, message: String, reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message,
            reason: reason.into(),
            provenance: Provenance::Inferred,
            field: None,
            values: Box::default(),
            code: None,
        }
    }

    /// A request breaks a rule.
    fn of_rule(rule: ErrorRule, values: impl Into<PlaceholderValues>) -> Self {
        Self::of_rule_and_verb(rule, None, values.into())
    }

    fn of_rule_and_verb(rule: ErrorRule, verb: Option<Verb>, values: PlaceholderValues) -> Self {
        let content = rule.content(verb);
        Self {
            kind: ErrorKind::Rule(rule, verb),
            message: fill(content.message, &values),
            reason: fill(content.reason, &values).into(),
            provenance: content.provenance,
            field: None,
            values,
            code: None,
        }
    }

    /// Sets the evidence, if it is that of a fact.
    fn with_evidence(mut self, evidence: &Evidence) -> Self {
        self.provenance = evidence.provenance();
        self
    }

    /// There is no object of `resource` with this value in a field of its identity, which is given by its position.
    pub(crate) fn not_found(resource: &Resource, identity: Option<(usize, &str)>) -> Self {
        let identity = identity.map(|(position, value)| {
            let field = resource.fields[position].name.to_string();
            (field, shorten(value).into_owned())
        });
        let text = identity
            .as_ref()
            .map(|(field, id)| format!(" - {field}={id}"));
        let (field, id) = identity.unwrap_or_default();
        Self::of_rule(
            ErrorRule::NotFound,
            [
                ("element", resource.element.to_string()),
                ("kind", resource.element.to_lowercase()),
                ("field", field),
                ("id", id),
                ("identity", text.unwrap_or_default()),
            ],
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
        let evidence = reference.map_or(&field.evidence, |reference| &reference.evidence);
        let values = [
            ("element", resource.element.to_string()),
            ("field", field.name.to_string()),
            ("referrer", referrer.element.to_string()),
        ];
        let error = Self::of_rule(ErrorRule::Referenced, values).with_evidence(evidence);
        match reference.and_then(|reference| reference.message.as_deref()) {
            Some(message) => Self {
                message: message.to_owned(),
                reason: message.to_owned().into(),
                ..error
            },
            None => error,
        }
    }

    /// A record of `resource` is one of those that a client cannot delete, by this rule.
    pub(crate) fn undeletable(resource: &Resource, (rule, reason): &UndeletableRule) -> Self {
        let element = ("element", resource.element.to_string());
        let reason = reason.as_deref().unwrap_or(BUILT_IN);
        let reason = ("reason", reason.to_owned());
        Self::of_rule(ErrorRule::Undeletable, [element, reason]).with_evidence(&rule.evidence)
    }

    /// A behaviour refuses a request for this reason.
    pub(crate) fn refused(problem: impl Into<String>, provenance: Provenance) -> Self {
        Self::of_behaviour(ErrorRule::Refused, problem.into(), provenance)
    }

    /// No client may make a request, for this reason.
    pub(crate) fn forbidden(problem: &str, provenance: Provenance) -> Self {
        Self::of_behaviour(ErrorRule::Forbidden, problem.to_owned(), provenance)
    }

    /// The objects do not support a request, for this reason.
    pub(crate) fn not_allowed(problem: &str, provenance: Provenance) -> Self {
        Self::of_behaviour(ErrorRule::NotAllowed, problem.to_owned(), provenance)
    }

    fn of_behaviour(rule: ErrorRule, problem: String, provenance: Provenance) -> Self {
        let problem = ("problem", problem);
        Self {
            provenance,
            ..Self::of_rule(rule, [problem])
        }
    }

    /// A new record needs a template, a record of `source` that exists.
    pub(crate) fn no_template(template: &Template, value: Option<&str>, source: &Resource) -> Self {
        let parameter = ("parameter", template.parameter.to_string());
        let field = ("field", source.fields[template.field].name.to_string());
        let element = ("element", source.element.to_string());
        let error = match value {
            Some(value) => {
                let found = ("found", format!("{:?}", shorten(value)));
                Self::of_rule(ErrorRule::Template, [parameter, found, field, element])
            }
            None => Self::of_rule(ErrorRule::TemplateMissing, [parameter, field, element]),
        };
        error.with_evidence(&template.evidence)
    }

    /// Gives the error a code of its own.
    pub(crate) fn with_code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    /// There is no object of `resource` to update, with this value in a field of its identity.
    pub(crate) fn nothing_to_update(resource: &Resource, identity: Option<(usize, &str)>) -> Self {
        let Self { values, .. } = Self::not_found(resource, identity);
        Self::of_rule_and_verb(ErrorRule::NotFound, Some(Verb::Update), values)
    }

    /// The value of a field breaks a rule.
    pub(crate) fn invalid_field(rule: ErrorRule, field: InvalidField) -> Self {
        let error = Self::invalid_parameter(rule, &field.name, &field.value, &field.expected);
        Self {
            field: Some(Box::new(field)),
            ..error
        }
    }

    /// The value of a field is invalid.
    pub(crate) fn invalid_parameter(
        rule: ErrorRule,
        field: &str,
        value: &str,
        expected: &str,
    ) -> Self {
        Self::of_rule(
            rule,
            [
                ("field", field.to_owned()),
                ("value", shorten(value).into_owned()),
                ("expected", expected.to_owned()),
            ],
        )
    }

    /// The store has the maximum number of records.
    pub(crate) fn store_full(MaxRecords(max): MaxRecords) -> Self {
        let message =
            format!("cuc-mock has {max} records, and takes no more (--max-records): delete some");
        Self::new(ErrorKind::StoreFull, message.clone(), message)
    }

    /// There is no resource with this path: the description that replaces it begins with a later release, or ends with
    /// an earlier one.
    pub(crate) fn unknown_resource(path: &str, release: Release) -> Self {
        let message = format!(
            "release {release} has no resource {path}, expected its description to include the release"
        );
        Self::new(ErrorKind::InvalidObject, message.clone(), message)
    }

    /// There is no field of this name. The value may be a secret under a misspelt name.
    pub(crate) fn unknown_field(name: &str, expected: &str) -> Self {
        Self::new(
            ErrorKind::InvalidObject,
            format!(
                "Invalid parameter. Parameter = [{}]: expected {expected}",
                shorten(name)
            ),
            format!("Invalid parameter: expected {expected}"),
        )
    }

    /// A parameter of the query string is invalid at `place`, which contains no text of the query string.
    pub(crate) fn invalid_query(place: &str, found: &str, expected: &str) -> Self {
        Self::of_rule(
            ErrorRule::Query,
            [
                ("place", place.to_owned()),
                ("found", found.to_owned()),
                ("expected", expected.to_owned()),
            ],
        )
    }

    /// The body cannot be decoded.
    pub(crate) fn malformed(body: &DocumentText<'_>, error: &DecodeError) -> Self {
        let Position { line, column } = body.position(error.at);
        Self::of_rule(
            error.rule,
            [
                ("line", line.to_string()),
                ("column", column.to_string()),
                ("problem", error.message().to_owned()),
                ("reason", error.reason.to_string()),
            ],
        )
    }
}
