//! The state as a fixture.

use cuc_mock::{CucMock, Service, Tenant};
use expect_test::expect;

use crate::support::{Client, Response, ServerProcess, cuc_mock, exchange, tenants};

const SERVICES: &str = "/vmrest/externalservices";
const STATE: &str = "/__mock/state";

#[test]
fn the_state_is_a_fixture_with_secrets() {
    let id = "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";
    let service = Service::meeting_place("A & B")
        .object_id(id)
        .account("a", "s3cret");
    let mock = CucMock::builder().empty().service(service).start_blocking();
    let answer = Client::of(&mock).control("GET", STATE, "");
    let head = answer.header("Content-Type");
    assert_eq!(head, Some("application/xml;charset=UTF-8"));
    let (start, rest) = answer.body.split_once("  <Tenants").expect("tenants");
    assert!(
        start.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<UnityConnection>\n  <"
        ),
        "{start}"
    );
    let (services, system) = rest.split_once("  <VmsServers").expect("servers");
    let services = format!("<UnityConnection>\n  <Tenants{services}");
    expect![[r#"
        <UnityConnection>
          <Tenants total="0"/>
          <TenantCoses total="0"/>
          <TenantPartitions total="0"/>
          <TenantPhoneSystems total="0"/>
          <TenantScheduleSets total="0"/>
          <ExternalServices total="1">
            <ExternalService>
              <URI>/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</URI>
              <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
              <DisplayName>A &amp; B</DisplayName>
              <IsEnabled>true</IsEnabled>
              <Server>10.65.156.190</Server>
              <ServiceAlias>a</ServiceAlias>
              <ServicePassword>s3cret</ServicePassword>
              <ServerType>1</ServerType>
              <SupportsCalendarCapability>true</SupportsCalendarCapability>
              <SupportsMeetingCapability>true</SupportsMeetingCapability>
              <TransferExtensionDialString>111111</TransferExtensionDialString>
            </ExternalService>
          </ExternalServices>
    "#]]
    .assert_eq(&services);
    assert!(
        system.ends_with("</Cluster>\n</UnityConnection>\n"),
        "{system}"
    );
}

#[test]
fn an_exported_state_loads_to_the_same_state() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for text in ["\u{9}a\nb ", " ]]> ", "&amp;", "\u{1f600}", "'\"<>"] {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let service = exchange()
            .with("DisplayName", &text)
            .with("ServicePassword", &text);
        client.create(SERVICES, service.xml());
    }
    client.put(
        &format!("{SERVICES}/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78"),
        "<ExternalService><ServerType>5</ServerType></ExternalService>",
    );
    let state = client.control("GET", STATE, "").body;
    let list = client.get(SERVICES).body;

    let other = CucMock::start_blocking();
    let client = Client::of(&other);
    assert_eq!(client.control("PUT", STATE, &state).status, 204);
    assert_eq!(client.control("GET", STATE, "").body, state);
    assert_eq!(client.get(SERVICES).body, list);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.xml");
    std::fs::write(&path, &state).unwrap();
    let third = CucMock::builder().fixtures(&path).start_blocking();
    assert_eq!(third.state(), state);
}

/// Leaves most of the names out of a message that names the lists of all resources.
fn abridged(answer: &Response) -> String {
    let answer = answer.to_string();
    let [first, last] = ["<ConnectionLocations> or ", " or <Cluster>"];
    let (start, names) = answer.split_once(first).expect("the first list");
    let (_, end) = names.split_once(last).expect("the last list");
    [start, first, "[...]", last, end].concat()
}

#[test]
fn a_state_with_errors_changes_nothing_and_all_errors_are_listed() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let before = client.control("GET", STATE, "").body;
    let state = "<UnityConnection>\n<Tenants><Tenant><Alias>a</Alias></Tenant></Tenants><Zebras/></UnityConnection>";
    let answer = client.control("PUT", STATE, state);
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":2,"column":10,"message":"ObjectId is missing, expected a value, it is mandatory"},{"line":2,"column":10,"message":"SmtpDomain is missing, expected a value, it is mandatory"},{"line":2,"column":53,"message":"found <Zebras>, expected <ConnectionLocations> or [...] or <Cluster> or <UnityConnection>; when a server starts, a list of another resource needs an object, or its XSD beside the file"}]}
    "#]].assert_eq(&abridged(&answer));
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":1,"message":"no element found, expected a root element"}]}
    "#]].assert_eq(&client.control("PUT", STATE, "").to_string());
    assert_eq!(client.control("GET", STATE, "").body, before);
}

#[test]
fn the_first_hundred_errors_of_a_state_are_listed_and_the_others_are_counted() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let before = mock.state();
    let state = format!("<Tenants>{}</Tenants>", "<Cat/>\n".repeat(250));
    let answer = client.control("PUT", STATE, &state);
    assert_eq!(answer.status, 400);
    let mut errors: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let mistakes = errors["mistakes"].take();
    assert_eq!(mistakes.as_array().map(Vec::len), Some(100));
    expect![[r#"{"column":1,"line":100,"message":"found <Cat>, expected <Tenant>"}"#]]
        .assert_eq(&mistakes[99].to_string());
    expect![[r#"{"error":"the state has mistakes, and nothing was changed","mistakes":null,"more_mistakes":150}"#]].assert_eq(&errors.to_string());
    assert_eq!(mock.state(), before);
    let diagnostics = mock.try_set_state(&state).unwrap_err();
    assert_eq!((diagnostics.len(), diagnostics.omitted()), (100, 150));
    let lines = diagnostics.to_string();
    assert!(
        lines.ends_with("\nstate:100:1: found <Cat>, expected <Tenant>\nand 150 more errors"),
        "{lines}"
    );
}

#[test]
fn a_replaced_state_repeats_no_id_and_ends_with_a_reset() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let seed = mock.state();
    let first = client.create(SERVICES, exchange().xml());
    client.control("PUT", STATE, "<Tenants/>");
    assert!(client.get(SERVICES).body.contains(r#"total="0""#));
    assert_ne!(client.create(SERVICES, exchange().xml()), first);
    mock.reset();
    assert_eq!(mock.state(), seed);
    assert_eq!(client.create(SERVICES, exchange().xml()), first);
}

#[test]
fn a_large_state_is_accepted() {
    let mock = CucMock::start_blocking();
    let service = |number| {
        format!(
            "<ExternalService><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId>\
             <DisplayName>Service {number}</DisplayName><ServerType>1</ServerType>\
             <ServiceAlias>a</ServiceAlias><ServicePassword>b</ServicePassword><Server>c</Server>\
             <TransferExtensionDialString>1</TransferExtensionDialString></ExternalService>"
        )
    };
    let services: String = (0..5_000).map(service).collect();
    let state = format!("<ExternalServices>{services}</ExternalServices>");
    assert!(state.len() > 1024 * 1024, "larger than what the API takes");
    let client = Client::of(&mock);
    assert_eq!(client.control("PUT", STATE, &state).status, 204);
    let count = client.get(&format!("{SERVICES}?rowsPerPage=0"));
    assert!(count.body.contains(r#"total="5000""#), "{count}");
}

#[test]
fn typed_objects_follow_the_rules_of_each_release() {
    for release in cuc_mock::Release::ALL {
        let mock = CucMock::builder()
            .release(*release)
            .empty()
            .tenant(Tenant::new("acme", "acme.example.com").description("a tenant"))
            .service(Service::exchange("Mail").server("10.0.0.7"))
            .service(Service::meeting_place("Meetings"))
            .service(Service::office_365("Cloud").account("me", "secret"))
            .start_blocking();
        let services = Client::of(&mock).get(SERVICES).body;
        assert!(services.contains(r#"total="3""#), "{release}: {services}");
        assert!(services.contains("<Server>10.0.0.7</Server>"));
    }
}

#[test]
fn an_invalid_object_is_rejected_with_the_reason() {
    let unknown = Service::exchange("Mail").field("Colour", "red");
    let refused = CucMock::builder().service(unknown).try_start().unwrap_err();
    expect!["cannot add an object: Invalid parameter. Parameter = [Colour]: expected a field of ExternalService in release 10.5"].assert_eq(&refused.to_string());
    let twice = Service::exchange("UMS_API");
    let refused = CucMock::builder().service(twice).try_start().unwrap_err();
    expect!["cannot add an object: Invalid parameter. Parameter = [DisplayName], Value = [UMS_API]: expected a value that no other ExternalService has"].assert_eq(&refused.to_string());
}

#[test]
fn the_command_line_loads_an_exported_state() {
    let mock = CucMock::start_blocking();
    mock.add_service(Service::exchange("Mail"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.xml");
    std::fs::write(&path, mock.state()).unwrap();
    let path = path.to_str().unwrap();
    let server = ServerProcess::start(&mut cuc_mock(&[
        "--listen",
        "127.0.0.1:0",
        "--fixtures",
        path,
    ]));
    assert_eq!(server.client().control("GET", STATE, "").body, mock.state());
}

#[test]
fn a_state_is_decoded_from_the_charset_of_its_content_type_its_mark_or_its_declaration() {
    let mock = CucMock::builder().empty().start_blocking();
    let client = Client::of(&mock);
    let state = tenants(&["Zo\u{eb}"]);
    let latin_1 = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
    let utf_16: Vec<u8> = state.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let declared = format!("<?xml version='1.0' encoding='latin1'?>{state}");
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", state.as_bytes()),
        ("text/xml; charset=iso-8859-1", &latin_1(&state)),
        ("text/xml; charset=utf-8", declared.as_bytes()),
        ("text/plain; charset=utf-16", &utf_16),
        ("text/plain", &[b"\xfe\xff", &utf_16[..]].concat()),
        ("text/plain", &latin_1(&declared)),
    ] {
        assert_eq!(client.control("PUT", STATE, "<Tenants/>").status, 204);
        let headers = format!("Content-Type: {content_type}\r\n");
        let replaced = client.request("PUT", STATE, &headers, body);
        assert_eq!(replaced.status, 204, "{content_type}: {replaced}");
        assert!(
            mock.state().contains("<Alias>Zoë</Alias>"),
            "{content_type}"
        );
    }
    // A string of Rust is UTF-8, whatever it declares.
    mock.set_state("<Tenants/>");
    mock.set_state(&declared);
    let before = mock.state();
    assert!(before.contains("<Alias>Zoë</Alias>"), "{before}");
    let mut rejections = String::new();
    for (content_type, body) in [
        ("text/xml; charset=utf-7", state.as_bytes()),
        ("text/xml; charset=utf-16", state.as_bytes()),
        ("text/xml; charset=ascii", state.as_bytes()),
        ("text/xml", &latin_1(&state)),
    ] {
        let headers = format!("Content-Type: {content_type}\r\n");
        let rejected = client.request("PUT", STATE, &headers, body);
        assert_eq!(rejected.status, 400, "{content_type}: {rejected}");
        rejections.push_str(&format!("{}\n", rejected.body));
    }
    expect![[r#"
        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":1,"message":"Content-Type names an unknown character encoding, expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252"}]}
        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":1,"message":"the document is declared to be UTF-16, but has no byte order mark and no other sign of it"}]}
        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":84,"message":"found a byte that is not US-ASCII there"}]}
        {"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":84,"message":"found a byte that is not UTF-8 there"}]}
    "#]].assert_eq(&rejections);
    assert_eq!(mock.state(), before);
}
