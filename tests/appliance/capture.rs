//! `cuc-mock capture`

use std::{collections::BTreeMap, fs, path::Path};

use cuc_mock::{CucMock, Release};
use expect_test::{Expect, expect};
use tempfile::TempDir;

use super::real_server::{NAMES, PASSWORD, RealServer, SECRETS, USER, reads};
use crate::support::{Client, ServerProcess, cuc_mock, output};

/// A description of tenants with another order of the fields, and a field that this server does not have.
fn other_tenants() -> String {
    let (status, description, _) = output(&mut cuc_mock(&["describe", "--resource", "tenants"]));
    assert_eq!(status, 0);
    let moved = "<text name=\"Description\" by=\"given\"/>";
    let changed = description.replace(moved, "");
    let time_zone = "<integer name=\"TimeZone\"";
    let seats =
        "<integer name=\"SeatCount\" by=\"listed\"><default value=\"25\" by=\"listed\"/></integer>";
    let changed = changed.replace(time_zone, &format!("{moved}{seats}{time_zone}"));
    assert_ne!(changed, description);
    changed
}

/// Captures a server into a new folder.
#[track_caller]
fn capture(server: &RealServer, options: &[&str]) -> TempDir {
    let parent = tempfile::tempdir().expect("a folder");
    let out = parent.path().join("captured");
    let out = out.to_str().expect("UTF-8");
    let mut arguments = vec!["capture", "--out", out];
    arguments.extend(options);
    let (status, stdout, stderr) = server.run(&arguments);
    assert_eq!(status, 0, "{stdout}{stderr}");
    parent
}

fn captured(parent: &TempDir) -> String {
    let folder = parent.path().join("captured");
    folder.to_str().expect("UTF-8").to_owned()
}

/// Starts a server from a folder, whose settings it follows.
fn start(folder: &str) -> ServerProcess {
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--fixtures", folder]);
    ServerProcess::start(&mut command)
}

/// Returns the content of each file, by its path in the folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            let below = files(&path).into_iter();
            found.extend(below.map(|(below, content)| (format!("{name}/{below}"), content)));
        } else {
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

/// Checks that a server which starts from a capture returns the same for all reads.
#[track_caller]
fn assert_same_reads(server: &RealServer, folder: &str) {
    let (status, stdout, stderr) = output(&mut cuc_mock(&["check", folder]));
    assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
    let expected = reads(server.client());
    let found = reads(start(folder).client());
    assert!(expected.len() > 800, "{}", expected.len());
    for (path, response) in &expected {
        assert_eq!(found.get(path), Some(response), "{path}");
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn a_server_that_starts_from_a_capture_returns_the_same() {
    let server = RealServer::start();
    let folder = capture(&server, &[]);
    assert_same_reads(&server, &captured(&folder));
}

#[test]
fn descriptions_are_corrected_where_the_server_differs() {
    let tenants = other_tenants();
    let server = RealServer::with_resources(&[("tenants.xml", &tenants)]);
    let folder = capture(&server, &[]);
    assert_same_reads(&server, &captured(&folder));
    let corrected = files(&folder.path().join("captured/resources"));
    assert_eq!(corrected.keys().collect::<Vec<_>>(), ["tenants.xml"]);
}

#[test]
fn faults_and_a_limit_on_requests_change_nothing() {
    let server = RealServer::start();
    let undisturbed = capture(&server, &[]);
    for fault in [
        r#"{"preset":"throttled"}"#,
        r#"{"preset":"busy","times":3,"requests":{"path":"users"}}"#,
        r#"{"preset":"reset","times":2,"requests":{"path":"tenants"}}"#,
    ] {
        let response = server.client().control("POST", "/__mock/faults", fault);
        assert_eq!(response.status, 201, "{response}");
    }
    let disturbed = capture(&server, &["--connections", "12"]);
    assert_eq!(
        files(&disturbed.path().join("captured")),
        files(&undisturbed.path().join("captured"))
    );
}

#[test]
fn a_capture_sends_only_get_requests() {
    let server = RealServer::start();
    server.clear_journal();
    capture(&server, &["--limit", "3"]);
    let journal = server
        .client()
        .control("GET", "/__mock/requests?limit=1000", "")
        .body;
    assert!(journal.matches("\"method\":\"GET\"").count() > 100);
    assert_eq!(
        journal.matches("\"method\":").count(),
        journal.matches("\"method\":\"GET\"").count()
    );
}

#[test]
fn an_interrupted_capture_continues() {
    let server = RealServer::start();
    let whole = capture(&server, &[]);
    let parent = tempfile::tempdir().expect("a folder");
    let out = captured(&parent);
    let fault = r#"{"preset":"close","requests":{"path":"users"}}"#;
    let response = server.client().control("POST", "/__mock/faults", fault);
    assert_eq!(response.status, 201, "{response}");
    let (status, _, stderr) = server.run(&["capture", "--out", &out]);
    assert_eq!(status, 1, "{stderr}");
    assert!(
        stderr.contains("/vmrest/users?rowsPerPage=1000&pageNumber=1: no response"),
        "{stderr}"
    );
    server.client().control("DELETE", "/__mock/faults", "");
    server.clear_journal();
    let (status, _, stderr) = server.run(&["capture", "--out", &out, "--limit", "1"]);
    assert_eq!(status, 2, "{stderr}");
    let (status, _, stderr) = server.run(&["capture", "--out", &out]);
    assert_eq!(status, 0, "{stderr}");
    assert!(
        stderr.contains("continuing an interrupted capture with "),
        "{stderr}"
    );
    let journal = server
        .client()
        .control("GET", "/__mock/requests?limit=1000", "")
        .body;
    assert!(!journal.contains("/vmrest/coses?"), "it was read before");
    assert_eq!(
        files(Path::new(&out)),
        files(&whole.path().join("captured"))
    );
}

#[test]
fn a_capture_contains_no_secret() {
    let server = RealServer::start();
    let parent = tempfile::tempdir().expect("a folder");
    let out = captured(&parent);
    let (status, stdout, stderr) = server.run(&["capture", "--out", &out]);
    assert_eq!(status, 0, "{stderr}");
    for (name, content) in files(Path::new(&out)) {
        let text = String::from_utf8_lossy(&content);
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {name}");
            assert!(
                !stdout.contains(secret) && !stderr.contains(secret),
                "{secret}"
            );
        }
    }
}

#[test]
fn an_anonymous_capture_contains_no_original_name() {
    let server = RealServer::start();
    let options = [
        "--anonymise",
        "--anonymise-key",
        "a key that nobody guesses",
    ];
    let folder = capture(&server, &options);
    let found = files(&folder.path().join("captured"));
    for (file, content) in &found {
        let text = String::from_utf8_lossy(content).to_lowercase();
        for name in NAMES {
            assert!(!text.contains(&name.to_lowercase()), "{name} in {file}");
        }
    }
    let again = capture(&server, &options);
    assert_eq!(files(&again.path().join("captured")), found);
    let other = capture(&server, &["--anonymise"]);
    assert_ne!(
        files(&other.path().join("captured"))["users.xml"],
        found["users.xml"]
    );
    // The graph of links is the same.
    let paths = |reads: BTreeMap<String, String>| reads.into_keys().collect::<Vec<_>>();
    let (expected, found) = (
        paths(reads(server.client())),
        paths(reads(start(&captured(&folder)).client())),
    );
    let without_sound = |paths: Vec<String>| -> Vec<String> {
        let paths = paths.into_iter();
        paths
            .filter(|path| !path.contains("/voicefiles/"))
            .collect()
    };
    assert_eq!(without_sound(found), without_sound(expected));
}

/// Returns the elements of the objects in the lists of a folder, with their numbers.
fn totals(folder: &Path) -> BTreeMap<String, usize> {
    let lists = files(folder)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".xml") && !name.contains('/'));
    let totals = lists.map(|(name, content)| {
        let text = String::from_utf8(content).expect("UTF-8");
        let (_, rest) = text.split_once("total=\"").expect("a list");
        let (total, _) = rest.split_once('"').expect("a number");
        (name, total.parse().expect("a number"))
    });
    totals.filter(|(_, total)| *total > 0).collect()
}

#[test]
fn a_part_of_a_server_has_the_objects_that_it_refers_to() {
    let server = RealServer::start();
    let folder = capture(
        &server,
        &["--kinds", "externalservices,widgets", "--limit", "1"],
    );
    let found = totals(&folder.path().join("captured"));
    let expected = [
        ("externalservices.xml", 1),
        ("locations-connectionlocations.xml", 1),
        ("mailboxstores.xml", 1),
        ("partitions.xml", 2),
        ("phonesystems.xml", 1),
        ("searchspaces.xml", 1),
        ("tenants.xml", 1),
        ("widgets.xml", 1),
    ];
    let expected = expected.map(|(name, total)| (name.to_owned(), total));
    assert_eq!(found, BTreeMap::from(expected));
    start(&captured(&folder));
}

#[test]
fn a_tenant_is_captured_with_its_own_objects_only() {
    let server = RealServer::start();
    server
        .mock
        .add_tenant(cuc_mock::Tenant::new("initech", "initech.example"));
    let folder = capture(&server, &["--tenant", "GLOBEX"]);
    let found = files(&folder.path().join("captured"));
    let text = |name: &str| String::from_utf8(found[name].clone()).expect("UTF-8");
    assert!(text("tenants.xml").contains("<Alias>globex</Alias>"));
    assert!(!text("tenants.xml").contains("initech"));
    assert!(text("users.xml").contains("<Alias>hscorpio</Alias>"));
    assert!(!text("users.xml").contains("initech"));
    start(&captured(&folder));
}

#[test]
fn the_settings_of_a_capture_are_a_layer_below_all_others() {
    let server = RealServer::start();
    let folder = capture(&server, &["--kinds", "widgets"]);
    let out = captured(&folder);
    let settings = fs::read_to_string(format!("{out}/capture.toml")).expect("settings");
    assert!(settings.ends_with("\ncuc-version = \"14\"\n"), "{settings}");
    let release = |options: &[&str]| {
        let mut arguments = vec!["config", "--fixtures", &out];
        arguments.extend(options);
        let (_, stdout, _) = output(&mut cuc_mock(&arguments));
        let mut lines = stdout
            .lines()
            .filter(|line| line.starts_with("cuc-version"));
        lines.next().expect("a line").replace(&out, "OUT")
    };
    assert_eq!(release(&[]), "cuc-version = 14  # file OUT/capture.toml:3");
    assert_eq!(
        release(&["--cuc-version", "15"]),
        "cuc-version = 15  # option"
    );
}

/// Checks the message of a capture that fails.
#[track_caller]
fn assert_fails(server: &RealServer, options: &[&str], status: i32, expected: &Expect) {
    let parent = tempfile::tempdir().expect("a folder");
    let out = captured(&parent);
    let mut arguments = vec!["capture", "--out", &out];
    arguments.extend(options);
    let (found, stdout, stderr) = server.run(&arguments);
    assert_eq!((found, stdout.as_str()), (status, ""), "{stderr}");
    expected.assert_eq(&stderr.replace(&server.mock.uri(), "URL"));
}

#[test]
fn errors_name_the_mistake() {
    let server = RealServer::start();
    assert_fails(
        &server,
        &["--kinds", "nothing"],
        2,
        &expect![[r#"
            the kind is "nothing", expected the path of a list below /vmrest, such as users
        "#]],
    );
    assert_fails(
        &server,
        &["--tenant", "nobody"],
        2,
        &expect![[r#"
            the tenant is "nobody", expected the Alias or the ObjectId of a tenant
        "#]],
    );
    assert_fails(
        &server,
        &["--connections", "0"],
        2,
        &expect![[r#"
            error: invalid value '0' for '--connections <N>': expected a whole number from 1 to 64

            For more information, try '--help'.
        "#]],
    );
}

#[test]
fn the_password_is_not_taken_from_the_command_line() {
    let server = RealServer::start();
    let (url, folder) = (server.mock.uri(), tempfile::tempdir().expect("a folder"));
    let out = captured(&folder);
    let arguments = ["capture", &url, "--out", &out, "--user"];
    let with_user = |user: &str, password: &str| {
        let mut command = cuc_mock(&[&arguments[..], &[user]].concat());
        output(command.env("CUC_MOCK_PASSWORD", password))
    };
    let (status, _, stderr) = with_user("auditor:correct-horse", "");
    assert_eq!(status, 2);
    assert!(!stderr.contains(PASSWORD), "{stderr}");
    assert!(
        stderr.contains("the password is in the variable CUC_MOCK_PASSWORD"),
        "{stderr}"
    );
    let (status, _, stderr) = with_user(USER, "");
    let expected = "CUC_MOCK_PASSWORD is not set, and there is no terminal to ask for the password of \"auditor\"\n";
    assert_eq!((status, stderr.as_str()), (2, expected));
    let (status, _, stderr) = with_user(USER, "wrong");
    let expected =
        "the server responds with 401: expected the name and the password of an administrator\n";
    assert_eq!((status, stderr.as_str()), (1, expected));
}

#[test]
fn https_needs_a_trusted_certificate() {
    let server = RealServer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, server.mock.ca_pem()).expect("a file");
    let url = server.mock.https_uri();
    let run = |options: &[&str]| {
        let out = tempfile::tempdir().expect("a folder");
        let out = out.path().to_str().expect("UTF-8");
        let arguments = [
            "capture", &url, "--user", USER, "--kinds", "widgets", "--out", out,
        ];
        let mut command = cuc_mock(&[&arguments[..], options].concat());
        output(command.env("CUC_MOCK_PASSWORD", PASSWORD))
    };
    let (status, _, stderr) = run(&["--ca", ca.to_str().expect("UTF-8")]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let (status, _, stderr) = run(&["--insecure"]);
    assert_eq!(status, 0, "{stderr}");
    expect![[r#"
        WARNING: the certificate of the server is not checked (--insecure).
        WARNING: anyone between here and the server can read the password.
    "#]]
    .assert_eq(&stderr);
    let (status, _, stderr) = run(&[]);
    assert_eq!(status, 1, "{stderr}");
    assert!(stderr.contains("invalid peer certificate"), "{stderr}");
}

#[test]
fn a_folder_with_other_files_is_not_overwritten() {
    let server = RealServer::start();
    let folder = capture(&server, &["--kinds", "widgets"]);
    let out = captured(&folder);
    let (status, _, stderr) = server.run(&["capture", "--out", &out]);
    assert_eq!(status, 2);
    assert!(
        stderr.contains("expected an empty folder or an unfinished capture"),
        "{stderr}"
    );
}

#[test]
fn another_server_than_unity_connection_is_named() {
    let server = CucMock::builder().release(Release::V14).start_blocking();
    let fault = r#"{"effect":{"answer":{"status":404}}}"#;
    let response = Client::of(&server).control("POST", "/__mock/faults", fault);
    assert_eq!(response.status, 201, "{response}");
    let folder = tempfile::tempdir().expect("a folder");
    let out = captured(&folder);
    let mut command = cuc_mock(&["capture", &server.uri(), "--user", USER, "--out", &out]);
    let (status, _, stderr) = output(command.env("CUC_MOCK_PASSWORD", PASSWORD));
    assert_eq!(status, 1);
    expect![[r#"
        GET /vmrest/version: the server responds with 404, expected the version of Unity Connection
    "#]]
    .assert_eq(&stderr);
}
