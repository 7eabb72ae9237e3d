//! Verification of requests.

use std::{
    thread,
    time::{Duration, Instant},
};

use cuc_mock::CucMock;
use expect_test::{Expect, expect};
use serde_json::Value;

use crate::support::{Client, Response, ServerProcess, authorization, cuc_mock, exchange};

const VERIFY: &str = "/__mock/requests/verify";
const SERVICES: &str = "/vmrest/externalservices";

fn verify(client: Client, json: &str) -> Response {
    client.control("POST", VERIFY, json)
}

#[track_caller]
fn assert_verified(client: Client, json: &str, found: u64) {
    let answer = verify(client, json);
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(
        answer.body,
        format!(r#"{{"verified":true,"found":{found}}}"#)
    );
}

#[track_caller]
fn assert_fails(client: Client, json: &str, expected: &Expect) {
    let answer = verify(client, json);
    assert_eq!(answer.status, 409, "{answer}");
    let failure: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(failure["verified"], false);
    expected.assert_eq(failure["error"].as_str().expect("a text"));
}

fn server_with_requests() -> (CucMock, Client) {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let path = client.create(SERVICES, exchange().with("DisplayName", "One").xml());
    client.delete(&path);
    client.create(SERVICES, exchange().with("DisplayName", "two").xml());
    client.get("/vmrest/version?x=1");
    (mock, client)
}

#[test]
fn met_expectations_are_verified() {
    let (_mock, client) = server_with_requests();
    let post = r#""requests":{"method":"POST","path":"externalservices"}"#;
    let delete = r#"{"method":"DELETE","path":"externalservices/*","status":204}"#;
    assert_verified(client, &format!("{{{post}}}"), 2);
    assert_verified(client, &format!(r#"{{{post},"exactly":2}}"#), 2);
    assert_verified(
        client,
        &format!(r#"{{{post},"at_least":1,"within_ms":60000}}"#),
        2,
    );
    assert_verified(client, &format!(r#"{{{post},"at_most":2}}"#), 2);
    assert_verified(
        client,
        &format!(r#"{{{post},"exactly":1,"after":[{delete}]}}"#),
        1,
    );
    let put = r#"{"requests":{"method":"PUT"},"never":true}"#;
    assert_verified(client, put, 0);
    let one = r#"{"requests":{"fields":{"DisplayName":"One"},"headers":{"Content-Type":"application/xml"}},"exactly":1}"#;
    assert_verified(client, one, 1);
    let chain = format!(
        r#"{{"requests":{{"query":{{"x":"1"}}}},"after":[{{"method":"POST"}},{delete},{{"method":"POST"}}]}}"#
    );
    assert_verified(client, &chain, 1);
}

#[test]
fn a_failure_lists_the_closest_requests_and_their_differences() {
    let (_mock, client) = server_with_requests();
    client.control("DELETE", "/__mock/requests", "");
    client.post(SERVICES, exchange().with("DisplayName", "one").xml());
    client.post(SERVICES, exchange().with("DisplayName", "One ").xml());
    client.post(
        "/vmrest/externalservice",
        exchange().without("DisplayName").xml(),
    );
    client.post(SERVICES, "<ServicePassword>hunter2");
    client.get("/vmrest/version");
    let fields = r#"{"requests":{"method":"POST","path":"externalservices","fields":{"DisplayName":"One"},"status":201},"exactly":1}"#;
    assert_fails(
        client,
        fields,
        &expect![[r#"
            expected POST /vmrest/externalservices with the field DisplayName being "One" answered with 201 exactly once
            found 0 among 5 requests
            the closest are
              #1 POST /vmrest/externalservices, answered with 201
                field DisplayName: found "one", expected "One" (it differs only in case)
              #2 POST /vmrest/externalservices, answered with 400
                rejected: Invalid parameter. Parameter = [DisplayName], Value = [One ]: expected a value that no other ExternalService has (client: services have names of their own; without regard to case is inferred)
                status: found 400, expected 201
                field DisplayName: found "One ", expected "One" (it differs only in blanks)
              #4 POST /vmrest/externalservices, answered with 400
                rejected: The request body cannot be read: line 1, column 25: the document ends before its elements are closed (documented)
                status: found 400, expected 201
                body: found a body that cannot be read: line 1, column 25: the document ends before its elements are closed, expected fields: DisplayName"#]],
    );
    let secret = r#"{"requests":{"method":"POST","headers":{"authorization":"Basic s3cret"},"fields":{"ServicePassword":"s3cret","displayname":"One"}}}"#;
    assert_fails(
        client,
        secret,
        &expect![[r#"
            expected POST with the field ServicePassword being [redacted] and the field displayname being "One" and the header authorization being [redacted] at least once
            found 0 among 5 requests
            the closest are
              #3 POST /vmrest/externalservice, answered with 404
                rejected: cuc-mock does not implement /vmrest/externalservice (inferred)
                header authorization: it differs, and is not shown
                field ServicePassword: it differs, and is not shown
                field displayname: found nothing, expected "One"
              #2 POST /vmrest/externalservices, answered with 400
                rejected: Invalid parameter. Parameter = [DisplayName], Value = [One ]: expected a value that no other ExternalService has (client: services have names of their own; without regard to case is inferred)
                header authorization: it differs, and is not shown
                field ServicePassword: it differs, and is not shown
                field displayname: found nothing, expected "One" (there is "DisplayName": names differ by case)
              #1 POST /vmrest/externalservices, answered with 201
                header authorization: it differs, and is not shown
                field ServicePassword: it differs, and is not shown
                field displayname: found nothing, expected "One" (there is "DisplayName": names differ by case)"#]],
    );
    let root = r#"{"requests":{"method":"PUT","path":"/version"}}"#;
    assert_fails(
        client,
        root,
        &expect![[r#"
            expected PUT /version at least once
            found 0 among 5 requests
            the closest are
              #5 GET /vmrest/version, answered with 200
                method: found GET, expected PUT
                path: found /vmrest/version, expected /version (a path that begins with a slash is taken from the root)
              #3 POST /vmrest/externalservice, answered with 404
                rejected: cuc-mock does not implement /vmrest/externalservice (inferred)
                method: found POST, expected PUT
                path: found /vmrest/externalservice, expected /version
              #4 POST /vmrest/externalservices, answered with 400
                rejected: The request body cannot be read: line 1, column 25: the document ends before its elements are closed (documented)
                method: found POST, expected PUT
                path: found /vmrest/externalservices, expected /version"#]],
    );
    let answer = verify(client, fields);
    let failure: Value = serde_json::from_str(&answer.body).expect("JSON");
    expect![[r#"
        {
          "differences": [
            {
              "expected": "\"One\"",
              "found": "one",
              "hint": "it differs only in case",
              "name": "DisplayName",
              "part": "field"
            }
          ],
          "inferred": null,
          "method": "POST",
          "number": 1,
          "path": "/vmrest/externalservices",
          "reason": null,
          "status": 201
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&failure["closest"][0]).expect("JSON"));
}

#[test]
fn a_failure_lists_surplus_requests() {
    let (_mock, client) = server_with_requests();
    for _ in 0..4 {
        client.get("/vmrest/version");
    }
    let json = r#"{"requests":{"method":"GET"},"at_most":2}"#;
    assert_fails(
        client,
        json,
        &expect![[r#"
        expected GET at most 2 times
        found 5 among 8 requests
        they are
          #4 GET /vmrest/version, answered with 200
          #5 GET /vmrest/version, answered with 200
          #6 GET /vmrest/version, answered with 200
          #7 GET /vmrest/version, answered with 200
          #8 GET /vmrest/version, answered with 200"#]],
    );
    let json = r#"{"requests":{"method":"GET"},"never":true,"after":[{"method":"DELETE"}],"within_ms":60000}"#;
    let start = Instant::now();
    assert_fails(
        client,
        json,
        &expect![[r#"
        expected GET never, after DELETE, within 60s
        found 5 among the 6 requests that came after
        they are
          #4 GET /vmrest/version, answered with 200
          #5 GET /vmrest/version, answered with 200
          #6 GET /vmrest/version, answered with 200
          #7 GET /vmrest/version, answered with 200
          #8 GET /vmrest/version, answered with 200"#]],
    );
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "it fails immediately"
    );
}

#[test]
fn a_failure_names_the_missing_earlier_request() {
    let (_mock, client) = server_with_requests();
    let json = r#"{"requests":{"method":"GET"},"after":[{"method":"POST"},{"method":"DELETE","path":"tenants/*"}]}"#;
    assert_fails(
        client,
        json,
        &expect![[r#"
            expected GET at least once, after DELETE /vmrest/tenants/*, which came after POST
            found no DELETE /vmrest/tenants/* after POST, among 4 requests, which had to come first
            the closest are
              #2 DELETE /vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d, answered with 204
                path: found /vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d, expected /vmrest/tenants/*
              #4 GET /vmrest/version, answered with 200
                method: found GET, expected DELETE
                path: found /vmrest/version, expected /vmrest/tenants/*
              #3 POST /vmrest/externalservices, answered with 201
                method: found POST, expected DELETE
                path: found /vmrest/externalservices, expected /vmrest/tenants/*"#]],
    );
    let json = r#"{"requests":{"method":"POST"},"after":[{"path":"version"}]}"#;
    assert_fails(
        client,
        json,
        &expect![[r#"
            expected POST at least once, after any request on /vmrest/version
            found 0 among the 0 requests that came after
            2 came too early"#]],
    );
}

#[test]
fn a_failure_with_an_empty_journal_gives_a_hint() {
    let mock = CucMock::start_blocking();
    let json = r#"{"requests":{"path":"version"}}"#;
    assert_fails(
        Client::of(&mock),
        json,
        &expect![[r#"
            expected any request on /vmrest/version at least once
            found 0 among 0 requests
            no request arrived at all: is the client configured with this server, and does its user work in the space that was searched?"#]],
    );
}

#[test]
fn a_verification_with_dropped_requests_is_inconclusive() {
    let options = ["--listen", "127.0.0.1:0", "--journal", "3"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    for _ in 0..5 {
        client.get("/vmrest/version");
    }
    let get = r#""requests":{"method":"GET"}"#;
    assert_verified(client, &format!(r#"{{{get},"at_least":3}}"#), 3);
    assert_fails(
        client,
        &format!(r#"{{{get},"exactly":3,"within_ms":60000}}"#),
        &expect![[r#"
            expected GET exactly 3 times, within 60s
            found 3 among 3 requests
            the journal has dropped 2 older requests, so the verification is inconclusive: keep more with a larger journal (--journal), or reset the server before the actions to verify"#]],
    );
    client.control("DELETE", "/__mock/requests", "");
    client.get("/vmrest/version");
    assert_verified(client, &format!(r#"{{{get},"exactly":1}}"#), 1);
}

#[test]
fn a_verification_waits_for_later_requests() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let json = r#"{"requests":{"method":"POST","status":201},"exactly":2,"within_ms":60000}"#;
    let waiting = thread::spawn(move || verify(client, json));
    let start = Instant::now();
    client.create(SERVICES, exchange().with("DisplayName", "One").xml());
    client.create(SERVICES, exchange().with("DisplayName", "Two").xml());
    assert_eq!(waiting.join().expect("an answer").status, 200);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn never_is_watched_for_the_whole_time() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let start = Instant::now();
    let delete = r#""requests":{"method":"DELETE"},"never":true"#;
    assert_verified(client, &format!(r#"{{{delete},"within_ms":200}}"#), 0);
    assert!(start.elapsed() >= Duration::from_millis(200));
    let json = format!(r#"{{{delete},"within_ms":60000}}"#);
    let watching = thread::spawn(move || verify(client, &json));
    client.delete("/vmrest/externalservices/x");
    assert_eq!(watching.join().expect("an answer").status, 409);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_invalid_verification_is_rejected() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let bodies = [
        "",
        "{}",
        r#"{"requests":{},"exactly":1,"never":true}"#,
        r#"{"requests":{},"exactly":-1}"#,
        r#"{"requests":{},"never":false}"#,
        r#"{"requests":{"verb":"GET"}}"#,
        r#"{"requests":{},"after":{}}"#,
        r#"{"requests":{},"after":[{"status":1}]}"#,
        r#"{"requests":{},"within_ms":60001}"#,
        r#"{"requests":{},"times":1}"#,
    ];
    let refused = bodies.map(|body| {
        let answer = verify(client, body);
        format!("{} {}", answer.status, answer.body)
    });
    expect![[r#"
        400 {"error":"the body is empty, expected a JSON object"}
        400 {"error":"requests is missing"}
        400 {"error":"the body: found several counts, expected at most one of exactly, at_least, at_most, never"}
        400 {"error":"exactly is -1, expected a whole number from 0 to 18446744073709551615"}
        400 {"error":"never is false, expected true"}
        400 {"error":"found \"requests.verb\", expected one of method, path, query, headers, fields, status, provenance"}
        400 {"error":"after is an object, expected a list"}
        400 {"error":"after[0].status is 1, expected a whole number from 100 to 999"}
        400 {"error":"within_ms is 60001, expected a whole number from 0 to 60000"}
        400 {"error":"found \"times\", expected one of requests, exactly, at_least, at_most, never, after, within_ms"}"#]].assert_eq(&refused.join("\n"));
    let answer = client.control("POST", &format!("{VERIFY}?space=*"), r#"{"requests":{}}"#);
    assert_eq!(answer.status, 400, "{answer}");
}

#[test]
fn a_path_matches_however_the_client_writes_its_slashes_and_parameters() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let paths = [
        "/vmrest//externalservices",
        "//vmrest/externalservices/",
        "/vmrest/externalservices;jsessionid=A",
    ];
    for path in paths {
        assert_eq!(client.get(path).status, 200, "{path}");
    }
    let pattern = r#"{"requests":{"path":"externalservices"},"exactly":3}"#;
    assert_verified(client, pattern, 3);
    let as_sent = r#"{"requests":{"path":"/vmrest/externalservices;**"},"exactly":1}"#;
    assert_verified(client, as_sent, 1);
    let listed = client.control("GET", "/__mock/requests?path=externalservices", "");
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    let listed = listed["requests"].as_array().expect("an array").iter();
    let listed: Vec<_> = listed.map(|request| request["path"].as_str()).collect();
    let shown = [paths[0], paths[1], "/vmrest/externalservices;[redacted]"].map(Some);
    assert_eq!(listed, shown);
    let fault = r#"{"requests":{"path":"externalservices"},"effect":{"answer":{"status":418}}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    for path in paths {
        assert_eq!(client.get_status(path), Some(418), "{path}");
    }
}

#[test]
fn a_request_is_selected_by_the_provenance_of_its_response_and_of_its_rule() {
    let mock = CucMock::builder().empty().start_blocking();
    let client = Client::of(&mock);
    let never = r#"{"requests":{"provenance":"inferred"},"never":true}"#;
    let tenant = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain></Tenant>";
    client.create("/vmrest/tenants", tenant);
    assert_verified(client, never, 0);
    client.post("/vmrest/tenants", tenant.replace("acme.org", "other.org"));
    client.post("/vmrest/tenants", "<Tenant/>");
    client.request("OPTIONS", "/vmrest/tenants", &authorization("admin"), b"");
    client.get("/vmrest/handlers");
    assert_fails(
        client,
        never,
        &expect![[r#"
            expected any request relying on inferred facts never
            found 4 among 5 requests
            they are
              #2 POST /vmrest/tenants, answered with 400
                rejected: Invalid parameter. Parameter = [Alias], Value = [acme]: expected a value that no other Tenant has (inferred: aliases become alias@domain)
              #3 POST /vmrest/tenants, answered with 400
                rejected: Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory (client: the SDK sends it on create)
                inferred: the status
              #4 OPTIONS /vmrest/tenants, answered with 200
                inferred: OPTIONS returns 200 with Allow
              #5 GET /vmrest/handlers, answered with 404
                rejected: cuc-mock does not implement /vmrest/handlers (inferred)"#]],
    );
    for (word, count) in [("inferred", 4), ("captured", 0)] {
        let json = format!(r#"{{"requests":{{"provenance":"{word}"}},"exactly":{count}}}"#);
        assert_verified(client, &json, count);
    }
    let missing = r#"{"requests":{"method":"OPTIONS","provenance":"captured"}}"#;
    assert_fails(
        client,
        missing,
        &expect![[r#"
            expected OPTIONS relying on captured facts at least once
            found 0 among 5 requests
            the closest are
              #4 OPTIONS /vmrest/tenants, answered with 200
                provenance: found inferred, expected captured
              #3 POST /vmrest/tenants, answered with 400
                rejected: Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory (client: the SDK sends it on create)
                method: found POST, expected OPTIONS
                provenance: found inferred, expected captured
              #2 POST /vmrest/tenants, answered with 400
                rejected: Invalid parameter. Parameter = [Alias], Value = [acme]: expected a value that no other Tenant has (inferred: aliases become alias@domain)
                method: found POST, expected OPTIONS
                provenance: found client, expected captured"#]],
    );
    let listed = client.control("GET", "/__mock/requests?provenance=inferred", "");
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    expect![[r#""OPTIONS returns 200 with Allow""#]]
        .assert_eq(&listed["requests"][2]["inferred"].to_string());
}
