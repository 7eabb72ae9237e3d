//! Who may use the control plane, and what is said to bad requests.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, Started, cuc_mock};

#[test]
fn unknown_parameters_spaces_paths_and_methods_are_refused_in_json() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let refused = |method, path| client.control(method, path, "").to_string();
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"found the parameter \"spaces\", expected space"}
    "#]]
    .assert_eq(&refused("POST", "/__mock/reset?spaces=x"));
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no space \"x\", expected one of GET /__mock/spaces"}
    "#]]
    .assert_eq(&refused("POST", "/__mock/reset?space=x"));
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"the parameter space is given twice, expected it once"}
    "#]]
    .assert_eq(&refused("POST", "/__mock/reset?space=default&space=*"));
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/json
        Allow: POST

        {"error":"GET is not allowed on /__mock/reset"}
    "#]]
    .assert_eq(&refused("GET", "/__mock/reset"));
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"the control plane has no /__mock/nothing"}
    "#]]
    .assert_eq(&refused("GET", "/__mock/nothing"));
}

#[test]
fn a_token_is_asked_for_and_beats_open() {
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--control-token",
        "s3cret",
        "--control",
        "open",
    ];
    let server = Started::new(&mut cuc_mock(&options));
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
    assert_eq!(health.status, 200, "it is always open");
}

#[test]
fn a_long_name_is_not_echoed_whole() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let (long, shown) = ("x".repeat(5_000), "x".repeat(100));
    for (path, body, error) in [
        (
            format!("/__mock/reset?space={long}"),
            String::new(),
            "there is no space",
        ),
        (
            format!("/__mock/reset?{long}=1"),
            String::new(),
            "found the parameter",
        ),
        (
            format!("/__mock/requests?limit={long}"),
            String::new(),
            "the parameter limit is",
        ),
        (
            "/__mock/faults".to_owned(),
            format!("{{\"{long}\":1}}"),
            "found",
        ),
    ] {
        let method = if path.contains("limit") {
            "GET"
        } else {
            "POST"
        };
        let refused = client.control(method, &path, &body).body;
        let expected = format!("{{\"error\":\"{error} \\\"{shown}…\\\", expected ");
        assert!(refused.starts_with(&expected), "{refused}");
    }
}
