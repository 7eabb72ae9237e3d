//! Loading the fixtures again.

use std::{fs, path::Path};

use cuc_mock::{CucMock, Service, Tenant};
use expect_test::expect;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Client, Response, authorization, exchange, make_fifo, tenants};

const RELOAD: &str = "/__mock/reload";
const TENANTS: &str = "/vmrest/tenants";
const SERVICES: &str = "/vmrest/externalservices";

/// Returns the changes of tenants and services, without those of the objects that exist with each tenant.
fn changes(reload: &Response) -> String {
    let mut report: Value = serde_json::from_str(&reload.body).expect("JSON");
    let changes = report["changes"].as_array_mut().expect("a list");
    changes.retain(|change| {
        change["resource"] == "tenants" || change["resource"] == "externalservices"
    });
    let changes = changes.iter().map(|change| format!("{change}\n"));
    changes.collect()
}

/// Starts a server from a folder with tenants with these aliases.
fn started(aliases: &[&str]) -> (TempDir, CucMock) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &tenants(aliases));
    let mock = CucMock::builder().fixtures(folder.path()).start_blocking();
    (folder, mock)
}

fn write(folder: &Path, tenants: &str) {
    fs::write(folder.join("tenants.xml"), tenants).expect("a file");
}

#[test]
fn a_reload_returns_the_changes_and_resets_every_space() {
    let (folder, mock) = started(&["one", "two", "three"]);
    let client = Client::of(&mock);
    client.control("POST", "/__mock/spaces", r#"{"name":"other"}"#);
    client.create(SERVICES, exchange().xml());
    client.control("POST", "/__mock/faults", r#"{"preset":"busy"}"#);
    // The number of a tenant is its place in the list: three is now the second.
    write(folder.path(), &tenants(&["one", "three"]));
    let answer = client.control("POST", RELOAD, "");
    assert_eq!(
        (answer.status, answer.header("Content-Type")),
        (200, Some("application/json"))
    );
    expect![[r#"
        {"added":0,"changed":1,"removed":1,"reordered":false,"resource":"tenants"}
    "#]]
    .assert_eq(&changes(&answer));
    assert_eq!(client.control("GET", "/__mock/faults", "").body, "[]");
    assert!(mock.requests().is_empty());
    assert!(client.get(SERVICES).body.contains(r#"total="0""#));
    for user in ["anybody", "other"] {
        let listed = client.request("GET", TENANTS, &authorization(user), b"");
        assert!(listed.body.contains(r#"total="2""#), "{listed}");
        assert!(listed.body.contains("<Alias>three</Alias>"), "{listed}");
    }
    client.delete(&format!("{TENANTS}/{}", id(1)));
    mock.reset();
    assert!(client.get(TENANTS).body.contains(r#"total="2""#));
}

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[test]
fn a_reload_detects_new_files_and_another_order() {
    let (folder, mock) = started(&["one", "two"]);
    let client = Client::of(&mock);
    let both = tenants(&["one", "two"]);
    let (first, second) = both.split_once("</Tenant>").unwrap();
    let second = second.replace("</Tenants>", "");
    let turned = first.replace("<Tenants>", &format!("<Tenants>{second}")) + "</Tenant></Tenants>";
    write(folder.path(), &turned);
    fs::copy(
        "fixtures/externalservices.xml",
        folder.path().join("more.xml"),
    )
    .unwrap();
    let refused = client.control("POST", RELOAD, "");
    assert_eq!(
        refused.status, 422,
        "their tenants are not there: {refused}"
    );
    let services = fs::read_to_string("fixtures/externalservices.xml").unwrap();
    let mut lines: Vec<_> = services.lines().collect();
    lines.retain(|line| !line.contains("TenantObjectId"));
    fs::write(folder.path().join("more.xml"), lines.join("\n")).unwrap();
    let reload = client.control("POST", RELOAD, "");
    let report: Value = serde_json::from_str(&reload.body).expect("JSON");
    for change in report["changes"].as_array().expect("a list") {
        // The objects of the tenants are the same, except for the places of their routing rules.
        let is_same = change["changed"] == 0 && change["removed"] == 0;
        assert!(is_same || change["resource"] == "routingrules", "{change}");
    }
    expect![[r#"
        {"added":0,"changed":0,"removed":0,"reordered":true,"resource":"tenants"}
        {"added":5,"changed":0,"removed":0,"reordered":false,"resource":"externalservices"}
    "#]]
    .assert_eq(&changes(&reload));
    assert_eq!(client.control("POST", RELOAD, "").body, r#"{"changes":[]}"#);
}

#[test]
fn fixtures_with_errors_change_nothing_and_all_errors_are_listed() {
    let (folder, mock) = started(&["one"]);
    let client = Client::of(&mock);
    client.create(SERVICES, exchange().xml());
    let before = mock.state();
    write(folder.path(), "<Tenants>\n  <Tenant/><Cats/></Tenants>");
    let answer = client.control("POST", RELOAD, "");
    let path = folder.path().to_str().unwrap();
    expect![[r#"
        422 Unprocessable Entity
        Content-Type: application/json

        {"error":"the fixtures have mistakes, and nothing was changed","mistakes":[{"path":"FOLDER/tenants.xml","line":2,"column":3,"message":"ObjectId is missing, expected a value, it is mandatory"},{"path":"FOLDER/tenants.xml","line":2,"column":3,"message":"Alias is missing, expected a value, it is mandatory"},{"path":"FOLDER/tenants.xml","line":2,"column":3,"message":"SmtpDomain is missing, expected a value, it is mandatory"},{"path":"FOLDER/tenants.xml","line":2,"column":12,"message":"found <Cats>, expected <Tenant>"}]}
    "#]]
    .assert_eq(&answer.to_string().replace(path, "FOLDER"));
    fs::remove_dir_all(folder.path()).unwrap();
    expect![[r#"
        {"error":"the fixtures have mistakes, and nothing was changed","mistakes":[{"path":"FOLDER","line":null,"column":null,"message":"cannot be read: No such file or directory (os error 2)"}]}"#]]
    .assert_eq(&client.control("POST", RELOAD, "").body.replace(path, "FOLDER"));
    assert_eq!(mock.state(), before);
    mock.reset();
    assert!(client.get(TENANTS).body.contains("<Alias>one</Alias>"));
}

#[test]
fn a_reload_without_fixtures_resets_every_space() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let other = mock.space("other");
    let seed = mock.state();
    other.add_service(Service::exchange("Mail"));
    client.create(SERVICES, exchange().xml());
    assert_eq!(client.control("POST", RELOAD, "").body, r#"{"changes":[]}"#);
    assert_eq!((mock.state(), other.state()), (seed.clone(), seed));
}

#[test]
fn a_reload_takes_no_parameter() {
    let mock = CucMock::start_blocking();
    let answer = Client::of(&mock).control("POST", "/__mock/reload?space=default", "");
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"found the parameter \"space\", expected nothing"}
    "#]]
    .assert_eq(&answer.to_string());
}

#[test]
fn a_reload_keeps_the_objects_of_the_builder() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &tenants(&["one"]));
    let mock = CucMock::builder()
        .fixtures(folder.path())
        .tenant(Tenant::new("mine", "mine.example.com"))
        .start_blocking();
    let listed = || Client::of(&mock).get(TENANTS).body;
    let mine = listed();
    write(folder.path(), &tenants(&["one", "two"]));
    mock.reload();
    assert!(listed().contains("<Alias>two</Alias>"));
    assert!(listed().contains("<Alias>mine</Alias>"));
    write(folder.path(), &tenants(&["one", "mine"]));
    let refused = mock.try_reload().expect_err("the alias is there twice");
    expect!["cannot add an object: Invalid parameter. Parameter = [Alias], Value = [mine]: expected a value that no other Tenant has"].assert_eq(&refused.to_string());
    expect![[r#"
        422 Unprocessable Entity
        Content-Type: application/json

        {"error":"nothing was changed: Invalid parameter. Parameter = [Alias], Value = [mine]: expected a value that no other Tenant has","mistakes":[]}
    "#]]
    .assert_eq(&Client::of(&mock).control("POST", RELOAD, "").to_string());
    write(folder.path(), &tenants(&["one"]));
    mock.reload();
    assert_eq!(listed(), mine);
}

#[test]
fn a_reload_reports_a_hundred_errors_and_the_number_of_the_others() {
    let (folder, mock) = started(&["one"]);
    let client = Client::of(&mock);
    write(
        folder.path(),
        &format!("<Tenants>{}</Tenants>", "<Cat/>".repeat(101)),
    );
    let answer = client.control("POST", RELOAD, "");
    assert_eq!(answer.status, 422);
    let errors: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(errors["mistakes"].as_array().map(Vec::len), Some(100));
    assert_eq!(errors["more_mistakes"], 1);
}

#[cfg(unix)]
#[test]
fn a_reload_rejects_a_fifo_and_the_next_one_works() {
    let (folder, mock) = started(&["one"]);
    let client = Client::of(&mock);
    let fifo = folder.path().join("fifo.xml");
    make_fifo(&fifo);
    let answer = client.control("POST", RELOAD, "");
    expect![[r#"
        422 Unprocessable Entity
        Content-Type: application/json

        {"error":"the fixtures have mistakes, and nothing was changed","mistakes":[{"path":"FOLDER/fifo.xml","line":null,"column":null,"message":"cannot be read: it is a FIFO, expected a regular file"}]}
    "#]].assert_eq(
        &answer
            .to_string()
            .replace(folder.path().to_str().unwrap(), "FOLDER"),
    );
    fs::remove_file(fifo).unwrap();
    write(folder.path(), &tenants(&["two"]));
    assert_eq!(client.control("POST", RELOAD, "").status, 200);
    assert!(client.get(TENANTS).body.contains("<Alias>two</Alias>"));
}
