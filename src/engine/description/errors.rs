//! Reads the contents of error responses.

use super::{
    attributes::ElementAttributes,
    read::{DescriptionReader, Part, expect_no_condition, take_schema},
};
use crate::{
    engine::{DecodeError, nearest::nearest, xml::StartTag},
    schema::{
        Description, ERROR_CONTENTS, ErrorContent, ErrorDescription, ErrorRule, Release, Verb,
        placeholder,
    },
};

/// The root element.
pub(super) const ERRORS: &str = "errors";
/// The largest message in bytes.
const MAX_MESSAGE_BYTES: usize = 8 * 1024;

impl<'a> DescriptionReader<'a> {
    /// Reads the contents in the root element.
    pub(super) fn errors(&mut self, tag: &StartTag<'a>) -> Part<Vec<ErrorDescription>> {
        let mut attributes = ElementAttributes::new(tag);
        take_schema(&mut attributes);
        let finished = attributes.finish();
        self.report(finished);
        let mut errors = Vec::new();
        while let Some(tag) = self.reader.next_child()? {
            match tag.name {
                "evidence" => {
                    let part = self.read_evidence(&tag);
                    self.report(part);
                }
                "error" => {
                    let error = self.error(&tag);
                    errors.extend(self.report(error));
                }
                name => {
                    let message = format!("found <{name}>, expected <evidence> or <error>");
                    self.errors.push(DecodeError::new(tag.at, message));
                    self.reader.skip()?;
                    continue;
                }
            }
            self.expect_no_children(tag.name)?;
        }
        Ok(errors)
    }

    fn error(&mut self, tag: &StartTag<'a>) -> Part<ErrorDescription> {
        let mut attributes = ElementAttributes::new(tag);
        let rule = take_rule(&mut attributes)?;
        let verbs = Verb::ALL.map(|verb| (verb.name(), verb));
        let verb = attributes.take_choice("verb", &verbs)?;
        let resource = attributes.take("resource");
        let status = match attributes.take("status") {
            None => None,
            Some(text) => {
                let status = text.parse().ok();
                let status = status.filter(|status| (400..=599).contains(status));
                let expected = "the status of an error, 400 to 599";
                Some(status.ok_or_else(|| attributes.unexpected("status", &text, expected))?)
            }
        };
        let code = attributes.take("code");
        let message = attributes.take("message");
        if status.is_none() && code.is_none() && message.is_none() {
            let expected = "at least one of the attributes status, code and message";
            return Err(attributes.error(format!("<error> changes nothing, expected {expected}")));
        }
        let fact = self.take_optional_fact(&mut attributes)?;
        let content = rule.content(verb);
        check_scope(&attributes, content, verb, resource.is_some())?;
        if let Some(message) = &message {
            check_message(&attributes, content, message)?;
        }
        attributes.finish()?;
        expect_no_condition(&fact)?;
        Ok(ErrorDescription {
            rule,
            verb,
            resource: resource.map(Into::into),
            status,
            code: code.map(Into::into),
            message: message.map(Into::into),
            fact,
        })
    }
}

fn take_rule(attributes: &mut ElementAttributes<'_>) -> Part<ErrorRule> {
    let name = attributes.require("rule")?;
    let mut known = ERROR_CONTENTS.iter();
    if let Some(content) = known.find(|content| *content.name == *name) {
        return Ok(content.rule);
    }
    let names = || {
        let general = ERROR_CONTENTS.iter();
        let general = general.filter(|content| content.verb.is_none());
        general.map(|content| content.name)
    };
    let expected = nearest(&name, names());
    let expected = expected.map_or_else(|| names().collect::<Vec<_>>().join(", "), str::to_owned);
    Err(attributes.unexpected("rule", &name, &expected))
}

/// Checks that requests with the verb, or to a resource, can break the rule.
fn check_scope(
    attributes: &ElementAttributes<'_>,
    content: &ErrorContent,
    verb: Option<Verb>,
    has_resource: bool,
) -> Part<()> {
    let name = content.name;
    if content.verbs.is_empty() {
        let found = match (verb, has_resource) {
            (Some(_), _) => "verb",
            (None, true) => "resource",
            (None, false) => return Ok(()),
        };
        let message = format!("found the attribute {found}, expected none: {name} has no verbs");
        return Err(attributes.error(message));
    }
    match verb {
        Some(verb) if !content.verbs.contains(&verb) => {
            let verbs: Vec<_> = content.verbs.iter().map(|verb| verb.name()).collect();
            let expected = format!("a verb that can break {name}: {}", verbs.join(", "));
            Err(attributes.unexpected("verb", verb.name(), &expected))
        }
        _ => Ok(()),
    }
}

/// Checks the placeholders in a message, and its size.
fn check_message(
    attributes: &ElementAttributes<'_>,
    content: &ErrorContent,
    message: &str,
) -> Part<()> {
    if message.len() > MAX_MESSAGE_BYTES {
        let found = message.len();
        let message =
            format!("the message has {found} bytes, expected at most {MAX_MESSAGE_BYTES}");
        return Err(attributes.error(message));
    }
    let known = content.placeholders;
    let Some(unknown) = placeholder::names(message).find(|name| !known.contains(name)) else {
        return Ok(());
    };
    let known: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
    let expected = match known.is_empty() {
        true => format!("none: {} has no placeholders", content.name),
        false => format!("a placeholder of {}: {}", content.name, known.join(", ")),
    };
    let message = format!("found {{{unknown}}} in the message, expected {expected}");
    Err(attributes.error(message))
}

/// Returns the mistakes in the contents of the error responses of a release, each with its number. A resource may be
/// missing if `is_incomplete`.
pub(crate) fn check_errors(
    descriptions: &[Description],
    is_incomplete: bool,
    release: Release,
    errors: &[&ErrorDescription],
) -> Vec<(usize, DecodeError)> {
    let is_in_release = |error: &ErrorDescription| error.fact.covers(release);
    let numbered = errors.iter().enumerate();
    let mut mistakes = Vec::new();
    for (number, error) in numbered.filter(|(_, error)| is_in_release(error)) {
        let mut earlier = errors[..number].iter();
        let has_resource = |path: &str| {
            let mut descriptions = descriptions.iter();
            descriptions.any(|other| *other.path == *path && other.is_in(release))
        };
        let message = match &error.resource {
            Some(path) if !is_incomplete && !has_resource(path) => {
                let expected = format!("the path of a resource of release {release}");
                format!("resource is {path:?}, expected {expected}")
            }
            _ if earlier.any(|other| is_in_release(other) && other.is_about_same(error)) => {
                "the error is given twice, expected it once".to_owned()
            }
            _ => continue,
        };
        mistakes.push((number, DecodeError::new(error.fact.at, message)));
    }
    mistakes
}
