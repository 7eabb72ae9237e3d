//! Paths below `/vmrest` that are not implemented.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

#[test]
fn an_unknown_path_gets_a_404_that_names_it() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        404 Not Found
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_FOUND</code>
        <message>cuc-mock does not implement /vmrest/callhandlers</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.get("/vmrest/callhandlers").to_string());
    for path in [
        "/vmrest",
        "/vmrest/",
        "/vmrest/externalservices/a/b",
        "/vmrest/%FF",
    ] {
        let response = client.get(path);
        assert_eq!(response.status, 404, "{path}: {response}");
        let message = response.element("message").unwrap_or_default();
        assert!(
            message.starts_with("cuc-mock does not implement /vmrest"),
            "{path}: {message}"
        );
    }
}

#[test]
fn an_id_that_is_not_utf_8_gets_a_404() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get("/vmrest/externalservices/%FF");
    assert_eq!(response.status, 404);
    let message = response.element("message");
    assert_eq!(message, Some("externalservice - ObjectId=%FF"));
}
