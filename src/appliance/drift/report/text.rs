//! The report for people.

use std::fmt::Write;

use super::{
    Report, ReportedDifference,
    mark::{confirmed, line, refuted},
    sentence::{in_one_line, sentence},
};
use crate::{appliance::facts::FactRow, schema::Provenance};

/// The number of refuted facts that are listed for one difference.
const MAX_FACTS: usize = 5;

impl Report<'_> {
    /// Returns the report as a text.
    pub(crate) fn text(&self) -> String {
        let heading = self.heading;
        let mut text = format!(
            "cuc-mock {} as release {}, compared with Unity Connection {} as release {}\n{}\n",
            env!("CARGO_PKG_VERSION"),
            heading.mock_release,
            in_one_line(&heading.server_version),
            heading.server_release,
            in_one_line(&heading.date),
        );
        for group in &self.groups {
            if !group.differences.is_empty() {
                let _ = writeln!(text, "\n{}", group.name);
            }
            add_differences(&mut text, &group.differences);
        }
        self.add_confirmed(&mut text);
        if !heading.warnings.is_empty() {
            text.push_str("\nWarnings\n");
            for warning in &heading.warnings {
                let _ = writeln!(text, "  {}", in_one_line(warning));
            }
        }
        let _ = writeln!(text, "\n{}", self.totals());
        text
    }

    /// Lists the confirmed facts that were inferred. The others are many and no news.
    fn add_confirmed(&self, text: &mut String) {
        let mut inferred = self.confirmed().filter(|row| is_inferred(row)).peekable();
        if inferred.peek().is_some() {
            text.push_str("\nConfirmed\n");
        }
        for row in inferred {
            let _ = writeln!(text, "  {}", line(row, &confirmed(row)));
        }
    }

    /// Returns the numbers of the report in one line.
    pub(super) fn totals(&self) -> String {
        let differences = self.differences().count();
        let refuted: usize = self.differences().map(|entry| entry.facts.len()).sum();
        let confirmed = self.confirmed().count();
        let now_captured = self.confirmed().filter(|row| is_inferred(row)).count();
        format!(
            "{}, {}: {} refuted, {} confirmed, {now_captured} of them inferred until now",
            number(self.heading.requests, "request"),
            number(differences, "difference"),
            number(refuted, "fact"),
            number(confirmed, "fact"),
        )
    }
}

fn is_inferred(row: &FactRow) -> bool {
    row.provenance == Provenance::Inferred
}

fn number(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Adds differences, those of the same request together.
fn add_differences(text: &mut String, differences: &[ReportedDifference]) {
    let mut request = None;
    for difference in differences {
        let ReportedDifference { finding, facts, .. } = difference;
        if request != Some(&finding.request) {
            let _ = writeln!(text, "  {}", in_one_line(&finding.request));
            request = Some(&finding.request);
        }
        let _ = writeln!(text, "    {}.", sentence(difference));
        for row in facts.iter().take(MAX_FACTS) {
            let _ = writeln!(text, "      {}", line(row, &refuted(row)));
        }
        if facts.len() > MAX_FACTS {
            let _ = writeln!(
                text,
                "      and {} more",
                number(facts.len() - MAX_FACTS, "fact")
            );
        }
        if facts.is_empty() {
            text.push_str("      no line of the fidelity pages is about it\n");
        }
    }
}
