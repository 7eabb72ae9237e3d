//! The binary, as it is started in a terminal or a container.

use std::{
    io::{Read, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use expect_test::expect;

use crate::support::{Answer, SIGNED_IN, Started, cuc_mock, exchange, output};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn it_tells_where_it_listens_and_answers_there() {
    for arguments in [
        &["--listen", "127.0.0.1:0"][..],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let started = Started::new(&mut cuc_mock(arguments));
        assert!(
            started.line.contains(" as release 10.5, seed "),
            "{}",
            started.line
        );
        assert_eq!(started.client().get(SERVICES).status, 200);
    }
}

#[test]
fn both_signals_end_it_with_status_0_and_close_idle_connections_at_once() {
    for signal in ["INT", "TERM"] {
        let started = Started::new(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "json"]));
        let fresh = started.client().connect();
        let mut used = started.client().connect();
        write!(used, "GET /__mock/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = [0; 15];
        used.read_exact(&mut answer).unwrap();
        let begun = Instant::now();
        started.signal(signal);
        let (status, stdout, stderr) = started.end();
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "it does not wait for the idle"
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
fn a_request_in_flight_is_answered_before_the_end() {
    let started = Started::new(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let client = started.client();
    let body = exchange().xml();
    let (first, second) = body.split_at(10);
    let mut stream = client.connect();
    let length = body.len();
    write!(
        stream,
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    // Once it has asked for the body, the request is in flight.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    started.signal("TERM");
    while std::net::TcpStream::connect(stream.peer_addr().unwrap()).is_ok() {
        thread::yield_now();
    }
    stream.write_all(second.as_bytes()).unwrap();
    assert_eq!(Answer::read(stream).status, 201);
    assert_eq!(started.end().0, Some(0));
}

#[test]
fn a_second_signal_ends_at_once_what_the_first_one_waits_for() {
    let options = ["--listen", "127.0.0.1:0", "--grace", "600", "--log", "json"];
    let started = Started::new(&mut cuc_mock(&options));
    let mut stream = started.client().connect();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}Content-Type: text/xml\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    started.signal("TERM");
    while std::net::TcpStream::connect(started.address()).is_ok() {
        thread::yield_now();
    }
    started.signal("INT");
    assert_eq!(started.end().0, Some(0));
    let mut rest = Vec::new();
    assert!(
        !matches!(stream.read_to_end(&mut rest), Ok(1..)),
        "it was not answered"
    );
}

#[test]
fn every_option_has_an_environment_twin_and_the_option_wins() {
    let mut command = cuc_mock(&["--seed", "7"]);
    command.envs([
        ("CUC_MOCK_LISTEN", "127.0.0.1:0"),
        ("CUC_MOCK_CUC_VERSION", "12.5"),
        ("CUC_MOCK_USER", "admin:secret,operator:other"),
        ("CUC_MOCK_SEED", "8"),
        ("CUC_MOCK_LOG", "off"),
        ("CUC_MOCK_GRACE", "1"),
        ("CUC_MOCK_NO_AUTH", "false"),
        ("CUC_MOCK_FIXTURES", "fixtures/tenants.xml,fixtures/11.5"),
    ]);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let started = Started::new(&mut command);
    assert!(
        started.line.ends_with(" as release 12.5, seed 7\n"),
        "{}",
        started.line
    );
    let client = started.client();
    let status = |headers: &str| client.request("GET", SERVICES, headers, b"").status;
    assert_eq!(status(SIGNED_IN), 200);
    assert_eq!(status("Authorization: Basic b3BlcmF0b3I6b3RoZXI=\r\n"), 200);
    assert_eq!(status("Authorization: Basic YTpi\r\n"), 401);
}

#[test]
fn no_auth_asks_for_nothing() {
    for (argument, value) in [("--no-auth", "false"), ("--listen=127.0.0.1:0", "true")] {
        let mut command = cuc_mock(&[argument]);
        command.envs([
            ("CUC_MOCK_LISTEN", "127.0.0.1:0"),
            ("CUC_MOCK_NO_AUTH", value),
        ]);
        let started = Started::new(&mut command);
        assert_eq!(
            started.client().request("GET", SERVICES, "", b"").status,
            200
        );
    }
}

#[test]
fn a_mistake_on_the_command_line_ends_with_status_2_and_names_it() {
    for (arguments, named) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["--listen", "here"], "--listen"),
        (
            &["--cuc-version", "9"],
            "expected one of 10.5, 11.5, 12.5, 14, 15",
        ),
        (&["--user", "nobody"], "expected NAME:PASSWORD"),
        (&["--seed", "-1"], "--seed"),
        (&["--log", "loud"], "loud"),
        (&["--no-auth", "--user", "a:b"], "exclude each other"),
        (&["check"], "PATH"),
    ] {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!(
            (status, stdout.as_str()),
            (2, ""),
            "{arguments:?}: {stderr}"
        );
        assert!(stderr.contains(named), "{arguments:?}: {stderr}");
    }
    let (status, _, stderr) = output(cuc_mock(&[]).env("CUC_MOCK_USER", "nobody"));
    assert_eq!(status, 2);
    expect![[r#"
        CUC_MOCK_USER is not what it can be: expected NAME:PASSWORD
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (status, stdout, stderr) = output(&mut cuc_mock(&["--listen", &address]));
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(
        stderr.contains(&format!("cannot listen on {address}: ")),
        "{stderr}"
    );
}

#[test]
fn healthcheck_tells_whether_a_server_is_up() {
    let started = Started::new(&mut cuc_mock(&["--listen", "127.0.0.1:0"]));
    let address = started
        .line
        .split(['/', ' '])
        .find(|part| part.starts_with("127"));
    let address = address.expect("an address").to_owned();
    let mut probe = cuc_mock(&["healthcheck"]);
    probe.env("CUC_MOCK_LISTEN", &address);
    assert_eq!(output(&mut probe), (0, String::new(), String::new()));
    started.signal("TERM");
    started.end();
    let (status, _, stderr) = output(&mut probe);
    assert_eq!(status, 1);
    assert!(
        stderr.starts_with(&format!("{address} does not answer: ")),
        "{stderr}"
    );
}

/// Runs `check` in a folder with these files.
#[track_caller]
fn check(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let arguments = [&["check"], arguments].concat();
    output(cuc_mock(&arguments).current_dir(folder.path()))
}

#[test]
fn check_says_what_good_fixtures_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = cuc_mock(&["check", "fixtures"]);
    expect![[r#"
        no mistakes in 2 Tenants and 5 ExternalServices and 2 Users and 2 UserTemplates and 1 VmsServers
    "#]]
    .assert_eq(&output(command.current_dir(root)).1);
    let later = [
        "check",
        "fixtures/tenants.xml",
        "fixtures/11.5",
        "--cuc-version",
        "15",
    ];
    assert_eq!(output(cuc_mock(&later).current_dir(root)).0, 0);
    let (status, _, stderr) = output(cuc_mock(&["check", "fixtures/11.5"]).current_dir(root));
    assert_eq!(status, 2);
    assert!(stderr.contains("is not in release 10.5"), "{stderr}");
}

#[test]
fn check_reports_all_mistakes_of_all_files_at_once_with_their_places() {
    let services = r#"<?xml version="1.0"?>
<ExternalServices total="2" colour="blue">
  <ExternalService>
    <URI>/vmrest/externalservices/elsewhere</URI>
    <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
    <TenantObjectId>00000000-0000-4000-8000-000000000000</TenantObjectId>
    <DisplayName>One</DisplayName>
    <Colour>blue</Colour>
    <ServiceAlias>admin</ServiceAlias>
    <ServicePassword/>
    <ServerType>7</ServerType>
  </ExternalService>
  <ExternalService>
    <ObjectId>6F4F7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
    <DisplayName>ONE</DisplayName><IsEnabled>maybe</IsEnabled>
    <ServiceAlias>admin</ServiceAlias>
    <ServicePassword>kept</ServicePassword>
    <ServerType>1</ServerType>
    <TransferExtensionDialString>1</TransferExtensionDialString>
    <ExternalServiceResetURI>x</ExternalServiceResetURI>
  </ExternalService>
  <ExternalService>text<DisplayName>Two</DisplayName><Server>x</Server><Server>y</Server>
    <ServiceAlias>admin</ServiceAlias><ServicePassword/><ServerType>5</ServerType></ExternalService>
  <Service/>
</ExternalServices>
"#;
    let tenants =
        "<Tenants>\n<Tenant><ObjectId>x</ObjectId><Alias>a</Alias></Tenant>\n<Tenant>\n</Tenants>";
    let files = [
        ("services.xml", services),
        ("tenants.xml", tenants),
        ("empty.xml", ""),
    ];
    let (status, stdout, stderr) = check(&files, &["."]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        ./empty.xml:1:1: no element found, expected a root element
        ./services.xml:2:1: found the attribute colour, expected none
        ./services.xml:4:5: URI is "/vmrest/externalservices/elsewhere", expected /vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ./services.xml:8:5: found <Colour>, expected a field of ExternalService
        ./services.xml:11:5: ServerType is "7", expected 1, 4 or 5
        ./services.xml:13:3: Server is missing, expected a value, it is mandatory when ServerType is 1 or 4
        ./services.xml:14:5: ObjectId is "6F4F7023-e9e5-4cd0-bf55-e20a0be6fd78", expected a value that no other ExternalService has
        ./services.xml:15:5: DisplayName is "ONE", expected a value that no other ExternalService has
        ./services.xml:15:35: IsEnabled is "maybe", expected true or false
        ./services.xml:20:5: ExternalServiceResetURI is not in release 10.5
        ./services.xml:22:3: ObjectId is missing, expected a value, it is mandatory
        ./services.xml:22:20: found the text "text", expected an element
        ./services.xml:22:72: Server is given twice, expected it once
        ./services.xml:24:3: found <Service>, expected <ExternalService>
        ./tenants.xml:2:1: SmtpDomain is missing, expected a value, it is mandatory
        ./tenants.xml:2:9: ObjectId is "x", expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ./tenants.xml:4:1: found </Tenants>, expected </Tenant>
    "#]].assert_eq(&stderr);
}

#[test]
fn a_tenant_that_no_fixture_has_is_a_mistake() {
    let file = r#"<ExternalServices><ExternalService>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>One</DisplayName><Server>x</Server><ServiceAlias>a</ServiceAlias><ServicePassword/>
        <ServerType>5</ServerType></ExternalService></ExternalServices>"#;
    let (status, _, stderr) = check(&[("services.xml", file)], &["services.xml"]);
    assert_eq!(status, 2);
    expect![[r#"
        services.xml:3:9: TenantObjectId is "fe6541fb-b42c-44f2-8404-ded14cbf7438", expected the ObjectId of a Tenant
    "#]].assert_eq(&stderr);
}

#[test]
fn check_takes_several_collections_in_one_file_in_any_order() {
    let file = r#"<UnityConnection><ExternalServices><ExternalService>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>FE6541FB-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>One</DisplayName><Server>x</Server><ServiceAlias>a</ServiceAlias><ServicePassword/>
        <ServerType>5</ServerType></ExternalService></ExternalServices>
        <Tenants><Tenant><ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <Alias>a</Alias><SmtpDomain>a.org</SmtpDomain></Tenant></Tenants></UnityConnection>"#;
    let (status, stdout, stderr) = check(&[("all.xml", file)], &["all.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        no mistakes in 1 Tenants and 1 ExternalServices and 2 Users and 2 UserTemplates and 1 VmsServers
    "#]]
    .assert_eq(&stdout);
}

#[test]
fn what_cannot_be_read_is_named() {
    let (status, _, stderr) = check(
        &[
            ("note.txt", ""),
            ("bad.xml.txt", "<Tenants><Tenant/></Tenants>"),
        ],
        &["missing.xml", ".", "bad.xml.txt"],
    );
    assert_eq!(status, 2);
    expect![[r#"
        missing.xml: cannot be read: No such file or directory (os error 2)
        .: found no *.xml in this folder, expected at least one
        bad.xml.txt:1:10: ObjectId is missing, expected a value, it is mandatory
        bad.xml.txt:1:10: Alias is missing, expected a value, it is mandatory
        bad.xml.txt:1:10: SmtpDomain is missing, expected a value, it is mandatory
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_password_in_a_fixture_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let services = std::fs::read_to_string("fixtures/externalservices.xml").unwrap();
    let services = services.replace(
        "<ServicePassword/>",
        "<ServicePassword>hush</ServicePassword>",
    );
    std::fs::write(folder.path().join("services.xml"), services).unwrap();
    std::fs::copy("fixtures/tenants.xml", folder.path().join("tenants.xml")).unwrap();
    let path = folder.path().to_str().unwrap();
    let started = Started::new(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--fixtures",
        path,
    ]));
    let body = started.client().get(SERVICES).body;
    assert!(
        body.contains("<ServicePassword/>") && !body.contains("hush"),
        "{body}"
    );
}

#[test]
fn help_teaches_with_examples() {
    let (status, stdout, _) = output(&mut cuc_mock(&["--help"]));
    assert_eq!(status, 0);
    for taught in [
        "Examples:",
        "CUC_MOCK_LISTEN",
        "CUC_MOCK_USER",
        "check",
        "curl -u",
        "10.5, 11.5, 12.5, 14 or 15",
    ] {
        assert!(stdout.contains(taught), "{taught}: {stdout}");
    }
}

#[test]
fn a_create_only_field_on_update_is_ignored_with_a_warning() {
    let started = Started::new(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--log",
        "pretty",
    ]));
    let taxoma = "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8";
    assert_eq!(
        started
            .client()
            .put(taxoma, "<Tenant><Alias>x</Alias></Tenant>")
            .status,
        204
    );
    started.signal("TERM");
    let (_, _, stderr) = started.end();
    let warned = stderr
        .lines()
        .find(|line| line.contains("WARN"))
        .unwrap_or_default();
    assert!(
        warned.contains("ignored") && warned.contains("Alias"),
        "{stderr}"
    );
}

#[test]
fn what_waits_does_not_hold_the_end_up() {
    let server = Started::new(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--grace",
        "600",
    ]));
    let client = server.client();
    let fault = r#"{"delay":{"fixed_ms":600000},"requests":{"path":"tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let mut poll = client.connect();
    let head = "GET /__mock/requests?wait=60&path=users HTTP/1.1\r\nHost: cuc\r\n\r\n";
    std::io::Write::write_all(&mut poll, head.as_bytes()).unwrap();
    let mut delayed = client.connect();
    let head = format!("GET /vmrest/tenants HTTP/1.1\r\nHost: cuc\r\n{SIGNED_IN}\r\n");
    std::io::Write::write_all(&mut delayed, head.as_bytes()).unwrap();
    let arrived = r#"{"requests":{"path":"tenants"},"within_ms":60000}"#;
    assert_eq!(
        client
            .control("POST", "/__mock/requests/verify", arrived)
            .status,
        200
    );
    server.signal("TERM");
    assert_eq!(Answer::read(delayed).status, 200);
    assert_eq!(Answer::read(poll).status, 503);
    assert_eq!(server.end().0, Some(0));
}
