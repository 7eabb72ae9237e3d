//! Keeps `docs/fidelity.md` current: what the tables know of it is written from them.
//!
//! After a change of a table, `UPDATE_EXPECT=1 cargo test fidelity` writes the page again.

use std::fmt::Write;

use expect_test::expect_file;

use super::RESOURCES;
use crate::schema::{
    Access, Condition, DefaultValue, Evidence, Field, Kind, Release, Resource, Verb,
};

const BEGIN: &str = "<!-- From here on, this page is written from the tables in src/resources. -->";

#[test]
fn the_fidelity_page_says_what_the_tables_say() {
    let page = include_str!("../../docs/fidelity.md");
    let (written_by_hand, _) = page
        .split_once(BEGIN)
        .expect("the line where the tables begin");
    let tables: String = RESOURCES.iter().map(|resource| chapter(resource)).collect();
    let expected = format!("{written_by_hand}{BEGIN}\n{tables}");
    expect_file!["../../docs/fidelity.md"].assert_eq(&expected);
}

fn chapter(resource: &Resource) -> String {
    let mut text = format!("\n## `/vmrest/{}`\n\n", resource.path);
    text.push_str("| verb | provenance | source |\n|---|---|---|\n");
    for verb in Verb::ALL {
        if let Some(evidence) = resource.verb(verb) {
            let _ = writeln!(
                text,
                "| {verb:?} | {} | {} |",
                evidence.provenance, evidence.source
            );
        }
    }
    text.push_str("\n| field | rule | provenance | source |\n|---|---|---|---|\n");
    for field in resource.fields {
        row(&mut text, field.name, &nature(field), &field.evidence);
        for (what, evidence) in claims(field) {
            row(&mut text, "", &what, &evidence);
        }
    }
    text
}

fn row(text: &mut String, name: &str, what: &str, evidence: &Evidence) {
    let scope = scope(evidence);
    let (provenance, source) = (evidence.provenance, evidence.source);
    let _ = writeln!(text, "| {name} | {what}{scope} | {provenance} | {source} |");
}

fn nature(field: &Field) -> String {
    let kind = match field.kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Guid => "GUID",
        Kind::DateTime => "date and time",
        Kind::Link(_) => "link",
    };
    let access = match field.access {
        Access::ReadOnly => "read only",
        Access::CreateOnly => "set on create",
        Access::ReadWrite => "read and write",
        Access::Secret => "written, reads back empty",
    };
    format!("{kind}, {access}")
}

fn claims(field: &Field) -> Vec<(String, Evidence)> {
    let mut claims = Vec::new();
    for evidence in field.required_rules() {
        claims.push(("mandatory".to_owned(), *evidence));
    }
    for (default, evidence) in field.default_rules() {
        let filled_in = match default {
            DefaultValue::Value("") => "filled in, empty".to_owned(),
            DefaultValue::Value(value) => format!("filled in with `{value}`"),
            DefaultValue::Now => "filled in with the time".to_owned(),
        };
        claims.push((filled_in, *evidence));
    }
    for (values, evidence) in field.choices_rules() {
        claims.push((format!("takes {}", values.join(", ")), *evidence));
    }
    if let Some((longest, evidence)) = field.max_length {
        claims.push((format!("at most {longest} characters"), evidence));
    }
    if let Some(evidence) = field.unique {
        claims.push(("unique".to_owned(), evidence));
    }
    if let Some((owner, evidence)) = field.owner {
        claims.push((
            format!("names the {} that owns it", owner.element),
            evidence,
        ));
    }
    claims
}

/// When a line holds, in words.
fn scope(evidence: &Evidence) -> String {
    let mut scope = match evidence.condition {
        Condition::Always => String::new(),
        Condition::When(field, values) => format!(" when {field} is {}", values.join(" or ")),
        Condition::Unless(field, values) => format!(" unless {field} is {}", values.join(" or ")),
    };
    if evidence.since > Release::ALL[0] {
        let _ = write!(scope, ", since {}", evidence.since);
    }
    if let Some(until) = evidence.until {
        let _ = write!(scope, ", until {until}");
    }
    scope
}
