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
    let options = ["--listen", "127.0.0.1:0", "--log", "json", "--watch", "--fixtures", fixtures];
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
fn told(stderr: &str, folder: &Path) -> String {
    let lines = stderr.lines().filter(|line| line.contains("fixtures") || line.contains(".xml"));
    let lines = lines.map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (level, message) = (&event["level"], &event["message"]);
        let line = format!("{} {}\n", level.as_str().unwrap(), message.as_str().unwrap());
        line.replace(folder.to_str().unwrap(), "FOLDER")
    });
    lines.collect()
}

#[test]
fn a_change_is_taken_and_a_mistake_changes_nothing_and_both_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants.xml");
    fs::write(&file, tenants(&["one"])).unwrap();
    let server = watching(folder.path());
    let client = server.client();
    wait_for(client, &["one"]);

    fs::write(&file, tenants(&["one", "two"])).unwrap();
    wait_for(client, &["one", "two"]);

    let more = tenants(&["", "", "three"]).replace("Tenants>", "Tenants>\n");
    let beside = folder.path().join("more.tmp");
    fs::write(&beside, more.replace("<Alias></Alias>", "<Colour/>")).unwrap();
    fs::rename(&beside, folder.path().join("more.xml")).unwrap();
    let journal = || client.control("GET", "/__mock/requests?path=externalservices", "").body;
    client.create("/vmrest/externalservices", exchange().xml());
    while !fs::exists(folder.path().join("gone")).unwrap() {
        // Until the mistakes are told nothing can be said of what they changed.
        let begun = fs::metadata(folder.path().join("more.xml")).unwrap();
        if begun.modified().unwrap().elapsed().unwrap() > Duration::from_secs(2) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(journal().contains("externalservices"), "it was not reset");
    wait_for(client, &["one", "two"]);

    fs::remove_file(folder.path().join("more.xml")).unwrap();
    fs::write(&beside, tenants(&["uno", "two"])).unwrap();
    fs::rename(&beside, &file).unwrap();
    wait_for(client, &["uno", "two"]);
    server.signal("TERM");
    let (status, _, stderr) = server.end();
    assert_eq!(status, Some(0));
    expect![[r#""#]].assert_eq(&told(&stderr, folder.path()));
}

#[test]
fn a_file_may_be_gone_for_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("tenants.xml");
    fs::write(&file, tenants(&["one"])).unwrap();
    for watched in [&file, &inner] {
        let server = watching(watched);
        let client = server.client();
        wait_for(client, &["one"]);
        fs::rename(&inner, folder.path().join("away")).unwrap();
        thread::sleep(Duration::from_millis(600));
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
        expect![[r#"
            --watch needs --fixtures, which it looks at
        "#]]
        .assert_eq(&stderr);
    }
}
