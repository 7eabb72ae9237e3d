//! Tests of the image's environment.

use std::{fs, path::Path};

use clap::{CommandFactory, Parser};

use super::{CommandLine, listener::most_exposed};
use crate::http::ControlAccess;

/// Returns the environment of the last stage in the Dockerfile.
fn environment() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Dockerfile");
    let dockerfile = fs::read_to_string(path).unwrap();
    let (_, last_stage) = dockerfile.split_once("\nFROM scratch\n").unwrap();
    last_stage
        .lines()
        .filter_map(|line| line.strip_prefix("ENV "))
        .flat_map(str::split_whitespace)
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Returns the option of an environment variable.
fn option(variable: &str) -> String {
    let command = CommandLine::command();
    let option = command
        .get_arguments()
        .find(|argument| argument.get_env().is_some_and(|name| name == variable));
    let option =
        option.unwrap_or_else(|| panic!("the image sets {variable}, which no option reads"));
    format!("--{}", option.get_long().unwrap())
}

/// Returns the access to the control plane of the image, with additional arguments.
#[track_caller]
fn control(arguments: &[&str]) -> ControlAccess {
    let mut line = vec!["cuc-mock".to_owned()];
    for (name, value) in environment() {
        line.extend([option(&name), value]);
    }
    line.extend(arguments.iter().map(ToString::to_string));
    let serve = CommandLine::try_parse_from(line).unwrap().serve;
    let addresses = serve.listen.resolve().unwrap();
    assert_eq!(addresses, [["0.0.0.0:8443".parse().unwrap()]]);
    let control = serve.settings().unwrap().control;
    control.listening_on(most_exposed(&addresses))
}

#[test]
fn it_listens_on_every_address_with_the_control_plane_open() {
    assert!(matches!(control(&[]), ControlAccess::Open));
}

#[test]
fn a_token_closes_its_control_plane() {
    let access = control(&[&option("CUC_MOCK_CONTROL_TOKEN"), "secret"]);
    assert!(matches!(access, ControlAccess::Token(token) if token == "secret"));
}
