//! The records that change with another one, and the values that a new record gets.

use std::fs;

use cuc_mock::Release;
use uuid::Uuid;

use crate::{
    support::{Client, Response},
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
    let form =
        "<Form><Pin>four-digits</Pin><Code>5678</Code><Colour>red</Colour><Place>9</Place></Form>";
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
    assert_eq!(mock.state().matches("four-digits").count(), 1);
}

#[test]
fn a_new_record_is_the_last_one_in_the_order_and_a_deletion_closes_the_gap() {
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
    assert_eq!(places(), "b4 a5 c6 e7 f8");
    assert_state_loads(client, &mock.state());
}

#[test]
fn an_internal_field_is_not_shown_but_stored_and_can_be_queried() {
    let room = description(
        r#"path="rooms" list="Rooms" element="Room""#,
        r#"<text name="Name" by="t"/>"#,
    );
    let shelf = description(
        r#"path="shelves" list="Shelves" element="Shelf""#,
        r#"<guid name="RoomObjectId" by="t"><references resource="rooms" on-delete="clear" by="t"/></guid>
        <text name="Origin" access="internal" by="t"><default value="stock" by="t"/></text>
        <derived name="RoomName" access="internal" through="RoomObjectId" field="Name" by="t"/>
        <text name="Label" by="t"/>"#,
    );
    let mock = start(&[&room, &shelf]);
    let client = Client::of(&mock);
    let rooms = ["Attic", "Cellar"].map(|name| {
        let room = format!("<Room><Name>{name}</Name></Room>");
        client.create("/vmrest/rooms", room)
    });
    let shelves = rooms.each_ref().map(|room| {
        let room = id(room);
        // What a client sends for an internal field is ignored.
        let fields = format!("<RoomObjectId>{room}</RoomObjectId><Origin>mine</Origin>");
        let shelf = format!("<Shelf>{fields}<RoomName>Hall</RoomName></Shelf>");
        let path = client.create("/vmrest/shelves", shelf);
        let update = "<Shelf><Origin>mine</Origin><Label>a</Label></Shelf>";
        assert_eq!(client.put(&path, update).status, 204);
        let object = format!("<ObjectId>{}</ObjectId><RoomObjectId>{room}", id(&path));
        let shelf = format!("<Shelf>{object}</RoomObjectId><Label>a</Label></Shelf>");
        assert_eq!(document(&client.get(&path)), (200, shelf.clone()));
        let json = client.get_json(&path).body;
        assert!(
            !json.contains("Origin") && !json.contains("RoomName"),
            "{json}"
        );
        shelf
    });
    let list = |shelves: &[&str]| {
        let total = shelves.len();
        let list = match total {
            0 => r#"<Shelves total="0"/>"#.to_owned(),
            _ => format!(r#"<Shelves total="{total}">{}</Shelves>"#, shelves.concat()),
        };
        (200, list)
    };
    let [attic, cellar] = shelves.each_ref().map(String::as_str);
    let found = |query: &str| document(&client.get(&format!("/vmrest/shelves?{query}")));
    assert_eq!(found("query=(RoomName%20is%20attic)"), list(&[attic]));
    assert_eq!(found("query=(RoomName%20startswith%20c)"), list(&[cellar]));
    assert_eq!(found("query=(Origin%20is%20stock)"), list(&[attic, cellar]));
    assert_eq!(found("query=(Origin%20is%20mine)"), list(&[]));
    assert_eq!(found("sort=(RoomName%20desc)"), list(&[cellar, attic]));
    client.put(&rooms[0], "<Room><Name>Yard</Name></Room>");
    assert_eq!(found("sort=(RoomName%20desc)"), list(&[attic, cellar]));
    for path in ["/vmrest/schema/Shelf", "/vmrest/schema/Shelves"] {
        let schema = client.get(path).body;
        assert!(
            !schema.contains("Origin") && !schema.contains("RoomName"),
            "{schema}"
        );
    }
    let state = mock.state();
    assert_eq!(state.matches("<Origin>stock</Origin>").count(), 2);
    let value = |name: &str| {
        let records = mock.records("shelves");
        let values = records
            .iter()
            .map(|record| record.get(name).map(str::to_owned));
        values.collect::<Vec<_>>()
    };
    assert_eq!(
        value("RoomName"),
        [Some("Yard".to_owned()), Some("Cellar".to_owned())]
    );
    assert_state_loads(client, &state);
    assert_eq!(found("query=(RoomName%20is%20yard)"), list(&[attic]));
}

/// Clubs, their lockers, and keys to lockers, which belong to the club of the locker.
fn clubs_lockers_and_keys(on_delete: &str) -> [String; 3] {
    let key = format!(
        r#"<guid name="LockerObjectId" by="t"><references resource="lockers" on-delete="clear" by="t"/></guid>
        <derived name="ClubObjectId" through="LockerObjectId" field="ClubObjectId" access="internal" by="t">
          <references resource="clubs" on-delete="{on_delete}" by="t"/>
        </derived>"#
    );
    let locker = r#"<guid name="ClubObjectId" by="t">
          <references resource="clubs" on-delete="clear" by="t"/>
        </guid>"#;
    [
        description(r#"path="clubs" list="Clubs" element="Club""#, ""),
        description(r#"path="lockers" list="Lockers" element="Locker""#, locker),
        description(
            r#"path="lockerkeys" list="LockerKeys" element="LockerKey""#,
            &key,
        ),
    ]
}

#[test]
fn a_derived_reference_deletes_a_record_with_its_owner() {
    let mock = start(
        &clubs_lockers_and_keys("cascade")
            .each_ref()
            .map(String::as_str),
    );
    let client = Client::of(&mock);
    let [chess, tennis] = [(); 2].map(|()| client.create("/vmrest/clubs", "<Club/>"));
    let locker = |club: &str| {
        let club = id(club);
        let locker = format!("<Locker><ClubObjectId>{club}</ClubObjectId></Locker>");
        client.create("/vmrest/lockers", locker)
    };
    let [of_chess, of_tennis] = [&chess, &tennis].map(|club| locker(club));
    let key = |locker: &str| {
        format!(
            "<LockerKey><LockerObjectId>{}</LockerObjectId></LockerKey>",
            id(locker)
        )
    };
    let create = |locker: &str| client.create("/vmrest/lockerkeys", key(locker));
    let [kept, moved, lost] = [&of_tennis, &of_chess, &of_chess].map(|locker| create(locker));
    let free = client.create("/vmrest/lockerkeys", "<LockerKey/>");
    // The owner is that of the new locker.
    assert_eq!(client.put(&moved, key(&of_tennis)).status, 204);
    assert_state_loads(client, &mock.state());
    assert_eq!(client.delete(&chess).status, 204);
    assert_eq!(client.get(&of_chess).status, 200);
    let statuses = [&kept, &moved, &lost, &free].map(|path| client.get(path).status);
    assert_eq!(statuses, [200, 200, 404, 200]);
    // A locker that changes its club takes its keys with it.
    let update = format!(
        "<Locker><ClubObjectId>{}</ClubObjectId></Locker>",
        id(&tennis)
    );
    assert_eq!(client.put(&of_chess, update).status, 204);
    let joined = create(&of_chess);
    assert_eq!(client.delete(&tennis).status, 204);
    let statuses = [&kept, &moved, &joined, &free].map(|path| client.get(path).status);
    assert_eq!(statuses, [404, 404, 404, 200]);
    assert_state_loads(client, &mock.state());
}

#[test]
fn a_derived_reference_can_refuse_the_deletion_of_the_owner() {
    let mock = start(
        &clubs_lockers_and_keys("refuse")
            .each_ref()
            .map(String::as_str),
    );
    let client = Client::of(&mock);
    let club = client.create("/vmrest/clubs", "<Club/>");
    let locker = format!(
        "<Locker><ClubObjectId>{}</ClubObjectId></Locker>",
        id(&club)
    );
    let locker = client.create("/vmrest/lockers", locker);
    let key = format!(
        "<LockerKey><LockerObjectId>{}</LockerObjectId></LockerKey>",
        id(&locker)
    );
    let key = client.create("/vmrest/lockerkeys", key);
    let state = mock.state();
    let expected = "The Club cannot be deleted: the ClubObjectId of a LockerKey refers to it";
    assert_eq!(message(&client.delete(&club)), (400, expected.to_owned()));
    assert_eq!(mock.state(), state);
    assert_eq!(client.delete(&key).status, 204);
    assert_eq!(client.delete(&club).status, 204);
}

/// Inks, and pens with the first ink unless they have another one.
fn inks_and_pens() -> [String; 2] {
    let ink = description(
        r#"path="inks" list="Inks" element="Ink""#,
        r#"<text name="Colour" by="t"/>"#,
    );
    let pen = description(
        r#"path="pens" list="Pens" element="Pen""#,
        r#"<guid name="InkObjectId" by="t">
          <default resource="inks" field="ObjectId" by="t"/>
          <references resource="inks" on-delete="clear" by="t"/>
        </guid>
        <text name="Colour" by="t"><default resource="inks" field="Colour" by="t"/></text>"#,
    );
    [ink, pen]
}

#[test]
fn a_default_is_a_field_of_the_first_record_of_another_resource() {
    let [ink, pen] = inks_and_pens();
    let mock = start(&[&ink, &pen]);
    let client = Client::of(&mock);
    let pen = |given: &str| {
        let path = client.create("/vmrest/pens", format!("<Pen>{given}</Pen>"));
        let (_, pen) = document(&client.get(&path));
        let start = format!("<Pen><ObjectId>{}</ObjectId>", id(&path));
        let fields = pen
            .strip_prefix(&start)
            .and_then(|pen| pen.strip_suffix("</Pen>"));
        fields.expect("the fields of a pen").to_owned()
    };
    // Without a record, and without a value in it, there is no default.
    assert_eq!(pen(""), "");
    let plain = client.create("/vmrest/inks", "<Ink/>");
    let ink = |path: &str| format!("<InkObjectId>{}</InkObjectId>", id(path));
    assert_eq!(pen(""), ink(&plain));
    client.put(&plain, "<Ink><Colour>blue</Colour></Ink>");
    let red = client.create("/vmrest/inks", "<Ink><Colour>red</Colour></Ink>");
    assert_eq!(pen(""), ink(&plain) + "<Colour>blue</Colour>");
    assert_eq!(pen(&ink(&red)), ink(&red) + "<Colour>blue</Colour>");
    let given = "<Colour>green</Colour>";
    assert_eq!(pen(given), ink(&plain) + given);
    assert_eq!(client.delete(&plain).status, 204);
    assert_eq!(pen(""), ink(&red) + "<Colour>red</Colour>");
    assert_state_loads(client, &mock.state());
}

#[test]
fn fixtures_get_the_first_record_of_a_file_as_a_default() {
    let [ink, pen] = inks_and_pens();
    let (builder, folder) = builder(&[&ink, &pen]);
    let fixture = folder.path().join("fixture.txt");
    let pen = format!("<Pens><Pen><ObjectId>{ID}</ObjectId></Pen></Pens>");
    let ink = format!("<Ink><ObjectId>{ID}</ObjectId><Colour>red</Colour></Ink>");
    let lists = format!("<UnityConnection>{pen}<Inks>{ink}</Inks></UnityConnection>");
    fs::write(&fixture, lists).expect("a file");
    let mock = builder.fixtures(&fixture).start_blocking();
    let expected = format!("<InkObjectId>{ID}</InkObjectId><Colour>red</Colour>");
    let (_, pen) = document(&Client::of(&mock).get(&format!("/vmrest/pens/{ID}")));
    assert_eq!(
        pen,
        format!("<Pen><ObjectId>{ID}</ObjectId>{expected}</Pen>")
    );
}

#[test]
fn a_new_record_can_be_the_first_one_in_the_order_of_its_collection() {
    let binder = description(r#"path="binders" list="Binders" element="Binder""#, "");
    let sheet = description(
        r#"path="binders/{BinderObjectId}/sheets" list="Sheets" element="Sheet""#,
        r#"<guid name="BinderObjectId" access="read-only" by="t"><required by="t"/></guid>
        <integer name="Place" by="t"/><text name="Name" by="t"/>
        <guid name="NextObjectId" by="t">
          <references resource="binders/{BinderObjectId}/sheets" on-delete="cascade" by="t"/>
        </guid>"#,
    );
    let order = r#"<order field="Place" new="first" by="t"/><object-id"#;
    let sheet = sheet.replace("<object-id", order);
    let mock = start(&[&binder, &sheet]);
    let client = Client::of(&mock);
    let [one, other] = [(); 2].map(|()| client.create("/vmrest/binders", "<Binder/>") + "/sheets");
    let create = |path: &str, name: &str, fields: &str| {
        client.create(path, format!("<Sheet><Name>{name}</Name>{fields}</Sheet>"))
    };
    // Returns the names and the places of the sheets in the order of the list.
    let sheets = |path: &str| {
        let (_, list) = document(&client.get(path));
        let text = |sheet: &str, name: &str| {
            let start = sheet.split_once(&format!("<{name}>")).expect("a field").1;
            start.split('<').next().unwrap_or_default().to_owned()
        };
        let sheets = list.split("<Sheet>").skip(1);
        let sheets = sheets.map(|sheet| text(sheet, "Name") + &text(sheet, "Place"));
        sheets.collect::<Vec<_>>().join(" ")
    };
    create(&other, "x", "");
    let a = create(&one, "a", "");
    create(&one, "b", "<Place>7</Place>");
    let follower = format!("<NextObjectId>{}</NextObjectId>", id(&a));
    let c = create(&one, "c", &follower);
    let d = create(&one, "d", "");
    create(&one, "e", &follower);
    assert_eq!(sheets(&one), "e0 d1 c2 b3 a4");
    assert_eq!(sheets(&other), "x0");
    assert_eq!(client.delete(&d).status, 204);
    assert_eq!(sheets(&one), "e0 c1 b2 a3");
    create(&one, "f", "");
    let ids = ["a", "b", "c", "e", "f"].map(|name| {
        let records = mock.records("binders/{BinderObjectId}/sheets");
        let record = records
            .iter()
            .find(|record| record.get("Name") == Some(name));
        let id = record.and_then(|record| record.get("ObjectId"));
        id.expect("the id of a sheet").to_owned()
    });
    let order = ids.map(|id| format!("<Sheet><ObjectId>{id}</ObjectId></Sheet>"));
    let order = format!("<Sheets>{}</Sheets>", order.concat());
    assert_eq!(client.put(&one, order).status, 204);
    assert_eq!(sheets(&one), "a0 b1 c2 e3 f4");
    assert_state_loads(client, &mock.state());
    // The gaps of all deleted records are closed.
    assert_eq!(client.delete(&a).status, 204);
    assert_eq!(client.get(&c).status, 404);
    assert_eq!(sheets(&one), "b0 f1");
    assert_eq!(sheets(&other), "x0");
    create(&one, "g", "");
    assert_eq!(sheets(&one), "g0 b1 f2");
    assert_state_loads(client, &mock.state());
}

#[test]
fn a_built_in_record_is_not_deleted() {
    let shop = description(r#"path="shops" list="Shops" element="Shop""#, "");
    let till = description(
        r#"path="tills" list="Tills" element="Till""#,
        r#"<guid name="ShopObjectId" by="t"><references resource="shops" on-delete="cascade" by="t"/></guid>
        <boolean name="BuiltIn" by="t"/><boolean name="InUse" by="t"/>"#,
    );
    let rule = r#"<undeletable when="InUse is true" captured="our server"/>
        <undeletable when="BuiltIn is true" by="t"/><object-id"#;
    let till = till.replace("<object-id", rule);
    let stamp = description(r#"path="stamps" list="Stamps" element="Stamp""#, "");
    let rule = r#"<undeletable by="t" since="14"/><object-id"#;
    let stamp = stamp.replace("<object-id", rule);
    let descriptions = [shop.as_str(), &till, &stamp];
    let mock = start(&descriptions);
    let client = Client::of(&mock);
    let shop = client.create("/vmrest/shops", "<Shop/>");
    let till = |built_in: &str| {
        let shop = id(&shop);
        let fields = format!("<ShopObjectId>{shop}</ShopObjectId><BuiltIn>{built_in}</BuiltIn>");
        client.create("/vmrest/tills", format!("<Till>{fields}</Till>"))
    };
    let [first, second, third] = ["true", "false", "1"].map(till);
    let state = mock.state();
    let expected =
        "Unable to perform requested method because the Till is built in and cannot be deleted";
    let refused = client.delete(&first);
    assert_eq!(message(&refused), (405, expected.to_owned()));
    assert_eq!(refused.element("code"), Some("METHOD_NOT_ALLOWED"));
    let evidence = |response: &Response| {
        let header = response.header("X-Cuc-Mock-Provenance");
        header.map(str::to_owned)
    };
    assert_eq!(evidence(&refused).as_deref(), Some("documented"));
    assert_eq!(client.delete(&third).status, 405);
    assert_eq!(mock.state(), state);
    client.put(&second, "<Till><InUse>true</InUse></Till>");
    let refused = client.delete(&second);
    assert_eq!(
        (refused.status, evidence(&refused).as_deref()),
        (405, Some("captured"))
    );
    client.put(&second, "<Till><InUse>false</InUse></Till>");
    assert_eq!(client.delete(&second).status, 204);
    // The rule is about the record as it is at the deletion.
    client.put(&third, "<Till><BuiltIn>false</BuiltIn></Till>");
    assert_eq!(client.delete(&third).status, 204);
    // It would be deleted with the shop that it refers to.
    assert_eq!(client.delete(&shop).status, 405);
    client.put(&first, "<Till><BuiltIn>false</BuiltIn></Till>");
    assert_eq!(client.delete(&shop).status, 204);
    assert_eq!(client.get(&first).status, 404);

    let stamp = client.create("/vmrest/stamps", "<Stamp/>");
    assert_eq!(client.delete(&stamp).status, 204);
    let (builder, _folder) = builder(&descriptions);
    let mock = builder.release(Release::V14).start_blocking();
    let client = Client::of(&mock);
    let stamp = client.create("/vmrest/stamps", "<Stamp/>");
    assert_eq!(client.delete(&stamp).status, 405);
    assert_eq!(client.get(&stamp).status, 200);
}

#[test]
fn a_template_keeps_the_fields_that_it_excepts() {
    let fields = r#"<text name="Owner" by="t"/><text name="Colour" by="t"/>
        <text name="Size" by="t"><default value="M" by="t"/></text>"#;
    let model = description(r#"path="models" list="Models" element="Model""#, fields);
    let cap = description(r#"path="caps" list="Caps" element="Cap""#, fields);
    let template = r#"<template resource="models" parameter="model" field="ObjectId" except="Owner Size" by="t"/>"#;
    let cap = cap.replace("<object-id", &format!("{template}<object-id"));
    let mock = start(&[&model, &cap]);
    let client = Client::of(&mock);
    let model = "<Model><Owner>Ann</Owner><Colour>red</Colour><Size>L</Size></Model>";
    let model = client.create("/vmrest/models", model);
    for (given, stored) in [
        ("", "<Colour>red</Colour><Size>M</Size>"),
        (
            "<Owner>Bob</Owner><Size>S</Size>",
            "<Owner>Bob</Owner><Colour>red</Colour><Size>S</Size>",
        ),
    ] {
        let collection = format!("/vmrest/caps?model={}", id(&model));
        let path = client.create(&collection, format!("<Cap>{given}</Cap>"));
        let expected = format!("<Cap><ObjectId>{}</ObjectId>{stored}</Cap>", id(&path));
        assert_eq!(document(&client.get(&path)), (200, expected));
    }
}

#[test]
fn a_date_time_has_one_of_two_forms() {
    let egg = description(
        r#"path="eggs" list="Eggs" element="Egg""#,
        r#"<date-time name="Laid" by="t"><default value="now-utc" by="t"/></date-time>
        <date-time name="Boiled" by="t"><default value="now" by="t"/></date-time>
        <text name="Note" by="t"><default value="now-utc" by="t"/></text>"#,
    );
    let (builder, _folder) = builder(&[&egg]);
    let mock = builder
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let path = client.create("/vmrest/eggs", "<Egg/>");
    let egg = |fields: &str| {
        let start = format!("<Egg><ObjectId>{}</ObjectId>", id(&path));
        (200, format!("{start}{fields}<Note>now-utc</Note></Egg>"))
    };
    let expected = "<Laid>2026-01-31T12:00:00Z</Laid><Boiled>2026-01-31 12:00:00.000</Boiled>";
    assert_eq!(document(&client.get(&path)), egg(expected));
    let given = "<Laid>2016-02-02 22:36:17.5</Laid><Boiled>2016-02-02T22:36:17Z</Boiled>";
    assert_eq!(client.put(&path, format!("<Egg>{given}</Egg>")).status, 204);
    assert_eq!(document(&client.get(&path)), egg(given));
    for wrong in [
        "2016-02-02T22:36:17",
        "2016-02-30T22:36:17Z",
        "2016-02-02 22:36:17Z",
        "2016-02-02T24:36:17Z",
    ] {
        let update = client.put(&path, format!("<Egg><Laid>{wrong}</Laid></Egg>"));
        let expected = format!(
            "Invalid parameter. Parameter = [Laid], Value = [{wrong}]: expected a date and time such as \
             2013-01-12 14:57:32.569 or 2016-02-02T22:36:17Z"
        );
        assert_eq!(message(&update), (400, expected));
    }
    assert_eq!(document(&client.get(&path)), egg(given));
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
