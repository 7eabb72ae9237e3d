//! Spaces with resources of their own.

use std::fs;

use cuc_mock::CucMock;
use expect_test::expect;
use serde_json::Value;

use crate::support::{Client, Response, authorization};

const PAGER: &str = r#"<resource path="pagers" list="Pagers" element="Pager">
  <evidence id="page" documented="our server"/>
  <verb name="list" by="page"/><verb name="read" by="page"/><verb name="create" inferred="a guess"/>
  <uri by="page"/><object-id by="page"/>
  <text name="DisplayName" by="page"><required by="page"/></text>
  <text name="Frequency" by="page" access="secret"/>
</resource>"#;
const LAMP: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
  <evidence id="page" documented="our server"/>
  <verb name="list" by="page"/>
  <uri by="page"/><object-id by="page"/>
</resource>"#;

fn put(client: Client, space: &str, xml: &str) -> Response {
    let path = format!("/__mock/spaces/{space}/resources");
    client.control("PUT", &path, xml)
}

fn send(client: Client, user: &str, method: &str, path: &str, body: &str) -> Response {
    let headers = format!("{}Content-Type: application/xml\r\n", authorization(user));
    client.request(method, path, &headers, body.as_bytes())
}

fn status(client: Client, user: &str, path: &str) -> u16 {
    send(client, user, "GET", path, "").status
}

/// A server with the spaces a and b.
fn server() -> (CucMock, Client) {
    let mock = CucMock::builder().seed(7).start_blocking();
    mock.space("a");
    mock.space("b");
    let client = Client::of(&mock);
    (mock, client)
}

#[test]
fn only_the_space_serves_its_own_resources() {
    let (_mock, client) = server();
    let both = format!("<resources>{PAGER}{LAMP}</resources>");
    let response = put(client, "a", &both);
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    for (user, expected) in [("a", 200), ("b", 404), ("admin", 404)] {
        let paths = ["/vmrest/pagers", "/vmrest/lamps", "/vmrest/schema/Pager"];
        let statuses = paths.map(|path| status(client, user, path));
        assert_eq!(statuses, [expected; 3], "{user}");
        assert_eq!(status(client, user, "/vmrest/tenants"), 200);
        let wadl = send(client, user, "GET", "/vmrest/application.wadl", "").body;
        assert_eq!(wadl.contains("pagers"), expected == 200, "{user}");
    }
    let pager = "<Pager><DisplayName>Night</DisplayName><Frequency>hunter2</Frequency></Pager>";
    let created = send(client, "a", "POST", "/vmrest/pagers", pager);
    assert_eq!(created.status, 201, "{created}");
    let state = client.control("GET", "/__mock/state?space=a", "").body;
    assert!(state.contains("<Frequency>hunter2</Frequency>"), "{state}");
    let imported = client.control("PUT", "/__mock/state?space=a", &state);
    assert_eq!(imported.status, 204, "{imported}");
    assert_eq!(
        client.control("GET", "/__mock/state?space=a", "").body,
        state
    );
    let journal = client
        .control("GET", "/__mock/requests?space=a&method=POST", "")
        .body;
    assert!(
        journal.contains("pagers") && !journal.contains("hunter2"),
        "{journal}"
    );
}

#[test]
fn a_space_starts_again_with_its_resources_and_without_them() {
    let (_mock, client) = server();
    let tenant = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain></Tenant>";
    let tenants = || send(client, "a", "GET", "/vmrest/tenants", "").body;
    let seed = tenants();
    for (method, expected) in [("PUT", 200), ("DELETE", 404)] {
        send(client, "a", "POST", "/vmrest/tenants", tenant);
        client.control("PUT", "/__mock/snapshots/before?space=a", "");
        let response = client.control(method, "/__mock/spaces/A/resources", PAGER);
        assert_eq!(response.status, 204, "{response}");
        let journal = client.control("GET", "/__mock/requests?space=a", "").body;
        expect![[r#"{"requests":[],"last":0,"dropped":0}"#]].assert_eq(&journal);
        let snapshots = client.control("GET", "/__mock/snapshots?space=a", "").body;
        expect![[r#"{"snapshots":[]}"#]].assert_eq(&snapshots);
        assert_eq!(tenants(), seed, "{method}");
        assert_eq!(status(client, "a", "/vmrest/pagers"), expected);
        let space = client.control("GET", "/__mock/spaces/a", "").body;
        expect![[r#"{"name":"a","seed":7}"#]].assert_eq(&space);
    }
    client.control("PUT", "/__mock/snapshots/after?space=a", "");
    assert_eq!(put(client, "a", PAGER).status, 204);
    let restored = client.control("POST", "/__mock/snapshots/after/restore?space=a", "");
    assert_eq!(restored.status, 404, "{restored}");
}

#[test]
fn the_mistakes_in_descriptions_are_reported_with_their_places() {
    let (_mock, client) = server();
    status(client, "a", "/vmrest/tenants");
    let invalid = format!(
        "<resources>{PAGER}\n{PAGER}\n<resource path=\"x\" list=\"X\">\n  <verb name=\"look\" by=\"page\"/>\n</resource></resources>"
    );
    for xml in [
        &*invalid,
        "",
        "<pager/>",
        "<resources><resource",
        "\u{fffe}",
    ] {
        let response = put(client, "a", xml);
        assert_eq!(response.status, 400, "{response}");
        let errors: Value = serde_json::from_str(&response.body).expect("JSON");
        assert_eq!(
            errors["error"],
            "the descriptions have mistakes, and nothing was changed"
        );
        assert_ne!(errors["mistakes"], Value::Array(Vec::new()), "{response}");
    }
    expect![[r#"{"error":"the descriptions have mistakes, and nothing was changed","mistakes":[{"path":"resources","line":8,"column":1,"message":"Pagers is the name of an element of pagers, too; expected another one"},{"path":"resources","line":8,"column":1,"message":"Pager is the name of an element of pagers, too; expected another one"},{"path":"resources","line":8,"column":1,"message":"the resource pagers has /vmrest/pagers in release 10.5, too; expected another path"},{"path":"resources","line":15,"column":1,"message":"<resource> lacks the attribute element"},{"path":"resources","line":16,"column":3,"message":"name is \"look\", expected list, read, create, update, delete"}]}"#]].assert_eq(&put(client, "a", &invalid).body);
    let journal = client.control("GET", "/__mock/requests?space=a", "").body;
    assert!(journal.contains("tenants"), "{journal}");
    assert_eq!(status(client, "a", "/vmrest/pagers"), 404);
    for (space, expected) in [("default", 409), ("none", 404)] {
        assert_eq!(put(client, space, PAGER).status, expected);
        let path = format!("/__mock/spaces/{space}/resources");
        assert_eq!(client.control("DELETE", &path, "").status, expected);
    }
}

#[test]
fn the_resources_of_a_space_are_added_to_those_of_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("pagers.xml"), PAGER).expect("a file");
    fs::write(folder.path().join("lamps.xml"), LAMP).expect("a file");
    let mock = CucMock::builder().resources(folder.path()).start_blocking();
    drop(folder);
    mock.space("a");
    let client = Client::of(&mock);
    let other = PAGER
        .replace("Frequency", "Band")
        .replace("\"list\"", "\"update\"");
    assert_eq!(put(client, "a", &other).status, 204);
    let statuses = ["lamps", "pagers", "pagers/none"].map(|path| {
        let path = format!("/vmrest/{path}");
        ["admin", "a"].map(|user| status(client, user, &path))
    });
    assert_eq!(statuses, [[200, 200], [200, 405], [404, 404]]);
    let schema = send(client, "a", "GET", "/vmrest/schema/Pager", "").body;
    assert!(
        schema.contains("Band") && !schema.contains("Frequency"),
        "{schema}"
    );
}

#[test]
fn coverage_combines_spaces_with_different_resources() {
    let (mock, client) = server();
    status(client, "a", "/vmrest/tenants?query=(Alias+is+x)");
    let servers = LAMP
        .replace("lamps", "vmsservers")
        .replace("<uri", "<text name=\"Wattage\" by=\"page\"/><uri");
    let both = format!("<resources>{PAGER}{servers}</resources>");
    let response = put(client, "a", &both);
    assert_eq!(response.status, 204, "{response}");
    let pager = "<Pager><DisplayName>Night</DisplayName></Pager>";
    send(client, "a", "POST", "/vmrest/pagers", pager);
    status(client, "admin", "/vmrest/vmsservers");
    let table = |coverage: cuc_mock::Coverage| {
        let rows = coverage.to_string();
        let shown = |row: &&str| {
            ["tenants ", "pagers", "vmsservers "]
                .iter()
                .any(|path| row.starts_with(path))
        };
        rows.lines().filter(shown).collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        tenants                                                                                        1/5      1/10       0/9      1/17
        vmsservers                                                                                     0/1       0/2         -       0/3
        pagers                                                                                         1/3       1/6       1/2       0/4"#]]
    .assert_eq(&table(mock.space("a").coverage()));
    expect![[r#"
        tenants                                                                                        1/5      1/10       0/9      1/17
        vmsservers                                                                                     1/2       1/4         -      0/12
        pagers                                                                                         1/3       1/6       1/2       0/4"#]]
    .assert_eq(&table(mock.coverage_of_all_spaces()));
    let rules = |coverage: &cuc_mock::Coverage| coverage.inferred()[0].to_string();
    expect!["#1 POST /vmrest/pagers, answered with 201: a guess"]
        .assert_eq(&rules(&mock.space("a").coverage()));
    mock.delete_space("a");
    let deleted = mock.coverage_of_all_spaces();
    expect![[r#"
        tenants                                                                                        1/5      1/10       0/9      1/17
        vmsservers                                                                                     1/2       1/4         -      0/11"#]]
    .assert_eq(&table(deleted.clone()));
    expect!["#1 POST /vmrest/pagers, answered with 201: a guess"].assert_eq(&rules(&deleted));
}

#[test]
fn a_reload_reads_the_fixtures_for_each_set_of_resources() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |alias: &str| {
        let tenants = format!(
            "<Tenants><Tenant><ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId><Alias>{alias}</Alias>\
             <SmtpDomain>acme.org</SmtpDomain></Tenant></Tenants>"
        );
        fs::write(folder.path().join("tenants.xml"), tenants).expect("a file");
    };
    write("old");
    let mock = CucMock::builder().fixtures(folder.path()).start_blocking();
    mock.space("a");
    let client = Client::of(&mock);
    assert_eq!(put(client, "a", PAGER).status, 204);
    write("new");
    let response = client.control("POST", "/__mock/reload", "");
    assert_eq!(response.status, 200, "{response}");
    for user in ["admin", "a"] {
        let tenants = send(client, user, "GET", "/vmrest/tenants", "").body;
        assert!(tenants.contains("<Alias>new</Alias>"), "{tenants}");
    }
    write("");
    assert_eq!(client.control("POST", "/__mock/reload", "").status, 422);
    assert_eq!(status(client, "a", "/vmrest/pagers"), 200);
}

#[test]
fn a_rust_test_gives_a_space_resources_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pagers.xml");
    fs::write(&path, PAGER).expect("a file");
    let mock = CucMock::start_blocking();
    let space = mock.space_with_resources("a", &path);
    let client = Client::of(&mock);
    let pager = "<Pager><DisplayName>Night</DisplayName></Pager>";
    assert_eq!(
        send(client, "a", "POST", "/vmrest/pagers", pager).status,
        201
    );
    assert_eq!(space.records("pagers").len(), 1);
    assert_eq!(mock.space("a").records("pagers"), space.records("pagers"));
    space.reset();
    assert_eq!(space.records("pagers").len(), 0);
}

#[test]
#[should_panic(expected = "cannot set the resources of the space \"a\"")]
fn descriptions_with_mistakes_panic_with_the_mistakes() {
    let mock = CucMock::start_blocking();
    drop(mock.space_with_resources("a", "/no/such/file.xml"));
}
