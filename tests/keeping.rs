//! A sandbox that is kept in a file.

use std::{
    collections::HashSet,
    env, fs,
    path::Path,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use expect_test::expect;

use crate::support::{Client, SIGNED_IN, Started, cuc_mock, exchange, output, tenants};

const SERVICES: &str = "/vmrest/externalservices";
const TENANTS: &str = "/vmrest/tenants";
const STATE: &str = "/__mock/state";

#[track_caller]
fn keeping(file: &Path, more: &[&str]) -> Started {
    let file = file.to_str().expect("UTF-8");
    let options = ["--listen", "127.0.0.1:0", "--log", "json", "--state", file];
    Started::new(&mut cuc_mock(&[&options, more].concat()))
}

/// What is in the folder, in alphabetical order.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// Waits until the file holds what the server does.
#[track_caller]
fn wait_until_saved(client: Client, file: &Path) {
    let begun = Instant::now();
    while client.control("GET", STATE, "").body != fs::read_to_string(file).expect("a state") {
        assert!(begun.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs the server as it would begin; tells the exit status and stderr.
#[track_caller]
fn refused(file: &str, more: &[&str]) -> (i32, String) {
    let options = ["--listen", "127.0.0.1:0", "--log", "off", "--state", file];
    let (status, stdout, stderr) = output(&mut cuc_mock(&[&options, more].concat()));
    assert_eq!(stdout, "");
    (status, stderr)
}

#[test]
fn it_begins_from_the_seed_and_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let mut state = String::new();
    for (signal, name) in [("TERM", "first"), ("INT", "second")] {
        let server = keeping(&file, &[]);
        let client = server.client();
        let began = client.control("GET", STATE, "").body;
        assert_eq!(fs::read_to_string(&file).unwrap(), began);
        assert!(state.is_empty() || state == began);
        let secret = exchange()
            .with("DisplayName", name)
            .with("ServicePassword", "hush");
        client.create(SERVICES, secret.xml());
        state = client.control("GET", STATE, "").body;
        assert!(state.contains("hush"));
        server.signal(signal);
        assert_eq!(server.end().0, Some(0));
        assert_eq!(fs::read_to_string(&file).unwrap(), state);
    }
    assert_eq!(files(folder.path()), ["state.xml"]);
    let path = file.to_str().unwrap();
    assert_eq!(output(&mut cuc_mock(&["check", path])).0, 0);
}

#[test]
#[cfg(unix)]
fn only_its_owner_may_read_it_and_a_link_stays_one() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("state.xml"), folder.path().join("link"));
    fs::write(&file, tenants(&["one"])).unwrap();
    symlink(&file, &link).unwrap();
    let server = keeping(&link, &[]);
    assert!(
        server
            .client()
            .get(TENANTS)
            .body
            .contains("<Alias>one</Alias>")
    );
    server.client().create(SERVICES, exchange().xml());
    server.signal("TERM");
    server.end();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let found = fs::metadata(&file).unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("ServicePassword")
    );
}

#[test]
fn every_kind_of_change_is_saved_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (file, seed) = (folder.path().join("state"), folder.path().join("seed.xml"));
    fs::write(&seed, tenants(&["one"])).unwrap();
    let server = keeping(&file, &["--fixtures", seed.to_str().unwrap()]);
    let client = server.client();
    let path = client.create(SERVICES, exchange().xml());
    wait_until_saved(client, &file);
    client.put(
        &path,
        "<ExternalService><Server>changed</Server></ExternalService>",
    );
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("changed"));
    client.control("PUT", "/__mock/snapshots/kept", "");
    client.delete(&path);
    wait_until_saved(client, &file);
    assert!(!fs::read_to_string(&file).unwrap().contains("changed"));
    client.control("POST", "/__mock/snapshots/kept/restore", "");
    wait_until_saved(client, &file);
    client.control("PUT", STATE, &tenants(&["put"]));
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("put"));
    fs::write(&seed, tenants(&["reloaded"])).unwrap();
    client.control("POST", "/__mock/reload", "");
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("reloaded"));
    client.delete(&format!("{TENANTS}/00000000-0000-4000-8000-000000000001"));
    wait_until_saved(client, &file);
    client.control("POST", "/__mock/reset", "");
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("reloaded"));
}

#[test]
fn the_state_beats_the_fixtures_and_a_reset_goes_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let (file, seed) = (folder.path().join("state"), folder.path().join("seed.xml"));
    fs::write(&seed, tenants(&["seed"])).unwrap();
    fs::write(&file, tenants(&["state"])).unwrap();
    let server = keeping(&file, &["--fixtures", seed.to_str().unwrap()]);
    let client = server.client();
    assert!(client.get(TENANTS).body.contains("<Alias>state</Alias>"));
    client.control("POST", "/__mock/spaces", r#"{"name":"other"}"#);
    let other = client.control("GET", "/__mock/state?space=other", "").body;
    assert!(
        other.contains("<Alias>seed</Alias>"),
        "only the default space is kept"
    );
    client.control("POST", "/__mock/reset", "");
    server.signal("TERM");
    assert_eq!(server.end().0, Some(0));
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("<Alias>seed</Alias>")
    );
}

#[test]
fn a_broken_state_stops_the_start_and_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let path = file.to_str().unwrap();
    let cut = "<UnityConnection>\n<Tenants><Tenant><Alias>a</Alias>";
    fs::write(&file, cut).unwrap();
    let (status, stderr) = refused(path, &[]);
    assert_eq!(status, 2);
    expect![[r#"
        FILE:2:34: the document ends before its elements are closed
        FILE is left as it is: it is no state of release 10.5
    "#]]
    .assert_eq(&stderr.replace(path, "FILE"));
    assert_eq!(fs::read_to_string(&file).unwrap(), cut);
    let later = "fixtures/11.5/externalservices.xml";
    fs::copy(later, &file).unwrap();
    let (status, stderr) = refused(path, &[]);
    assert_eq!(status, 2);
    expect!["FILE is left as it is: it is no state of release 10.5"]
        .assert_eq(stderr.replace(path, "FILE").lines().last().unwrap());
    assert_eq!(fs::read(&file).unwrap(), fs::read(later).unwrap());
    assert_eq!(files(folder.path()), ["state.xml"]);
}

#[test]
fn where_it_cannot_be_kept_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let missing = format!("{path}/missing/state.xml");
    let device = "/dev/null".to_owned();
    // Nobody may write there, not even who may do all.
    let kernel = "/proc/state.xml".to_owned();
    let mut told = String::new();
    for file in [path.to_owned(), missing, device, kernel] {
        let (status, stderr) = refused(&file, &[]);
        assert_eq!(status, 1, "{stderr}");
        told.push_str(&stderr.replace(path, "FOLDER"));
    }
    expect![[r#"
        FOLDER: the state cannot be kept there: it is a folder, expected a file
        FOLDER/missing/state.xml: the state cannot be kept there: its folder is not there
        /dev/null: the state cannot be kept there: it is no regular file, and cannot be replaced
        /proc/state.xml: the state cannot be kept there: no file can be made in the folder /proc: No such file or directory (os error 2)
    "#]].assert_eq(&told);
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_state_among_the_fixtures_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let seed = folder.path().join("seed.xml");
    fs::write(&seed, tenants(&["seed"])).unwrap();
    let mut told = String::new();
    for (state, fixtures) in [("seed.xml", "/seed.xml"), ("state.xml", "")] {
        let fixtures = format!("{path}{fixtures}");
        let (status, stderr) = refused(&format!("{path}/{state}"), &["--fixtures", &fixtures]);
        assert_eq!(status, 2);
        told.push_str(&stderr.replace(path, "FOLDER"));
    }
    expect![[r#"
        FOLDER/seed.xml: expected --state not to be one of --fixtures, nor in a folder of them
        FOLDER/state.xml: expected --state not to be one of --fixtures, nor in a folder of them
    "#]]
    .assert_eq(&told);
    assert_eq!(files(folder.path()), ["seed.xml"]);
    assert_eq!(fs::read_to_string(&seed).unwrap(), tenants(&["seed"]));
}

#[test]
#[cfg(unix)]
fn two_servers_do_not_share_a_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let first = keeping(&file, &[]);
    first.client().create(SERVICES, exchange().xml());
    wait_until_saved(first.client(), &file);
    let path = file.to_str().unwrap();
    let (status, stderr) = refused(path, &[]);
    assert_eq!(status, 1);
    expect![[r#"
        FILE: the state cannot be kept there: another server keeps its state there
    "#]]
    .assert_eq(&stderr.replace(path, "FILE"));
    first.kill();
    let second = keeping(&file, &[]);
    assert!(second.client().get(SERVICES).body.contains(r#"total="6""#));
}

#[test]
#[cfg(unix)]
fn of_many_that_start_at_once_one_gets_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let servers: Vec<_> = thread::scope(|scope| {
        let start = || scope.spawn(|| keeping(&file, &[]));
        let starts: Vec<_> = (0..8).map(|_| start()).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    let runs = servers
        .iter()
        .filter(|server| server.line.starts_with("listening"));
    assert_eq!(runs.count(), 1);
    drop(servers);
    assert_eq!(files(folder.path()), ["state.xml"]);
}

#[test]
fn a_folder_that_goes_away_is_told_and_saving_goes_on_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, away) = (folder.path().join("inner"), folder.path().join("away"));
    fs::create_dir(&inner).unwrap();
    let file = inner.join("state.xml");
    let mut server = keeping(&file, &[]);
    let client = server.client();
    fs::rename(&inner, &away).unwrap();
    client.create(SERVICES, exchange().xml());
    let told = server.wait_to_tell("cannot be saved");
    assert!(
        told.contains("the server goes on and tries again"),
        "{told}"
    );
    assert_eq!(client.get(SERVICES).status, 200);
    fs::rename(&away, &inner).unwrap();
    server.wait_to_tell("the state is saved again");
    wait_until_saved(client, &file);
    fs::rename(&inner, &away).unwrap();
    client.create(SERVICES, exchange().with("DisplayName", "late").xml());
    server.signal("TERM");
    let (status, _, stderr) = server.end();
    assert_eq!(status, Some(1), "{stderr}");
    let told = stderr
        .lines()
        .last()
        .unwrap_or_default()
        .replace(folder.path().to_str().unwrap(), "FOLDER");
    expect!["FOLDER/inner/state.xml: the state cannot be saved: no file can be made in the folder FOLDER/inner: No such file or directory (os error 2), what was changed last is lost"]
        .assert_eq(&told);
}

#[test]
fn what_a_killed_server_left_half_written_is_tidied_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    fs::write(folder.path().join("state.xml.saving"), "<Tena").unwrap();
    drop(keeping(&file, &[]));
    assert_eq!(files(folder.path()), ["state.xml"]);
}

#[test]
fn without_it_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0"]);
    let server = Started::new(command.current_dir(folder.path()));
    server.client().create(SERVICES, exchange().xml());
    server.signal("TERM");
    server.end();
    assert!(files(folder.path()).is_empty());
}

/// What was acknowledged so long before a kill is there afterwards.
const PROMISED: Duration = Duration::from_secs(1);

/// Kills a server in the middle of writes, 5 times, or as often as `CUC_MOCK_TEST_KILLS` says. With the variable set,
/// the machine is taken to be quick enough for the promised second too.
#[test]
fn a_kill_in_the_middle_of_writes_breaks_nothing_and_loses_the_last_second_at_most() {
    let asked = env::var("CUC_MOCK_TEST_KILLS").ok();
    let kills = asked
        .as_deref()
        .map_or(5, |text| text.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let path = file.to_str().unwrap();
    let mut worst = Duration::ZERO;
    let mut kept = HashSet::new();
    for kill in 0..kills {
        let server = keeping(&file, &[]);
        assert!(kept.is_subset(&names(&file)), "what was there stays there");
        let (acknowledged, saved, killed) = write_and_kill(server, kill, &file);
        let (status, _, stderr) = output(&mut cuc_mock(&["check", path]));
        assert_eq!(status, 0, "{stderr}");
        kept = names(&file);
        assert!(kept.is_superset(&saved), "what was saved stays saved");
        // They were written one after the other, and those that are missing are the last.
        let lost = acknowledged
            .iter()
            .position(|(name, _)| !kept.contains(name));
        let (_, lost) = acknowledged.split_at(lost.unwrap_or(acknowledged.len()));
        assert!(lost.iter().all(|(name, _)| !kept.contains(name)));
        if let Some((name, at)) = lost.first() {
            worst = worst.max(killed - *at);
            assert!(
                asked.is_none() || worst <= PROMISED,
                "{name} was lost after {worst:?}"
            );
        }
        assert!(files(folder.path()).len() <= 2);
        // Of more than 10,000 records nothing is promised.
        if kept.len() > 8_000 {
            fs::remove_file(&file).unwrap();
            kept.clear();
        }
    }
    println!("{kills} kills, what was lost was acknowledged {worst:?} before at most");
    drop(keeping(&file, &[]));
    assert_eq!(files(folder.path()), ["state.xml"]);
}

/// The names of the services in a state.
fn names(file: &Path) -> HashSet<String> {
    let state = fs::read_to_string(file).expect("a state");
    let names = state.split("<DisplayName>").skip(1);
    let names = names.filter_map(|rest| rest.split('<').next());
    names.map(str::to_owned).collect()
}

/// The names that were acknowledged, and when; those that had been saved some time before the kill; and when that was.
fn write_and_kill(
    server: Started,
    kill: u64,
    file: &Path,
) -> (Vec<(String, Instant)>, HashSet<String>, Instant) {
    let client = server.client();
    let acknowledged = Mutex::new(Vec::new());
    let mut saved = HashSet::new();
    let mut killed = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                let name = format!("kill {kill}, service {number}");
                if !create(client, &name) {
                    return;
                }
                acknowledged
                    .lock()
                    .expect("nobody panics")
                    .push((name, Instant::now()));
            }
        });
        // Not before something of this run was saved; then at any moment of saving.
        let begun = Instant::now();
        let first = format!("kill {kill}, service 0");
        while !names(file).contains(&first) {
            assert!(begun.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(kill * 137 % 1_000));
        saved = names(file);
        killed = Instant::now();
        server.kill();
    });
    (
        acknowledged.into_inner().expect("nobody panics"),
        saved,
        killed,
    )
}

/// Whether the server acknowledges a service of this name before it is gone.
fn create(client: Client, name: &str) -> bool {
    use std::io::{Read, Write};
    let body = exchange().with("DisplayName", name).xml();
    let length = body.len();
    let request = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{SIGNED_IN}Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let Ok(mut stream) = client.try_connect() else {
        return false;
    };
    let mut answer = String::new();
    let asked = stream.write_all(request.as_bytes());
    let answered = asked.and_then(|()| stream.read_to_string(&mut answer));
    answered.is_ok() && answer.starts_with("HTTP/1.1 201 ")
}
