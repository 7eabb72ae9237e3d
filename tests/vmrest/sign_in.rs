//! Who may ask.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, SIGNED_IN, authorization};

const TENANTS: &str = "/vmrest/tenants";

#[track_caller]
fn status(mock: &CucMock, authorization: &str) -> u16 {
    Client::of(mock)
        .request("GET", TENANTS, authorization, b"")
        .status
}

#[test]
fn a_request_without_credentials_is_challenged_as_tomcat_does() {
    let mock = CucMock::start_blocking();
    let answer = Client::of(&mock).request("GET", TENANTS, "", b"");
    expect![[r#"
        401 Unauthorized
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred
        Www-Authenticate: Basic realm="Cisco Unity Connection"

        <html>
        <head>
        <title>Error report</title>
        </head>
        <body>
        <h1>HTTP Status 401 - Unauthorized</h1>
        <p>
        <b>type</b> Status report</p>
        <p>
        <b>message</b> Unauthorized</p>
        <p>
        <b>description</b> This request requires HTTP authentication.</p>
        </body>
        </html>
    "#]]
    .assert_eq(&answer.to_string());
}

#[test]
fn authentication_comes_before_routing() {
    let mock = CucMock::start_blocking();
    for path in [
        "/vmrest",
        "/vmrest/",
        "/vmrest/nothing",
        "/vmrest/tenants/x/coses",
    ] {
        assert_eq!(
            Client::of(&mock).request("GET", path, "", b"").status,
            401,
            "{path}"
        );
    }
}

#[test]
fn malformed_credentials_are_none() {
    let mock = CucMock::start_blocking();
    for header in [
        "Authorization: Basic\r\n",
        "Authorization: Basic ???\r\n",
        "Authorization: Basic bm9jb2xvbg==\r\n",
        "Authorization: Basic OnBhc3N3b3Jk\r\n",
        "Authorization: Bearer YWRtaW46c2VjcmV0\r\n",
    ] {
        assert_eq!(status(&mock, header), 401, "{header}");
    }
}

#[test]
fn anybody_signs_in_unless_users_are_named() {
    let mock = CucMock::start_blocking();
    assert_eq!(status(&mock, SIGNED_IN), 200);
    assert_eq!(
        status(&mock, "Authorization: BASIC YWRtaW46c2VjcmV0\r\n"),
        200
    );
    assert_eq!(status(&mock, "authorization: basic  YWRtaW46\r\n"), 200);
}

#[test]
fn a_name_may_be_in_another_encoding() {
    let mock = CucMock::start_blocking();
    assert_eq!(status(&mock, "Authorization: Basic 6Tr8\r\n"), 200);
}

#[test]
fn only_named_users_sign_in_with_their_own_passwords() {
    let mock = CucMock::builder()
        .user("operator", "pass:word")
        .user("admin", "secret")
        .start_blocking();
    assert_eq!(status(&mock, SIGNED_IN), 200);
    assert_eq!(
        status(&mock, "Authorization: Basic b3BlcmF0b3I6cGFzczp3b3Jk\r\n"),
        200
    );
    assert_eq!(
        status(&mock, "Authorization: Basic b3BlcmF0b3I6c2VjcmV0\r\n"),
        401
    );
    assert_eq!(
        status(&mock, "Authorization: Basic YWRtaW46c2VjcmV0IQ==\r\n"),
        401
    );
}

#[test]
fn without_authentication_nobody_is_asked() {
    let mock = CucMock::builder().no_auth().start_blocking();
    assert_eq!(status(&mock, ""), 200);
}

#[test]
fn a_path_with_another_slash_before_it_asks_for_credentials_as_the_path_does() {
    let mock = CucMock::builder().user("admin", "secret").start_blocking();
    let wrong = authorization("admin:wrong");
    for path in ["/vmrest/tenants", "//vmrest/tenants", "/vmrest/tenants/"] {
        for headers in ["", &wrong] {
            let answer = Client::of(&mock).request("GET", path, headers, b"");
            let told = (answer.status, answer.cookies().count());
            assert_eq!(told, (401, 0), "{path} {headers}");
        }
        let answer = Client::of(&mock).get(path);
        assert_eq!(
            (answer.status, answer.cookies().count()),
            (200, 3),
            "{path}"
        );
    }
}

#[test]
fn a_path_with_another_slash_before_it_that_is_not_served_is_told_as_the_vendor_does() {
    let mock = CucMock::start_blocking();
    let answer = Client::of(&mock).get("//vmrest/nonsense");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.element("code"), Some("NOT_FOUND"));
}
