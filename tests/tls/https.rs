//! Requests over TLS.

use std::io::Write;

use cuc_mock::CucMock;
use expect_test::expect;
use rustls::{
    ProtocolVersion,
    version::{TLS12, TLS13},
};

use super::{
    SERVICES, VERSIONS, agent, assert_served, connect, connect_with, download_ca, exchange_over,
    get_request,
};
use crate::support::{ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock, exchange};

#[test]
fn a_client_that_trusts_the_ca_can_use_the_address_and_the_name() {
    let mock = CucMock::start_blocking();
    let agent = agent(mock.ca_pem());
    assert_eq!(mock.https_uri(), format!("https://{}", mock.address()));
    assert_served(&agent, &mock.https_uri());
    assert_served(
        &agent,
        &format!("https://localhost:{}", mock.address().port()),
    );
}

#[test]
fn a_client_that_does_not_trust_the_ca_cannot_connect() {
    let mock = CucMock::start_blocking();
    let error = ureq::get(mock.https_uri())
        .call()
        .expect_err("an untrusted CA");
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    Client::of(&mock).get(SERVICES);
}

#[test]
fn http_and_https_share_a_port_and_a_store() {
    let mock = CucMock::start_blocking();
    let path = Client::of(&mock).create(SERVICES, exchange().xml());
    let stream = connect(mock.address(), "127.0.0.1", mock.ca_pem(), VERSIONS).unwrap();
    let over_tls = exchange_over(stream, &get_request(&path)).to_string();
    assert_eq!(over_tls, Client::of(&mock).get(&path).to_string());
}

#[test]
fn a_location_over_https_has_the_https_scheme() {
    let mock = CucMock::start_blocking();
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), VERSIONS).unwrap();
    let body = exchange().xml();
    let length = body.len();
    let response = exchange_over(
        stream,
        &format!(
            "POST {SERVICES} HTTP/1.1\r\nHost: cuc:8443\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    );
    let location = format!("https://cuc:8443{}", response.body);
    assert_eq!(response.header("Location"), Some(location.as_str()));
}

#[test]
fn tls_1_2_and_1_3_carry_http_1_1() {
    let mock = CucMock::start_blocking();
    for (version, protocol) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let stream = connect(mock.address(), "localhost", mock.ca_pem(), &[version]).unwrap();
        assert_eq!(stream.conn.protocol_version(), Some(protocol));
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert_eq!(exchange_over(stream, &get_request(SERVICES)).status, 200);
    }
}

#[test]
fn a_client_that_offers_only_http_2_is_rejected() {
    let mock = CucMock::start_blocking();
    let ca = mock.ca_pem();
    let error = connect_with(mock.address(), "localhost", ca, VERSIONS, &[b"h2"])
        .expect_err("no common protocol");
    assert!(
        error.to_string().contains("NoApplicationProtocol"),
        "{error}"
    );
}

#[test]
fn the_ready_line_has_both_addresses() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--seed", "7"]));
    let address = server.address();
    assert_eq!(
        server.ready_line,
        format!("listening on http://{address} https://{address} as release 10.5, seed 7\n")
    );
}

#[test]
fn https_only_redirects_plain_http_before_authentication() {
    let mut option = cuc_mock(&["--listen", "127.0.0.1:0", "--https-only"]);
    let mut variable = cuc_mock(&["--listen", "127.0.0.1:0"]);
    variable.env("CUC_MOCK_HTTPS_ONLY", "true");
    for command in [&mut option, &mut variable] {
        let server = ServerProcess::start(command);
        let client = server.client();
        let response = client.request("GET", "/vmrest/tenants/?rowsPerPage=0&x=%20", "", b"");
        expect![[r#"
            302 Found
            Content-Type: text/html;charset=utf-8
            X-Cuc-Mock-Provenance: documented
            Location: https://cuc.example.com:8443/vmrest/tenants/?rowsPerPage=0&x=%20
        "#]]
        .assert_eq(&response.to_string());
        let post = client.post(SERVICES, exchange().xml());
        assert_eq!(post.status, 302, "{post}");
        let elsewhere = client.request("GET", "/cuadmin/home.do", "", b"");
        let location = elsewhere.header("Location");
        assert_eq!(
            location,
            Some("https://cuc.example.com:8443/cuadmin/home.do")
        );
        assert_eq!(client.request("GET", "/__mock/health", "", b"").status, 200);
        let address = server.address();
        let without_host = client.exchange(b"GET /vmrest HTTP/1.1\r\nConnection: close\r\n\r\n");
        let location = format!("https://{address}/vmrest");
        assert_eq!(without_host.header("Location"), Some(location.as_str()));
        let stream = connect(address, "localhost", &download_ca(client), VERSIONS).unwrap();
        let response = exchange_over(
            stream,
            &get_request("/vmrest/externalservices?rowsPerPage=0"),
        );
        assert!(
            response.body.contains(r#"<ExternalServices total="5"/>"#),
            "{response}"
        );
    }
}

#[test]
fn a_request_in_flight_over_tls_gets_its_response_before_the_end() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let client = server.client();
    let fault = r#"{"delay":{"fixed_ms":600000},"requests":{"path":"tenants"}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let ca = download_ca(client);
    let mut stream = connect(server.address(), "localhost", &ca, VERSIONS).unwrap();
    let request = format!("GET /vmrest/tenants HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    client.wait_for_requests("tenants", 1);
    server.signal("TERM");
    let response = exchange_over(stream, "");
    let connection = response.header("Connection");
    assert_eq!(
        (response.status, connection),
        (200, Some("close")),
        "{response}"
    );
    assert_eq!(server.wait_for_exit().0, Some(0));
}

#[test]
fn the_own_origin_of_a_page_includes_the_scheme() {
    let mock = CucMock::start_blocking();
    let authority = mock.address().to_string();
    let ca = mock.ca_pem();
    let status = |is_encrypted: bool, origin: &str| {
        let request = format!(
            "GET /__mock/spaces HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nOrigin: {origin}\r\n\r\n"
        );
        if is_encrypted {
            let stream = connect(mock.address(), "localhost", ca, VERSIONS).unwrap();
            exchange_over(stream, &request).status
        } else {
            Client::of(&mock).exchange(request.as_bytes()).status
        }
    };
    let (http, https) = (
        format!("http://{authority}"),
        format!("https://{authority}"),
    );
    assert_eq!(status(true, &https), 200);
    assert_eq!(status(false, &http), 200);
    assert_eq!(status(true, &http), 403);
    assert_eq!(status(false, &https), 403);
}
