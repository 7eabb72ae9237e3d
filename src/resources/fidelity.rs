//! Checks that the pages of `docs/fidelity` match the tables, from which they are generated.
//!
//! After a change of a table, run `UPDATE_EXPECT=1 cargo test fidelity` to generate the pages again.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect_file;

use super::embedded_descriptions;
use crate::schema::{
    Access, ActionSelector, DefaultValue, Description, EmptyList, Fact, FieldDescription, Kind,
    NewPlace, OnDelete, Release, UndeletableDescription, Verb,
};

const BEGIN: &str = "<!-- From here on, this page is written from the tables in src/resources. -->";
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fidelity");

#[test]
fn the_fidelity_pages_match_the_tables() {
    let page = include_str!("../../docs/fidelity.md");
    let (by_hand, _) = page.split_once(BEGIN).expect("the line before the tables");
    let mut index = String::from("\n| resource | facts | description |\n|---|---|---|\n");
    let mut pages = Vec::new();
    for description in embedded_descriptions() {
        let name = file_name(description);
        let path = &description.path;
        let _ = writeln!(
            index,
            "| `/vmrest/{path}` | [facts](fidelity/{name}.md) | [table](../src/resources/{name}.xml) |",
        );
        let page = Path::new(PAGES).join(format!("{name}.md"));
        if let Some(folder) = page.parent() {
            fs::create_dir_all(folder).expect("a folder of the project");
        }
        expect_file![&page].assert_eq(&chapter(description, &name));
        pages.push(page);
    }
    let expected = format!("{by_hand}{BEGIN}\n{index}");
    expect_file!["../../docs/fidelity.md"].assert_eq(&expected);
    pages.sort();
    assert_eq!(files(Path::new(PAGES)), pages, "each resource has one page");
}

/// Returns the name of the files of a resource: its path, without the parameters.
fn file_name(description: &Description) -> String {
    let segments = description.path.split('/');
    let names: Vec<_> = segments
        .filter(|segment| !segment.starts_with('{'))
        .collect();
    names.join("/")
}

/// Returns the files in a folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn chapter(resource: &Description, name: &str) -> String {
    let up = "../".repeat(2 + name.matches('/').count());
    let mut text = format!(
        "# `/vmrest/{}`\n\nThis page is written from [its table]({up}src/resources/{name}.xml).\n\n",
        resource.path
    );
    if resource.is_computed {
        text.push_str("The objects are computed from others at each request.\n\n");
    }
    if resource.empty_list == EmptyList::Null {
        text.push_str("An empty list is `null` in JSON.\n\n");
    }
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
    for (description, fact) in other_rules(resource) {
        let scope = scope(fact);
        let (provenance, source) = (fact.evidence.provenance(), fact.evidence.source());
        let _ = writeln!(text, "| {description}{scope} | {provenance} | {source} |");
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

/// Describes the rules of a resource that are neither verbs nor fields.
fn other_rules(resource: &Description) -> Vec<(String, &Fact)> {
    let mut rules = Vec::new();
    for view in &resource.views {
        rules.push((format!("List at `/vmrest/{}`", view.path), &view.fact));
    }
    for template in &resource.templates {
        let (parameter, field) = (&template.parameter, &template.field);
        let source = &template.resource;
        let description = format!("Create copies the `{source}` whose {field} is `?{parameter}=`");
        rules.push((description, &template.fact));
    }
    if let Some(order) = &resource.order {
        let place = match order.new_place {
            NewPlace::First => "first",
            NewPlace::Last => "last",
        };
        let description = format!(
            "PUT sets the order in {}; a new one is {place}",
            order.field
        );
        rules.push((description, &order.fact));
    }
    for UndeletableDescription { fact, .. } in &resource.undeletable {
        rules.push(("405 for Delete".to_owned(), fact));
    }
    rules
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
        Kind::Binary => "bytes",
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
            DefaultValue::Now | DefaultValue::UtcNow => "filled in with the time".to_owned(),
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
    if let Some(fact) = &field.extension {
        facts.push(("an extension: digits or a SIP URI".to_owned(), fact));
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
    if let Some(fact) = &field.clearable {
        facts.push(("removed by an empty element".to_owned(), fact));
    }
    if let Some((switch, fact)) = &field.expiry {
        facts.push((format!("{switch} is false from then on"), fact));
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
