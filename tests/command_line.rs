//! The options of the binary, and its health check.

use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, ServerProcess, cuc_mock, output};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn the_server_prints_its_address_and_serves_on_it() {
    for arguments in [
        &["--listen", "127.0.0.1:0"][..],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let server = ServerProcess::start(&mut cuc_mock(arguments));
        assert!(
            server.ready_line.contains(" as release 10.5, seed "),
            "{}",
            server.ready_line
        );
        assert_eq!(server.client().get(SERVICES).status, 200);
    }
}

#[test]
fn an_option_takes_precedence_over_its_environment_variable() {
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
    let server = ServerProcess::start(&mut command);
    assert!(
        server.ready_line.ends_with(" as release 12.5, seed 7\n"),
        "{}",
        server.ready_line
    );
    let client = server.client();
    let status = |headers: &str| client.request("GET", SERVICES, headers, b"").status;
    assert_eq!(status(ADMIN_AUTHORIZATION), 200);
    assert_eq!(status("Authorization: Basic b3BlcmF0b3I6b3RoZXI=\r\n"), 200);
    assert_eq!(status("Authorization: Basic YTpi\r\n"), 401);
}

#[test]
fn no_auth_needs_no_credentials() {
    for (argument, value) in [("--no-auth", "false"), ("--listen=127.0.0.1:0", "true")] {
        let mut command = cuc_mock(&[argument]);
        command.envs([
            ("CUC_MOCK_LISTEN", "127.0.0.1:0"),
            ("CUC_MOCK_NO_AUTH", value),
        ]);
        let server = ServerProcess::start(&mut command);
        assert_eq!(
            server.client().request("GET", SERVICES, "", b"").status,
            200
        );
    }
}

#[test]
fn an_error_on_the_command_line_is_named_and_exits_with_status_2() {
    for (arguments, message) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["--listen", "here"], "--listen"),
        (
            &["--cuc-version", "9"],
            "expected one of 10.5, 11.5, 12.5, 14, 15",
        ),
        (&["--user", "nobody"], "expected NAME:PASSWORD"),
        (&["--seed", "-1"], "--seed"),
        (&["--log", "loud"], "loud"),
        (&["--no-auth", "--user", "a:b"], "cannot be used together"),
        (&["check"], "PATH"),
    ] {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!(
            (status, stdout.as_str()),
            (2, ""),
            "{arguments:?}: {stderr}"
        );
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
    let (status, _, stderr) = output(cuc_mock(&[]).env("CUC_MOCK_USER", "nobody"));
    assert_eq!(status, 2);
    expect![[r#"
        CUC_MOCK_USER is invalid: expected NAME:PASSWORD
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn an_option_of_other_servers_leads_to_the_one_of_this_server() {
    let tip = |arguments: &[&str]| {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}");
        let tips = stderr.lines().filter(|line| line.contains("tip:"));
        tips.map(|line| line.trim().to_owned() + "\n")
            .collect::<String>()
    };
    let tips = [
        tip(&["--port", "8443"]),
        tip(&["serve", "--port=8443"]),
        tip(&["-p", "8443"]),
        tip(&["config", "--host", "0.0.0.0"]),
        tip(&["coverage", "--port", "8443"]),
        tip(&["--tls"]),
        tip(&["--password", "secret"]),
        tip(&["--verbose"]),
        // No table knows these.
        tip(&["--fixture", "x"]),
        tip(&["check", "--port", "8443"]),
    ];
    expect![[r#"
        tip: use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses
        tip: use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses
        tip: use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses
        tip: use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses
        tip: use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses
        tip: HTTPS is always on, on the same port; --https-only redirects plain HTTP
        tip: use --user NAME:PASSWORD
        tip: use --log-level debug
        tip: a similar argument exists: '--fixtures'
        tip: a similar argument exists: '--format'
    "#]]
    .assert_eq(&tips.concat());
}

#[test]
fn the_health_check_succeeds_only_while_the_server_runs() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0"]));
    let address = server
        .ready_line
        .split(['/', ' '])
        .find(|part| part.starts_with("127"));
    let address = address.expect("an address").to_owned();
    let mut probe = cuc_mock(&["healthcheck"]);
    probe.env("CUC_MOCK_LISTEN", &address);
    assert_eq!(output(&mut probe), (0, String::new(), String::new()));
    server.signal("TERM");
    server.wait_for_exit();
    let (status, _, stderr) = output(&mut probe);
    assert_eq!(status, 1);
    assert!(
        stderr.starts_with(&format!("http://{address} does not respond: ")),
        "{stderr}"
    );
}

#[test]
fn a_password_in_a_fixture_is_never_returned() {
    let folder = tempfile::tempdir().unwrap();
    let services = std::fs::read_to_string("fixtures/externalservices.xml").unwrap();
    let services = services.replace(
        "<ServicePassword/>",
        "<ServicePassword>hush</ServicePassword>",
    );
    std::fs::write(folder.path().join("services.xml"), services).unwrap();
    std::fs::copy("fixtures/tenants.xml", folder.path().join("tenants.xml")).unwrap();
    let path = folder.path().to_str().unwrap();
    let server = ServerProcess::start(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--fixtures",
        path,
    ]));
    let body = server.client().get(SERVICES).body;
    assert!(
        body.contains("<ServicePassword/>") && !body.contains("hush"),
        "{body}"
    );
}

#[test]
fn the_help_has_examples() {
    let (status, stdout, _) = output(&mut cuc_mock(&["--help"]));
    assert_eq!(status, 0);
    for text in [
        "Examples:",
        "CUC_MOCK_LISTEN",
        "CUC_MOCK_USER",
        "check",
        "curl -u",
        "10.5, 11.5, 12.5, 14 or 15",
    ] {
        assert!(stdout.contains(text), "{text}: {stdout}");
    }
}

#[test]
fn an_update_of_a_create_only_field_is_ignored_with_a_warning() {
    let server = ServerProcess::start(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--log",
        "pretty",
    ]));
    let taxoma = "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8";
    assert_eq!(
        server
            .client()
            .put(taxoma, "<Tenant><Alias>x</Alias></Tenant>")
            .status,
        204
    );
    server.signal("TERM");
    let (_, _, stderr) = server.wait_for_exit();
    let warning = stderr
        .lines()
        .find(|line| line.contains("WARN"))
        .unwrap_or_default();
    assert!(
        warning.contains("ignored") && warning.contains("Alias"),
        "{stderr}"
    );
}
