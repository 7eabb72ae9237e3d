//! Snapshots.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn a_snapshot_is_taken_restored_listed_and_deleted() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let first = client.create(SERVICES, exchange().xml());
    let before = client.get(SERVICES).body;
    let control =
        |method, path: &str| client.control(method, &format!("/__mock/snapshots{path}"), "");
    assert_eq!(control("PUT", "/one%20service").status, 204);
    client.delete(&first);
    assert_ne!(client.get(SERVICES).body, before);
    assert_eq!(control("POST", "/one%20service/restore").status, 204);
    assert_eq!(client.get(SERVICES).body, before);
    mock.reset();
    assert_eq!(control("GET", "").body, r#"{"snapshots":["one service"]}"#);
    assert_eq!(control("DELETE", "/one%20service").status, 204);
    assert_eq!(control("GET", "").body, r#"{"snapshots":[]}"#);
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no snapshot \"one service\", expected one of GET /__mock/snapshots"}
    "#]]
    .assert_eq(&control("POST", "/one%20service/restore").to_string());
    assert_eq!(control("DELETE", "/one%20service").status, 404);
}

#[test]
fn a_restored_store_repeats_the_ids() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    mock.snapshot("one");
    let second = exchange().with("DisplayName", "second");
    let path = client.create(SERVICES, second.xml());
    mock.restore("one");
    assert_eq!(client.create(SERVICES, second.xml()), path);
}

#[test]
fn a_space_has_at_most_a_thousand_snapshots() {
    let mock = CucMock::start_blocking();
    for number in 0..1000 {
        mock.snapshot(&number.to_string());
    }
    mock.snapshot("7");
    let client = Client::of(&mock);
    let request = "PUT /__mock/snapshots/one-too-many HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let refused = client.exchange(request.as_bytes());
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (
            503,
            r#"{"error":"there are already 1000 snapshots, which is the maximum: delete some"}"#
        )
    );
    assert!(mock.delete_snapshot("8"));
    mock.snapshot("one-too-many");
}

#[test]
#[should_panic(expected = r#"there is no snapshot "before", expected one of ["after"]"#)]
fn a_snapshot_that_was_never_taken_cannot_be_restored() {
    let mock = CucMock::start_blocking();
    mock.snapshot("after");
    mock.restore("before");
}
