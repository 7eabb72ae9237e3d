//! The comparison of the responses of both servers to the same request.

mod body;
mod contents;
mod context;
mod defaults;
mod differences;
mod document;
mod fields;
mod headers;
mod pairs;
mod protocol;
mod shown;
#[cfg(test)]
mod tests;

use self::{
    body::Body,
    differences::{Differences, Sides},
    document::Content,
    headers::without_ids,
    shown::without_hosts,
};
pub(crate) use self::{context::Comparison, differences::Outcome};
use super::{Difference, Exchange, Probe, Templates};
use crate::appliance::{client::Response, facts::FactKey, rejection::Rejection};

impl Comparison<'_> {
    /// Compares both responses: their statuses, and if they agree, their headers and bodies.
    pub(crate) fn compare(&self, exchange: &Exchange) -> Outcome {
        let mut differences = Differences::new(exchange);
        let Exchange {
            probe,
            mock,
            server,
        } = exchange;
        if mock.status == server.status {
            let facts = probe.status_facts.iter();
            facts.for_each(|fact| differences.test(fact.clone()));
            self.compare_headers(exchange, &mut differences);
            self.compare_bodies(exchange, &mut differences);
        } else {
            self.compare_statuses(exchange, &mut differences);
        }
        differences.finish()
    }

    /// Adds a difference of statuses. If both servers reject the request, it is one of the error, not of the rule.
    fn compare_statuses(&self, exchange: &Exchange, differences: &mut Differences<'_>) {
        let Exchange {
            probe,
            mock,
            server,
        } = exchange;
        let is_rejected = is_rejection(mock.status) && is_rejection(server.status);
        let error = probe.error_fact.clone().filter(|_| is_rejected);
        let (mock, server) = (Rejected::of(mock), Rejected::of(server));
        let side = |side: &Rejected| side.shown(|message| self.shown().message(message));
        let sides = Sides::new(side(&mock), side(&server));
        let Some(error) = error else {
            let facts = probe.status_facts.iter().cloned();
            differences.add(Difference::Status, None, sides, facts);
            return;
        };
        // The lines about the protocol have statuses, the rules of resources do not.
        let facts = probe.status_facts.iter().cloned();
        let (protocol, rules): (Vec<_>, Vec<_>) =
            facts.partition(|fact| matches!(fact, FactKey::Protocol(_)));
        rules.into_iter().for_each(|rule| differences.test(rule));
        let messages = (mock.message.as_deref(), server.message.as_deref());
        let template = |message: &str| self.template(probe, messages, message);
        let templates = Templates {
            mock: mock.shown(template),
            server: server.shown(template),
        };
        let facts = protocol.into_iter().chain([error]);
        differences.add_error(Difference::Status, sides, templates, facts);
    }

    /// Returns a message with placeholders for the values of a request. `messages` are those of both servers.
    fn template(
        &self,
        probe: &Probe,
        (mock, server): (Option<&str>, Option<&str>),
        message: &str,
    ) -> String {
        let message = match &probe.error_fact {
            Some(FactKey::Error { rule, .. }) => {
                let rejection = Rejection {
                    catalogue: self.catalogue,
                    rule: *rule,
                    resource: probe.resource.as_deref(),
                    request: &probe.name,
                    mock,
                    server,
                };
                rejection.without_values(message)
            }
            _ => message.to_owned(),
        };
        self.shown().message(&without_hosts(&message))
    }

    fn compare_headers(&self, exchange: &Exchange, differences: &mut Differences<'_>) {
        let names = headers::COMPARED.into_iter();
        for name in names.filter(|name| !self.ignored.has_header(name)) {
            let mock = headers::form(&exchange.mock, name);
            let server = headers::form(&exchange.server, name);
            let fact = header_fact(name, mock.as_deref(), exchange.mock.status);
            if mock != server {
                let shown = self.shown();
                let sides = Sides::new(shown.header(mock), shown.header(server));
                differences.add(Difference::Header, Some(name), sides, fact);
            } else if mock.is_some() && confirms(name, exchange.mock.status) {
                fact.into_iter().for_each(|fact| differences.test(fact));
            }
        }
    }

    fn compare_bodies(&self, exchange: &Exchange, differences: &mut Differences<'_>) {
        let (mock, server) = (Body::read(&exchange.mock), Body::read(&exchange.server));
        if mock.format() != server.format() {
            let sides = Sides::new(mock.format(), server.format());
            differences.add(Difference::Body, None, sides, text_fact(exchange));
            return;
        }
        match (&mock, &server) {
            (Body::Text(_, mock), Body::Text(_, server)) => {
                let form = |text: &str| without_ids(&without_hosts(text));
                if form(mock) != form(server) {
                    let shown = self.shown();
                    let sides = Sides::new(shown.value(mock), shown.value(server));
                    differences.add(Difference::Value, None, sides, text_fact(exchange));
                }
                text_fact(exchange)
                    .into_iter()
                    .for_each(|fact| differences.test(fact));
            }
            (Body::Bytes(mock), Body::Bytes(server)) if mock != server => {
                let side = |bytes: &[u8]| format!("{} bytes", bytes.len());
                let sides = Sides::new(side(mock), format!("other {}", side(server)));
                differences.add(Difference::Value, None, sides, None);
            }
            _ => {
                if let Some((mock, server)) = mock.document().zip(server.document()) {
                    contents::compare(self, &exchange.probe, mock, server, differences);
                }
            }
        }
    }
}

/// A response with its status and the texts of its error.
struct Rejected {
    status: u16,
    code: Option<String>,
    message: Option<String>,
}

impl Rejected {
    fn of(response: &Response) -> Self {
        let body = Body::read(response);
        let (code, message) = match body.document().map(|document| &document.content) {
            Some(Content::Error(error)) => (
                Some(error.code.clone().unwrap_or("without a code".to_owned())),
                error.message.clone(),
            ),
            _ => (None, None),
        };
        Self {
            status: response.status,
            code,
            message,
        }
    }

    /// Describes the status, with the code and the message of an error.
    fn shown(&self, message: impl Fn(&str) -> String) -> String {
        let status = self.status;
        match (&self.code, &self.message) {
            (None, _) => status.to_string(),
            (Some(code), None) => format!("{status} {code}"),
            (Some(code), Some(text)) => format!("{status} {code}: {}", message(text)),
        }
    }
}

/// True for a status that rejects a request for a reason in the request itself.
fn is_rejection(status: u16) -> bool {
    const OTHER: [u16; 7] = [401, 403, 404, 405, 408, 415, 429];
    (400..500).contains(&status) && !OTHER.contains(&status)
}

/// Returns the fact that a header of this server's response tests.
fn header_fact(name: &str, value: Option<&str>, status: u16) -> Option<FactKey> {
    let is_xml = || value.is_some_and(|value| value.starts_with("application/xml"));
    match (name, status) {
        (headers::CONTENT_TYPE, 201) => Some(protocol::CREATED_TYPE),
        (headers::CONTENT_TYPE, _) => is_xml().then_some(protocol::CONTENT_TYPE),
        (headers::LOCATION, 201) => Some(protocol::CREATED_LOCATION),
        (headers::LOCATION, _) => None,
        (headers::ALLOW, _) => Some(protocol::ALLOW),
        (headers::CHALLENGE, _) => Some(protocol::CHALLENGE),
        (headers::COOKIES, 200 | 204 | 403) => Some(protocol::COOKIES),
        (headers::COOKIES, _) => Some(protocol::OTHER_COOKIES),
        _ => Some(protocol::HEADERS),
    }
}

/// True if a header with this status tests the whole fact about it.
fn confirms(name: &str, status: u16) -> bool {
    match name {
        headers::ALLOW | headers::CHALLENGE => false,
        headers::CONTENT_TYPE => matches!(status, 201 | 204),
        _ => true,
    }
}

/// Returns the fact about a body that is no document.
fn text_fact(exchange: &Exchange) -> Option<FactKey> {
    match exchange.mock.status {
        201 => Some(protocol::CREATED_BODY),
        401 => Some(protocol::CHALLENGE),
        _ => None,
    }
}
