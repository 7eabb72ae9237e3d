//! The public API of the library.

use std::{
    collections::HashSet,
    env,
    io::Write,
    net::{TcpListener, TcpStream},
    process::Command,
    sync::LazyLock,
    thread,
    time::Duration,
};

use cuc_mock::{CucMock, Fault, JournalEntry, Release, RequestPattern, Service, StartError};
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, DEADLINE, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn a_server_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<CucMock>();
}

#[test]
#[ignore = "fails on purpose; another test runs it"]
fn fails_with_a_running_server() {
    let mock = CucMock::builder().seed(4711).start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/tenants");
    client.post(SERVICES, exchange().with("ServerType", "9").xml());
    client.post(SERVICES, exchange().without("ServicePassword").xml());
    mock.restore("missing");
}

#[test]
#[ignore = "fails on purpose; another test runs it"]
fn fails_without_a_request() {
    let _mock = CucMock::builder().seed(4711).start_blocking();
    panic!("at once");
}

#[test]
#[ignore = "fails on purpose; another test runs it"]
fn fails_in_spaces_of_a_shared_server() {
    static SERVER: LazyLock<CucMock> =
        LazyLock::new(|| CucMock::builder().seed(4711).start_blocking());
    let alice = SERVER.space("alice");
    let _bob = SERVER.space("bob");
    let _clone = alice.clone();
    for user in ["alice", "bob", "carol"] {
        let uri = format!(
            "http://{user}:any@{}/vmrest/tenants/{user}",
            SERVER.address()
        );
        ureq::get(uri).call().unwrap_err();
    }
    alice.restore("missing");
}

/// Runs a test that fails. Returns its output to stderr.
#[track_caller]
fn stderr_of(name: &str) -> String {
    let mut command = Command::new(env::current_exe().expect("the tests have a path"));
    command.args(["--ignored", "--exact", name, "--nocapture"]);
    let (status, _, stderr) = crate::support::output(command.env("RUST_BACKTRACE", "0"));
    assert_eq!(status, 101, "the test fails and does not abort: {stderr}");
    stderr
}

/// Runs a test that fails. Returns its output to stderr from the first line of the server on.
#[track_caller]
fn report_of(name: &str) -> String {
    let stderr = stderr_of(name);
    assert!(stderr.contains("tests/library.rs:"), "{stderr}");
    let start = stderr.find("cuc-mock: ").expect("a report");
    stderr[start..].to_owned()
}

#[test]
fn a_failing_test_prints_the_last_requests_with_the_reasons_of_rejections_and_the_seed() {
    expect![[r#"
        cuc-mock: the last requests (3 of 3):
          #1 GET /vmrest/tenants, answered with 200
          #2 POST /vmrest/externalservices, answered with 400
            rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, Adding Unified Messaging Service)
          #3 POST /vmrest/externalservices, answered with 400
            rejected: Invalid parameter. Parameter = [ServicePassword]: expected a value, it is mandatory (documented: guide, Adding Unified Messaging Service)
        cuc-mock: the seed was 4711, run the test again with CUC_MOCK_SEED=4711 to repeat it
    "#]].assert_eq(&report_of("library::fails_with_a_running_server"));
}

#[test]
fn a_failing_test_reports_that_no_request_arrived() {
    expect![[r#"
        cuc-mock: no request arrived
        cuc-mock: the seed was 4711, run the test again with CUC_MOCK_SEED=4711 to repeat it
    "#]]
    .assert_eq(&report_of("library::fails_without_a_request"));
}

#[test]
fn a_failing_test_prints_the_requests_to_its_spaces_of_a_shared_server() {
    expect![[r#"
        cuc-mock: the last requests (1 of 1):
          in the space bob: #1 GET /vmrest/tenants/bob, answered with 404
            rejected: tenant - ObjectId=bob (documented)
        cuc-mock: the seed was 4711, run the test again with CUC_MOCK_SEED=4711 to repeat it
        cuc-mock: the last requests (1 of 1):
          in the space alice: #1 GET /vmrest/tenants/alice, answered with 404
            rejected: tenant - ObjectId=alice (documented)
    "#]]
    .assert_eq(&report_of("library::fails_in_spaces_of_a_shared_server"));
}

#[test]
fn the_seed_of_a_test_takes_precedence_over_the_environment() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "library::prints_its_seed",
        "--nocapture",
    ]);
    let (_, stdout, _) = crate::support::output(command.env("CUC_MOCK_SEED", "31"));
    assert!(stdout.contains("seed 31, seed 2"), "{stdout}");
}

#[test]
#[ignore = "fails on purpose; another test runs it"]
fn expects_a_request_that_is_never_sent() {
    let mock = CucMock::start_blocking();
    let _expected = mock.expect(RequestPattern::post("tenants").exactly(1));
    let _ = ureq::get(mock.uri()).call();
}

#[test]
#[ignore = "fails on purpose; another test runs it"]
fn panics_before_its_expectation_is_met() {
    let mock = CucMock::start_blocking();
    let _expected = mock.expect(RequestPattern::post("tenants").exactly(1));
    panic!("for another reason");
}

#[test]
fn an_expectation_is_verified_on_drop_but_not_while_panicking() {
    let stderr = stderr_of("library::expects_a_request_that_is_never_sent");
    assert!(
        stderr.contains("the expectation at tests/library.rs:"),
        "{stderr}"
    );
    assert!(
        stderr.contains("expected POST /vmrest/tenants exactly once"),
        "{stderr}"
    );
    let stderr = stderr_of("library::panics_before_its_expectation_is_met");
    assert!(stderr.contains("for another reason"), "{stderr}");
    assert!(!stderr.contains("exactly once"), "{stderr}");
}

#[tokio::test]
async fn a_failed_verification_names_the_line_of_its_caller() {
    let mock = CucMock::start().await;
    let requests = RequestPattern::any().at_least(1);
    let verification = mock.verify(requests.within(Duration::from_millis(1)));
    let line = line!() - 1;
    let panic = tokio::spawn(verification).await.unwrap_err().into_panic();
    let message = panic.downcast_ref::<String>().unwrap();
    let place = format!("tests/library.rs:{line}:");
    assert!(message.starts_with(&place), "{message}");
}

#[tokio::test]
async fn a_verification_does_not_block_the_runtime_of_the_test() {
    let mock = CucMock::start().await;
    let uri = mock.uri();
    let client = tokio::task::spawn_blocking(move || ureq::get(uri).call().map(drop));
    mock.verify(
        RequestPattern::get("/")
            .exactly(1)
            .within(Duration::from_secs(60)),
    )
    .await;
    assert!(client.await.unwrap().is_err(), "404");
}

#[test]
fn a_fault_can_be_counted_listed_and_ended() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let fault = mock.fault(Fault::answer(201, "made up").on(RequestPattern::get("tenants")));
    assert_eq!(client.get("/vmrest/tenants").body, "made up");
    assert_eq!(
        (fault.matched(), fault.hits(), fault.is_active()),
        (1, 1, true)
    );
    assert_eq!(mock.faults().len(), 1);
    fault.clone().end();
    assert_eq!((fault.matched(), fault.is_active()), (0, false));
    assert_eq!(client.get("/vmrest/tenants").status, 200);
    mock.fault(Fault::busy());
    mock.fault(Fault::close());
    mock.end_faults();
    assert_eq!(client.get("/vmrest/tenants").status, 200);
}

#[test]
fn a_scoped_fault_ends_with_its_guard() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let space = mock.space("alice");
    {
        let _other_space = space.scoped_fault(Fault::close());
        let fault = mock.scoped_fault(Fault::answer(404, "made up"));
        assert_eq!(client.get("/vmrest/tenants").body, "made up");
        assert_eq!((fault.matched(), fault.hits()), (1, 1));
        assert!(fault.is_active());
    }
    assert_eq!(client.get("/vmrest/tenants").status, 200);
    assert_eq!((mock.faults().len(), space.faults().len()), (0, 0));
}

#[test]
fn a_guard_from_before_a_reset_does_not_end_a_later_fault() {
    let mock = CucMock::start_blocking();
    let before = mock.scoped_fault(Fault::busy());
    mock.reset();
    let after = mock.fault(Fault::busy());
    assert_eq!(before.number(), after.number());
    drop(before);
    assert!(after.is_active());
}

#[test]
fn a_rejected_request_has_its_reason_and_the_body_of_its_response() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let rejection = client.post(SERVICES, exchange().with("ServerType", "9").xml());
    let list = client.get("/vmrest/tenants");
    let requests = mock.requests();
    let reason = requests[0].reason().expect("a rejection");
    assert_eq!(reason.kind(), "invalid_data");
    let field = (reason.field(), reason.value(), reason.expected());
    assert_eq!(field, (Some("ServerType"), Some("9"), Some("1, 4 or 5")));
    assert_eq!(
        reason.evidence(),
        "documented: guide, Adding Unified Messaging Service"
    );
    assert!(rejection.body.contains(reason.message()), "{rejection}");
    assert_eq!(requests[0].response_body_text(), Some(&*rejection.body));
    assert!(requests[1].reason().is_none());
    assert_eq!(requests[1].response_body_text(), Some(&*list.body));
}

#[test]
fn requests_are_selected_by_a_pattern() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    client.get("/vmrest/tenants");
    client.get("/vmrest/unknown");
    let numbers = |pattern| {
        let requests = mock.requests_matching(&pattern);
        requests
            .iter()
            .map(JournalEntry::number)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(RequestPattern::any()), [1, 2, 3]);
    assert_eq!(numbers(RequestPattern::any().method("GET")), [2, 3]);
    assert_eq!(numbers(RequestPattern::any().status(404)), [3]);
    let redacted = mock.requests_matching(&RequestPattern::post("externalservices"));
    assert_eq!(
        redacted[0].field("ServicePassword").as_deref(),
        Some("[redacted]")
    );
}

#[test]
fn a_closure_selects_requests_by_their_decoded_fields_secrets_included() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    client.get(SERVICES);
    let with_password =
        RequestPattern::post("externalservices").matching("a password", |request| {
            let mut fields = request.fields().into_iter();
            fields.any(|(name, value)| name == "ServicePassword" && value != "[redacted]")
                && request.space() == "default"
                && request.status() == Some(201)
        });
    assert_eq!(mock.requests_matching(&with_password).len(), 1);
    mock.verify_blocking(with_password.clone().exactly(1));
    assert_eq!(with_password, with_password.clone());
    let failure = mock
        .try_verify_blocking(with_password.exactly(2))
        .unwrap_err();
    expect![[r#"
        expected POST /vmrest/externalservices matching "a password" exactly 2 times
        found 1 among 2 requests
        the closest are
          #2 GET /vmrest/externalservices, answered with 200
            method: found GET, expected POST"#]]
    .assert_eq(&failure.to_string());
    let long = RequestPattern::post("externalservices")
        .matching("a name in capitals", |request| {
            let name = request.field("DisplayName").expect("it is a create");
            name.chars().all(char::is_uppercase)
        })
        .matching("no tenant", |request| {
            request.field("TenantObjectId").is_some()
        });
    let failure = mock.try_verify_blocking(long).unwrap_err();
    expect![[r#"
        expected POST /vmrest/externalservices matching "a name in capitals" and "no tenant" at least once
        found 0 among 2 requests
        the closest are
          #2 GET /vmrest/externalservices, answered with 200
            method: found GET, expected POST
          #1 POST /vmrest/externalservices, answered with 201
            predicate: found false, expected a name in capitals
            predicate: found false, expected no tenant"#]].assert_eq(&failure.to_string());
}

#[test]
fn a_fault_hits_the_requests_that_a_closure_selects() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let creates = RequestPattern::post("externalservices");
    let one = creates.matching("one service", |request| {
        request.field("DisplayName").as_deref() == Some("one")
    });
    let fault = mock.fault(Fault::answer(404, "made up").on(one));
    client.create(SERVICES, exchange().with("DisplayName", "two").xml());
    let rejected = client.post(SERVICES, exchange().with("DisplayName", "one").xml());
    assert_eq!((&*rejected.body, fault.hits()), ("made up", 1));
    let listed = client.get("/__mock/faults").body;
    assert!(listed.contains(r#""matching":["one service"]"#), "{listed}");
}

#[test]
fn json_cannot_contain_a_closure() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).control(
        "POST",
        "/__mock/requests/verify",
        r#"{"requests": {"matching": ["one service"]}}"#,
    );
    expect![[r#"{"error":"found \"requests.matching\", expected one of method, path, query, headers, fields, status, provenance"}"#]].assert_eq(&response.body);
}

#[tokio::test]
async fn a_closure_that_depends_on_the_response_is_called_again_when_there_is_one() {
    let mock = CucMock::start().await;
    let slow = mock.fault(Fault::slow(Duration::from_millis(50)));
    let tenants = RequestPattern::get("tenants");
    let answered = tenants.matching("a response", |request| request.status() == Some(200));
    let waiting = mock.try_verify(answered.within(DEADLINE));
    let client = Client::of(&mock);
    let sending = tokio::task::spawn_blocking(move || client.get("/vmrest/tenants"));
    assert_eq!(waiting.await.ok(), Some(1));
    sending.await.unwrap();
    assert_eq!(slow.hits(), 1);
}

#[tokio::test]
async fn a_panic_in_a_closure_ends_only_its_own_wait() {
    let mock = CucMock::start().await;
    let tenants = RequestPattern::get("tenants");
    let panicking = tenants
        .clone()
        .matching("a panic", |_| panic!("the closure fails"));
    let panicking = tokio::spawn(mock.try_verify(panicking.within(DEADLINE)));
    let waiting = tokio::spawn(mock.try_verify(tenants.exactly(2).within(DEADLINE)));
    let client = Client::of(&mock);
    let get = move || tokio::task::spawn_blocking(move || client.get("/vmrest/tenants"));
    get().await.unwrap();
    let panic = panicking.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref(), Some(&"the closure fails"));
    get().await.unwrap();
    assert_eq!(waiting.await.unwrap().ok(), Some(2));
}

#[test]
#[should_panic(expected = "the closure fails")]
fn a_panic_in_a_closure_fails_the_test() {
    let mock = CucMock::start_blocking();
    Client::of(&mock).get("/vmrest/tenants");
    let requests = RequestPattern::any().matching("a panic", |_| panic!("the closure fails"));
    mock.verify_blocking(requests);
}

#[test]
fn a_panic_in_the_closure_of_a_fault_fails_only_its_requests() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let tenants = RequestPattern::get("tenants").matching("a panic", |_| panic!("at once"));
    let _fault = mock.scoped_fault(Fault::busy().on(tenants));
    let response = client.request_unchecked("GET", "/vmrest/tenants", ADMIN_AUTHORIZATION);
    expect![[r#"
        500 Internal Server Error
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>INTERNAL_ERROR</code>
        <message>A closure that selects the requests of a fault panicked</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&response.to_string());
    assert_eq!(client.get(SERVICES).status, 200);
}

#[test]
fn the_journal_redacts_secrets_unless_they_are_requested() {
    let mock = CucMock::start_blocking();
    Client::of(&mock).create(SERVICES, exchange().xml());
    let [request] = &mock.requests()[..] else {
        panic!("one request was sent");
    };
    assert_eq!((request.method(), request.path()), ("POST", SERVICES));
    assert_eq!(request.status(), Some(201));
    assert_eq!(
        request.field("ServicePassword").as_deref(),
        Some("[redacted]")
    );
    let request = &mock.requests_with_secrets()[0];
    assert_eq!(
        request.field("ServicePassword").as_deref(),
        Some("ecsbulab")
    );
}

#[test]
fn secrets_in_attributes_and_headers_are_redacted() {
    let mock = CucMock::start_blocking();
    let body = "<ExternalService><ServicePassword v=\"hush\"/></ExternalService>";
    let headers =
        "X-Auth-Token: hush\r\nX-Api-Key: hush\r\nREQUEST_TOKEN_KEY: hush\r\nX-Keyboard: loud\r\n";
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\n{headers}");
    Client::of(&mock).request("POST", SERVICES, &headers, body.as_bytes());
    let request = &mock.requests()[0];
    assert!(!format!("{request:?}").contains("hush"), "{request:?}");
    assert!(!request.body_text().unwrap().contains("hush"));
    assert_eq!(request.header("x-keyboard"), Some("loud"));
}

#[test]
fn debug_output_contains_no_records_or_secrets() {
    let builder = CucMock::builder()
        .seed(1)
        .service(Service::exchange("Mail").account("a", "hush"));
    let debug = format!("{builder:?}");
    assert!(!debug.contains("hush"), "{debug}");
    let mock = builder.start_blocking();
    assert_eq!(
        format!("{:?}", mock.space("x")),
        r#"Space { name: "x", seed: 1, .. }"#
    );
    assert!(format!("{mock:?}").starts_with("CucMock { address: 127.0.0.1:"));
}

#[test]
fn a_chunk_fault_does_not_affect_a_response_without_a_body() {
    let mock = CucMock::start_blocking();
    mock.fault(Fault::malformed_chunk());
    let client = Client::of(&mock);
    let id = mock.add_service(Service::exchange("Mail"));
    let response = client.delete(&format!("{SERVICES}/{id}"));
    assert_eq!((response.status, response.body.as_str()), (204, ""));
}

#[test]
fn an_invalid_seed_in_the_environment_aborts_the_start() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "library::prints_its_seed"]);
    let (_, stdout, _) = crate::support::output(command.env("CUC_MOCK_SEED", "1O"));
    let reason = r#"CUC_MOCK_SEED is "1O", expected a whole number from 0"#;
    assert!(stdout.contains(reason), "{stdout}");
}

#[test]
fn coverage_is_available_per_space_and_in_total() {
    let mock = CucMock::start_blocking();
    Client::of(&mock).get(SERVICES);
    assert!(mock.coverage().touched() > 0);
    let alice = mock.space("alice");
    assert_eq!(alice.coverage().touched(), 0);
    assert_eq!(
        mock.coverage_of_all_spaces().touched(),
        mock.coverage().touched()
    );
}

#[test]
#[ignore = "another test checks its output"]
fn prints_its_seed() {
    let seeded = CucMock::builder().seed(2).start_blocking();
    println!(
        "seed {}, seed {}",
        CucMock::start_blocking().seed(),
        seeded.seed()
    );
}

#[test]
fn two_hundred_concurrent_servers_share_nothing() {
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
fn no_two_servers_of_a_process_get_the_same_port() {
    let mut ports = HashSet::new();
    for _ in 0..300 {
        let mock = CucMock::start_blocking();
        assert!(ports.insert(mock.address().port()));
    }
}

#[test]
fn dropping_a_server_closes_its_port() {
    let mock = CucMock::start_blocking();
    let address = mock.address();
    let idle = TcpStream::connect(address).unwrap();
    drop(mock);
    assert!(TcpStream::connect(address).is_err());
    drop(idle);
}

#[test]
fn a_server_runs_inside_a_single_threaded_runtime_while_the_test_blocks() {
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
fn the_same_seed_and_requests_yield_the_same_ids() {
    let created = |seed: u64| {
        let mock = CucMock::builder().seed(seed).start_blocking();
        let client = Client::of(&mock);
        // Neither a read nor a rejected request uses an ID.
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
fn a_listener_of_the_caller_is_used() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mock = CucMock::builder().listener(listener).start_blocking();
    assert_eq!(mock.address(), address);
    assert_eq!(mock.uri(), format!("http://{address}"));
    assert_eq!(Client::of(&mock).get(SERVICES).status, 200);
}

#[test]
fn mistakes_in_fixtures_are_returned_or_panic_with_their_positions() {
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
        the fixtures have errors
        services.xml:2:3: found <Service>, expected <ExternalService>"#]]
    .assert_eq(&message);
    let panic = thread::spawn(move || CucMock::builder().fixtures(&path).start_blocking());
    let panic = panic.join().expect_err("a panic");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.contains(":2:3: found <Service>"), "{text}");
}

#[test]
fn a_connection_serves_pipelined_requests() {
    let mock = CucMock::start_blocking();
    let mut stream = Client::of(&mock).connect();
    let head =
        "GET /vmrest/tenants?rowsPerPage=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n";
    write!(stream, "{head}\r\n{head}Connection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    assert_eq!(text.matches(r#"<Tenants total="2"/>"#).count(), 2, "{text}");
}
