//! `--watch`: the fixtures are read again when they change.

use std::{fs, path::Path};

use expect_test::expect;

use crate::support::{
    Client, ServerProcess, cuc_mock, exchange, make_fifo, output, services, tenants,
};

const TENANTS: &str = "/vmrest/tenants";

fn start_server(fixtures: &Path) -> ServerProcess {
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
    ServerProcess::start(&mut cuc_mock(&options))
}

#[track_caller]
fn aliases(client: Client) -> Vec<String> {
    let body = client.get(TENANTS).body;
    let aliases = body.split("<Alias>").skip(1);
    let aliases = aliases.filter_map(|rest| rest.split('<').next());
    aliases.map(str::to_owned).collect()
}

/// Waits until a reload has led to tenants with these aliases. Returns the log up to it.
#[track_caller]
fn wait_for_reload(server: &mut ServerProcess, expected: &[&str]) -> String {
    let mut log = String::new();
    loop {
        log.push_str(&server.wait_for_log("reloaded the fixtures"));
        if aliases(server.client()) == expected {
            return log;
        }
    }
}

/// Returns the log without the times.
fn messages(stderr: &str, folder: &Path) -> String {
    let lines = stderr.lines().filter(|line| {
        ["fixtures", "descriptions", ".xml"]
            .iter()
            .any(|word| line.contains(word))
    });
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

/// Replaces a file the way an editor does.
fn replace(folder: &Path, name: &str, content: &str) {
    let temporary = folder.join("4913~");
    fs::write(&temporary, content).expect("a file");
    fs::rename(&temporary, folder.join(name)).expect("a replaced file");
}

#[test]
fn a_change_is_applied_and_a_mistake_changes_nothing_and_both_are_logged() {
    let folder = tempfile::tempdir().unwrap();
    let replace = |name, content: &str| replace(folder.path(), name, content);
    replace("tenants.xml", &tenants(&["one"]));
    let mut server = start_server(folder.path());
    let client = server.client();
    assert_eq!(aliases(client), ["one"]);

    replace("more.xml", &tenants(&["two"]).replace("000001", "000002"));
    let mut log = wait_for_reload(&mut server, &["two", "one"]);
    // The objects of the other tenant stay as they are, except for the places of its routing rules.
    let mut changes = log.split("; ").filter(|change| change.contains(" changed"));
    assert!(
        changes.all(|change| change.starts_with("routingrules: ")),
        "{log}"
    );

    client.create("/vmrest/externalservices", exchange().xml());
    replace("more.xml", "<Tenants>\n<Cats/></Tenants>");
    log.push_str(&server.wait_for_log("expected <Tenant>"));
    assert_eq!(aliases(client), ["two", "one"]);
    let requests = client.control("GET", "/__mock/requests?path=externalservices", "");
    assert!(
        requests.body.contains("POST"),
        "the space was not reset: {requests}"
    );

    replace("more.xml", &tenants(&["uno"]).replace("000001", "000002"));
    log.push_str(&wait_for_reload(&mut server, &["uno", "one"]));
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0));
    log.push_str(&stderr);
    expect![[r#"
        INFO reloaded the fixtures: tenants: 1 added
        WARN reload failed, nothing has changed: errors in the fixtures: 1
        WARN FOLDER/more.xml:2:1: found another element, expected <Tenant>
        INFO reloaded the fixtures: tenants: 1 changed
    "#]]
    .assert_eq(&without_objects_of_tenants(&messages(&log, folder.path())));
}

/// Returns the log without the changes of the objects that exist with each tenant.
fn without_objects_of_tenants(log: &str) -> String {
    let lines = log.lines().map(|line| {
        let Some((start, changes)) = line.split_once("reloaded the fixtures: ") else {
            return format!("{line}\n");
        };
        let mut changes = changes.split("; ");
        let of_tenants = changes.find(|change| change.starts_with("tenants: "));
        format!(
            "{start}reloaded the fixtures: {}\n",
            of_tenants.unwrap_or_default()
        )
    });
    lines.collect()
}

#[test]
fn a_missing_file_changes_nothing_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    let away = folder.path().join("away");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("tenants.xml");
    fs::write(&file, tenants(&["one"])).unwrap();
    for watched in [&file, &inner] {
        let mut server = start_server(watched);
        assert_eq!(aliases(server.client()), ["one"]);
        fs::rename(&inner, &away).unwrap();
        server.wait_for_log("cannot be read");
        assert_eq!(aliases(server.client()), ["one"]);
        fs::create_dir(&inner).unwrap();
        fs::write(&file, tenants(&["two"])).unwrap();
        wait_for_reload(&mut server, &["two"]);
        fs::remove_dir_all(&inner).unwrap();
        fs::rename(&away, &inner).unwrap();
        wait_for_reload(&mut server, &["one"]);
    }
}

#[test]
fn a_change_of_a_description_is_checked_and_needs_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let lamp = |fields: &str| {
        let attributes = r#"path="lamps" list="Lamps" element="Lamp""#;
        let verb = r#"<verb name="list" inferred="test"/>"#;
        format!("<resource {attributes}>\n{verb}<object-id inferred=\"test\"/>{fields}</resource>")
    };
    replace(folder.path(), "lamps.xml", &lamp(""));
    let path = folder.path().to_str().expect("UTF-8");
    let options = ["--listen", "127.0.0.1:0", "--log", "json", "--watch"];
    let mut command = cuc_mock(&[&options[..], &["--resources", path]].concat());
    let mut server = ServerProcess::start(&mut command);
    let client = server.client();
    client.create(
        TENANTS,
        "<Tenant><Alias>a</Alias><SmtpDomain>a</SmtpDomain></Tenant>",
    );

    replace(folder.path(), "lamps.xml", &lamp("<text/>"));
    let mut log = server.wait_for_log("lacks the attribute name");
    replace(
        folder.path(),
        "lamps.xml",
        &lamp(r#"<text name="A" inferred="test"/>"#),
    );
    log.push_str(&server.wait_for_log("restart the server to use them"));
    assert_eq!(aliases(client).len(), 3, "the space was not reset");
    assert_eq!(client.get("/vmrest/lamps").status, 200);
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(0));
    log.push_str(&stderr);
    expect![[r#"
        WARN the descriptions have changed, a restart of the server would fail: errors in them: 1
        WARN FOLDER/lamps.xml:2:64: <text> lacks the attribute name
        WARN the descriptions have changed, restart the server to use them
    "#]]
    .assert_eq(&messages(&log, folder.path()));
}

#[test]
fn the_option_needs_files() {
    for value in ["true", "false"] {
        let mut command = cuc_mock(&["--watch", "--listen", "127.0.0.1:0"]);
        let (status, stdout, stderr) = output(command.env("CUC_MOCK_WATCH", value));
        assert_eq!((status, stdout.as_str()), (2, ""));
        assert_eq!(stderr, "--watch requires --fixtures or --resources\n");
    }
}

#[cfg(unix)]
#[test]
fn a_fifo_among_the_fixtures_is_an_error_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tenants.xml"), tenants(&["one"])).unwrap();
    let mut server = start_server(folder.path());
    let fifo = folder.path().join("fifo.xml");
    make_fifo(&fifo);
    server.wait_for_log("fifo.xml: cannot be read: it is a FIFO, expected a regular file");
    assert_eq!(aliases(server.client()), ["one"]);
    fs::remove_file(fifo).unwrap();
    fs::write(folder.path().join("tenants.xml"), tenants(&["two"])).unwrap();
    wait_for_reload(&mut server, &["two"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_threads_of_many_reloads_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("services.xml");
    fs::write(&file, services(3_000)).unwrap();
    let server = start_server(&file);
    let client = server.client();
    let fixtures = client.control("GET", "/__mock/state", "").body;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.control("PUT", "/__mock/state", &fixtures));
        }
    });
    // Of the server, the log, the records that are dropped, and a poll.
    server.wait_for_threads(4);
}
