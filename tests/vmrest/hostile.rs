//! Malformed, oversized and truncated bodies.

use std::{
    io::{Read, Write},
    net::Shutdown,
};

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[track_caller]
fn message(client: Client, body: &[u8]) -> String {
    let response = client.post(SERVICES, body);
    assert_eq!(response.status, 400, "{response}");
    assert_eq!(
        response.element("code"),
        Some("DATA_EXCEPTION"),
        "{response}"
    );
    let message = response.element("message").expect("a message").to_owned();
    assert_eq!(
        client.get("/vmrest/tenants").status,
        200,
        "the next request succeeds"
    );
    let messages = message.strip_prefix("The request body cannot be read: ");
    messages.unwrap_or(&message).to_owned()
}

#[test]
fn a_malformed_document_is_rejected_with_the_position_of_the_error() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let deep = format!("<ExternalService>{}", "<a>".repeat(100_000));
    let entities = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><ExternalService><Server>&b;</Server></ExternalService>"#;
    let external = r#"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ExternalService><Server>&e;</Server></ExternalService>"#;
    let mut messages = String::new();
    for body in [
        "",
        " \n ",
        "hello",
        "{\"DisplayName\":\"x\"}",
        "<ExternalService>",
        "<ExternalService><Server>x</Server>",
        "<ExternalService><Server>x</ExternalService>",
        "<ExternalService><Server>x",
        "<ExternalService",
        "<ExternalService/><ExternalService/>",
        "<ExternalService/>tail",
        "</ExternalService>",
        "<Tenant/>",
        "<ns:ExternalService xmlns:ns=\"x\"/>",
        "\u{a0}<ExternalService/>",
        "<ExternalService/>\n\u{200b}tail",
        "<tenants/>",
        "<ExternalService xmlns=\"http://x\"/>",
        "<ExternalService><Server\u{a0}>x</Server\u{a0}></ExternalService>",
        "<ExternalService>\r\n  <Server>a & b</Server></ExternalService>",
        "<ExternalService><Server>&nbsp;</Server></ExternalService>",
        "<ExternalService><Server>&#0;</Server></ExternalService>",
        "<ExternalService><Server>&#xFFFE;</Server></ExternalService>",
        "<ExternalService><Server>&#xD800;</Server></ExternalService>",
        "<ExternalService><Server>a\u{0}b</Server></ExternalService>",
        "<ExternalService><Server>]]></Server></ExternalService>",
        "<ExternalService><Server><b/></Server></ExternalService>",
        "<ExternalService a='1' a='2'/>",
        "<ExternalService a=1/>",
        "<ExternalService a='<'/>",
        "<ExternalService><1/></ExternalService>",
        "<ExternalService><!-- a -- b --></ExternalService>",
        "<ExternalService><!-- a",
        "<ExternalService><![CDATA[ a",
        "<ExternalService><?xml version=\"1.0\"?></ExternalService>",
        " <?xml version=\"1.0\"?><ExternalService/>",
        "<?xml version=\"1.2\"?><ExternalService/>",
        "<?xml version=\"1.1\"?><!DOCTYPE x><ExternalService/>",
        entities,
        external,
        &deep,
    ] {
        let message = message(client, body.as_bytes());
        let start: String = body.chars().take(60).collect();
        messages.push_str(&format!("{start:?}\n    {message}\n"));
    }
    expect![[r#"
        ""
            line 1, column 1: the body is empty, expected one ExternalService
        " \n "
            line 1, column 1: no element found, expected a root element
        "hello"
            line 1, column 1: found the text "h…" outside the root element
        "{\"DisplayName\":\"x\"}"
            line 1, column 1: found the text "{…" outside the root element
        "<ExternalService>"
            line 1, column 18: the document ends before its elements are closed
        "<ExternalService><Server>x</Server>"
            line 1, column 36: the document ends before its elements are closed
        "<ExternalService><Server>x</ExternalService>"
            line 1, column 27: found &lt;/ExternalService&gt;, expected &lt;/Server&gt;
        "<ExternalService><Server>x"
            line 1, column 27: the document ends before its elements are closed
        "<ExternalService"
            line 1, column 1: a tag is not closed by &gt;
        "<ExternalService/><ExternalService/>"
            line 1, column 19: found a second root element, expected the end
        "<ExternalService/>tail"
            line 1, column 19: found the text "t…" outside the root element
        "</ExternalService>"
            line 1, column 1: found &lt;/ExternalService&gt;, but no element is open
        "<Tenant/>"
            line 1, column 1: the root element is &lt;Tenant&gt;, expected &lt;ExternalService&gt;
        "<ns:ExternalService xmlns:ns=\"x\"/>"
            line 1, column 1: the root element is &lt;ns:ExternalService&gt;, expected &lt;ExternalService&gt;
        "\u{a0}<ExternalService/>"
            line 1, column 1: found the character U+00A0 outside the root element
        "<ExternalService/>\n\u{200b}tail"
            line 1, column 19: found the character U+200B outside the root element
        "<tenants/>"
            line 1, column 1: the root element is &lt;tenants&gt;, expected &lt;ExternalService&gt;
        "<ExternalService xmlns=\"http://x\"/>"
            line 1, column 1: the root element &lt;ExternalService&gt; is in the namespace "http://x", expected it in none
        "<ExternalService><Server\u{a0}>x</Server\u{a0}></ExternalService>"
            line 1, column 18: "Server\u{a0}" is not the name of an element
        "<ExternalService>\r\n  <Server>a & b</Server></ExternalService"
            line 2, column 13: found &amp; without a reference behind it, expected &amp;amp;
        "<ExternalService><Server>&nbsp;</Server></ExternalService>"
            line 1, column 26: found the entity &amp;nbsp;, expected one of lt, gt, amp, apos, quot
        "<ExternalService><Server>&#0;</Server></ExternalService>"
            line 1, column 26: &amp;#0; is not a character
        "<ExternalService><Server>&#xFFFE;</Server></ExternalService>"
            line 1, column 26: found the character U+FFFE, which XML cannot carry
        "<ExternalService><Server>&#xD800;</Server></ExternalService>"
            line 1, column 26: &amp;#xD800; is not a character
        "<ExternalService><Server>a\0b</Server></ExternalService>"
            line 1, column 27: found the character U+0000, which XML cannot carry
        "<ExternalService><Server>]]></Server></ExternalService>"
            line 1, column 26: found ]]&gt; in a text, expected ]]&amp;gt;
        "<ExternalService><Server><b/></Server></ExternalService>"
            Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory
        "<ExternalService a='1' a='2'/>"
            line 1, column 1: an attribute of &lt;ExternalService&gt; is malformed
        "<ExternalService a=1/>"
            line 1, column 1: an attribute of &lt;ExternalService&gt; is malformed
        "<ExternalService a='<'/>"
            line 1, column 1: an attribute of &lt;ExternalService&gt; is malformed
        "<ExternalService><1/></ExternalService>"
            line 1, column 18: "1" is not the name of an element
        "<ExternalService><!-- a -- b --></ExternalService>"
            line 1, column 25: found -- inside a comment
        "<ExternalService><!-- a"
            line 1, column 18: a comment is not closed by --&gt;
        "<ExternalService><![CDATA[ a"
            line 1, column 18: a CDATA section is not closed by ]]&gt;
        "<ExternalService><?xml version=\"1.0\"?></ExternalService>"
            line 1, column 18: found an XML declaration, which can stand only at the very beginning
        " <?xml version=\"1.0\"?><ExternalService/>"
            line 1, column 2: found an XML declaration, which can stand only at the very beginning
        "<?xml version=\"1.2\"?><ExternalService/>"
            line 1, column 1: the document is XML 1.2, expected XML 1.0 or 1.1
        "<?xml version=\"1.1\"?><!DOCTYPE x><ExternalService/>"
            line 1, column 22: found a DOCTYPE, which is never taken
        "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b"
            line 1, column 22: found a DOCTYPE, which is never taken
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Exter"
            line 1, column 1: found a DOCTYPE, which is never taken
        "<ExternalService><a><a><a><a><a><a><a><a><a><a><a><a><a><a><"
            line 1, column 111: elements stand deeper in each other than 32
    "#]].assert_eq(&messages);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_document() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let marked = format!(
        "\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n{}",
        exchange().xml()
    );
    assert_eq!(client.post(SERVICES, marked).status, 201);
    expect![
        "line 1, column 1: the root element is &lt;Tenant&gt;, expected &lt;ExternalService&gt;"
    ]
    .assert_eq(&message(client, "\u{feff}<Tenant/>".as_bytes()));
}

#[test]
fn a_body_that_is_too_large_is_rejected_while_its_client_still_sends() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let large = vec![b' '; 10 * 1024 * 1024];
    let response = client.post(SERVICES, &large);
    expect![[r#"
        413 Payload Too Large
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>PAYLOAD_TOO_LARGE</code>
        <message>The request body is larger than 1048576 bytes</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&response.to_string());
    let unauthorized = client.request("POST", SERVICES, "", &large);
    assert_eq!(unauthorized.status, 401);
    let elsewhere = client.request("POST", "/elsewhere", "", &large);
    assert_eq!(elsewhere.status, 404);
}

#[test]
fn a_chunked_body_is_accepted_up_to_the_limit() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunk = |data: &str| format!("{:x}\r\n{data}\r\n", data.len());
    let body = exchange().xml();
    let (first, second) = body.split_at(20);
    let whole = format!("{head}{}{}0\r\n\r\n", chunk(first), chunk(second));
    assert_eq!(client.exchange(whole.as_bytes()).status, 201);
    let large = format!("{head}{}0\r\n\r\n", chunk(&" ".repeat(65_536)).repeat(20));
    assert_eq!(client.exchange(large.as_bytes()).status, 413);
}

#[test]
fn a_client_gets_100_continue_only_if_the_server_needs_the_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = exchange().xml();
    let head = |length: usize, credentials: &str| {
        format!(
            "POST {SERVICES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{credentials}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let mut stream = client.connect();
    stream
        .write_all(head(body.len(), ADMIN_AUTHORIZATION).as_bytes())
        .unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(Response::read(stream).status, 201);

    let rejection = client.exchange(head(body.len(), "").as_bytes());
    assert_eq!(
        (rejection.status, rejection.header("Connection")),
        (401, Some("close"))
    );
    assert_eq!(
        client
            .exchange(head(10_000_000, ADMIN_AUTHORIZATION).as_bytes())
            .status,
        413
    );
}

#[test]
fn a_truncated_body_changes_nothing() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let before = client.get(SERVICES).body;
    let body = exchange().xml();
    let head = format!(
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n",
        body.len() + 10
    );
    let mut stream = client.connect();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(
        !rest.starts_with(b"HTTP/1.1 2"),
        "{}",
        String::from_utf8_lossy(&rest)
    );
    assert_eq!(client.get(SERVICES).body, before);
}

#[test]
fn a_client_that_closes_its_side_receives_the_response() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let delay = r#"{"delay":{"min_ms":50,"max_ms":50},"times":1}"#;
    assert_eq!(client.control("POST", "/__mock/faults", delay).status, 201);
    // The first response is late. In the others, the end of the stream may arrive before or after the head was read.
    for _ in 0..500 {
        let mut stream = client.connect();
        let request = format!("GET {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response:?}");
        assert!(response.ends_with("</ExternalServices>"), "{response:?}");
    }
}

#[test]
fn a_long_value_is_shortened_in_the_response() {
    let mock = CucMock::start_blocking();
    let long = "9".repeat(500_000);
    let response = Client::of(&mock).post(SERVICES, exchange().with("ServerType", &long).xml());
    assert_eq!(response.status, 400);
    assert!(response.body.len() < 1_000, "{}", response.body.len());
}

#[test]
fn characters_that_xml_does_not_allow_are_replaced_in_a_response() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get("/vmrest/externalservices/a%01b");
    assert_eq!(
        response.element("message"),
        Some("externalservice - ObjectId=a\u{fffd}b")
    );
}

#[test]
fn a_long_name_is_shortened_in_the_response() {
    let mock = CucMock::start_blocking();
    let long = "x".repeat(50_000);
    let client = Client::of(&mock);
    let responses = [
        client.post(SERVICES, format!("<{long}/>")),
        client.get(&format!("/vmrest/{long}")),
        client.get(&format!("{SERVICES}/{long}")),
        client.get(&format!("{SERVICES}?query=({long}")),
    ];
    for response in responses {
        assert!(
            response.status >= 400 && response.body.len() < 1_000,
            "{response}"
        );
    }
}
