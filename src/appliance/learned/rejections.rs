//! Corrections from the responses to requests that one of the servers rejects.

use super::{
    Learning, NO_DATA, NO_DESCRIPTION,
    corrections::Corrections,
    error_entries::{ErrorEntries, ErrorEntry},
    message_template::{self, PlaceholderTexts},
    observations::ObservedExchange,
    verb_of,
};
use crate::{
    appliance::{
        drift::{Difference, Finding},
        facts::{FactKey, FieldRule},
    },
    schema::{Description, ErrorRule, placeholder},
};

const METHOD_NOT_ALLOWED: u16 = 405;

impl Learning<'_> {
    /// Corrects the rule or the verb that a status refutes, or the content of the rejection if both servers reject the
    /// request.
    pub(super) fn correct_status(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
        errors: &mut ErrorEntries,
    ) -> Result<(), String> {
        let exchange = self.exchange(finding)?;
        let (mock, server) = (exchange.mock.status, exchange.server.status);
        let is_success = |status: u16| (200..300).contains(&status);
        for fact in &finding.facts {
            match fact {
                FactKey::Verb { resource, verb }
                    if is_success(mock) && server == METHOD_NOT_ALLOWED =>
                {
                    return corrections.correct(resource, |tree| tree.remove_verb(*verb));
                }
                FactKey::Verb { resource, verb }
                    if mock == METHOD_NOT_ALLOWED && is_success(server) =>
                {
                    return corrections.correct(resource, |tree| tree.add_verb(*verb));
                }
                FactKey::Rule {
                    resource,
                    field,
                    rule,
                    number,
                } => {
                    let is_refuted = match rule {
                        FieldRule::Clearable => is_success(mock) && !is_success(server),
                        _ => !is_success(mock) && is_success(server),
                    };
                    if is_refuted {
                        return corrections
                            .correct(resource, |tree| tree.remove_rule(field, *rule, *number));
                    }
                }
                _ => {}
            }
        }
        match mock >= 400 && server >= 400 {
            true => self.correct_error(finding, corrections, errors),
            false => Err(NO_DESCRIPTION.to_owned()),
        }
    }

    /// Corrects the content of a rejection.
    pub(super) fn correct_error(
        &self,
        finding: &Finding,
        corrections: &Corrections,
        errors: &mut ErrorEntries,
    ) -> Result<(), String> {
        let exchange = self.exchange(finding)?;
        let facts = exchange.error_fact.iter().chain(&finding.facts);
        let mut rules = facts.filter_map(|fact| match fact {
            FactKey::Error { rule, .. } => Some(*rule),
            _ => None,
        });
        let rule = rules.next().ok_or(NO_DESCRIPTION)?;
        let verb = verb_of(rule, &finding.request);
        let has_verbs = !rule.content(None).verbs.is_empty();
        let mut entry = ErrorEntry {
            rule,
            verb,
            resource: finding.resource.clone().filter(|_| has_verbs),
            status: None,
            code: None,
            message: None,
        };
        let server = &exchange.server;
        let is_status = finding.difference == Difference::Status;
        if is_status {
            entry.status = Some(server.status);
        }
        if is_status || finding.difference == Difference::Code {
            entry.code.clone_from(&server.code);
        }
        let mut problem = None;
        if is_status || finding.difference == Difference::Message {
            match self.message(finding, exchange, rule, corrections) {
                Ok(message) => entry.message = message,
                Err(reason) => problem = Some(reason),
            }
        }
        if let Some(code) = &entry.code {
            self.check_secret(code)?;
        }
        if entry.status.is_some() || entry.code.is_some() || entry.message.is_some() {
            errors.add(entry)?;
        }
        match problem {
            None => Ok(()),
            Some(problem) if is_status => Err(format!("the message is not learned: {problem}")),
            Some(problem) => Err(problem),
        }
    }

    /// Returns the message of the real server with placeholders.
    fn message(
        &self,
        finding: &Finding,
        exchange: &ObservedExchange,
        rule: ErrorRule,
        corrections: &Corrections,
    ) -> Result<Option<String>, String> {
        let Some(message) = &exchange.server.message else {
            return Ok(None);
        };
        let content = rule.content(verb_of(rule, &finding.request));
        let resource = finding.resource.as_deref();
        let description = resource.and_then(|path| corrections.description(path));
        let values = match (rule, description) {
            (ErrorRule::NotFound, Some(description)) => identity(description, &finding.request),
            _ => {
                let own = exchange.mock.message.as_deref();
                let values = own.and_then(|own| message_template::values(content.message, own));
                values.ok_or("the values in it are unknown")?
            }
        };
        if placeholder::names(message).next().is_some() {
            return Err("it contains a name in braces".to_owned());
        }
        if message.chars().any(char::is_control) {
            return Err("it has several lines".to_owned());
        }
        let message = message_template::generalised(message, &values);
        self.check_secret(&message)?;
        match message_template::has_id(&message) {
            true => Err("it contains an id".to_owned()),
            false => Ok(Some(message)),
        }
    }

    fn exchange(&self, finding: &Finding) -> Result<&ObservedExchange, String> {
        let exchange = self.observations.exchange(&finding.request);
        exchange.ok_or_else(|| NO_DATA.to_owned())
    }
}

/// Returns the values in messages about a missing object, whose id ends the path of a request.
fn identity(description: &Description, request: &str) -> PlaceholderTexts {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let id = path.rsplit('/').next().unwrap_or_default();
    let element = description.element.to_string();
    let mut values = vec![("kind", element.to_ascii_lowercase()), ("element", element)];
    if let Some(key) = &description.key {
        values.push(("identity", format!(" - {key}={id}")));
        values.push(("field", key.to_string()));
        values.push(("id", id.to_owned()));
    }
    values
}
