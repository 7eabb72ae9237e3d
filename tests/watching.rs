//! Fixtures that are read again when they change.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use expect_test::expect;

use crate::support::{Client, Started, cuc_mock, exchange, output, tenants};

const TENANTS: &str = "/vmrest/tenants";

fn watching(fixtures: &Path) -> Started {
    let fixtures = fixtures.to_str().expect("UTF-8");
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--log",
        "json",
        "--watch",
        "--fixtures",
        fixtures,
    ];
    Started::new(&mut cuc_mock(&options))
}

/// Waits until there are tenants with these aliases.
#[track_caller]
fn wait_for(client: Client, aliases: &[&str]) {
    let begun = Instant::now();
    loop {
        let body = client.get(TENANTS).body;
        let found: Vec<_> = body
            .split("<Alias>")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        if found == aliases {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "found {found:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What was logged, without the time.
fn messages(stderr: &str, folder: &Path) -> String {
    let lines = stderr
        .lines()
        .filter(|line| line.contains("fixtures") || line.contains(".xml"));
    let lines = lines.map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (level, message) = (&event["level"], &event["message"]);
        let line = format!(
            "{} {}\n",
            level.as_str().expect("a level"),
            message.as_str().expect("a message")
        );
        line.replace(folder.to_str().expect("UTF-8"), "FOLDER")
    });
    lines.collect()
}

/// Puts a file in its place as an editor does.
fn put(folder: &Path, name: &str, content: &str) {
    let beside = folder.join("4913~");
    fs::write(&beside, content).expect("a file");
    fs::rename(&beside, folder.join(name)).expect("a file in its place");
}

#[test]
fn a_change_is_taken_and_a_mistake_changes_nothing_and_both_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name, content: &str| put(folder.path(), name, content);
    put("tenants.xml", &tenants(&["one"]));
    let mut server = watching(folder.path());
    let client = server.client();
    wait_for(client, &["one"]);

    put("more.xml", &tenants(&["two"]).replace("000001", "000002"));
    wait_for(client, &["two", "one"]);

    client.create("/vmrest/externalservices", exchange().xml());
    put("more.xml", "<Tenants>\n<Cats/></Tenants>");
    let mut told = server.wait_to_tell("Cats");
    wait_for(client, &["two", "one"]);
    let asked = client.control("GET", "/__mock/requests?path=externalservices", "");
    assert!(asked.body.contains("POST"), "it was not reset: {asked}");

    put("more.xml", &tenants(&["uno"]).replace("000001", "000002"));
    wait_for(client, &["uno", "one"]);
    server.signal("TERM");
    let (status, _, stderr) = server.end();
    assert_eq!(status, Some(0));
    told.push_str(&stderr);
    expect![[r#"
        INFO the fixtures were read again: tenants: 1 added
        WARN nothing was changed by reading the fixtures again: mistakes in them, 1
        WARN FOLDER/more.xml:2:1: found <Cats>, expected <Tenant>
        INFO the fixtures were read again: tenants: 1 changed
    "#]]
    .assert_eq(&messages(&told, folder.path()));
}

#[test]
fn a_file_may_be_gone_for_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("tenants.xml");
    fs::write(&file, tenants(&["one"])).unwrap();
    for watched in [&file, &inner] {
        let mut server = watching(watched);
        let client = server.client();
        wait_for(client, &["one"]);
        fs::rename(&inner, folder.path().join("away")).unwrap();
        server.wait_to_tell("cannot be read");
        wait_for(client, &["one"]);
        fs::create_dir(&inner).unwrap();
        fs::write(&file, tenants(&["two"])).unwrap();
        wait_for(client, &["two"]);
        fs::remove_dir_all(&inner).unwrap();
        fs::rename(folder.path().join("away"), &inner).unwrap();
        wait_for(client, &["one"]);
    }
}

#[test]
fn watching_needs_fixtures() {
    for value in ["true", "false"] {
        let mut command = cuc_mock(&["--watch", "--listen", "127.0.0.1:0"]);
        let (status, stdout, stderr) = output(command.env("CUC_MOCK_WATCH", value));
        assert_eq!((status, stdout.as_str()), (2, ""));
        assert_eq!(stderr, "--watch needs --fixtures\n");
    }
}
