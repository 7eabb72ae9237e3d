//! Isolated environments in one server.

use std::thread;

use base64::{Engine, prelude::BASE64_STANDARD};
use cuc_mock::{CucMock, Fault, RequestPattern};
use expect_test::expect;

use crate::support::{Client, Response, ServerProcess, authorization, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

fn list(client: Client, user: &str) -> Response {
    client.request("GET", SERVICES, &authorization(user), b"")
}

fn create(client: Client, user: &str, name: &str) -> Response {
    let headers = format!("{}Content-Type: application/xml\r\n", authorization(user));
    let body = exchange().with("DisplayName", name).xml();
    client.request("POST", SERVICES, &headers, body.as_bytes())
}

#[test]
fn spaces_are_created_listed_and_deleted() {
    let mock = CucMock::builder().seed(7).start_blocking();
    let client = Client::of(&mock);
    let spaces =
        |method, path: &str, json| client.control(method, &format!("/__mock/spaces{path}"), json);
    expect![[r#"
        201 Created
        Content-Type: application/json

        {"name":"alice","seed":7}
    "#]]
    .assert_eq(&spaces("POST", "", r#"{"name":"Alice"}"#).to_string());
    expect![[r#"
        201 Created
        Content-Type: application/json

        {"name":"bob","seed":1}
    "#]]
    .assert_eq(&spaces("POST", "", r#"{"name":"bob","seed":1}"#).to_string());
    expect![[r#"{"spaces":[{"name":"default","seed":7},{"name":"alice","seed":7},{"name":"bob","seed":1}]}"#]].assert_eq(&spaces("GET", "", "").body);
    expect![[r#"{"name":"alice","seed":7}"#]].assert_eq(&spaces("GET", "/ALICE", "").body);
    assert_eq!(spaces("DELETE", "/BOB", "").status, 204);
    let refused = [
        spaces("POST", "", r#"{"name":"ALICE"}"#),
        spaces("POST", "", r#"{"name":"default"}"#),
        spaces("POST", "", r#"{"name":"*"}"#),
        spaces("POST", "", r#"{"name":7}"#),
        spaces("POST", "", r#"{"seed":7}"#),
        spaces("POST", "", r#"{"name":"x","seed":-1}"#),
        spaces("POST", "", r#"{"name":"x","sead":1}"#),
        spaces("POST", "", ""),
        spaces("POST", "", "{"),
        spaces("POST", "", "[]"),
        spaces("POST", "", "\u{feff}"),
        spaces("POST", "", "\u{feff}\u{feff}{}"),
        spaces("DELETE", "/default", ""),
        spaces("DELETE", "/bob", ""),
    ];
    let refused = refused.map(|answer| format!("{} {}\n", answer.status, answer.body));
    expect![[r#"
        409 {"error":"there is a space of this name already"}
        409 {"error":"there is a space of this name already"}
        400 {"error":"expected a name of 1 to 256 bytes that is not * for a space"}
        400 {"error":"name is 7, expected a text"}
        400 {"error":"name is missing"}
        400 {"error":"seed is -1, expected a whole number from 0 to 18446744073709551615"}
        400 {"error":"found \"sead\", expected name or seed"}
        400 {"error":"the body is empty, expected a JSON object"}
        400 {"error":"the body is not valid JSON, expected an object: EOF while parsing an object at line 1 column 1"}
        400 {"error":"the body is a list, expected an object"}
        400 {"error":"the body is empty, expected a JSON object"}
        400 {"error":"the body is not valid JSON, expected an object: expected value at line 1 column 1"}
        409 {"error":"the space default cannot be deleted"}
        404 {"error":"there is no space \"bob\""}
    "#]]
    .assert_eq(&refused.concat());
}

#[test]
fn a_user_works_in_the_space_of_its_name_and_others_in_the_default_one() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let alice = mock.space("Alice");
    assert_eq!(create(client, "ALICE", "hers").status, 201);
    assert!(list(client, "alice").body.contains("hers"));
    assert!(!list(client, "bob").body.contains("hers"));
    assert_eq!(create(client, "bob", "his").status, 201);
    assert!(list(client, "carol").body.contains("his"));
    assert!(!list(client, "alice").body.contains("his"));
    alice.reset();
    assert!(!list(client, "alice").body.contains("hers"));
    assert!(
        list(client, "bob").body.contains("his"),
        "the default space is not reset"
    );
}

#[test]
fn a_session_remembers_its_space() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    mock.space("alice");
    let first = create(client, "alice", "hers");
    let cookies: Vec<_> = first
        .cookies()
        .filter_map(|c| c.split(';').next())
        .collect();
    let cookies = format!("Cookie: {}\r\n", cookies.join("; "));
    let answer = client.request("GET", SERVICES, &cookies, b"");
    assert!(answer.body.contains("hers"), "{answer}");
}

#[test]
fn with_auto_each_user_name_is_a_space_created_on_first_use() {
    let options = ["--listen", "127.0.0.1:0", "--seed", "3", "--spaces", "auto"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    assert_eq!(create(client, "Domain\\Alice", "hers").status, 201);
    assert!(!list(client, "bob").body.contains("hers"));
    assert!(list(client, "domain\\ALICE").body.contains("hers"));
    let spaces = client.control("GET", "/__mock/spaces", "").body;
    expect![[r#"{"spaces":[{"name":"default","seed":3},{"name":"bob","seed":3},{"name":"domain\\alice","seed":3}]}"#]].assert_eq(&spaces);
}

#[test]
fn at_the_limit_a_new_space_is_rejected_and_none_is_evicted() {
    let mock = CucMock::builder().auto_spaces().start_blocking();
    let client = Client::of(&mock);
    for number in 1..1000 {
        mock.space(&number.to_string());
    }
    let answer = client.request_unchecked("GET", SERVICES, &authorization("one-too-many"));
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>there are 1000 spaces already, and no more can be made: delete some</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&answer.to_string());
    let refused = client.request_unchecked(
        "POST",
        "/__mock/spaces",
        "Content-Length: 17\r\n\r\n{\"name\":\"enough\"}",
    );
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/json

        {"error":"there are 1000 spaces already, and no more can be made: delete some"}
    "#]]
    .assert_eq(&refused.to_string());
    assert_eq!(list(client, "7").status, 200);
    assert!(mock.delete_space("8"));
    assert_eq!(list(client, "one-too-many").status, 200);
}

#[test]
fn a_reset_of_all_spaces_keeps_the_spaces() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    mock.space("alice");
    create(client, "alice", "hers");
    create(client, "bob", "his");
    assert_eq!(
        client.control("POST", "/__mock/reset?space=*", "").status,
        204
    );
    for user in ["alice", "bob"] {
        assert!(list(client, user).body.contains(r#"total="5""#), "{user}");
    }
    assert_eq!(mock.space_names(), ["default", "alice"]);
}

#[test]
fn sixty_four_tests_share_a_server_without_interference() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    thread::scope(|scope| {
        for number in 0..64 {
            let mock = &mock;
            scope.spawn(move || {
                let name = format!("test-{number}");
                let space = mock.space(&name);
                let seed = list(client, &name).body;
                let services = RequestPattern::get("externalservices");
                for round in 0..4 {
                    space.reset();
                    let answer = Fault::answer(299, name.as_str())
                        .on(services.clone())
                        .times(2);
                    let fault = space.fault(answer);
                    for _ in 0..2 {
                        let answer = list(client, &name);
                        assert_eq!((answer.status, answer.body), (299, name.clone()));
                    }
                    assert_eq!((fault.number(), fault.hits()), (1, 2));
                    assert_eq!(list(client, &name).body, seed);
                    let requests = space.requests();
                    let seen = requests.iter().map(|r| (r.number(), r.fault(), r.space()));
                    let name = name.as_str();
                    let expected = [(1, Some(1), name), (2, Some(1), name), (3, None, name)];
                    assert_eq!(seen.collect::<Vec<_>>(), expected);
                    let mine = format!("mine {number} {round}");
                    assert_eq!(create(client, name, &mine).status, 201);
                    space.snapshot("with mine");
                    let with_mine = list(client, name).body;
                    assert!(with_mine.contains(&mine));
                    assert!(with_mine.contains(r#"total="6""#), "{with_mine}");
                    space.reset();
                    assert_eq!(list(client, name).body, seed);
                    space.restore("with mine");
                    assert_eq!(list(client, name).body, with_mine);
                    space.reset();
                }
                assert!(mock.delete_space(&name));
            });
        }
    });
    assert_eq!(mock.space_names(), ["default"]);
}

#[test]
fn a_request_outside_the_api_creates_no_space() {
    let mock = CucMock::builder().auto_spaces().start_blocking();
    Client::of(&mock).request_unchecked("GET", "/favicon.ico", &authorization("alice"));
    assert_eq!(mock.space_names(), ["default"]);
}

#[test]
fn names_that_are_not_utf_8_are_distinct() {
    let mock = CucMock::builder().auto_spaces().start_blocking();
    let client = Client::of(&mock);
    for name in [b"\xfc:x", b"\xe4:x"] {
        let encoded = BASE64_STANDARD.encode(name);
        let headers = format!("Authorization: Basic {encoded}\r\n");
        assert_eq!(client.request("GET", SERVICES, &headers, b"").status, 200);
    }
    assert_eq!(mock.space_names(), ["default", "\u{e4}", "\u{fc}"]);
}

#[test]
fn a_user_name_that_cannot_name_a_space_is_rejected() {
    let mock = CucMock::builder().auto_spaces().start_blocking();
    let answer = Client::of(&mock).request_unchecked("GET", SERVICES, &authorization("*"));
    assert_eq!(answer.status, 400, "{answer}");
    assert!(
        answer.body.contains("expected a name of 1 to 256 bytes"),
        "{answer}"
    );
}

#[test]
fn a_body_of_json_may_have_a_byte_order_mark_and_another_encoding() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let utf_16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let create = |content_type: &str, body: &[u8]| {
        let headers = format!("Content-Type: {content_type}\r\n");
        client.request("POST", "/__mock/spaces", &headers, body)
    };
    for (content_type, body) in [
        ("application/json", "\u{feff}{\"name\":\"a\"}".as_bytes()),
        (
            "application/json; charset=utf-8",
            "\u{feff}{\"name\":\"b\"}".as_bytes(),
        ),
        ("application/json; charset=iso-8859-1", br#"{"name":"c"}"#),
        ("text/plain", &utf_16("\u{feff}{\"name\":\"d\"}")),
        ("text/plain; charset=utf-16", &utf_16("{\"name\":\"e\"}")),
    ] {
        let created = create(content_type, body);
        assert_eq!(created.status, 201, "{content_type}: {created}");
    }
    let mut rejections = String::new();
    for (content_type, body) in [
        ("application/json", &b"{\n\"name\":\"\xe9\"}"[..]),
        ("application/json; charset=ascii", b"{\n\"name\":\"\xe9\"}"),
        ("application/json; charset=utf-7", b"{}"),
        ("application/json", b"\xef\xbb\xbf"),
    ] {
        let rejected = create(content_type, body);
        rejections.push_str(&format!("{} {}\n", rejected.status, rejected.body));
    }
    expect![[r#"
        400 {"error":"the body is not valid JSON, expected an object: invalid unicode code point at line 2 column 9"}
        400 {"error":"the body cannot be decoded: line 2, column 9: found the byte 0xE9, which is not US-ASCII there"}
        400 {"error":"the body cannot be decoded: line 1, column 1: Content-Type names the unknown character encoding \"utf-7\", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252"}
        400 {"error":"the body is empty, expected a JSON object"}
    "#]].assert_eq(&rejections);
}
