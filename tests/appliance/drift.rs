//! `cuc-mock drift`

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::real_server::{NAMES, PASSWORD, RealServer, SECRETS, USER};
use crate::support::{DEADLINE, cuc_mock, output};

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
    let (status, stdout, stderr) = server.run(&["drift", "--write", "--kinds", "tenants"]);
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

/// Starts a comparison that writes, and waits until the server has received a number of creates.
fn start(server: &RealServer, log: &TempDir, creates: usize) -> Child {
    let url = server.mock.uri();
    let log = log.path().to_str().expect("UTF-8");
    let arguments = [
        "drift",
        &url,
        "--user",
        USER,
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
    for creates in [1, 20, 90] {
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
        "tenants",
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
    let mut child = start(&server, &log, 40);
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
        "tenants,users,externalservices",
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
