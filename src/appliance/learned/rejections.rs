//! Corrections from the responses to requests that one of the servers rejects.

use super::{
    Learning, NO_DATA, NO_DESCRIPTION,
    corrections::Corrections,
    error_entries::{ErrorEntries, ErrorEntry},
    observations::ObservedExchange,
};
use crate::{
    appliance::{
        drift::{Difference, Finding},
        facts::{FactKey, FieldRule},
        message_template,
        rejection::Rejection,
    },
    schema::{ErrorRule, placeholder},
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
            true => self.correct_error(finding, errors),
            false => Err(NO_DESCRIPTION.to_owned()),
        }
    }

    /// Corrects the content of a rejection.
    pub(super) fn correct_error(
        &self,
        finding: &Finding,
        errors: &mut ErrorEntries,
    ) -> Result<(), String> {
        let exchange = self.exchange(finding)?;
        let facts = exchange.error_fact.iter().chain(&finding.facts);
        let mut rules = facts.filter_map(|fact| match fact {
            FactKey::Error { rule, .. } => Some(*rule),
            _ => None,
        });
        let rule = rules.next().ok_or(NO_DESCRIPTION)?;
        let rejection = self.rejection(rule, &finding.request, exchange);
        let server = &exchange.server;
        let is_status = finding.difference == Difference::Status;
        let mut entry = ErrorEntry::of(&rejection);
        if is_status {
            entry.status = Some(server.status);
        }
        let own = &exchange.mock;
        if is_status && server.code != own.code || finding.difference == Difference::Code {
            entry.code.clone_from(&server.code);
        }
        let mut problem = None;
        if is_status && server.message != own.message || finding.difference == Difference::Message {
            match self.message(&rejection) {
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

    /// Returns the scopes of all requests that both servers reject, and this one by their rule.
    pub(super) fn rejections(&self) -> Vec<ErrorEntry> {
        let exchanges = self.observations.exchanges();
        let entries = exchanges.filter_map(|(request, exchange)| {
            let Some(FactKey::Error { rule, .. }) = exchange.error_fact else {
                return None;
            };
            let rejection = self.rejection(rule, request, exchange);
            let is_rejected = (400..500).contains(&exchange.server.status)
                && rejection.is_by_rule(exchange.mock.status);
            is_rejected.then(|| ErrorEntry::of(&rejection))
        });
        entries.collect()
    }

    /// True if the entries explain the response in which the real server differs.
    pub(super) fn is_learned(&self, finding: &Finding, errors: &ErrorEntries) -> bool {
        let Some(FactKey::Error { rule, .. }) = finding.error() else {
            return false;
        };
        let exchange = self.observations.exchange(&finding.request);
        exchange.is_some_and(|exchange| {
            let rejection = self.rejection(*rule, &finding.request, exchange);
            let server = &exchange.server;
            errors.explains(&rejection, server.status, server.code.as_deref())
        })
    }

    /// Returns the message of the real server with placeholders.
    fn message(&self, rejection: &Rejection<'_>) -> Result<Option<String>, String> {
        let Some(message) = rejection.server else {
            return Ok(None);
        };
        let values = rejection.values().ok_or("the values in it are unknown")?;
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

    fn rejection<'r>(
        &'r self,
        rule: ErrorRule,
        request: &'r str,
        exchange: &'r ObservedExchange,
    ) -> Rejection<'r> {
        Rejection {
            catalogue: &self.served.catalogue,
            rule,
            resource: exchange.resource.as_deref(),
            request,
            mock: exchange.mock.message.as_deref(),
            server: exchange.server.message.as_deref(),
        }
    }

    fn exchange(&self, finding: &Finding) -> Result<&ObservedExchange, String> {
        let exchange = self.observations.exchange(&finding.request);
        exchange.ok_or_else(|| NO_DATA.to_owned())
    }
}
