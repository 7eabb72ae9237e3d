//! `/__mock`, and paths outside both prefixes.

use cuc_mock::CucMock;
use expect_test::expect;
use serde_json::Value;

use crate::support::Client;

#[track_caller]
fn get(path: &str) -> String {
    let mock = CucMock::start_blocking();
    Client::of(&mock).request("GET", path, "", b"").to_string()
}

#[test]
fn the_health_check_needs_no_credentials() {
    expect![[r#"
        200 OK
        Content-Type: application/json

        {"status":"up","version":"0.1.0","cuc_version":"10.5"}
    "#]]
    .assert_eq(&get("/__mock/health"));
}

#[test]
fn the_control_plane_lists_its_operations() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let index = client.control("GET", "/__mock", "");
    let index_of = |path| client.control("GET", path, "").body;
    assert_eq!(index_of("/__mock/"), index.body);
    let mut index: Value = serde_json::from_str(&index.body).unwrap();
    let operations = index["operations"].take();
    let lines = operations.as_array().unwrap().iter().map(|operation| {
        let part = |name| operation[name].as_str().unwrap().to_owned();
        format!("{} {}: {}\n", part("method"), part("path"), part("summary"))
    });
    expect![[r#"
        GET /__mock: List the operations of the control plane
        GET /__mock/ca.pem: Get the certificate of the CA to trust
        GET /__mock/clock: Get the clock of a space
        PUT /__mock/clock: Set the clock
        POST /__mock/clock/advance: Advance the clock, or move it back
        DELETE /__mock/coverage: Reset the coverage
        GET /__mock/coverage: Get the coverage of the API
        GET /__mock/diff: Compare the records of a space with the seed, a snapshot or another space
        DELETE /__mock/faults: Delete all faults
        GET /__mock/faults: List the faults of a space
        POST /__mock/faults: Create a fault
        DELETE /__mock/faults/{number}: Delete a fault
        GET /__mock/faults/{number}: Get a fault
        GET /__mock/health: Get the health of the server
        GET /__mock/metrics: Get the metrics of the server for Prometheus
        GET /__mock/objects: List the objects of a resource as a table
        GET /__mock/objects/{path}: Get an object, the objects that it refers to, and those that refer to it
        GET /__mock/openapi.json: Get this document
        POST /__mock/reload: Load the fixtures again
        DELETE /__mock/requests: Empty the journal
        GET /__mock/requests: List the requests in the journal
        POST /__mock/requests/verify: Verify the requests of a client
        POST /__mock/reset: Reset a space to its initial state
        GET /__mock/resources: List the resources of a space with the numbers of their records
        GET /__mock/resources/{path}: Get the fields of a resource with their rules and the evidence
        GET /__mock/snapshots: List the snapshots of a space
        DELETE /__mock/snapshots/{name}: Delete a snapshot
        PUT /__mock/snapshots/{name}: Take a snapshot of the records of a space
        POST /__mock/snapshots/{name}/restore: Restore the records of a snapshot
        GET /__mock/spaces: List all spaces
        POST /__mock/spaces: Create a space
        DELETE /__mock/spaces/{name}: Delete a space
        GET /__mock/spaces/{name}: Get a space
        DELETE /__mock/spaces/{name}/resources: Return a space to the resources of the server
        PUT /__mock/spaces/{name}/resources: Give a space resources of its own
        GET /__mock/state: Get all records of a space
        PUT /__mock/state: Replace all records of a space
    "#]]
    .assert_eq(&lines.collect::<String>());
    expect![[r#"{"cuc_version":"10.5","openapi":"/__mock/openapi.json","operations":null,"sign_in":"any","spaces":"off","version":"0.1.0"}"#]].assert_eq(&index.to_string());
}

#[test]
fn the_control_plane_names_an_unknown_path() {
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"the control plane has no /__mock/nothing, expected one of GET /__mock"}
    "#]]
    .assert_eq(&get("/__mock/nothing"));
}

#[test]
fn other_paths_get_a_404_that_names_both_prefixes_and_need_no_credentials() {
    expect![[r#"
        404 Not Found
        Content-Type: text/plain;charset=UTF-8

        There is nothing at /cuadmin/home.do: cuc-mock serves /vmrest and /__mock

    "#]]
    .assert_eq(&get("/cuadmin/home.do"));
    expect![[r#"
        404 Not Found
        Content-Type: text/plain;charset=UTF-8

        There is nothing at /: cuc-mock serves /vmrest and /__mock

    "#]]
    .assert_eq(&get("/"));
}

#[test]
fn options_of_the_whole_server_returns_its_methods_to_a_load_balancer() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for target in ["/", "*"] {
        let response = client.request("OPTIONS", target, "", b"");
        expect![[r#"
            200 OK
            Content-Type: text/plain;charset=UTF-8
            Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS
        "#]]
        .assert_eq(&response.to_string());
    }
    let response = client.raw(b"OPTIONS / HTTP/1.0\r\n\r\n");
    let response = String::from_utf8(response).expect("text");
    assert!(response.starts_with("HTTP/1.0 200 OK\r\n"), "{response}");
    assert_eq!(client.request("OPTIONS", "/cuadmin", "", b"").status, 404);
}

#[test]
fn a_rejected_body_that_the_client_has_not_sent_closes_the_connection() {
    let mock = CucMock::start_blocking();
    let request = "POST /cuadmin HTTP/1.1\r\nHost: cuc\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n";
    let response = Client::of(&mock).raw(request.as_bytes());
    let response = String::from_utf8(response).unwrap();
    let (head, _) = response.split_once("\r\n\r\n").unwrap();
    let lines = head.lines().map(|line| match line.split_once(": ") {
        Some(("Date", _)) => "Date: NOW",
        _ => line,
    });
    expect![[r#"
        HTTP/1.1 404 Not Found
        Content-Type: text/plain;charset=UTF-8
        Connection: close
        Date: NOW
        X-Request-Id: 1
        Content-Length: 66
    "#]]
    .assert_eq(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
}
