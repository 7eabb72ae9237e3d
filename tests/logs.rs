//! The log.

use std::{io::Write, process::Stdio};

use expect_test::{Expect, expect};

use crate::support::{ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

/// Runs a server, sends it requests, and returns its log.
#[track_caller]
fn log_of(options: &[&str], send: impl FnOnce(Client)) -> String {
    let common = ["--listen", "127.0.0.1:0", "--seed", "1"];
    let server = ServerProcess::start(&mut cuc_mock(&[&common, options].concat()));
    send(server.client());
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0), "{stderr}");
    stderr
}

/// Compares a log, without times and durations.
#[track_caller]
fn check(log: &str, expected: &Expect) {
    let lines = log.lines().map(|line| match line.strip_prefix('{') {
        Some(_) => {
            let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let time = line["timestamp"].take();
            let time = time.as_str().expect("a time");
            assert!(time.ends_with('Z') && time.len() == 27, "{time}");
            line["timestamp"] = "…".into();
            if line["duration_ms"].is_number() {
                line["duration_ms"] = "…".into();
            }
            format!("{line}\n")
        }
        None => {
            let (_, line) = line.split_at("00:00:00.000".len());
            match line.split_once(" ms ") {
                Some((head, rest)) => {
                    let head = head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
                    format!("…{} … ms {rest}\n", head.trim_end())
                }
                None => format!("…{line}\n"),
            }
        }
    });
    expected.assert_eq(&lines.collect::<String>());
}

/// Sends some requests of each kind.
fn send_examples(client: Client) {
    client.get(SERVICES);
    client.post("/vmrest/tenants", "<Tenant><Alias>a</Alias></Tenant>");
    client.get("/vmrest/callhandlers");
    client.get("/vmrest/callhandlers");
    client.control("POST", "/__mock/spaces", r#"{"name": "admin"}"#);
    client.request(
        "GET",
        SERVICES,
        &format!("{ADMIN_AUTHORIZATION}X-Request-Id: theirs\r\n"),
        b"",
    );
    client.control(
        "POST",
        "/__mock/faults?space=admin",
        r#"{"effect": "close"}"#,
    );
    client
        .raw(format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n").as_bytes());
    client.request("GET", SERVICES, "", b"");
}

#[test]
fn each_request_is_logged_as_a_line_of_json() {
    check(
        &log_of(&["--log", "json"], send_examples),
        &expect![[r#"
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"GET","path":"/vmrest/externalservices","request_id":"1","status":200,"timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"POST","path":"/vmrest/tenants","reason":"Invalid parameter. Parameter = [SmtpDomain]: expected a value, it is mandatory","request_id":"2","status":400,"timestamp":"…"}
            {"level":"WARN","message":"not implemented","method":"GET","path":"/vmrest/callhandlers","timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"GET","path":"/vmrest/callhandlers","reason":"cuc-mock does not implement this path","request_id":"3","status":404,"timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"GET","path":"/vmrest/callhandlers","reason":"cuc-mock does not implement this path","request_id":"4","status":404,"timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"POST","path":"/__mock/spaces","request_id":"control-1","status":201,"timestamp":"…"}
            {"client_request_id":"theirs","duration_ms":"…","level":"INFO","message":"response sent","method":"GET","path":"/vmrest/externalservices","request_id":"1","space":"admin","status":200,"timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"POST","path":"/__mock/faults","request_id":"control-2","status":201,"timestamp":"…"}
            {"duration_ms":"…","fault":1,"level":"INFO","message":"no response: a fault suppressed it","method":"GET","path":"/vmrest/externalservices","request_id":"2","space":"admin","timestamp":"…"}
            {"duration_ms":"…","level":"INFO","message":"response sent","method":"GET","path":"/vmrest/externalservices","reason":"This request requires HTTP authentication.","request_id":"5","status":401,"timestamp":"…"}
            {"level":"INFO","message":"shutting down, a second signal ends the server at once","timestamp":"…"}
        "#]],
    );
}

#[test]
fn each_request_is_logged_as_a_readable_line() {
    check(
        &log_of(&["--log", "pretty"], send_examples),
        &expect![[r#"
            …         1 GET    200 … ms /vmrest/externalservices
            …         2 POST   400 … ms /vmrest/tenants  Invalid parameter. Parameter = [SmtpDomain]: expected a value, it is mandatory
            …      WARN not implemented GET /vmrest/callhandlers
            …         3 GET    404 … ms /vmrest/callhandlers  cuc-mock does not implement this path
            …         4 GET    404 … ms /vmrest/callhandlers  cuc-mock does not implement this path
            … control-1 POST   201 … ms /__mock/spaces
            …         1 GET    200 … ms /vmrest/externalservices  [admin]  client_request_id=theirs
            … control-2 POST   201 … ms /__mock/faults
            …         2 GET    --- … ms /vmrest/externalservices  [admin]  no response: a fault suppressed it  fault=1
            …         5 GET    401 … ms /vmrest/externalservices  This request requires HTTP authentication.
            …      INFO shutting down, a second signal ends the server at once
        "#]],
    );
}

#[test]
fn the_log_level_option_filters_lines_and_takes_precedence_over_rust_log() {
    let log_at = |level: &str| log_of(&["--log", "pretty", "--log-level", level], send_examples);
    check(
        &log_at("warn"),
        &expect![[r#"
            …      WARN not implemented GET /vmrest/callhandlers
        "#]],
    );
    assert_eq!(log_at("error"), "");
    assert!(log_at("debug").contains("applying a fault"));
    let run = |options: &[&str], levels: &str| {
        let common = ["--listen", "127.0.0.1:0", "--log", "pretty"];
        let mut command = cuc_mock(&[&common, options].concat());
        let server = ServerProcess::start(command.env("RUST_LOG", levels));
        send_examples(server.client());
        server.signal("TERM");
        server.wait_for_exit().2
    };
    assert_eq!(run(&[], "error"), "");
    assert!(run(&["--log-level", "info"], "error").contains(" GET "));
    let log = run(&[], "loud=louder");
    assert!(
        log.contains("RUST_LOG is \"loud=louder\", expected levels such as"),
        "{log}"
    );
    assert!(log.contains(" GET "), "{log}");
}

#[test]
fn secrets_are_never_logged() {
    let secrets = [
        "hunter2",
        "aHVudGVyMg",
        "admin:secret",
        "YWRtaW46c2VjcmV0",
        "JSESSIONID",
    ];
    let send = |client: Client| {
        let with_password = exchange().with("ServicePassword", "hunter2");
        client.post(SERVICES, with_password.xml());
        // Each of these is rejected with a reason that may quote it.
        let long = "hunter2".repeat(100);
        client.post(SERVICES, exchange().with("ServicePassword", &long).xml());
        client.post(SERVICES, "<ExternalService>hunter2</ExternalService>");
        client.post(
            SERVICES,
            "<ExternalService><ServicePassword>\n\"hunter2</ExternalService>",
        );
        client.post(SERVICES, "hunter2");
        client.send_json("POST", SERVICES, r#"{"ServicePassword": hunter2}"#);
        client.send_json("POST", SERVICES, r#"{"ServicePassword": ["hunter2"]}"#);
        client.send_json("POST", SERVICES, r#"{"DisplayName": "a" "hunter2"}"#);
        client.get(&format!(
            "{SERVICES}?query=(ServicePassword%20is%20hunter2)"
        ));
        client.get(&format!("{SERVICES}?password=hunter2"));
        client.get(&format!("{SERVICES}?sort=(password=hunter2)"));
        client.get("/vmrest/users/password=hunter2");
        client.request(
            "GET",
            SERVICES,
            "Authorization: Basic aHVudGVyMg==\r\n",
            b"",
        );
        client.request("GET", SERVICES, "Authorization: Basic hunter2\r\n", b"");
        client.request("GET", SERVICES, "Authorization: Bearer hunter2\r\n", b"");
        client.request("GET", SERVICES, "Cookie: JSESSIONIDSSO=hunter2\r\n", b"");
        let token = "Authorization: Bearer hunter2\r\n";
        client.request("GET", "/__mock/requests", token, b"");
        let wrong_token = "Authorization: Bearer hunter22\r\n";
        client.request("GET", "/__mock/requests", wrong_token, b"");
    };
    for format in ["json", "pretty"] {
        let options = [
            "--log",
            format,
            "--log-level",
            "trace",
            "--control-token",
            "hunter2",
        ];
        let log = log_of(&options, send);
        assert!(log.lines().count() > 15, "{log}");
        for secret in secrets {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }
}

#[test]
fn a_request_id_from_a_client_cannot_start_a_line() {
    let log = log_of(&["--log", "pretty"], |client| {
        let long = "x".repeat(5_000);
        client.request(
            "GET",
            SERVICES,
            &format!("{ADMIN_AUTHORIZATION}X-Request-Id: {long}\r\n"),
            b"",
        );
        client.get("/vmrest/tenants/a%0A%1B%5B2Jb");
    });
    assert!(!log.contains('\u{1b}'), "{log}");
    assert!(log.len() < 1_000, "{log}");
    assert_eq!(log.lines().count(), 3, "{log}");
}

#[test]
fn a_request_has_the_same_id_in_its_response_the_log_and_the_journal() {
    let log = log_of(&["--log", "json"], |client| {
        client.get(SERVICES);
        let response = client.get("/vmrest/tenants");
        assert_eq!(response.header("X-Request-Id"), Some("2"));
        let journal = client.control("GET", "/__mock/requests?since=1", "");
        assert_eq!(journal.header("X-Request-Id"), Some("control-1"));
        let journal: serde_json::Value = serde_json::from_str(&journal.body).expect("JSON");
        assert_eq!(journal["requests"][0]["number"], 2);
        assert_eq!(journal["requests"][0]["path"], "/vmrest/tenants");
        client.control("POST", "/__mock/reset", "");
        let first = client.get(SERVICES);
        assert_eq!(first.header("X-Request-Id"), Some("1"));
    });
    let line = log.lines().nth(1).expect("a second line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (&line["request_id"], &line["path"]),
        (&"2".into(), &"/vmrest/tenants".into())
    );
}

#[test]
fn an_unread_log_does_not_block_requests() {
    let options = ["--listen", "127.0.0.1:0", "--log", "json"];
    let mut server = ServerProcess::start(&mut cuc_mock(&options));
    let mut stream = server.client().connect();
    // This exceeds both the pipe and the queue of the log writer.
    let request = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200));
    let count = 8_000;
    let reader = stream.try_clone().expect("a second handle");
    let responses = std::thread::spawn(move || {
        let mut received = 0;
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(reader));
        while received < count {
            let line = lines.next().expect("a response").expect("a line");
            received += usize::from(line.contains("HTTP/1.1 404"));
        }
    });
    for _ in 0..count {
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
    }
    responses.join().expect("a response to each request");
    // The number of dropped lines is behind the lines of the queue.
    let mut stderr = server.wait_for_log("dropped log lines");
    server.signal("TERM");
    let (status, _, rest) = server.wait_for_exit();
    stderr.push_str(&rest);
    assert_eq!(status, Some(0));
    let mut dropped = 0;
    let mut kept = 0;
    for line in stderr.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        dropped += line["lines"].as_u64().unwrap_or_default();
        kept += u64::from(line["message"] == "response sent");
    }
    assert!(dropped > 0, "the log drops lines");
    assert_eq!(kept + dropped, count as u64);
}

#[test]
fn the_log_of_a_killed_server_has_each_request_that_was_answered() {
    for format in ["json", "pretty"] {
        let options = ["--listen", "127.0.0.1:0", "--log", format];
        let server = ServerProcess::start(&mut cuc_mock(&options));
        let client = server.client();
        for number in 1..=20 {
            client.get(&format!("/vmrest/tenants?n={number}"));
        }
        client.get("/vmrest/externalservices/last");
        let log = server.kill();
        assert_eq!(log.lines().count(), 21, "{log}");
        assert!(log.contains("/vmrest/externalservices/last"), "{log}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_unread_log_of_long_values_takes_little_memory() {
    for log in ["json", "pretty"] {
        let server =
            ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", log]));
        let before = server.peak_memory();
        let long = "a".repeat(30_000);
        for _ in 0..1_000 {
            let response = server
                .client()
                .request_unchecked(&long, &format!("/{long}"), "");
            assert_eq!(response.status, 404, "{response}");
        }
        let taken = server.peak_memory() - before;
        assert!(taken < 24 * 1024 * 1024, "{log}: {taken} bytes");
    }
}

#[test]
fn long_values_are_shortened() {
    let long = "a".repeat(30_000);
    let send = |client: Client| {
        let headers = format!("X-Request-Id: {}\r\n", &long[..200]);
        client.request_unchecked(&long, &format!("/{long}"), &headers);
    };
    let (path, method, id) = (&long[..1_023], &long[..2_048], &long[..128]);
    let line = log_of(&["--log", "json"], send);
    let line: serde_json::Value =
        serde_json::from_str(line.lines().next().expect("a line")).expect("JSON");
    let texts = ["path", "method", "client_request_id"].map(|name| line[name].as_str());
    assert_eq!(
        texts,
        [
            Some(&*format!("/{path}…")),
            Some(&*format!("{method}…")),
            Some(&*format!("{id}…"))
        ]
    );
    let line = log_of(&["--log", "pretty"], send);
    let expected = format!(" {method}… 404 ");
    assert!(line.contains(&expected), "{line}");
    assert!(
        line.contains(&format!(" /{path}…  client_request_id={id}…\n")),
        "{line}"
    );
}

#[test]
fn closed_output_pipes_do_not_stop_the_server() {
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).expect("a line");
    drop((stdout, child.stderr.take()));
    let address = line.split(['/', ' ']).find(|part| part.starts_with("127"));
    let client = Client::at(address.and_then(|a| a.parse().ok()).expect("an address"));
    for _ in 0..3 {
        assert_eq!(client.get(SERVICES).status, 200);
    }
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-s", "TERM", &id])
        .status();
    assert!(kill.expect("kill exists").success());
    assert_eq!(child.wait().expect("an exit status").code(), Some(0));
}
