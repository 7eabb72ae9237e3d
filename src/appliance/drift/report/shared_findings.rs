//! The same difference in several requests.

use std::collections::BTreeSet;

use crate::appliance::{
    drift::{Difference, Finding, Templates},
    message_template::explains,
};

/// A finding with the requests that have it.
#[derive(Debug)]
pub(super) struct SharedFinding {
    /// The first one. It has no resource if several have it, and its sides have placeholders if only values differ.
    pub(super) finding: Finding,
    /// The number of resources.
    pub(super) resources: usize,
}

/// The findings with the same difference.
struct Occurrences<'f> {
    /// The one whose texts have the most placeholders.
    example: &'f Finding,
    finding: Finding,
    resources: BTreeSet<Option<&'f str>>,
}

/// Returns the findings, those about the same error or default and with the same sides as one. The texts of errors are the
/// same if they differ only in the values of the requests.
pub(super) fn merged(findings: &[Finding]) -> Vec<SharedFinding> {
    let mut known: Vec<Occurrences<'_>> = Vec::new();
    for finding in findings {
        let mut candidates = known.iter_mut();
        match candidates.find(|candidate| is_same(candidate.example, finding)) {
            Some(candidate) => candidate.add(finding),
            None => known.push(Occurrences {
                example: finding,
                finding: finding.clone(),
                resources: BTreeSet::from([finding.resource.as_deref()]),
            }),
        }
    }
    let shared = known.into_iter().map(|occurrences| SharedFinding {
        finding: occurrences.finding,
        resources: occurrences.resources.len(),
    });
    shared.collect()
}

impl<'f> Occurrences<'f> {
    fn add(&mut self, other: &'f Finding) {
        let Self {
            example,
            finding,
            resources,
        } = self;
        finding.count += other.count;
        resources.insert(other.resource.as_deref());
        if resources.len() > 1 {
            finding.resource = None;
        }
        let has_same_sides = has_same_sides(example, other);
        if let (Some(one), Some(more)) = (&example.templates, &other.templates)
            && one != more
            && includes(more, one)
        {
            *example = other;
        }
        if !has_same_sides && let Some(Templates { mock, server }) = &example.templates {
            finding.mock.clone_from(mock);
            finding.server.clone_from(server);
        }
        for fact in &other.facts {
            if !finding.facts.contains(fact) {
                finding.facts.push(fact.clone());
            }
        }
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    let is_same_default = || {
        one.resource == other.resource
            && one.place == other.place
            && one.facts == other.facts
            && has_same_sides(one, other)
    };
    let is_same_error = || {
        one.error().is_some()
            && one.error() == other.error()
            && (has_same_sides(one, other) || has_same_templates(one, other))
    };
    one.difference == other.difference
        && match one.difference {
            Difference::Default => is_same_default(),
            _ => is_same_error(),
        }
}

fn has_same_templates(one: &Finding, other: &Finding) -> bool {
    let templates = one.templates.as_ref().zip(other.templates.as_ref());
    templates.is_some_and(|(one, other)| includes(one, other) || includes(other, one))
}

/// True if templates have the placeholders of others, or more: a short value may not be recognized.
fn includes(one: &Templates, other: &Templates) -> bool {
    let includes = |one: &str, other: &str| one == other || explains(one, other);
    includes(&one.mock, &other.mock) && includes(&one.server, &other.server)
}

fn has_same_sides(one: &Finding, other: &Finding) -> bool {
    one.mock == other.mock && one.server == other.server
}
