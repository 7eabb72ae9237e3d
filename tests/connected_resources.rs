//! The mistakes in descriptions of resources that are connected by paths, aliases and references.

use std::fmt::Write;

use expect_test::{Expect, expect};

use crate::description_mistakes::{assert_accepted, mistakes};

/// Rooms with a number, below which others can be.
const ROOM: &str = r#"<resource path="rooms" list="Rooms" element="Room" key="Number">
<evidence id="t" documented="test"/>
<verb name="list" by="t"/>
<text name="Number" by="t" access="create"><required by="t"/><unique by="t"/></text>
<text name="Name" by="t"><unique by="t"/></text>
<text name="Code" by="t" access="create"><unique by="t"/></text>
<text name="Pin" by="t" access="secret"><unique by="t"/></text>
</resource>
"#;
const SHELF: &str = r#"<resource path="rooms/{R}/shelves" list="Shelves" element="Shelf" key="Letter">
<evidence id="t" documented="test"/>
<verb name="list" by="t"/>
<text name="R" by="t" access="read-only"><required by="t"/></text>
<text name="Letter" by="t" access="create"><required by="t"/></text>
<text name="Wall" by="t"/>
</resource>
"#;
const WALL: &str = r#"<text name="Wall" by="t"/>"#;

/// Returns a document with one text replaced.
#[track_caller]
fn replaced(document: &str, old: &str, new: &str) -> String {
    assert!(document.contains(old), "{old}");
    document.replacen(old, new, 1)
}

/// Asserts the mistakes in shelves below rooms, each with one text replaced by another.
#[track_caller]
fn assert_mistakes(replacements: &[(&str, &str)], expected: &Expect) {
    let mut found = String::new();
    for (old, new) in replacements {
        let mistakes = mistakes(&[ROOM, &replaced(SHELF, old, new)]).replace("./1.xml:", "");
        write!(found, "{new}\n{mistakes}").expect("a text");
    }
    expected.assert_eq(&found);
}

#[test]
fn a_field_in_a_path_has_the_kind_of_the_field_above() {
    let field = r#"<text name="R" by="t" access="read-only"><required by="t"/></text>"#;
    let integer = field.replace("text", "integer");
    let unknown = replaced(SHELF, field, &integer).replacen("rooms/", "halls/", 1);
    let optional = replaced(
        &unknown,
        "key=\"Letter\"",
        "key=\"Letter\" parent=\"optional\"",
    );
    assert_accepted(&[ROOM, SHELF]);
    assert_accepted(&[&optional]);
    assert_mistakes(
        &[(field, &integer)],
        &expect![[r#"
        <integer name="R" by="t" access="read-only"><required by="t"/></integer>
        4:1: R is <integer>, expected <text> like Number of rooms
    "#]],
    );
    // Each field in a longer path has the kind of the field at its place.
    let screw = r#"<resource path="rooms/{A}/shelves/{B}/screws" list="Screws" element="Screw">
<evidence id="t" documented="test"/>
<object-id by="t"/>
<integer name="A" by="t" access="read-only"><required by="t"/></integer>
<guid name="B" by="t" access="read-only"><required by="t"/></guid>
</resource>
"#;
    expect![[r#"
        ./2.xml:4:1: A is <integer>, expected <text> like R of rooms/{R}/shelves
        ./2.xml:5:1: B is <guid>, expected <text> like Letter of rooms/{R}/shelves
    "#]]
    .assert_eq(&mistakes(&[ROOM, SHELF, screw]));
}

#[test]
fn an_alias_leads_to_one_record() {
    let wall = r#"<text name="Wall" by="t"/><alias path="shelves" verbs="list create" by="t"/>"#;
    assert_mistakes(
        &[
            (WALL, r#"<alias path="shelves" verbs="list" by="t"/>"#),
            (WALL, r#"<alias path="shelves" verbs="list read" by="t"/>"#),
            (WALL, r#"<alias path="shelves" verbs="update" by="t"/>"#),
            (WALL, r#"<alias path="shelves" verbs="create" by="t"/>"#),
            (
                WALL,
                r#"<alias path="shelves" verbs="create delete" by="t"/>"#,
            ),
            (
                WALL,
                r#"<alias path="halls/{R}/shelves" verbs="create read" by="t"/>"#,
            ),
            (
                WALL,
                r#"<boolean name="Wide" by="t"/><alias path="wide" verbs="create" unless="Wide is true" by="t"/>"#,
            ),
            (
                WALL,
                r#"<boolean name="Wide" by="t"/><alias path="wide" verbs="list" when="Wid is true" by="t"/>"#,
            ),
            (
                WALL,
                r#"<alias path="wide" verbs="list" fields="Wall" by="t"/>"#,
            ),
            (
                WALL,
                r#"<alias path="halls/{R}/shelves" verbs="read" fields="Wide" by="t"/>"#,
            ),
        ],
        &expect![[r#"
            <alias path="shelves" verbs="list" by="t"/>
            <alias path="shelves" verbs="list read" by="t"/>
            6:1: the path lacks R, expected all fields of rooms/{R}/shelves, or Letter to be unique by itself
            <alias path="shelves" verbs="update" by="t"/>
            6:1: the path lacks R, expected all fields of rooms/{R}/shelves, or Letter to be unique by itself
            <alias path="shelves" verbs="create" by="t"/>
            6:1: the path lacks R, expected it for a create, or the access of R to be create
            <alias path="shelves" verbs="create delete" by="t"/>
            6:1: the path lacks R, expected all fields of rooms/{R}/shelves, or Letter to be unique by itself
            6:1: the path lacks R, expected it for a create, or the access of R to be create
            <alias path="halls/{R}/shelves" verbs="create read" by="t"/>
            <boolean name="Wide" by="t"/><alias path="wide" verbs="create" unless="Wide is true" by="t"/>
            6:30: the path lacks R, expected it for a create, or the access of R to be create
            6:30: the condition of an alias with a create gives a new record no value, expected when and one value
            <boolean name="Wide" by="t"/><alias path="wide" verbs="list" when="Wid is true" by="t"/>
            6:30: the condition is on "Wid", expected a field of Shelf
            <alias path="wide" verbs="list" fields="Wall" by="t"/>
            6:1: found the attribute fields, expected it only with the verb read
            <alias path="halls/{R}/shelves" verbs="read" fields="Wide" by="t"/>
            6:1: found "Wide", expected the name of a field of the resource
        "#]],
    );
    let sent = replaced(SHELF, WALL, wall);
    let sent = replaced(&sent, r#"access="read-only""#, r#"access="create""#);
    let unique = replaced(
        SHELF,
        WALL,
        r#"<alias path="shelves" verbs="read delete" by="t"/>"#,
    );
    let unique = replaced(
        &unique,
        r#"<text name="Letter" by="t" access="create"><required by="t"/>"#,
        r#"<text name="Letter" by="t" access="create"><required by="t"/><unique by="t"/>"#,
    );
    for accepted in [&sent, &unique] {
        assert_accepted(&[ROOM, accepted]);
    }
}

#[test]
fn an_alias_of_a_singleton_has_all_fields_of_its_path() {
    let door = |alias: &str| {
        format!(
            r#"<resource path="rooms/{{R}}/door" list="Doors" element="Door" singleton="true">
<evidence id="t" documented="test"/>
<verb name="read" by="t"/>
<alias path="{alias}" verbs="read update" by="t"/>
<text name="R" by="t" access="read-only"><required by="t"/></text>
</resource>
"#
        )
    };
    assert_accepted(&[ROOM, &door("doors/{R}")]);
    expect![[r#"
        ./1.xml:4:1: the path lacks R, expected all fields of rooms/{R}/door
    "#]]
    .assert_eq(&mistakes(&[ROOM, &door("door")]));
}

#[test]
fn a_resource_is_below_a_path_with_the_fields_of_its_parent() {
    let screw = r#"<resource path="halls/{A}/shelves/{B}/screws" list="Screws" element="Screw">
<evidence id="t" documented="test"/>
<object-id by="t"/>
<text name="A" by="t" access="read-only"><required by="t"/></text>
<text name="B" by="t" access="read-only"><required by="t"/></text>
</resource>
"#;
    let shelf = |path: &str, scope: &str| {
        let alias = format!(r#"{WALL}<alias path="{path}" verbs="list" by="t"{scope}/>"#);
        replaced(SHELF, WALL, &alias)
    };
    assert_accepted(&[ROOM, &shelf("halls/{R}/shelves", ""), screw]);
    let other = shelf("halls/{Wall}/shelves", "");
    let late = replaced(&shelf("halls/{R}/shelves", ""), "key=", "since=\"14\" key=");
    expect![[r#"
        ./2.xml:1:1: the path is below halls/{A}/shelves, expected rooms/{R}/shelves, or an alias with the same fields
        ./2.xml:1:1: the path is below halls/{A}/shelves, expected a resource with this path in all releases, or the attribute parent="optional"
    "#]].assert_eq(
        &[other, late]
            .map(|shelf| mistakes(&[ROOM, &shelf, screw]))
            .concat(),
    );
}

#[test]
fn a_singleton_below_a_record_can_be_created_with_it() {
    let door = |fields: &str| {
        format!(
            r#"<resource path="rooms/{{R}}/door" list="Doors" element="Door" singleton="true">
<evidence id="t" documented="test"/>
<verb name="read" by="t"/>
<object-id by="t"/>
<text name="R" by="t" access="read-only"><required by="t"/></text>
{fields}
</resource>
"#
        )
    };
    let is_open = r#"<boolean name="IsOpen" by="t"><default value="true" by="t"/></boolean>"#;
    let fields = [
        r#"<text name="Wall" by="t"><required by="t"/></text>"#.to_owned(),
        r#"<text name="Wall" by="t" access="secret"><required by="t"/><default value="a" by="t" since="12.5"/></text>"#.to_owned(),
        format!(r#"{is_open}<text name="Wall" by="t"><required by="t" when="IsOpen is true"/></text>"#),
        format!(r#"{is_open}<text name="Wall" by="t"><required by="t" unless="IsOpen is true"/></text>"#),
        r#"<text name="Wall" by="t" access="secret"><required by="t"/><default value="a" by="t"/></text>"#.to_owned(),
    ];
    let found = fields.map(|fields| mistakes(&[ROOM, &door(&fields)]));
    expect![[r#"
        ./1.xml:6:26: Wall is required, expected a default: a singleton is created without a request
        ./1.xml:6:42: Wall is required, expected a default: a singleton is created without a request
        ./1.xml:6:96: Wall is required, expected a default: a singleton is created without a request
    "#]]
    .assert_eq(&found.concat());
    let top = r#"<resource path="door" list="Doors" element="Door" singleton="true">
  <text name="Wall" inferred="t"><required inferred="t"/></text>
</resource>"#;
    expect![[r#"
        ./0.xml:2:34: Wall is required, expected a default: a singleton is created without a request
    "#]]
    .assert_eq(&mistakes(&[top]));
}

#[test]
fn a_reference_that_is_cleared_may_be_empty() {
    let wall = |rules: &str| {
        format!(
            r#"<text name="Wall" by="t"><references resource="rooms" on-delete="clear" by="t"/>{rules}</text>"#
        )
    };
    let [always, sometimes, within] = [
        wall(r#"<required by="t"/>"#),
        format!(
            r#"<boolean name="A" by="t"/>{}"#,
            wall(r#"<required by="t" when="A is true"/>"#)
        ),
        format!(
            r#"{}<text name="A" by="t"><unique within="Wall" by="t"/></text>"#,
            wall("")
        ),
    ];
    assert_accepted(&[ROOM, &replaced(SHELF, WALL, &wall(""))]);
    assert_mistakes(
        &[(WALL, &always), (WALL, &sometimes), (WALL, &within)],
        &expect![[r#"
            <text name="Wall" by="t"><references resource="rooms" on-delete="clear" by="t"/><required by="t"/></text>
            6:26: Wall is required, expected on-delete to be refuse or cascade
            <boolean name="A" by="t"/><text name="Wall" by="t"><references resource="rooms" on-delete="clear" by="t"/><required by="t" when="A is true"/></text>
            6:52: Wall is required, expected on-delete to be refuse or cascade
            <text name="Wall" by="t"><references resource="rooms" on-delete="clear" by="t"/></text><text name="A" by="t"><unique within="Wall" by="t"/></text>
            6:26: A is unique within Wall, expected on-delete to be refuse or cascade
        "#]],
    );
}

#[test]
fn a_record_is_found_by_a_value_that_is_shown_and_its_own() {
    assert_mistakes(
        &[
            (
                WALL,
                r#"<text name="Wall" by="t"><references resource="rooms" field="Pin" on-delete="refuse" by="t"/></text>"#,
            ),
            (
                WALL,
                r#"<derived name="Wall" through="R" field="Pin" by="t"/>"#,
            ),
            (
                WALL,
                r#"<template resource="rooms" parameter="room" field="Pin" by="t"/>"#,
            ),
            (
                WALL,
                r#"<derived name="Name" through="R" field="Name" by="t"/><text name="Wall" by="t"><unique within="Name" by="t"/></text>"#,
            ),
            (
                WALL,
                r#"<link name="Link" ending="/a" by="t"/><text name="Wall" by="t"><unique within="Link" by="t"/></text>"#,
            ),
        ],
        &expect![[r#"
            <text name="Wall" by="t"><references resource="rooms" field="Pin" on-delete="refuse" by="t"/></text>
            6:26: the field is "Pin", expected a field of rooms that is shown
            <derived name="Wall" through="R" field="Pin" by="t"/>
            6:1: the field is "Pin", expected a field of rooms that is shown, and no link
            <template resource="rooms" parameter="room" field="Pin" by="t"/>
            6:1: the field is "Pin", expected a field of rooms that is shown
            <derived name="Name" through="R" field="Name" by="t"/><text name="Wall" by="t"><unique within="Name" by="t"/></text>
            6:80: Wall is unique within Name, which is computed; expected a field with a value of its own
            <link name="Link" ending="/a" by="t"/><text name="Wall" by="t"><unique within="Link" by="t"/></text>
            6:64: Wall is unique within Link, which is computed; expected a field with a value of its own
        "#]],
    );
}

#[test]
fn a_key_refers_to_a_value_that_never_changes() {
    let reference = |field: &str| {
        format!(r#"<references resource="rooms" field="{field}" on-delete="cascade" by="t"/>"#)
    };
    let letter = r#"<text name="Letter" by="t" access="create"><required by="t"/></text>"#;
    let key = |field: &str| letter.replace("</text>", &format!("{}</text>", reference(field)));
    let path = r#"<text name="R" by="t" access="read-only"><required by="t"/></text>"#;
    let path = path.replace("</text>", &format!("{}</text>", reference("Name")));
    let wall = format!(r#"<text name="Wall" by="t">{}</text>"#, reference("Name"));
    for accepted in [(letter, key("Number")), (letter, key("Code")), (WALL, wall)] {
        assert_accepted(&[ROOM, &replaced(SHELF, accepted.0, &accepted.1)]);
    }
    assert_mistakes(
        &[
            (letter, &key("Name")),
            (
                r#"<text name="R" by="t" access="read-only"><required by="t"/></text>"#,
                &path,
            ),
        ],
        &expect![[r#"
            <text name="Letter" by="t" access="create"><required by="t"/><references resource="rooms" field="Name" on-delete="cascade" by="t"/></text>
            5:62: Letter identifies a record and refers to Name of rooms, expected a field that never changes
            <text name="R" by="t" access="read-only"><required by="t"/><references resource="rooms" field="Name" on-delete="cascade" by="t"/></text>
            4:60: R identifies a record and refers to Name of rooms, expected a field that never changes
        "#]],
    );
}

#[test]
fn a_reference_is_to_a_value_that_follows_no_other_record() {
    let card = |access: &str, field: &str, on_delete: &str| {
        format!(
            r#"<resource path="cards" list="Cards" element="Card">
<evidence id="t" documented="test"/>
<object-id by="t"/>
<text name="Room" by="t" access="{access}"><unique by="t"/>
<references resource="rooms" field="{field}" on-delete="{on_delete}" by="t"/></text>
</resource>
"#
        )
    };
    let wall = r#"<text name="Wall" by="t"><references resource="cards" field="Room" on-delete="refuse" by="t"/></text>"#;
    let shelf = replaced(SHELF, WALL, wall);
    let found = [
        ("create", "Number", "cascade"),
        ("read-write", "Number", "cascade"),
        ("create", "Name", "cascade"),
        ("create", "Number", "clear"),
    ]
    .map(|(access, field, on_delete)| {
        let found = mistakes(&[ROOM, &card(access, field, on_delete), &shelf]);
        format!("{access} {field} {on_delete}\n{found}")
    });
    expect![[r#"
        create Number cascade
        read-write Number cascade
        ./2.xml:6:26: Wall refers to Room of cards, which follows another record; expected a field with a value of its own
        create Name cascade
        ./2.xml:6:26: Wall refers to Room of cards, which follows another record; expected a field with a value of its own
        create Number clear
        ./2.xml:6:26: Wall refers to Room of cards, which follows another record; expected a field with a value of its own
    "#]].assert_eq(&found.concat());
}

#[test]
fn two_defaults_do_not_clear_each_other() {
    let fields = |one: &str, other: &str| {
        format!(
            r#"<boolean name="IsOpen" by="t"/>
<text name="Owner" by="t"><clears field="Renter" by="t"/>{one}</text>
<text name="Renter" by="t"><clears field="Owner" by="t"/>{other}</text>"#
        )
    };
    let [value, open, closed, late, empty] = [
        r#"<default value="a" by="t"/>"#,
        r#"<default value="a" by="t" when="IsOpen is true"/>"#,
        r#"<default value="a" by="t" unless="IsOpen is true"/>"#,
        r#"<default value="a" by="t" since="14"/>"#,
        r#"<default value="" by="t"/>"#,
    ];
    for accepted in [
        fields(value, ""),
        fields(open, closed),
        fields(value, empty),
    ] {
        assert_accepted(&[ROOM, &replaced(SHELF, WALL, &accepted)]);
    }
    let [always, some] = [fields(value, late), fields(open, value)];
    let one_way = always.replace(r#"<clears field="Owner" by="t"/>"#, "");
    assert_mistakes(
        &[(WALL, &always), (WALL, &some), (WALL, &one_way)],
        &expect![[r#"
            <boolean name="IsOpen" by="t"/>
            <text name="Owner" by="t"><clears field="Renter" by="t"/><default value="a" by="t"/></text>
            <text name="Renter" by="t"><clears field="Owner" by="t"/><default value="a" by="t" since="14"/></text>
            7:27: Owner and Renter have defaults for the same records, expected one
            <boolean name="IsOpen" by="t"/>
            <text name="Owner" by="t"><clears field="Renter" by="t"/><default value="a" by="t" when="IsOpen is true"/></text>
            <text name="Renter" by="t"><clears field="Owner" by="t"/><default value="a" by="t"/></text>
            7:27: Owner and Renter have defaults for the same records, expected one
            <boolean name="IsOpen" by="t"/>
            <text name="Owner" by="t"><clears field="Renter" by="t"/><default value="a" by="t"/></text>
            <text name="Renter" by="t"><default value="a" by="t" since="14"/></text>
            7:27: Owner and Renter have defaults for the same records, expected one
        "#]],
    );
}

#[test]
fn the_field_of_an_order_takes_every_place() {
    let order = |rule: &str| {
        format!(
            r#"<order field="Place" by="t"/><integer name="Place" by="t" access="read-only">{rule}</integer>"#
        )
    };
    let [range, choices, default] = [
        r#"<range min="0" max="9" by="t"/>"#,
        r#"<choices values="0 1" by="t"/>"#,
        r#"<default value="0" by="t"/>"#,
    ]
    .map(order);
    assert_accepted(&[ROOM, &replaced(SHELF, WALL, &order(""))]);
    assert_mistakes(
        &[(WALL, &range), (WALL, &choices), (WALL, &default)],
        &expect![[r#"
            <order field="Place" by="t"/><integer name="Place" by="t" access="read-only"><range min="0" max="9" by="t"/></integer>
            6:78: the order is in Place, expected no <range>
            <order field="Place" by="t"/><integer name="Place" by="t" access="read-only"><choices values="0 1" by="t"/></integer>
            6:78: the order is in Place, expected no <choices>
            <order field="Place" by="t"/><integer name="Place" by="t" access="read-only"><default value="0" by="t"/></integer>
            6:78: the order is in Place, expected no <default>
        "#]],
    );
}
