//! JSON bodies and responses.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";
const TENANTS: &str = "/vmrest/tenants";
const SHARED: &str = "/vmrest/externalservices/c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426";

#[test]
fn an_object_has_no_wrapper_and_every_value_is_a_string() {
    let mock = CucMock::start_blocking();
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"URI":"/vmrest/externalservices/c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426","ObjectId":"c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426","DisplayName":"Shared_MeetingPlace","IsEnabled":"true","Server":"10.76.175.167","ServiceAlias":"admin","ServicePassword":"","ServerType":"1","SupportsCalendarCapability":"true","SupportsMeetingCapability":"true","TransferExtensionDialString":"111111"}
    "#]].assert_eq(&Client::of(&mock).get_json(SHARED).to_string());
}

#[test]
fn a_list_starts_with_its_total_and_holds_an_array_only_of_two_or_more() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let page = |parameters: &str| client.get_json(&format!("{TENANTS}?{parameters}")).body;
    let two = page("");
    assert!(
        two.starts_with(r#"{"@total":"2","Tenant":[{"URI":"#),
        "{two}"
    );
    assert!(
        two.ends_with(r#"}]}"#) && two.contains(r#"},{"URI":"#),
        "{two}"
    );
    let one = page("rowsPerPage=1");
    assert!(
        one.starts_with(r#"{"@total":"2","Tenant":{"URI":"#),
        "{one}"
    );
    assert!(one.ends_with("}}"), "{one}");
    assert_eq!(page("rowsPerPage=0"), r#"{"@total":"2"}"#);
    assert_eq!(page("pageNumber=9"), r#"{"@total":"2"}"#);
}

#[test]
fn errors_are_returned_in_json() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        404 Not Found
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"errors":{"code":"NOT_FOUND","message":"tenant - ObjectId=bogus"}}
    "#]]
    .assert_eq(&client.get_json(&format!("{TENANTS}/bogus")).to_string());
    expect![[r#"
        404 Not Found
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"errors":{"code":"NOT_FOUND","message":"cuc-mock does not implement /vmrest/callhandlers"}}
    "#]]
    .assert_eq(&client.get_json("/vmrest/callhandlers").to_string());
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Allow: GET, HEAD, POST, OPTIONS

        {"errors":{"code":"METHOD_NOT_ALLOWED","message":"Unable to perform requested method because /vmrest/tenants does not support PATCH: expected GET, HEAD, POST, OPTIONS"}}
    "#]].assert_eq(&client.send_json("PATCH", TENANTS, "{}").to_string());
}

#[test]
fn a_body_can_be_wrapped_in_the_name_of_its_object() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let bare = r#"{"Alias":"a","SmtpDomain":"a.org","TimeZone":4,"Description":null}"#;
    let wrapped = r#"{"Tenant":{"Alias":"b","SmtpDomain":"b.org","TimeZone":"4"}}"#;
    for body in [bare, wrapped] {
        let response = client.send_json("POST", TENANTS, body);
        assert_eq!(response.status, 201, "{response}");
        assert_eq!(
            response.header("Content-Type"),
            Some("text/plain;charset=UTF-8")
        );
        let read = client.get_json(&response.body).body;
        assert!(
            read.contains(r#""TimeZone":"4""#) && !read.contains("Description"),
            "{read}"
        );
        let put = client.send_json("PUT", &response.body, r#"{"Description":"new"}"#);
        assert_eq!((put.status, put.body.as_str()), (204, ""));
        assert_eq!(
            put.header("Content-Type"),
            Some("application/json;charset=UTF-8")
        );
    }
}

#[test]
fn a_list_response_with_one_object_is_accepted_as_a_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let taxoma = "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8";
    let body = r#"{"@total":"1","Tenant":{"Description":"sent back"}}"#;
    assert_eq!(client.send_json("PUT", taxoma, body).status, 204);
    assert_eq!(client.get(taxoma).element("Description"), Some("sent back"));
}

#[test]
fn the_last_of_two_equal_names_counts() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = r#"{"Server":"first","Server":"last","IsEnabled":1.0}"#;
    assert_eq!(client.send_json("PUT", SHARED, body).status, 204);
    assert_eq!(client.get(SHARED).element("Server"), Some("last"));
    assert_eq!(client.get(SHARED).element("IsEnabled"), Some("true"));
}

#[test]
fn any_field_accepts_a_string_a_number_or_a_boolean() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = r#"{"DisplayName":12345678901234567890123,"ServiceAlias":true,"ServicePassword":1.50,
        "ServerType":"4","Server":false,"AuthenticationMode":3,"ExchServerType":1,
        "SecurityTransportType":"0","IsEnabled":0,"ValidateServerCertificate":true}"#;
    let response = client.send_json("POST", SERVICES, body);
    assert_eq!(response.status, 201, "{response}");
    let read = client.get(&response.body);
    for (name, value) in [
        ("DisplayName", "12345678901234567890123"),
        ("ServiceAlias", "true"),
        ("Server", "false"),
        ("IsEnabled", "false"),
        ("ValidateServerCertificate", "true"),
        ("AuthenticationMode", "3"),
    ] {
        assert_eq!(read.element(name), Some(value));
    }
}

#[test]
fn anything_but_an_object_of_values_is_rejected_with_its_position() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let mut messages = String::new();
    for body in [
        "",
        "null",
        "[]",
        "\"Tenant\"",
        "{",
        "{\"Description\":",
        "{\"Description\"\n:x}",
        "{\"Description\":\"a\"} tail",
        "{\"Description\":{\"b\":1}}",
        "{\"Description\":[[\"a\"]]}",
        "{\"Description\":{\"$\":{}}}",
        "{\"Description\":{\"$\":\"a\",\"b\":1}}",
        "{“Description”:“a”}",
        "{\"Description\":\"a\"}\u{a0}",
        "{\"Description\":\"\\u0000\"}",
        "{\"Description\":\"\\ud800\"}",
        "{\"Description\":\n {\"$serde_json::private::Number\":\"5\"}}",
        "{\"Tenant\":null}",
        "{\"Tenant\":[]}",
        "{\"ExternalService\":{\"Server\":\"a\"}}",
        "{\"@total\":\"1\",\"externalservices \":[{}]}",
        "<Tenant/>",
        &"[".repeat(100_000),
    ] {
        let response = client.send_json(
            "PUT",
            "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8",
            body,
        );
        assert_eq!(response.status, 400, "{body} {response}");
        let start: String = body.chars().take(40).collect();
        let (status, body) = (response.status, &response.body);
        messages.push_str(format!("{start:?}\n    {status} {body}").trim_end());
        messages.push('\n');
    }
    expect![[r#"
        ""
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the body is empty, expected one Tenant"}}
        "null"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the body is no object, expected { … }"}}
        "[]"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the body is no object, expected { … }"}}
        "\"Tenant\""
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the body is no object, expected { … }"}}
        "{"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the document ends before its object is closed"}}
        "{\"Description\":"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 15: the document ends before its object is closed"}}
        "{\"Description\"\n:x}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 2, column 2: this is not well-formed JSON"}}
        "{\"Description\":\"a\"} tail"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 21: this is not well-formed JSON"}}
        "{\"Description\":{\"b\":1}}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Description], Value = []: expected text alone"}}
        "{\"Description\":[[\"a\"]]}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Description], Value = []: expected text alone"}}
        "{\"Description\":{\"$\":{}}}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Description], Value = []: expected text alone"}}
        "{\"Description\":{\"$\":\"a\",\"b\":1}}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Description], Value = []: expected text alone"}}
        "{“Description”:“a”}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 2: this is not well-formed JSON: found the character U+201C"}}
        "{\"Description\":\"a\"}\u{a0}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 20: this is not well-formed JSON: found the character U+00A0"}}
        "{\"Description\":\"\\u0000\"}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 16: in Description: found the character U+0000, which XML cannot carry"}}
        "{\"Description\":\"\\ud800\"}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 16: found half of a surrogate pair in a string"}}
        "{\"Description\":\n {\"$serde_json::private:"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Description], Value = []: expected text alone"}}
        "{\"Tenant\":null}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 11: Tenant is no object, expected { … }"}}
        "{\"Tenant\":[]}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 11: Tenant is no object, expected { … }"}}
        "{\"ExternalService\":{\"Server\":\"a\"}}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 20: the object is called ExternalService, expected Tenant"}}
        "{\"@total\":\"1\",\"externalservices \":[{}]}"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 35: the object is called externalservices, expected Tenant"}}
        "<Tenant/>"
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: this is not well-formed JSON"}}
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 1: the body is no object, expected { … }"}}
    "#]].assert_eq(&messages);
}

#[test]
fn content_type_sets_the_format_of_the_body_and_accept_that_of_the_response() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let request = |headers: &str, body: &str| {
        let headers = format!("{ADMIN_AUTHORIZATION}{headers}");
        client.request("POST", SERVICES, &headers, body.as_bytes())
    };
    let json_answered_in_xml = request("Content-Type: Application/JSON; charset=UTF-8\r\n", "{}");
    assert_eq!(json_answered_in_xml.status, 400);
    assert!(
        json_answered_in_xml
            .body
            .contains("<message>Invalid parameter.")
    );
    let xml_answered_in_json = request(
        "Content-Type: text/xml\r\nAccept: application/json, */*\r\n",
        "<ExternalService/>",
    );
    assert_eq!(xml_answered_in_json.status, 400);
    assert!(
        xml_answered_in_json
            .body
            .starts_with(r#"{"errors":{"code":"DATA_EXCEPTION","#)
    );
    let neither = request("Content-Type: application/x-www-form-urlencoded\r\n", "a=b");
    assert_eq!(neither.status, 415);
    let bare = request(
        "Content-Type: application/xml\r\nAccept: image/png\r\n",
        &exchange().xml(),
    );
    assert_eq!(bare.status, 201, "a 201 is text whatever is accepted");
}

#[test]
fn an_accept_header_without_xml_or_json_is_not_acceptable() {
    let mock = CucMock::start_blocking();
    let headers = format!("{ADMIN_AUTHORIZATION}Accept: image/png, text/html\r\n");
    let response = Client::of(&mock).request("GET", TENANTS, &headers, b"");
    expect![[r#"
        406 Not Acceptable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_ACCEPTABLE</code>
        <message>Accept is image/png, text/html, expected application/xml, application/json or */*</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    let deleted = Client::of(&mock).request("DELETE", SHARED, &headers, b"{}");
    assert_eq!(deleted.status, 204);
}

#[test]
fn a_record_survives_a_round_trip_through_both_formats() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let texts = [
        "plain",
        " <&>\"' ",
        "\u{1F4DE} Grüße\t\u{7f}",
        "a\nb",
        "{}[],:",
        "&#38;",
        "\\u0041\\",
    ];
    for text in texts {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let body = exchange()
            .with("DisplayName", &format!("n{escaped}"))
            .with("Server", &escaped);
        let path = client.create(SERVICES, body.xml());
        let (xml, json) = (client.get(&path).body, client.get_json(&path).body);
        let parsed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(parsed["Server"], text);
        assert!(
            parsed
                .as_object()
                .is_some_and(|o| o.values().all(serde_json::Value::is_string))
        );
        assert_eq!(client.send_json("PUT", &path, &json).status, 204, "{json}");
        assert_eq!(client.get(&path).body, xml);
        assert_eq!(client.put(&path, &xml).status, 204);
        assert_eq!(client.get_json(&path).body, json);
        client.delete(&path);
    }
}
