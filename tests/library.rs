//! The library's door.

use std::{
    collections::HashSet,
    env,
    io::Write,
    net::{TcpListener, TcpStream},
    process::Command,
    thread,
};

use cuc_mock::{CucMock, Release, StartError};
use expect_test::expect;

use crate::support::{Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn a_server_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<CucMock>();
}

#[test]
#[ignore = "it fails on purpose, for the test below"]
fn fails_with_a_server() {
    let mock = CucMock::builder().seed(4711).start_blocking();
    mock.restore("never taken");
}

#[test]
fn a_test_that_fails_is_told_the_seed_and_its_own_line() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "library::fails_with_a_server",
        "--nocapture",
    ]);
    let (status, _, stderr) = crate::support::output(&mut command);
    assert_ne!(status, 0);
    assert!(stderr.contains("tests/library.rs:"), "{stderr}");
    assert!(stderr.contains("CUC_MOCK_SEED=4711"), "{stderr}");
}

#[test]
fn the_environment_gives_the_seed_unless_the_test_does() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "library::tells_its_seed",
        "--nocapture",
    ]);
    let (_, stdout, _) = crate::support::output(command.env("CUC_MOCK_SEED", "31"));
    assert!(stdout.contains("seed 31, seed 2"), "{stdout}");
}

#[test]
#[ignore = "its output is for the test above"]
fn tells_its_seed() {
    let given = CucMock::builder().seed(2).start_blocking();
    println!(
        "seed {}, seed {}",
        CucMock::start_blocking().seed(),
        given.seed()
    );
}

#[test]
fn two_hundred_servers_live_at_once_and_share_nothing() {
    let mocks: Vec<_> = (0..200).map(|_| CucMock::start_blocking()).collect();
    let uris: HashSet<_> = mocks.iter().map(CucMock::uri).collect();
    assert_eq!(uris.len(), mocks.len());
    Client::of(&mocks[7]).create(SERVICES, exchange().xml());
    for (number, mock) in mocks.iter().enumerate() {
        let total = if number == 7 { 6 } else { 5 };
        let body = Client::of(mock).get(SERVICES).body;
        assert!(body.contains(&format!(r#"total="{total}""#)), "{number}");
    }
}

#[test]
fn a_port_is_never_given_twice() {
    let mut ports = HashSet::new();
    for _ in 0..300 {
        let mock = CucMock::start_blocking();
        assert!(ports.insert(mock.address().port()));
    }
}

#[test]
fn a_dropped_server_has_closed_its_port() {
    let mock = CucMock::start_blocking();
    let address = mock.address();
    let idle = TcpStream::connect(address).unwrap();
    drop(mock);
    assert!(TcpStream::connect(address).is_err());
    drop(idle);
}

#[test]
fn it_starts_and_stops_inside_any_runtime_and_answers_while_the_test_blocks() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mock = CucMock::start().await;
        assert_eq!(Client::of(&mock).get(SERVICES).status, 200);
        let other = CucMock::builder().release(Release::V14).start().await;
        assert_eq!(Client::of(&other).get(SERVICES).status, 200);
    });
}

#[test]
fn the_same_seed_and_requests_give_the_same_ids_and_others_give_others() {
    let created = |seed: u64| {
        let mock = CucMock::builder().seed(seed).start_blocking();
        let client = Client::of(&mock);
        // Neither a read nor a refusal takes an id.
        client.get(SERVICES);
        client.post(SERVICES, exchange().without("Server").xml());
        ["one", "two"]
            .map(|name| client.create(SERVICES, exchange().with("DisplayName", name).xml()))
    };
    assert_eq!(created(7), created(7));
    assert_ne!(created(7), created(8));
    let mock = CucMock::builder().seed(7).start_blocking();
    let path = Client::of(&mock).create(SERVICES, exchange().xml());
    assert_eq!(path, created(7)[0]);
}

#[test]
fn a_listener_of_the_callers_own_is_used() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mock = CucMock::builder().listener(listener).start_blocking();
    assert_eq!(mock.address(), address);
    assert_eq!(mock.uri(), format!("http://{address}"));
    assert_eq!(Client::of(&mock).get(SERVICES).status, 200);
}

#[test]
fn mistakes_in_fixtures_are_returned_or_panic_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("services.xml");
    std::fs::write(
        &path,
        "<ExternalServices>\n  <Service/>\n</ExternalServices>",
    )
    .unwrap();
    let error = CucMock::builder()
        .fixtures(&path)
        .try_start()
        .expect_err("a mistake");
    assert!(matches!(error, StartError::Fixtures(_)));
    let message = error
        .to_string()
        .replace(&path.display().to_string(), "services.xml");
    expect![[r#"
        the fixtures have mistakes
        services.xml:2:3: found <Service>, expected <ExternalService>"#]]
    .assert_eq(&message);
    let panic = thread::spawn(move || CucMock::builder().fixtures(&path).start_blocking());
    let panic = panic.join().expect_err("a panic");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.contains(":2:3: found <Service>"), "{text}");
}

#[test]
fn a_connection_serves_several_requests() {
    let mock = CucMock::start_blocking();
    let mut stream = Client::of(&mock).connect();
    let head =
        "GET /vmrest/tenants?rowsPerPage=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n";
    write!(stream, "{head}\r\n{head}Connection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    assert_eq!(text.matches(r#"<Tenants total="2"/>"#).count(), 2, "{text}");
}
