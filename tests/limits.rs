//! Limits per client, so that others are still served.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::Command,
};

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, Response, ServerProcess, authorization, cuc_mock, exchange,
    output, services,
};

const SERVICES: &str = "/vmrest/externalservices";

fn start_server(options: &[&str]) -> ServerProcess {
    let common = ["--listen", "127.0.0.1:0", "--log", "off"];
    ServerProcess::start(&mut cuc_mock(&[&common, options].concat()))
}

/// Reads until the server closes or resets the connection.
fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_body_larger_than_the_limit_is_rejected() {
    let server = start_server(&["--max-body-size", "2KiB"]);
    let client = server.client();
    let status = |size: usize| client.post(SERVICES, vec![b' '; size]).status;
    assert_eq!((status(2048), status(2049)), (400, 413));
}

#[test]
fn a_head_larger_than_the_limit_is_rejected() {
    let server = start_server(&["--max-header-size", "2KiB"]);
    let client = server.client();
    let padded = |size: usize| {
        let head = format!(
            "GET {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}Connection: close\r\nX-Pad: "
        );
        let pad = "a".repeat(size - head.len() - 4);
        client.exchange(format!("{head}{pad}\r\n\r\n").as_bytes())
    };
    assert_eq!(padded(2048).status, 200);
    let rejection = padded(2049);
    expect![[r#"
        431 Request Header Fields Too Large
    "#]]
    .assert_eq(&rejection.to_string());
}

#[test]
fn a_slow_body_is_rejected_and_its_connection_is_closed() {
    let server = start_server(&["--body-timeout", "1"]);
    let client = server.client();
    let mut slow = client.connect();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: 100000\r\n\r\n<"
    );
    slow.write_all(head.as_bytes()).unwrap();
    let response = Response::read(slow);
    assert_eq!(response.header("Connection"), Some("close"));
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
    .assert_eq(&response.to_string());
}

#[test]
fn a_slow_head_gets_a_bare_408() {
    let server = start_server(&["--header-timeout", "1"]);
    let mut slow = server.client().connect();
    slow.write_all(b"GET /vmrest HTTP/1.1\r\nHost:").unwrap();
    expect![[r#"
        HTTP/1.1 408 Request Timeout
        Connection: close
        Content-Length: 0

    "#]]
    .assert_eq(&read_to_end(&mut slow).replace('\r', ""));
    let journal = server.client().control("GET", "/__mock/requests", "").body;
    let journal: serde_json::Value = serde_json::from_str(&journal).expect("JSON");
    let request = &journal["requests"][0];
    assert_eq!(
        [
            &request["path"],
            &request["answer"]["status"],
            &request["reason"]["message"]
        ],
        [
            &serde_json::json!("/vmrest"),
            &408.into(),
            &"The head of the request did not arrive within 1 seconds (--header-timeout)".into()
        ]
    );
}

#[cfg(feature = "tls")]
#[test]
fn a_slow_tls_handshake_is_closed() {
    let server = start_server(&["--header-timeout", "1"]);
    let mut slow = server.client().connect();
    slow.write_all(&[0x16, 3, 1, 0]).unwrap();
    assert_eq!(read_to_end(&mut slow), "");
}

#[test]
fn an_idle_connection_is_closed_before_and_after_its_first_request() {
    let server = start_server(&["--idle-timeout", "1"]);
    let mut fresh = server.client().connect();
    let mut used = server.client().connect();
    let request = b"GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
    used.write_all(request).unwrap();
    let response = read_to_end(&mut used);
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert!(!response.contains("close"), "{response}");
    assert_eq!(read_to_end(&mut fresh), "");
}

#[test]
fn a_resting_connection_can_be_used_again_and_every_pipelined_request_gets_a_response() {
    let server = start_server(&[]);
    let mut stream = server.client().connect();
    let request =
        format!("GET {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}\r\n");
    let mut responses = 0;
    // A connection rests 20 ms after its last request. The pauses are on both sides of that.
    for pause_ms in [0, 5, 15, 20, 25, 40, 0, 60, 300] {
        server.client().wait_for_delayed_response(pause_ms);
        let (first, second) = request.split_at(30);
        stream
            .write_all(format!("{request}{first}").as_bytes())
            .unwrap();
        server.client().wait_for_delayed_response(pause_ms);
        stream.write_all(second.as_bytes()).unwrap();
        for _ in 0..2 {
            read_one(&mut stream);
            responses += 1;
        }
    }
    assert_eq!(responses, 18);
}

/// Reads one response with a `Content-Length`.
#[track_caller]
fn read_one(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a response");
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
fn one_connection_too_many_closes_the_one_that_has_been_idle_longest() {
    let server = start_server(&["--max-connections", "3", "--header-timeout", "1"]);
    let client = server.client();
    let request =
        format!("GET {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}\r\n");
    // The first connection is the oldest, but the second one has been idle longest.
    let [mut first, mut second, mut third] = [(); 3].map(|()| client.connect());
    first.write_all(request.as_bytes()).unwrap();
    read_one(&mut first);
    // A connection is closed only after a second without a request. The timeout of this head takes as long.
    let mut slow = client.connect();
    slow.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    assert!(read_to_end(&mut slow).starts_with("HTTP/1.1 408 "));
    let mut fourth = client.connect();
    fourth.write_all(request.as_bytes()).unwrap();
    read_one(&mut fourth);
    for open in [&mut first, &mut third] {
        open.write_all(request.as_bytes()).unwrap();
        read_one(open);
    }
    assert_eq!(read_to_end(&mut second), "");
}

#[cfg(unix)]
#[test]
fn a_server_without_free_descriptors_logs_it_and_recovers() {
    /// More than the descriptors that are left for connections.
    const CONNECTIONS: usize = 24;
    let mut limited = Command::new("sh");
    let command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]);
    limited
        .args(["-c", "ulimit -n 24 && exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args());
    let mut server = ServerProcess::start(&mut limited);
    let client = server.client();
    let held = [(); CONNECTIONS].map(|()| client.connect());
    server.wait_for_log("could not accept a connection");
    // Connections that have been idle for a second are closed, so that this one is served.
    client.wait_for_capacity(SERVICES);
    drop(held);
}

#[test]
fn a_client_that_keeps_sending_a_rejected_body_is_disconnected_after_64_mib() {
    const MIB: usize = 1024 * 1024;
    let server = start_server(&[]);
    for (authorization, status) in [(ADMIN_AUTHORIZATION, 413), ("", 401)] {
        let mut stream = server.client().connect();
        let head = format!(
            "POST {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n",
            1024 * MIB
        );
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = vec![b' '; MIB];
        let sent = (0..1024).take_while(|_| stream.write_all(&chunk).is_ok());
        let sent = sent.count();
        // The buffers of the two sockets hold some more.
        assert!((64..=96).contains(&sent), "{status}: {sent} MiB");
        assert_eq!(server.client().get(SERVICES).status, 200);
    }
}

#[test]
fn a_surplus_connection_gets_a_503_and_reaches_the_control_plane() {
    let server = start_server(&["--max-connections", "1"]);
    let client = server.client();
    let fault = r#"{"effect": "no_answer", "requests": {"path": "tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let mut held = client.connect();
    let request =
        format!("GET /vmrest/tenants HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}\r\n");
    held.write_all(request.as_bytes()).unwrap();
    client.wait_for_requests("tenants", 1);
    let response = client.exchange(
        format!("GET {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}\r\n")
            .as_bytes(),
    );
    let headers = ["Connection", "Retry-After"].map(|name| response.header(name));
    assert_eq!(
        (response.status, headers),
        (503, [Some("close"), Some("1")])
    );
    let message = response.element("message");
    assert_eq!(message, Some("cuc-mock is busy: too many connections"));
    drop(held);
    client.wait_for_capacity(SERVICES);
}

#[test]
fn too_many_requests_in_flight_get_a_503_and_do_not_block_the_control_plane() {
    let server = start_server(&["--max-in-flight", "2"]);
    let client = server.client();
    let fault = r#"{"effect": "no_answer", "requests": {"path": "tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let held: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = client.connect();
            let request = format!(
                "GET /vmrest/tenants HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}\r\n"
            );
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    client.wait_for_requests("tenants", 2);
    let response = client.exchange(
        format!(
            "GET {SERVICES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
        )
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
    .assert_eq(&response.to_string());
    assert_eq!(client.control("GET", "/__mock/health", "").status, 200);
    // A client that disconnects frees its slot.
    drop(held);
    client.wait_for_capacity(SERVICES);
}

#[test]
fn a_slow_body_does_not_count_as_a_request_in_flight() {
    let server = start_server(&["--max-in-flight", "1"]);
    let client = server.client();
    let slow: Vec<_> = (0..5)
        .map(|_| {
            let mut stream = client.connect();
            let head = format!(
                "POST {SERVICES} HTTP/1.1\r\nHost: localhost\r\n{ADMIN_AUTHORIZATION}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"
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
fn a_client_that_stops_reading_its_response_is_disconnected() {
    let server = start_server(&["--send-timeout", "1", "--grace", "600"]);
    let client = server.client();
    let state = services(15_000);
    let set = client.control("PUT", "/__mock/state", &state);
    assert!(set.status < 300, "{set}");
    let mut stuck = client.connect();
    stuck
        .write_all(b"GET /__mock/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut first = [0; 1];
    stuck.read_exact(&mut first).unwrap();
    // The server waits for the response, so it ends only once it has disconnected the client.
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    let mut received = 0;
    let mut buffer = vec![0; 65_536];
    while let Ok(size @ 1..) = stuck.read(&mut buffer) {
        received += size;
    }
    assert!(received < state.len(), "{received} bytes");
}

/// Begins a request with a body of this length, and sends the first `sent` bytes of the body.
#[track_caller]
fn send_part(server: &ServerProcess, request: &str, length: usize, sent: usize) -> TcpStream {
    let mut stream = server.client().connect();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    stream
        .write_all(&vec![b' '; sent])
        .expect("the server reads");
    stream
}

#[test]
fn incomplete_bodies_share_the_memory_for_buffers() {
    let server = start_server(&["--max-buffer-memory", "1MiB"]);
    let client = server.client();
    let incomplete = send_part(&server, &format!("POST {SERVICES}"), 900_000, 800_000);
    client.wait_for_buffers(|bytes| bytes >= 800_000);
    let rejection = Response::read(send_part(
        &server,
        &format!("POST {SERVICES}"),
        300_000,
        300_000,
    ));
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred
        Retry-After: 1

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>cuc-mock is busy: other requests and responses fill its buffers (--max-buffer-memory, 1048576 bytes)</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&rejection.to_string());
    let rejection = Response::read(send_part(&server, "PUT /__mock/state", 300_000, 300_000));
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/json

        {"error":"cuc-mock is busy: other requests and responses fill its buffers (--max-buffer-memory, 1048576 bytes)"}
    "#]]
    .assert_eq(&rejection.to_string());
    // Small requests are still served, and the memory is free again once the client is gone.
    assert_eq!(client.get(SERVICES).status, 200);
    drop(incomplete);
    client.wait_for_buffers(|bytes| bytes == 0);
    let complete = Response::read(send_part(
        &server,
        &format!("POST {SERVICES}"),
        900_000,
        900_000,
    ));
    assert_eq!(complete.status, 400, "{complete}");
    client.wait_for_buffers(|bytes| bytes == 0);
}

#[test]
fn an_announced_length_reserves_no_memory() {
    let server = start_server(&["--max-buffer-memory", "1MiB"]);
    let announcing: Vec<_> = (0..20)
        .map(|_| send_part(&server, &format!("POST {SERVICES}"), 900_000, 1))
        .collect();
    let client = server.client();
    client.wait_for_buffers(|bytes| bytes == 20);
    drop(announcing);
    client.wait_for_buffers(|bytes| bytes == 0);
}

#[test]
fn a_body_larger_than_all_buffers_is_rejected_for_good() {
    let server = start_server(&["--max-buffer-memory", "1MiB", "--max-body-size", "4MiB"]);
    let announced = Response::read(send_part(&server, "PUT /__mock/state", 917_505, 0));
    expect![[r#"
        413 Payload Too Large
        Content-Type: application/json

        {"error":"The request body is larger than 917504 bytes, the most that fits into the buffers (--max-buffer-memory)"}
    "#]]
    .assert_eq(&announced.to_string());
    let chunk = vec![b' '; 917_505];
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        chunk.len()
    );
    let chunked = [head.as_bytes(), &chunk, b"\r\n0\r\n\r\n"].concat();
    let chunked = server.client().exchange(&chunked);
    let message = "The request body is larger than 917504 bytes, the most that fits into the buffers (--max-buffer-memory)";
    assert_eq!(
        (chunked.status, chunked.element("message")),
        (413, Some(message))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_body_in_one_byte_chunks_takes_about_its_size_in_memory() {
    const SIZE: usize = 1_000_000;
    let server = start_server(&["--body-timeout", "600"]);
    let before = server.peak_memory();
    let head = "PUT /__mock/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = b"1\r\n \r\n".repeat(SIZE);
    let response = server
        .client()
        .exchange(&[head.as_bytes(), &chunks, b"0\r\n\r\n"].concat());
    assert_eq!(response.status, 400, "{response}");
    let taken = server.peak_memory() - before;
    assert!(taken < 12 * SIZE, "{taken} bytes");
}

#[test]
fn incomplete_heads_share_the_memory_for_buffers() {
    let server = start_server(&["--max-buffer-memory", "1MiB", "--header-timeout", "3"]);
    let client = server.client();
    let body = send_part(&server, &format!("POST {SERVICES}"), 900_001, 900_000);
    client.wait_for_buffers(|bytes| bytes >= 900_000);
    // At most two of three heads fit beside the body. They are then too slow.
    let head = format!("GET {SERVICES} HTTP/1.1\r\nX-Pad: {}", "a".repeat(60_000));
    let mut heads = [(); 3].map(|()| client.connect());
    for stream in &mut heads {
        stream.write_all(head.as_bytes()).unwrap();
    }
    let rejections = heads.map(|mut stream| read_to_end(&mut stream).replace('\r', ""));
    let rejection = rejections
        .iter()
        .find(|rejection| !rejection.contains("408"));
    expect![[r#"
        HTTP/1.1 503 Service Unavailable
        Connection: close
        Retry-After: 1
        Content-Length: 0

    "#]]
    .assert_eq(rejection.expect("a head that does not fit"));
    drop(body);
    client.wait_for_buffers(|bytes| bytes == 0);
    let mut large = client.connect();
    large.write_all(head.as_bytes()).unwrap();
    client.wait_for_buffers(|bytes| bytes == head.len());
    let end = format!("\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n");
    large.write_all(end.as_bytes()).unwrap();
    assert_eq!(Response::read(large).status, 200);
    client.wait_for_buffers(|bytes| bytes == 0);
}

/// Sends a GET request without reading the response.
#[track_caller]
fn send_get(client: Client, path: &str) -> TcpStream {
    let mut stream = client.connect();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .expect("the server reads");
    stream
}

#[test]
fn responses_that_are_not_sent_yet_share_the_memory_for_buffers() {
    /// The memory of a list that is encoded while it is sent.
    const STREAM: usize = 3 * 64 * 1024;
    const STATE: &str = "/__mock/state";
    let server = start_server(&["--max-buffer-memory", "1MiB"]);
    let client = server.client();
    let state = services(1_000);
    assert_eq!(client.control("PUT", STATE, &state).status, 204);
    let body = "a".repeat(600_000);
    let dribble = r#""effect":{"dribble":{"bytes":1,"every_ms":600000}}"#.to_owned();
    let delay = r#""delay":{"fixed_ms":600000}"#.to_owned();
    let answer = format!(r#"{delay},"effect":{{"answer":{{"status":200,"body":"{body}"}}}}"#);
    for (fault, count, memory, path) in [
        (dribble, 5, STREAM, STATE),
        (delay, 5, STREAM, STATE),
        (answer, 1, body.len(), "/__mock/faults"),
    ] {
        let fault = format!(r#"{{"requests":{{"path":"externalservices"}},{fault}}}"#);
        assert_eq!(client.control("POST", "/__mock/faults", &fault).status, 201);
        let waiting: Vec<_> = (0..count).map(|_| send_get(client, SERVICES)).collect();
        client.wait_for_buffers(|bytes| bytes == count * memory);
        expect![[r#"
            503 Service Unavailable
            Content-Type: application/json

            {"error":"cuc-mock is busy: other requests and responses fill its buffers (--max-buffer-memory, 1048576 bytes)"}
        "#]]
        .assert_eq(&Response::read(send_get(client, path)).to_string());
        drop(waiting);
        client.wait_for_buffers(|bytes| bytes == 0);
        assert_eq!(Response::read(send_get(client, path)).status, 200);
        assert_eq!(client.control("DELETE", "/__mock/faults", "").status, 204);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_unread_state_takes_little_memory() {
    let server = start_server(&[]);
    let client = server.client();
    let state = services(8_000);
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    let before = server.peak_memory();
    let unread: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = send_get(client, "/__mock/state");
            stream.read_exact(&mut [0]).unwrap();
            stream
        })
        .collect();
    let taken = server.peak_memory() - before;
    assert!(taken < 5 * state.len(), "{taken} bytes");
    drop(unread);
}

#[test]
fn an_invalid_limit_is_named_with_its_allowed_values() {
    for (arguments, message) in [
        (
            ["--max-body-size", "0"],
            "expected a size from 1B to 512MiB, such as 1048576, 64KiB or 1MiB",
        ),
        (
            ["--max-header-size", "1MB"],
            "expected a size from 1KiB to 256KiB, such as 65536 or 64KiB",
        ),
        (
            ["--max-buffer-memory", "1KiB"],
            "expected a size of at least 1MiB, such as 67108864 or 64MiB",
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
        let argument = format!("{option}={value}");
        let (status, stdout, stderr) = output(&mut cuc_mock(&[&argument]));
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(
            stderr.contains(option) && stderr.contains(message),
            "{stderr}"
        );
        let variable = option
            .trim_start_matches('-')
            .to_uppercase()
            .replace('-', "_");
        let (status, _, stderr) = output(cuc_mock(&[]).env(format!("CUC_MOCK_{variable}"), value));
        assert_eq!(status, 2);
        assert!(stderr.contains(message), "{stderr}");
    }
}

#[test]
fn a_request_has_at_most_a_hundred_headers() {
    let server = start_server(&[]);
    let client = server.client();
    let with_headers = |count: usize| {
        // The client sends three headers of its own.
        let headers: String = (3..count)
            .map(|number| format!("X-{number}: a\r\n"))
            .collect();
        client.request_unchecked("GET", SERVICES, &format!("{ADMIN_AUTHORIZATION}{headers}"))
    };
    assert_eq!(with_headers(100).status, 200);
    expect![[r#"
        431 Request Header Fields Too Large
    "#]]
    .assert_eq(&with_headers(101).to_string());
}

/// Returns the number of records at the start, with or without the embedded tenants and services.
fn count_records(is_empty: bool) -> usize {
    let builder = CucMock::builder();
    let builder = if is_empty { builder.empty() } else { builder };
    let mock = builder.start_blocking();
    Client::of(&mock).count_records()
}

#[test]
fn a_create_beyond_the_maximum_number_of_records_is_rejected() {
    let max = count_records(false) + 1;
    let server = start_server(&["--max-records", &max.to_string(), "--spaces", "auto"]);
    let client = server.client();
    let first = client.create(SERVICES, exchange().xml());
    let second = exchange().with("DisplayName", "Second");
    let request = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\
         Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n{}",
        second.xml().len(),
        second.xml()
    );
    let rejection = client.exchange(request.as_bytes()).to_string();
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>cuc-mock has [max] records, and takes no more (--max-records): delete some</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&rejection.replace(&max.to_string(), "[max]"));
    // An invalid request is rejected for its own reason, and changes need no room.
    assert_eq!(client.post(SERVICES, exchange().xml()).status, 400);
    let change = "<ExternalService><DisplayName>Changed</DisplayName></ExternalService>";
    assert_eq!(client.put(&first, change).status, 204);
    let in_other_space = client.request(
        "POST",
        SERVICES,
        &format!(
            "{}Content-Type: application/xml\r\n",
            authorization("other")
        ),
        exchange().xml().as_bytes(),
    );
    assert_eq!(in_other_space.status, 201);
    assert_eq!(client.delete(&first).status, 204);
    client.create(SERVICES, second.xml());
}

#[test]
fn a_state_beyond_the_maximum_number_of_records_is_rejected() {
    // A state without tenants has room for more services.
    let max = count_records(false);
    let room = max - count_records(true);
    let server = start_server(&["--max-records", &max.to_string()]);
    let client = server.client();
    let before = client.control("GET", "/__mock/state", "").body;
    let too_many = client.control("PUT", "/__mock/state", &services(room + 1));
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":null,"column":null,"message":"found more than [max] records, including those of the system and those that exist with others, expected at most [max] (--max-records)"}]}
    "#]].assert_eq(&too_many.to_string().replace(&max.to_string(), "[max]"));
    assert_eq!(client.control("GET", "/__mock/state", "").body, before);
    let fitting = client.control("PUT", "/__mock/state", &services(room));
    assert_eq!(fitting.status, 204, "{fitting}");
}

#[test]
fn fixtures_beyond_the_maximum_number_of_records_stop_the_start() {
    let (status, _, stderr) = output(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--max-records",
        "11",
    ]));
    assert_eq!(status, 2);
    expect![[r#"
        fixtures/tenants.xml: found 294 records, including those of the system, expected at most 11 (--max-records)
    "#]].assert_eq(&stderr);
    let (status, _, stderr) = output(&mut cuc_mock(&["--max-records", "0"]));
    assert_eq!(status, 2);
    assert!(
        stderr.contains("expected a whole number from 1 to 1000000000"),
        "{stderr}"
    );
}
