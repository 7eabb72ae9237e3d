//! The end of a server that was told to end.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use crate::support::{Answer, SIGNED_IN, Started, cuc_mock};

const SERVICES: &str = "/vmrest/externalservices";

/// Holds a request of the fault's for so long; tells the connection that waits for its answer.
fn held(started: &Started, delay_ms: u32) -> TcpStream {
    let client = started.client();
    let fault = format!(r#"{{"effect": {{"dribble": {{"bytes": 400, "every_ms": {delay_ms}}}}}}}"#);
    let made = client.control("POST", "/__mock/faults", &fault);
    assert_eq!(made.status, 201, "{made}");
    let mut stream = client.connect();
    let request = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n");
    stream.write_all(request.as_bytes()).expect("it is taken");
    let mut first = [0; 15];
    stream.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

fn until_closed(started: &Started) {
    while TcpStream::connect(started.address()).is_ok() {
        thread::yield_now();
    }
}

#[test]
fn an_answer_that_is_being_sent_is_sent_to_its_end() {
    let started = Started::new(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]));
    let mut stream = held(&started, 50);
    started.signal("TERM");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("a whole answer");
    assert!(rest.ends_with("</ExternalServices>"), "{rest}");
    let (status, _, stderr) = started.end();
    assert_eq!(status, Some(0));
    assert!(!stderr.contains("cut off"), "{stderr}");
}

#[test]
fn an_answer_given_during_the_end_says_that_the_connection_ends() {
    let started = Started::new(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let mut stream = started.client().connect();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    started.signal("TERM");
    until_closed(&started);
    stream.write_all(b"<").unwrap();
    let answer = Answer::read(stream);
    assert_eq!(
        (answer.status, answer.header("Connection")),
        (400, Some("close"))
    );
    assert_eq!(started.end().0, Some(0));
}

#[test]
fn what_is_left_after_the_grace_period_is_cut_off_and_counted() {
    let options = ["--listen", "127.0.0.1:0", "--log", "json", "--grace", "1"];
    let started = Started::new(&mut cuc_mock(&options));
    let mut streams = [held(&started, 600_000), held(&started, 600_000)];
    started.signal("TERM");
    let (status, _, stderr) = started.end();
    assert_eq!(status, Some(0));
    let line = stderr.lines().last().expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (&line["message"], &line["cut"], &line["level"]),
        (
            &"the grace period is over: requests are cut off that were not answered".into(),
            &2.into(),
            &"WARN".into()
        )
    );
    for stream in &mut streams {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.ends_with(b"</ExternalServices>"));
    }
}

#[test]
fn connections_that_rest_are_closed_at_once() {
    let options = ["--listen", "127.0.0.1:0", "--log", "off", "--grace", "600"];
    let started = Started::new(&mut cuc_mock(&options));
    let mut resting: Vec<_> = (0..3).map(|_| started.client().connect()).collect();
    resting[0]
        .write_all(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut first = [0; 15];
    resting[0].read_exact(&mut first).unwrap();
    thread::sleep(Duration::from_millis(100));
    started.signal("TERM");
    assert_eq!(started.end().0, Some(0));
}
