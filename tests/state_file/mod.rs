//! `--state`: the default space, kept in a file.

use std::{fs, path::Path};

use crate::support::{ServerProcess, cuc_mock, output};

mod crash;
mod rejections;
mod saving;

const SERVICES: &str = "/vmrest/externalservices";

#[track_caller]
fn start_server(file: &Path, options: &[&str]) -> ServerProcess {
    let file = file.to_str().expect("UTF-8");
    let common = ["--listen", "127.0.0.1:0", "--log", "json", "--state", file];
    ServerProcess::start(&mut cuc_mock(&[&common, options].concat()))
}

/// Starts a server that must fail to start. Returns the exit status and stderr.
#[track_caller]
fn start_rejected(file: &str, options: &[&str]) -> (i32, String) {
    let common = ["--listen", "127.0.0.1:0", "--log", "off", "--state", file];
    let (status, stdout, stderr) = output(&mut cuc_mock(&[&common, options].concat()));
    assert_eq!(stdout, "");
    (status, stderr)
}

/// Returns the names of the files in a folder, sorted.
fn file_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}
