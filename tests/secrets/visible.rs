//! The places in which the text of a request shows by design, although it may be a secret. A test that fails here
//! means that the documentation must change as well.

use crate::support::{ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

fn server() -> ServerProcess {
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--log",
        "json",
        "--log-level",
        "trace",
    ];
    ServerProcess::start(&mut cuc_mock(&options))
}

fn journal(client: Client) -> String {
    client.control("GET", "/__mock/requests", "").body
}

#[test]
fn the_sender_of_a_request_reads_its_own_text_in_the_response() {
    let server = server();
    let client = server.client();
    let broken = "<ExternalService><ServicePassword>x</zq1></ExternalService>";
    assert!(client.post(SERVICES, broken).body.contains("zq1"));
    let invalid = exchange().with("IsEnabled", "zq1").xml();
    assert!(client.post(SERVICES, invalid).body.contains("zq1"));
    let query = format!("{SERVICES}?query=(zq1%20is%201)");
    assert!(client.get(&query).body.contains("zq1"));
    assert!(!journal(client).contains("\"body\":\"zq1"));
}

#[test]
fn the_journal_shows_values_without_the_name_of_a_secret() {
    let server = server();
    let client = server.client();
    client.post(
        SERVICES,
        "<ExternalService><DisplayName>password zq1</DisplayName><zq2/></ExternalService>",
    );
    client.request(
        "GET",
        "/vmrest/users/zq3?zq4=zq5",
        &format!("{ADMIN_AUTHORIZATION}X-A: zq6\r\n"),
        b"",
    );
    client.request("ZQ7", "/vmrest/users", ADMIN_AUTHORIZATION, b"");
    let journal = journal(client);
    for visible in ["zq1", "zq2", "zq3", "zq4", "zq5", "zq6", "ZQ7"] {
        assert!(journal.contains(visible), "{visible}: {journal}");
    }
}

#[test]
fn the_journal_shows_everything_to_a_client_that_asks_for_secrets() {
    let server = server();
    let client = server.client();
    client.request(
        "POST",
        "/vmrest/x;pin=zq1?pin=zq2",
        &format!("{ADMIN_AUTHORIZATION}X-Pin: zq3\r\n"),
        b"<Pin>zq4</",
    );
    let shown = client
        .control("GET", "/__mock/requests?secrets=true", "")
        .body;
    for visible in ["zq1", "zq2", "zq3", "zq4", "YWRtaW46c2VjcmV0"] {
        assert!(shown.contains(visible), "{visible}: {shown}");
    }
}

#[test]
fn the_log_shows_the_method_the_path_and_the_request_id() {
    let server = server();
    let client = server.client();
    let headers = format!("{ADMIN_AUTHORIZATION}X-Request-Id: zq1\r\n");
    client.request("ZQ2", "/vmrest/zq3", &headers, b"");
    server.signal("TERM");
    let (_, _, log) = server.wait_for_exit();
    for visible in ["zq1", "ZQ2", "zq3"] {
        assert!(log.contains(visible), "{visible}: {log}");
    }
}
