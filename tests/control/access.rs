//! Access to the control plane, and rejections that all its paths share.

use std::net::Ipv4Addr;

use cuc_mock::CucMock;
use expect_test::expect;
use serde_json::Value;

use crate::support::{Client, ServerProcess, cuc_mock};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const ALWAYS_OPEN: [&str; 2] = ["/__mock/health", "/__mock/ca.pem"];

/// Returns every path of the description, with the names of objects that do not exist.
fn described_paths() -> Vec<String> {
    let mock = CucMock::start_blocking();
    let description = Client::of(&mock).control("GET", "/__mock/openapi.json", "");
    let description: Value = serde_json::from_str(&description.body).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let paths = paths.keys();
    paths
        .map(|path| path.replace("{name}", "none").replace("{number}", "0"))
        .collect()
}

/// Sends every method to every path with these headers. Returns the status of each request to a path that is not
/// always open.
#[track_caller]
fn statuses(client: Client, headers: &str) -> Vec<(String, u16)> {
    let mut statuses = Vec::new();
    for path in described_paths() {
        for method in METHODS {
            let response = client.request(method, &path, headers, b"");
            if !ALWAYS_OPEN.contains(&path.as_str()) {
                statuses.push((format!("{method} {path}"), response.status));
            } else if method == "GET" {
                assert_eq!(response.status, 200, "{path} is always open: {response}");
            }
        }
    }
    assert!(statuses.len() > 100, "{statuses:?}");
    statuses
}

#[test]
fn a_closed_control_plane_rejects_every_method_on_every_path() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "0.0.0.0:0", "--log", "off"]));
    let client = Client::at((Ipv4Addr::LOCALHOST, server.address().port()).into());
    for (request, status) in statuses(client, "") {
        assert_eq!(status, 403, "{request}");
    }
    for (request, status) in statuses(client, "Authorization: Bearer s3cret\r\n") {
        assert_eq!(status, 403, "{request}");
    }
}

#[test]
fn without_the_right_token_every_method_on_every_path_is_rejected() {
    let mock = CucMock::builder().control_token("s3cret").start_blocking();
    let client = Client::of(&mock);
    for token in ["", "Bearer other", "Bearer", "Bearer s3cre", "Basic s3cret"] {
        for (request, status) in statuses(client, &format!("Authorization: {token}\r\n")) {
            assert_eq!(status, 401, "{token:?}: {request}");
        }
    }
    for (request, status) in statuses(client, "") {
        assert_eq!(status, 401, "{request}");
    }
    for (request, status) in statuses(client, "Authorization: Bearer s3cret\r\n") {
        assert!(status != 401 && status != 403, "{request}: {status}");
    }
}

#[test]
fn only_the_exact_token_is_accepted() {
    let mock = CucMock::builder().control_token("s3cret").start_blocking();
    let status = |value: &str| {
        let headers = format!("Authorization: {value}\r\n");
        let response = Client::of(&mock).request("GET", "/__mock/spaces", &headers, b"");
        response.status
    };
    assert_eq!(status("Bearer s3cret"), 200);
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer  s3cret",
        "Bearer s3cre",
        "Bearer 3cret",
        "Bearer s3crets",
        "Bearer S3CRET",
        "Bearer s3cret s3cret",
        "s3cret",
        "Token s3cret",
        "Basic czNjcmV0Og==",
    ] {
        assert_eq!(status(value), 401, "{value:?}");
    }
}

#[test]
fn unknown_parameters_spaces_paths_and_methods_are_rejected_in_json() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let rejection = |method, path| client.control(method, path, "").to_string();
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"found the parameter \"spaces\", expected space"}
    "#]]
    .assert_eq(&rejection("POST", "/__mock/reset?spaces=x"));
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no space \"x\", expected one of GET /__mock/spaces"}
    "#]]
    .assert_eq(&rejection("POST", "/__mock/reset?space=x"));
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"the parameter space is given twice, expected it once"}
    "#]]
    .assert_eq(&rejection("POST", "/__mock/reset?space=default&space=*"));
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/json
        Allow: POST

        {"error":"GET is not allowed on /__mock/reset"}
    "#]]
    .assert_eq(&rejection("GET", "/__mock/reset"));
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"the control plane has no /__mock/nothing, expected one of GET /__mock"}
    "#]]
    .assert_eq(&rejection("GET", "/__mock/nothing"));
}

#[test]
fn a_token_is_required_and_takes_precedence_over_open() {
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--control-token",
        "s3cret",
        "--control",
        "open",
    ];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    let reset = |headers| client.request("POST", "/__mock/reset", headers, b"");
    expect![[r#"
        401 Unauthorized
        Content-Type: application/json
        Www-Authenticate: Bearer

        {"error":"found no token, expected the one of --control-token, as Authorization: Bearer TOKEN"}
    "#]].assert_eq(&reset("").to_string());
    expect![[r#"
        401 Unauthorized
        Content-Type: application/json
        Www-Authenticate: Bearer

        {"error":"found another token, expected the one of --control-token, as Authorization: Bearer TOKEN"}
    "#]].assert_eq(&reset("Authorization: Bearer secret\r\n").to_string());
    assert_eq!(reset("Authorization: bearer s3cret\r\n").status, 204);
    let health = client.request("GET", "/__mock/health", "", b"");
    assert_eq!(health.status, 200, "the health check is always open");
}

#[test]
fn a_long_name_is_shortened_in_the_rejection() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let long = "x".repeat(5_000);
    let shown = &long[..50];
    for (method, path, body) in [
        ("POST", format!("/__mock/reset?space={long}"), String::new()),
        ("POST", format!("/__mock/reset?{long}=1"), String::new()),
        (
            "GET",
            format!("/__mock/requests?limit={long}"),
            String::new(),
        ),
        (
            "POST",
            "/__mock/faults".to_owned(),
            format!("{{\"{long}\":1}}"),
        ),
    ] {
        let rejection = client.control(method, &path, &body).body;
        assert!(
            rejection.contains(shown) && rejection.len() < 500,
            "{rejection}"
        );
        assert!(
            rejection.contains("…") && rejection.contains(", expected "),
            "{rejection}"
        );
    }
}
