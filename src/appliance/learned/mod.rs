//! Descriptions that are corrected from the differences to a real server, for `--resources`.

mod corrections;
mod error_entries;
mod field_corrections;
mod folder;
mod observations;
mod observed_fields;
mod rejections;
#[cfg(test)]
mod tests;

pub(crate) use self::observations::Observations;
use std::cmp::Reverse;

use self::{
    corrections::Corrections,
    error_entries::{ErrorEntries, ErrorEntry},
};
use super::{
    drift::{Difference, Finding},
    facts::{FactIndex, FactKey},
};
use crate::{
    engine::DecodeError, journal::holds_secret, resources::ServedResources, schema::Provenance,
};

const NO_DATA: &str = "there is no response in XML to learn from";
const NO_DESCRIPTION: &str = "no description can express it";

/// A server and what it has in common with a real one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learning<'l> {
    /// The resources of this server.
    pub(crate) served: &'l ServedResources,
    pub(crate) facts: &'l FactIndex,
    /// The responses of both servers.
    pub(crate) observations: &'l Observations,
    /// The real server and the time: `a server with 14.0.1.10000, 2026-11-28`.
    pub(crate) source: &'l str,
    /// Texts that no file may contain: the secrets that requests have sent.
    pub(crate) secrets: &'l [String],
}

/// The descriptions of the facts that a real server has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    /// The names of the files and their texts, which replace those that this server was started with:
    /// `cuc-mock check --resources` accepts them by themselves.
    pub(crate) files: Vec<(String, String)>,
    /// The differences that no description expresses.
    pub(crate) not_learned: Vec<NotLearned>,
}

/// A difference that is not learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotLearned {
    pub(crate) finding: Finding,
    pub(crate) reason: String,
}

impl Learning<'_> {
    /// Corrects the facts that findings refute, and marks inferred facts that are confirmed as captured. Fails if a
    /// description of this server cannot be read.
    pub(crate) fn learn(
        &self,
        findings: &[Finding],
        confirmed: &[FactKey],
    ) -> Result<Learned, DecodeError> {
        let mut corrections = Corrections::new(self.served, self.source)?;
        let documents = self.served.descriptions.iter();
        let mut errors = ErrorEntries::new(documents.map(|file| &*file.document));
        let is_refuted = |key: &FactKey| {
            let mut findings = findings.iter();
            findings.any(|finding| finding.facts.contains(key))
        };
        // The numbers of rules are those before any is removed.
        for key in confirmed.iter().filter(|key| !is_refuted(key)) {
            let row = self.facts.row(key);
            if row.is_some_and(|row| row.provenance == Provenance::Inferred) {
                confirm(key, &mut corrections, &mut errors);
            }
        }
        let mut order: Vec<_> = findings.iter().enumerate().collect();
        order.sort_by_key(|(_, finding)| Reverse(rule_number(finding)));
        let mut not_learned = Vec::new();
        for (number, finding) in order {
            if let Err(reason) = self.correct(finding, &mut corrections, &mut errors) {
                let finding = finding.clone();
                not_learned.push((number, NotLearned { finding, reason }));
            }
        }
        errors.fill_in(&self.served.catalogue);
        errors.widen(&self.rejections());
        not_learned.retain(|(_, other)| !self.is_learned(&other.finding, &errors));
        not_learned.sort_by_key(|(number, _)| *number);
        let not_learned = not_learned.into_iter().map(|(_, found)| found).collect();
        let mut files = Vec::new();
        if corrections.has_any() || errors.has_new() {
            files = folder::named(corrections.texts());
            files.extend(errors.text(self.source).map(folder::errors));
        }
        Ok(Learned { files, not_learned })
    }

    /// Corrects the description that a finding refutes. Fails with the reason if it cannot.
    fn correct(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
        errors: &mut ErrorEntries,
    ) -> Result<(), String> {
        match finding.difference {
            Difference::Status => self.correct_status(finding, corrections, errors),
            Difference::Code | Difference::Message => self.correct_error(finding, errors),
            Difference::AdditionalField => self.add_field(finding, corrections),
            Difference::MissingField => self.remove_field(finding, corrections),
            Difference::Order => self.set_order(finding, corrections),
            Difference::Kind => self.set_kind(finding, corrections),
            Difference::Default => self.set_default(finding, corrections),
            Difference::Rule => self.correct_rule(finding, corrections),
            Difference::Header | Difference::Body | Difference::Value => {
                Err(NO_DESCRIPTION.to_owned())
            }
        }
    }

    /// Fails if a text must not be written.
    fn check_secret(&self, text: &str) -> Result<(), String> {
        let mut secrets = self.secrets.iter().filter(|secret| !secret.is_empty());
        match secrets.any(|secret| text.contains(&**secret)) || holds_secret(text) {
            true => Err("it contains a secret".to_owned()),
            false => Ok(()),
        }
    }
}

/// Marks a fact as captured.
fn confirm(key: &FactKey, corrections: &mut Corrections, errors: &mut ErrorEntries) {
    match key {
        FactKey::Verb { resource, .. }
        | FactKey::Field { resource, .. }
        | FactKey::Rule { resource, .. } => {
            corrections.confirm(resource, |tree| tree.confirm(key));
        }
        FactKey::Error { rule, verb } => {
            // An entry that repeats the content marks it.
            let content = rule.content(*verb);
            errors.confirm(ErrorEntry {
                rule: *rule,
                verb: content.verb,
                resource: None,
                status: Some(content.status),
                code: None,
                message: None,
            });
        }
        FactKey::Protocol(_) => {}
    }
}

/// Returns the largest number of a rule that a finding refutes.
fn rule_number(finding: &Finding) -> usize {
    let numbers = finding.facts.iter().map(|fact| match fact {
        FactKey::Rule { number, .. } => *number,
        _ => 0,
    });
    numbers.max().unwrap_or_default()
}
