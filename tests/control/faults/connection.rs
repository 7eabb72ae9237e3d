//! Faults that interrupt the connection or break the framing of the response.

use std::{
    io::{ErrorKind, Read, Write},
    thread,
    time::{Duration, Instant},
};

use cuc_mock::CucMock;

use super::{
    SERVICES, VERSION, create, get_until_closed, head, read_until_closed, request_once, server,
};
use crate::support::{ADMIN_AUTHORIZATION, Client, Response, ServerProcess, cuc_mock, exchange};

#[test]
fn a_reset_resets_the_connection_and_a_close_closes_it() {
    for (effect, error) in [("reset", Some(ErrorKind::ConnectionReset)), ("close", None)] {
        let (_mock, client) = server(&format!(r#"{{"effect":"{effect}","times":1}}"#));
        assert_eq!(
            get_until_closed(client.connect(), VERSION),
            (vec![], error),
            "{effect}"
        );
        assert_eq!(client.get(VERSION).status, 200, "{effect}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_reset_a_close_and_a_cut_work_over_tls() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let asked = |fault| {
        create(client, fault);
        let stream = crate::tls::connect_trusting(mock.address(), mock.ca_pem());
        let (received, error) = get_until_closed(stream, VERSION);
        (String::from_utf8(received).expect("UTF-8"), error)
    };
    let reset = Some(ErrorKind::ConnectionReset);
    assert_eq!(
        asked(r#"{"effect":"reset","times":1}"#),
        (String::new(), reset)
    );
    assert_eq!(
        asked(r#"{"effect":"close","times":1}"#),
        (String::new(), None)
    );
    let (text, error) = asked(r#"{"effect":{"cut":{"after":5}},"times":1}"#);
    assert!(text.ends_with("\r\n\r\n<?xml") && error.is_none(), "{text}");
    let (text, error) = asked(r#"{"effect":{"cut":{"after":5,"reset":true}},"times":1}"#);
    assert!(text.ends_with("\r\n\r\n<?xml") && error == reset, "{text}");
}

#[test]
fn a_cut_body_is_shorter_than_its_content_length() {
    for (reset, error) in [(false, None), (true, Some(ErrorKind::ConnectionReset))] {
        for after in [0, 1, 300] {
            let (_mock, client) = server(&format!(
                r#"{{"effect":{{"cut":{{"after":{after},"reset":{reset}}}}}}}"#
            ));
            let (received, found) = get_until_closed(client.connect(), SERVICES);
            assert_eq!(found, error);
            let answer = Response::parse(&String::from_utf8(received).expect("UTF-8"));
            assert_eq!((answer.status, answer.body.len()), (200, after));
            let length = answer.header("Content-Length").expect("a length");
            assert!(length.parse::<usize>().expect("a number") > 1000);
        }
    }
}

#[test]
fn a_cut_beyond_the_end_sends_everything_and_ends_the_connection() {
    let (_mock, client) = server(r#"{"effect":{"cut":{"after":1000000}}}"#);
    let (received, error) = get_until_closed(client.connect(), VERSION);
    let answer = Response::parse(&String::from_utf8(received).expect("UTF-8"));
    assert_eq!(
        answer.header("Content-Length"),
        Some(answer.body.len().to_string().as_str())
    );
    assert_eq!(error, None);
    let mut stream = client.connect();
    write!(stream, "{}\r\n", head("HEAD", VERSION)).expect("sent");
    let (received, error) = read_until_closed(stream);
    assert!(received.ends_with(b"\r\n\r\n") && error.is_none());
}

#[test]
fn faults_apply_to_a_list_that_is_encoded_while_it_is_sent() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let tenants = (0..1_000).map(|number| {
        format!("<Tenant><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId><Alias>ä{number}</Alias><SmtpDomain>d{number}.org</SmtpDomain></Tenant>")
    });
    mock.set_state(&format!(
        "<Tenants>{}</Tenants>",
        tenants.collect::<String>()
    ));
    let path = "/vmrest/tenants";
    let whole = client.get(path).body;
    assert!(whole.len() > 200_000);
    let with_fault = |effect: &str| {
        create(client, &format!(r#"{{"effect":{effect},"times":1}}"#));
        client.request_unchecked("GET", path, ADMIN_AUTHORIZATION)
    };
    let length = whole.len().to_string();
    let dribbled = with_fault(r#"{"dribble":{"bytes":50000,"every_ms":1}}"#);
    assert_eq!(dribbled.header("Content-Length"), Some(&*length));
    assert!(dribbled.body == whole);
    let cut = with_fault(r#"{"cut":{"after":150000}}"#);
    assert_eq!(cut.header("Content-Length"), Some(&*length));
    assert!(cut.body == whole[..150_000]);
    let truncated = with_fault(r#""truncate""#);
    let half = truncated.body.len();
    assert_eq!(truncated.header("Content-Length"), Some(&*half.to_string()));
    assert!(truncated.body == whole[..half]);
    assert!(
        (whole.len() / 2..whole.len() / 2 + 100).contains(&half),
        "{half}"
    );
}

#[test]
fn a_fault_affects_only_its_own_response_on_a_persistent_connection() {
    let (_mock, client) = server(r#"{"effect":{"cut":{"after":3}},"nth":3}"#);
    let mut stream = client.connect();
    let one = format!("{}\r\n", head("GET", "/vmrest/tenants?rowsPerPage=0"));
    write!(stream, "{one}{one}{one}{one}").expect("sent");
    let (received, _) = read_until_closed(stream);
    let text = String::from_utf8(received).expect("UTF-8");
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 3, "{text}");
    assert_eq!(text.matches(r#"<Tenants total="2"/>"#).count(), 2, "{text}");
    assert!(text.ends_with("\r\n\r\n<?x"), "{text}");
}

#[test]
fn a_cut_does_not_count_100_continue_as_the_response() {
    let (_mock, client) = server(r#"{"effect":{"cut":{"after":10}}}"#);
    let mut stream = client.connect();
    let xml = exchange().xml();
    let length = xml.len();
    let more = format!(
        "Content-Type: application/xml\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n"
    );
    write!(stream, "{}{more}\r\n{xml}", head("POST", SERVICES)).expect("sent");
    let (received, _) = read_until_closed(stream);
    let text = String::from_utf8(received).expect("UTF-8");
    let (interim, answer) = text.split_once("\r\n\r\n").expect("two heads");
    assert_eq!(interim, "HTTP/1.1 100 Continue");
    let answer = Response::parse(answer);
    assert_eq!((answer.status, answer.body.as_str()), (201, "/vmrest/ex"));
}

#[test]
fn a_malformed_chunk_has_no_size() {
    let (_mock, client) = server(r#"{"effect":"malformed_chunk"}"#);
    let answer = request_once(client, "GET", SERVICES);
    assert_eq!(answer.header("Transfer-Encoding"), Some("chunked"));
    assert_eq!(answer.header("Content-Length"), None);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "this is no size\r\n")
    );
}

#[test]
fn no_answer_holds_the_connection_until_the_client_or_the_server_ends_it() {
    let (mock, client) = server(r#"{"effect":"no_answer"}"#);
    let mut stream = client.connect();
    let timeout = Duration::from_millis(50);
    stream.set_read_timeout(Some(timeout)).expect("a time-out");
    write!(stream, "{}\r\n", head("GET", VERSION)).expect("sent");
    let error = stream.read(&mut [0]).expect_err("a time-out");
    assert!([ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()));
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time-out");
    drop(mock);
    let (received, _) = read_until_closed(stream);
    assert!(received.is_empty());
}

#[test]
fn a_server_that_holds_a_connection_stops_without_delay() {
    let started =
        ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--grace", "60"]));
    let client = started.client();
    create(client, r#"{"effect":"no_answer"}"#);
    let mut stream = client.connect();
    write!(stream, "{}\r\n", head("GET", VERSION)).expect("sent");
    // The request has arrived when the fault counts it.
    while !client
        .control("GET", "/__mock/faults/1", "")
        .body
        .contains(r#""hits":1"#)
    {
        thread::yield_now();
    }
    let before = Instant::now();
    started.signal("TERM");
    assert_eq!(read_until_closed(stream), (vec![], None));
    assert_eq!(started.wait_for_exit().0, Some(0));
    assert!(before.elapsed() < Duration::from_secs(30));
}
