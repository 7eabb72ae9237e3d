//! The records of resources that a user describes.

use std::{fs, path::Path};

use cuc_mock::{CucMock, CucMockBuilder, Release, Tenant};
use expect_test::expect;

use crate::support::{Client, Response, xml_files};

/// Returns the builder of a server with these descriptions.
fn described(release: Release, descriptions: &[&str]) -> (CucMockBuilder, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, description) in descriptions.iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.xml")), description).expect("a file");
    }
    let builder = CucMock::builder().resources(folder.path());
    (builder.release(release).seed(7), folder)
}

fn start(release: Release, description: &str) -> CucMock {
    let (builder, _folder) = described(release, &[description]);
    builder.start_blocking()
}

/// Returns the status and the body of a response, without the XML declaration.
fn document(response: &Response) -> (u16, String) {
    let declaration = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let body = response.body.strip_prefix(declaration);
    (response.status, body.unwrap_or(&response.body).to_owned())
}

#[test]
fn conditions_are_on_the_right_fields_in_releases_that_never_show_a_link() {
    const LAMP: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
      <evidence id="page" documented="page"/>
      <verb name="create" by="page"/>
      <verb name="read" by="page"/>
      <uri by="page"/>
      <link name="DimmerURI" ending="/dimmer" by="page" when="CanDim is true"/>
      <object-id by="page"/>
      <boolean name="CanDim" by="page" since="12.5"/>
      <integer name="Kind" by="page"><choices values="1 2" by="page"/></integer>
      <text name="Colour" by="page"><required by="page" when="Kind is 2"/></text>
      <text name="Bulb" by="page"><default value="E27" by="page" when="Kind is 1"/></text>
    </resource>"#;
    for (release, link) in [
        (Release::V10_5, ""),
        (Release::V12_5, "<DimmerURI>PATH/dimmer</DimmerURI>"),
    ] {
        let mock = start(release, LAMP);
        let client = Client::of(&mock);
        let dims = if link.is_empty() {
            ""
        } else {
            "<CanDim>true</CanDim>"
        };
        let colourless = client.post("/vmrest/lamps", "<Lamp><Kind>2</Kind></Lamp>");
        let (status, body) = document(&colourless);
        assert_eq!(status, 400, "{release}");
        assert!(
            body.contains("[Colour], Value = []: expected a value, it is mandatory when Kind is 2"),
            "{release}: {body}"
        );
        let path = client.create(
            "/vmrest/lamps",
            format!("<Lamp>{dims}<Kind>1</Kind></Lamp>"),
        );
        let id = path.rsplit('/').next().expect("an id");
        let link = link.replace("PATH", &path);
        let expected = format!(
            "<Lamp><URI>{path}</URI>{link}<ObjectId>{id}</ObjectId>{dims}<Kind>1</Kind><Bulb>E27</Bulb></Lamp>"
        );
        assert_eq!(document(&client.get(&path)), (200, expected), "{release}");
    }
}

#[test]
fn a_key_is_percent_encoded_in_paths_and_found_by_them() {
    const SETTING: &str = r#"<resource path="settings" list="Settings" element="Setting" key="Name">
      <evidence id="page" documented="page"/>
      <verb name="list" by="page"/>
      <verb name="create" by="page"/>
      <verb name="read" by="page"/>
      <verb name="delete" by="page"/>
      <uri by="page"/>
      <text name="Name" by="page" access="create"><required by="page"/><unique by="page"/></text>
    </resource>"#;
    let mock = start(Release::V10_5, SETTING);
    let client = Client::of(&mock);
    for (name, segment) in [
        ("a\r\nSet-Cookie: b=c", "a%0D%0ASet-Cookie%3A%20b%3Dc"),
        ("#", "%23"),
        ("*", "*"),
        ("-._~Az09", "-._~Az09"),
        ("a/b;c?d%e", "a%2Fb%3Bc%3Fd%25e"),
        ("é\u{1F600}", "%C3%A9%F0%9F%98%80"),
    ] {
        let escaped = name.replace('\r', "&#13;").replace('\n', "&#10;");
        let object = format!("<Setting><Name>{escaped}</Name></Setting>");
        let created = client.post("/vmrest/settings", &object);
        let path = format!("/vmrest/settings/{segment}");
        assert_eq!(created.status, 201, "{name:?}: {created}");
        assert_eq!(created.body, path);
        let address = format!("http://cuc.example.com:8443{path}");
        assert_eq!(created.header("Location"), Some(address.as_str()));
        let found = document(&client.get(&path));
        assert_eq!(found.0, 200, "{name:?}");
        assert!(found.1.contains(&format!("<URI>{path}</URI>")), "{found:?}");
        assert_eq!(client.delete(&path).status, 204, "{name:?}");
    }
}

/// Returns the embedded description with this name.
fn embedded(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resources");
    fs::read_to_string(folder.join(name)).expect("a description")
}

/// Returns the embedded descriptions, except some, of resources that exist since release 14.
fn later(except: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resources");
    let files = xml_files(&folder);
    let names = files.iter().map(|file| {
        let name = file.strip_prefix(&folder).expect("a path in the folder");
        name.to_str().expect("a name")
    });
    let names = names.filter(|name| !except.contains(name));
    names.map(|name| since_14(&embedded(name))).collect()
}

/// Returns a description of a resource that exists since release 14.
fn since_14(description: &str) -> String {
    let (before, rest) = description.split_once("<resource ").expect("a resource");
    let (attributes, rest) = rest.split_once('>').expect("its start tag");
    let attributes = match attributes.split_once("since=\"") {
        Some((first, last)) => {
            let (_, last) = last.split_once('"').expect("a release");
            [first, last].concat()
        }
        None => attributes.to_owned(),
    };
    format!("{before}<resource since=\"14\" {attributes}>{rest}")
}

#[test]
fn an_object_of_a_resource_that_the_release_lacks_is_an_error() {
    let later = later(&["cluster.xml"]);
    let later: Vec<_> = later.iter().map(String::as_str).collect();
    let (builder, _folder) = described(Release::V10_5, &later);
    let builder = builder.empty().tenant(Tenant::new("acme", "acme.org"));
    let error = builder.try_start().expect_err("an error");
    expect!["cannot add an object: release 10.5 has no resource tenants, expected its description to include the release"].assert_eq(&error.to_string());
    let (builder, _folder) = described(Release::V14, &later);
    let builder = builder.empty().tenant(Tenant::new("acme", "acme.org"));
    assert!(builder.try_start().is_ok());
}

#[test]
fn a_secret_of_another_release_is_hidden() {
    const SAFE: &str = r#"<resource path="safes" list="Safes" element="Safe">
      <evidence id="page" documented="page"/>
      <verb name="create" by="page"/>
      <uri by="page"/>
      <object-id by="page"/>
      <text name="Combination" by="page" access="secret" since="14"/>
    </resource>"#;
    const VAULT: &str = r#"<resource path="vaults" list="Vaults" element="Vault" since="15">
      <evidence id="page" documented="page"/>
      <verb name="create" by="page"/>
      <uri by="page"/>
      <object-id by="page"/>
      <text name="Sequence" by="page" access="secret"/>
    </resource>"#;
    let (builder, _folder) = described(Release::V10_5, &[SAFE, VAULT]);
    let mock = builder.start_blocking();
    let client = Client::of(&mock);
    client.create(
        "/vmrest/safes",
        "<Safe><Combination>12-34</Combination><Sequence>56-78</Sequence></Safe>",
    );
    let requests = client.control("GET", "/__mock/requests", "").body;
    assert!(requests.contains("Combination"), "{requests}");
    for secret in ["12-34", "56-78"] {
        assert!(!requests.contains(secret), "{requests}");
    }
}

#[test]
fn embedded_records_that_a_description_excludes_are_left_out() {
    let required = r#"<text name="Extension" inferred="test" access="read-only"><required inferred="test"/></text>"#;
    let with_extension =
        |name: &str| embedded(name).replace("</resource>", &format!("{required}</resource>"));
    let total = |client: Client, path: &str| {
        let (status, body) = document(&client.get(path));
        let total = body.split('"').nth(1).unwrap_or_default();
        (status, total.to_owned())
    };
    let ownerless = {
        let services = embedded("externalservices.xml");
        let start = services.find("<references ").expect("a reference");
        let end = start + services[start..].find("/>").expect("its end") + 2;
        services.replace(&services[start..end], "")
    };
    let later = later(&["cluster.xml", "externalservices.xml", "vmsservers.xml"]);
    let without_tenants = later.iter().map(String::as_str).chain([&*ownerless]);
    let (users, tenants) = (with_extension("users.xml"), with_extension("tenants.xml"));
    let cases = [
        (vec![], [(200, "2"), (200, "5"), (200, "4"), (200, "1")]),
        (
            // A tenant gets an operator, so that it is left out, too. It is the owner of four services.
            vec![&*users],
            [(200, "0"), (200, "1"), (200, "0"), (200, "1")],
        ),
        (
            vec![&*tenants],
            [(200, "0"), (200, "1"), (200, "2"), (200, "1")],
        ),
        (
            without_tenants.collect(),
            [(404, ""), (200, "5"), (404, ""), (200, "1")],
        ),
    ];
    for (descriptions, expected) in cases {
        let other = r#"<resource path="lamps" list="Lamps" element="Lamp"><object-id inferred="test"/></resource>"#;
        let (builder, _folder) = described(Release::V10_5, &[&[other], &descriptions[..]].concat());
        let mock = builder.start_blocking();
        let client = Client::of(&mock);
        let paths = ["tenants", "externalservices", "users", "vmsservers"];
        let found = paths.map(|path| total(client, &format!("/vmrest/{path}")));
        let found = found
            .each_ref()
            .map(|(status, total)| (*status, total.as_str()));
        assert_eq!(found, expected);
        let state = mock.state();
        let imported = client.control("PUT", "/__mock/state", &state);
        assert_eq!(imported.status, 204, "{imported}");
        assert_eq!(client.control("POST", "/__mock/reset", "").status, 204);
        assert_eq!(mock.state(), state);
    }
}
