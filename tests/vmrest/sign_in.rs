//! Credentials.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, basic_authorization};

const TENANTS: &str = "/vmrest/tenants";

#[track_caller]
fn status(mock: &CucMock, authorization: &str) -> u16 {
    Client::of(mock)
        .request("GET", TENANTS, authorization, b"")
        .status
}

#[test]
fn a_request_without_credentials_gets_the_challenge_of_tomcat() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).request("GET", TENANTS, "", b"");
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
    .assert_eq(&response.to_string());
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
fn malformed_credentials_are_rejected() {
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
fn any_user_can_sign_in_unless_users_are_configured() {
    let mock = CucMock::start_blocking();
    assert_eq!(status(&mock, ADMIN_AUTHORIZATION), 200);
    assert_eq!(
        status(&mock, "Authorization: BASIC YWRtaW46c2VjcmV0\r\n"),
        200
    );
    assert_eq!(status(&mock, "authorization: basic  YWRtaW46\r\n"), 200);
}

#[test]
fn a_name_can_be_in_iso_8859_1() {
    let mock = CucMock::start_blocking();
    assert_eq!(status(&mock, "Authorization: Basic 6Tr8\r\n"), 200);
}

#[test]
fn the_padding_of_credentials_is_optional() {
    let mock = CucMock::builder().user("admin", "secret1").start_blocking();
    for credentials in [
        "YWRtaW46c2VjcmV0MQ==",
        "YWRtaW46c2VjcmV0MQ=",
        "YWRtaW46c2VjcmV0MQ",
    ] {
        let headers = format!("Authorization: Basic {credentials}\r\n");
        assert_eq!(status(&mock, &headers), 200, "{credentials}");
    }
    assert_eq!(
        status(&mock, "Authorization: Basic YWRtaW46c2VjcmV0Mg\r\n"),
        401
    );
}

#[test]
fn only_configured_users_can_sign_in_with_their_own_passwords() {
    let mock = CucMock::builder()
        .user("operator", "pass:word")
        .user("admin", "secret")
        .start_blocking();
    assert_eq!(status(&mock, ADMIN_AUTHORIZATION), 200);
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
fn only_the_exact_name_and_password_of_one_user_are_accepted() {
    let mock = CucMock::builder()
        .user("admin", "secret")
        .user("operator", "other")
        .start_blocking();
    let status = |credentials: &str| status(&mock, &basic_authorization(credentials));
    assert_eq!(
        (status("admin:secret"), status("operator:other")),
        (200, 200)
    );
    for credentials in [
        "admin:",
        "admin:s",
        "admin:secre",
        "admin:ecret",
        "admin:secrets",
        "admin:secret:",
        "admin: secret",
        "admin:SECRET",
        "admin:secret\0",
        "admin:other",
        "admin:admin",
        "operator:secret",
        "operator:",
        "admi:secret",
        "administrator:secret",
        ":secret",
        ":",
        "nobody:",
        "nobody:secret",
    ] {
        assert_eq!(status(credentials), 401, "{credentials:?}");
    }
}

#[test]
fn a_user_whose_password_is_empty_signs_in_with_an_empty_password_only() {
    let mock = CucMock::builder().user("admin", "").start_blocking();
    let status = |credentials: &str| status(&mock, &basic_authorization(credentials));
    assert_eq!(status("admin:"), 200);
    assert_eq!((status("admin:secret"), status("other:")), (401, 401));
}

#[test]
fn no_credentials_are_needed_without_authentication() {
    let mock = CucMock::builder().no_auth().start_blocking();
    assert_eq!(status(&mock, ""), 200);
}

#[test]
fn a_path_with_an_additional_slash_needs_credentials_too() {
    let mock = CucMock::builder().user("admin", "secret").start_blocking();
    let wrong_password = basic_authorization("admin:wrong");
    for path in [
        "/vmrest/tenants",
        "//vmrest/tenants",
        "/vmrest/tenants/",
        "//vmrest//tenants//",
        "/vmrest;a=b/tenants;jsessionid=A",
    ] {
        for headers in ["", &wrong_password] {
            let response = Client::of(&mock).request("GET", path, headers, b"");
            let outcome = (response.status, response.cookies().count());
            assert_eq!(outcome, (401, 0), "{path} {headers}");
        }
        let response = Client::of(&mock).get(path);
        assert_eq!(
            (response.status, response.cookies().count()),
            (200, 3),
            "{path}"
        );
    }
}

#[test]
fn an_unknown_path_with_an_additional_slash_gets_the_error_envelope() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get("//vmrest/nonsense");
    assert_eq!(response.status, 404);
    assert_eq!(response.element("code"), Some("NOT_FOUND"));
}

#[test]
fn a_user_that_is_configured_twice_can_sign_in() {
    let builder = CucMock::builder().user("admin", "secret");
    let mock = builder.user("admin", "secret").start_blocking();
    assert_eq!(status(&mock, ADMIN_AUTHORIZATION), 200);
}
