//! The result of a comparison of two servers, in several formats.

mod json;
mod junit;
mod mark;
mod page;
mod page_names;
mod results;
mod sentence;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use self::{page_names::PageNames, results::Results};
use super::Finding;
use crate::{
    appliance::facts::{FactKey, FactRow},
    schema::Release,
};

/// The name of the group of differences that belong to no resource.
const PROTOCOL: &str = "The protocol";

/// The servers that are compared, and the extent of the comparison.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// The version of the real server, as it names it.
    pub(crate) server_version: String,
    pub(crate) server_release: Release,
    /// The release that this server emulates.
    pub(crate) mock_release: Release,
    pub(crate) date: String,
    /// The number of requests that both servers received.
    pub(crate) requests: usize,
    pub(crate) warnings: Vec<String>,
}

/// The result of a comparison, with the lines of the fidelity pages.
#[derive(Debug)]
pub(crate) struct Report<'r> {
    heading: &'r Heading,
    groups: Vec<Group<'r>>,
}

/// The differences and the confirmed facts of a resource, or those of the protocol.
#[derive(Debug)]
struct Group<'r> {
    /// `/vmrest/users`, or [`PROTOCOL`].
    name: String,
    differences: Vec<ReportedDifference<'r>>,
    confirmed: Vec<FactRow>,
}

/// A finding with the lines of the facts that it refutes.
#[derive(Debug)]
struct ReportedDifference<'r> {
    finding: &'r Finding,
    facts: Vec<FactRow>,
}

impl<'r> Report<'r> {
    /// Adds the lines of the facts, by `row`, to the results.
    pub(crate) fn new(
        heading: &'r Heading,
        results: &'r Results,
        row: &dyn Fn(&FactKey) -> Option<FactRow>,
    ) -> Self {
        let mut report = Self {
            heading,
            groups: Vec::new(),
        };
        for finding in results.findings() {
            let group = report.group(finding.resource.as_deref());
            let mut facts: Vec<_> = finding.facts.iter().filter_map(row).collect();
            facts.dedup();
            group
                .differences
                .push(ReportedDifference { finding, facts });
        }
        for fact in results.confirmed() {
            if let Some(row) = row(fact) {
                let group = report.group(resource(fact));
                group.confirmed.push(row);
            }
        }
        for group in &mut report.groups {
            let place = |row: &FactRow| (row.page.clone(), row.line);
            group.confirmed.sort_by_key(place);
            group.confirmed.dedup();
        }
        // The protocol comes first, then the resources as they were found.
        report.groups.sort_by_key(|group| group.name != PROTOCOL);
        report
    }

    fn group(&mut self, resource: Option<&str>) -> &mut Group<'r> {
        let name = match resource {
            Some(path) => format!("/vmrest/{path}"),
            None => PROTOCOL.to_owned(),
        };
        let mut groups = self.groups.iter();
        let known = groups.position(|group| group.name == name);
        let index = known.unwrap_or_else(|| {
            self.groups.push(Group {
                name,
                differences: Vec::new(),
                confirmed: Vec::new(),
            });
            self.groups.len() - 1
        });
        &mut self.groups[index]
    }

    /// True if there is no difference.
    pub(crate) fn is_same(&self) -> bool {
        self.differences().next().is_none()
    }

    fn differences(&self) -> impl Iterator<Item = &ReportedDifference<'r>> {
        self.groups.iter().flat_map(|group| &group.differences)
    }

    fn confirmed(&self) -> impl Iterator<Item = &FactRow> {
        self.groups.iter().flat_map(|group| &group.confirmed)
    }
}

/// Returns the path of the resource that a fact is about.
fn resource(fact: &FactKey) -> Option<&str> {
    match fact {
        FactKey::Verb { resource, .. }
        | FactKey::Field { resource, .. }
        | FactKey::Rule { resource, .. } => Some(resource),
        FactKey::Error { .. } | FactKey::Protocol(_) => None,
    }
}
