//! The records that change with another one, and the values that a new record gets.

use std::fs;

use uuid::Uuid;

use crate::{
    support::Client,
    vocabulary::{builder, document, id, message, start},
};

const ID: &str = "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11";

/// Returns the description of a resource with all verbs and an `ObjectId`.
fn description(attributes: &str, content: &str) -> String {
    let verbs = ["list", "read", "create", "update", "delete"];
    let verbs = verbs.map(|verb| format!(r#"<verb name="{verb}" by="t"/>"#));
    format!(
        r#"<resource {attributes}><evidence id="t" documented="test"/>{}<object-id by="t"/>{content}</resource>"#,
        verbs.concat()
    )
}

/// Teams, and badges that refer to them by their aliases.
fn teams_and_badges(on_delete: &str) -> [String; 2] {
    let team = r#"<text name="Alias" by="t"><unique by="t"/></text><text name="Info" by="t"/>"#;
    let badge = format!(
        r#"<text name="TeamAlias" by="t"><references resource="teams" field="Alias" on-delete="{on_delete}" by="t"/><max-length characters="5" by="t"/></text>
        <derived name="TeamInfo" through="TeamAlias" field="Info" by="t"/>
        <derived name="SameAlias" through="TeamAlias" field="Alias" by="t"/>
        <text name="Code" by="t"><unique within="Size" by="t"/></text>
        <text name="Size" by="t"/>"#
    );
    [
        description(r#"path="teams" list="Teams" element="Team""#, team),
        description(r#"path="badges" list="Badges" element="Badge""#, &badge),
    ]
}

/// Asserts that the state of a server can be loaded again.
#[track_caller]
fn assert_state_loads(client: Client, state: &str) {
    let loaded = client.control("PUT", "/__mock/state", state);
    assert_eq!(loaded.status, 204, "{loaded}\n{state}");
    assert_eq!(client.control("GET", "/__mock/state", "").body, state);
}

#[test]
fn derived_fields_follow_a_change_of_the_value_that_is_referred_to() {
    let [team, badge] = teams_and_badges("clear");
    let mock = start(&[&team, &badge]);
    let client = Client::of(&mock);
    let red = client.create(
        "/vmrest/teams",
        "<Team><Alias>red</Alias><Info>i1</Info></Team>",
    );
    let badge = client.create(
        "/vmrest/badges",
        "<Badge><TeamAlias>RED</TeamAlias><Code>7</Code></Badge>",
    );
    let update = "<Team><Alias>blue</Alias><Info>i2</Info></Team>";
    assert_eq!(client.put(&red, update).status, 204);
    let expected = format!(
        "<Badge><ObjectId>{}</ObjectId><TeamAlias>blue</TeamAlias><TeamInfo>i2</TeamInfo>\
         <SameAlias>blue</SameAlias><Code>7</Code></Badge>",
        id(&badge)
    );
    assert_eq!(document(&client.get(&badge)), (200, expected));
    assert_state_loads(client, &mock.state());
}

#[test]
fn a_change_that_makes_another_record_invalid_is_undone() {
    let [team, badge] = teams_and_badges("clear");
    let mock = start(&[&team, &badge]);
    let client = Client::of(&mock);
    let red = client.create("/vmrest/teams", "<Team><Alias>red</Alias></Team>");
    let badge = "<Badge><TeamAlias>red</TeamAlias><Code>7</Code><Size>1</Size></Badge>";
    client.create("/vmrest/badges", badge);
    let state = mock.state();
    let update = client.put(&red, "<Team><Alias>orange</Alias><Info>new</Info></Team>");
    let expected = "Invalid parameter. Parameter = [TeamAlias], Value = [orange]: expected at most 5 characters";
    assert_eq!(message(&update), (400, expected.to_owned()));
    assert_eq!(mock.state(), state);
    let expected = "Invalid parameter. Parameter = [Code], Value = [7]: \
                    expected a value that no other Badge with the same Size has";
    let created = client.post("/vmrest/badges", badge);
    assert_eq!(message(&created), (400, expected.to_owned()));
}

#[test]
fn an_empty_value_refers_to_nothing() {
    for on_delete in ["cascade", "refuse"] {
        let [team, badge] = teams_and_badges(on_delete);
        let mock = start(&[&team, &badge]);
        let client = Client::of(&mock);
        let team = client.create("/vmrest/teams", "<Team><Alias/><Info>i</Info></Team>");
        let badge = client.create("/vmrest/badges", "<Badge><TeamAlias/></Badge>");
        let expected = format!(
            "<Badge><ObjectId>{}</ObjectId><TeamAlias/></Badge>",
            id(&badge)
        );
        assert_eq!(document(&client.get(&badge)), (200, expected.clone()));
        let named = "<Team><Alias>red</Alias></Team>";
        assert_eq!(client.put(&team, named).status, 204);
        assert_eq!(document(&client.get(&badge)), (200, expected.clone()));
        assert_eq!(client.put(&team, "<Team><Alias/></Team>").status, 204);
        assert_eq!(client.delete(&team).status, 204, "{on_delete}");
        assert_eq!(document(&client.get(&badge)), (200, expected));
    }
}

#[test]
fn a_value_in_the_path_has_the_kind_of_its_field() {
    let room = description(r#"path="rooms" list="Rooms" element="Room""#, "");
    let clock = |kind: &str| {
        let room =
            format!(r#"<{kind} name="Room" by="t" access="read-only"><required by="t"/></{kind}>"#);
        description(
            r#"path="rooms/{Room}/clocks" list="Clocks" element="Clock" parent="optional""#,
            &room,
        )
    };
    let guid = "a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";
    for (kind, value, expected) in [
        ("guid", "foo bar", guid),
        ("integer", "one", "a whole number"),
        ("boolean", "yes", "true or false"),
    ] {
        let mock = start(&[&room, &clock(kind)]);
        let client = Client::of(&mock);
        let path = format!("/vmrest/rooms/{}/clocks", value.replace(' ', "%20"));
        let expected = format!(
            "Invalid parameter. Parameter = [Room], Value = [{value}]: expected {expected}"
        );
        assert_eq!(message(&client.post(&path, "<Clock/>")), (400, expected));
    }
    let mock = start(&[&room, &clock("integer")]);
    let client = Client::of(&mock);
    let path = client.create("/vmrest/rooms/007/clocks", "<Clock/>");
    let expected = format!(
        "<Clock><ObjectId>{}</ObjectId><Room>7</Room></Clock>",
        id(&path)
    );
    assert_eq!(document(&client.get(&path)), (200, expected));
    assert_state_loads(client, &mock.state());
}

#[test]
fn a_record_that_existed_before_its_parent_gets_its_derived_fields_with_it() {
    let room = r#"<resource path="rooms" list="Rooms" element="Room" key="Code">
      <evidence id="t" documented="test"/> <verb name="create" by="t"/> <verb name="update" by="t"/>
      <text name="Code" access="create" by="t"><required by="t"/><unique by="t"/></text>
      <text name="Name" by="t"/>
    </resource>"#;
    let shelf = description(
        r#"path="rooms/{Room}/shelves" list="Shelves" element="Shelf" parent="optional""#,
        r#"<text name="Room" access="read-only" by="t"><required by="t"/></text>
        <derived name="RoomName" through="Room" field="Name" by="t"/>"#,
    );
    let mock = start(&[room, &shelf]);
    let client = Client::of(&mock);
    let path = client.create("/vmrest/rooms/r1/shelves", "<Shelf/>");
    let shelf = |name: &str| {
        let object = format!("<ObjectId>{}</ObjectId><Room>r1</Room>{name}", id(&path));
        (200, format!("<Shelf>{object}</Shelf>"))
    };
    assert_eq!(document(&client.get(&path)), shelf(""));
    let room = "<Room><Code>R1</Code><Name>Attic</Name></Room>";
    let room = client.create("/vmrest/rooms", room);
    let expected = shelf("<RoomName>Attic</RoomName>");
    assert_eq!(document(&client.get(&path)), expected);
    client.put(&room, "<Room><Name>Loft</Name></Room>");
    let expected = shelf("<RoomName>Loft</RoomName>");
    assert_eq!(document(&client.get(&path)), expected);
    assert_state_loads(client, &mock.state());
}

/// Spots that somebody owns or rents; they are rented unless they are owned.
fn spot(content: &str) -> String {
    let fields = r#"<text name="Owner" by="t"><clears field="Renter" by="t"/></text>
        <text name="Renter" by="t"><default value="Bob" by="t"/><clears field="Owner" by="t"/></text>"#;
    let attributes = r#"path="spots" list="Spots" element="Spot""#;
    description(attributes, &[content, fields].concat())
}

#[test]
fn a_given_value_suppresses_the_default_of_the_field_that_it_clears() {
    let (builder, folder) = builder(&[&spot("")]);
    let fixture = folder.path().join("fixture.txt");
    let spots = format!("<Spots><Spot><ObjectId>{ID}</ObjectId><Owner>Ann</Owner></Spot></Spots>");
    fs::write(&fixture, spots).expect("a file");
    let mock = builder.fixtures(&fixture).start_blocking();
    let client = Client::of(&mock);
    let mut expected = format!("<Spot><ObjectId>{ID}</ObjectId><Owner>Ann</Owner></Spot>");
    for (given, stored) in [
        ("<Owner>Ann</Owner>", "<Owner>Ann</Owner>"),
        ("<Owner>Ann</Owner><Renter/>", "<Owner>Ann</Owner>"),
        ("<Owner/>", "<Owner/><Renter>Bob</Renter>"),
        ("", "<Renter>Bob</Renter>"),
        ("<Renter>Cy</Renter>", "<Renter>Cy</Renter>"),
    ] {
        let path = client.create("/vmrest/spots", format!("<Spot>{given}</Spot>"));
        let object_id = id(&path);
        expected += &format!("<Spot><ObjectId>{object_id}</ObjectId>{stored}</Spot>");
    }
    let list = format!(r#"<Spots total="6">{expected}</Spots>"#);
    assert_eq!(document(&client.get("/vmrest/spots")), (200, list));
    assert_state_loads(client, &mock.state());
}

#[test]
fn a_value_of_a_template_suppresses_a_default_and_yields_to_the_request() {
    let plan = description(
        r#"path="plans" list="Plans" element="Plan""#,
        r#"<text name="Owner" by="t"/>"#,
    );
    let template = r#"<template resource="plans" parameter="plan" field="ObjectId" by="t"/>"#;
    // A template comes before the fields.
    let spot = spot("").replace("<object-id", &format!("{template}<object-id"));
    let mock = start(&[&plan, &spot]);
    let client = Client::of(&mock);
    let plan = client.create("/vmrest/plans", "<Plan><Owner>Ann</Owner></Plan>");
    for (given, stored) in [
        ("", "<Owner>Ann</Owner>"),
        ("<Renter>Cy</Renter>", "<Renter>Cy</Renter>"),
    ] {
        let collection = format!("/vmrest/spots?plan={}", id(&plan));
        let path = client.create(&collection, format!("<Spot>{given}</Spot>"));
        let object_id = id(&path);
        let expected = format!("<Spot><ObjectId>{object_id}</ObjectId>{stored}</Spot>");
        assert_eq!(document(&client.get(&path)), (200, expected));
    }
}

#[test]
fn a_template_copies_neither_secrets_to_visible_fields_nor_what_the_server_sets() {
    let fields = |pin: &str, code: &str| {
        format!(
            r#"<text name="Pin" access="{pin}" by="t"/> <text name="Code" access="{code}" by="t"/>
            <text name="Made" access="read-only" by="t"><default value="now" by="t"/></text>
            <text name="Colour" by="t"/> <integer name="Place" by="t"/>"#
        )
        .replace(r#"<text name="Made""#, r#"<date-time name="Made""#)
        .replace(
            r#"<default value="now" by="t"/></text>"#,
            r#"<default value="now" by="t"/></date-time>"#,
        )
    };
    let form = description(
        r#"path="forms" list="Forms" element="Form""#,
        &fields("secret", "secret"),
    );
    let sheet = description(
        r#"path="sheets" list="Sheets" element="Sheet""#,
        &fields("read-write", "write-only"),
    );
    let template = r#"<template resource="forms" parameter="form" field="ObjectId" by="t"/>
        <order field="Place" by="t"/>"#;
    let sheet = sheet.replace("<object-id", &format!("{template}<object-id"));
    let (builder, _folder) = builder(&[&form, &sheet]);
    let mock = builder
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let form = "<Form><Pin>1234</Pin><Code>5678</Code><Colour>red</Colour><Place>9</Place></Form>";
    let form = client.create("/vmrest/forms", form);
    client.control("POST", "/__mock/clock/advance", r#"{"seconds":3600}"#);
    let path = client.create(&format!("/vmrest/sheets?form={}", id(&form)), "<Sheet/>");
    let expected = format!(
        "<Sheet><ObjectId>{}</ObjectId><Made>2026-01-31 13:00:00.000</Made><Colour>red</Colour>\
         <Place>0</Place></Sheet>",
        id(&path)
    );
    assert_eq!(document(&client.get(&path)), (200, expected));
    assert_eq!(mock.state().matches("<Code>5678</Code>").count(), 2);
    assert_eq!(mock.state().matches("1234").count(), 1);
}

#[test]
fn a_new_record_is_the_last_one_in_the_order() {
    let card = description(
        r#"path="cards" list="Cards" element="Card""#,
        r#"<integer name="Place" by="t"/><text name="Name" by="t"/>"#,
    );
    let card = card.replace("<object-id", r#"<order field="Place" by="t"/><object-id"#);
    let (builder, folder) = builder(&[&card]);
    let fixture = folder.path().join("fixture.txt");
    let cards = "<Cards><Card><Name>a</Name></Card><Card><Place>4</Place><Name>b</Name></Card>\
                 <Card><Name>c</Name></Card></Cards>";
    let id = |number: usize| format!("<Card><ObjectId>{}{number}</ObjectId>", &ID[..35]);
    let cards = cards.split("<Card>").enumerate();
    let cards = cards.map(|(number, card)| match number {
        0 => card.to_owned(),
        _ => id(number) + card,
    });
    let cards: String = cards.collect();
    fs::write(&fixture, cards).expect("a file");
    let mock = builder.fixtures(&fixture).start_blocking();
    let client = Client::of(&mock);
    let places = || {
        let records = mock.records("cards");
        let card = |card: &cuc_mock::Record| {
            [card.get("Name"), card.get("Place")]
                .map(Option::unwrap_or_default)
                .concat()
        };
        records.iter().map(card).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(places(), "b4 a5 c6");
    let path = client.create(
        "/vmrest/cards",
        "<Card><Name>d</Name><Place>1</Place></Card>",
    );
    client.create("/vmrest/cards", "<Card><Name>e</Name></Card>");
    assert_eq!(places(), "b4 a5 c6 d7 e8");
    assert_eq!(client.delete(&path).status, 204);
    client.create("/vmrest/cards", "<Card><Name>f</Name></Card>");
    assert_eq!(places(), "b4 a5 c6 e8 f9");
    assert_state_loads(client, &mock.state());
}

/// Requests that change the records of some resources at random.
struct Changes {
    client: Client,
    seed: Uuid,
    drawn: u32,
    /// The paths of the records that may exist.
    paths: Vec<String>,
}

impl Changes {
    /// Draws a number, which is the same for each seed.
    fn below(&mut self, limit: usize) -> usize {
        self.drawn += 1;
        let id = Uuid::new_v5(&self.seed, &self.drawn.to_be_bytes());
        usize::try_from(id.as_u128() % limit as u128).expect("it is below a usize")
    }

    fn one_of<'v>(&mut self, values: &[&'v str]) -> &'v str {
        values[self.below(values.len())]
    }

    /// Returns an object with some fields, each with one of its values.
    fn object(&mut self, element: &str, fields: &[(&str, &[&str])]) -> String {
        let mut object = format!("<{element}>");
        for (name, values) in fields {
            if self.below(3) > 0 {
                object += &format!("<{name}>{}</{name}>", self.one_of(values));
            }
        }
        object + &format!("</{element}>")
    }

    /// Returns the path of a collection, the element of its objects, and the fields that a client sets.
    fn collection(
        &mut self,
    ) -> (
        String,
        &'static str,
        &'static [(&'static str, &'static [&'static str])],
    ) {
        const NAMES: &[&str] = &["", "a", "A", "b", "c", " "];
        match self.below(4) {
            0 => (
                "/vmrest/teams".to_owned(),
                "Team",
                &[("Alias", NAMES), ("Info", NAMES)],
            ),
            1 => (
                "/vmrest/badges".to_owned(),
                "Badge",
                &[
                    ("TeamAlias", NAMES),
                    ("Code", NAMES),
                    ("Place", &["0", "3"]),
                ],
            ),
            2 => (
                "/vmrest/spots".to_owned(),
                "Spot",
                &[("Owner", NAMES), ("Renter", NAMES)],
            ),
            _ => {
                let number = self.below(self.paths.len() + 1);
                let path = self.paths.get(number);
                let team = path.map_or(ID, |path| id(path));
                let path = format!("/vmrest/teams/{team}/cups");
                (
                    path,
                    "Cup",
                    &[
                        ("Letter", &["x", "X", "y", "#"]),
                        ("Year", &["1", "07", "z"]),
                    ],
                )
            }
        }
    }

    fn change(&mut self) {
        let (path, element, fields) = self.collection();
        let object = self.object(element, fields);
        let known = self.below(self.paths.len() + 1);
        let known = self.paths.get(known).cloned();
        let response = match (self.below(5), known) {
            (0..3, _) | (_, None) => self.client.post(&path, object),
            (3, Some(known)) => {
                let is_same = |element: &&str| known.contains(&element.to_lowercase());
                match Some(element).filter(is_same) {
                    Some(_) => self.client.put(&known, object),
                    None => self.client.get(&known),
                }
            }
            (_, Some(known)) => self.client.delete(&known),
        };
        assert!(response.status < 500, "{response}");
        if response.status == 201 {
            let path = response.header("Location").expect("a path");
            let path = path.find("/vmrest").map(|start| path[start..].to_owned());
            self.paths.extend(path);
        }
    }
}

#[test]
fn the_state_after_any_changes_can_be_loaded() {
    let [team, badge] = teams_and_badges("clear");
    let badge = badge.replace(
        "<object-id by=\"t\"/>",
        r#"<order field="Place" by="t"/><object-id by="t"/><integer name="Place" by="t"/>"#,
    );
    let cup = r#"<resource path="teams/{Team}/cups" list="Cups" element="Cup" key="Letter" parent="optional">
      <evidence id="t" documented="test"/> <verb name="list" by="t"/> <verb name="read" by="t"/>
      <verb name="create" by="t"/> <verb name="update" by="t"/> <verb name="delete" by="t"/>
      <guid name="Team" access="read-only" by="t"><required by="t"/></guid>
      <text name="Letter" access="create" by="t"><required by="t"/></text>
      <integer name="Year" by="t"/>
      <derived name="TeamInfo" through="Team" field="Info" by="t"/>
    </resource>"#;
    let mock = start(&[&team, &badge, &spot(""), cup]);
    let client = Client::of(&mock);
    for seed in 0..4 {
        client.control("POST", "/__mock/reset", "");
        let seed = Uuid::from_u128(seed);
        let mut changes = Changes {
            client,
            seed,
            drawn: 0,
            paths: Vec::new(),
        };
        for _ in 0..250 {
            changes.change();
        }
        let lengths = ["teams", "badges", "spots"].map(|path| mock.records(path).len());
        assert!(lengths.iter().all(|length| *length > 2), "{}", mock.state());
        assert_state_loads(client, &mock.state());
    }
}
