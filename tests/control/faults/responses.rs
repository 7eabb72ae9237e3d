//! Faults that replace or modify the response.

use expect_test::expect;

use super::{SERVICES, VERSION, create, head, request_once, server};

/// Returns the response to a request for tenants while a preset is active.
fn preset(name: &str) -> String {
    let (_mock, client) = server(&format!(r#"{{"preset":"{name}"}}"#));
    let answer = request_once(client, "GET", "/vmrest/tenants?rowsPerPage=1");
    let cookies = if answer.status == 401 { 0 } else { 3 };
    assert_eq!(answer.cookies().count(), cookies, "{answer}");
    assert_eq!(answer.header("X-Frame-Options"), Some("SAMEORIGIN"));
    assert!(answer.header("Date").is_some());
    assert_eq!(
        answer.header("Content-Length"),
        Some(answer.body.len().to_string().as_str())
    );
    answer.to_string()
}

#[test]
fn presets_fail_like_the_vendors_server() {
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>SERVICE_UNAVAILABLE</code>
        <message>The server is busy: too many requests are in flight</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&preset("busy"));
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
        <b>description</b> The account is locked out after too many failed attempts to sign in.</p>
        </body>
        </html>
    "#]]
    .assert_eq(&preset("locked_out"));
    expect![[r#"
        403 Forbidden
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>FORBIDDEN</code>
        <message>The server takes no changes: its data are read-only</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&preset("read_only"));
    expect![[r#"
        500 Internal Server Error
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: client

        <html>
        <head>
        <title>Error report</title>
        </head>
        <body>
        <h1>HTTP Status 500 - Internal Server Error</h1>
        <p>
        <b>type</b> Status report</p>
        <p>
        <b>message</b> Internal Server Error</p>
        <p>
        <b>description</b> The server encountered an internal error that prevented it from fulfilling this request.</p>
        </body>
        </html>
    "#]].assert_eq(&preset("tomcat_error"));
    expect![[r#"
        200 OK
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred

        <html>
        <head>
        <title>Cisco Unity Connection</title>
        </head>
        <body>
        <form method="post" action="j_security_check">
        <input type="text" name="j_username"/>
        <input type="password" name="j_password"/>
        <input type="submit" value="Sign in"/>
        </form>
        </body>
        </html>
    "#]]
    .assert_eq(&preset("login_page"));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenants total="2">
        <Tenant>
        <URI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438</URI>
        <ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <CreationDate>2013-01-11 09:12:04.318</CreationDate>
        <Alias>clientteam</Alias>
        <Description>The tenant of the guide's three services</Description>
        <SmtpDomain>clientteam.example.com</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <CosesURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/coses</CosesURI>
        <PartitionsURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/partitions</
    "#]]
    .assert_eq(&preset("truncated_xml"));
    expect![[r#"
        200 OK
        Content-Type: text/html;charset=utf-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenants total="2">
        <Tenant>
        <URI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438</URI>
        <ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <CreationDate>2013-01-11 09:12:04.318</CreationDate>
        <Alias>clientteam</Alias>
        <Description>The tenant of the guide's three services</Description>
        <SmtpDomain>clientteam.example.com</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <CosesURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/coses</CosesURI>
        <PartitionsURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/partitions</PartitionsURI>
        <PhoneSystemURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/phonesystems</PhoneSystemURI>
        <ScheduleSetsURI>/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/schedulesets</ScheduleSetsURI>
        <PartitionObjectId>6c9f8e02-6d24-4971-91e4-098530bd4464</PartitionObjectId>
        <MediaSwitchObjectId>2de42050-2f16-4eca-b163-dcaf8477076f</MediaSwitchObjectId>
        <PhoneSystemObjectId>2de42050-2f16-4eca-b163-dcaf8477076f</PhoneSystemObjectId>
        <MailboxStoreObjectId>2f020d42-13db-414c-9f8d-16d3242b9eef</MailboxStoreObjectId>
        </Tenant>
        </Tenants>
    "#]].assert_eq(&preset("wrong_content_type"));
}

#[test]
fn a_failure_has_the_format_of_the_accept_header() {
    let (_mock, client) = server(r#"{"preset":"busy","times":1}"#);
    let json = "Accept: application/json\r\nConnection: close\r\n\r\n";
    let busy = client.exchange(format!("{}{json}", head("GET", SERVICES)).as_bytes());
    expect![[r#"
        503 Service Unavailable
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"errors":{"code":"SERVICE_UNAVAILABLE","message":"The server is busy: too many requests are in flight"}}
    "#]].assert_eq(&busy.to_string());
    create(client, r#"{"effect":"truncate"}"#);
    let cut = client
        .exchange(format!("{}{json}", head("GET", "/vmrest/tenants?rowsPerPage=1")).as_bytes());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"@total":"2","Tenant":{"URI":"/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438","ObjectId":"fe6541fb-b42c-44f2-8404-ded14cbf7438","CreationDate":"2013-01-11 09:12:04.318","Alias":"clientteam","Description":"The tenant of the guide's three services","SmtpDomain":"clientteam.example.com","TimeZone":"175","Language":"1033","CosesURI":"/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438/coses","PartitionsURI":"/vmrest/tenants/fe6541fb-b42c-44
    "#]].assert_eq(&cut.to_string());
}

#[test]
fn a_custom_response_applies_to_every_path_outside_the_control_plane() {
    let answer = r#"{"status":418,"headers":{"X-A":["b","c"],"Server":"teapot","Content-Type":"text/x"},"body":"short"}"#;
    let (_mock, client) = server(&format!(r#"{{"effect":{{"answer":{answer}}}}}"#));
    expect![[r#"
        418 I'm a teapot
        X-Cuc-Mock-Provenance: inferred
        Content-Type: text/x
        X-A: b
        X-A: c

        short
    "#]]
    .assert_eq(&request_once(client, "PATCH", "/vmrest/users").to_string());
    expect![[r#"
        418 I'm a teapot
        Content-Type: text/x
        X-A: b
        X-A: c

        short
    "#]]
    .assert_eq(&request_once(client, "GET", "/cuadmin").to_string());
    assert_eq!(
        request_once(client, "GET", VERSION).header("Server"),
        Some("teapot")
    );
    assert_eq!(client.control("GET", "/__mock/health", "").status, 200);
    create(
        client,
        r#"{"effect":{"answer":{"status":200,"headers":{"Date":"today"},"body":{"base64":"AAE="}}}}"#,
    );
    assert_eq!(client.control("DELETE", "/__mock/faults/1", "").status, 204);
    let answer = request_once(client, "GET", VERSION);
    assert_eq!(
        (answer.header("Date"), answer.body.as_str()),
        (Some("today"), "\0\u{1}")
    );
}
