//! The outcomes of all exchanges.

use std::collections::BTreeSet;

use crate::appliance::{
    drift::{Difference, Finding, Outcome},
    facts::FactKey,
};

/// The outcomes of all exchanges, each difference once.
#[derive(Debug, Default)]
pub(crate) struct Results {
    findings: Vec<Finding>,
    confirmed: Vec<FactKey>,
    /// The facts of `confirmed`, for a fast search.
    known: BTreeSet<String>,
}

impl Results {
    /// Adds the outcome of an exchange.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        outcome
            .findings
            .into_iter()
            .for_each(|finding| self.add_finding(finding));
        for fact in outcome.confirmed {
            if self.known.insert(format!("{fact:?}")) {
                self.confirmed.push(fact);
            }
        }
    }

    /// Adds a finding, or counts it if it is about the same place as an earlier one.
    pub(crate) fn add_finding(&mut self, finding: Finding) {
        let mut known = self.findings.iter_mut();
        match known.find(|known| is_same(known, &finding)) {
            Some(known) => known.count += finding.count,
            None => self.findings.push(finding),
        }
    }

    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the facts that an exchange has confirmed and none has refuted.
    pub(crate) fn confirmed(&self) -> impl Iterator<Item = &FactKey> {
        let refuted = self.findings.iter().flat_map(|finding| &finding.facts);
        let refuted: BTreeSet<_> = refuted.map(|fact| format!("{fact:?}")).collect();
        let confirmed = self.confirmed.iter();
        confirmed.filter(move |fact| !refuted.contains(&format!("{fact:?}")))
    }
}

/// True for the same difference of a resource, or of a header in all responses.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let has_same_sides = || one.mock == other.mock && one.server == other.server;
    one.difference == other.difference
        && one.place == other.place
        && one.difference.is_general()
        && match one.difference {
            Difference::Header => has_same_sides(),
            Difference::Body => one.resource == other.resource && has_same_sides(),
            _ => one.resource == other.resource && (one.place.is_some() || has_same_sides()),
        }
}
