//! Creating, listing and deleting faults.

use cuc_mock::{CucMock, Fault, RequestPattern};
use expect_test::expect;

use super::{FAULTS, VERSION, create, request_once, server};
use crate::support::Client;

/// Faults that together use every member.
const EXAMPLES: [&str; 8] = [
    r#"{"requests":{"method":"POST","path":"externalservices","query":{"a":null},"headers":{"accept":{"contains":"json"}},"fields":{"DisplayName":"x"}},"nth":2,"times":3,"effect":"reset"}"#,
    r#"{"probability":0.25,"until":"9999-01-01T00:00:00Z","delay":{"fixed_ms":1.5}}"#,
    r#"{"preset":"busy","delay":{"min_ms":1,"max_ms":2}}"#,
    r#"{"preset":"throttled"}"#,
    r#"{"effect":{"answer":{"status":299,"headers":{"X-A":["b","c"],"X-B":""},"body":{"base64":"/w=="}}},"handled":true}"#,
    r#"{"effect":{"cut":{"after":3,"reset":true}},"delay":{"median_ms":1,"sigma":0.5}}"#,
    r#"{"effect":{"dribble":{"bytes":1,"every_ms":10}}}"#,
    r#"{"preset":"wrong_content_type"}"#,
];

#[test]
fn a_listed_fault_can_be_created_again() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let made = EXAMPLES.map(|fault| create(client, fault));
    expect![[r#"
        {"number":1,"requests":{"method":"POST","path":"/vmrest/externalservices","query":{"a":null},"headers":{"accept":{"contains":"json"}},"fields":{"DisplayName":"x"}},"nth":2,"times":3,"effect":"reset","handled":false,"matched":0,"hits":0,"active":true}
        {"number":2,"probability":0.25,"until":"9999-01-01T00:00:00Z","delay":{"fixed_ms":1.5},"matched":0,"hits":0,"active":true}
        {"number":3,"delay":{"min_ms":1,"max_ms":2},"effect":"busy","handled":false,"matched":0,"hits":0,"active":true}
        {"number":4,"effect":{"throttle":{"at_once":5}},"handled":false,"matched":0,"hits":0,"active":true}
        {"number":5,"effect":{"answer":{"status":299,"headers":{"X-A":["b","c"],"X-B":""},"body":{"base64":"/w=="}}},"handled":true,"matched":0,"hits":0,"active":true}
        {"number":6,"delay":{"median_ms":1,"sigma":0.5},"effect":{"cut":{"after":3,"reset":true}},"matched":0,"hits":0,"active":true}
        {"number":7,"effect":{"dribble":{"bytes":1,"every_ms":10}},"matched":0,"hits":0,"active":true}
        {"number":8,"effect":{"content_type":"text/html;charset=utf-8"},"matched":0,"hits":0,"active":true}"#]].assert_eq(&made.join("\n"));
    let list = client.control("GET", FAULTS, "");
    assert_eq!(list.body, format!("[{}]", made.join(",")));
    assert_eq!(client.control("DELETE", FAULTS, "").status, 204);
    assert_eq!(client.control("POST", "/__mock/reset", "").status, 204);
    assert_eq!(made.each_ref().map(|fault| create(client, fault)), made);
}

#[test]
fn faults_are_listed_with_their_counters_and_deleted() {
    let (_mock, client) = server(r#"{"preset":"busy","nth":2}"#);
    create(
        client,
        r#"{"preset":"read_only","requests":{"path":"tenants"}}"#,
    );
    assert_eq!(client.get(VERSION).status, 200);
    assert_eq!(request_once(client, "GET", "/vmrest/tenants").status, 503);
    expect![[r#"
        200 OK
        Content-Type: application/json

        [{"number":1,"nth":2,"effect":"busy","handled":false,"matched":2,"hits":1,"active":false},{"number":2,"requests":{"path":"/vmrest/tenants"},"effect":"read_only","handled":false,"matched":1,"hits":0,"active":true}]
    "#]].assert_eq(&client.control("GET", FAULTS, "").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json

        {"number":2,"requests":{"path":"/vmrest/tenants"},"effect":"read_only","handled":false,"matched":1,"hits":0,"active":true}
    "#]].assert_eq(&client.control("GET", "/__mock/faults/2", "").to_string());
    assert_eq!(client.control("DELETE", "/__mock/faults/2", "").status, 204);
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no fault 2, expected one of GET /__mock/faults"}
    "#]]
    .assert_eq(&client.control("DELETE", "/__mock/faults/2", "").to_string());
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no fault x, expected one of GET /__mock/faults"}
    "#]]
    .assert_eq(&client.control("GET", "/__mock/faults/x", "").to_string());
    for method in ["GET", "DELETE"] {
        expect![[r#"
            400 Bad Request
            Content-Type: application/json

            {"error":"the path is not UTF-8 after decoding, expected a name"}
        "#]]
        .assert_eq(&client.control(method, "/__mock/faults/%FF", "").to_string());
    }
    create(client, r#"{"preset":"busy"}"#);
    assert_eq!(client.control("POST", "/__mock/reset", "").status, 204);
    assert_eq!(client.control("GET", FAULTS, "").body, "[]");
    assert_eq!(client.get(VERSION).status, 200);
    expect![[r#"
        201 Created
        Content-Type: application/json

        [{"space":"default","number":1,"times":1,"effect":"close","handled":false,"matched":0,"hits":0,"active":true}]
    "#]].assert_eq(
        &client
            .control(
                "POST",
                "/__mock/faults?space=*",
                r#"{"effect":"close","times":1}"#,
            )
            .to_string(),
    );
}

#[test]
fn a_full_space_prevents_a_fault_in_all_spaces() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let full = mock.space("full");
    let made = client.control("POST", FAULTS, r#"{"preset":"busy","times":1}"#);
    assert_eq!(made.status, 201, "{made}");
    for _ in 0..1000 {
        full.fault(Fault::busy().on(RequestPattern::get("elsewhere")));
    }
    let refused = |path| {
        let fault = r#"{"effect":"close","requests":{"path":"elsewhere"}}"#;
        let length = fault.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{fault}"
        );
        let answer = client.exchange(request.as_bytes());
        (answer.status, answer.body)
    };
    let no_room = (
        503,
        r#"{"error":"there are 1000 faults already, and no more can be made: delete some"}"#
            .to_owned(),
    );
    assert_eq!(refused("/__mock/faults?space=*"), no_room);
    assert_eq!(refused("/__mock/faults?space=full"), no_room);
    let next = create(client, r#"{"preset":"read_only"}"#);
    assert!(next.starts_with(r#"{"number":2,"#), "{next}");
    assert_eq!(mock.faults().len(), 2);
}

#[test]
fn an_invalid_fault_is_rejected_and_nothing_is_created() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let refused = [
        "",
        "[]",
        "{}",
        r#"{"fault":"reset"}"#,
        r#"{"effect":"explode"}"#,
        r#"{"effect":{"reset":true}}"#,
        r#"{"effect":{"busy":null}}"#,
        r#"{"effect":{"content_type":"a","throttle":{"at_once":1}}}"#,
        r#"{"effect":{"cut":null}}"#,
        r#"{"effect":{"cut":5}}"#,
        r#"{"effect":{"content_type":5}}"#,
        r#"{"effect":{"answer":[]}}"#,
        r#"{"effect":{}}"#,
        r#"{"effect":"cut"}"#,
        r#"{"effect":5}"#,
        r#"{"preset":5}"#,
        r#"{"preset":{"busy":null}}"#,
        r#"{"preset":"busy","times":{}}"#,
        r#"{"preset":"busy","handled":1}"#,
        r#"{"preset":"bussy"}"#,
        r#"{"preset":"busy","effect":"reset"}"#,
        r#"{"preset":"busy","nth":0}"#,
        r#"{"preset":"busy","times":-1}"#,
        r#"{"preset":"busy","probability":1.1}"#,
        r#"{"preset":"busy","until":"tomorrow"}"#,
        r#"{"preset":"busy","requests":{"status":200}}"#,
        r#"{"preset":"busy","requests":{"fields":{"A":{"like":"b"}}}}"#,
        r#"{"preset":"busy","requests":{"fields":{"A":{"startswith":5}}}}"#,
        r#"{"preset":"busy","requests":{"query":{"A":["b",{"contains":[]}]}}}"#,
        r#"{"preset":"busy","requests":{"headers":{"A":{}}}}"#,
        r#"{"preset":"busy","requests":{"headers":{"A":true}}}"#,
        r#"{"preset":"busy","requests":{"headers":[]}}"#,
        r#"{"delay":{"fixed_ms":600001}}"#,
        r#"{"delay":{"fixed_ms":-1}}"#,
        r#"{"delay":{"fixed_ms":1,"max_ms":2}}"#,
        r#"{"delay":{"min_ms":2,"max_ms":1}}"#,
        r#"{"delay":{"fixed_ms":1},"handled":true}"#,
        r#"{"effect":{"cut":{}}}"#,
        r#"{"effect":{"dribble":{"bytes":0,"every_ms":1}}}"#,
        r#"{"effect":{"answer":{"status":100}}}"#,
        r#"{"effect":{"answer":{"status":200,"headers":{"X":["a",5]}}}}"#,
        r#"{"effect":{"answer":{"status":200,"body":5}}}"#,
        r#"{"effect":{"answer":{"status":204,"body":"x"}}}"#,
        r#"{"effect":{"answer":{"status":200,"headers":{"Content-Length":"3"}}}}"#,
        r#"{"effect":{"answer":{"status":200,"headers":{"a b":""}}}}"#,
        r#"{"effect":{"answer":{"status":200,"body":{"base64":"?"}}}}"#,
    ]
    .map(|fault| {
        let answer = client.control("POST", FAULTS, fault);
        assert_eq!(answer.status, 400, "{fault}: {answer}");
        format!("{fault}\n{}\n", answer.body)
    });
    expect![[r#"

        {"error":"the body is empty, expected a JSON object"}
        []
        {"error":"the body is a list, expected an object"}
        {}
        {"error":"the body: expected an effect, a preset or a delay"}
        {"fault":"reset"}
        {"error":"found \"fault\", expected one of number, requests, nth, times, probability, until, delay, preset, effect, handled, matched, hits, active"}
        {"effect":"explode"}
        {"error":"effect is \"explode\", expected one of no_answer, reset, close, malformed_chunk, truncate, busy, locked_out, read_only, tomcat_error, login_page, or an object with one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"reset":true}}
        {"error":"found \"effect.reset\", expected one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"busy":null}}
        {"error":"found \"effect.busy\", expected one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"content_type":"a","throttle":{"at_once":1}}}
        {"error":"effect.throttle is one member too many, expected only one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"cut":null}}
        {"error":"effect: found no member with a value, expected one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"cut":5}}
        {"error":"effect.cut is 5, expected an object"}
        {"effect":{"content_type":5}}
        {"error":"effect.content_type is 5, expected a text"}
        {"effect":{"answer":[]}}
        {"error":"effect.answer is a list, expected an object"}
        {"effect":{}}
        {"error":"effect: found no member with a value, expected one of answer, content_type, cut, dribble, throttle"}
        {"effect":"cut"}
        {"error":"effect is \"cut\", expected one of no_answer, reset, close, malformed_chunk, truncate, busy, locked_out, read_only, tomcat_error, login_page, or an object with one of answer, content_type, cut, dribble, throttle"}
        {"effect":5}
        {"error":"effect is 5, expected one of no_answer, reset, close, malformed_chunk, truncate, busy, locked_out, read_only, tomcat_error, login_page, or an object with one of answer, content_type, cut, dribble, throttle"}
        {"preset":5}
        {"error":"preset is 5, expected one of busy, locked_out, read_only, tomcat_error, login_page, truncated_xml, wrong_content_type, throttled, no_answer, reset, close, malformed_chunk"}
        {"preset":{"busy":null}}
        {"error":"preset is an object, expected one of busy, locked_out, read_only, tomcat_error, login_page, truncated_xml, wrong_content_type, throttled, no_answer, reset, close, malformed_chunk"}
        {"preset":"busy","times":{}}
        {"error":"times is an object, expected a whole number from 1 to 4294967295"}
        {"preset":"busy","handled":1}
        {"error":"handled is 1, expected true or false"}
        {"preset":"bussy"}
        {"error":"preset is \"bussy\", expected one of busy, locked_out, read_only, tomcat_error, login_page, truncated_xml, wrong_content_type, throttled, no_answer, reset, close, malformed_chunk"}
        {"preset":"busy","effect":"reset"}
        {"error":"the body: found preset and effect, expected one of them"}
        {"preset":"busy","nth":0}
        {"error":"nth is 0, expected a whole number from 1 to 4294967295"}
        {"preset":"busy","times":-1}
        {"error":"times is -1, expected a whole number from 1 to 4294967295"}
        {"preset":"busy","probability":1.1}
        {"error":"probability is 1.1, expected a number from 0 to 1"}
        {"preset":"busy","until":"tomorrow"}
        {"error":"until is \"tomorrow\", expected a time such as 2026-01-31T12:00:00Z"}
        {"preset":"busy","requests":{"status":200}}
        {"error":"a fault cannot select requests by the status or the provenance of their responses"}
        {"preset":"busy","requests":{"fields":{"A":{"like":"b"}}}}
        {"error":"found \"requests.fields.A.like\", expected startswith or contains"}
        {"preset":"busy","requests":{"fields":{"A":{"startswith":5}}}}
        {"error":"requests.fields.A.startswith is 5, expected a text"}
        {"preset":"busy","requests":{"query":{"A":["b",{"contains":[]}]}}}
        {"error":"requests.query.A[1].contains is a list, expected a text"}
        {"preset":"busy","requests":{"headers":{"A":{}}}}
        {"error":"requests.headers.A: expected one of startswith and contains"}
        {"preset":"busy","requests":{"headers":{"A":true}}}
        {"error":"requests.headers.A is true, expected a text, null, {\"startswith\": text}, {\"contains\": text}, or a list of these"}
        {"preset":"busy","requests":{"headers":[]}}
        {"error":"requests.headers is a list, expected an object"}
        {"delay":{"fixed_ms":600001}}
        {"error":"delay.fixed_ms is 600001, expected a number from 0 to 600000"}
        {"delay":{"fixed_ms":-1}}
        {"error":"delay.fixed_ms is -1, expected a number from 0 to 600000"}
        {"delay":{"fixed_ms":1,"max_ms":2}}
        {"error":"delay: expected fixed_ms, or min_ms and max_ms, or median_ms and sigma"}
        {"delay":{"min_ms":2,"max_ms":1}}
        {"error":"the delay is from 2 ms to 1 ms, expected the shorter one first"}
        {"delay":{"fixed_ms":1},"handled":true}
        {"error":"handled is given, expected it only with an effect that replaces the response"}
        {"effect":{"cut":{}}}
        {"error":"effect.cut.after is missing"}
        {"effect":{"dribble":{"bytes":0,"every_ms":1}}}
        {"error":"effect.dribble.bytes is 0, expected a whole number from 1 to 4294967295"}
        {"effect":{"answer":{"status":100}}}
        {"error":"effect.answer.status is 100, expected a whole number from 200 to 999"}
        {"effect":{"answer":{"status":200,"headers":{"X":["a",5]}}}}
        {"error":"effect.answer.headers.X[1] is 5, expected a text"}
        {"effect":{"answer":{"status":200,"body":5}}}
        {"error":"effect.answer.body is 5, expected a text or {\"base64\": text}"}
        {"effect":{"answer":{"status":204,"body":"x"}}}
        {"error":"a response with the status 204 has no body"}
        {"effect":{"answer":{"status":200,"headers":{"Content-Length":"3"}}}}
        {"error":"found the header \"Content-Length\", which only the server itself can set"}
        {"effect":{"answer":{"status":200,"headers":{"a b":""}}}}
        {"error":"found the header \"a b\", expected the name of a header"}
        {"effect":{"answer":{"status":200,"body":{"base64":"?"}}}}
        {"error":"effect.answer.body.base64 is \"?\", expected bytes in base64"}
    "#]].assert_eq(&refused.concat());
    assert_eq!(client.control("GET", FAULTS, "").body, "[]");
}

#[test]
fn a_whole_number_may_have_a_fraction_of_zero() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let created = |times| {
        let fault = format!(r#"{{"preset": "busy", "times": {times}}}"#);
        client.control("POST", "/__mock/faults", &fault).body
    };
    expect![[r#"{"number":1,"times":2,"effect":"busy","handled":false,"matched":0,"hits":0,"active":true}"#]].assert_eq(&created("2.0"));
    expect![[r#"{"error":"times is 2.5, expected a whole number from 1 to 4294967295"}"#]]
        .assert_eq(&created("2.5"));
    expect![[r#"{"error":"times is 1e+300, expected a whole number from 1 to 4294967295"}"#]]
        .assert_eq(&created("1e300"));
}

#[test]
fn handled_is_rejected_for_other_effects_even_if_false() {
    let mock = CucMock::start_blocking();
    let post = |json: &str| Client::of(&mock).control("POST", "/__mock/faults", json);
    assert_eq!(
        post(r#"{"delay":{"fixed_ms":1},"handled":false}"#).status,
        400
    );
    assert_eq!(post(r#"{"effect":"truncate","handled":true}"#).status, 400);
    assert_eq!(post(r#"{"effect":"reset","handled":false}"#).status, 201);
}

#[test]
fn a_member_without_a_meaning_is_ignored() {
    let mock = CucMock::start_blocking();
    let create = |json: &str| Client::of(&mock).control("POST", "/__mock/faults", json);
    for fault in [
        r#"{"effect":{"cut":{"after":1},"answer":null}}"#,
        r#"{"effect":{"answer":null,"cut":{"after":1}}}"#,
        r#"{"effect":"busy","number":-5,"matched":{},"hits":[],"active":"x"}"#,
    ] {
        assert_eq!(create(fault).status, 201, "{fault}");
    }
}
