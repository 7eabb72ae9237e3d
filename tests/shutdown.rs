//! Graceful shutdown.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{ADMIN_AUTHORIZATION, Response, ServerProcess, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

fn start_server(options: &[&str]) -> ServerProcess {
    ServerProcess::start(&mut cuc_mock(
        &[&["--listen", "127.0.0.1:0"], options].concat(),
    ))
}

/// Starts a response that a fault sends slowly. Returns its connection.
#[track_caller]
fn slow_response(server: &ServerProcess, delay_ms: u32) -> TcpStream {
    let client = server.client();
    let fault = format!(r#"{{"effect": {{"dribble": {{"bytes": 400, "every_ms": {delay_ms}}}}}}}"#);
    let created = client.control("POST", "/__mock/faults", &fault);
    assert_eq!(created.status, 201, "{created}");
    let mut stream = client.connect();
    let request = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("the server reads");
    let mut status_line = [0; 15];
    stream.read_exact(&mut status_line).expect("a status line");
    assert_eq!(&status_line, b"HTTP/1.1 200 OK");
    stream
}

/// Starts a POST up to its body. The request is in flight once the server has sent `100 Continue`.
#[track_caller]
fn post_without_body(server: &ServerProcess, length: usize) -> TcpStream {
    let mut stream = server.client().connect();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).expect("100 Continue");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[test]
fn both_signals_end_with_status_0_and_close_idle_connections_at_once() {
    for signal in ["INT", "TERM"] {
        let server = start_server(&["--log", "json"]);
        let fresh = server.client().connect();
        let mut used = server.client().connect();
        write!(used, "GET /__mock/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        used.read_exact(&mut [0; 15]).unwrap();
        let signalled = Instant::now();
        server.signal(signal);
        let (status, stdout, stderr) = server.wait_for_exit();
        assert!(
            signalled.elapsed() < Duration::from_secs(8),
            "the server does not wait for idle connections"
        );
        assert_eq!((status, stdout.as_str()), (Some(0), ""), "{stderr}");
        assert!(
            stderr
                .lines()
                .all(|line| line.starts_with('{') && line.ends_with('}')),
            "{stderr}"
        );
        drop((fresh, used));
    }
}

#[test]
fn resting_connections_are_closed_at_once() {
    let server = start_server(&["--log", "off", "--grace", "600"]);
    let client = server.client();
    let mut resting = [(); 3].map(|()| client.connect());
    resting[0]
        .write_all(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    resting[0].read_exact(&mut [0; 15]).unwrap();
    // The server has accepted all three by now, and the first one rests 20 ms after its request.
    client.wait_for_delayed_response(100);
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
}

#[test]
fn requests_that_have_not_arrived_get_no_grace_period() {
    let server = start_server(&["--log", "off", "--grace", "600"]);
    let client = server.client();
    let mut head = client.connect();
    head.write_all(b"GET /vmrest/tenants HTTP/1.1\r\nHost:")
        .unwrap();
    let mut body = post_without_body(&server, 1000);
    body.write_all(b"<ExternalService>").unwrap();
    let mut second = client.connect();
    write!(
        second,
        "GET /__mock/health HTTP/1.1\r\nHost: x\r\n\r\nGET /"
    )
    .unwrap();
    second.read_exact(&mut [0; 15]).unwrap();
    // The server has accepted and read all three by now.
    client.wait_for_delayed_response(100);
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    for mut stream in [head, body] {
        let mut rest = Vec::new();
        assert!(
            !matches!(stream.read_to_end(&mut rest), Ok(1..)),
            "{rest:?}"
        );
    }
}

#[test]
fn a_response_in_progress_is_sent_to_its_end() {
    let server = start_server(&["--log", "json"]);
    let mut stream = slow_response(&server, 50);
    server.signal("TERM");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("</ExternalServices>"), "{rest}");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0));
    assert!(!stderr.contains("aborting"), "{stderr}");
}

#[test]
fn a_request_behind_a_response_in_progress_is_answered() {
    let server = start_server(&["--log", "off", "--grace", "600"]);
    let mut stream = slow_response(&server, 50);
    write!(
        stream,
        "GET /vmrest/version HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n"
    )
    .unwrap();
    // The server has read the second request by then, but not yet sent the first response.
    server.client().wait_for_delayed_response(1);
    server.signal("TERM");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    let (first, second) = rest.split_once("</ExternalServices>").expect("a list");
    assert!(!first.contains("Connection: "), "{first}");
    let second = Response::parse(second);
    assert_eq!(
        (second.status, second.header("Connection")),
        (200, Some("close"))
    );
    assert_eq!(server.wait_for_exit().0, Some(0));
}

#[test]
fn idle_connections_are_no_requests_in_flight() {
    let server = start_server(&["--log", "json", "--grace", "0"]);
    let mut used = server.client().connect();
    write!(
        used,
        "GET /__mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    .unwrap();
    used.read_exact(&mut [0; 15]).unwrap();
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0));
    assert!(!stderr.contains("aborting"), "{stderr}");
}

#[test]
fn a_signal_during_the_start_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let [fixtures, state] = ["fixtures.xml", "state.xml"].map(|name| folder.path().join(name));
    // Takes much longer to read than the signal to arrive.
    let tenants = (0..200_000).map(|number| {
        format!(
            "<Tenant><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId><Alias>a{number}</Alias>\
             <SmtpDomain>d{number}.org</SmtpDomain></Tenant>"
        )
    });
    let tenants = format!("<Tenants>{}</Tenants>", tenants.collect::<String>());
    std::fs::write(&fixtures, tenants).unwrap();
    let [fixtures, state] = [&fixtures, &state].map(|path| path.to_str().unwrap());
    let options = ["--log", "json", "--spaces", "auto", "--fixtures", fixtures];
    let arguments = [&["--listen", "127.0.0.1:0", "--state", state], &options[..]].concat();
    let mut server = ServerProcess::spawn(&mut cuc_mock(&arguments));
    // The server logs this before it reads the fixtures.
    server.wait_for_log("--state keeps only the space default");
    server.signal("TERM");
    let (status, stdout, _) = server.wait_for_exit();
    assert_eq!((status, stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_second_signal_ends_at_once() {
    let server = start_server(&["--grace", "600", "--log", "json"]);
    let mut stream = slow_response(&server, 600_000);
    server.signal("TERM");
    server.wait_for_closed_port();
    server.signal("INT");
    assert_eq!(server.wait_for_exit().0, Some(0));
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"</ExternalServices>"));
}

#[cfg(unix)]
#[test]
fn a_hangup_ends_like_the_other_signals_unless_nohup_ignores_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.xml");
    let server = start_server(&["--log", "off", "--state", state.to_str().unwrap()]);
    server
        .client()
        .create(SERVICES, exchange().with("DisplayName", "last").xml());
    server.signal("HUP");
    assert_eq!(server.wait_for_exit().0, Some(0));
    assert!(
        std::fs::read_to_string(&state)
            .unwrap()
            .contains("<DisplayName>last</DisplayName>")
    );

    let mut nohup = Command::new("nohup");
    let command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]);
    nohup.arg(command.get_program()).args(command.get_args());
    let server = ServerProcess::start(&mut nohup);
    server.signal("HUP");
    assert_eq!(server.client().get("/vmrest/version").status, 200);
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
}

#[test]
fn the_end_of_standard_input_ends_the_server_like_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.xml");
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]);
    command.args(["--exit-on-stdin-close", "--state", state.to_str().unwrap()]);
    let mut server = ServerProcess::start(command.stdin(Stdio::piped()));
    server
        .client()
        .create(SERVICES, exchange().with("DisplayName", "last").xml());
    server.close_stdin();
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("standard input has ended"), "{stderr}");
    let saved = std::fs::read_to_string(&state).unwrap();
    assert!(saved.contains("<DisplayName>last</DisplayName>"), "{saved}");
}

#[test]
fn a_signal_after_the_end_of_standard_input_ends_the_server_at_once() {
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json", "--grace", "600"]);
    command.arg("--exit-on-stdin-close").stdin(Stdio::piped());
    let mut server = ServerProcess::start(&mut command);
    let stream = slow_response(&server, 600_000);
    server.close_stdin();
    server.wait_for_closed_port();
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    drop(stream);
}

#[test]
fn an_empty_standard_input_counts_only_with_the_option() {
    let options = ["--listen", "127.0.0.1:0", "--log", "json"];
    // `cuc_mock` gives a command an empty standard input.
    let mut command = cuc_mock(&options);
    let (status, _, stderr) =
        ServerProcess::spawn(command.arg("--exit-on-stdin-close")).wait_for_exit();
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("standard input has ended"), "{stderr}");

    let server = ServerProcess::start(&mut cuc_mock(&options));
    assert_eq!(server.client().get("/vmrest/version").status, 200);
}

#[test]
fn requests_that_outlast_the_grace_period_are_cut_off_and_counted() {
    let server = start_server(&["--log", "json", "--grace", "1"]);
    let mut streams = [(); 2].map(|()| slow_response(&server, 600_000));
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0));
    let line = stderr.lines().last().expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (&line["message"], &line["requests"], &line["level"]),
        (
            &"the grace period is over: aborting the requests in flight".into(),
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
fn delayed_responses_and_long_polls_end_at_once_and_close_their_connections() {
    let server = start_server(&["--grace", "600"]);
    let client = server.client();
    let fault = r#"{"delay":{"fixed_ms":600000},"requests":{"path":"tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let mut poll = client.connect();
    let head = "GET /__mock/requests?wait=60&path=users HTTP/1.1\r\nHost: localhost\r\n\r\n";
    poll.write_all(head.as_bytes()).unwrap();
    let mut delayed = client.connect();
    let head = format!("GET /vmrest/tenants HTTP/1.1\r\nHost: cuc\r\n{ADMIN_AUTHORIZATION}\r\n");
    delayed.write_all(head.as_bytes()).unwrap();
    client.wait_for_requests("tenants", 1);
    server.signal("TERM");
    for (stream, status) in [(delayed, 200), (poll, 503)] {
        let response = Response::read(stream);
        let connection = response.header("Connection");
        assert_eq!(
            (response.status, connection),
            (status, Some("close")),
            "{response}"
        );
    }
    assert_eq!(server.wait_for_exit().0, Some(0));
}
