//! Files that cannot keep a state.

use std::{fs, thread};

use expect_test::expect;

use super::{SERVICES, file_names, start_rejected, start_server};
use crate::support::{FolderWatch, exchange, tenants};

#[test]
fn an_invalid_state_aborts_the_start_and_is_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let path = file.to_str().unwrap();
    let truncated = "<UnityConnection>\n<Tenants><Tenant><Alias>a</Alias>";
    fs::write(&file, truncated).unwrap();
    let (status, stderr) = start_rejected(path, &[]);
    assert_eq!(status, 2);
    expect![[r#"
        FILE:2:34: the document ends before its elements are closed
        FILE is not a valid state of release 10.5, and was not changed
    "#]]
    .assert_eq(&stderr.replace(path, "FILE"));
    assert_eq!(fs::read_to_string(&file).unwrap(), truncated);
    let later_release = "fixtures/11.5/externalservices.xml";
    fs::copy(later_release, &file).unwrap();
    let (status, stderr) = start_rejected(path, &[]);
    assert_eq!(status, 2);
    expect!["FILE is not a valid state of release 10.5, and was not changed"]
        .assert_eq(stderr.replace(path, "FILE").lines().last().unwrap());
    assert_eq!(fs::read(&file).unwrap(), fs::read(later_release).unwrap());
    assert_eq!(file_names(folder.path()), ["state.xml"]);
}

#[test]
fn a_place_that_cannot_keep_a_state_is_reported_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let missing = format!("{path}/missing/state.xml");
    let device = "/dev/null".to_owned();
    // Not even root can create a file there.
    let kernel = "/proc/state.xml".to_owned();
    let mut errors = String::new();
    for file in [path.to_owned(), missing, device, kernel] {
        let (status, stderr) = start_rejected(&file, &[]);
        assert_eq!(status, 1, "{stderr}");
        errors.push_str(&stderr.replace(path, "FOLDER"));
    }
    expect![[r#"
        FOLDER: cannot keep the state there: it is a folder, expected a file
        FOLDER/missing/state.xml: cannot keep the state there: its folder does not exist
        /dev/null: cannot keep the state there: it is not a regular file, and cannot be replaced
        /proc/state.xml: cannot keep the state there: No such file or directory (os error 2) at path "/proc/state.xml.saving"
    "#]].assert_eq(&errors);
    assert!(file_names(folder.path()).is_empty());
}

#[test]
fn a_state_among_the_fixtures_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let seed = folder.path().join("seed.xml");
    fs::write(&seed, tenants(&["seed"])).unwrap();
    let mut errors = String::new();
    for (state, fixtures) in [("seed.xml", "/seed.xml"), ("state.xml", "")] {
        let fixtures = format!("{path}{fixtures}");
        let options = ["--fixtures", &fixtures];
        let (status, stderr) = start_rejected(&format!("{path}/{state}"), &options);
        assert_eq!(status, 2);
        errors.push_str(&stderr.replace(path, "FOLDER"));
    }
    expect![[r#"
        FOLDER/seed.xml: expected a --state file that is not one of the --fixtures, nor in one of their folders
        FOLDER/state.xml: expected a --state file that is not one of the --fixtures, nor in one of their folders
    "#]]
    .assert_eq(&errors);
    assert_eq!(file_names(folder.path()), ["seed.xml"]);
    assert_eq!(fs::read_to_string(&seed).unwrap(), tenants(&["seed"]));
}

#[test]
#[cfg(unix)]
fn two_servers_cannot_share_a_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let first = start_server(&file, &[]);
    let watch = FolderWatch::new(folder.path());
    first.client().create(SERVICES, exchange().xml());
    let state = first.client().control("GET", "/__mock/state", "").body;
    watch.wait_until(|| fs::read_to_string(&file).unwrap() == state);
    let path = file.to_str().unwrap();
    let (status, stderr) = start_rejected(path, &[]);
    assert_eq!(status, 1);
    expect![[r#"
        FILE: cannot keep the state there: another server keeps its state there
    "#]]
    .assert_eq(&stderr.replace(path, "FILE"));
    first.kill();
    let second = start_server(&file, &[]);
    assert!(second.client().get(SERVICES).body.contains(r#"total="6""#));
}

#[test]
#[cfg(unix)]
fn of_eight_servers_that_start_at_once_exactly_one_gets_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let servers: Vec<_> = thread::scope(|scope| {
        let start = || scope.spawn(|| start_server(&file, &[]));
        let starts: Vec<_> = (0..8).map(|_| start()).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    let ready = servers
        .iter()
        .filter(|server| server.ready_line.starts_with("listening"));
    assert_eq!(ready.count(), 1);
    drop(servers);
    assert_eq!(file_names(folder.path()), ["state.xml"]);
}
