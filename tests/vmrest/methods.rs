//! HEAD and OPTIONS.

use std::io::{Read, Write};

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client};

#[test]
fn head_returns_the_headers_of_get_without_a_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for path in [
        "/vmrest/tenants",
        "/vmrest/version",
        "/vmrest/tenants/bogus",
        "/vmrest/schema",
    ] {
        let get = client.get(path);
        let head = client.request("HEAD", path, ADMIN_AUTHORIZATION, b"");
        assert_eq!(
            (head.status, head.body.as_str()),
            (get.status, ""),
            "{path}"
        );
        assert_eq!(
            head.header("Content-Length"),
            get.header("Content-Length"),
            "{path}"
        );
        assert_eq!(
            head.header("Content-Type"),
            get.header("Content-Type"),
            "{path}"
        );
    }
}

#[test]
fn options_lists_the_allowed_methods() {
    let mock = CucMock::start_blocking();
    let options = |path: &str| Client::of(&mock).request("OPTIONS", path, ADMIN_AUTHORIZATION, b"");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred
        Allow: GET, HEAD, POST, OPTIONS
    "#]]
    .assert_eq(&options("/vmrest/tenants").to_string());
    assert_eq!(
        options("/vmrest/tenants/x").header("Allow"),
        Some("GET, HEAD, PUT, DELETE, OPTIONS")
    );
    assert_eq!(
        options("/vmrest/version").header("Allow"),
        Some("GET, HEAD, OPTIONS")
    );
}

#[test]
fn a_path_can_start_with_two_slashes_and_end_with_one() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let one = client
        .get("/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8")
        .body;
    for path in [
        "//vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8",
        "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/",
        "//vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8?rowsPerPage=0",
    ] {
        assert_eq!(client.get(path).body, one, "{path}");
    }
}

#[test]
fn a_get_can_have_a_content_type_and_a_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: text/nonsense\r\n");
    assert_eq!(
        client
            .request("GET", "/vmrest/tenants", &headers, b"")
            .status,
        200
    );
    assert_eq!(
        client
            .request("GET", "/vmrest/tenants", &headers, b"{}")
            .status,
        200
    );
}

#[test]
fn header_names_are_written_in_title_case() {
    let mock = CucMock::start_blocking();
    let mut stream = Client::of(&mock).connect();
    write!(
        stream,
        "GET /vmrest/version HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    for name in [
        "Content-Type: ",
        "Set-Cookie: JSESSIONIDSSO=",
        "X-Cuc-Mock-Provenance: ",
        "X-Frame-Options: ",
        "Server: \r\n",
    ] {
        assert!(response.contains(name), "{name}: {response}");
    }
}
