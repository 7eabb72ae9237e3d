//! Checks that the pages of `docs/fidelity` and their index match the descriptions.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect_file;

use super::{RowSubject, embedded_descriptions, file_name, page};

const BEGIN: &str = "<!-- From here on, this page is written from the tables in src/resources. -->";
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fidelity");

#[test]
fn the_fidelity_pages_match_the_tables() {
    let (by_hand, _) = include_str!("../../../docs/fidelity.md")
        .split_once(BEGIN)
        .expect("the line before the tables");
    let mut index = String::from("\n| resource | facts | description |\n|---|---|---|\n");
    let mut pages = Vec::new();
    for description in embedded_descriptions() {
        let name = file_name(description);
        let path = &description.path;
        let _ = writeln!(
            index,
            "| `/vmrest/{path}` | [facts](fidelity/{name}.md) | [table](../src/resources/{name}.xml) |",
        );
        let path = Path::new(PAGES).join(format!("{name}.md"));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder of the project");
        }
        let (text, _) = page(description, &name);
        expect_file![&path].assert_eq(&text);
        pages.push(path);
    }
    let expected = format!("{by_hand}{BEGIN}\n{index}");
    expect_file!["../../../docs/fidelity.md"].assert_eq(&expected);
    pages.sort();
    assert_eq!(files(Path::new(PAGES)), pages, "each resource has one page");
}

#[test]
fn each_row_leads_to_a_fact_of_its_own() {
    for description in embedded_descriptions() {
        let (text, rows) = page(description, &file_name(description));
        let lines: Vec<_> = text.lines().collect();
        let mut known = Vec::new();
        for row in &rows {
            let line = lines[row.line - 1];
            assert!(line.contains(&row.row.description), "{line}");
            let key = (row.field, row.row.subject);
            let is_new = !known.contains(&key) || row.row.subject == RowSubject::Other;
            assert!(is_new, "{key:?} of {}", description.path);
            known.push(key);
        }
        let fields = description.fields.iter();
        let facts: usize = fields.map(|field| field.facts().len()).sum();
        let of_fields = rows.iter().filter(|row| !row.field.is_empty());
        assert_eq!(of_fields.count(), facts, "{}", description.path);
    }
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
