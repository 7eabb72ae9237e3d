//! Checks that `docs/fidelity.md` matches the tables, from which most of it is generated.
//!
//! After a change of a table, run `UPDATE_EXPECT=1 cargo test fidelity` to generate the page again.

use std::fmt::Write;

use expect_test::expect_file;

use super::embedded_descriptions;
use crate::schema::{
    Access, ActionSelector, DefaultValue, Description, Fact, FieldDescription, Kind, OnDelete,
    Release, Verb,
};

const BEGIN: &str = "<!-- From here on, this page is written from the tables in src/resources. -->";

#[test]
fn the_fidelity_page_matches_the_tables() {
    let page = include_str!("../../docs/fidelity.md");
    let (by_hand, _) = page.split_once(BEGIN).expect("the line before the tables");
    let tables: String = embedded_descriptions().map(chapter).collect();
    let expected = format!("{by_hand}{BEGIN}\n{tables}");
    expect_file!["../../docs/fidelity.md"].assert_eq(&expected);
}

fn chapter(resource: &Description) -> String {
    let mut text = format!("\n## `/vmrest/{}`\n\n", resource.path);
    text.push_str("| verb | provenance | source |\n|---|---|---|\n");
    for verb in Verb::ALL {
        let mut verbs = resource.verbs.iter();
        if let Some((_, evidence)) = verbs.find(|(known, _)| *known == verb) {
            let (provenance, source) = (evidence.provenance(), evidence.source());
            let _ = writeln!(text, "| {verb:?} | {provenance} | {source} |");
        }
    }
    for alias in &resource.aliases {
        let verbs: Vec<_> = alias.verbs.iter().map(|verb| format!("{verb:?}")).collect();
        let scope = scope(&alias.fact);
        let (provenance, source) = (
            alias.fact.evidence.provenance(),
            alias.fact.evidence.source(),
        );
        let verbs = format!("{} at `/vmrest/{}`{scope}", verbs.join(", "), alias.path);
        let _ = writeln!(text, "| {verbs} | {provenance} | {source} |");
    }
    for action in &resource.actions {
        let (evidence, scope) = (&action.fact.evidence, scope(&action.fact));
        let (provenance, source) = (evidence.provenance(), evidence.source());
        let place = match &action.selector {
            ActionSelector::Segment(name) => format!("/{name}"),
            ActionSelector::Method(name) => format!("?method={name}"),
        };
        let _ = writeln!(
            text,
            "| POST, PUT at `…{place}`{scope} | {provenance} | {source} |"
        );
    }
    text.push_str("\n| field | rule | provenance | source |\n|---|---|---|---|\n");
    for field in &resource.fields {
        row(&mut text, &field.name, &kind_and_access(field), &field.fact);
        for (description, fact) in facts(field) {
            row(&mut text, "", &description, fact);
        }
    }
    text
}

fn row(text: &mut String, name: &str, description: &str, fact: &Fact) {
    let scope = scope(fact);
    let (provenance, source) = (fact.evidence.provenance(), fact.evidence.source());
    let _ = writeln!(
        text,
        "| {name} | {description}{scope} | {provenance} | {source} |"
    );
}

fn kind_and_access(field: &FieldDescription) -> String {
    let kind = match field.kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Guid => "GUID",
        Kind::DateTime => "date and time",
        Kind::Link => "link",
    };
    let access = match field.access {
        Access::ReadOnly => "read only",
        Access::CreateOnly => "set on create",
        Access::ReadWrite => "read and write",
        Access::Secret => "written, reads back empty",
        Access::WriteOnly => "written, never shown",
        Access::Internal => "internal",
    };
    format!("{kind}, {access}")
}

fn facts(field: &FieldDescription) -> Vec<(String, &Fact)> {
    let mut facts = Vec::new();
    for fact in &field.required {
        facts.push(("mandatory".to_owned(), fact));
    }
    for (default, fact) in &field.defaults {
        let description = match default {
            DefaultValue::Value(value) if value.is_empty() => "filled in, empty".to_owned(),
            DefaultValue::Value(value) => format!("filled in with `{value}`"),
            DefaultValue::Now => "filled in with the time".to_owned(),
            DefaultValue::First(named) => format!(
                "filled in with the {} of the first `{}`",
                named.field, named.resource
            ),
        };
        facts.push((description, fact));
    }
    for (values, fact) in &field.choices {
        facts.push((format!("takes {}", values.join(", ")), fact));
    }
    if let Some((length, fact)) = &field.max_length {
        facts.push((format!("at most {length} characters"), fact));
    }
    if let Some(((min, max), fact)) = &field.range {
        facts.push((format!("from {min} to {max}"), fact));
    }
    if let Some((within, fact)) = &field.unique {
        let within = within.iter().map(|field| format!(" within {field}"));
        facts.push((format!("unique{}", within.collect::<String>()), fact));
    }
    if let Some(reference) = &field.reference {
        let mut targets = embedded_descriptions();
        let target = targets.find(|description| description.path == reference.resource);
        let target = &target
            .expect("the embedded descriptions are checked")
            .element;
        let description = match reference.on_delete {
            OnDelete::Cascade => format!("names the {target} that owns it"),
            OnDelete::Clear => format!("names a {target}, cleared with it"),
            OnDelete::Refuse => format!("names a {target}, which cannot be deleted"),
        };
        facts.push((description, &reference.fact));
    }
    for (field, fact) in &field.clears {
        facts.push((format!("clears {field}"), fact));
    }
    facts
}

/// Describes the scope of a fact.
fn scope(fact: &Fact) -> String {
    let mut scope = String::new();
    if let Some(condition) = &fact.condition {
        let word = if condition.is_negated {
            "unless"
        } else {
            "when"
        };
        let (field, values) = (&condition.field, condition.values.join(" or "));
        let _ = write!(scope, " {word} {field} is {values}");
    }
    if fact.since > Release::ALL[0] {
        let _ = write!(scope, ", since {}", fact.since);
    }
    if let Some(until) = fact.until {
        let _ = write!(scope, ", until {until}");
    }
    scope
}
