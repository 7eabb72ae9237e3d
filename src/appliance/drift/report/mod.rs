//! The result of a comparison of two servers, in several formats.

mod json;
mod junit;
mod mark;
mod page;
mod page_names;
mod results;
mod sentence;
mod shared_findings;
#[cfg(test)]
mod tests;
mod text;

use self::shared_findings::{SharedFinding, merged};
pub(crate) use self::{page_names::PageNames, results::Results};
use super::Finding;
use crate::{
    appliance::facts::{FactKey, FactRow},
    schema::Release,
};

/// The name of the group of differences that belong to no resource.
const PROTOCOL: &str = "The protocol";
/// The name of the group of differences between the errors of several resources.
const ERRORS: &str = "Errors";

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
    groups: Vec<Group>,
}

/// The differences and the confirmed facts of a resource, or those of the protocol.
#[derive(Debug)]
struct Group {
    /// `/vmrest/users`, [`PROTOCOL`] or [`ERRORS`].
    name: String,
    differences: Vec<ReportedDifference>,
    confirmed: Vec<FactRow>,
}

/// A finding with the lines of the facts that it refutes.
#[derive(Debug)]
struct ReportedDifference {
    finding: Finding,
    /// The number of resources that have the difference.
    resources: usize,
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
        for SharedFinding { finding, resources } in merged(results.findings()) {
            let mut facts: Vec<_> = finding.facts.iter().filter_map(row).collect();
            facts.dedup();
            let group = match (&finding.resource, finding.error()) {
                (None, Some(_)) => ERRORS.to_owned(),
                (resource, _) => group_name(resource.as_deref()),
            };
            report.group(group).differences.push(ReportedDifference {
                finding,
                resources,
                facts,
            });
        }
        for fact in results.confirmed() {
            if let Some(row) = row(fact) {
                let group = report.group(group_of(fact));
                group.confirmed.push(row);
            }
        }
        for group in &mut report.groups {
            let place = |row: &FactRow| (row.page.clone(), row.line);
            group.confirmed.sort_by_key(place);
            group.confirmed.dedup();
        }
        // The protocol comes first, then the errors, then the resources as they were found.
        report
            .groups
            .sort_by_key(|group| (group.name != PROTOCOL, group.name != ERRORS));
        report
    }

    fn group(&mut self, name: String) -> &mut Group {
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

    fn differences(&self) -> impl Iterator<Item = &ReportedDifference> {
        self.groups.iter().flat_map(|group| &group.differences)
    }

    fn confirmed(&self) -> impl Iterator<Item = &FactRow> {
        self.groups.iter().flat_map(|group| &group.confirmed)
    }
}

/// Returns the group of a resource.
fn group_name(resource: Option<&str>) -> String {
    match resource {
        Some(path) => format!("/vmrest/{path}"),
        None => PROTOCOL.to_owned(),
    }
}

/// Returns the group of a fact.
fn group_of(fact: &FactKey) -> String {
    match fact {
        FactKey::Verb { resource, .. }
        | FactKey::Field { resource, .. }
        | FactKey::Rule { resource, .. } => group_name(Some(resource)),
        FactKey::Error { .. } => ERRORS.to_owned(),
        FactKey::Protocol(_) => PROTOCOL.to_owned(),
    }
}
