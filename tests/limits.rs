//! What clients may take, and that others are still served.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use expect_test::expect;

use crate::support::{Answer, SIGNED_IN, Started, cuc_mock, output};

const SERVICES: &str = "/vmrest/externalservices";

fn started(options: &[&str]) -> Started {
    let always = ["--listen", "127.0.0.1:0", "--log", "off"];
    Started::new(&mut cuc_mock(&[&always, options].concat()))
}

/// Reads until the server closes, or breaks off; tells the bytes.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_body_is_refused_beyond_the_size_that_was_set() {
    let started = started(&["--max-body-size", "2KiB"]);
    let client = started.client();
    let of_size = |size: usize| client.post(SERVICES, vec![b' '; size]).status;
    assert_eq!((of_size(2048), of_size(2049)), (400, 413));
}

#[test]
fn a_head_is_refused_beyond_the_size_that_was_set() {
    let started = started(&["--max-header-size", "2KiB"]);
    let client = started.client();
    let padded = |size: usize| {
        let head = format!(
            "GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Connection: close\r\nX-Pad: "
        );
        let pad = "a".repeat(size - head.len() - 4);
        client.exchange(format!("{head}{pad}\r\n\r\n").as_bytes())
    };
    assert_eq!(padded(2048).status, 200);
    let refused = padded(2049);
    expect![[r#"
        431 Request Header Fields Too Large
    "#]]
    .assert_eq(&refused.to_string());
}

#[test]
fn a_body_that_takes_too_long_is_refused_and_its_connection_ends() {
    let started = started(&["--body-timeout", "1"]);
    let client = started.client();
    let mut slow = client.connect();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Content-Type: application/xml\r\nContent-Length: 100000\r\n\r\n<"
    );
    slow.write_all(head.as_bytes()).unwrap();
    let answer = Answer::read(slow);
    assert_eq!(answer.header("Connection"), Some("close"));
    expect![[r#"
        408 Request Timeout
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>REQUEST_TIMEOUT</code>
        <message>The request body did not arrive within 1 seconds</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&answer.to_string());
}

#[test]
fn a_head_that_takes_too_long_is_refused_bare() {
    let started = started(&["--header-timeout", "1"]);
    let mut slow = started.client().connect();
    slow.write_all(b"GET /vmrest HTTP/1.1\r\nHost:").unwrap();
    expect![[r#"
        HTTP/1.1 408 Request Timeout
        Connection: close
        Content-Length: 0

    "#]]
    .assert_eq(&rest(&mut slow).replace('\r', ""));
}

#[cfg(feature = "tls")]
#[test]
fn a_handshake_of_tls_that_takes_too_long_ends() {
    let started = started(&["--header-timeout", "1"]);
    let mut slow = started.client().connect();
    slow.write_all(&[0x16, 3, 1, 0]).unwrap();
    assert_eq!(rest(&mut slow), "");
}

#[test]
fn a_connection_without_a_request_is_closed_after_a_while_whether_it_had_one_or_not() {
    let started = started(&["--idle-timeout", "1"]);
    let mut fresh = started.client().connect();
    let mut used = started.client().connect();
    let request = b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n";
    used.write_all(request).unwrap();
    let answered = rest(&mut used);
    assert!(answered.starts_with("HTTP/1.1 404"), "{answered}");
    assert!(!answered.contains("close"), "{answered}");
    assert_eq!(rest(&mut fresh), "");
}

#[test]
fn a_connection_that_rested_is_used_again_and_pipelined_requests_are_all_answered() {
    let started = started(&[]);
    let mut stream = started.client().connect();
    let request = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n");
    let mut answered = 0;
    // Some pauses are longer than the time after which a connection rests.
    for pause in [0, 5, 19, 20, 21, 40, 0, 60, 300] {
        thread::sleep(Duration::from_millis(pause));
        let (first, second) = request.split_at(30);
        stream
            .write_all(format!("{request}{first}").as_bytes())
            .unwrap();
        thread::sleep(Duration::from_millis(pause));
        stream.write_all(second.as_bytes()).unwrap();
        for _ in 0..2 {
            read_one(&mut stream);
            answered += 1;
        }
    }
    assert_eq!(answered, 18);
}

/// Reads one whole answer of a known length.
#[track_caller]
fn read_one(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("an answer");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("UTF-8");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let (_, length) = head.split_once("Content-Length: ").expect("a length");
    let length = length.lines().next().and_then(|length| length.parse().ok());
    let mut body = vec![0; length.expect("a number")];
    stream.read_exact(&mut body).expect("a body");
}

#[test]
fn one_connection_more_closes_the_one_that_was_without_a_request_for_longest() {
    let started = started(&["--max-connections", "3"]);
    let client = started.client();
    let mut first = client.connect();
    thread::sleep(Duration::from_millis(50));
    let others = [client.connect(), client.connect()];
    // Whoever was here for less than a second is not sent away.
    let deadline = Instant::now() + Duration::from_secs(20);
    while client.get_or_busy(SERVICES) != 200 {
        assert!(Instant::now() < deadline, "room is made");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(rest(&mut first), "");
    for mut other in others {
        let request = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n");
        other.write_all(request.as_bytes()).unwrap();
        read_one(&mut other);
    }
}

#[test]
fn when_no_connection_can_be_closed_one_more_is_refused_in_words_and_reaches_the_control_plane() {
    let started = started(&["--max-connections", "1"]);
    let client = started.client();
    let fault = r#"{"effect": "no_answer", "requests": {"path": "tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let mut held = client.connect();
    let request = format!("GET /vmrest/tenants HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n");
    held.write_all(request.as_bytes()).unwrap();
    let arrived = "/__mock/requests?since=0&wait=0";
    while !client
        .control("GET", arrived, "")
        .body
        .contains("\"last\":1")
    {
        thread::yield_now();
    }
    let answer = client
        .exchange(format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n").as_bytes());
    let headers = ["Connection", "Retry-After"].map(|name| answer.header(name));
    assert_eq!((answer.status, headers), (503, [Some("close"), Some("1")]));
    let said = answer.element("message");
    assert_eq!(said, Some("cuc-mock is busy: too many connections"));
    drop(held);
    let deadline = Instant::now() + Duration::from_secs(20);
    while client.get_or_busy(SERVICES) != 200 {
        assert!(Instant::now() < deadline, "there is room again");
        thread::yield_now();
    }
}

#[test]
fn a_server_with_too_many_requests_in_flight_says_so_and_is_healed_by_the_control_plane() {
    let started = started(&["--max-in-flight", "2"]);
    let client = started.client();
    let fault = r#"{"effect": "no_answer", "requests": {"path": "tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let held: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = client.connect();
            let request = format!("GET /vmrest/tenants HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    let arrived = "/__mock/requests?since=1&wait=0";
    while !client
        .control("GET", arrived, "")
        .body
        .contains("\"last\":2")
    {
        thread::yield_now();
    }
    let answer = client.exchange(
        format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{SIGNED_IN}\r\n")
            .as_bytes(),
    );
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred
        Retry-After: 1

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>cuc-mock is busy: too many requests are in flight</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&answer.to_string());
    assert_eq!(client.control("GET", "/__mock/health", "").status, 200);
    // Whoever goes away gives the place back.
    drop(held);
    let deadline = Instant::now() + Duration::from_secs(20);
    while client.get_or_busy(SERVICES) != 200 {
        assert!(Instant::now() < deadline, "places are given back");
        thread::yield_now();
    }
}

#[test]
fn bodies_that_come_slowly_take_no_place_in_flight() {
    let started = started(&["--max-in-flight", "1"]);
    let client = started.client();
    let slow: Vec<_> = (0..5)
        .map(|_| {
            let mut stream = client.connect();
            let head = format!(
                "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            let mut interim = [0; 25];
            stream.read_exact(&mut interim).unwrap();
            stream
        })
        .collect();
    assert_eq!(client.get(SERVICES).status, 200);
    drop(slow);
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    let started = started(&["--send-timeout", "1", "--grace", "600"]);
    let client = started.client();
    let mut state = String::from("<Tenants>");
    for number in 0..40_000 {
        state.push_str(&format!(
            "<Tenant><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId><Alias>a{number}</Alias><SmtpDomain>d{number}.org</SmtpDomain></Tenant>"
        ));
    }
    state.push_str("</Tenants>");
    let set = client.control("PUT", "/__mock/state", &state);
    assert!(set.status < 300, "{set}");
    let mut stuck = client.connect();
    stuck
        .write_all(b"GET /__mock/state HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut first = [0; 1];
    stuck.read_exact(&mut first).unwrap();
    // It waits for what is being sent, and so ends when it has cut the client off.
    started.signal("TERM");
    assert_eq!(started.end().0, Some(0));
    let mut taken = 0;
    let mut piece = vec![0; 65_536];
    while let Ok(size @ 1..) = stuck.read(&mut piece) {
        taken += size;
    }
    assert!(taken < state.len(), "{taken} bytes");
}

#[test]
fn a_value_that_is_no_limit_is_named() {
    for (arguments, said) in [
        (
            ["--max-body-size", "0"],
            "expected a size from 1B to 512MiB, such as 1048576, 64KiB or 1MiB",
        ),
        (
            ["--max-header-size", "1MB"],
            "expected a size from 1KiB to 256KiB, such as 65536 or 64KiB",
        ),
        (
            ["--idle-timeout", "-1"],
            "expected a whole number of seconds from 1 to 86400",
        ),
        (
            ["--max-connections", "0"],
            "expected a whole number from 1 to 1000000",
        ),
    ] {
        let [option, value] = arguments;
        let given = format!("{option}={value}");
        let (status, stdout, stderr) = output(&mut cuc_mock(&[&given]));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(option) && stderr.contains(said), "{stderr}");
        let variable = option
            .trim_start_matches('-')
            .to_uppercase()
            .replace('-', "_");
        let (status, _, stderr) = output(cuc_mock(&[]).env(format!("CUC_MOCK_{variable}"), value));
        assert_eq!(status, 2);
        assert!(stderr.contains(said), "{stderr}");
    }
}
