//! Checks that the pages of `docs/fidelity`, their index and the list of served resources match the tables, from which
//! they are generated.
//!
//! After a change of a table, run `UPDATE_EXPECT=1 cargo test fidelity` to generate them again.

mod field;
mod page;
mod row;
mod served;
mod subject;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect_file;

use super::{BEHAVIOURS, embedded_descriptions};
use crate::schema::Description;
use page::page;

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
        expect_file![&path].assert_eq(&page(description, &name));
        pages.push(path);
    }
    let expected = format!("{by_hand}{BEGIN}\n{index}");
    expect_file!["../../../docs/fidelity.md"].assert_eq(&expected);
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
