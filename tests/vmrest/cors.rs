//! Web pages that use the API from another origin.

use std::process::Command;

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, ServerProcess, cuc_mock, output};

const SERVICES: &str = "/vmrest/externalservices";
const PAGE: &str = "Origin: http://localhost:3000\r\n";
const PREFLIGHT: &str = "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: authorization,content-type\r\n";

/// Starts a server whose API the pages of two origins may use.
#[track_caller]
fn start() -> (CucMock, Client) {
    let builder = CucMock::builder()
        .user("admin", "secret")
        .cors_origin("http://localhost:3000")
        .cors_origin("HTTPS://App.example:443");
    let mock = builder.start_blocking();
    let client = Client::of(&mock);
    (mock, client)
}

/// Sends a request with these headers. Does not check the common properties, which a preflight lacks.
fn send(client: Client, method: &str, path: &str, headers: &str) -> Response {
    let length = if method == "POST" {
        "Content-Length: 0\r\n"
    } else {
        ""
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}{length}\r\n"
    );
    client.exchange(request.as_bytes())
}

fn without_body(mut response: Response) -> String {
    response.body.clear();
    response.to_string()
}

#[test]
fn a_preflight_is_answered_without_credentials_and_is_not_in_the_journal() {
    let (_mock, client) = start();
    expect![[r#"
        204 No Content
        Access-Control-Allow-Origin: http://localhost:3000
        Access-Control-Allow-Credentials: true
        Vary: Origin
        Access-Control-Allow-Methods: PUT
        Access-Control-Allow-Headers: authorization,content-type
    "#]]
    .assert_eq(&send(client, "OPTIONS", SERVICES, PREFLIGHT).to_string());
    let private = format!("{PREFLIGHT}Access-Control-Request-Private-Network: true\r\n");
    let response = send(client, "OPTIONS", "/vmrest", &private);
    assert_eq!(
        response.header("Access-Control-Allow-Private-Network"),
        Some("true")
    );
    let journal = client.control("GET", "/__mock/requests", "").body;
    assert!(journal.contains(r#""requests":[]"#), "{journal}");
}

#[test]
fn a_page_can_read_a_response_with_all_its_headers() {
    let (_mock, client) = start();
    let headers = format!("{PAGE}{ADMIN_AUTHORIZATION}");
    let response = client.request("GET", "/vmrest/version", &headers, b"");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Access-Control-Allow-Origin: http://localhost:3000
        Access-Control-Allow-Credentials: true
        Access-Control-Expose-Headers: content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id
        Vary: Origin
    "#]]
    .assert_eq(&without_body(response));
    let other = headers.replace("http://localhost:3000", "https://app.example");
    let response = client.request("GET", "/vmrest/version", &other, b"");
    assert_eq!(
        response.header("Access-Control-Allow-Origin"),
        Some("https://app.example")
    );
}

#[test]
fn a_page_can_read_every_rejection() {
    let (_mock, client) = start();
    let signed_in = format!("{PAGE}{ADMIN_AUTHORIZATION}");
    let fault = r#"{"preset":"busy","requests":{"path":"tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let mut statuses = Vec::new();
    for (method, path, headers) in [
        ("GET", SERVICES, PAGE),
        ("GET", "/vmrest/nothing", &signed_in),
        ("PATCH", SERVICES, &signed_in),
        ("POST", SERVICES, &signed_in),
        ("GET", "/vmrest/tenants", &signed_in),
        ("OPTIONS", SERVICES, &signed_in),
    ] {
        let response = send(client, method, path, headers);
        let header = |name| response.header(name).unwrap_or_default().to_owned();
        assert_eq!(
            header("Access-Control-Allow-Origin"),
            "http://localhost:3000",
            "{method} {path}: {response}"
        );
        assert_eq!(header("Access-Control-Allow-Credentials"), "true");
        assert_eq!(header("Vary"), "Origin");
        statuses.push((response.status, header("Access-Control-Expose-Headers")));
    }
    expect![[r#"
        [
            (
                401,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id, www-authenticate",
            ),
            (
                404,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id",
            ),
            (
                405,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id, allow",
            ),
            (
                400,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id",
            ),
            (
                503,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id",
            ),
            (
                200,
                "content-type, cache-control, expires, x-frame-options, server, x-cuc-mock-provenance, date, x-request-id, allow",
            ),
        ]
    "#]]
    .assert_debug_eq(&statuses);
}

#[test]
fn the_response_of_a_fault_can_set_the_headers_itself() {
    let (_mock, client) = start();
    let fault = r#"{"effect":{"answer":{"status":200,"headers":{"Access-Control-Allow-Origin":"http://other","X-Own":"1"}}}}"#;
    let created = client.control("POST", "/__mock/faults", fault);
    assert_eq!(created.status, 201, "{created}");
    let response = send(
        client,
        "GET",
        SERVICES,
        &format!("{PAGE}{ADMIN_AUTHORIZATION}"),
    );
    assert_eq!(
        response.header("Access-Control-Allow-Origin"),
        Some("http://other")
    );
    let exposed = response.header("Access-Control-Expose-Headers").unwrap();
    assert!(exposed.contains("x-own"), "{exposed}");
}

#[test]
fn a_page_of_another_origin_gets_the_response_of_a_server_without_cors() {
    let (_mock, client) = start();
    let without = CucMock::builder().user("admin", "secret").start_blocking();
    let without = Client::of(&without);
    for (method, path) in [("OPTIONS", SERVICES), ("GET", "/vmrest/version")] {
        for origin in [
            "http://localhost",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://localhost:3000.evil.example",
            "http://evil.example",
            "null",
        ] {
            let headers = PREFLIGHT.replace("http://localhost:3000", origin);
            for headers in [headers.clone(), format!("{headers}{ADMIN_AUTHORIZATION}")] {
                let expected = send(without, method, path, &headers);
                let response = send(client, method, path, &headers);
                assert_eq!(response.header("Vary"), Some("Origin"));
                let found = response.to_string().replace("Vary: Origin\n", "");
                assert_eq!(found, expected.to_string(), "{method} {path} {origin}");
            }
        }
    }
}

#[test]
fn without_the_option_no_response_has_a_cors_header() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (method, headers) in [
        ("OPTIONS", PREFLIGHT.to_owned()),
        ("OPTIONS", format!("{PREFLIGHT}{ADMIN_AUTHORIZATION}")),
        ("GET", format!("{PAGE}{ADMIN_AUTHORIZATION}")),
    ] {
        let response = send(client, method, SERVICES, &headers).to_string();
        assert!(!response.contains("Access-Control"), "{response}");
        assert!(!response.contains("Vary"), "{response}");
    }
}

#[test]
fn it_does_not_apply_to_other_paths() {
    let (_mock, client) = start();
    for path in [
        "/__mock/state",
        "/__mock/health",
        "/",
        "/vmrestful",
        "/cualsful",
    ] {
        for (method, headers) in [("OPTIONS", PREFLIGHT), ("GET", PAGE)] {
            let response = send(client, method, path, headers).to_string();
            assert!(!response.contains("Access-Control"), "{path}: {response}");
        }
    }
    assert_eq!(
        send(client, "OPTIONS", "/__mock/state", PREFLIGHT).status,
        403
    );
    assert_eq!(send(client, "GET", "/__mock/state", PAGE).status, 403);
}

#[test]
fn the_option_has_the_same_effect_and_can_be_repeated() {
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--cors",
        "http://localhost:3000",
        "--cors",
        "http://localhost:3001",
    ];
    let mut variable = cuc_mock(&["--listen", "127.0.0.1:0"]);
    variable.env(
        "CUC_MOCK_CORS",
        "http://localhost:3000,http://localhost:3001",
    );
    for command in [&mut cuc_mock(&arguments), &mut variable] {
        let mut server = ServerProcess::start(command);
        for origin in ["http://localhost:3000", "http://localhost:3001"] {
            let headers = PREFLIGHT.replace("http://localhost:3000", origin);
            let response = send(server.client(), "OPTIONS", SERVICES, &headers);
            assert_eq!(response.header("Access-Control-Allow-Origin"), Some(origin));
        }
        let log = server.wait_for_log("OPTIONS");
        assert!(log.contains("204"), "a preflight is logged: {log}");
    }
}

#[test]
fn an_invalid_origin_exits_with_status_2_and_is_explained() {
    let rejection = |command: &mut Command| {
        let (status, _, error) = output(command);
        assert_eq!(status, 2, "{error}");
        error
            .split("\n\nFor more")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let errors: Vec<_> = ["*", "null", "localhost:3000", "http://localhost:3000/"]
        .map(|origin| rejection(&mut cuc_mock(&["--cors", origin])))
        .into();
    expect![[r#"
        error: invalid value '*' for '--cors <ORIGIN>': expected one origin, such as http://localhost:3000: a browser sends credentials only to a server that names the origin of the page
        error: invalid value 'null' for '--cors <ORIGIN>': expected the origin of a web server, such as http://localhost:3000: a page from a file has the origin null, and so has any page in a sandbox
        error: invalid value 'localhost:3000' for '--cors <ORIGIN>': expected an origin, SCHEME://HOST or SCHEME://HOST:PORT without a path, such as http://localhost:3000
        error: invalid value 'http://localhost:3000/' for '--cors <ORIGIN>': expected an origin, SCHEME://HOST or SCHEME://HOST:PORT without a path, such as http://localhost:3000
    "#]]
    .assert_eq(&(errors.join("\n") + "\n"));
}
