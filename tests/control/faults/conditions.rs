//! The conditions of a fault: delay, time, probability, throttle, user, and handling.

use std::{
    io::Write,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use cuc_mock::CucMock;

use super::{
    FAULTS, SERVICES, VERSION, count_services, create, head, read_until_closed, request_once,
    server,
};
use crate::support::{Client, ServerProcess, cuc_mock, exchange};

#[test]
fn a_response_is_delayed_by_at_least_the_requested_time() {
    for fault in [
        r#"{"delay":{"fixed_ms":80}}"#,
        r#"{"delay":{"min_ms":80,"max_ms":90}}"#,
        r#"{"delay":{"median_ms":80,"sigma":0}}"#,
        r#"{"preset":"busy","delay":{"fixed_ms":80}}"#,
        r#"{"effect":{"dribble":{"bytes":100,"every_ms":40}},"requests":{"path":"externalservices"}}"#,
    ] {
        let (_mock, client) = server(fault);
        let right = CucMock::builder().seed(7).start_blocking();
        let before = Instant::now();
        let answer = request_once(client, "GET", SERVICES);
        assert!(before.elapsed() >= Duration::from_millis(80), "{fault}");
        if answer.status == 200 {
            assert_eq!(
                answer.body,
                Client::of(&right).get(SERVICES).body,
                "{fault}"
            );
        }
    }
}

#[test]
fn a_request_is_handled_before_it_fails_only_with_handled() {
    for (effect, is_done) in [
        (r#""close""#, false),
        (r#""close","handled":true"#, true),
        (r#""reset","handled":false"#, false),
        (r#""reset","handled":true"#, true),
        (r#""busy""#, false),
        (r#""busy","handled":true"#, true),
        (r#"{"answer":{"status":500}},"handled":true"#, true),
        (r#"{"cut":{"after":0}}"#, true),
    ] {
        let (_mock, client) = server(&format!(r#"{{"effect":{effect},"times":1}}"#));
        let xml = exchange().xml();
        let more = format!(
            "Content-Type: text/xml\r\nConnection: close\r\nContent-Length: {}\r\n",
            xml.len()
        );
        let mut stream = client.connect();
        write!(stream, "{}{more}\r\n{xml}", head("POST", SERVICES)).expect("sent");
        read_until_closed(stream);
        assert_eq!(
            count_services(client),
            if is_done { 6 } else { 5 },
            "{effect}"
        );
    }
}

#[test]
fn a_fault_does_not_change_later_ids() {
    let created = |faults: &[&str]| {
        let mock = CucMock::builder().seed(7).start_blocking();
        let client = Client::of(&mock);
        for fault in faults {
            create(client, fault);
        }
        if !faults.is_empty() {
            assert_eq!(request_once(client, "GET", VERSION).status, 503);
        }
        client.create(SERVICES, exchange().xml())
    };
    let faults = [
        r#"{"preset":"busy","times":1}"#,
        r#"{"delay":{"min_ms":0,"max_ms":1},"probability":0.5}"#,
    ];
    assert_eq!(created(&faults), created(&[]));
}

#[test]
fn a_throttle_admits_its_limit_of_concurrent_requests() {
    let (_mock, client) =
        server(r#"{"effect":{"throttle":{"at_once":2}},"delay":{"fixed_ms":500}}"#);
    let barrier = Barrier::new(6);
    let statuses = thread::scope(|scope| {
        let asked = [(); 6].map(|()| {
            scope.spawn(|| {
                barrier.wait();
                request_once(client, "GET", VERSION).status
            })
        });
        asked.map(|asked| asked.join().expect("an answer"))
    });
    // A late request may be admitted after the first responses.
    let refused = statuses.iter().filter(|status| **status == 503).count();
    assert!((1..=4).contains(&refused), "{statuses:?}");
    assert_eq!(request_once(client, "GET", VERSION).status, 200);
}

#[test]
fn the_same_seed_hits_the_same_requests() {
    let hits = || {
        let (_mock, client) = server(r#"{"preset":"busy","probability":0.5}"#);
        [(); 20].map(|()| request_once(client, "GET", VERSION).status)
    };
    let first = hits();
    assert_eq!(first, hits());
    assert!(first.contains(&200) && first.contains(&503));
}

#[test]
fn a_fault_applies_to_unauthenticated_requests() {
    let (_mock, client) = server(r#"{"effect":{"answer":{"status":500,"body":"x"}},"times":1}"#);
    let ask = "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(client.exchange(ask.as_bytes()).status, 500);
    assert_eq!(client.exchange(ask.as_bytes()).status, 401);
}

#[test]
fn a_fault_ends_at_its_time() {
    let options = ["--listen", "127.0.0.1:0", "--clock", "2026-01-31T12:00:00Z"];
    let started = ServerProcess::start(&mut cuc_mock(&options));
    let client = started.client();
    create(
        client,
        r#"{"preset":"busy","until":"2026-01-31T12:00:00Z"}"#,
    );
    assert_eq!(client.get(VERSION).status, 200);
    create(
        client,
        r#"{"preset":"busy","until":"2026-01-31T12:00:01Z"}"#,
    );
    assert_eq!(request_once(client, "GET", VERSION).status, 503);
}

#[test]
fn a_fault_applies_to_the_users_of_its_space() {
    let options = ["--listen", "127.0.0.1:0", "--spaces", "auto"];
    let started = ServerProcess::start(&mut cuc_mock(&options));
    let client = started.client();
    // The first request of a user creates the space.
    assert_eq!(client.get(VERSION).status, 200);
    let made = client.control("POST", "/__mock/faults?space=admin", r#"{"preset":"busy"}"#);
    assert_eq!(made.status, 201, "{made}");
    assert_eq!(request_once(client, "GET", VERSION).status, 503);
    let other = "Authorization: Basic YTpi\r\n";
    assert_eq!(client.request("GET", VERSION, other, b"").status, 200);
    assert_eq!(client.control("GET", FAULTS, "").body, "[]");
}
