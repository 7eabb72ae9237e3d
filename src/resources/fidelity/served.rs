//! Checks the list of served resources, `docs/served.md`, and its first part in the README.

use std::fmt::Write;

use expect_test::expect_file;

use super::{
    embedded_descriptions, file_name,
    page::{endpoint_path, rows},
    row::releases,
    subject::{SUBJECTS, place},
};
use crate::schema::{ActionSelector, Description, Provenance, Verb};

const BEGIN: &str = "<!-- The list is written from the tables in src/resources. -->\n";
const END: &str = "<!-- end of the list -->";
const PROVENANCES: [Provenance; 4] = [
    Provenance::Documented,
    Provenance::Captured,
    Provenance::Client,
    Provenance::Inferred,
];

#[test]
fn the_list_of_served_resources_matches_the_tables() {
    let mut served: Vec<_> = embedded_descriptions().filter(|d| is_served(d)).collect();
    served.sort_by_key(|description| file_name(description));
    let overview = overview(&served);
    let readme = with_list(include_str!("../../../README.md"), &overview);
    expect_file!["../../../README.md"].assert_eq(&readme);
    let mut list = overview;
    for (number, subject) in SUBJECTS.iter().enumerate() {
        let _ = writeln!(
            list,
            "\n## {}\n\n| below `/vmrest` | requests | releases | facts |\n|---|---|---|---|",
            subject.title
        );
        for description in of_subject(&served, number) {
            list.push_str(&line(description));
        }
    }
    let page = with_list(include_str!("../../../docs/served.md"), &list);
    expect_file!["../../../docs/served.md"].assert_eq(&page);
}

/// Returns a page with another list between its marks.
fn with_list(page: &str, list: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("the beginning of the list");
    let (_, after) = rest.split_once(END).expect("the end of the list");
    format!("{before}{BEGIN}\n{list}\n{END}{after}")
}

/// True if a client can reach a resource. The other ones are parts of documents.
fn is_served(description: &Description) -> bool {
    !description.verbs.is_empty() || !description.endpoints.is_empty()
}

fn of_subject<'d>(
    served: &[&'d Description],
    number: usize,
) -> impl Iterator<Item = &'d Description> {
    let served = served.iter().copied();
    served.filter(move |description| place(&file_name(description)) == number)
}

/// Returns the numbers of all resources and facts, and the paths of each subject.
fn overview(served: &[&Description]) -> String {
    let fields: usize = served.iter().map(|served| served.fields.len()).sum();
    let [documented, captured, client, inferred] = counts(served.iter().copied()).map(thousands);
    let mut text = format!(
        "{} resources with {} fields. Of the facts about them, {documented} are documented, {captured} captured,\n\
         {client} relied on by clients, and {inferred} inferred.\n\n\
         | subject | paths below `/vmrest`, with those below an object in parentheses |\n|---|---|\n",
        served.len(),
        thousands(fields),
    );
    for (number, subject) in SUBJECTS.iter().enumerate() {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for description in of_subject(served, number) {
            for path in paths(description) {
                add_path(&mut groups, &path);
            }
        }
        let groups = groups.iter().map(|(path, below)| match below.is_empty() {
            true => format!("`{path}`"),
            false => format!("`{path}` (`{}`)", below.join("`, `")),
        });
        let groups: Vec<_> = groups.collect();
        let _ = writeln!(text, "| {} | {} |", subject.title, groups.join(", "));
    }
    text
}

/// Adds a path to those below an object that are known, or as a new one.
fn add_path(groups: &mut Vec<(String, Vec<String>)>, path: &str) {
    let mut found = groups.iter_mut().filter_map(|(known, below)| {
        let rest = path.strip_prefix(&**known)?.strip_prefix("/…/")?;
        Some((below, rest.replace("…/", "")))
    });
    if let Some((below, rest)) = found.next() {
        if !below.contains(&rest) {
            below.push(rest);
        }
    } else if groups.iter().all(|(known, _)| known != path) {
        groups.push((path.to_owned(), Vec::new()));
    }
}

/// Returns the paths of the collections and documents of a resource, with an ellipsis for each key.
fn paths(description: &Description) -> Vec<String> {
    let aliases = description.aliases.iter().map(|alias| &alias.path);
    let views = description.views.iter().map(|view| &view.path);
    let endpoints = description.endpoints.iter();
    let endpoints = endpoints.map(|endpoint| &endpoint.path);
    let others = aliases.chain(views).chain(endpoints);
    let all = [&description.path].into_iter().chain(others);
    all.map(|path| {
        let segments = path.split('/').map(|segment| match segment {
            key if key.starts_with('{') => "…",
            name => name,
        });
        let segments: Vec<_> = segments.collect();
        let path = segments.join("/");
        path.strip_suffix("/…").unwrap_or(&path).to_owned()
    })
    .collect()
}

/// Returns the line of a resource.
fn line(description: &Description) -> String {
    let (name, path) = (file_name(description), &description.path);
    let releases = releases(description.since, description.until);
    let releases = releases.as_deref().unwrap_or("all");
    let counted = counts([description].into_iter())
        .into_iter()
        .zip(PROVENANCES);
    let facts = counted.filter(|(number, _)| *number > 0);
    let facts = facts.map(|(number, provenance)| format!("{number} {provenance}"));
    let facts = facts.collect::<Vec<_>>().join(", ");
    let requests = requests(description).join("; ");
    format!("| [`{path}`](fidelity/{name}.md) | {requests} | {releases} | {facts} |\n")
}

/// Describes the requests of a resource.
fn requests(description: &Description) -> Vec<String> {
    let mut requests = Vec::new();
    let verbs = Verb::ALL.into_iter().filter(|verb| {
        let mut verbs = description.verbs.iter();
        verbs.any(|(known, _)| known == verb)
    });
    let verbs: Vec<_> = verbs.map(Verb::name).collect();
    if !verbs.is_empty() {
        requests.push(verbs.join(", "));
    }
    for alias in &description.aliases {
        let verbs: Vec<_> = alias.verbs.iter().map(|verb| verb.name()).collect();
        requests.push(format!("{} at `{}`", verbs.join(", "), alias.path));
    }
    let views = description.views.iter();
    requests.extend(views.map(|view| format!("list at `{}`", view.path)));
    requests.extend(description.order.iter().map(|_| "PUT of the order".into()));
    let actions = description.actions.iter();
    requests.extend(actions.map(|action| match &action.selector {
        ActionSelector::Segment(name) => format!("POST, PUT `…/{name}`"),
        ActionSelector::Method(name) => format!("POST, PUT `…?method={name}`"),
    }));
    let audio = description.audio.iter();
    requests.extend(audio.map(|audio| format!("sound at `…/{}`", audio.segment)));
    let mut endpoints: Vec<(String, Vec<&str>)> = Vec::new();
    for endpoint in &description.endpoints {
        let path = endpoint_path(&endpoint.path);
        let path = path.strip_prefix("/vmrest/").unwrap_or(&path);
        match endpoints.iter_mut().find(|(known, _)| known == path) {
            Some((_, methods)) => methods.push(endpoint.method),
            None => endpoints.push((path.to_owned(), vec![endpoint.method])),
        }
    }
    let endpoints = endpoints.iter();
    requests.extend(endpoints.map(|(path, methods)| format!("{} `{path}`", methods.join(", "))));
    requests
}

/// Returns the number of facts of each provenance.
fn counts<'d>(descriptions: impl Iterator<Item = &'d Description>) -> [usize; PROVENANCES.len()] {
    let mut numbers = [0; PROVENANCES.len()];
    for row in descriptions.flat_map(rows) {
        for (number, provenance) in numbers.iter_mut().zip(PROVENANCES) {
            *number += usize::from(row.evidence.provenance() == provenance);
        }
    }
    numbers
}

/// Writes a number with a comma before the last three digits.
fn thousands(number: usize) -> String {
    match number / 1000 {
        0 => number.to_string(),
        thousands => format!("{thousands},{:03}", number % 1000),
    }
}
