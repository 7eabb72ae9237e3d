//! The records that change with another one, and the values that a new record gets.

use std::fs;

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

/// Asserts that the state of a server can be loaded again.
#[track_caller]
fn assert_state_loads(client: Client, state: &str) {
    let loaded = client.control("PUT", "/__mock/state", state);
    assert_eq!(loaded.status, 204, "{loaded}\n{state}");
    assert_eq!(client.control("GET", "/__mock/state", "").body, state);
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
