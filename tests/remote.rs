//! The commands that query a running server.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    thread,
};

use cuc_mock::CucMock;
use expect_test::{Expect, expect};

use crate::support::{Client, ServerProcess, authorization, cuc_mock, exchange, make_fifo, output};

const SERVICES: &str = "/vmrest/externalservices";

/// Runs a command against a server. Returns the exit status, stdout and stderr.
#[track_caller]
pub(crate) fn run(url: &str, arguments: &[&str]) -> (i32, String, String) {
    output(cuc_mock(arguments).env("CUC_MOCK_URL", url))
}

/// Checks that a command fails, and compares its message without the address.
#[track_caller]
fn assert_fails(url: &str, arguments: &[&str], expected: &Expect) {
    let (status, stdout, stderr) = run(url, arguments);
    assert_eq!((status, stdout.as_str()), (1, ""), "{stderr}");
    expected.assert_eq(&stderr.replace(url, "URL"));
}

/// Starts a server that sends this response to each request and closes the connection. Returns its URL.
fn other_server(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a request");
                request.push(byte[0]);
            }
            stream
                .write_all(response.as_bytes())
                .expect("the client reads");
        }
    });
    url
}

#[test]
fn export_writes_a_state_that_can_be_loaded_again() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().with("ServicePassword", "s3cret").xml());
    let state = client.control("GET", "/__mock/state", "").body;
    assert!(state.contains("s3cret"));
    let exported = run(&mock.uri(), &["export"]);
    assert_eq!(exported, (0, state.clone(), String::new()));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.xml");
    std::fs::write(&path, "earlier content").unwrap();
    let file = path.to_str().unwrap();
    let exported = run(&mock.uri(), &["export", "--output", file]);
    assert_eq!(exported, (0, String::new(), String::new()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), state);
    let beside = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(beside, 1, "no temporary file is left");

    let options = ["--listen", "127.0.0.1:0", "--fixtures", file];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let url = format!("http://{}/", server.address());
    assert_eq!(run(&url, &["export"]).1, state);
}

#[cfg(unix)]
#[test]
fn export_writes_secrets_only_to_a_file_of_its_owner() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let mock = CucMock::start_blocking();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let export = |name: &str| {
        let file = path(name).to_str().unwrap().to_owned();
        let (status, _, stderr) = run(&mock.uri(), &["export", "--output", &file]);
        (
            status,
            stderr.replace(folder.path().to_str().unwrap(), "FOLDER"),
        )
    };
    std::fs::write(path("wide.xml"), "old").unwrap();
    std::fs::set_permissions(path("wide.xml"), PermissionsExt::from_mode(0o666)).unwrap();
    symlink("wide.xml", path("link.xml")).unwrap();
    for name in ["wide.xml", "link.xml", "new.xml"] {
        assert_eq!(export(name), (0, String::new()));
        let metadata = std::fs::metadata(path(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
        assert_eq!(std::fs::read_to_string(path(name)).unwrap(), mock.state());
    }
    symlink("elsewhere.xml", path("dangling.xml")).unwrap();
    make_fifo(&path("fifo.xml"));
    let mut errors = String::new();
    for name in ["dangling.xml", "fifo.xml", "."] {
        let (status, stderr) = export(name);
        assert_eq!(status, 1, "{stderr}");
        errors.push_str(&stderr);
    }
    expect![[r#"
        FOLDER/dangling.xml: cannot be written: it is a link to a file that does not exist
        FOLDER/fifo.xml: cannot be written: it is not a regular file, and cannot be replaced
        FOLDER/.: cannot be written: it is a folder, expected a file
    "#]]
    .assert_eq(&errors);
    assert!(!path("elsewhere.xml").exists());
}

#[test]
fn export_writes_the_named_space() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let created = client.control("POST", "/__mock/spaces", r#"{"name":"a&b c"}"#);
    assert_eq!(created.status, 201, "{created}");
    client.create(SERVICES, exchange().xml());
    let (_, other, _) = run(&mock.uri(), &["export", "--space", "a&b c"]);
    assert!(other.contains("<UnityConnection>"), "{other}");
    assert_ne!(other, mock.state());
}

#[test]
fn an_unwritable_file_is_named() {
    let mock = CucMock::start_blocking();
    let arguments = ["export", "--output", "no/such/folder/state.xml"];
    assert_fails(
        &mock.uri(),
        &arguments,
        &expect![[r#"
        no/such/folder/state.xml: cannot be written: No such file or directory (os error 2)
    "#]],
    );
    if Path::new("/dev/full").exists() {
        let mut command = cuc_mock(&["export", "--url", &mock.uri()]);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let child = command
            .stdout(full.unwrap())
            .stderr(std::process::Stdio::piped())
            .spawn();
        let ended = child.unwrap().wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        expect![[r#"
            stdout: cannot be written: No space left on device (os error 28)
        "#]]
        .assert_eq(&String::from_utf8(ended.stderr).unwrap());
    }
}

#[test]
fn a_token_is_required_if_the_server_has_one() {
    let options = ["--listen", "127.0.0.1:0", "--control-token", "s3cret"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let url = format!("http://{}", server.address());
    for command in ["export", "coverage"] {
        let result = run(&url, &[command, "--token", "s3cret"]);
        assert_eq!((result.0, result.2), (0, String::new()));
    }
    assert_fails(
        &url,
        &["export"],
        &expect![[r#"
        URL responds with 401 Unauthorized: found no token, expected the one of --control-token, as Authorization: Bearer TOKEN
    "#]],
    );
    let other = ["coverage", "--token", "other"];
    assert_fails(
        &url,
        &other,
        &expect![[r#"
        URL responds with 401 Unauthorized: found another token, expected the one of --control-token, as Authorization: Bearer TOKEN
    "#]],
    );
    let mut command = cuc_mock(&["coverage", "--url", &url]);
    assert_eq!(output(command.env("CUC_MOCK_CONTROL_TOKEN", "s3cret")).0, 0);
}

#[test]
fn the_server_is_found_by_its_own_options() {
    let options = ["--listen", "127.0.0.1:0", "--control-token", "s3cret"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let address = server.address().to_string();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("mock.toml");
    let text = format!("listen = \"{address}\"\ncontrol-token = \"s3cret\"\nhttps-only = true\n");
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    for command in ["export", "coverage"] {
        let (status, _, stderr) = output(&mut cuc_mock(&[command, "--config", config]));
        assert_eq!((status, stderr.as_str()), (0, ""));
        let arguments = [command, "--listen", &address, "--control-token", "s3cret"];
        assert_eq!(output(&mut cuc_mock(&arguments)).0, 0);
        let mut from_environment = cuc_mock(&[command, "--token", "s3cret"]);
        let everywhere = address.replace("127.0.0.1", "0.0.0.0");
        assert_eq!(
            output(from_environment.env("CUC_MOCK_LISTEN", everywhere)).0,
            0
        );
        let elsewhere = ["--config", config, "--url", "http://127.0.0.1:1"];
        let (status, _, stderr) = output(cuc_mock(&[command]).args(elsewhere));
        assert_eq!(status, 1);
        assert!(
            stderr.starts_with("http://127.0.0.1:1 does not respond: "),
            "{stderr}"
        );
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_server_that_redirects_to_https_is_queried_over_plain_http() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--https-only"]));
    let url = format!("http://{}", server.address());
    let (status, _, stderr) = run(&url, &["coverage"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
}

#[test]
fn proxies_are_ignored_because_they_would_see_the_token() {
    let mock = CucMock::start_blocking();
    let mut command = cuc_mock(&["coverage", "--url", &mock.uri()]);
    command.envs(["http_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9")));
    let (status, _, stderr) = output(&mut command);
    assert_eq!((status, stderr.as_str()), (0, ""));
}

#[test]
fn a_missing_or_unexpected_response_is_explained_in_one_line() {
    let mock = CucMock::start_blocking();
    let unknown = ["export", "--space", "nowhere"];
    assert_fails(
        &mock.uri(),
        &unknown,
        &expect![[r#"
        URL responds with 404 Not Found: there is no space "nowhere", expected one of GET /__mock/spaces
    "#]],
    );
    let unknown = ["coverage", "--space", "nowhere"];
    assert_fails(
        &mock.uri(),
        &unknown,
        &expect![[r#"
        URL responds with 404 Not Found: there is no space "nowhere", expected one of GET /__mock/spaces
    "#]],
    );
    let (status, stdout, stderr) = run(&mock.uri(), &["export", "--space", "*"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        URL responds with 400 Bad Request: the parameter space is "*", expected the name of one space: this request cannot apply to all
    "#]]
    .assert_eq(&stderr.replace(&mock.uri(), "URL"));
    let url = mock.uri();
    drop(mock);
    assert_fails(
        &url,
        &["export"],
        &expect![[r#"
        URL does not respond: Connection refused (os error 111)
    "#]],
    );
    assert_fails(
        &url,
        &["coverage"],
        &expect![[r#"
        URL does not respond: Connection refused (os error 111)
    "#]],
    );
    for (response, expected) in [
        (
            "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nlost",
            expect![[r#"
                URL responds with 404 Not Found
            "#]],
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
            expect![[r#"
                URL responds with 302 Found
            "#]],
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>",
            expect![[r#"
                URL responds, but is not cuc-mock
            "#]],
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 4\r\n\r\n<p",
            expect![[r#"
                URL did not complete its response: it closed the connection
            "#]],
        ),
        (
            "SSH-2.0-OpenSSH\r\n\r\n",
            expect![[r#"
            URL does not respond: it does not speak HTTP
        "#]],
        ),
        (
            "",
            expect![[r#"
            URL does not respond: it closed the connection
        "#]],
        ),
    ] {
        assert_fails(&other_server(response), &["export"], &expected);
    }
    let response =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    assert_fails(
        &other_server(response),
        &["coverage"],
        &expect![[r#"
        URL responds, but is not cuc-mock
    "#]],
    );
}

#[test]
fn an_invalid_argument_exits_with_status_2() {
    for (arguments, message) in [
        (
            &["export", "--url", "https://127.0.0.1:8443"][..],
            expect![
                "error: invalid value 'https://127.0.0.1:8443' for '--url <URL>': expected http://127.0.0.1:8443: the control plane uses plain HTTP on the same port"
            ],
        ),
        (
            &["export", "--url", "127.0.0.1:8443"],
            expect![
                "error: invalid value '127.0.0.1:8443' for '--url <URL>': expected http://HOST:PORT"
            ],
        ),
        (
            &["export", "--url", "http://a:b@127.0.0.1:8443"],
            expect!["--url is invalid: expected http://HOST:PORT"],
        ),
        (
            &["export", "--url", "http://127.0.0.1:8443/__mock"],
            expect![
                "error: invalid value 'http://127.0.0.1:8443/__mock' for '--url <URL>': expected http://HOST:PORT"
            ],
        ),
        (
            &["export", "--token", "a\nb"],
            expect!["the token contains a control character, which a header cannot carry"],
        ),
        (
            &["coverage", "--fail-under", "-1"],
            expect![
                "error: invalid value '-1' for '--fail-under <PERCENT>': expected a number from 0 to 100"
            ],
        ),
        (
            &["coverage", "--fail-under", "100.1"],
            expect![
                "error: invalid value '100.1' for '--fail-under <PERCENT>': expected a number from 0 to 100"
            ],
        ),
        (
            &["coverage", "--fail-under", "NaN"],
            expect![
                "error: invalid value 'NaN' for '--fail-under <PERCENT>': expected a number from 0 to 100"
            ],
        ),
    ] {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!(
            (status, stdout.as_str()),
            (2, ""),
            "{arguments:?}: {stderr}"
        );
        message.assert_eq(stderr.lines().next().unwrap_or_default());
    }
}

#[test]
fn coverage_prints_a_table_and_the_untouched_items() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    client.get(&format!("{SERVICES}/none"));
    client.get("/vmrest/vmsservers?query=(HostName+is+cuc)");
    let (status, table, stderr) = run(&mock.uri(), &["coverage"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let offered = mock.coverage().offered();
    let shown = |row: &&str| {
        let paths = ["resource ", "externalservices ", "vmsservers ", "cluster "];
        paths.iter().any(|path| row.starts_with(path))
    };
    let rows: Vec<_> = table.lines().filter(shown).collect();
    expect![[r#"
        resource                                                                                     verbs  statuses   written  asked by
        externalservices                                                                               2/5      2/10      8/22      0/25
        vmsservers                                                                                     1/2       1/4         -      1/11
        cluster                                                                                        0/1       0/2         -       0/6"#]].assert_eq(&rows.join("\n"));
    assert_eq!(table.trim_end(), mock.coverage().to_string());
    let (status, both, stderr) = run(&mock.uri(), &["coverage", "--untouched"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let untouched = both.strip_prefix(&table).expect("the table first");
    assert_eq!(untouched.lines().count(), 2 + offered - 15);
    let first: Vec<_> = untouched.lines().take(4).collect();
    expect![[r#"

        untouched:
        locations/connectionlocations: list
        locations/connectionlocations: read"#]]
    .assert_eq(&first.join("\n"));
    assert!(
        untouched.contains("\nusers: asked by DisplayName\n"),
        "{untouched}"
    );
}

#[test]
fn coverage_fails_below_the_requested_percentage() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/users");
    let offered = mock.coverage().offered();
    #[expect(clippy::cast_precision_loss, reason = "the number is small")]
    let share = 200.0 / offered as f64;
    for minimum in [0.0, share / 2.0, share] {
        let minimum = minimum.to_string();
        let (status, _, stderr) = run(&mock.uri(), &["coverage", "--fail-under", &minimum]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{minimum}");
    }
    let table = run(&mock.uri(), &["coverage"]).1;
    for minimum in [share.next_up(), 80.0, 100.0] {
        let minimum = minimum.to_string();
        let (status, stdout, stderr) = run(&mock.uri(), &["coverage", "--fail-under", &minimum]);
        assert_eq!((status, &stdout), (1, &table), "{minimum}");
        assert_eq!(
            stderr,
            format!("only 2 of {offered} were touched, which is less than {minimum} %\n")
        );
    }
}

#[test]
fn coverage_covers_all_spaces_or_the_named_one() {
    let options = ["--listen", "127.0.0.1:0", "--spaces", "auto"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let url = format!("http://{}", server.address());
    server.client().get("/vmrest/users");
    let offered = CucMock::start_blocking().coverage().offered();
    for (space, touched) in [
        (None, 2),
        (Some("*"), 2),
        (Some("admin"), 2),
        (Some("default"), 0),
    ] {
        let mut command = cuc_mock(&["coverage", "--url", &url]);
        let (_, table, _) = output(command.envs(space.map(|name| ("CUC_MOCK_SPACE", name))));
        let total = format!("total: 0.0 %, {touched} of {offered}");
        assert_eq!(table.lines().last(), Some(total.as_str()), "{space:?}");
    }
}

#[test]
fn a_shell_can_require_that_nothing_inferred_was_relied_on() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/tenants");
    let table = run(&mock.uri(), &["coverage"]).1;
    let listed = run(&mock.uri(), &["coverage", "--fail-on-inferred"]);
    assert_eq!(listed, (0, format!("{table}\ninferred:\n"), String::new()));
    let verify = ["verify", "--provenance", "inferred", "--never"];
    assert_eq!(run(&mock.uri(), &verify).0, 0);

    client.request("OPTIONS", "/vmrest/tenants", &authorization("admin"), b"");
    for (option, expected) in [
        ("--inferred", (0, "")),
        (
            "--fail-on-inferred",
            (1, "responses that relied on inferred facts: 1\n"),
        ),
    ] {
        let (status, stdout, stderr) = run(&mock.uri(), &["coverage", option]);
        assert_eq!((status, stderr.as_str()), expected);
        let listed = stdout.strip_prefix(&table).expect("the table first");
        assert_eq!(
            listed,
            "\ninferred:\ndefault: #2 OPTIONS /vmrest/tenants, answered with 200: OPTIONS returns 200 with Allow\n"
        );
    }
    let (status, _, stderr) = run(&mock.uri(), &verify);
    assert_eq!(status, 1);
    expect![[r#"
        expected any request relying on inferred facts never
        found 1 among 2 requests
        they are
          #2 OPTIONS /vmrest/tenants, answered with 200
            inferred: OPTIONS returns 200 with Allow
    "#]]
    .assert_eq(&stderr);
    let (_, requests, _) = run(&mock.uri(), &["requests", "--provenance", "inferred"]);
    assert_eq!(requests.lines().count(), 1, "{requests}");
}
