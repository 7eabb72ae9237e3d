//! The rules of an invented resource: parcels with a kind that decides which fields are mandatory.

use expect_test::{Expect, expect};

use crate::{
    engine::{
        Clock, Element, RandomStream, Records, Target, crud, description::testing::catalogue, load,
    },
    schema::{Release, Resource},
    store::Store,
};

const DEPOT: &str = r#"<resource path="depots" list="Depots" element="Depot">
    <uri documented="test"/>
    <object-id documented="test"/>
</resource>"#;

const PARCEL: &str = r#"<resource path="parcels" list="Parcels" element="Parcel">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <guid name="DepotObjectId" by="test"><references resource="depots" on-delete="cascade" by="test"/></guid>
    <text name="Name" by="test">
        <required by="test"/>
        <unique by="test"/>
        <max-length characters="4" by="test"/>
    </text>
    <integer name="Kind" by="test">
        <default value="1" by="test"/>
        <choices values="1 2 3" by="test"/>
    </integer>
    <integer name="Size" by="test">
        <choices values="5" by="test" when="Kind is 1"/>
        <choices values="5 6" by="test" unless="Kind is 1"/>
    </integer>
    <text name="Code" by="test" access="secret">
        <max-length characters="20" by="test"/>
        <required by="test" when="Kind is 2"/>
    </text>
    <text name="Note" by="test"><required by="test" unless="Kind is 1 2"/></text>
    <integer name="Weight" by="test"/>
</resource>"#;

const FIRST: &str = "00000000-0000-4000-8000-000000000001";
const SECOND: &str = "00000000-0000-4000-8000-000000000002";

/// Loads parcels. Returns the store, or all diagnostics.
fn load(parcels: &str) -> Result<Store, String> {
    let document = format!("<Parcels>{parcels}</Parcels>");
    let fixture = load::Fixture::new("parcels.xml", document.into_bytes());
    let fixtures = [fixture];
    let catalogue = catalogue(Release::V10_5, &[DEPOT, PARCEL]);
    let set = load::FixtureSet::new(&catalogue, &fixtures);
    set.load(&load::Progress::default())
        .map_err(|diagnostics| format!("{diagnostics}\n"))
}

fn parcel(id: &str, fields: &str) -> String {
    format!("<Parcel><ObjectId>{id}</ObjectId>{fields}</Parcel>")
}

#[track_caller]
fn records(parcels: &str) -> Records {
    let store = load(parcels).expect("valid parcels");
    let ids = RandomStream::new(1, "default", "ids");
    Records::new(Clock::default(), store.into(), ids)
}

fn elements<'a>(fields: &[(&'a str, &'a str)]) -> Vec<Element<'a>> {
    let element = |&(name, value): &(&'a str, &'a str)| Element {
        name: name.into(),
        value: Some(value.into()),
        at: 0,
    };
    fields.iter().map(element).collect()
}

fn parcels(records: &Records) -> &Resource {
    records.catalogue.resource("parcels").expect("a resource")
}

/// Creates a parcel. Returns "accepted" or the message of the rejection.
fn create(records: &Records, fields: &[(&str, &str)]) -> String {
    message(
        crud::create(
            records,
            &Target::collection(parcels(records)),
            &elements(fields),
            "",
        )
        .map(drop),
    )
}

/// Updates a parcel. Returns "accepted" or the message of the rejection.
fn update(records: &Records, id: &str, fields: &[(&str, &str)]) -> String {
    message(crud::update(
        records,
        &Target::record(parcels(records), id),
        &elements(fields),
    ))
}

fn message(result: Result<(), crate::engine::Error>) -> String {
    let Err(error) = result else {
        return "accepted".to_owned();
    };
    error.message.replace("Invalid parameter. Parameter = ", "")
}

#[track_caller]
fn assert_mistakes(parcels: &str, expected: &Expect) {
    expected.assert_eq(&load(parcels).expect_err("diagnostics"));
}

#[test]
fn a_rejected_secret_is_not_quoted() {
    let secret = "hunter2".repeat(3);
    assert_eq!(
        create(&records(""), &[("Name", "a"), ("Code", &secret)]),
        "[Code], Value = [redacted]: expected at most 20 characters"
    );
    let fields = format!("<Name>a</Name><Code>{secret}</Code>");
    assert_mistakes(
        &parcel(FIRST, &fields),
        &expect![[r#"
            parcels.xml:1:89: Code is invalid, expected at most 20 characters
        "#]],
    );
}

#[test]
fn a_length_is_counted_in_characters() {
    let records = records("");
    for name in ["abcd", "üüüü", "abc", "😀😀😀😀"] {
        assert_eq!(create(&records, &[("Name", name)]), "accepted", "{name}");
    }
    for name in ["abcde", "üüüüü", "abcdef"] {
        let expected = format!("[Name], Value = [{name}]: expected at most 4 characters");
        assert_eq!(create(&records, &[("Name", name)]), expected);
    }
}

#[test]
fn a_name_is_unique_but_a_record_can_keep_its_own() {
    let first = parcel(FIRST, "<Name>a</Name><Kind>1</Kind>");
    let records = records(&(first + &parcel(SECOND, "<Name>b</Name><Kind>1</Kind>")));
    assert_eq!(update(&records, FIRST, &[("Name", "A")]), "accepted");
    let expected = "[Name], Value = [B]: expected a value that no other Parcel has";
    assert_eq!(update(&records, FIRST, &[("Name", "B")]), expected);
    assert_eq!(create(&records, &[("Name", "B")]), expected);
    assert_eq!(update(&records, SECOND, &[("Name", "c")]), "accepted");
    assert_eq!(create(&records, &[("Name", "B")]), "accepted");
}

#[test]
fn the_choices_of_the_kind_apply_to_readable_and_unreadable_values() {
    let records = records("");
    let create = |name, kind, size| {
        let note = ("Note", "n");
        create(
            &records,
            &[
                ("Name", name),
                ("Kind", kind),
                ("Size", size),
                ("Code", "c"),
                note,
            ],
        )
    };
    assert_eq!(create("a", "1", "5"), "accepted");
    assert_eq!(create("b", "3", "6"), "accepted");
    expect!["[Size], Value = [6]: expected 5 when Kind is 1"].assert_eq(&create("c", "1", "6"));
    expect!["[Size], Value = [x]: expected 5 when Kind is 1"].assert_eq(&create("c", "1", "x"));
    expect!["[Size], Value = [7]: expected 5 or 6 unless Kind is 1"]
        .assert_eq(&create("c", "3", "7"));
    expect!["[Size], Value = [x]: expected 5 or 6 unless Kind is 1"]
        .assert_eq(&create("c", "2", "x"));
    expect!["[Kind], Value = [4]: expected 1, 2 or 3"].assert_eq(&create("c", "4", "5"));
}

#[test]
fn an_unreadable_value_without_choices_is_rejected_with_its_kind() {
    let records = records("");
    expect!["[Weight], Value = [x]: expected a whole number"]
        .assert_eq(&create(&records, &[("Name", "a"), ("Weight", "x")]));
}

#[test]
fn a_mandatory_field_must_be_present_and_not_empty() {
    let records = records("");
    let missing = "[Name], Value = []: expected a value, it is mandatory";
    assert_eq!(create(&records, &[]), missing);
    assert_eq!(create(&records, &[("Name", "")]), missing);
    assert_eq!(create(&records, &[("Name", "a")]), "accepted");
    let of_kind = |kind, fields: &[(&'static str, &'static str)]| {
        create(
            &records,
            &[&[("Name", "b"), ("Kind", kind)], fields].concat(),
        )
    };
    let code = "[Code], Value = []: expected a value, it is mandatory when Kind is 2";
    assert_eq!(of_kind("2", &[]), code);
    assert_eq!(of_kind("2", &[("Code", "")]), code);
    let note = "[Note], Value = []: expected a value, it is mandatory unless Kind is 1 or 2";
    assert_eq!(of_kind("3", &[]), note);
    assert_eq!(of_kind("3", &[("Note", "")]), note);
    assert_eq!(of_kind("3", &[("Note", "n")]), "accepted");
}

#[test]
fn an_update_can_empty_a_secret_only_if_it_was_mandatory_before() {
    let secret = parcel(FIRST, "<Name>a</Name><Kind>2</Kind><Code>c</Code>");
    let plain = parcel(SECOND, "<Name>b</Name><Kind>1</Kind>");
    let records = records(&(secret + &plain));
    assert_eq!(update(&records, FIRST, &[("Code", "")]), "accepted");
    assert_eq!(update(&records, FIRST, &[("Weight", "1")]), "accepted");
    let name = "[Name], Value = []: expected a value, it is mandatory";
    assert_eq!(update(&records, FIRST, &[("Name", "")]), name);
    let code = "[Code], Value = []: expected a value, it is mandatory when Kind is 2";
    assert_eq!(update(&records, SECOND, &[("Kind", "2")]), code);
    assert_eq!(update(&records, SECOND, &[("Code", "")]), "accepted");
    assert_eq!(update(&records, SECOND, &[("Kind", "2")]), code);
    let both = [("Kind", "2"), ("Code", "c")];
    assert_eq!(update(&records, SECOND, &both), "accepted");
}

#[test]
fn a_fixture_can_omit_the_content_of_a_secret_but_nothing_else() {
    let empty_secret = parcel(FIRST, "<Name>a</Name><Kind>2</Kind><Code/>");
    assert!(load(&empty_secret).is_ok());
    assert_mistakes(
        &parcel(FIRST, "<Name/>"),
        &expect![[r#"
            parcels.xml:1:75: Name is "", expected a value, it is mandatory
        "#]],
    );
    assert_mistakes(
        &parcel(FIRST, "<Name>a</Name><Kind>2</Kind>"),
        &expect![[r#"
        parcels.xml:1:10: Code is missing, expected a value, it is mandatory when Kind is 2
    "#]],
    );
    assert_mistakes(
        "<Parcel><Name>a</Name></Parcel>",
        &expect![[r#"
            parcels.xml:1:10: ObjectId is missing, expected a value, it is mandatory
        "#]],
    );
}

#[test]
fn all_invalid_fields_are_reported_once() {
    let fields = format!(
        "<Weight>x</Weight><Size>9</Size><Kind>3</Kind><Name>abcde</Name><DepotObjectId>{SECOND}</DepotObjectId>"
    );
    assert_mistakes(
        &parcel(FIRST, &fields),
        &expect![[r#"
        parcels.xml:1:10: Note is missing, expected a value, it is mandatory unless Kind is 1 or 2
        parcels.xml:1:75: Weight is "x", expected a whole number
        parcels.xml:1:93: Size is "9", expected 5 or 6 unless Kind is 1
        parcels.xml:1:121: Name is "abcde", expected at most 4 characters
        parcels.xml:1:139: DepotObjectId is "00000000-0000-4000-8000-000000000002", expected the ObjectId of a Depot
    "#]],
    );
}
