//! Servers that are killed.

use std::{
    collections::HashSet,
    env, fs,
    io::{Read, Write},
    path::Path,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{SERVICES, file_names, start_server};
use crate::support::{
    ADMIN_AUTHORIZATION, Client, DEADLINE, FolderWatch, ServerProcess, cuc_mock, exchange, output,
};

/// The time after which an acknowledged write survives a kill.
const MAX_LOSS: Duration = Duration::from_secs(1);

#[test]
fn the_temporary_file_of_a_killed_server_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    fs::write(folder.path().join("state.xml.saving"), "<Tena").unwrap();
    drop(start_server(&file, &[]));
    assert_eq!(file_names(folder.path()), ["state.xml"]);
}

/// Kills a server during writes, 5 times or as often as `CUC_MOCK_TEST_KILLS` requests. With the variable set, the
/// test also requires that no write older than a second is lost, which a slow machine cannot guarantee.
#[test]
fn a_kill_during_writes_leaves_a_valid_state_and_loses_only_the_last_second() {
    let requested = env::var("CUC_MOCK_TEST_KILLS").ok();
    let kills = requested
        .as_deref()
        .map_or(5, |text| text.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let path = file.to_str().unwrap();
    let mut max_loss = Duration::ZERO;
    let mut stored = HashSet::new();
    for kill in 0..kills {
        let server = start_server(&file, &[]);
        assert!(
            stored.is_subset(&names(&file)),
            "a restart keeps all services"
        );
        let run = write_and_kill(server, kill, &file);
        let (status, _, stderr) = output(&mut cuc_mock(&["check", path]));
        assert_eq!(status, 0, "{stderr}");
        stored = names(&file);
        assert!(
            stored.is_superset(&run.saved),
            "a kill loses no saved service"
        );
        // The services were created one after another, so the lost ones are the last.
        let first_lost = run
            .acknowledged
            .iter()
            .position(|(name, _)| !stored.contains(name));
        let (_, lost) = run
            .acknowledged
            .split_at(first_lost.unwrap_or(run.acknowledged.len()));
        assert!(lost.iter().all(|(name, _)| !stored.contains(name)));
        if let Some((name, time)) = lost.first() {
            max_loss = max_loss.max(run.killed - *time);
            assert!(
                requested.is_none() || max_loss <= MAX_LOSS,
                "{name} was lost after {max_loss:?}"
            );
        }
        assert!(file_names(folder.path()).len() <= 2);
        // There is no guarantee for more than 10,000 records.
        if stored.len() > 8_000 {
            fs::remove_file(&file).unwrap();
            stored.clear();
        }
    }
    println!("{kills} kills lost writes of the last {max_loss:?} at most");
    drop(start_server(&file, &[]));
    assert_eq!(file_names(folder.path()), ["state.xml"]);
}

/// Returns the names of the services in a state.
fn names(file: &Path) -> HashSet<String> {
    let state = fs::read_to_string(file).expect("a state");
    let names = state.split("<DisplayName>").skip(1);
    let names = names.filter_map(|rest| rest.split('<').next());
    names.map(str::to_owned).collect()
}

/// The services of one server, and the time of its kill.
struct Run {
    /// The names of the acknowledged services, each with the time of its acknowledgement.
    acknowledged: Vec<(String, Instant)>,
    /// The names in the file just before the kill.
    saved: HashSet<String>,
    killed: Instant,
}

/// Creates services until the server is killed: after some of them were saved, at a different number of services and
/// in a different phase of saving each time.
fn write_and_kill(server: ServerProcess, kill: usize, file: &Path) -> Run {
    let watch = FolderWatch::new(file.parent().expect("a folder"));
    let client = server.client();
    let (sender, acknowledgements) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || create_services(client, kill, &sender));
        let first = service_name(kill, 0);
        watch.wait_until(|| names(file).contains(&first));
        let count = 1 + kill * 137 % 500;
        let mut acknowledged = receive(&acknowledgements, count);
        if kill % 2 == 1 {
            let temporary = file.with_extension("xml.saving");
            watch.wait_until(|| temporary.exists());
        }
        let saved = names(file);
        let killed = Instant::now();
        server.kill();
        acknowledged.extend(acknowledgements);
        Run {
            acknowledged,
            saved,
            killed,
        }
    })
}

fn receive(acknowledgements: &Receiver<(String, Instant)>, count: usize) -> Vec<(String, Instant)> {
    let next = |_| acknowledgements.recv_timeout(DEADLINE);
    let received: Result<Vec<_>, _> = (0..count).map(next).collect();
    received.expect("acknowledgements in time")
}

fn service_name(kill: usize, number: usize) -> String {
    format!("kill {kill}, service {number}")
}

/// Creates services until the server is gone.
fn create_services(client: Client, kill: usize, acknowledgements: &Sender<(String, Instant)>) {
    for number in 0.. {
        let name = service_name(kill, number);
        if !create_service(client, &name) {
            return;
        }
        let acknowledgement = (name, Instant::now());
        acknowledgements.send(acknowledgement).expect("a receiver");
    }
}

/// Creates a service. Returns false if the server was killed before it acknowledged the service.
fn create_service(client: Client, name: &str) -> bool {
    let body = exchange().with("DisplayName", name).xml();
    let length = body.len();
    let request = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let Ok(mut stream) = client.try_connect() else {
        return false;
    };
    let mut response = String::new();
    let sent = stream.write_all(request.as_bytes());
    let received = sent.and_then(|()| stream.read_to_string(&mut response));
    received.is_ok() && response.starts_with("HTTP/1.1 201 ")
}
