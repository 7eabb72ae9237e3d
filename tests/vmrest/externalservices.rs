//! `/vmrest/externalservices`

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock, exchange, meeting_place, office_365,
};

const SERVICES: &str = "/vmrest/externalservices";
const UMS_API: &str = "/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";
const UNUSED: &str = "/vmrest/externalservices/00000000-0000-4000-8000-000000000000";

/// Returns the display names of a list in their order.
fn names(body: &str) -> Vec<&str> {
    let after = body.split("<DisplayName>").skip(1);
    after
        .filter_map(|rest| Some(rest.split_once('<')?.0))
        .collect()
}

#[test]
fn the_list_has_the_order_of_the_fixture() {
    let mock = CucMock::start_blocking();
    for path in ["/vmrest/externalservices", "/vmrest/externalservices/"] {
        let response = Client::of(&mock).get(path);
        assert!(
            response
                .body
                .contains(r#"<ExternalServices total="5"><ExternalService><URI>"#)
        );
        assert_eq!(
            names(&response.body),
            [
                "UMS_API",
                "Office_365",
                "Meeting_CUCA",
                "Taxoma_Exchange",
                "Shared_MeetingPlace"
            ]
        );
    }
}

#[test]
fn a_tenant_filter_can_be_encoded_in_several_ways() {
    let mock = CucMock::start_blocking();
    for query in [
        "(TenantObjectId%20is%20069b8e41-8051-4eee-b653-1854f7e68cd8)",
        "(TenantObjectId%20is%20069b8e41-8051-4eee-b653-1854f7e68cd8",
        "(TenantObjectId+is+069b8e41-8051-4eee-b653-1854f7e68cd8)",
        "%28TenantObjectId+is+069b8e41-8051-4eee-b653-1854f7e68cd8%29",
        "(tenantobjectid%20IS%20069B8E41-8051-4EEE-B653-1854F7E68CD8)",
        "%20(%20TenantObjectId%20%20is%20%20069b8e41-8051-4eee-b653-1854f7e68cd8%20)",
    ] {
        let response = Client::of(&mock).get(&format!("{SERVICES}?query={query}"));
        assert!(
            response.body.contains(r#"total="1""#),
            "{query}: {response}"
        );
        assert_eq!(names(&response.body), ["Taxoma_Exchange"], "{query}");
    }
}

#[test]
fn a_tenant_without_services_has_an_empty_list() {
    let mock = CucMock::start_blocking();
    let response =
        Client::of(&mock).get(&format!("{SERVICES}?query=(TenantObjectId%20is%20Bogus)"));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalServices total="0"/>
    "#]]
    .assert_eq(&response.to_string());
}

#[test]
fn a_page_holds_its_rows_and_the_total_of_the_list() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let page = |parameters: &str| client.get(&format!("{SERVICES}?{parameters}")).body;
    for (parameters, expected) in [
        ("rowsPerPage=2", vec!["UMS_API", "Office_365"]),
        (
            "rowsPerPage=2&pageNumber=2",
            vec!["Meeting_CUCA", "Taxoma_Exchange"],
        ),
        ("rowsPerPage=2&pageNumber=3", vec!["Shared_MeetingPlace"]),
        ("rowsPerPage=2&pageNumber=4", vec![]),
        ("rowsPerPage=2&rowsPerPage=1", vec!["UMS_API", "Office_365"]),
        (
            "rowsPerPage=99999999999999999999999&pageNumber=18446744073709551615",
            vec![],
        ),
        ("rowsPerPage=1&unknown=%FF", vec!["UMS_API"]),
    ] {
        let body = page(parameters);
        assert_eq!(names(&body), expected, "{parameters}");
        assert!(body.contains(r#"total="5""#), "{parameters}: {body}");
    }
}

#[test]
fn page_zero_and_a_page_of_zero_rows_return_only_the_total() {
    let mock = CucMock::start_blocking();
    for parameters in [
        "rowsPerPage=0",
        "pageNumber=0",
        "rowsPerPage=0&pageNumber=3",
    ] {
        let response = Client::of(&mock).get(&format!("{SERVICES}?{parameters}"));
        let expected = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ExternalServices total="5"/>"#;
        assert_eq!(response.body, expected, "{parameters}");
    }
}

#[test]
fn a_post_returns_the_path_and_an_absolute_location() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let response = Client::of(&mock).post(SERVICES, exchange().xml());
    expect![[r#"
        201 Created
        Content-Type: text/plain;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Location: http://cuc.example.com:8443/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d

        /vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d
    "#]].assert_eq(&response.to_string());
}

#[test]
fn a_location_is_well_formed_for_any_host_header() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (number, host) in ["user@h", "x:y", "x:999999", "a b", ""].iter().enumerate() {
        let body = exchange().with("DisplayName", &number.to_string()).xml();
        let length = body.len();
        let response = client.exchange(
            format!(
                "POST {SERVICES} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        );
        let expected = format!("http://{}{}", mock.address(), response.body);
        assert_eq!(
            response.header("Location"),
            Some(expected.as_str()),
            "{host}"
        );
    }
}

#[test]
fn the_location_follows_a_proxy_only_if_it_is_trusted() {
    const FORWARDED: &str =
        "X-Forwarded-Proto: https, http\r\nX-Forwarded-Host: cuc.example, inner\r\n";
    let location = |arguments: &[&str], headers: &str| {
        let server = ServerProcess::start(&mut cuc_mock(arguments));
        let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: text/xml\r\n{headers}");
        let body = exchange().xml();
        let response = server
            .client()
            .request("POST", SERVICES, &headers, body.as_bytes());
        let location = response.header("Location").expect("a location");
        let origin = location.strip_suffix(response.body.as_str());
        origin.expect("the path of the body").to_owned()
    };
    let direct = "http://cuc.example.com:8443";
    assert_eq!(location(&[], FORWARDED), direct);
    let trusted: &[&str] = &["--trust-proxy"];
    assert_eq!(location(trusted, FORWARDED), "https://cuc.example");
    assert_eq!(location(trusted, ""), direct);
    for (headers, expected) in [
        (
            "X-Forwarded-Proto: HTTPS\r\n",
            "https://cuc.example.com:8443",
        ),
        ("X-Forwarded-Proto: gopher\r\n", direct),
        ("X-Forwarded-Host: [::1]:9\r\n", "http://[::1]:9"),
    ] {
        assert_eq!(location(trusted, headers), expected, "{headers}");
    }
}

#[test]
fn a_missing_object_is_named_in_the_envelope() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        404 Not Found
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_FOUND</code>
        <message>externalservice - ObjectId=00000000-0000-4000-8000-000000000000</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.get(UNUSED).to_string());
    expect![[r#"
        404 Not Found
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_FOUND</code>
        <message>externalservice - ObjectId=aaa</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.delete("/vmrest/externalservices/aaa").to_string());
    let response = client.put(
        UNUSED,
        "<ExternalService><Server>x</Server></ExternalService>",
    );
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>ExternalService not found </message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&response.to_string());
}

#[test]
fn ids_are_case_insensitive() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let upper = UMS_API.replace(
        "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78",
        "6F4F7023-E9E5-4CD0-BF55-E20A0BE6FD78",
    );
    assert_eq!(client.get(&upper).body, client.get(UMS_API).body);
    assert_eq!(client.delete(&upper).status, 204);
    assert_eq!(client.get(UMS_API).status, 404);
}

#[test]
fn unsupported_methods_are_rejected_with_the_allowed_ones() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let response = client.post(UMS_API, exchange().xml());
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Allow: GET, HEAD, PUT, DELETE, OPTIONS

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because /vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78 does not support POST: expected GET, HEAD, PUT, DELETE, OPTIONS</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    let response = client.delete(SERVICES);
    assert_eq!(
        (response.status, response.header("Allow")),
        (405, Some("GET, HEAD, POST, OPTIONS"))
    );
    let response = client.get("/vmrest/usertemplates/externalservices/x");
    assert_eq!(
        (response.status, response.header("Allow")),
        (405, Some("DELETE, OPTIONS"))
    );
}

#[test]
fn a_body_needs_an_xml_content_type() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let post = |content_type: &str| {
        let headers = format!("{ADMIN_AUTHORIZATION}{content_type}");
        client.request("POST", SERVICES, &headers, exchange().xml().as_bytes())
    };
    expect![[r#"
        415 Unsupported Media Type
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>UNSUPPORTED_MEDIA_TYPE</code>
        <message>Content-Type is missing, try setting Content-Type: application/xml or Content-Type: application/json</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&post("").to_string());
    assert_eq!(post("Content-Type: text/plain\r\n").status, 415);
    assert_eq!(
        post("content-type: Text/XML ; Charset=\"utf-8\"\r\n").status,
        201
    );
}

#[test]
fn a_body_with_a_content_coding_is_rejected_with_its_name() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let put = |coding: &str, body: &[u8]| {
        let headers = format!(
            "{ADMIN_AUTHORIZATION}Content-Type: text/xml\r\nContent-Encoding: {coding}\r\n"
        );
        client.request("PUT", UMS_API, &headers, body)
    };
    let rejection = put("gzip", b"\x1f\x8b\x08\x00");
    assert_eq!(rejection.status, 415, "{rejection}");
    assert_eq!(
        rejection.element("message"),
        Some("Content-Encoding is gzip, expected a body without a content coding")
    );
    let body = b"<ExternalService><Server>s</Server></ExternalService>";
    assert_eq!(put(" Identity", body).status, 204);
}

#[test]
fn text_is_returned_unchanged() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (sent, stored) in [
        (r" client-team\administrator", r" client-team\administrator"),
        (
            "&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;",
            "&lt;a&gt; &amp; \"b\" 'c'",
        ),
        (
            "<![CDATA[<a> & ]]]]><![CDATA[>]]>",
            "&lt;a&gt; &amp; ]]&gt;",
        ),
        ("a<!-- no -->b<?no no?>c", "abc"),
        ("&#x41;&#66;&#x1F4DE;", "AB\u{1F4DE}"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("one&#13;&#10;two", "one&#13;\ntwo"),
        ("  \u{a0}Grüße 漢字\t ", "  \u{a0}Grüße 漢字\t "),
        ("A&amp;#38;B", "A&amp;#38;B"),
        (" ", " "),
    ] {
        let body =
            format!("<ExternalService><ServiceAlias>{sent}</ServiceAlias></ExternalService>");
        assert_eq!(client.put(UMS_API, body).status, 204, "{sent:?}");
        assert_eq!(
            client.get(UMS_API).element("ServiceAlias"),
            Some(stored),
            "{sent:?}"
        );
    }
}

#[test]
fn a_put_changes_only_its_elements_and_is_all_or_nothing() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let before = client.get(UMS_API).body;
    let renamed = "<ExternalService><DisplayName>Renamed</DisplayName><IsEnabled>0</IsEnabled></ExternalService>";
    assert_eq!(client.put(UMS_API, renamed).status, 204);
    let expected = before
        .replace(">UMS_API<", ">Renamed<")
        .replace("<IsEnabled>true<", "<IsEnabled>false<");
    assert_eq!(client.get(UMS_API).body, expected);

    let half_wrong = "<ExternalService><DisplayName>Again</DisplayName><ServerType>9</ServerType></ExternalService>";
    let response = client.put(UMS_API, half_wrong);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    assert_eq!(client.get(UMS_API).body, expected, "nothing has changed");
}

#[test]
fn a_put_can_repeat_the_name_of_its_object_but_not_use_another_one_in_use() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let named = |name: &str| {
        format!("<ExternalService><DisplayName>{name}</DisplayName></ExternalService>")
    };
    assert_eq!(client.put(UMS_API, named("ums_api")).status, 204);
    let response = client.put(UMS_API, named("OFFICE_365"));
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [DisplayName], Value = [OFFICE_365]: expected a value that no other ExternalService has</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    assert_eq!(client.get(UMS_API).element("DisplayName"), Some("ums_api"));
}

#[test]
fn an_object_can_be_read_changed_and_written_back() {
    let mock = CucMock::builder().release(Release::V12_5).start_blocking();
    let client = Client::of(&mock);
    let service = office_365(Release::V12_5)
        .with("AuthenticationMode", "4")
        .with("ClientId", "id")
        .with("ClientSecret", " ")
        .with("DirectoryID", "directory");
    let path = client.create(SERVICES, service.xml());
    let read = client.get(&path).body;
    assert!(
        read.contains("<ServicePassword/>") && read.contains("<ClientSecret/>"),
        "{read}"
    );
    assert_eq!(
        client.put(&path, read.replace("directory", "other")).status,
        204
    );
    assert_eq!(client.get(&path).body, read.replace("directory", "other"));
}

#[test]
fn read_only_and_unknown_elements_are_ignored() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let service = exchange()
        .with("URI", "/vmrest/elsewhere")
        .with("ObjectId", "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78")
        .with("TenantObjectId", "fe6541fb-b42c-44f2-8404-ded14cbf7438")
        .with("ExternalServiceResetURI", "/vmrest/elsewhere")
        .with("Colour", "<Shade>blue</Shade>");
    let path = client.create(SERVICES, service.xml());
    let body = client.get(&path).body;
    assert!(
        !body.contains("elsewhere") && !body.contains("Tenant") && !body.contains("Colour"),
        "{body}"
    );
    assert!(!path.contains("6f4f7023"));
}

#[test]
fn the_last_of_two_equal_elements_counts() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = "<ExternalService><ServerType>9</ServerType><Server>first</Server>\
                <Server>last</Server><ServerType>4</ServerType></ExternalService>";
    assert_eq!(client.put(UMS_API, body).status, 204);
    assert_eq!(client.get(UMS_API).element("Server"), Some("last"));
}

#[test]
fn a_name_is_unique_case_insensitively_and_available_again_after_a_delete() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let shouted = meeting_place().with("DisplayName", "MEETING_CUCA").xml();
    let response = client.post(SERVICES, &shouted);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [DisplayName], Value = [MEETING_CUCA]: expected a value that no other ExternalService has</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    assert_eq!(
        client
            .delete("/vmrest/externalservices/33dd7a5e-8c5e-479a-b6e3-7342c0470072")
            .status,
        204
    );
    assert_eq!(client.post(SERVICES, &shouted).status, 201);
}

#[test]
fn fields_of_a_later_release_appear_from_that_release_on() {
    for (release, links) in [(Release::V10_5, 0), (Release::V11_5, 3), (Release::V15, 3)] {
        let mock = CucMock::builder().release(release).start_blocking();
        let body = Client::of(&mock).get(SERVICES).body;
        assert_eq!(
            body.matches("<ExternalServiceResetURI>").count(),
            links,
            "{release}"
        );
        assert_eq!(
            body.contains("<ExchServerType>"),
            release == Release::V10_5,
            "{release}"
        );
    }
}
