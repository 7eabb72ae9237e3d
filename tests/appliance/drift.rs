//! `cuc-mock drift`

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::real_server::{NAMES, PASSWORD, RealServer, SECRETS, USER};
use crate::support::{DEADLINE, cuc_mock, output};

/// Returns the description of an embedded resource with some parts replaced.
fn description(resource: &str, replacements: &[(&str, &str)]) -> String {
    let (status, mut text, _) = output(&mut cuc_mock(&["describe", "--resource", resource]));
    assert_eq!(status, 0);
    for (part, replacement) in replacements {
        assert!(text.contains(part), "{part}");
        text = text.replacen(part, replacement, 1);
    }
    text
}

/// A comparison that was run.
struct Comparison {
    status: i32,
    report: Value,
    stderr: String,
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Compares a server with this one.
#[track_caller]
fn compare(server: &RealServer, options: &[&str]) -> Comparison {
    let log = folder();
    let log = log.path().to_str().expect("UTF-8");
    let mut arguments = vec!["drift", "--format", "json"];
    if options.contains(&"--write") {
        arguments.extend(["--yes", "--log-folder", log]);
    }
    arguments.extend(options);
    let (status, stdout, stderr) = server.run(&arguments);
    let report = serde_json::from_str(&stdout);
    Comparison {
        status,
        report: report.unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}")),
        stderr,
    }
}

fn state(server: &RealServer) -> String {
    server.client().control("GET", "/__mock/state", "").body
}

/// Returns the kind, the resource and the place of each difference.
fn differences(comparison: &Comparison) -> Vec<String> {
    let differences = comparison.report["differences"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let differences = differences.iter().map(|difference| {
        let parts = ["difference", "resource", "place"];
        let parts = parts.map(|name| text(&difference[name]));
        parts.join(" ")
    });
    let mut differences: Vec<_> = differences.collect();
    differences.sort();
    differences
}

#[test]
fn two_equal_servers_do_not_differ() {
    let server = RealServer::start();
    let before = state(&server);
    let comparison = compare(&server, &["--write", "--ignore", "header:X-Unknown"]);
    // The list of widgets is one that only the other server has.
    assert_eq!(
        differences(&comparison),
        ["status - -"],
        "{}",
        comparison.report
    );
    assert_eq!(comparison.status, 1);
    let confirmed = comparison.report["confirmed"].as_array().expect("a list");
    assert!(confirmed.len() > 2000, "{}", confirmed.len());
    assert!(
        confirmed
            .iter()
            .any(|fact| fact["mark"] == "inferred, now captured")
    );
    assert!(state(&server) == before, "the state has changed");
}

#[test]
fn only_reads_are_sent_without_write() {
    let server = RealServer::start();
    server.clear_journal();
    compare(&server, &["--kinds", "tenants,externalservices"]);
    let journal = server
        .client()
        .control("GET", "/__mock/requests?limit=1000", "")
        .body;
    let methods = ["GET", "HEAD", "OPTIONS"]
        .map(|method| journal.matches(&format!("\"method\":\"{method}\"")).count());
    assert!(methods.iter().all(|count| *count > 0), "{methods:?}");
    assert_eq!(
        journal.matches("\"method\":").count(),
        methods.iter().sum::<usize>()
    );
}

#[test]
fn writing_needs_an_answer() {
    let server = RealServer::start();
    server.clear_journal();
    let log = folder();
    let log = log.path().to_str().expect("UTF-8");
    let options = ["--write", "--kinds", "tenants", "--log-folder", log];
    let (status, stdout, stderr) = server.run(&[&["drift"], &options[..]].concat());
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    assert!(
        stderr.contains("tenants, whose Alias begins with cuc-mock-drift-"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with(
            "there is no terminal to ask if these requests may be sent: expected --yes\n"
        ),
        "{stderr}"
    );
    let journal = server
        .client()
        .control("GET", "/__mock/requests?limit=1000", "")
        .body;
    assert!(!journal.contains("\"method\":\"POST\""));
}

/// Resources with few fields, so that a test that writes them ends soon.
const SMALL: &str = "partitions,schedules,schedulesets,contacts";

/// Starts a comparison that writes, and waits until the server has received a number of creates.
fn start(server: &RealServer, log: &TempDir, creates: usize) -> Child {
    let url = server.mock.uri();
    let log = log.path().to_str().expect("UTF-8");
    let arguments = [
        "drift",
        &url,
        "--user",
        USER,
        "--kinds",
        SMALL,
        "--write",
        "--yes",
        "--log-folder",
        log,
    ];
    let mut command: Command = cuc_mock(&arguments);
    command.env("CUC_MOCK_PASSWORD", PASSWORD);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let within = DEADLINE.as_millis();
    let verification = format!(
        r#"{{"requests":{{"method":"POST","path":"**"}},"at_least":{creates},"within_ms":{within}}}"#
    );
    let response = server
        .client()
        .control("POST", "/__mock/requests/verify", &verification);
    assert_eq!(response.status, 200, "{response}");
    child.expect("the command starts")
}

#[test]
fn the_next_run_deletes_what_a_killed_one_has_left() {
    let server = RealServer::start();
    let (before, log) = (state(&server), folder());
    server.clear_journal();
    for creates in [1, 12, 40] {
        let mut child = start(&server, &log, creates);
        child.kill().expect("the command runs");
        child.wait().expect("an exit status");
        server.clear_journal();
    }
    assert!(state(&server) != before, "an object is left");
    let options = [
        "--write",
        "--yes",
        "--log-folder",
        log.path().to_str().expect("UTF-8"),
        "--kinds",
        "partitions",
    ];
    let (status, _, stderr) = server.run(&[&["drift"], &options[..]].concat());
    assert!(status < 2, "{stderr}");
    assert!(stderr.contains(" of an earlier run"), "{stderr}");
    assert!(state(&server) == before, "the state has changed");
    assert_eq!(
        log.path().read_dir().expect("a folder").count(),
        0,
        "the log is removed"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_deletes_what_it_has_created() {
    let server = RealServer::start();
    let (before, log) = (state(&server), folder());
    server.clear_journal();
    let mut child = start(&server, &log, 20);
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", "INT", &id]).status();
    assert!(sent.expect("kill exists").success());
    let status = child.wait().expect("an exit status");
    assert_eq!(status.code(), Some(1));
    assert!(state(&server) == before, "the state has changed");
    assert_eq!(
        log.path().read_dir().expect("a folder").count(),
        0,
        "the log is removed"
    );
}

#[test]
fn no_output_contains_a_secret_or_a_name() {
    let server = RealServer::start();
    let parent = folder();
    let page = parent.path().join("page.md");
    let learned = parent.path().join("learned");
    let options = [
        "--kinds",
        "tenants,users,externalservices,contacttemplates",
        "--report",
        page.to_str().expect("UTF-8"),
        "--learn",
        learned.to_str().expect("UTF-8"),
    ];
    let comparison = compare(&server, &options);
    let report = comparison.report.to_string() + &comparison.stderr;
    let page = fs::read_to_string(&page).expect("a page");
    let mut texts = vec![
        ("report".to_owned(), report.clone()),
        ("page".to_owned(), page.clone()),
    ];
    for entry in learned.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        texts.push((
            path.display().to_string(),
            fs::read_to_string(&path).expect("a file"),
        ));
    }
    for (place, text) in &texts {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {place}");
        }
    }
    let host = server.mock.address().to_string();
    for (place, text) in texts.iter().skip(1) {
        for name in NAMES.iter().copied().chain([USER, &host]) {
            assert!(
                !text.to_lowercase().contains(&name.to_lowercase()),
                "{name} in {place}"
            );
        }
    }
}

/// Returns a server that differs from this one in a default, a length, a field and a message.
fn other_server() -> RealServer {
    let services = description(
        "externalservices",
        &[
            (
                r#"<max-length characters="64" inferred="as many as a display name has elsewhere"/>"#,
                "",
            ),
            (
                "<boolean name=\"IsEnabled\" by=\"listed\">\n    <default value=\"true\"",
                "<boolean name=\"IsEnabled\" by=\"listed\">\n    <default value=\"false\"",
            ),
        ],
    );
    let partitions = description(
        "partitions",
        &[(
            r#"<text name="Description""#,
            "<integer name=\"Rank\" inferred=\"test\"><default value=\"7\" inferred=\"test\"/></integer>\
             <text name=\"Description\"",
        )],
    );
    let errors = r#"<errors>
  <error rule="choices" verb="create" code="INVALID_CHOICE" message="{field} must not be {value}"/>
</errors>"#;
    RealServer::with_resources(&[
        ("externalservices.xml", &services),
        ("partitions.xml", &partitions),
        ("errors.xml", errors),
    ])
}

const CHANGED: [&str; 3] = ["--write", "--kinds", "externalservices,partitions"];

#[test]
fn each_difference_is_found_and_can_be_learned() {
    let server = other_server();
    let parent = folder();
    let learned = parent.path().join("learned");
    let learned = learned.to_str().expect("UTF-8");
    let comparison = compare(&server, &[&CHANGED[..], &["--learn", learned]].concat());
    assert_eq!(comparison.status, 1, "{}", comparison.stderr);
    assert_eq!(
        differences(&comparison),
        [
            "additional-field partitions Rank",
            "code externalservices -",
            "default externalservices IsEnabled",
            "message externalservices -",
            "status externalservices -",
            "status externalservices -",
        ],
        "{:#}",
        comparison.report["differences"]
    );
    let arguments = ["check", "--resources", learned, "--cuc-version", "14"];
    let (status, stdout, stderr) = output(&mut cuc_mock(&arguments));
    assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
    let again = compare(&server, &[&CHANGED[..], &["--resources", learned]].concat());
    assert_eq!(
        differences(&again),
        [""; 0],
        "{:#}",
        again.report["differences"]
    );
    assert_eq!(again.status, 0);
}

#[test]
fn differences_can_be_ignored() {
    let server = other_server();
    let options = ["--kinds", "partitions"];
    let found = compare(&server, &options);
    assert_eq!(differences(&found), ["additional-field partitions Rank"]);
    let ignored = compare(
        &server,
        &[&options[..], &["--ignore", "partitions:Rank"]].concat(),
    );
    assert_eq!((ignored.status, differences(&ignored)), (0, Vec::new()));
}

#[test]
fn a_ci_service_reads_the_result_as_junit() {
    let server = other_server();
    let (status, stdout, stderr) =
        server.run(&["drift", "--format", "junit", "--kinds", "partitions"]);
    assert_eq!((status, stderr.as_str()), (1, ""));
    assert!(
        stdout.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "),
        "{stdout}"
    );
    assert_eq!(stdout.matches("<failure").count(), 1, "{stdout}");
}
