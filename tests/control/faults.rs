//! Failures that a test asks for, as a client meets them.

use std::{
    io::{ErrorKind, Read, Write},
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use cuc_mock::{CucMock, Fault, RequestPattern};
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, ServerProcess, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";
const FAULTS: &str = "/__mock/faults";
const VERSION: &str = "/vmrest/version";

/// A server with this fault.
#[track_caller]
fn server(fault: &str) -> (CucMock, Client) {
    let mock = CucMock::builder().seed(7).start_blocking();
    let client = Client::of(&mock);
    make(client, fault);
    (mock, client)
}

#[track_caller]
fn make(client: Client, fault: &str) -> String {
    let answer = client.control("POST", FAULTS, fault);
    assert_eq!(answer.status, 201, "{answer}");
    answer.body
}

fn head(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: cuc\r\n{ADMIN_AUTHORIZATION}")
}

/// Asks for `path` and reads until the connection ends, one way or the other.
fn ask(mut stream: impl Read + Write, path: &str) -> (Vec<u8>, Option<ErrorKind>) {
    write!(stream, "{}\r\n", head("GET", path)).expect("it is taken");
    until_the_end(stream)
}

fn until_the_end(mut stream: impl Read) -> (Vec<u8>, Option<ErrorKind>) {
    let mut received = Vec::new();
    let error = stream.read_to_end(&mut received).err();
    (received, error.map(|error| error.kind()))
}

/// Sends one request and parses whatever arrives, which may break every rule.
#[track_caller]
fn broken(client: Client, method: &str, path: &str) -> Response {
    client.exchange(format!("{}Connection: close\r\n\r\n", head(method, path)).as_bytes())
}

fn total(client: Client) -> usize {
    client
        .get(SERVICES)
        .body
        .matches("<ExternalService>")
        .count()
}

#[test]
fn a_reset_is_one_on_the_socket_and_a_close_is_not() {
    for (effect, error) in [("reset", Some(ErrorKind::ConnectionReset)), ("close", None)] {
        let (_mock, client) = server(&format!(r#"{{"effect":"{effect}","times":1}}"#));
        assert_eq!(ask(client.connect(), VERSION), (vec![], error), "{effect}");
        assert_eq!(client.get(VERSION).status, 200, "{effect}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_reset_a_close_and_a_cut_are_what_they_say_over_tls() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let asked = |fault| {
        make(client, fault);
        let stream = crate::tls::connect_trusting(mock.address(), mock.ca_pem());
        let (received, error) = ask(stream, VERSION);
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
fn a_cut_body_is_shorter_than_what_was_announced() {
    for (reset, error) in [(false, None), (true, Some(ErrorKind::ConnectionReset))] {
        for after in [0, 1, 300] {
            let (_mock, client) = server(&format!(
                r#"{{"effect":{{"cut":{{"after":{after},"reset":{reset}}}}}}}"#
            ));
            let (received, found) = ask(client.connect(), SERVICES);
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
    let (received, error) = ask(client.connect(), VERSION);
    let answer = Response::parse(&String::from_utf8(received).expect("UTF-8"));
    assert_eq!(
        answer.header("Content-Length"),
        Some(answer.body.len().to_string().as_str())
    );
    assert_eq!(error, None);
    let mut stream = client.connect();
    write!(stream, "{}\r\n", head("HEAD", VERSION)).expect("it is taken");
    let (received, error) = until_the_end(stream);
    assert!(received.ends_with(b"\r\n\r\n") && error.is_none());
}

#[test]
fn a_fault_breaks_its_own_answer_on_a_connection_that_is_kept() {
    let (_mock, client) = server(r#"{"effect":{"cut":{"after":3}},"nth":3}"#);
    let mut stream = client.connect();
    let one = format!("{}\r\n", head("GET", "/vmrest/tenants?rowsPerPage=0"));
    write!(stream, "{one}{one}{one}{one}").expect("it is taken");
    let (received, _) = until_the_end(stream);
    let text = String::from_utf8(received).expect("UTF-8");
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 3, "{text}");
    assert_eq!(text.matches(r#"<Tenants total="2"/>"#).count(), 2, "{text}");
    assert!(text.ends_with("\r\n\r\n<?x"), "{text}");
}

#[test]
fn a_cut_does_not_take_100_continue_for_the_answer() {
    let (_mock, client) = server(r#"{"effect":{"cut":{"after":10}}}"#);
    let mut stream = client.connect();
    let xml = exchange().xml();
    let length = xml.len();
    let more = format!(
        "Content-Type: application/xml\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n"
    );
    write!(stream, "{}{more}\r\n{xml}", head("POST", SERVICES)).expect("it is taken");
    let (received, _) = until_the_end(stream);
    let text = String::from_utf8(received).expect("UTF-8");
    let (interim, answer) = text.split_once("\r\n\r\n").expect("two heads");
    assert_eq!(interim, "HTTP/1.1 100 Continue");
    let answer = Response::parse(answer);
    assert_eq!((answer.status, answer.body.as_str()), (201, "/vmrest/ex"));
}

#[test]
fn no_answer_comes_until_the_client_gives_up_or_the_server_stops() {
    let (mock, client) = server(r#"{"effect":"no_answer"}"#);
    let mut stream = client.connect();
    let patience = Duration::from_millis(50);
    stream.set_read_timeout(Some(patience)).expect("a time-out");
    write!(stream, "{}\r\n", head("GET", VERSION)).expect("it is taken");
    let error = stream.read(&mut [0]).expect_err("a time-out");
    assert!([ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()));
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time-out");
    drop(mock);
    let (received, _) = until_the_end(stream);
    assert!(received.is_empty());
}

#[test]
fn a_server_that_holds_a_connection_stops_at_once_when_told() {
    let started =
        ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--grace", "60"]));
    let client = started.client();
    make(client, r#"{"effect":"no_answer"}"#);
    let mut stream = client.connect();
    write!(stream, "{}\r\n", head("GET", VERSION)).expect("it is taken");
    // The fault has hit when it says so.
    while !client
        .control("GET", "/__mock/faults/1", "")
        .body
        .contains(r#""hits":1"#)
    {
        thread::yield_now();
    }
    let before = Instant::now();
    started.signal("TERM");
    assert_eq!(until_the_end(stream), (vec![], None));
    assert_eq!(started.wait_for_exit().0, Some(0));
    assert!(before.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_delay_is_at_least_as_long_as_was_asked_for() {
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
        let answer = broken(client, "GET", SERVICES);
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
fn a_malformed_chunk_has_no_size() {
    let (_mock, client) = server(r#"{"effect":"malformed_chunk"}"#);
    let answer = broken(client, "GET", SERVICES);
    assert_eq!(answer.header("Transfer-Encoding"), Some("chunked"));
    assert_eq!(answer.header("Content-Length"), None);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "this is no size\r\n")
    );
}

/// What a client is answered with that asks for the services while a preset is active.
fn preset(name: &str) -> String {
    let (_mock, client) = server(&format!(r#"{{"preset":"{name}"}}"#));
    let answer = broken(client, "GET", "/vmrest/tenants?rowsPerPage=1");
    let cookies = if answer.status == 401 { 0 } else { 3 };
    assert_eq!(answer.cookies().count(), cookies, "{answer}");
    assert_eq!(answer.header("X-Frame-Options"), Some("SAMEORIGIN"));
    assert!(answer.header("Date").is_some());
    assert_eq!(
        answer.header("Content-Length"),
        Some(answer.body.len().to_string().as_str())
    );
    answer.to_string()
}

#[test]
fn presets_fail_as_the_vendor_does() {
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>The server is busy: too many requests are in flight</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&preset("busy"));
    expect![[r#"
        401 Unauthorized
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred
        Www-Authenticate: Basic realm="Cisco Unity Connection"

        <html>
        <head>
        <title>Error report</title>
        </head>
        <body>
        <h1>HTTP Status 401 - Unauthorized</h1>
        <p>
        <b>type</b> Status report</p>
        <p>
        <b>message</b> Unauthorized</p>
        <p>
        <b>description</b> The account is locked out after too many failed attempts to sign in.</p>
        </body>
        </html>
    "#]]
    .assert_eq(&preset("locked_out"));
    expect![[r#"
        403 Forbidden
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>FORBIDDEN</code>
        <message>The server takes no changes: its data are read-only</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&preset("read_only"));
    expect![[r#"
        500 Internal Server Error
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: client

        <html>
        <head>
        <title>Error report</title>
        </head>
        <body>
        <h1>HTTP Status 500 - Internal Server Error</h1>
        <p>
        <b>type</b> Status report</p>
        <p>
        <b>message</b> Internal Server Error</p>
        <p>
        <b>description</b> The server encountered an internal error that prevented it from fulfilling this request.</p>
        </body>
        </html>
    "#]].assert_eq(&preset("tomcat_error"));
    expect![[r#"
        200 OK
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred

        <html>
        <head>
        <title>Cisco Unity Connection</title>
        </head>
        <body>
        <form method="post" action="j_security_check">
        <input type="text" name="j_username"/>
        <input type="password" name="j_password"/>
        <input type="submit" value="Sign in"/>
        </form>
        </body>
        </html>
    "#]]
    .assert_eq(&preset("login_page"));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenants total="2">
        <Tenant>
        <URI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438</URI>
        <ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <CreationDate>2013-01-11 09:12:04.318</CreationDate>
        <Alias>clientteam</Alias>
        <Description>The tenant of the guide's three services</Description>
        <SmtpDomain>clientteam.example.com</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <C
    "#]]
    .assert_eq(&preset("truncated_xml"));
    expect![[r#"
        200 OK
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenants total="2">
        <Tenant>
        <URI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438</URI>
        <ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <CreationDate>2013-01-11 09:12:04.318</CreationDate>
        <Alias>clientteam</Alias>
        <Description>The tenant of the guide's three services</Description>
        <SmtpDomain>clientteam.example.com</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <CosesURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/coses</CosesURI>
        <PartitionsURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/partitions</PartitionsURI>
        <PhoneSystemURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/phonesystems</PhoneSystemURI>
        <ScheduleSetsURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/schedulesets</ScheduleSetsURI>
        </Tenant>
        </Tenants>
    "#]].assert_eq(&preset("wrong_content_type"));
}

#[test]
fn a_failure_comes_in_the_format_that_the_client_wants() {
    let (_mock, client) = server(r#"{"preset":"busy","times":1}"#);
    let json = "Accept: application/json\r\nConnection: close\r\n\r\n";
    let busy = client.exchange(format!("{}{json}", head("GET", SERVICES)).as_bytes());
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"errors":{"code":"SERVICE_UNAVAILABLE","message":"The server is busy: too many requests are in flight"}}
    "#]].assert_eq(&busy.to_string());
    make(client, r#"{"effect":"truncate"}"#);
    let cut = client
        .exchange(format!("{}{json}", head("GET", "/vmrest/tenants?rowsPerPage=1")).as_bytes());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"@total":"2","Tenant":{"URI":"/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438","ObjectId":"fe6541fb-b42c-44f2-8404-ded14cbf7438","CreationDate":"2013-01-11 09:12:04.318","Alias":"clientteam","Description":"The tenant of the guide's three services","SmtpDomain":"clientteam.example.com","TimeZone":"175","Language":"1033",
    "#]].assert_eq(&cut.to_string());
}

#[test]
fn an_answer_of_the_users_own_is_given_anywhere_but_to_the_control_plane() {
    let answer = r#"{"status":418,"headers":{"X-A":["b","c"],"Server":"teapot","Content-Type":"text/x"},"body":"short"}"#;
    let (_mock, client) = server(&format!(r#"{{"effect":{{"answer":{answer}}}}}"#));
    expect![[r#"
        418 I'm a teapot
        X-Cuc-Mock-Provenance: inferred
        Content-Type: text/x
        X-A: b
        X-A: c

        short
    "#]]
    .assert_eq(&broken(client, "PATCH", "/vmrest/users").to_string());
    expect![[r#"
        418 I'm a teapot
        Content-Type: text/x
        X-A: b
        X-A: c

        short
    "#]]
    .assert_eq(&broken(client, "GET", "/cuadmin").to_string());
    assert_eq!(
        broken(client, "GET", VERSION).header("Server"),
        Some("teapot")
    );
    assert_eq!(client.control("GET", "/__mock/health", "").status, 200);
    make(
        client,
        r#"{"effect":{"answer":{"status":200,"headers":{"Date":"today"},"body":{"base64":"AAE="}}}}"#,
    );
    assert_eq!(client.control("DELETE", "/__mock/faults/1", "").status, 204);
    let answer = broken(client, "GET", VERSION);
    assert_eq!(
        (answer.header("Date"), answer.body.as_str()),
        (Some("today"), "\0\u{1}")
    );
}

#[test]
fn a_request_does_its_work_before_it_fails_only_when_told() {
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
        write!(stream, "{}{more}\r\n{xml}", head("POST", SERVICES)).expect("it is taken");
        until_the_end(stream);
        assert_eq!(total(client), if is_done { 6 } else { 5 }, "{effect}");
    }
}

#[test]
fn a_fault_never_shifts_an_id() {
    let created = |faults: &[&str]| {
        let mock = CucMock::builder().seed(7).start_blocking();
        let client = Client::of(&mock);
        for fault in faults {
            make(client, fault);
        }
        if !faults.is_empty() {
            assert_eq!(broken(client, "GET", VERSION).status, 503);
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
fn the_throttle_lets_as_many_in_at_once_as_it_says() {
    let (_mock, client) =
        server(r#"{"effect":{"throttle":{"at_once":2}},"delay":{"fixed_ms":500}}"#);
    let barrier = Barrier::new(6);
    let statuses = thread::scope(|scope| {
        let asked = [(); 6].map(|()| {
            scope.spawn(|| {
                barrier.wait();
                broken(client, "GET", VERSION).status
            })
        });
        asked.map(|asked| asked.join().expect("an answer"))
    });
    // Who comes late may be let in after the first ones are answered.
    let refused = statuses.iter().filter(|status| **status == 503).count();
    assert!((1..=4).contains(&refused), "{statuses:?}");
    assert_eq!(broken(client, "GET", VERSION).status, 200);
}

#[test]
fn the_same_seed_hits_the_same_requests() {
    let hits = || {
        let (_mock, client) = server(r#"{"preset":"busy","probability":0.5}"#);
        [(); 20].map(|()| broken(client, "GET", VERSION).status)
    };
    let first = hits();
    assert_eq!(first, hits());
    assert!(first.contains(&200) && first.contains(&503));
}

#[test]
fn faults_are_for_requests_that_do_not_sign_in_too() {
    let (_mock, client) = server(r#"{"effect":{"answer":{"status":500,"body":"x"}},"times":1}"#);
    let ask = "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(client.exchange(ask.as_bytes()).status, 500);
    assert_eq!(client.exchange(ask.as_bytes()).status, 401);
}

#[test]
fn a_fault_that_is_until_a_time_ends_with_it() {
    let options = ["--listen", "127.0.0.1:0", "--clock", "2026-01-31T12:00:00Z"];
    let started = ServerProcess::start(&mut cuc_mock(&options));
    let client = started.client();
    make(
        client,
        r#"{"preset":"busy","until":"2026-01-31T12:00:00Z"}"#,
    );
    assert_eq!(client.get(VERSION).status, 200);
    make(
        client,
        r#"{"preset":"busy","until":"2026-01-31T12:00:01Z"}"#,
    );
    assert_eq!(broken(client, "GET", VERSION).status, 503);
}

const MANY: [&str; 8] = [
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
fn what_is_listed_can_be_made_again() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let made = MANY.map(|fault| make(client, fault));
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
    assert_eq!(made.each_ref().map(|fault| make(client, fault)), made);
}

#[test]
fn faults_are_listed_with_what_came_of_them_and_removed() {
    let (_mock, client) = server(r#"{"preset":"busy","nth":2}"#);
    make(
        client,
        r#"{"preset":"read_only","requests":{"path":"tenants"}}"#,
    );
    assert_eq!(client.get(VERSION).status, 200);
    assert_eq!(broken(client, "GET", "/vmrest/tenants").status, 503);
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

            {"error":"the path is not UTF-8 once it is decoded, expected a name"}
        "#]]
        .assert_eq(&client.control(method, "/__mock/faults/%FF", "").to_string());
    }
    make(client, r#"{"preset":"busy"}"#);
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
fn without_room_in_one_space_no_space_gets_the_fault() {
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
            "POST {path} HTTP/1.1\r\nHost: cuc\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{fault}"
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
    let next = make(client, r#"{"preset":"read_only"}"#);
    assert!(next.starts_with(r#"{"number":2,"#), "{next}");
    assert_eq!(mock.faults().len(), 2);
}

#[test]
fn what_cannot_be_taken_is_refused_and_nothing_is_made() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let refused = [
        "",
        "[]",
        "{}",
        r#"{"fault":"reset"}"#,
        r#"{"effect":"explode"}"#,
        r#"{"effect":{"reset":true}}"#,
        r#"{"effect":{"content_type":"a","throttle":{"at_once":1}}}"#,
        r#"{"preset":"bussy"}"#,
        r#"{"preset":"busy","effect":"reset"}"#,
        r#"{"preset":"busy","nth":0}"#,
        r#"{"preset":"busy","times":-1}"#,
        r#"{"preset":"busy","probability":1.1}"#,
        r#"{"preset":"busy","until":"tomorrow"}"#,
        r#"{"preset":"busy","requests":{"status":200}}"#,
        r#"{"preset":"busy","requests":{"fields":{"A":{"like":"b"}}}}"#,
        r#"{"delay":{"fixed_ms":600001}}"#,
        r#"{"delay":{"fixed_ms":1,"max_ms":2}}"#,
        r#"{"delay":{"min_ms":2,"max_ms":1}}"#,
        r#"{"delay":{"fixed_ms":1},"handled":true}"#,
        r#"{"effect":{"cut":{}}}"#,
        r#"{"effect":{"dribble":{"bytes":0,"every_ms":1}}}"#,
        r#"{"effect":{"answer":{"status":100}}}"#,
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

        {"error":"there is no body, expected a JSON object"}
        []
        {"error":"the body is a list, expected an object"}
        {}
        {"error":"the body: expected an effect, a preset or a delay"}
        {"fault":"reset"}
        {"error":"found \"fault\", expected preset, effect, requests, nth, times, probability, until, delay, handled, number, matched, hits, active"}
        {"effect":"explode"}
        {"error":"effect is \"explode\", expected one of no_answer, reset, close, malformed_chunk, truncate, busy, locked_out, read_only, tomcat_error, login_page, or an object with one of answer, content_type, cut, dribble, throttle"}
        {"effect":{"reset":true}}
        {"error":"found \"effect.reset\", expected answer, content_type, cut, dribble, throttle"}
        {"effect":{"content_type":"a","throttle":{"at_once":1}}}
        {"error":"effect: expected one of answer, content_type, cut, dribble, throttle"}
        {"preset":"bussy"}
        {"error":"preset is \"bussy\", expected one of busy, locked_out, read_only, tomcat_error, login_page, truncated_xml, wrong_content_type, throttled, no_answer, reset, close, malformed_chunk"}
        {"preset":"busy","effect":"reset"}
        {"error":"the body: expected one of preset and effect"}
        {"preset":"busy","nth":0}
        {"error":"nth is 0, expected a whole number from 1 to 4294967295"}
        {"preset":"busy","times":-1}
        {"error":"times is -1, expected a whole number from 1 to 4294967295"}
        {"preset":"busy","probability":1.1}
        {"error":"probability is 1.1, expected a number from 0 to 1"}
        {"preset":"busy","until":"tomorrow"}
        {"error":"until is \"tomorrow\", expected a time such as 2026-01-31T12:00:00Z"}
        {"preset":"busy","requests":{"status":200}}
        {"error":"a fault cannot choose requests by the status of their answers"}
        {"preset":"busy","requests":{"fields":{"A":{"like":"b"}}}}
        {"error":"found \"requests.fields.A.like\", expected startswith, contains"}
        {"delay":{"fixed_ms":600001}}
        {"error":"delay.fixed_ms is 600001, expected a number from 0 to 600000"}
        {"delay":{"fixed_ms":1,"max_ms":2}}
        {"error":"delay: expected fixed_ms, or min_ms and max_ms, or median_ms and sigma"}
        {"delay":{"min_ms":2,"max_ms":1}}
        {"error":"the delay is from 2 ms to 1 ms, expected the shorter one first"}
        {"delay":{"fixed_ms":1},"handled":true}
        {"error":"handled is given, expected it only with an effect that stands in the place of the right answer"}
        {"effect":{"cut":{}}}
        {"error":"effect.cut.after is missing"}
        {"effect":{"dribble":{"bytes":0,"every_ms":1}}}
        {"error":"effect.dribble.bytes is 0, expected a whole number from 1 to 4294967295"}
        {"effect":{"answer":{"status":100}}}
        {"error":"effect.answer.status is 100, expected a whole number from 200 to 999"}
        {"effect":{"answer":{"status":204,"body":"x"}}}
        {"error":"an answer of 204 has no body"}
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
fn a_user_has_the_faults_of_its_own_space() {
    let options = ["--listen", "127.0.0.1:0", "--spaces", "auto"];
    let started = ServerProcess::start(&mut cuc_mock(&options));
    let client = started.client();
    // The user's space is made when it is first seen.
    assert_eq!(client.get(VERSION).status, 200);
    let made = client.control("POST", "/__mock/faults?space=admin", r#"{"preset":"busy"}"#);
    assert_eq!(made.status, 201, "{made}");
    assert_eq!(broken(client, "GET", VERSION).status, 503);
    let other = "Authorization: Basic YTpi\r\n";
    assert_eq!(client.request("GET", VERSION, other, b"").status, 200);
    assert_eq!(client.control("GET", FAULTS, "").body, "[]");
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction_of_zero() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let made = |times| {
        let fault = format!(r#"{{"preset": "busy", "times": {times}}}"#);
        client.control("POST", "/__mock/faults", &fault).body
    };
    expect![[r#"{"number":1,"times":2,"effect":"busy","handled":false,"matched":0,"hits":0,"active":true}"#]].assert_eq(&made("2.0"));
    expect![[r#"{"error":"times is 2.5, expected a whole number from 1 to 4294967295"}"#]]
        .assert_eq(&made("2.5"));
    expect![[r#"{"error":"times is 1e+300, expected a whole number from 1 to 4294967295"}"#]]
        .assert_eq(&made("1e300"));
}

#[test]
fn handled_is_refused_where_it_means_nothing_even_as_false() {
    let mock = CucMock::start_blocking();
    let make = |json: &str| Client::of(&mock).control("POST", "/__mock/faults", json);
    assert_eq!(
        make(r#"{"delay":{"fixed_ms":1},"handled":false}"#).status,
        400
    );
    assert_eq!(make(r#"{"effect":"truncate","handled":true}"#).status, 400);
    assert_eq!(make(r#"{"effect":"reset","handled":false}"#).status, 201);
}
