//! The commands that control a running server from a shell.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::{
    remote::run,
    support::{Client, ServerProcess, cuc_mock, exchange, output},
};

const SERVICES: &str = "/vmrest/externalservices";

/// Starts a server whose clock is frozen.
#[track_caller]
fn start() -> CucMock {
    let builder = CucMock::builder().seed(1);
    builder
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

/// Runs a command that succeeds without a word on stderr. Returns stdout.
#[track_caller]
fn succeed(mock: &CucMock, arguments: &[&str]) -> String {
    let (status, stdout, stderr) = run(&mock.uri(), arguments);
    assert_eq!((status, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

/// Runs a command that fails without a word on stdout. Returns the status and stderr.
#[track_caller]
fn fail(mock: &CucMock, arguments: &[&str]) -> (i32, String) {
    let (status, stdout, stderr) = run(&mock.uri(), arguments);
    assert_eq!(stdout, "", "{arguments:?}");
    (status, stderr.replace(&mock.uri(), "URL"))
}

#[test]
fn reset_restores_the_seed_of_a_space_or_of_all() {
    let mock = start();
    let client = Client::of(&mock);
    let other = mock.space("other");
    let count = |space: &cuc_mock::Space| space.state().matches("<ExternalService>").count();
    for arguments in [&["reset"][..], &["reset", "--space", "*"]] {
        client.create(SERVICES, exchange().xml());
        assert_eq!(count(&mock), 6);
        assert_eq!(succeed(&mock, arguments), "");
        assert_eq!(count(&mock), 5);
    }
    assert_eq!(count(&other), 5);
    let (status, error) = fail(&mock, &["reset", "--space", "nowhere"]);
    assert_eq!(status, 1);
    expect![[r#"
        URL responds with 404 Not Found: there is no space "nowhere", expected one of GET /__mock/spaces
    "#]]
    .assert_eq(&error);
}

#[test]
fn requests_lists_a_line_for_each_request_or_the_json_of_the_control_plane() {
    let mock = start();
    let client = Client::of(&mock);
    assert_eq!(succeed(&mock, &["requests"]), "");
    client.create(SERVICES, exchange().xml());
    client.post(SERVICES, "<ExternalService/>");
    client.get("/vmrest/users?query=(Alias+is+operator)");
    expect![[r#"
        #1     2026-01-31T12:00:00Z POST   201 /vmrest/externalservices
        #2     2026-01-31T12:00:00Z POST   400 /vmrest/externalservices
               rejected: Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory (documented: guide, Adding Unified Messaging Service)
        #3     2026-01-31T12:00:00Z GET    200 /vmrest/users?query=(Alias+is+operator)
    "#]]
    .assert_eq(&succeed(&mock, &["requests"]));
    let filters = [
        &["--status", "400"][..],
        &["--method", "post", "--limit", "1"],
        &["--path", "users"],
        &["--since", "2"],
        &["--space", "*", "--status", "201"],
    ];
    let filtered = filters.map(|filter| succeed(&mock, &[&["requests"], filter].concat()));
    expect![[r#"
        #2     2026-01-31T12:00:00Z POST   400 /vmrest/externalservices
               rejected: Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory (documented: guide, Adding Unified Messaging Service)
        #1     2026-01-31T12:00:00Z POST   201 /vmrest/externalservices
        #3     2026-01-31T12:00:00Z GET    200 /vmrest/users?query=(Alias+is+operator)
        #3     2026-01-31T12:00:00Z GET    200 /vmrest/users?query=(Alias+is+operator)
        #1     2026-01-31T12:00:00Z POST   201 /vmrest/externalservices  space default
    "#]]
    .assert_eq(&filtered.concat());
    let json: serde_json::Value =
        serde_json::from_str(&succeed(&mock, &["requests", "--json"])).unwrap();
    let body = client.control("GET", "/__mock/requests", "").body;
    assert_eq!(
        json,
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    );
    assert!(!json.to_string().contains("ecsbulab"), "{json}");
    let secrets = succeed(&mock, &["requests", "--json", "--secrets"]);
    assert!(secrets.contains("ecsbulab"), "{secrets}");
    assert_eq!(succeed(&mock, &["requests", "--clear"]), "");
    assert_eq!(succeed(&mock, &["requests"]), "");
    let (status, error) = fail(&mock, &["requests", "--method", "a b"]);
    assert_eq!(status, 2);
    expect![[r#"
        URL responds with 400 Bad Request: the parameter method is "a b", expected a method such as POST
    "#]]
    .assert_eq(&error);
}

#[test]
fn requests_waits_for_a_request() {
    let mock = start();
    let client = Client::of(&mock);
    let waiting = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| succeed(&mock, &["requests", "--wait", "60"]));
        client.get("/vmrest/version");
        waiting.join().unwrap()
    });
    assert!(waiting.contains("/vmrest/version"), "{waiting}");
}

#[test]
fn verify_succeeds_if_the_requests_are_as_expected() {
    let mock = start();
    let client = Client::of(&mock);
    let path = client.create(SERVICES, exchange().with("DisplayName", "Mail = 1").xml());
    client.delete(&path);
    for arguments in [
        &["POST", "externalservices"][..],
        &["POST /vmrest/externalservices", "--exactly", "1"],
        &[
            "POST",
            "externalservices",
            "--field",
            "DisplayName=Mail = 1",
        ],
        &[
            "POST",
            "--field",
            "DisplayName^=Mail",
            "--field",
            "DisplayName*== 1",
        ],
        &[
            "--method",
            "POST",
            "--without-field",
            "Colour",
            "--status",
            "201",
        ],
        &["externalservices/*", "--at-most", "1"],
        &["PUT", "--never"],
        &[
            "DELETE",
            "externalservices/*",
            "--after",
            "POST externalservices",
        ],
        &[
            "*",
            "externalservices/**",
            "--header",
            "host=cuc.example.com:8443",
        ],
        &["--at-least", "2", "--within", "5"],
    ] {
        let printed = succeed(&mock, &[&["verify"], arguments].concat());
        assert!(
            printed.starts_with("verified, found "),
            "{arguments:?}: {printed}"
        );
    }
}

#[test]
fn verify_fails_with_the_reason_and_the_closest_requests() {
    let mock = start();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    let (status, error) = fail(
        &mock,
        &[
            "verify",
            "POST",
            "externalservices",
            "--field",
            "DisplayName=exchange",
            "--exactly",
            "1",
        ],
    );
    assert_eq!(status, 1);
    expect![[r#"
        expected POST /vmrest/externalservices with the field DisplayName being "exchange" exactly once
        found 0 among 1 request
        the closest are
          #1 POST /vmrest/externalservices, answered with 201
            field DisplayName: found "Exchange", expected "exchange" (it differs only in case)
    "#]]
    .assert_eq(&error);
    let invalid = [
        &["POST", "a b"][..],
        &["POST", "tenants", "--path", "users"],
        &["POST", "--exactly", "1", "--never"],
        &["--field", "DisplayName"],
        &["--after", "POST a b"],
        &["--within", "61"],
        &["--status", "9"],
    ];
    let errors = invalid.map(|arguments| {
        let (status, error) = fail(&mock, &[&["verify"], arguments].concat());
        assert_eq!(status, 2, "{error}");
        error.lines().next().unwrap_or_default().to_owned() + "\n"
    });
    expect![[r#"
        found "POST a b", expected a method and a path, such as POST externalservices
        the path is given twice: as an argument and with --path
        error: the argument '--exactly <N>' cannot be used with '--never'
        error: invalid value 'DisplayName' for '--field <NAME=VALUE>': expected NAME=VALUE, NAME^=BEGINNING or NAME*=PART
        found "POST a b", expected a method and a path, such as POST externalservices
        error: invalid value '61' for '--within <SECONDS>': expected a number of seconds from 0 to 60
        URL responds with 400 Bad Request: requests.status is 9, expected a whole number from 100 to 999
    "#]]
    .assert_eq(&errors.concat());
}

#[test]
fn fault_adds_lists_and_ends_faults() {
    let mock = start();
    let client = Client::of(&mock);
    let add = |arguments: &[&str]| succeed(&mock, &[&["fault", "add"], arguments].concat());
    assert_eq!(succeed(&mock, &["fault"]), "");
    assert_eq!(
        add(&[
            "busy", "--times", "1", "--method", "GET", "--path", "version"
        ]),
        "1\n"
    );
    assert_eq!(
        add(&[
            r#"{"effect": "read_only"}"#,
            "--method",
            "DELETE",
            "--nth",
            "2"
        ]),
        "2\n"
    );
    assert_eq!(add(&["--delay", "1.5", "--probability", "0"]), "3\n");
    assert_eq!(client.get_status("/vmrest/version"), Some(503));
    assert_eq!(client.get_status("/vmrest/version"), Some(200));
    expect![[r##"
        #1  ended  matched 1, hit 1  {"effect":"busy","handled":false,"requests":{"method":"GET","path":"/vmrest/version"},"times":1}
        #2  active  matched 0, hit 0  {"effect":"read_only","handled":false,"nth":2,"requests":{"method":"DELETE"}}
        #3  active  matched 2, hit 0  {"delay":{"fixed_ms":1.5},"probability":0.0}
    "##]]
    .assert_eq(&succeed(&mock, &["fault", "list"]));
    let json: serde_json::Value =
        serde_json::from_str(&succeed(&mock, &["fault", "list", "--json"])).unwrap();
    let body = client.control("GET", "/__mock/faults", "").body;
    assert_eq!(
        json,
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    );
    assert_eq!(succeed(&mock, &["fault", "remove", "2"]), "");
    assert_eq!(mock.faults().len(), 2);
    assert_eq!(succeed(&mock, &["fault", "clear"]), "");
    assert_eq!(mock.faults().len(), 0);
}

#[test]
fn fault_explains_a_wrong_argument() {
    let mock = start();
    let wrong = [
        &["add"][..],
        &["add", "lazy"],
        &["add", "{"],
        &["add", "busy", "--probability", "2"],
        &["remove"],
        &["remove", "first"],
        &["clear", "1"],
        &["list", "--times", "1"],
        &["stop"],
    ];
    let errors = wrong.map(|arguments| {
        let (status, error) = fail(&mock, &[&["fault"], arguments].concat());
        assert_eq!(status, 2, "{error}");
        error.lines().next().unwrap_or_default().to_owned() + "\n"
    });
    expect![[r#"
        URL responds with 400 Bad Request: the body: expected an effect, a preset or a delay
        URL responds with 400 Bad Request: preset is "lazy", expected one of busy, locked_out, read_only, tomcat_error, login_page, truncated_xml, wrong_content_type, throttled, no_answer, reset, close, malformed_chunk
        the fault is not valid JSON, expected an object: EOF while parsing an object at line 1 column 1
        URL responds with 400 Bad Request: probability is 2.0, expected a number from 0 to 1
        the number of the fault is missing, expected one of cuc-mock fault list
        the number of the fault is "first", expected one of cuc-mock fault list
        found "1", expected nothing after list or clear; cuc-mock fault add FAULT adds a fault
        found an option of a fault, expected it with cuc-mock fault add only
        error: invalid value 'stop' for '[ACTION]'
    "#]]
    .assert_eq(&errors.concat());
    let (status, error) = fail(&mock, &["fault", "remove", "7"]);
    assert_eq!(status, 1);
    expect![[r#"
        URL responds with 404 Not Found: there is no fault 7, expected one of GET /__mock/faults
    "#]]
    .assert_eq(&error);
}

#[test]
fn the_commands_need_the_token_of_the_server() {
    let options = ["--listen", "127.0.0.1:0", "--control-token", "s3cret"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let address = server.address().to_string();
    for command in ["requests", "fault", "reset"] {
        let arguments = [command, "--listen", &address];
        assert_eq!(output(&mut cuc_mock(&arguments)).0, 1);
        let mut with_token = cuc_mock(&arguments);
        with_token.env("CUC_MOCK_CONTROL_TOKEN", "s3cret");
        assert_eq!(output(&mut with_token).0, 0);
    }
}
