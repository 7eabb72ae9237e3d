//! The OpenAPI document and the server agree.

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

/// Returns every path with its described methods.
fn described(document: &Value) -> impl Iterator<Item = (&str, BTreeSet<&'static str>)> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().map(|(path, operations)| {
        let known = METHODS.into_iter();
        let known = known.filter(|method| operations.get(method.to_lowercase()).is_some());
        (path.as_str(), known.collect())
    })
}

/// Fills the open segment of a path with a name that does not exist.
fn filled(path: &str) -> String {
    path.replace("{name}", "none").replace("{number}", "0")
}

#[test]
fn the_document_has_the_version_of_the_server() {
    let mock = CucMock::start_blocking();
    let document = document(Client::of(&mock));
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_described_operation_exists_with_its_statuses() {
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
fn other_methods_are_rejected_with_the_described_ones() {
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
            let allowed = answer.header("Allow").expect("the allowed methods");
            let allowed: BTreeSet<_> = allowed.split(',').map(str::trim).collect();
            assert_eq!(allowed, methods, "{method} {path}");
        }
    }
}
