//! The report for programs.

use serde::Serialize;

use super::{
    Report, ReportedDifference,
    mark::{confirmed, refuted},
};
use crate::{appliance::facts::FactRow, schema::Provenance};

#[derive(Serialize)]
struct JsonReport<'r> {
    server: JsonServer<'r>,
    mock: JsonServer<'r>,
    /// The date of the comparison.
    date: &'r str,
    /// The number of requests that both servers received.
    requests: usize,
    /// True if there is no difference.
    same: bool,
    differences: Vec<JsonDifference<'r>>,
    /// The facts that both servers agree on.
    confirmed: Vec<JsonFact<'r>>,
    warnings: &'r [String],
}

#[derive(Serialize)]
struct JsonServer<'r> {
    version: &'r str,
    release: String,
}

#[derive(Serialize)]
struct JsonDifference<'r> {
    /// The kind of the difference.
    difference: &'static str,
    /// The path of the resource below `/vmrest`, or `null`.
    resource: Option<&'r str>,
    /// The request in words.
    request: &'r str,
    /// The name of the field or of the header, or `null`.
    place: Option<&'r str>,
    mock: &'r str,
    server: &'r str,
    /// The number of places with the difference, of which this is the first.
    count: usize,
    /// The number of resources with it.
    resources: usize,
    /// The facts that the difference refutes.
    facts: Vec<JsonFact<'r>>,
}

#[derive(Serialize)]
struct JsonFact<'r> {
    /// The page, and the line from 1.
    page: &'r str,
    line: usize,
    fact: &'r str,
    provenance: Provenance,
    source: &'r str,
    /// The provenance and its change: `inferred, now refuted`.
    mark: String,
}

impl Report<'_> {
    /// Returns the report as a document in JSON.
    pub(crate) fn json(&self) -> String {
        let heading = self.heading;
        let report = JsonReport {
            server: JsonServer {
                version: &heading.server_version,
                release: heading.server_release.to_string(),
            },
            mock: JsonServer {
                version: env!("CARGO_PKG_VERSION"),
                release: heading.mock_release.to_string(),
            },
            date: &heading.date,
            requests: heading.requests,
            same: self.is_same(),
            differences: self.differences().map(difference).collect(),
            confirmed: self
                .confirmed()
                .map(|row| fact(row, confirmed(row)))
                .collect(),
            warnings: &heading.warnings,
        };
        let json = serde_json::to_string_pretty(&report);
        json.expect("the members of the report have names that are texts") + "\n"
    }
}

fn difference(difference: &ReportedDifference) -> JsonDifference<'_> {
    let ReportedDifference {
        finding,
        resources,
        facts,
    } = difference;
    JsonDifference {
        difference: finding.difference.name(),
        resource: finding.resource.as_deref(),
        request: &finding.request,
        place: finding.place.as_deref(),
        mock: &finding.mock,
        server: &finding.server,
        count: finding.count,
        resources: *resources,
        facts: facts.iter().map(|row| fact(row, refuted(row))).collect(),
    }
}

fn fact(row: &FactRow, mark: String) -> JsonFact<'_> {
    JsonFact {
        page: &row.page,
        line: row.line,
        fact: &row.behaviour,
        provenance: row.provenance,
        source: &row.source,
        mark,
    }
}
