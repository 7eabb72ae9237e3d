//! The same request to both servers, and their responses.

use percent_encoding::percent_decode_str;

use super::id_pairs::without_placeholders;
use crate::appliance::{
    client::{Request, Response},
    facts::FactKey,
};

/// A request that both servers receive, and the facts that it tests.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    /// The request in words: `POST /vmrest/tenants without Alias`. Ids of objects that only one server has are
    /// placeholders in it.
    pub(crate) name: String,
    /// The path of the resource below `/vmrest`, if it is about one.
    pub(crate) resource: Option<String>,
    /// The facts that determine the status.
    pub(crate) status_facts: Vec<FactKey>,
    /// The fact that determines the body of an error response.
    pub(crate) error_fact: Option<FactKey>,
    /// True if the response shows an object that was created without most of its fields, so that they have their
    /// defaults.
    pub(crate) shows_defaults: bool,
}

/// A probe with both responses. Ids of objects that only one server has are replaced by the same placeholders in both.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) probe: Probe,
    /// The response of this server.
    pub(crate) mock: Response,
    /// The response of the real server.
    pub(crate) server: Response,
}

/// Returns a target for people: decoded, and without the ids of new objects.
fn shown(target: &str) -> String {
    let target = without_placeholders(target);
    match target.split_once('?') {
        Some((path, query)) => {
            let query = query.replace('+', " ");
            format!("{path}?{}", percent_decode_str(&query).decode_utf8_lossy())
        }
        None => target,
    }
}

/// A probe with its request, as both servers receive it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) probe: Probe,
    /// The request. Ids of objects that only one server has are placeholders in it.
    pub(crate) request: Request,
    /// The facts that determine the status if this server accepts the request.
    pub(crate) success_facts: Vec<FactKey>,
}

impl Step {
    /// Returns a step without facts. `purpose` follows the request in the name.
    pub(crate) fn new(request: Request, resource: Option<&str>, purpose: &str) -> Self {
        let separator = if purpose.is_empty() { "" } else { " " };
        Self {
            probe: Probe {
                name: format!(
                    "{} {}{separator}{purpose}",
                    request.method,
                    shown(&request.target)
                ),
                resource: resource.map(str::to_owned),
                status_facts: Vec::new(),
                error_fact: None,
                shows_defaults: false,
            },
            request,
            success_facts: Vec::new(),
        }
    }

    /// Adds a fact that determines the status if this server accepts the request.
    pub(crate) fn success(mut self, fact: FactKey) -> Self {
        self.success_facts.push(fact);
        self
    }

    /// Adds a fact that determines the status.
    pub(crate) fn fact(mut self, fact: FactKey) -> Self {
        self.probe.status_facts.push(fact);
        self
    }

    /// Sets the fact that determines the body of an error.
    pub(crate) fn error(mut self, fact: FactKey) -> Self {
        self.probe.error_fact = Some(fact);
        self
    }

    /// Sets the fact that determines both the status and the body of an error.
    pub(crate) fn rejection(self, fact: FactKey) -> Self {
        self.fact(fact.clone()).error(fact)
    }

    /// Marks the response as one with an object that has its defaults, if it does.
    pub(crate) fn showing_defaults(mut self, shows_defaults: bool) -> Self {
        self.probe.shows_defaults = shows_defaults;
        self
    }
}
