//! The clock, and determinism with a seed.

use std::thread;

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, ServerProcess, authorization, cuc_mock, exchange,
};

const CLOCK: &str = "/__mock/clock";
const TENANTS: &str = "/vmrest/tenants";
const TENANT: &str = "<Tenant><Alias>a</Alias><SmtpDomain>b</SmtpDomain></Tenant>";

#[test]
fn a_frozen_clock_dates_records_and_responses() {
    let mock = CucMock::builder()
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let answer = client.get(TENANTS);
    assert_eq!(answer.header("Date"), Some("Sat, 31 Jan 2026 12:00:00 GMT"));
    let path = client.create(TENANTS, TENANT);
    let created = client.get(&path);
    assert_eq!(
        created.element("CreationDate"),
        Some("2026-01-31 12:00:00.000")
    );
    let advanced = client.control("POST", "/__mock/clock/advance", r#"{"seconds":86400.5}"#);
    assert_eq!(advanced.status, 204);
    expect![[r#"{"mode":"frozen","time":"2026-02-01T12:00:00.5Z"}"#]]
        .assert_eq(&client.control("GET", CLOCK, "").body);
    assert_eq!(
        client.get(TENANTS).header("Date"),
        Some("Sun, 01 Feb 2026 12:00:00 GMT")
    );
    mock.reset();
    expect![[r#"{"mode":"frozen","time":"2026-01-31T12:00:00Z"}"#]]
        .assert_eq(&client.control("GET", CLOCK, "").body);
}

#[test]
fn each_space_has_its_own_clock() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let alice = mock.space("alice");
    let put = |json| {
        client
            .control("PUT", "/__mock/clock?space=alice", json)
            .status
    };
    let get = |space| {
        client
            .control("GET", &format!("{CLOCK}?space={space}"), "")
            .body
    };
    assert_eq!(
        put(r#"{"mode":"offset","time":"2040-02-03T04:05:06Z"}"#),
        204
    );
    let offset = get("alice");
    assert!(
        offset.starts_with(r#"{"mode":"offset","time":"2040-02-03T04:0"#),
        "{offset}"
    );
    assert_eq!(put(r#"{"mode":"frozen"}"#), 204);
    let frozen = get("alice");
    assert!(
        frozen.starts_with(r#"{"mode":"frozen","time":"2040-02-03T04:0"#),
        "{frozen}"
    );
    assert_eq!(get("alice"), frozen);
    let date = client.request("GET", TENANTS, &authorization("alice"), b"");
    assert!(date.header("Date").unwrap().contains("03 Feb 2040"));
    assert!(get("default").starts_with(r#"{"mode":"real""#));
    assert_eq!(put(r#"{"mode":"real"}"#), 204);
    assert!(get("alice").starts_with(r#"{"mode":"real""#));
    alice.freeze_clock("2030-01-01T00:00:00+01:00");
    expect![[r#"{"mode":"frozen","time":"2029-12-31T23:00:00Z"}"#]].assert_eq(&get("alice"));
}

#[test]
fn an_invalid_time_is_rejected_and_nothing_is_set() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let put = |json: &str| client.control("PUT", CLOCK, json).body + "\n";
    let advance = |json: &str| client.control("POST", "/__mock/clock/advance", json).body + "\n";
    let refused = [
        put("{}"),
        put(r#"{"mode":"slow"}"#),
        put(r#"{"mode":5}"#),
        put(r#"{"mode":{"real":null}}"#),
        put(r#"{"mode":"offset"}"#),
        put(r#"{"mode":"real","time":"2026-01-31T12:00:00Z"}"#),
        put(r#"{"mode":"frozen","time":"yesterday"}"#),
        put(r#"{"mode":"frozen","time":"1969-12-31T23:59:59Z"}"#),
        put(r#"{"mode":"frozen","time":12}"#),
        advance("{}"),
        advance(r#"{"seconds":"1"}"#),
        advance(r#"{"seconds":1e300}"#),
        advance(r#"{"seconds":-290000000000}"#),
    ];
    expect![[r#"
        {"error":"mode is missing, expected one of real, offset, frozen"}
        {"error":"mode is \"slow\", expected one of real, offset, frozen"}
        {"error":"mode is 5, expected one of real, offset, frozen"}
        {"error":"mode is an object, expected one of real, offset, frozen"}
        {"error":"time is missing, expected it with the mode offset"}
        {"error":"found a time with the mode real, expected it with offset or frozen only"}
        {"error":"time is \"yesterday\", expected a time such as 2026-01-31T12:00:00Z"}
        {"error":"the clock cannot be set to this time: expected a time from 1970-01-01 to 9999-12-30"}
        {"error":"time is 12, expected a time such as 2026-01-31T12:00:00Z"}
        {"error":"seconds is missing, expected a number from -300000000000 to 300000000000"}
        {"error":"seconds is \"1\", expected a number from -300000000000 to 300000000000"}
        {"error":"seconds is 1e+300, expected a number from -300000000000 to 300000000000"}
        {"error":"the clock cannot be set to this time: expected a time from 1970-01-01 to 9999-12-30"}
    "#]]
    .assert_eq(&refused.concat());
    assert!(
        client
            .control("GET", CLOCK, "")
            .body
            .starts_with(r#"{"mode":"real""#)
    );
}

#[test]
fn the_command_line_rejects_an_invalid_time() {
    let (status, _, stderr) = crate::support::output(&mut cuc_mock(&["--clock", "noon"]));
    assert_eq!(status, 2);
    assert!(
        stderr.contains("expected a time such as 2026-01-31T12:00:00Z, up to 9999-12-30, or real"),
        "{stderr}"
    );
}

#[test]
fn a_space_with_a_seed_of_its_own_draws_cookies_and_ids_from_it() {
    let run = |server_seed| {
        let mock = CucMock::builder().seed(server_seed).start_blocking();
        let client = Client::of(&mock);
        client.control("POST", "/__mock/spaces", r#"{"name":"alice","seed":7}"#);
        let headers = format!(
            "{}Content-Type: application/xml\r\n",
            authorization("alice")
        );
        let body = exchange().xml();
        let answer = client.request(
            "POST",
            "/vmrest/externalservices",
            &headers,
            body.as_bytes(),
        );
        let cookies: Vec<_> = answer.cookies().map(str::to_owned).collect();
        (answer.body, cookies)
    };
    assert_eq!(run(1), run(2));
}

/// Sends requests of all kinds and returns the responses byte for byte.
fn run(client: Client) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut send = |method: &str, path: &str, headers: &str, body: &str| {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        bytes.extend(client.raw(request.as_bytes()));
    };
    let xml = format!("{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\n");
    send("GET", "/vmrest/externalservices", "", "");
    send("GET", "/vmrest/externalservices", ADMIN_AUTHORIZATION, "");
    send("POST", TENANTS, &xml, TENANT);
    send("POST", "/vmrest/externalservices", &xml, &exchange().xml());
    send("POST", "/vmrest/externalservices", &xml, "<oops");
    send(
        "DELETE",
        "/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438",
        ADMIN_AUTHORIZATION,
        "",
    );
    send("GET", TENANTS, &authorization("bob"), "");
    send("GET", "/elsewhere", "", "");
    bytes
}

#[test]
fn two_runs_with_one_seed_and_a_frozen_clock_give_the_same_bytes() {
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--seed",
        "9",
        "--clock",
        "2026-01-31T12:00:00Z",
    ];
    let [first, second] =
        [(), ()].map(|()| run(ServerProcess::start(&mut cuc_mock(&options)).client()));
    assert_eq!(
        String::from_utf8(first).unwrap(),
        String::from_utf8(second).unwrap()
    );
}

#[test]
fn a_reset_gives_the_same_bytes_again() {
    let mock = CucMock::builder()
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let first = run(client);
    mock.advance_clock(std::time::Duration::from_secs(5));
    mock.reset();
    assert_eq!(run(client), first);
}

#[test]
fn reads_do_not_change_the_responses_to_writes() {
    let run = |readers: usize| {
        let mock = CucMock::builder()
            .seed(5)
            .frozen_clock("2026-01-31T12:00:00Z")
            .start_blocking();
        let client = Client::of(&mock);
        thread::scope(|scope| {
            for reader in 0..readers {
                let user = authorization(&format!("reader-{reader}"));
                scope.spawn(move || {
                    for _ in 0..10 {
                        client.request("GET", TENANTS, &user, b"");
                    }
                });
            }
            let names = (0..10).map(|number| exchange().with("DisplayName", &number.to_string()));
            let answers =
                names.map(|service| client.post("/vmrest/externalservices", service.xml()));
            answers
                .map(|answer| format!("{answer}{:?}", answer.cookies().collect::<Vec<_>>()))
                .collect::<String>()
        })
    };
    assert_eq!(run(0), run(4));
}

#[test]
fn a_body_of_json_has_at_most_one_mebibyte() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let advance = |length: usize| {
        let json = r#"{"seconds":1}"#;
        let body = format!("{json}{}", " ".repeat(length - json.len()));
        let response = client.control("POST", "/__mock/clock/advance", &body);
        format!("{} {}", response.status, response.body)
    };
    assert_eq!(advance(1024 * 1024), "204 ");
    expect![[r#"413 {"error":"the body has 1048577 bytes, expected at most 1048576"}"#]]
        .assert_eq(&advance(1024 * 1024 + 1));
    expect![[r#"413 {"error":"the body has 1048578 bytes, expected at most 1048576"}"#]]
        .assert_eq(&advance(1024 * 1024 + 2));
}
