//! Requests whose head HTTP does not allow.

use std::io::{Read, Write};

use cuc_mock::CucMock;
use expect_test::{Expect, expect};
use serde_json::Value;

use crate::support::{ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock};

const SERVICES: &str = "/vmrest/externalservices";

/// Returns the requests in the journal.
#[track_caller]
fn journal(client: Client, query: &str) -> Vec<Value> {
    let listed = client.control("GET", &format!("/__mock/requests{query}"), "");
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    listed["requests"].as_array().expect("an array").clone()
}

/// Describes an entry of the journal.
fn description(entry: &Value) -> String {
    let headers = entry["headers"].as_array().expect("an array").iter();
    let headers: String = headers
        .map(|header| format!("\n    {}: {}", header["name"], header["value"]))
        .collect();
    format!(
        "{} {} {} {} -> {} {}: {}{headers}\n",
        entry["number"],
        entry["method"],
        entry["path"],
        entry["query"],
        entry["answer"]["status"],
        entry["reason"]["kind"],
        entry["reason"]["message"],
    )
    .replace('"', "")
}

/// Sends bytes on a new connection, and compares the response and the journal.
#[track_caller]
fn check(bytes: &[u8], status: &str, expected: &Expect) {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let response = String::from_utf8(client.raw(bytes)).expect("UTF-8");
    let head = response.split("date: ").next().unwrap_or_default();
    let head = head.split("Date: ").next().unwrap_or_default();
    assert_eq!(
        head,
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n")
    );
    assert!(response.ends_with("\r\n\r\n"), "{response}");
    let entries: String = journal(client, "").iter().map(description).collect();
    expected.assert_eq(&entries);
}

#[track_caller]
fn check_400(head: &str, expected: &Expect) {
    check(head.as_bytes(), "400 Bad Request", expected);
}

#[test]
fn an_invalid_request_line_is_in_the_journal() {
    check_400(
        "GET /vmrest/users?query=(Alias is bob) HTTP/1.1\r\nHost: x\r\n\r\n",
        &expect![[r#"
            1 GET /vmrest/users query=(Alias is bob) -> 400 malformed: The target of the request contains a space, expected %20
                host: x
        "#]],
    );
    check_400(
        "GET /vmrest/users?query=\"bob\" HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRtaW46c2VjcmV0\r\n\r\n",
        &expect![[r#"
            1 GET /vmrest/users query=\bob\ -> 400 malformed: The target of the request contains the character '\', expected %22
                host: x
                authorization: Basic [redacted]
        "#]],
    );
    check_400(
        "GET /vmrest/version\r\n\r\n",
        &expect![[r#"
        1 GET /vmrest/version null -> 400 malformed: The first line has no version, expected HTTP/1.1 behind the target
    "#]],
    );
    check_400(
        "\0\x01garbage\r\n\r\n",
        &expect![[r#"
        1 - - null -> 400 malformed: The first line contains no space, expected a request line such as GET /vmrest/version HTTP/1.1
    "#]],
    );
}

#[test]
fn invalid_headers_are_in_the_journal_without_secrets() {
    check_400(
        "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nAuthorization : Basic YWRtaW46c2VjcmV0\r\n\r\n",
        &expect![[r#"
            1 GET /vmrest/version null -> 400 malformed: Line 3 of the request has a space before the colon, expected NAME: VALUE
                host: x
                authorization: Basic [redacted]
        "#]],
    );
    check_400(
        "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n b\r\nCookie:\r\n JSESSIONID=hunter2\r\n\r\n",
        &expect![[r#"
            1 GET /vmrest/version null -> 400 malformed: Line 4 of the request begins with a space: expected each header on one line, not folded
                host: x
                x-folded: a b
                cookie: JSESSIONID=[redacted]
        "#]],
    );
    check_400(
        "POST /vmrest/tenants HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n<Password>hunter2</Password>",
        &expect![[r#"
            1 POST /vmrest/tenants null -> 400 malformed: Line 3 of the request has a Content-Length that is not a number of bytes
                host: x
                content-length: 1x
        "#]],
    );
    check_400(
        "POST /vmrest/tenants HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        &expect![[r#"
            1 POST /vmrest/tenants null -> 400 malformed: The last Transfer-Encoding is another one, expected chunked
                host: x
                transfer-encoding: gzip
        "#]],
    );
}

#[test]
fn a_head_beyond_the_limits_is_in_the_journal() {
    let headers: String = (0..101).map(|number| format!("A: {number}\r\n")).collect();
    let many = format!("GET /vmrest/version?a=b HTTP/1.1\r\n{headers}\r\n");
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(client.exchange(many.as_bytes()).status, 431);
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(65_535));
    assert_eq!(client.exchange(long.as_bytes()).status, 431);
    let large = format!(
        "GET /vmrest/version HTTP/1.1\r\nA: {}\r\n\r\n",
        "a".repeat(70_000)
    );
    assert_eq!(client.exchange(large.as_bytes()).status, 431);
    let reasons: Vec<_> = journal(client, "")
        .iter()
        .map(|entry| {
            assert_eq!(entry["answer"]["status"], 431);
            let path = entry["path"].as_str().expect("a path");
            format!("{:.20} {}", path, entry["reason"]["message"])
        })
        .collect();
    expect![[r#"
        /vmrest/version "The request has more than 100 headers"
        /aaaaaaaaaaaaaaaaaaa "The head of the request is larger than 65536 bytes (--max-header-size)"
        /vmrest/version "The head of the request is larger than 65536 bytes (--max-header-size)""#]].assert_eq(&reasons.join("\n"));
}

#[test]
fn a_load_balancer_with_the_proxy_protocol_is_named() {
    check_400(
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324 8443\r\nGET /vmrest/version HTTP/1.1\r\n\r\n",
        &expect![[r#"
            1 - - null -> 400 malformed: The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer
        "#]],
    );
    check_400(
        "\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c",
        &expect![[r#"
        1 - - null -> 400 malformed: The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer
    "#]],
    );
}

#[test]
fn http_2_without_a_negotiation_gets_no_response_and_is_in_the_journal() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(client.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), b"");
    let entries: String = journal(client, "").iter().map(description).collect();
    expect![[r#"
        1 PRI * null -> null malformed: The client begins with HTTP/2, expected HTTP/1.1
    "#]]
    .assert_eq(&entries);
}

#[test]
fn a_wrong_content_length_makes_the_rest_of_the_body_a_request_and_is_explained() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = r#"{"Alias":"a","Password":"hunter2"}"#;
    let request = format!(
        "POST /vmrest/tenants HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}Content-Type: application/json\r\nContent-Length: 5\r\n\r\n{body}\r\n\r\n"
    );
    let responses = String::from_utf8(client.raw(request.as_bytes())).expect("UTF-8");
    let statuses: Vec<_> = responses
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &responses[at + 9..at + 12])
        .collect();
    assert_eq!(statuses, ["400", "400"]);
    let entries = journal(client, "?secrets=true");
    expect![[r#"
        2 - - null -> 400 malformed: The first line contains no space, expected a request line such as GET /vmrest/version HTTP/1.1. It begins directly behind the body of another request: is the Content-Length of that one correct?
    "#]].assert_eq(&description(&entries[1]));
}

#[test]
fn the_response_before_an_invalid_head_is_complete() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let get = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n");
    let mut stream = client.connect();
    stream
        .write_all(format!("{get}{get}GET /a b HTTP/1.1\r\n\r\n").as_bytes())
        .unwrap();
    let mut responses = String::new();
    stream.read_to_string(&mut responses).expect("UTF-8");
    assert_eq!(responses.matches("HTTP/1.1 200 OK\r\n").count(), 2);
    assert_eq!(responses.matches("</ExternalServices>").count(), 2);
    let (_, last) = responses
        .rsplit_once("</ExternalServices>")
        .expect("a list");
    assert!(
        last.trim_start()
            .starts_with("HTTP/1.1 400 Bad Request\r\n"),
        "{last}"
    );
    let paths: Vec<_> = journal(client, "")
        .iter()
        .map(|entry| entry["path"].clone())
        .collect();
    assert_eq!(paths, [SERVICES, SERVICES, "/a b"]);
}

#[test]
fn an_invalid_head_can_be_verified_and_is_counted() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.raw(b"DELETE /vmrest/tenants/a b HTTP/1.1\r\n\r\n");
    client.raw(b"garbage\r\n\r\n");
    client.raw(b"GET /__mock/requests?path=a b HTTP/1.1\r\n\r\n");
    let verification =
        r#"{"requests":{"method":"DELETE","path":"tenants/*","status":400},"exactly":1}"#;
    let verified = client.control("POST", "/__mock/requests/verify", verification);
    assert_eq!(verified.status, 200, "{verified}");
    assert_eq!(journal(client, "").len(), 2);
    let metrics = client.control("GET", "/__mock/metrics", "").body;
    let mut counted: Vec<_> = metrics
        .lines()
        .filter(|line| line.starts_with("cuc_mock_requests_total"))
        .collect();
    counted.sort_unstable();
    expect![[r#"
        cuc_mock_requests_total{method="DELETE",route="other",status="400"} 1
        cuc_mock_requests_total{method="other",route="other",status="400"} 1"#]]
    .assert_eq(&counted.join("\n"));
}

#[test]
fn each_invalid_head_is_a_line_of_the_log() {
    let options = ["--listen", "127.0.0.1:0", "--seed", "1", "--log", "json"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    for head in [
        "GET /vmrest/a;pin=hunter2 b HTTP/1.1\r\n\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324 8443\r\n\r\n",
        "GET /__mock/a b HTTP/1.1\r\n\r\n",
    ] {
        client.raw(head.as_bytes());
    }
    server.signal("TERM");
    let (_, _, log) = server.wait_for_exit();
    let lines = log.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        line["timestamp"] = "…".into();
        if line["duration_ms"].is_number() {
            line["duration_ms"] = "…".into();
        }
        format!("{line}\n")
    });
    expect![[r#"
        {"duration_ms":"…","level":"INFO","message":"response sent: the head of the request is invalid","method":"GET","path":"[redacted]","reason":"The target of the request contains a space, expected %20","request_id":"1","status":400,"timestamp":"…"}
        {"duration_ms":"…","level":"INFO","message":"response sent: the head of the request is invalid","method":"-","path":"-","reason":"The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer","request_id":"2","status":400,"timestamp":"…"}
        {"duration_ms":"…","level":"INFO","message":"response sent: the head of the request is invalid","method":"GET","path":"/__mock/a b","reason":"The target of the request contains a space, expected %20","status":400,"timestamp":"…"}
        {"level":"INFO","message":"shutting down, a second signal ends the server at once","timestamp":"…"}
    "#]].assert_eq(&lines.collect::<String>());
}
