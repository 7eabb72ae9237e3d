//! Bodies in the unusual forms that clients send.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";
/// A service of MeetingPlace, which does not need its other fields in an update.
const SHARED: &str = "/vmrest/externalservices/c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426";
const BLANK: &str = "<ExternalService><ProxyServer>set before</ProxyServer></ExternalService>";

/// Sends each body to a service whose field `ProxyServer` has a value, and lists the new values of the field.
#[track_caller]
fn proxy_servers(send: impl Fn(Client, &str) -> u16, bodies: &[&str]) -> String {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let values = bodies.iter().map(|body| {
        assert_eq!(client.put(SHARED, BLANK).status, 204);
        assert_eq!(send(client, body), 204, "{body}");
        let read = client.get(SHARED);
        let value = match read.element("ProxyServer") {
            Some(value) => value,
            None if read.body.contains("<ProxyServer/>") => "",
            None => "absent",
        };
        format!("{value:12} {body:?}\n")
    });
    values.collect()
}

fn put_xml(client: Client, body: &str) -> u16 {
    client.put(SHARED, body).status
}

fn put_json(client: Client, body: &str) -> u16 {
    client.send_json("PUT", SHARED, body).status
}

#[test]
fn texts_between_the_elements_of_a_request_are_ignored() {
    let values = proxy_servers(
        put_xml,
        &[
            "<ExternalService>\"<ProxyServer>s</ProxyServer>\"</ExternalService>",
            "<ExternalService>\u{a0}\n\u{a0}<ProxyServer>s</ProxyServer>\u{a0}</ExternalService>",
            "<ExternalService>\u{200b}\u{feff}<ProxyServer>s</ProxyServer></ExternalService>",
            "<ExternalService>a &amp; &#160; b<ProxyServer>s</ProxyServer></ExternalService>",
            "<ExternalService><![CDATA[<ProxyServer>x</ProxyServer>]]><ProxyServer>s</ProxyServer></ExternalService>",
            "<ExternalService>text</ExternalService>",
            "<ExternalService><x>1<y/>2</x>\"<ProxyServer> “s” </ProxyServer></ExternalService>",
        ],
    );
    expect![[r#"
        s            "<ExternalService>\"<ProxyServer>s</ProxyServer>\"</ExternalService>"
        s            "<ExternalService>\u{a0}\n\u{a0}<ProxyServer>s</ProxyServer>\u{a0}</ExternalService>"
        s            "<ExternalService>\u{200b}\u{feff}<ProxyServer>s</ProxyServer></ExternalService>"
        s            "<ExternalService>a &amp; &#160; b<ProxyServer>s</ProxyServer></ExternalService>"
        s            "<ExternalService><![CDATA[<ProxyServer>x</ProxyServer>]]><ProxyServer>s</ProxyServer></ExternalService>"
        set before   "<ExternalService>text</ExternalService>"
         “s”         "<ExternalService><x>1<y/>2</x>\"<ProxyServer> “s” </ProxyServer></ExternalService>"
    "#]].assert_eq(&values);
}

#[test]
fn an_object_may_have_any_root_except_that_of_another_kind() {
    let values = proxy_servers(
        put_xml,
        &[
            "<externalservice><ProxyServer>s</ProxyServer></externalservice>",
            "<ExternalService ><ProxyServer >s</ProxyServer ></ExternalService >",
            "<Foo><ProxyServer>s</ProxyServer></Foo>",
            "<ExternalServices><ProxyServer>s</ProxyServer></ExternalServices>",
            "<ExternalServices total=\"1\"><ExternalService><ProxyServer>s</ProxyServer></ExternalService></ExternalServices>",
            "<Foo><ExternalService><ProxyServer>r</ProxyServer></ExternalService><ExternalService><ProxyServer>s</ProxyServer></ExternalService></Foo>",
            "<ExternalService xmlns=\"\"><ProxyServer>s</ProxyServer></ExternalService>",
            "<ExternalService xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><ProxyServer xsi:type=\"xsd:string\">s</ProxyServer></ExternalService>",
            "<ExternalService><ProxyServer xmlns=\"http://x\">of another namespace</ProxyServer></ExternalService>",
        ],
    );
    expect![[r#"
        s            "<externalservice><ProxyServer>s</ProxyServer></externalservice>"
        s            "<ExternalService ><ProxyServer >s</ProxyServer ></ExternalService >"
        s            "<Foo><ProxyServer>s</ProxyServer></Foo>"
        s            "<ExternalServices><ProxyServer>s</ProxyServer></ExternalServices>"
        s            "<ExternalServices total=\"1\"><ExternalService><ProxyServer>s</ProxyServer></ExternalService></ExternalServices>"
        s            "<Foo><ExternalService><ProxyServer>r</ProxyServer></ExternalService><ExternalService><ProxyServer>s</ProxyServer></ExternalService></Foo>"
        s            "<ExternalService xmlns=\"\"><ProxyServer>s</ProxyServer></ExternalService>"
        s            "<ExternalService xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><ProxyServer xsi:type=\"xsd:string\">s</ProxyServer></ExternalService>"
        set before   "<ExternalService><ProxyServer xmlns=\"http://x\">of another namespace</ProxyServer></ExternalService>"
    "#]].assert_eq(&values);
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let tenants = "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8";
    for (path, root) in [
        (SHARED, "Tenant"),
        (SHARED, "TENANTS"),
        (SHARED, "User"),
        (SHARED, "VmsServer"),
        (tenants, "ExternalService"),
    ] {
        let xml = client.put(path, format!("<{root}><Server>s</Server></{root}>"));
        let json = client.send_json("PUT", path, &format!(r#"{{"{root}":{{"Server":"s"}}}}"#));
        for response in [xml, json] {
            assert_eq!(response.status, 400, "{root}: {response}");
            let provenance = response.header("X-Cuc-Mock-Provenance");
            assert_eq!(provenance, Some("inferred"), "{root}: {response}");
            assert!(response.body.contains(root), "{response}");
        }
    }
}

#[test]
fn a_root_in_a_namespace_is_rejected() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let body = "<ExternalService xmlns='http://x'><Server>s</Server></ExternalService>";
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>The request body cannot be read: line 1, column 1: the root element &lt;ExternalService&gt; is in the namespace "http://x", expected it in none</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&client.put(SHARED, body).to_string());
}

#[test]
fn a_value_may_have_the_shapes_of_xml_that_is_mapped_to_json() {
    let values = proxy_servers(
        put_json,
        &[
            r#"{"ProxyServer":""}"#,
            r#"{"ProxyServer":[]}"#,
            r#"{"ProxyServer":{}}"#,
            r#"{"ProxyServer":{"@a":"1"}}"#,
            r#"{"ProxyServer":null}"#,
            r#"{"ProxyServer":[null]}"#,
            r#"{"ProxyServer":{"$":null}}"#,
            r#"{"ProxyServer":["s"]}"#,
            r#"{"ProxyServer":["r",{"$":"s"},null]}"#,
            r#"{"ProxyServer":{"$":"s"}}"#,
            r#"{"ProxyServer":{"@a":"1","$":5.0}}"#,
            r#"{"ProxyServer":[{"@a":"1","$":true}]}"#,
            r#"{" ProxyServer\u00a0":"s"}"#,
            r#"{"IsEnabled":[true],"ProxyServer":"s","ServerType":{"$":" 1 "},"b":{"c":[]}}"#,
        ],
    );
    expect![[r#"
                     "{\"ProxyServer\":\"\"}"
                     "{\"ProxyServer\":[]}"
                     "{\"ProxyServer\":{}}"
                     "{\"ProxyServer\":{\"@a\":\"1\"}}"
        set before   "{\"ProxyServer\":null}"
        set before   "{\"ProxyServer\":[null]}"
        set before   "{\"ProxyServer\":{\"$\":null}}"
        s            "{\"ProxyServer\":[\"s\"]}"
        s            "{\"ProxyServer\":[\"r\",{\"$\":\"s\"},null]}"
        s            "{\"ProxyServer\":{\"$\":\"s\"}}"
        5            "{\"ProxyServer\":{\"@a\":\"1\",\"$\":5.0}}"
        true         "{\"ProxyServer\":[{\"@a\":\"1\",\"$\":true}]}"
        s            "{\" ProxyServer\\u00a0\":\"s\"}"
        s            "{\"IsEnabled\":[true],\"ProxyServer\":\"s\",\"ServerType\":{\"$\":\" 1 \"},\"b\":{\"c\":[]}}"
    "#]].assert_eq(&values);
}

#[test]
fn a_json_object_may_be_under_any_name_except_that_of_another_kind() {
    let values = proxy_servers(
        put_json,
        &[
            r#"{"ExternalService":{"ProxyServer":"s"}}"#,
            r#"{"externalservice ":{"ProxyServer":"s"}}"#,
            r#"{"ExternalService":[{"ProxyServer":"r"},{"ProxyServer":"s"}]}"#,
            r#"{"@total":"1","ExternalService":{"ProxyServer":"s"}}"#,
            r#"{"ProxyServer":"r","ExternalService":{"ProxyServer":"s"}}"#,
            r#"{"Foo":{"ProxyServer":"s"}}"#,
            r#"{"@total":"1","Foo":[{"ProxyServer":"s"}]}"#,
            r#"{"ProxyServer":"s","Tenant":{"ProxyServer":"r"}}"#,
            r#"{"Foo":{"ProxyServer":"r"},"Bar":1}"#,
            r#"{"Foo":{}}"#,
        ],
    );
    expect![[r#"
        s            "{\"ExternalService\":{\"ProxyServer\":\"s\"}}"
        s            "{\"externalservice \":{\"ProxyServer\":\"s\"}}"
        s            "{\"ExternalService\":[{\"ProxyServer\":\"r\"},{\"ProxyServer\":\"s\"}]}"
        s            "{\"@total\":\"1\",\"ExternalService\":{\"ProxyServer\":\"s\"}}"
        s            "{\"ProxyServer\":\"r\",\"ExternalService\":{\"ProxyServer\":\"s\"}}"
        s            "{\"Foo\":{\"ProxyServer\":\"s\"}}"
        s            "{\"@total\":\"1\",\"Foo\":[{\"ProxyServer\":\"s\"}]}"
        s            "{\"ProxyServer\":\"s\",\"Tenant\":{\"ProxyServer\":\"r\"}}"
        set before   "{\"Foo\":{\"ProxyServer\":\"r\"},\"Bar\":1}"
        set before   "{\"Foo\":{}}"
    "#]]
    .assert_eq(&values);
}

#[test]
fn spaces_around_a_number_do_not_count_and_an_invisible_character_is_named() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for spaces in [" ", "\t\r\n", "\u{a0}", "\u{2003}\u{a0} "] {
        let mut service = exchange().with("DisplayName", &format!("n{}", spaces.len()));
        for (field, value) in [("ServerType", "4"), ("AuthenticationMode", "3")] {
            service = service.with(field, &format!("{spaces}{value}{spaces}"));
        }
        let service = service.with("IsEnabled", &format!("{spaces}False{spaces}"));
        let path = client.create(SERVICES, service.xml());
        let read = client.get(&path);
        assert_eq!(read.element("ServerType"), Some("4"), "{spaces:?}");
        assert_eq!(read.element("IsEnabled"), Some("false"), "{spaces:?}");
    }
    let put = |json: &str| {
        let response = client.send_json("PUT", SHARED, json);
        let body = response
            .body
            .replace(['\u{a0}', '\u{200b}', '\u{feff}'], "·");
        format!("{} {body}\n", response.status)
    };
    let rejected = [
        put("{\"ServerType\":\"1\u{200b}\"}"),
        put("{\"IsEnabled\":\"\u{feff}true\"}"),
        put("{\"MailboxSynchFaxAction\":\"\u{a0}1\u{a0}2\"}"),
        put("{\"Server\u{a0}\":\"\"}"),
        put("{\u{a0}\"Server\":\"\"}"),
    ];
    expect![[r#"
        400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [ServerType], Value = [1·]: expected 1, 4 or 5, without U+200B"}}
        400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [IsEnabled], Value = [·true]: expected true or false, without U+FEFF"}}
        400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [MailboxSynchFaxAction], Value = [·1·2]: expected 0, 1, 2 or 3, without U+00A0"}}
        400 {"errors":{"code":"DATA_EXCEPTION","message":"Invalid parameter. Parameter = [Server], Value = []: expected a value, it is mandatory when ServerType is 1 or 4"}}
        400 {"errors":{"code":"DATA_EXCEPTION","message":"The request body cannot be read: line 1, column 2: this is not well-formed JSON: found the character U+00A0"}}
    "#]].assert_eq(&rejected.concat());
}

#[test]
fn the_journal_decodes_a_body_as_the_server_has_read_it() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let bodies = [
        ("xml", "<Foo>\"<Server>s</Server>\"</Foo>"),
        (
            "xml",
            "<ExternalServices><ExternalService><Server >s</Server></ExternalService></ExternalServices>",
        ),
        ("json", r#"{" Server ":["r","s"]}"#),
        ("json", r#"{"Server":{"$":"s"}}"#),
        ("json", r#"{"Foo":{"Server":"s"}}"#),
        (
            "json",
            r#"{"@total":"1","x":null,"externalservice":[{"Server":[{"$":"s"}]}]}"#,
        ),
    ];
    for (format, body) in bodies {
        let response = match format {
            "xml" => client.put(SHARED, body),
            _ => client.send_json("PUT", SHARED, body),
        };
        assert_eq!(response.status, 204, "{body}: {response}");
        assert_eq!(client.get(SHARED).element("Server"), Some("s"), "{body}");
    }
    let of_server = r#"{"requests":{"fields":{"Server":"s"},"status":204},"exactly":6}"#;
    let verified = client.control("POST", "/__mock/requests/verify", of_server);
    assert_eq!(verified.status, 200, "{verified}");
    let decoded: Vec<_> = mock
        .requests()
        .iter()
        .map(|entry| entry.field("Server"))
        .collect();
    assert_eq!(
        decoded
            .iter()
            .flatten()
            .filter(|value| *value == "s")
            .count(),
        6
    );
}
