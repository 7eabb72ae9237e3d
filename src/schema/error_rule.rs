//! The rules that a request can break, and the content of the response to each: its status, code and message.

use super::{Provenance, Verb};

/// A rule that a request can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ErrorRule {
    /// A field must have a value.
    Required,
    /// A field has a value of another kind.
    Type,
    Choices,
    MaxLength,
    /// A value is no extension.
    Extension,
    Range,
    Unique,
    /// A value refers to no record.
    References,
    /// A value excludes that of another field.
    Clears,
    /// The object of the path does not exist.
    Parent,
    /// Another object has the same path.
    Key,
    /// A new order of a collection lacks an object.
    Order,
    /// A record that is to be deleted is the target of a reference.
    Referenced,
    /// A record is built in.
    Undeletable,
    /// A behaviour of the resource refuses the request.
    Refused,
    /// A behaviour of the resource forbids the request to all clients.
    Forbidden,
    /// A behaviour of the resource does not allow the method.
    NotAllowed,
    /// A create names no template that exists.
    Template,
    /// A create names no template.
    TemplateMissing,
    /// There is no such object.
    NotFound,
    /// A parameter of the query string is invalid.
    Query,
    /// A body cannot be decoded.
    Body,
    /// A body has another root element.
    Root,
    /// A body ended early.
    BodyIncomplete,
    /// A user name cannot be the name of a space.
    SpaceName,
    /// A path does not support the method.
    Method,
    /// A path is not implemented.
    NotImplemented,
}

/// The content of the response to a request that breaks a rule.
#[derive(Debug)]
pub(crate) struct ErrorContent {
    pub(crate) rule: ErrorRule,
    /// The name in descriptions.
    pub(crate) name: &'static str,
    /// The verb that has this content. `None` for all others.
    pub(crate) verb: Option<Verb>,
    /// The verbs whose requests can break the rule.
    pub(crate) verbs: &'static [Verb],
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    /// The message for a log: without any text of the request, except the names of known fields.
    pub(crate) reason: &'static str,
    /// The names of the placeholders in a message.
    pub(crate) placeholders: &'static [&'static str],
    pub(crate) provenance: Provenance,
    /// The source of the evidence, or the reasoning. The manual shows it.
    #[cfg_attr(
        not(any(test, feature = "appliance")),
        expect(
            dead_code,
            reason = "only the manual and the comparison with a real server show it"
        )
    )]
    pub(crate) source: &'static str,
}

const WRITES: &[Verb] = &[Verb::Create, Verb::Update];
const INVALID: &str = "DATA_EXCEPTION";
const PARAMETER: &str =
    "Invalid parameter. Parameter = [{field}], Value = [{value}]: expected {expected}";
const PARAMETER_REASON: &str = "Invalid parameter. Parameter = [{field}]: expected {expected}";
const BODY: &str = "The request body cannot be read: line {line}, column {column}: {problem}";
const BODY_REASON: &str = "The request body cannot be read: line {line}, column {column}: {reason}";
const PLAUSIBLE: &str = "the most plausible reading of the sources";

/// Returns the content of a response about the value of a field.
const fn of_field(rule: ErrorRule, name: &'static str) -> ErrorContent {
    ErrorContent {
        rule,
        name,
        verb: None,
        verbs: WRITES,
        status: 400,
        code: INVALID,
        message: PARAMETER,
        reason: PARAMETER_REASON,
        placeholders: &["field", "value", "expected"],
        provenance: Provenance::Inferred,
        source: PLAUSIBLE,
    }
}

/// The contents of the responses to all rules.
pub(crate) const ERROR_CONTENTS: [ErrorContent; 28] = [
    of_field(ErrorRule::Required, "required"),
    of_field(ErrorRule::Type, "type"),
    of_field(ErrorRule::Choices, "choices"),
    of_field(ErrorRule::MaxLength, "max-length"),
    of_field(ErrorRule::Extension, "extension"),
    of_field(ErrorRule::Range, "range"),
    ErrorContent {
        provenance: Provenance::Client,
        source: "the vendor's samples expect a 400; its code and message are inferred",
        ..of_field(ErrorRule::Unique, "unique")
    },
    of_field(ErrorRule::References, "references"),
    of_field(ErrorRule::Clears, "clears"),
    ErrorContent {
        verbs: &[Verb::Create],
        ..of_field(ErrorRule::Parent, "parent")
    },
    of_field(ErrorRule::Key, "key"),
    ErrorContent {
        verbs: &[],
        ..of_field(ErrorRule::Order, "order")
    },
    ErrorContent {
        verbs: &[Verb::Delete],
        message: "The {element} cannot be deleted: the {field} of a {referrer} refers to it",
        reason: "The {element} cannot be deleted: the {field} of a {referrer} refers to it",
        placeholders: &["element", "field", "referrer"],
        source: PLAUSIBLE,
        ..of_field(ErrorRule::Referenced, "referenced")
    },
    ErrorContent {
        verbs: &[Verb::Delete],
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "Unable to perform requested method because the {element} {reason}",
        reason: "Unable to perform requested method because the {element} {reason}",
        placeholders: &["element", "reason"],
        source: "the guide's response for another object that does not allow a method",
        ..of_field(ErrorRule::Undeletable, "undeletable")
    },
    ErrorContent {
        message: "{problem}",
        reason: "{problem}",
        placeholders: &["problem"],
        source: PLAUSIBLE,
        ..of_field(ErrorRule::Refused, "refused")
    },
    ErrorContent {
        status: 403,
        code: "FORBIDDEN",
        message: "{problem}",
        reason: "{problem}",
        placeholders: &["problem"],
        source: "the guide's status; the code is formed like those of other statuses",
        ..of_field(ErrorRule::Forbidden, "forbidden")
    },
    ErrorContent {
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "Unable to perform requested method because {problem}",
        reason: "Unable to perform requested method because {problem}",
        placeholders: &["problem"],
        source: "the guide's response for one object that does not allow a method",
        ..of_field(ErrorRule::NotAllowed, "not-allowed")
    },
    ErrorContent {
        verbs: &[Verb::Create],
        message: "{parameter} is {found}, expected the {field} of a {element}",
        reason: "{parameter} is invalid, expected the {field} of a {element}",
        placeholders: &["parameter", "found", "field", "element"],
        source: PLAUSIBLE,
        ..of_field(ErrorRule::Template, "template")
    },
    ErrorContent {
        verbs: &[Verb::Create],
        message: "{parameter} is missing, expected the {field} of a {element}",
        reason: "{parameter} is missing, expected the {field} of a {element}",
        placeholders: &["parameter", "field", "element"],
        source: PLAUSIBLE,
        ..of_field(ErrorRule::TemplateMissing, "template-missing")
    },
    ErrorContent {
        verbs: &[Verb::Read, Verb::Update, Verb::Delete],
        status: 404,
        code: "NOT_FOUND",
        message: "{kind}{identity}",
        reason: "{kind} not found",
        placeholders: NOT_FOUND,
        provenance: Provenance::Documented,
        source: "guide, errors",
        ..of_field(ErrorRule::NotFound, "not-found")
    },
    ErrorContent {
        verb: Some(Verb::Update),
        verbs: &[Verb::Read, Verb::Update, Verb::Delete],
        message: "{element} not found ",
        reason: "{element} not found",
        placeholders: NOT_FOUND,
        provenance: Provenance::Documented,
        source: "guide, errors",
        ..of_field(ErrorRule::NotFound, "not-found")
    },
    ErrorContent {
        verbs: &[Verb::List],
        message: "{place}: found {found}, expected {expected}",
        reason: "{place}: expected {expected}",
        placeholders: &["place", "found", "expected"],
        provenance: Provenance::Documented,
        source: "guide, queries; the message is our own",
        ..of_field(ErrorRule::Query, "query")
    },
    ErrorContent {
        message: BODY,
        reason: BODY_REASON,
        placeholders: &["line", "column", "problem", "reason"],
        provenance: Provenance::Documented,
        source: "guide, errors; the code and the message are inferred",
        ..of_field(ErrorRule::Body, "body")
    },
    ErrorContent {
        message: BODY,
        reason: BODY_REASON,
        placeholders: &["line", "column", "problem", "reason"],
        source: "Jersey 1.x reads a body as the type of its path",
        ..of_field(ErrorRule::Root, "root")
    },
    ErrorContent {
        verbs: &[],
        message: "The request body cannot be read: it broke off, or its transfer coding is malformed",
        reason: "The request body cannot be read: it broke off, or its transfer coding is malformed",
        placeholders: &[],
        source: PLAUSIBLE,
        ..of_field(ErrorRule::BodyIncomplete, "body-incomplete")
    },
    ErrorContent {
        verbs: &[],
        message: "{problem}",
        reason: "{problem}",
        placeholders: &["problem"],
        source: "only this server has spaces",
        ..of_field(ErrorRule::SpaceName, "space-name")
    },
    ErrorContent {
        verbs: &[],
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "Unable to perform requested method because {path} does not support {method}: expected {allowed}",
        reason: "Unable to perform requested method: expected {allowed}",
        placeholders: &["path", "method", "allowed"],
        provenance: Provenance::Documented,
        source: "guide, errors; the end of the message is our own",
        ..of_field(ErrorRule::Method, "method")
    },
    ErrorContent {
        verbs: &[],
        status: 404,
        code: "NOT_FOUND",
        message: "cuc-mock does not implement {path}",
        reason: "cuc-mock does not implement this path",
        placeholders: &["path"],
        source: "the message is our own",
        ..of_field(ErrorRule::NotImplemented, "not-implemented")
    },
];

const NOT_FOUND: &[&str] = &["element", "kind", "field", "id", "identity"];

impl ErrorRule {
    /// Returns the content of the response to a request with a verb, if it has one.
    pub(crate) fn content(self, verb: Option<Verb>) -> &'static ErrorContent {
        static CONTENTS: [ErrorContent; ERROR_CONTENTS.len()] = ERROR_CONTENTS;
        let of_rule = || CONTENTS.iter().filter(|content| content.rule == self);
        let mut specific =
            of_rule().filter(|content| content.verb.is_some() && content.verb == verb);
        let general = || of_rule().find(|content| content.verb.is_none());
        let found = specific.next().or_else(general);
        found.expect("each rule has a content for all verbs")
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect_file;

    use super::*;
    use crate::schema::placeholder;

    const BEGIN: &str = "<!-- The table is written from src/schema/error_rule.rs. -->\n";
    const END: &str = "<!-- end of the table -->";

    fn meaning(rule: ErrorRule) -> &'static str {
        match rule {
            ErrorRule::Required => "a field lacks its value",
            ErrorRule::Type => "a value is not of the type of its field",
            ErrorRule::Choices => "a value is none of the choices",
            ErrorRule::MaxLength => "a value is too long",
            ErrorRule::Extension => "a value cannot be dialed",
            ErrorRule::Range => "a number is out of range",
            ErrorRule::Unique => "another object has the value",
            ErrorRule::References => "a value refers to no object",
            ErrorRule::Clears => "there is a value beside one that excludes it",
            ErrorRule::Parent => "the object in the path does not exist",
            ErrorRule::Key => "another object at the path has the key",
            ErrorRule::Order => "a new order is not that of all objects",
            ErrorRule::Referenced => "another object refers to a deleted one",
            ErrorRule::Undeletable => {
                "the object is built in, or its description has another reason"
            }
            ErrorRule::Refused => "a rule of the resource does not allow the request",
            ErrorRule::Forbidden => "no client may make the request",
            ErrorRule::NotAllowed => "the objects do not allow the method",
            ErrorRule::Template => "the template does not exist",
            ErrorRule::TemplateMissing => "a template is not given",
            ErrorRule::NotFound => "the object does not exist",
            ErrorRule::Query => "a parameter of the query string is invalid",
            ErrorRule::Body => "the body cannot be read",
            ErrorRule::Root => "the root of the body is that of another resource",
            ErrorRule::BodyIncomplete => "the body broke off",
            ErrorRule::SpaceName => "the user name is not one of a space",
            ErrorRule::Method => "the path does not support the method",
            ErrorRule::NotImplemented => "the server does not have the path",
        }
    }

    fn row(content: &ErrorContent) -> String {
        let verbs: Vec<_> = match content.verb {
            Some(verb) => vec![verb.name()],
            None => content.verbs.iter().map(|verb| verb.name()).collect(),
        };
        let placeholders = content.placeholders.iter();
        let placeholders: Vec<_> = placeholders.map(|name| format!("`{name}`")).collect();
        format!(
            "| `{}` | {} | {} | {} `{}` | `{}` | {} | {}: {} |\n",
            content.name,
            meaning(content.rule),
            verbs.join(", "),
            content.status,
            content.code,
            content.message,
            placeholders.join(" "),
            content.provenance,
            content.source,
        )
    }

    #[test]
    fn the_manual_lists_the_rules() {
        let page = include_str!("../../docs/resources.md");
        let (before, rest) = page.split_once(BEGIN).expect("the beginning of the table");
        let (_, after) = rest.split_once(END).expect("the end of the table");
        let mut table = String::from(
            "| rule | broken if | verbs | status, code | message | placeholders | evidence |\n\
             |---|---|---|---|---|---|---|\n",
        );
        for content in &ERROR_CONTENTS {
            let _ = write!(table, "{}", row(content));
        }
        let expected = format!("{before}{BEGIN}{table}{END}{after}");
        expect_file!["../../docs/resources.md"].assert_eq(&expected);
    }

    #[test]
    fn each_rule_has_one_content_for_all_verbs_and_messages_with_known_placeholders() {
        let schema = include_str!("../engine/description/description.xsd");
        for content in &ERROR_CONTENTS {
            let name = content.name;
            let same = ERROR_CONTENTS.iter().filter(|other| other.name == name);
            let general = same.clone().filter(|other| other.verb.is_none());
            assert_eq!(general.count(), 1, "{name}");
            for other in same {
                assert_eq!(other.rule, content.rule, "{name}");
                // Descriptions are checked before the verb of a request is known.
                assert_eq!(other.placeholders, content.placeholders, "{name}");
            }
            assert_eq!(content.rule.content(content.verb).message, content.message);
            for text in [content.message, content.reason] {
                let mut used = placeholder::names(text);
                assert!(
                    used.all(|used| content.placeholders.contains(&used)),
                    "{text}"
                );
            }
            let listed = format!(r#"<xs:enumeration value="{name}"/>"#);
            assert!(schema.contains(&listed), "{name}");
        }
    }
}
