//! The table of errors in `docs/resources.md`.

use super::fact_row::FactRow;
use crate::schema::{ERROR_CONTENTS, ErrorRule, Verb};

const PAGE: &str = "docs/resources.md";
const TEXT: &str = include_str!("../../../docs/resources.md");
/// The line before the table. The table has two lines before its rows.
const BEGIN: &str = "<!-- The table is written from src/schema/error_rule.rs. -->";

/// Returns the row with the content of the responses to requests with a verb that break a rule.
pub(super) fn error_row(rule: ErrorRule, verb: Option<Verb>) -> Option<FactRow> {
    let content = rule.content(verb);
    let mut contents = ERROR_CONTENTS.iter();
    let place = contents.position(|other| other.rule == rule && other.verb == content.verb)?;
    let begin = TEXT.lines().position(|line| line == BEGIN)?;
    let on = content.verb.map(|verb| format!(" on {}", verb.name()));
    let on = on.unwrap_or_default();
    Some(FactRow {
        page: PAGE.to_owned(),
        line: begin + place + 4,
        behaviour: format!(
            "{}{on}: {} {}, {:?}",
            content.name, content.status, content.code, content.message
        ),
        provenance: content.provenance,
        source: content.source.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_leads_to_its_row() {
        for content in &ERROR_CONTENTS {
            let row = error_row(content.rule, content.verb).expect("a row");
            let line = TEXT.lines().nth(row.line - 1).expect("a line");
            let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            assert_eq!(cells[0], format!("`{}`", content.name));
            if let Some(verb) = content.verb {
                assert_eq!(cells[2], verb.name());
            }
            assert_eq!(cells[3], format!("{} `{}`", content.status, content.code));
            assert!(line.contains(content.message), "{line}");
            assert_eq!(cells[6], format!("{}: {}", row.provenance, row.source));
        }
    }
}
