//! PowerShell programs.

use cuc_mock::CucMock;
use serde_json::Value;

use crate::support::Client;

const UPPER_CASE_SCHEME: &str =
    "Authorization: BASIC YWRtaW46c2VjcmV0\r\nAccept: application/json\r\n";

#[test]
fn links_are_appended_to_the_address_and_a_slash() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let list = client.request(
        "GET",
        "/vmrest/users/?rowsPerPage=2000&pageNumber=1",
        UPPER_CASE_SCHEME,
        b"",
    );
    let list: Value = serde_json::from_str(&list.body).expect("JSON");
    for user in list["User"].as_array().expect("users") {
        let path = format!("/{}", user["URI"].as_str().expect("a path"));
        assert!(path.starts_with("//vmrest/users/"));
        let one = client.request("GET", &path, UPPER_CASE_SCHEME, b"");
        let one: Value = serde_json::from_str(&one.body).expect("JSON");
        // A list has a part of the fields.
        for (field, value) in user.as_object().expect("a user") {
            assert_eq!(&one[field], value, "{field}");
        }
    }
}

#[test]
fn credentials_are_sent_only_after_a_challenge() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let first = client.request(
        "GET",
        "/vmrest/version",
        "Accept: application/json\r\n",
        b"",
    );
    assert_eq!(first.status, 401);
    let challenge = first.header("Www-Authenticate").expect("a challenge");
    assert!(challenge.starts_with("Basic "), "{challenge}");
    assert_eq!(
        client
            .request("GET", "/vmrest/version", UPPER_CASE_SCHEME, b"")
            .status,
        200
    );
}
