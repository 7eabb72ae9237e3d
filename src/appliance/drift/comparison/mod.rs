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
use super::{Difference, Exchange};
use crate::appliance::{client::Response, facts::FactKey};

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
            let sides = Sides::new(self.status(mock), self.status(server));
            let facts = probe.status_facts.iter().cloned();
            differences.add(Difference::Status, None, sides, facts);
        }
        differences.finish()
    }

    /// Describes a status, with the code and the message of an error.
    fn status(&self, response: &Response) -> String {
        let status = response.status;
        let body = Body::read(response);
        let content = body.document().map(|document| &document.content);
        let Some(Content::Error(error)) = content else {
            return status.to_string();
        };
        let code = error.code.as_deref().unwrap_or("without a code");
        match &error.message {
            Some(message) => format!("{status} {code}: {}", self.shown().message(message)),
            None => format!("{status} {code}"),
        }
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
