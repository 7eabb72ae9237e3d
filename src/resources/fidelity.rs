//! Checks that `docs/fidelity.md` matches the tables, from which most of it is generated.
//!
//! After a change of a table, run `UPDATE_EXPECT=1 cargo test fidelity` to generate the page again.

use std::fmt::Write;

use expect_test::expect_file;

use super::RESOURCES;
use crate::schema::{
    Access, Condition, DefaultValue, Evidence, Field, Kind, Release, Resource, Verb,
};

const BEGIN: &str = "<!-- From here on, this page is written from the tables in src/resources. -->";

#[test]
fn the_fidelity_page_matches_the_tables() {
    let page = include_str!("../../docs/fidelity.md");
    let (by_hand, _) = page.split_once(BEGIN).expect("the line before the tables");
    let tables: String = RESOURCES.iter().map(|resource| chapter(resource)).collect();
    let expected = format!("{by_hand}{BEGIN}\n{tables}");
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
    if let Some((successor, evidence)) = &resource.successor {
        let list = format!("List of `{}` in later releases", successor.path);
        let _ = writeln!(
            text,
            "| {list} | {} | {} |",
            evidence.provenance, evidence.source
        );
    }
    text.push_str("\n| field | rule | provenance | source |\n|---|---|---|---|\n");
    for field in resource.fields {
        row(&mut text, field.name, &description(field), &field.evidence);
        for (fact, evidence) in facts(field) {
            row(&mut text, "", &fact, &evidence);
        }
    }
    text
}

fn row(text: &mut String, name: &str, fact: &str, evidence: &Evidence) {
    let scope = scope(evidence);
    let (provenance, source) = (evidence.provenance, evidence.source);
    let _ = writeln!(text, "| {name} | {fact}{scope} | {provenance} | {source} |");
}

fn description(field: &Field) -> String {
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

fn facts(field: &Field) -> Vec<(String, Evidence)> {
    let mut facts = Vec::new();
    for evidence in field.required_rules() {
        facts.push(("mandatory".to_owned(), *evidence));
    }
    for (default, evidence) in field.default_rules() {
        let description = match default {
            DefaultValue::Value("") => "filled in, empty".to_owned(),
            DefaultValue::Value(value) => format!("filled in with `{value}`"),
            DefaultValue::Now => "filled in with the time".to_owned(),
        };
        facts.push((description, *evidence));
    }
    for (values, evidence) in field.choices_rules() {
        facts.push((format!("takes {}", values.join(", ")), *evidence));
    }
    if let Some((length, evidence)) = field.max_length {
        facts.push((format!("at most {length} characters"), evidence));
    }
    if let Some(evidence) = field.unique {
        facts.push(("unique".to_owned(), evidence));
    }
    if let Some((owner, evidence)) = field.owner {
        facts.push((
            format!("names the {} that owns it", owner.element),
            evidence,
        ));
    }
    facts
}

/// Describes the scope of a fact.
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
