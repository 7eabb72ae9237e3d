//! The description of the control plane, against what is there.

use std::collections::BTreeSet;

use cuc_mock::CucMock;
use serde_json::Value;

use crate::support::Client;

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

fn document(client: Client) -> Value {
    let answer = client.control("GET", "/__mock/openapi.json", "");
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Every path, with the methods that are described on it.
fn described(document: &Value) -> impl Iterator<Item = (&str, BTreeSet<&'static str>)> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().map(|(path, operations)| {
        let known = METHODS.into_iter();
        let known = known.filter(|method| operations.get(method.to_lowercase()).is_some());
        (path.as_str(), known.collect())
    })
}

/// The path of nothing that there is.
fn filled(path: &str) -> String {
    path.replace("{name}", "none").replace("{number}", "0")
}

#[test]
fn the_version_is_that_of_the_server() {
    let mock = CucMock::start_blocking();
    let document = document(Client::of(&mock));
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_routes_of_the_server_are_the_paths_that_are_described() {
    let mock = CucMock::start_blocking();
    let document = document(Client::of(&mock));
    let described: BTreeSet<_> = described(&document).map(|(path, _)| path).collect();
    // Nothing but its source tells the routes of a router.
    let source = include_str!("../../src/control/mod.rs");
    let routes = source.split(".route(").skip(1).map(|route| {
        let path = route.split('"').nth(1).expect("a path");
        format!("/__mock{path}")
    });
    let routes: BTreeSet<_> = routes.collect();
    assert_eq!(described, routes.iter().map(String::as_str).collect());
}

#[test]
fn what_is_described_is_answered() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (path, methods) in described(&document(client)) {
        for method in methods {
            let answer = client.control(method, &filled(path), "");
            assert_ne!(answer.status, 405, "{method} {path}: {answer}");
            assert!(!answer.body.contains("has no /__mock"), "{answer}");
            let operation = &document(client)["paths"][path][method.to_lowercase()];
            let responses = operation["responses"].as_object().expect("responses");
            let status = answer.status.to_string();
            assert!(responses.contains_key(&status), "{method} {path}: {answer}");
        }
    }
}

#[test]
fn a_method_that_is_not_described_is_refused_with_those_that_are() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (path, mut methods) in described(&document(client)) {
        let others: Vec<_> = METHODS
            .into_iter()
            .filter(|method| !methods.contains(method))
            .collect();
        if methods.contains("GET") {
            methods.insert("HEAD");
        }
        for method in others {
            let answer = client.control(method, &filled(path), "");
            assert_eq!(answer.status, 405, "{method} {path}: {answer}");
            let allowed = answer.header("Allow").expect("what is allowed");
            let allowed: BTreeSet<_> = allowed.split(',').map(str::trim).collect();
            assert_eq!(allowed, methods, "{method} {path}");
        }
    }
}
