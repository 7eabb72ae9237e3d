//! The differences of an exchange, and the facts that it tests.

use crate::{
    appliance::{
        drift::{Difference, Exchange, Finding, Templates},
        facts::FactKey,
    },
    schema::Kind,
};

/// The result of comparing the responses of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) findings: Vec<Finding>,
    /// The facts that the exchange tests and that both servers agree on.
    pub(crate) confirmed: Vec<FactKey>,
}

/// The differences of an exchange that were found so far.
#[derive(Debug)]
pub(super) struct Differences<'e> {
    exchange: &'e Exchange,
    findings: Vec<Finding>,
    tested: Vec<FactKey>,
}

/// The sides of a difference, as findings show them.
pub(super) struct Sides {
    pub(super) mock: String,
    pub(super) server: String,
}

impl Sides {
    pub(super) fn new(mock: impl Into<String>, server: impl Into<String>) -> Self {
        Self {
            mock: mock.into(),
            server: server.into(),
        }
    }
}

impl<'e> Differences<'e> {
    pub(super) fn new(exchange: &'e Exchange) -> Self {
        Self {
            exchange,
            findings: Vec::new(),
            tested: Vec::new(),
        }
    }

    /// Adds a difference. Another one of the same kind at the same place only counts.
    pub(super) fn add(
        &mut self,
        difference: Difference,
        place: Option<&str>,
        sides: Sides,
        facts: impl IntoIterator<Item = FactKey>,
    ) {
        self.add_of_kind(difference, place, None, sides, facts);
    }

    /// Adds a difference of a field of this kind.
    pub(super) fn add_of_kind(
        &mut self,
        difference: Difference,
        place: Option<&str>,
        kind: Option<Kind>,
        sides: Sides,
        facts: impl IntoIterator<Item = FactKey>,
    ) {
        let mut findings = self.findings.iter_mut();
        let known = findings
            .find(|finding| finding.difference == difference && finding.place.as_deref() == place);
        if let Some(known) = known {
            known.count += 1;
            return;
        }
        let probe = &self.exchange.probe;
        self.findings.push(Finding {
            difference,
            request: probe.name.clone(),
            resource: probe.resource.clone(),
            place: place.map(str::to_owned),
            kind,
            mock: sides.mock,
            server: sides.server,
            facts: facts.into_iter().collect(),
            count: 1,
            templates: None,
        });
    }

    /// Adds a difference of errors, of which there is one for each part of a response.
    pub(super) fn add_error(
        &mut self,
        difference: Difference,
        sides: Sides,
        templates: Templates,
        facts: impl IntoIterator<Item = FactKey>,
    ) {
        let number = self.findings.len();
        self.add(difference, None, sides, facts);
        if let Some(finding) = self.findings.get_mut(number) {
            finding.templates = Some(templates);
        }
    }

    /// Adds a fact that the exchange tests.
    pub(super) fn test(&mut self, fact: FactKey) {
        if !self.tested.contains(&fact) {
            self.tested.push(fact);
        }
    }

    /// Returns the findings, and those of the tested facts that none of them refutes.
    pub(super) fn finish(self) -> Outcome {
        let Self {
            findings,
            tested: mut confirmed,
            ..
        } = self;
        let is_refuted = |fact: &FactKey| {
            let mut findings = findings.iter();
            findings.any(|finding| finding.facts.contains(fact))
        };
        confirmed.retain(|fact| !is_refuted(fact));
        Outcome {
            findings,
            confirmed,
        }
    }
}
