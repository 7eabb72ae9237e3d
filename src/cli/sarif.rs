//! SARIF, the format of code scanning.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::check_report::{Problem, Report, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The characters that a path in a URI cannot contain.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Renders a report as a SARIF log with one run.
pub(super) fn render(report: &Report) -> String {
    let rules = Rule::ALL.map(|rule| {
        json!({
            "id": rule.name(),
            "shortDescription": { "text": rule.description() },
            "defaultConfiguration": { "level": rule.severity() },
        })
    });
    let omission = report.omission().map(|text| {
        let rule = Rule::InvalidFixture;
        json!({ "ruleId": rule.name(), "level": rule.severity(), "message": { "text": text } })
    });
    let results = report.problems().map(result).chain(omission);
    let results: Vec<_> = results.collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(problem: &Problem) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": uri(&problem.path) } });
    if let Some((line, column)) = problem.position {
        location["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({
        "ruleId": problem.rule.name(),
        "level": problem.rule.severity(),
        "message": { "text": problem.message },
        "locations": [{ "physicalLocation": location }],
    })
}

/// Returns a reference that is relative if the path is.
fn uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let escaped = utf8_percent_encode(text.strip_prefix("./").unwrap_or(&text), ESCAPED);
    if path.is_absolute() {
        format!("file://{escaped}")
    } else {
        escaped.to_string()
    }
}
