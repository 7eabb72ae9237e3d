//! The records that change with another one, and the values that a new record gets.

use crate::{
    support::Client,
    vocabulary::{builder, document, id},
};

/// Returns the description of a resource with all verbs and an `ObjectId`.
fn description(attributes: &str, content: &str) -> String {
    let verbs = ["list", "read", "create", "update", "delete"];
    let verbs = verbs.map(|verb| format!(r#"<verb name="{verb}" by="t"/>"#));
    format!(
        r#"<resource {attributes}><evidence id="t" documented="test"/>{}<object-id by="t"/>{content}</resource>"#,
        verbs.concat()
    )
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
