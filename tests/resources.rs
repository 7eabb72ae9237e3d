//! Resources that a user describes: `--resources`.

use std::{fs, path::Path};

use cuc_mock::{CucMock, Release};
use expect_test::expect;
use serde_json::Value;

use crate::support::{Client, Response, XmlSchemaValidator, cuc_mock, output, xml_documents};

const PAGER: &str = r#"<resource path="pagers" list="Pagers" element="Pager">
  <evidence id="page" documented="our server"/>
  <verb name="list" by="page"/>
  <verb name="read" by="page"/>
  <verb name="create" by="page"/>
  <verb name="update" captured="our server"/>
  <verb name="delete" by="page"/>
  <alias path="system/pagers" verbs="list delete" client="an old client"/>
  <action name="ring" by="page"/>
  <uri by="page"/>
  <object-id by="page"/>
  <guid name="TenantObjectId" by="page" access="create">
    <references resource="tenants" on-delete="cascade" by="page"/>
  </guid>
  <text name="DisplayName" by="page">
    <required by="page"/>
    <unique by="page"/>
    <max-length characters="8" by="page"/>
  </text>
  <integer name="Kind" by="page">
    <default value="1" by="page"/>
    <choices values="1 2" by="page"/>
  </integer>
  <text name="PagerNumber" by="page"><required by="page" when="Kind is 2"/></text>
  <text name="Frequency" by="page" access="secret"/>
  <text name="Band" by="page" since="11.5"/>
</resource>
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

fn start(release: Release, files: &[(&str, &str)]) -> CucMock {
    let folder = folder(files);
    let builder = CucMock::builder().resources(folder.path());
    builder.release(release).seed(7).start_blocking()
}

/// Returns the status and the body of a response.
fn answer(response: Response) -> (u16, String) {
    (response.status, response.body)
}

#[test]
fn a_described_resource_is_served_like_the_embedded_ones() {
    let mock = start(Release::V10_5, &[("pagers.xml", PAGER)]);
    let client = Client::of(&mock);
    let night = "<Pager><DisplayName>Night</DisplayName><Frequency>hush</Frequency></Pager>";
    let path = client.create("/vmrest/pagers", night);
    let id = path.rsplit('/').next().expect("an id");
    let object = format!(
        "<Pager><URI>{path}</URI><ObjectId>{id}</ObjectId><DisplayName>Night</DisplayName>\
         <Kind>1</Kind><Frequency/></Pager>"
    );
    let document = |xml: &str| {
        let declaration = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
        (200, format!("{declaration}{xml}"))
    };
    assert_eq!(answer(client.get(&path)), document(&object));
    let list = format!(r#"<Pagers total="1">{object}</Pagers>"#);
    for query in [
        "",
        "?query=(DisplayName%20startswith%20ni)&sort=(Kind%20asc)",
    ] {
        let found = client.get(&format!("/vmrest/pagers{query}"));
        assert_eq!(answer(found), document(&list), "{query}");
    }
    assert_eq!(answer(client.get("/vmrest/system/pagers")), document(&list));
    let json = format!(
        r#"{{"URI":"{path}","ObjectId":"{id}","DisplayName":"Night","Kind":"1","Frequency":""}}"#
    );
    assert_eq!(answer(client.get_json(&path)), (200, json));
    assert_eq!(client.post(&format!("{path}/ring"), "").status, 204);
    assert_eq!(
        client.put(&path, "<Pager><Kind>1</Kind></Pager>").status,
        204
    );
    let marks = [
        client.get(&path),
        client.put(&path, "<Pager><Kind>1</Kind></Pager>"),
    ];
    let marks = marks.map(|response| response.header("X-Cuc-Mock-Provenance").map(str::to_owned));
    assert_eq!(marks.map(Option::unwrap), ["documented", "captured"]);
    assert_eq!(
        client.delete(&format!("/vmrest/system/pagers/{id}")).status,
        204
    );
    assert_eq!(client.get(&path).status, 404);
}

#[test]
fn the_rules_of_a_described_resource_are_enforced() {
    let mock = start(Release::V11_5, &[("pagers.xml", PAGER)]);
    let client = Client::of(&mock);
    client.create(
        "/vmrest/pagers",
        "<Pager><DisplayName>Night</DisplayName></Pager>",
    );
    let messages = [
        "",
        "<DisplayName>night</DisplayName>",
        "<DisplayName>far too long</DisplayName>",
        "<DisplayName>Day</DisplayName><Kind>3</Kind>",
        "<DisplayName>Day</DisplayName><Kind>2</Kind>",
        "<TenantObjectId>00000000-0000-4000-8000-000000000000</TenantObjectId><DisplayName>Day</DisplayName>",
    ]
    .map(|fields| {
        let response = client.post("/vmrest/pagers", format!("<Pager>{fields}</Pager>"));
        assert_eq!(response.status, 400, "{response}");
        let message = response.body.split("<message>").nth(1).expect("a message");
        message.split("</message>").next().expect("its end").to_owned()
    });
    expect![[r#"
        Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory
        Invalid parameter. Parameter = [DisplayName], Value = [night]: expected a value that no other Pager has
        Invalid parameter. Parameter = [DisplayName], Value = [far too long]: expected at most 8 characters
        Invalid parameter. Parameter = [Kind], Value = [3]: expected 1 or 2
        Invalid parameter. Parameter = [PagerNumber], Value = []: expected a value, it is mandatory when Kind is 2
        Invalid parameter. Parameter = [TenantObjectId], Value = [00000000-0000-4000-8000-000000000000]: expected the ObjectId of a Tenant
    "#]]
    .assert_eq(&(messages.join("\n") + "\n"));
}

#[test]
fn a_described_resource_is_part_of_everything_that_is_derived_from_the_resources() {
    let mock = start(Release::V10_5, &[("pagers.xml", PAGER)]);
    let client = Client::of(&mock);
    let alias = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain></Tenant>";
    let tenant = client.create("/vmrest/tenants", alias);
    let tenant = tenant.rsplit('/').next().expect("an id");
    let owned = format!(
        "<Pager><TenantObjectId>{tenant}</TenantObjectId><DisplayName>Night</DisplayName>\
         <Frequency>hush</Frequency></Pager>"
    );
    client.create("/vmrest/pagers", owned);
    let state = mock.state();
    assert!(state.contains("<Frequency>hush</Frequency>"), "{state}");
    client.delete(&format!("/vmrest/tenants/{tenant}"));
    let resources = mock.coverage().resources.into_iter();
    let paths: Vec<_> = resources.map(|coverage| coverage.resource).collect();
    assert_eq!(paths.last().map(String::as_str), Some("pagers"));
    let embedded = CucMock::start_blocking().coverage().resources;
    assert_eq!(paths.len(), embedded.len() + 1);
    let empty = client.get("/vmrest/pagers").body;
    assert!(empty.ends_with(r#"<Pagers total="0"/>"#), "{empty}");
    let imported = client.control("PUT", "/__mock/state", &state);
    assert_eq!(imported.status, 204, "{imported}");
    assert_eq!(mock.state(), state);
    let schema = client.get("/vmrest/schema/Pager").body;
    let wadl = client.get("/vmrest/application.wadl").body;
    assert!(
        schema.contains(r#"<xs:element name="PagerNumber""#),
        "{schema}"
    );
    assert!(wadl.contains(r#"<resource path="pagers">"#), "{wadl}");
    let requests = client.control("GET", "/__mock/requests", "").body;
    assert!(!requests.contains("hush"), "{requests}");
}

#[test]
fn a_description_replaces_the_embedded_one_with_its_path() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tenants =
        fs::read_to_string(root.join("src/resources/tenants.xml")).expect("a description");
    let corrected = tenants.replace(
        r#"<text name="Description" by="given"/>"#,
        r#"<text name="Description" captured="our server"><max-length characters="50" captured="our server"/></text>"#,
    );
    let mock = start(Release::V15, &[("tenants.xml", &corrected)]);
    let client = Client::of(&mock);
    let tenant = |description: &str| {
        let alias = "<Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain>";
        format!("<Tenant>{alias}<Description>{description}</Description></Tenant>")
    };
    assert_eq!(
        client
            .post("/vmrest/tenants", tenant(&"long".repeat(13)))
            .status,
        400
    );
    assert_eq!(client.post("/vmrest/tenants", tenant("abc")).status, 201);
}

#[test]
fn the_command_prints_an_embedded_description() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tenants =
        fs::read_to_string(root.join("src/resources/tenants.xml")).expect("a description");
    let describe = ["describe", "--resource", "tenants"];
    let mut command = cuc_mock(&describe);
    let printed = output(command.env("CUC_MOCK_RESOURCES", "missing"));
    assert_eq!(printed, (0, tenants.clone(), String::new()));
    let (status, stdout, stderr) = output(&mut cuc_mock(&["describe", "--resource", "tenats"]));
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        the resource is "tenats", expected tenants
    "#]]
    .assert_eq(&stderr);
    let (status, _, stderr) = output(&mut cuc_mock(&["describe", "--resource", "gadgets"]));
    assert_eq!(status, 2);
    let expected = "the resource is \"gadgets\", expected locations/connectionlocations or ";
    assert!(stderr.starts_with(expected), "{stderr}");
    for path in [
        " tenants or ",
        " users/{SubscriberObjectId}/mwis or ",
        " or cluster\n",
    ] {
        assert!(stderr.contains(path), "{path}: {stderr}");
    }
    let (status, _, stderr) = output(&mut cuc_mock(&[&describe[..], &["a.xml"]].concat()));
    assert_eq!(status, 2);
    expect![[r#"
        error: the argument '--resource <PATH>' cannot be used with '[FILE]...'

        Usage: cuc-mock describe --resource <PATH> [FILE]...

        For more information, try '--help'.
    "#]]
    .assert_eq(&stderr);

    let folder = folder(&[]);
    let arguments = [&describe[..], &["-o", "."]].concat();
    let written = output(cuc_mock(&arguments).current_dir(folder.path()));
    assert_eq!(written, (0, "./tenants.xml\n".to_owned(), String::new()));
    let text = fs::read_to_string(folder.path().join("tenants.xml")).expect("a file");
    assert_eq!(text, tenants);
}

#[test]
fn the_choices_of_a_text_are_in_its_schemas() {
    let lamps = r#"<resource path="lamps" list="Lamps" element="Lamp">
      <evidence id="page" documented="our handbook"/>
      <verb name="list" by="page"/> <object-id by="page"/>
      <text name="Colour" by="page">
        <choices values="red blue" by="page"/><max-length characters="9" by="page"/>
      </text>
    </resource>"#;
    let files = [("lamps.xml", lamps)];
    let mock = start(Release::V15, &files);
    let schema = Client::of(&mock).get("/vmrest/schema/Lamp").body;
    let folder = folder(&files);
    let arguments = ["schema", "fixtures", "--resources", "."];
    let (status, of_fixtures, _) = output(cuc_mock(&arguments).current_dir(folder.path()));
    assert_eq!(status, 0);
    let facets =
        r#"<xs:enumeration value="blue"/><xs:enumeration value="red"/><xs:maxLength value="9"/>"#;
    for schema in [schema, of_fixtures] {
        assert!(schema.contains(facets), "{schema}");
    }
}

#[test]
fn a_check_warns_of_embedded_records_that_a_description_excludes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let users = fs::read_to_string(root.join("src/resources/users.xml")).expect("a description");
    let start = r#"<text name="Alias""#;
    assert!(users.contains(start));
    let required =
        r#"<text name="Team" captured="our server"><required captured="our server"/></text>"#;
    let changed = users.replacen(start, &format!("{required}{start}"), 1);
    let folder = folder(&[("users.xml", &changed)]);
    let check = |format: &str| {
        let arguments = ["check", "--resources", ".", "--format", format];
        output(cuc_mock(&arguments).current_dir(folder.path()))
    };
    let (status, stdout, stderr) = check("text");
    assert_eq!(status, 0);
    expect![[r#"
        no errors in 0 Users
    "#]]
    .assert_eq(&stdout);
    expect![[r#"
        fixtures/system/users.xml:3:3: warning: the embedded records do not conform to the described resource, and are left out: Team is missing, expected a value, it is mandatory
        fixtures/tenants.xml:3:3: warning: the embedded records do not conform to the described resource, and are left out: Invalid parameter. Parameter = [Team]: expected a value, it is mandatory
    "#]].assert_eq(&stderr);
    let (status, stdout, stderr) = check("json");
    assert_eq!((status, stderr.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&stdout).expect("a report");
    let report = serde_json::to_string_pretty(&report).expect("a text");
    expect![[r#"
        {
          "objects": {
            "Users": 0
          },
          "omitted": 0,
          "problems": [
            {
              "column": 3,
              "line": 3,
              "message": "the embedded records do not conform to the described resource, and are left out: Team is missing, expected a value, it is mandatory",
              "path": "fixtures/system/users.xml",
              "rule": "omitted-records",
              "severity": "warning"
            },
            {
              "column": 3,
              "line": 3,
              "message": "the embedded records do not conform to the described resource, and are left out: Invalid parameter. Parameter = [Team]: expected a value, it is mandatory",
              "path": "fixtures/tenants.xml",
              "rule": "omitted-records",
              "severity": "warning"
            }
          ],
          "release": "10.5",
          "valid": true
        }"#]].assert_eq(&report);
}

#[test]
fn all_mistakes_of_descriptions_are_reported_with_their_places() {
    let broken = r#"<resource path="pagers" list="Pagers" element="Pager" colour="red">
  <evidence id="page" documented="our server"/>
  <verb name="lst" by="page"/>
  <verb name="list" by="pages"/>
  <uri by="page"/>
  <object-id by="page"/>
  <txt name="A" by="page"/>
  <text by="page"/>
  <text name="B" inferred=""/>
  <text name="B"/>
  <text name="C" by="page" acess="secret"/>
  <text name="D" by="page"><requird by="page"/><required by="page" since="9"/></text>
  <text name="E" by="page"><required by="page" when="D = 1"/><unique by="page"><a/></unique></text>
</resource>"#;
    let inconsistent = r#"<resource path="/watches" list="Tenants" element="Watch">
  <evidence id="late" inferred="x" since="14"/>
  <uri inferred="x"/>
  <text name="A" inferred="x" when="B is 1"/>
  <text name="a" inferred="x">
    <default value="3" inferred="x"/>
    <choices values="1 2" inferred="x"/>
    <required inferred="x"/>
    <references resource="depots" on-delete="cascade" inferred="x"/>
    <max-length characters="3" by="late"/>
  </text>
  <text name="F" inferred="x"><required inferred="x" until="10.5" since="14"/></text>
</resource>"#;
    let run = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let mut command = cuc_mock(&["check", "--resources", "."]);
        output(command.current_dir(folder.path()))
    };
    assert_eq!(
        run(&[("pagers.xml", PAGER)]),
        (0, "no errors in 0 Pagers\n".to_owned(), String::new())
    );
    let (status, _, stderr) = run(&[("a.xml", broken), ("b.xml", PAGER), ("c.xml", PAGER)]);
    assert_eq!(status, 2);
    expect![[r#"
        ./a.xml:1:1: <resource> has the attribute colour, expected path, list, element, singleton, key, parent, empty-list, computed, behaviour, since, until, xsi:noNamespaceSchemaLocation, xmlns:xsi
        ./a.xml:3:3: name is "lst", expected list, read, create, update, delete
        ./a.xml:4:3: by is "pages", expected the id of an <evidence> before this element
        ./a.xml:7:3: found <txt>, expected <evidence>, <verb>, <alias>, <action>, <audio>, <endpoint>, <view>, <template>, <order>, <undeletable> or a field: <uri>, <object-id>, <text>, <integer>, <boolean>, <guid>, <date-time>, <binary>, <link> or <derived>
        ./a.xml:8:3: <text> lacks the attribute name
        ./a.xml:9:3: the evidence is empty, expected its source
        ./a.xml:10:3: found no evidence, expected one of the attributes documented, captured, client, inferred and by
        ./a.xml:11:3: <text> has the attribute acess, expected access
        ./a.xml:12:28: found <requird>, expected <required>, <default>, <choices>, <max-length>, <extension>, <range>, <unique>, <references>, <clears>, <clearable> or <expiry>
        ./a.xml:12:48: since is "9", expected 10.5, 11.5, 12.5, 14, 15
        ./a.xml:13:28: when is "D = 1", expected FIELD is VALUE, with further values behind it
        ./a.xml:13:80: found <a> in <unique>, expected no children
        ./c.xml:1:1: Pagers is the name of an element of pagers, too; expected another one
        ./c.xml:1:1: Pager is the name of an element of pagers, too; expected another one
        ./c.xml:1:1: the resource pagers has /vmrest/pagers in release 10.5, too; expected another path
    "#]].assert_eq(&stderr);
    let (status, _, stderr) = run(&[("a.xml", inconsistent), ("b.xml", PAGER), ("c.xml", PAGER)]);
    assert_eq!(status, 2);
    expect![[r#"
        ./a.xml:1:1: Tenants is the name of an element of tenants, too; expected another one
        ./a.xml:1:1: found "/watches", expected a path such as users, without a slash at its ends
        ./a.xml:1:1: the key is "ObjectId", expected the name of a field, such as that of <object-id>
        ./a.xml:4:3: the condition is on "B", expected a field of Watch
        ./a.xml:4:3: A has a condition, expected it on a rule or a link
        ./a.xml:5:3: a is the name of two fields, expected one
        ./a.xml:6:5: the default is "3", expected one of the choices
        ./a.xml:6:5: the field has a default although it is required, expected one of the two
        ./a.xml:9:5: the resource is "depots", expected the path of a resource in all releases of this one
        ./a.xml:10:5: found a scope, expected none of since, until, when and unless
        ./a.xml:12:31: the fact ends before 14, expected a later release
        ./c.xml:1:1: Pagers is the name of an element of pagers, too; expected another one
        ./c.xml:1:1: Pager is the name of an element of pagers, too; expected another one
        ./c.xml:1:1: the resource pagers has /vmrest/pagers in release 10.5, too; expected another path
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn the_schema_of_descriptions_accepts_the_embedded_ones_and_finds_mistakes() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let (status, schema, stderr) = output(&mut cuc_mock(&["schema", "resources"]));
    assert_eq!((status, stderr.as_str()), (0, ""));
    let mut documents = xml_documents("src/resources");
    documents.push(PAGER.to_owned());
    assert_eq!(validator.errors(&schema, &documents), "");
    for (right, wrong) in [
        ("<text name=\"DisplayName\"", "<txt name=\"DisplayName\""),
        ("verbs=\"list delete\"", "verbs=\"list remove\""),
        ("when=\"Kind is 2\"", "when=\"Kind = 2\""),
        ("values=\"1 2\"", "values=\"\""),
        (
            "<required by=\"page\"/>",
            "<required by=\"page\"><a/></required>",
        ),
    ] {
        let document = PAGER.replacen(right, wrong, 1);
        assert_ne!(document, PAGER, "{right}");
        assert_ne!(validator.errors(&schema, &[document]), "", "{wrong}");
    }
}
