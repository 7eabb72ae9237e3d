//! Drop-in resources: lists of resources that have no description.

use std::fs;

use cuc_mock::{CucMock, Release};
use expect_test::expect;
use tempfile::TempDir;

use crate::support::{Client, Response, cuc_mock, output};

const ALL_HOURS: &str = "3f8b1c6e-52d7-4a90-8e1b-6c0d9a7f2b45";
const WEEKDAYS: &str = "b07a4d19-0c83-4e5f-92a6-1d7e3f5c8a60";
const NEW: &str = "0e9d8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b";
const OPERATOR: &str = "5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384";
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

fn rota(id: &str, name: &str, fields: &str) -> String {
    format!(
        "<Rota><URI>/vmrest/rotas/{id}</URI><ObjectId>{id}</ObjectId><DisplayName>{name}</DisplayName>{fields}\
         <RotaDetailsURI>/vmrest/rotas/{id}/rotadetails</RotaDetailsURI></Rota>"
    )
}

/// Returns a list in the form of a response, like that of a server's rotas.
fn rotas() -> String {
    let all_hours = rota(
        ALL_HOURS,
        "All Hours &amp; Days",
        "<IsHoliday>false</IsHoliday><Rank>1</Rank><Notes/>",
    );
    let weekdays = rota(
        WEEKDAYS,
        "Weekdays",
        "<IsHoliday>false</IsHoliday><Created>2012-05-30 09:15:00.0</Created><Rank>-2</Rank>",
    );
    format!("{DECLARATION}<Rotas total=\"2\">{all_hours}{weekdays}</Rotas>")
}

fn beeper(user: &str, id: &str, name: &str) -> String {
    format!(
        "<Beeper><URI>/vmrest/users/{user}/beepers/{id}</URI><ObjectId>{id}</ObjectId><DisplayName>{name}</DisplayName>\
         <UserObjectId>{user}</UserObjectId><UserURI>/vmrest/users/{user}</UserURI><Active>false</Active></Beeper>"
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

/// Starts a server with these files beside the embedded seed.
fn start(files: &[(&str, &str)]) -> CucMock {
    let folder = folder(files);
    let builder = CucMock::builder().resources(folder.path());
    builder.seed(7).start_blocking()
}

/// Runs the command in a folder with these files.
fn run(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = folder(files);
    output(cuc_mock(arguments).current_dir(folder.path()))
}

/// Leaves the names of most lists of the embedded resources out of a message that names all lists.
fn abridged(message: &str) -> String {
    let [first, last] = ["<ConnectionLocations> or ", " or <Cluster>"];
    let (start, names) = message.split_once(first).expect("the first list");
    let (_, end) = names.split_once(last).expect("the last list");
    [start, first, "[...]", last, end].concat()
}

fn answer(response: Response) -> (u16, String) {
    (response.status, response.body)
}

fn provenance(response: &Response) -> &str {
    let header = response.header("X-Cuc-Mock-Provenance");
    header.expect("the provenance")
}

#[test]
fn a_list_is_served_as_it_was_returned() {
    let list = rotas();
    let folder = folder(&[("rotas.xml", &list)]);
    let path = folder.path().join("rotas.xml");
    for (builder, tenants) in [
        (CucMock::builder().resources(&path), 2),
        (CucMock::builder().resources(&path).empty(), 0),
        (CucMock::builder().fixtures(&path), 0),
        (CucMock::builder().fixtures(&path).resources(&path), 0),
        (
            CucMock::builder()
                .resources(folder.path())
                .release(Release::V15),
            2,
        ),
    ] {
        let mock = builder.start_blocking();
        let client = Client::of(&mock);
        let response = client.get("/vmrest/rotas");
        assert_eq!(provenance(&response), "captured");
        assert_eq!(answer(response), (200, list.clone()));
        let tenants = format!("<Tenants total=\"{tenants}\"");
        let found = client.get("/vmrest/tenants").body;
        assert!(found.contains(&tenants), "{found}");
        // A reset and a reload restore the list.
        assert_eq!(
            client.delete(&format!("/vmrest/rotas/{WEEKDAYS}")).status,
            204
        );
        for path in ["/__mock/reset", "/__mock/reload"] {
            assert!(client.control("POST", path, "").status < 300);
            assert_eq!(client.get("/vmrest/rotas").body, list);
        }
    }
}

#[test]
fn a_dropped_in_resource_has_all_verbs_formats_and_queries() {
    let mock = start(&[("rotas.xml", &rotas())]);
    let client = Client::of(&mock);
    let json = format!(
        r#"{{"URI":"/vmrest/rotas/{WEEKDAYS}","ObjectId":"{WEEKDAYS}","DisplayName":"Weekdays","IsHoliday":"false","Created":"2012-05-30 09:15:00.0","Rank":"-2","RotaDetailsURI":"/vmrest/rotas/{WEEKDAYS}/rotadetails"}}"#
    );
    let path = format!("/vmrest/rotas/{WEEKDAYS}");
    assert_eq!(answer(client.get_json(&path)), (200, json));
    for query in [
        "?query=(DisplayName%20startswith%20week)",
        "?query=(Rank%20is%20-2)&sort=(DisplayName%20desc)",
        "?rowsPerPage=1&pageNumber=2",
    ] {
        let found = client.get(&format!("/vmrest/rotas{query}")).body;
        assert!(found.contains("<DisplayName>Weekdays<"), "{query}: {found}");
        assert!(!found.contains("All Hours"), "{query}: {found}");
    }

    let create = client.post(
        "/vmrest/rotas",
        "<Rota><DisplayName>Nights</DisplayName><Rank>3</Rank></Rota>",
    );
    assert_eq!((create.status, provenance(&create)), (201, "inferred"));
    let created = create.body;
    let id = created.rsplit('/').next().expect("an id");
    let expected = rota(id, "Nights", "<Rank>3</Rank>");
    assert_eq!(
        client.get(&created).body,
        format!("{DECLARATION}{expected}")
    );
    let rejected = client.put(&created, "<Rota><Rank>high</Rank></Rota>");
    assert_eq!(rejected.status, 400, "{rejected}");
    assert!(rejected.body.contains("Parameter = [Rank]"), "{rejected}");
    let update = client.put(&created, "<Rota><Rank>4</Rank></Rota>");
    assert_eq!((update.status, provenance(&update)), (204, "inferred"));
    assert!(client.get(&created).body.contains("<Rank>4</Rank>"));

    let schema = client.get("/vmrest/schema/Rota").body;
    assert!(schema.contains("captured: rotas.xml"), "{schema}");
    let state = mock.state();
    assert_eq!(client.delete(&created).status, 204);
    assert_eq!(client.get(&created).status, 404);
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(mock.state(), state);
    let coverage = client.control("GET", "/__mock/coverage", "").body;
    assert!(coverage.contains(r#""rotas""#), "{coverage}");
    let requests = client.control("GET", "/__mock/requests", "").body;
    assert!(requests.contains("/vmrest/rotas"), "{requests}");
}

#[test]
fn a_key_in_a_uri_need_not_be_encoded() {
    let list = r#"<Boxes total="1"><Box><URI>/vmrest/boxes/ann@example.com</URI><Mail>ann@example.com</Mail></Box></Boxes>"#;
    let mock = start(&[("boxes.xml", list)]);
    let response = Client::of(&mock).get("/vmrest/boxes/ann@example.com");
    assert_eq!(provenance(&response), "inferred");
    let expected =
        "<Box><URI>/vmrest/boxes/ann%40example.com</URI><Mail>ann@example.com</Mail></Box>";
    assert_eq!(answer(response), (200, format!("{DECLARATION}{expected}")));
}

#[test]
fn a_list_that_is_served_in_other_bytes_is_inferred() {
    let list = format!(
        "{DECLARATION}<Rotas total=\"1\">{}</Rotas>",
        rota(WEEKDAYS, "Weekdays", "")
    );
    let upper = list.replace(
        &format!("<URI>/vmrest/rotas/{WEEKDAYS}"),
        &format!("<URI>/vmrest/rotas/{}", WEEKDAYS.to_uppercase()),
    );
    assert_ne!(upper, list);
    for (file, expected) in [(&list, "captured"), (&upper, "inferred")] {
        let mock = start(&[("rotas.xml", file)]);
        let response = Client::of(&mock).get("/vmrest/rotas");
        assert_eq!(provenance(&response), expected);
        assert_eq!(answer(response), (200, list.clone()));
    }
}

#[test]
fn a_list_is_captured_while_it_repeats_the_file() {
    let list = rotas();
    let beepers = format!(
        "<Beepers total=\"1\">{}</Beepers>",
        beeper(OPERATOR, NEW, "Beeper-1")
    );
    let mock = start(&[("rotas.xml", &list), ("beepers.xml", &beepers)]);
    let client = Client::of(&mock);
    let all = "/vmrest/rotas";
    let weekdays = format!("{all}/{WEEKDAYS}");
    let below_operator = format!("/vmrest/users/{OPERATOR}/beepers");
    let below_other = format!("/vmrest/users/{NEW}/beepers");
    let none = format!("{all}?query=(Rank%20is%207)");
    let mark = |path: &str| provenance(&client.get(path)).to_owned();
    let rejected = client.post(all, "<Rota><Rank>high</Rank></Rota>");
    assert_eq!(rejected.status, 400);
    for (path, expected) in [
        (all, "captured"),
        (&weekdays, "captured"),
        (&below_operator, "captured"),
        // No file has an empty list.
        (&below_other, "inferred"),
        (&none, "inferred"),
    ] {
        assert_eq!(mark(path), expected, "{path}");
    }
    client.create(all, "<Rota><DisplayName>Nights</DisplayName></Rota>");
    for (path, expected) in [
        (all, "inferred"),
        (&weekdays, "inferred"),
        (&below_operator, "captured"),
    ] {
        assert_eq!(mark(path), expected, "{path}");
    }
    let coverage = mock.coverage();
    let inferred = coverage.inferred().iter();
    let inferred: Vec<_> = inferred.map(|response| response.rule.as_str()).collect();
    expect![[r#"
        Invalid parameter. Parameter = [Rank]: expected a whole number (captured: rotas.xml), but the status is inferred
        no list in the files is empty at this path
        no list in the files is empty at this path
        the list does not show it
        the records have changed since the list was read
        the records have changed since the list was read"#]].assert_eq(&inferred.join("\n"));
    mock.reset();
    assert_eq!(mark(all), "captured");

    // The file has an empty list.
    let schema = client.get("/vmrest/schema/Rota").body;
    let empty = "<Rotas total=\"0\"/>";
    let mock = start(&[("rotas.xml", empty), ("Rota.xsd", &schema)]);
    let response = Client::of(&mock).get(all);
    assert_eq!(provenance(&response), "captured");
    assert_eq!(answer(response), (200, format!("{DECLARATION}{empty}")));
}

#[test]
fn a_nested_list_is_served_below_its_parents_even_if_they_do_not_exist() {
    let stranger = "d2c1b0a9-8f7e-4d6c-9b5a-4f3e2d1c0b9a";
    let lists = [OPERATOR, stranger].map(|user| {
        let id = user.replace('d', "1");
        let beeper = beeper(user, &id, "Beeper-1");
        format!("<Beepers total=\"1\">{beeper}</Beepers>")
    });
    let mock = start(&[("a.xml", &lists[0]), ("b.xml", &lists[1])]);
    let client = Client::of(&mock);
    for (user, list) in [OPERATOR, stranger].iter().zip(&lists) {
        let found = client.get(&format!("/vmrest/users/{user}/beepers"));
        assert_eq!(answer(found), (200, format!("{DECLARATION}{list}")));
    }
    let path = client.create(
        &format!("/vmrest/users/{OPERATOR}/beepers"),
        "<Beeper><DisplayName>Beeper-2</DisplayName></Beeper>",
    );
    let id = path.rsplit('/').next().expect("an id");
    let created = beeper(OPERATOR, id, "Beeper-2").replace("<Active>false</Active>", "");
    assert_eq!(client.get(&path).body, format!("{DECLARATION}{created}"));
    let empty = client.get(&format!("/vmrest/users/{NEW}/beepers")).body;
    assert!(empty.ends_with(r#"<Beepers total="0"/>"#), "{empty}");
    assert_eq!(client.get(&format!("/vmrest/users/{OPERATOR}")).status, 200);
}

#[test]
fn a_key_is_a_segment_that_may_be_percent_encoded() {
    let handler = format!("/vmrest/handlers/callhandlers/{ALL_HOURS}");
    let entry = |key: &str, encoded: &str| {
        format!(
            "<Signal><URI>{handler}/signals/{encoded}</URI><CallhandlerObjectId>{ALL_HOURS}</CallhandlerObjectId>\
             <TouchtoneKey>{key}</TouchtoneKey><Locked>false</Locked></Signal>"
        )
    };
    let list = format!(
        "<Signals total=\"3\">{}{}{}</Signals>",
        entry("#", "%23"),
        entry("*", "*"),
        entry("0", "0")
    );
    let mock = start(&[("signals.xml", &list)]);
    let client = Client::of(&mock);
    let path = format!("{handler}/signals");
    assert_eq!(client.get(&path).body, format!("{DECLARATION}{list}"));
    let found = client.get(&format!("{path}/%23")).body;
    assert_eq!(found, format!("{DECLARATION}{}", entry("#", "%23")));
    let update = "<Signal><Locked>true</Locked></Signal>";
    assert_eq!(client.put(&format!("{path}/*"), update).status, 204);
    let again = "<Signal><TouchtoneKey>0</TouchtoneKey></Signal>";
    assert_eq!(client.post(&path, again).status, 400);
}

#[test]
fn a_list_below_an_id_that_no_field_has_is_served_at_its_own_path() {
    let path = format!("/vmrest/users/{OPERATOR}/attachments/badges");
    let list = format!(
        "<Badges total=\"1\"><Badge><URI>{path}/{NEW}</URI><ObjectId>{NEW}</ObjectId><Active>false</Active>\
         </Badge></Badges>"
    );
    let mock = start(&[("devices.xml", &list)]);
    let client = Client::of(&mock);
    assert_eq!(client.get(&path).body, format!("{DECLARATION}{list}"));
    assert_eq!(client.get(&format!("{path}/{NEW}")).status, 200);
    assert_eq!(client.get(&format!("/vmrest/users/{OPERATOR}")).status, 200);
}

#[test]
fn links_and_references_between_lists_are_kept() {
    let set = format!(
        "<RotaSets total=\"1\"><RotaSet><URI>/vmrest/rotasets/{NEW}</URI><ObjectId>{NEW}</ObjectId>\
         <RotaObjectId>{WEEKDAYS}</RotaObjectId><RotaURI>/vmrest/rotas/{WEEKDAYS}</RotaURI>\
         </RotaSet></RotaSets>"
    );
    let mock = start(&[("rotas.xml", &rotas()), ("sets.xml", &set)]);
    let client = Client::of(&mock);
    assert_eq!(
        client.get("/vmrest/rotasets").body,
        format!("{DECLARATION}{set}")
    );
    let used = format!("/vmrest/rotas/{WEEKDAYS}");
    assert_eq!(client.delete(&used).status, 400);
    let path = format!("/vmrest/rotasets/{NEW}");
    let update = format!("<RotaSet><RotaObjectId>{ALL_HOURS}</RotaObjectId></RotaSet>");
    assert_eq!(client.put(&path, update).status, 204);
    let found = client.get(&path).body;
    let link = format!("<RotaURI>/vmrest/rotas/{ALL_HOURS}</RotaURI>");
    assert!(found.contains(&link), "{found}");
    assert_eq!(client.delete(&used).status, 204);
}

#[test]
fn the_served_schema_describes_an_empty_list() {
    let mock = start(&[("rotas.xml", &rotas())]);
    let client = Client::of(&mock);
    let schema = client.get("/vmrest/schema/Rota").body;
    let empty = r#"<Rotas total="0"/>"#;
    let files = [("empty.xml", empty), ("Rota.xsd", schema.as_str())];
    let (status, described, stderr) = run(&files, &["describe", "empty.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let (_, start) = described.split_once("-->\n").expect("a comment");
    expect![[r#"
        <resource path="rotas" list="Rotas" element="Rota">
          <evidence id="file" captured="empty.xml"/>
          <evidence id="schema" captured="Rota.xsd"/>
          <evidence id="guess" inferred="the list does not show it"/>

          <verb name="list" by="file"/>
          <verb name="read" by="file"/>
          <verb name="create" by="guess"/>
          <verb name="update" by="guess"/>
          <verb name="delete" by="guess"/>

          <uri by="schema"/>
          <object-id by="schema"/>
          <text name="DisplayName" by="schema"/>
          <boolean name="IsHoliday" by="schema"/>
          <date-time name="Created" by="schema"/>
          <integer name="Rank" by="schema"/>
          <text name="Notes" by="schema"/>
          <text name="RotaDetailsURI" by="schema" access="read-only"/>
        </resource>
    "#]]
    .assert_eq(start);
    let mock = self::start(&files);
    let client = Client::of(&mock);
    assert_eq!(
        client.get("/vmrest/rotas").body,
        format!("{DECLARATION}{empty}")
    );
    let path = client.create("/vmrest/rotas", "<Rota><Rank>1</Rank></Rota>");
    assert_eq!(client.get(&path).status, 200);
    let rejected = client.post("/vmrest/rotas", "<Rota><Rank>x</Rank></Rota>");
    assert_eq!(rejected.status, 400);

    let (status, _, stderr) = run(&files[..1], &["check", "empty.xml"]);
    assert_eq!(status, 2);
    let stderr = abridged(&stderr);
    expect![[r#"
        empty.xml:1:1: found <Rotas>, expected <ConnectionLocations> or [...] or <Cluster> or <UnityConnection>; when a server starts, a list of another resource needs an object, or its XSD beside the file
    "#]].assert_eq(&stderr);
    let broken = [files[0], ("Rota.xsd", "<xs:schema>")];
    let (status, _, stderr) = run(&broken, &["check", "empty.xml"]);
    assert_eq!(status, 2);
    expect![[r#"
        ./Rota.xsd:1:12: the document ends before its elements are closed
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_list_is_served_as_it_was_returned_even_if_its_schema_excludes_values() {
    let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:element name="Rota"><xs:complexType><xs:sequence>
        <xs:element name="URI" type="xs:anyURI"/>
        <xs:element name="ObjectId" type="xs:string"/>
        <xs:element name="DisplayName"><xs:simpleType><xs:restriction base="xs:string">
          <xs:maxLength value="4"/><xs:enumeration value="Days"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="IsHoliday" type="xs:boolean"/>
        <xs:element name="Rank" type="xs:int"/>
        <xs:element name="Place"><xs:simpleType><xs:restriction base="xs:int">
          <xs:maxInclusive value="3"/>
        </xs:restriction></xs:simpleType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>"#;
    let weekdays = rota(
        WEEKDAYS,
        "Weekdays",
        "<IsHoliday>yes</IsHoliday><Rank>5000000000</Rank><Place>4</Place>",
    );
    let list = format!("{DECLARATION}<Rotas total=\"1\">{weekdays}</Rotas>");
    let mock = start(&[("rotas.xml", &list), ("Rota.xsd", schema)]);
    let response = Client::of(&mock).get("/vmrest/rotas");
    assert_eq!(answer(response), (200, list));
}

#[test]
fn the_description_of_a_list_is_served_if_a_user_corrects_it() {
    let list = rotas();
    let files = [("rotas.xml", list.as_str())];
    let (status, described, stderr) = run(&files, &["describe", "rotas.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        <!-- Inferred from a list of such objects. To correct it, edit this file and pass it to the server as a resource: a
             description takes precedence over the list. Give each fact that you have checked your own evidence. The list cannot
             show which fields a client may set, which are required, or which values are accepted. -->
        <resource path="rotas" list="Rotas" element="Rota">
          <evidence id="file" captured="rotas.xml"/>
          <evidence id="guess" inferred="the list does not show it"/>

          <verb name="list" by="file"/>
          <verb name="read" by="file"/>
          <verb name="create" by="guess"/>
          <verb name="update" by="guess"/>
          <verb name="delete" by="guess"/>

          <uri by="file"/>
          <object-id by="file"/>
          <text name="DisplayName" by="file"/>
          <boolean name="IsHoliday" by="file"/>
          <date-time name="Created" by="file"/>
          <integer name="Rank" by="file"/>
          <text name="Notes" by="file"/>
          <link name="RotaDetailsURI" ending="/rotadetails" by="file"/>
        </resource>
    "#]].assert_eq(&described);
    // The same description is served without the list, and with it.
    let corrected = described.replace(
        r#"<text name="DisplayName" by="file"/>"#,
        r#"<text name="DisplayName" by="file"><max-length characters="12" documented="our handbook"/></text>"#,
    );
    assert_ne!(corrected, described);
    let corrected = corrected.replace(
        r#"<verb name="create" by="guess"/>"#,
        r#"<verb name="create" documented="our handbook"/>"#,
    );
    let list = list.replace(" &amp; Days", "");
    let files = [
        ("rotas.xml", list.as_str()),
        ("description.xml", &corrected),
    ];
    let mock = start(&files);
    let client = Client::of(&mock);
    assert_eq!(client.get("/vmrest/rotas").body, list);
    let rejected = client.post(
        "/vmrest/rotas",
        "<Rota><DisplayName>far too long a name</DisplayName></Rota>",
    );
    assert_eq!(rejected.status, 400);
    let create = client.post(
        "/vmrest/rotas",
        "<Rota><DisplayName>Nights</DisplayName></Rota>",
    );
    assert_eq!((create.status, provenance(&create)), (201, "documented"));
    let renamed = list.replace("Rotas", "RotasOfOurs");
    let files = [("renamed.xml", renamed.as_str()), files[1]];
    let (status, _, stderr) = run(&files, &["check", "--resources", "."]);
    assert_eq!(status, 2);
    expect![[r#"
        ./renamed.xml:1:56: found <RotasOfOurs>, expected <Rotas>, because of its objects; a list of another resource has objects of another name, with another path in their URIs
    "#]].assert_eq(&stderr);
}

#[test]
fn several_descriptions_are_written_to_files_that_are_never_replaced() {
    let beepers = format!("<Beepers>{}</Beepers>", beeper(OPERATOR, NEW, "Beeper-1"));
    let folder = folder(&[("rotas.xml", &rotas()), ("beepers.xml", &beepers)]);
    let run = |arguments: &[&str]| output(cuc_mock(arguments).current_dir(folder.path()));
    let (status, stdout, stderr) = run(&["describe", "."]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        found lists of 2 resources (users/{UserObjectId}/beepers, rotas), expected --out with a folder for their descriptions
    "#]].assert_eq(&stderr);
    let arguments = ["describe", "beepers.xml", "rotas.xml", "-o", "kept"];
    let (status, stdout, stderr) = run(&arguments);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        kept/users-beepers.xml
        kept/rotas.xml
    "#]]
    .assert_eq(&stdout);
    assert_eq!(run(&["check", "--resources", "kept"]).0, 0);
    let (status, _, stderr) = run(&arguments);
    assert_eq!(status, 1);
    expect![[r#"
        kept/users-beepers.xml: exists, and may have been corrected; remove it to write it again
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn descriptions_get_different_names_and_are_written_together() {
    let beepers = format!("<Beepers>{}</Beepers>", beeper(OPERATOR, NEW, "Beeper-1"));
    let others = "<Indicators><Indicator><URI>/vmrest/users/beepers/1</URI><Id>1</Id></Indicator></Indicators>";
    let folder = folder(&[("beepers.xml", &beepers), ("others.xml", others)]);
    let run = |arguments: &[&str]| output(cuc_mock(arguments).current_dir(folder.path()));
    let arguments = [
        "describe",
        "beepers.xml",
        "others.xml",
        "--out",
        "new/folder",
    ];
    let (status, stdout, stderr) = run(&arguments);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        new/folder/users-beepers.xml
        new/folder/users-beepers-2.xml
    "#]]
    .assert_eq(&stdout);
    assert_eq!(run(&["check", "--resources", "new/folder"]).0, 0);
    // Nothing is written if one of the files exists.
    let first = folder.path().join("new/folder/users-beepers.xml");
    fs::remove_file(&first).expect("a file");
    let (status, stdout, stderr) = run(&arguments);
    assert_eq!((status, stdout.as_str()), (1, ""));
    expect![[r#"
        new/folder/users-beepers-2.xml: exists, and may have been corrected; remove it to write it again
    "#]]
    .assert_eq(&stderr);
    assert!(!first.exists());
}

#[test]
fn a_description_has_no_description() {
    let resource = "\n<resource path=\"lamps\" list=\"Lamps\" element=\"Lamp\"/>";
    let files = [
        ("a.xml", resource),
        ("b.xml", "<resources/>"),
        ("c.xml", "<responses/>"),
        ("d.xml", "<errors/>"),
        ("e.xml", "<Lamps><Lamp><Id>1</Id></Lamp></Lamps>"),
    ];
    let (status, stdout, stderr) = run(&files, &["describe", "."]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        ./a.xml:2:1: found <resource>, expected a list of objects: the file is a description already
        ./b.xml:1:1: found <resources>, expected a list of objects: the file is a description already
        ./c.xml:1:1: found <responses>, expected a list of objects: the file is a description already
        ./d.xml:1:1: found <errors>, expected a list of objects: the file is a description already
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_list_that_adds_no_resource_is_a_mistake_with_its_place() {
    let known = "<Tenats>\n<Tenant><Alias>a</Alias></Tenant></Tenats>";
    let similar =
        "<UnityConnection>\n  <Tennants><Lamp><Watts>1</Watts></Lamp></Tennants></UnityConnection>";
    let uris = "<Renters><Renter><URI>/vmrest/tenants/1</URI><A>1</A></Renter></Renters>";
    let text = "<Lamps>text</Lamps>";
    let malformed = "<Lamps><Lamp><A>1</A></Lamp>";
    let files = [
        ("a.xml", known),
        ("b.xml", similar),
        ("c.xml", uris),
        ("d.xml", text),
        ("e.xml", malformed),
    ];
    let (status, _, stderr) = run(&files, &["check", "."]);
    assert_eq!(status, 2);
    expect![[r#"
        ./a.xml:1:1: found <Tenats>, expected <Tenants>, because of its objects; a list of another resource has objects of another name, with another path in their URIs
        ./b.xml:2:3: found <Tennants>, expected <Tenants>; a list of another resource with such a name has objects with a URI
        ./c.xml:1:1: found <Renters>, expected <Tenants>, because the URIs are below /vmrest/tenants; a list of another resource has another path in them
        ./d.xml:1:1: found <Lamps>, expected <ConnectionLocations> or [...] or <Cluster> or <UnityConnection>; when a server starts, a list of another resource needs an object, or its XSD beside the file
        ./e.xml:1:29: the document ends before its elements are closed
    "#]].assert_eq(&abridged(&stderr));
    // The description of a list is for all releases.
    let (status, stdout, described) = run(&files, &["describe", "."]);
    assert_eq!((status, stdout), (2, String::new()));
    assert_eq!(abridged(&described), abridged(&stderr));

    let mixed = "<Lamps><Lamp><URI>/vmrest/lamps/1</URI><Id>1</Id></Lamp>\n<Lamp><URI>/vmrest/lights/2</URI><Id>2</Id></Lamp></Lamps>";
    let element = "<My-Lamps><Lamp><Id>1</Id></Lamp></My-Lamps>";
    let same = "<Desks><Lamp><Id>1</Id></Lamp></Desks>";
    for (files, expected) in [
        (
            &[("a.xml", mixed)][..],
            expect![[r#"
            ./a.xml:2:7: URI is "/vmrest/lights/2", expected a path below /vmrest/lamps, as in the first object; a list of several collections needs a description
        "#]],
        ),
        (
            &[("a.xml", element)],
            expect![[r#"
            ./a.xml:1:1: the description that is inferred from the list has a mistake: found "My-Lamps", expected the name of an element, of ASCII letters and digits; `cuc-mock describe` writes the description of a list, to be corrected
        "#]],
        ),
        (
            &[("a.xml", same), ("b.xml", &same.replace("Desks", "Beds"))],
            expect![[r#"
                ./b.xml:1:1: the description that is inferred from the list has a mistake: Lamp is the name of an element of desks, too; expected another one; `cuc-mock describe` writes the description of a list, to be corrected
            "#]],
        ),
    ] {
        let (status, _, stderr) = run(files, &["check", "."]);
        assert_eq!(status, 2);
        expected.assert_eq(&stderr);
    }
    let (status, _, stderr) = run(&[("a.xml", "<Tenants/>")], &["describe", "a.xml"]);
    assert_eq!(status, 2);
    expect![[r#"
        found only lists of resources that have a description, expected a list of another one
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_running_server_adds_no_resource() {
    let folder = folder(&[("rotas.xml", &rotas())]);
    let mock = CucMock::builder().fixtures(folder.path()).start_blocking();
    let client = Client::of(&mock);
    let lamps = "<Lamps><Lamp><URI>/vmrest/lamps/1</URI><Id>1</Id></Lamp></Lamps>";
    let state = client.control("PUT", "/__mock/state", lamps);
    assert_eq!(state.status, 400);
    expect![[r#"{"error":"the state has mistakes, and nothing was changed","mistakes":[{"line":1,"column":1,"message":"found <Lamps>, expected <ConnectionLocations> or [...] or <Cluster> or <Rotas> or <UnityConnection>; the fixtures and the resources add others when the server starts"}]}"#]].assert_eq(&abridged(&state.body));
    fs::write(folder.path().join("lamps.xml"), lamps).expect("a file");
    let reload = client.control("POST", "/__mock/reload", "");
    assert_eq!(reload.status, 422);
    assert!(reload.body.contains("when the server starts"), "{reload}");
    assert_eq!(client.get("/vmrest/rotas").body, rotas());
    let restarted = CucMock::builder().fixtures(folder.path()).start_blocking();
    let found = Client::of(&restarted).get("/vmrest/lamps/1").body;
    assert!(
        found.ends_with("<Lamp><URI>/vmrest/lamps/1</URI><Id>1</Id></Lamp>"),
        "{found}"
    );
}
