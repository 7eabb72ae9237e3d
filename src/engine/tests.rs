//! The engine with an invented pair of resources: shelves and their books.

use std::sync::Arc;

use expect_test::{Expect, expect};

use super::{
    Clock, DocumentText, Element, Error, Format, RandomStream, Records, Root, Target, crud, load,
    query::Query,
};
use crate::{
    engine::description::testing::catalogue,
    schema::{Catalogue, Release, Resource},
    store::{Identity, Store},
};

const SHELF: &str = r#"<resource path="shelves" list="Shelves" element="Shelf">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <text name="Room" by="test"><required by="test"/></text>
</resource>"#;

const BOOK: &str = r#"<resource path="books" list="Books" element="Book">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <guid name="ShelfObjectId" by="test"><references resource="shelves" on-delete="cascade" by="test"/></guid>
    <text name="Title" by="test">
        <required by="test"/>
        <unique by="test"/>
        <max-length characters="10" inferred="test"/>
    </text>
    <integer name="Kind" by="test">
        <default value="1" by="test"/>
        <choices values="1 2" by="test"/>
    </integer>
    <text name="Narrator" by="test" since="11.5"><required by="test" when="Kind is 2"/></text>
    <text name="Key" by="test" access="secret"/>
</resource>"#;

const SHELF_ID: &str = "00000000-0000-4000-8000-000000000001";

fn library(release: Release) -> Records {
    let document = format!(
        "<Shelves><Shelf><ObjectId>{SHELF_ID}</ObjectId><Room>Attic</Room></Shelf></Shelves>"
    );
    let fixture = load::Fixture::new("shelves.xml", document.into_bytes());
    records_of(store(release, fixture))
}

#[track_caller]
fn store(release: Release, fixture: load::Fixture) -> Store {
    let fixtures = [fixture];
    let catalogue = catalogue(release, &[SHELF, BOOK]);
    let set = load::FixtureSet::new(&catalogue, &fixtures);
    set.load(&load::Progress::default()).expect("it is valid")
}

#[test]
fn the_progress_of_loading_a_fixture_reaches_its_total() {
    let shelf = |number| {
        format!(
            "<Shelf><ObjectId>{number:08}-0000-4000-8000-000000000001</ObjectId><Room>A</Room></Shelf>"
        )
    };
    let shelves: String = (0..100).map(shelf).collect();
    let document = format!("<Shelves>{shelves}</Shelves>").into_bytes();
    let fixture = load::Fixture::new("shelves.xml", document);
    let progress = load::Progress::default();
    let fixtures = [fixture];
    let catalogue = catalogue(Release::V10_5, &[SHELF, BOOK]);
    let set = load::FixtureSet::new(&catalogue, &fixtures);
    set.load(&progress).expect("it is valid");
    let (done, total) = progress.get();
    let objects = 2 * shelves.len() as u64;
    assert_eq!(
        (done, total),
        (objects, objects + 2 * "<Shelves></Shelves>".len() as u64)
    );
}

fn records_of(store: Store) -> Records {
    let ids = RandomStream::new(1, "default", "ids");
    Records::new(Clock::default(), store.into(), ids)
}

fn shelves(records: &Records) -> &Resource {
    records.catalogue.resource("shelves").expect("a resource")
}

fn books(records: &Records) -> &Resource {
    records.catalogue.resource("books").expect("a resource")
}

fn book<'a>(elements: &[(&'a str, &'a str)]) -> Vec<Element<'a>> {
    let element = |&(name, value): &(&'a str, &'a str)| Element {
        name: name.into(),
        value: Some(value.into()),
        at: 0,
    };
    elements.iter().map(element).collect()
}

fn create(records: &Records, elements: &[(&str, &str)]) -> Result<String, Error> {
    crud::create(
        records,
        &Target::collection(books(records)),
        &book(elements),
        "",
    )
}

#[track_caller]
fn assert_error<T: std::fmt::Debug>(result: Result<T, Error>, expected: &Expect) {
    let error = result.expect_err("an error");
    expected.assert_eq(&error.message);
}

fn list(records: &Records, parameters: &str) -> String {
    let query = Query::parse(books(records), parameters).expect("a valid query");
    let page = crud::list(records, &Target::collection(books(records)), query).into_page();
    let document = Format::Xml.list(&page);
    String::from_utf8(document.into_bytes()).expect("UTF-8")
}

#[test]
fn a_record_is_created_read_updated_and_deleted() {
    let records = library(Release::V10_5);
    let path = create(&records, &[("Title", "A & B"), ("Key", "k")]).expect("it is valid");
    let id = path.strip_prefix("/vmrest/books/").expect("its path");
    let read = |id| {
        let target = Target::record(books(&records), id);
        crud::read(&records, &target, Format::Xml)
    };
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Book><URI>{path}</URI><ObjectId>{id}</ObjectId><Title>A &amp; B</Title><Kind>1</Kind><Key/></Book>"#
    );
    assert_eq!(read(id).expect("it is there"), expected);
    crud::update(
        &records,
        &Target::record(books(&records), id),
        &book(&[("Kind", "2"), ("Title", "C")]),
    )
    .expect("it is valid");
    let expected = expected
        .replace("A &amp; B", "C")
        .replace("<Kind>1", "<Kind>2");
    assert_eq!(read(id).expect("it is there"), expected);
    crud::delete(&records, &Target::record(books(&records), id)).expect("it is there");
    assert!(read(id).is_err());
}

#[test]
fn an_error_names_the_first_field_in_the_order_of_the_schema_and_changes_nothing() {
    let records = library(Release::V11_5);
    create(&records, &[("Title", "Taken")]).expect("it is valid");
    let before = list(&records, "");
    assert_error(
        create(&records, &[("Kind", "3")]),
        &expect![
            "Invalid parameter. Parameter = [Title], Value = []: expected a value, it is mandatory"
        ],
    );
    assert_error(
        create(&records, &[("Title", "TAKEN"), ("Kind", "x")]),
        &expect![
            "Invalid parameter. Parameter = [Title], Value = [TAKEN]: expected a value that no other Book has"
        ],
    );
    assert_error(
        create(&records, &[("Title", "Free"), ("Kind", "x")]),
        &expect!["Invalid parameter. Parameter = [Kind], Value = [x]: expected 1 or 2"],
    );
    assert_error(
        create(&records, &[("Title", "Free"), ("Kind", "2")]),
        &expect![
            "Invalid parameter. Parameter = [Narrator], Value = []: expected a value, it is mandatory when Kind is 2"
        ],
    );
    assert_error(
        create(&records, &[("Title", "far too long")]),
        &expect![
            "Invalid parameter. Parameter = [Title], Value = [far too long]: expected at most 10 characters"
        ],
    );
    assert_error(
        create(&records, &[("ShelfObjectId", "x"), ("Title", "a")]),
        &expect![
            "Invalid parameter. Parameter = [ShelfObjectId], Value = [x]: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78"
        ],
    );
    let nowhere = "00000000-0000-4000-8000-00000000000f";
    assert_error(
        create(&records, &[("ShelfObjectId", nowhere), ("Title", "a")]),
        &expect![
            "Invalid parameter. Parameter = [ShelfObjectId], Value = [00000000-0000-4000-8000-00000000000f]: expected the ObjectId of a Shelf"
        ],
    );
    assert_eq!(list(&records, ""), before);
}

#[test]
fn a_field_exists_only_in_its_releases() {
    let elements = [("Title", "Heard"), ("Kind", "2"), ("Narrator", "N")];
    let narrated = |release| {
        let records = library(release);
        create(&records, &elements).expect("it is valid");
        list(&records, "").contains("<Narrator>")
    };
    assert!(!narrated(Release::V10_5));
    assert!(narrated(Release::V11_5));
}

#[test]
fn an_owned_record_is_found_by_its_owner_and_deleted_with_it() {
    let records = library(Release::V10_5);
    let on_the_shelf = [("ShelfObjectId", SHELF_ID), ("Title", "On")];
    create(&records, &on_the_shelf).expect("it is valid");
    create(&records, &[("Title", "Off")]).expect("it is valid");
    let by_shelf = format!("query=(ShelfObjectId is {SHELF_ID})");
    assert!(list(&records, &by_shelf).starts_with(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Books total="1">"#
    ));
    crud::delete(&records, &Target::record(shelves(&records), SHELF_ID)).expect("it is there");
    assert!(list(&records, &by_shelf).ends_with(r#"<Books total="0"/>"#));
    assert!(list(&records, "").contains(r#"total="1""#));
}

#[test]
fn a_cancelled_load_fails_wherever_it_is() {
    let documents = [
        "<Shelves><Shelf><ObjectId>x</ObjectId></Shelf></Shelves>",
        "<Cats><Cat/></Cats>",
        "<UnityConnection><Shelves/></UnityConnection>",
    ];
    for document in documents {
        let fixtures = [load::Fixture::new("a.xml", document.as_bytes())];
        let progress = load::Progress::default();
        progress.cancel();
        let catalogue = catalogue(Release::V10_5, &[SHELF, BOOK]);
        let set = load::FixtureSet::new(&catalogue, &fixtures);
        let diagnostics = set.load(&progress).expect_err("it is cancelled");
        let found = diagnostics.to_string();
        assert!(found.ends_with(" loading was cancelled here"), "{found}");
    }
}

#[test]
fn an_id_that_is_taken_is_skipped() {
    let first = create(&library(Release::V10_5), &[("Title", "a")]).expect("it is valid");
    let id = first.strip_prefix("/vmrest/books/").expect("its path");
    let document = format!("<Books><Book><ObjectId>{id}</ObjectId><Title>b</Title></Book></Books>");
    let fixture = load::Fixture::new("books.xml", document.into_bytes());
    let records = records_of(store(Release::V10_5, fixture));
    let path = create(&records, &[("Title", "a")]).expect("it is valid");
    assert_ne!(path, first);
}

#[test]
fn a_store_that_is_being_read_does_not_change() {
    let records = library(Release::V10_5);
    let read = records.read();
    let unread = Arc::as_ptr(&read);
    crud::delete(&records, &Target::record(shelves(&records), SHELF_ID)).expect("it is there");
    assert!(
        read.collection(shelves(&records).id)
            .find(&Identity::new(shelves(&records), &[], Some(SHELF_ID)))
            .is_some()
    );
    assert!(
        records
            .read()
            .collection(shelves(&records).id)
            .find(&Identity::new(shelves(&records), &[], Some(SHELF_ID)))
            .is_none()
    );
    assert_ne!(Arc::as_ptr(&records.read()), unread);
}

#[test]
fn a_create_that_fails_draws_no_id() {
    let (records, others) = (library(Release::V10_5), library(Release::V10_5));
    create(&records, &[]).expect_err("it needs a title");
    let path = create(&records, &[("Title", "a")]).expect("it is valid");
    let other = create(&others, &[("Title", "a")]).expect("it is valid");
    assert_eq!(other, path);
}

/// Returns a text of pieces that are difficult for the formats, a different one for each ordinal.
fn awkward(texts: &RandomStream, ordinal: u64) -> String {
    const PIECES: &[&str] = &[
        "a",
        " ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "]]>",
        "&amp;",
        "&#38;",
        "\\",
        "/",
        "{",
        "}",
        "[",
        ",",
        ":",
        "\\u0041",
        "null",
        "true",
        "-0",
        "1e5",
        "é",
        "e\u{301}",
        "漢",
        "\u{1F4DE}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{fffd}",
        "\u{10ffff}",
        "<!--",
        "?>",
        "İ",
    ];
    let draw = texts.draw(ordinal);
    let [count, pieces @ ..] = draw;
    let pieces = pieces.iter().take(usize::from(count) % draw.len());
    pieces
        .map(|piece| PIECES[usize::from(*piece) % PIECES.len()])
        .collect()
}

#[test]
fn any_record_is_the_same_after_a_round_trip_through_xml_and_json() {
    let records = library(Release::V10_5);
    let texts = RandomStream::new(1, "test", "texts");
    let written = |format: Format| {
        let target = Target::record(shelves(&records), SHELF_ID);
        crud::read(&records, &target, format).expect("it is there")
    };
    let take = |format: Format, document: &[u8]| {
        let text = DocumentText::new(document, None);
        let root = Root::of(shelves(&records), &records.catalogue);
        let elements = format.read_object(&text, root).expect("it was written");
        crud::update(
            &records,
            &Target::record(shelves(&records), SHELF_ID),
            &elements,
        )
    };
    for ordinal in 0..5_000 {
        let text = format!("x{}", awkward(&texts, ordinal));
        crud::update(
            &records,
            &Target::record(shelves(&records), SHELF_ID),
            &book(&[("Room", &text)]),
        )
        .expect("it is valid");
        let (xml, json) = (written(Format::Xml), written(Format::Json));
        for (format, document) in [(Format::Json, &json), (Format::Xml, &xml)] {
            crud::update(
                &records,
                &Target::record(shelves(&records), SHELF_ID),
                &book(&[("Room", "other")]),
            )
            .expect("it is valid");
            take(format, document).expect("it is valid");
            assert_eq!(written(Format::Xml), xml, "{text:?} through {format:?}");
            assert_eq!(written(Format::Json), json, "{text:?} through {format:?}");
        }
        let store = records.read();
        let record = store.collection(shelves(&records).id).find(&Identity::new(
            shelves(&records),
            &[],
            Some(SHELF_ID),
        ));
        let (_, record) = record.expect("it is there");
        assert_eq!(record.values.get(2), Some(text.as_str()));
    }
}

/// Returns the elements of a document about a shelf, with and without knowing that it is one.
fn read_twice<'d>(
    catalogue: &Catalogue,
    format: Format,
    document: &'d str,
) -> Option<[Vec<Element<'d>>; 2]> {
    let text = DocumentText::new(document.as_bytes(), None);
    let shelf = &catalogue.resources()[0];
    let as_shelf = format.read_object(&text, Root::of(shelf, catalogue));
    let as_any = format.read_object(&text, Root::any(catalogue));
    Some([as_shelf.ok()?, as_any.expect("it was read before")])
}

#[test]
fn json_is_read_alike_whether_its_kind_is_known_or_not() {
    const NAMES: &[&str] = &[
        "Room", " Room", "Foo", "Shelf", "shelf ", "Shelves", "@a", "$",
    ];
    const VALUES: &[&str] = &[
        "\"a\"",
        "1.0",
        "null",
        "[]",
        "[null]",
        "[\"b\",\"c\"]",
        "[[\"d\"]]",
        "{}",
        "{\"$\":\"e\"}",
        "{\"@a\":\"f\"}",
        "{\"Room\":\"g\"}",
        "[{\"$\":2},{\"Room\":\"h\",\"$\":\"i\"}]",
        "{\"Foo\":{\"Room\":\"j\"}}",
    ];
    let members: Vec<String> = NAMES
        .iter()
        .flat_map(|name| {
            VALUES
                .iter()
                .map(move |value| format!("\"{name}\":{value}"))
        })
        .collect();
    let catalogue = catalogue(Release::V10_5, &[SHELF]);
    let mut read = 0;
    for first in &members {
        for second in &members {
            for document in [format!("{{{first}}}"), format!("{{{first},{second}}}")] {
                let Some([as_shelf, as_any]) = read_twice(&catalogue, Format::Json, &document)
                else {
                    continue;
                };
                read += 1;
                assert_eq!(as_any, as_shelf, "{document}");
            }
        }
    }
    assert!(read > 15_000, "{read} documents were read");
}

#[test]
fn xml_is_read_alike_whether_its_kind_is_known_or_not() {
    const ROOTS: &[&str] = &["Shelf", "shelf", "Shelves", "Foo", "Shelf xmlns=''"];
    const CHILDREN: &[&str] = &[
        "<Room>a</Room>",
        "<Room >b</Room >",
        "<Room xmlns='http://x'>c</Room>",
        "<Room><Room>d</Room></Room>",
        "<Shelf/>",
        "<Shelf><Room>e</Room>f</Shelf>",
        "<shelf x='1'><Room/><Shelf>g</Shelf></shelf>",
        "<Foo><Shelf>h</Shelf></Foo>",
        "i\u{a0}",
    ];
    let catalogue = catalogue(Release::V10_5, &[SHELF]);
    for root in ROOTS {
        let name = root.split(' ').next().unwrap_or_default();
        for first in CHILDREN {
            for second in CHILDREN {
                let document = format!("<{root}>{first}{second}</{name}>");
                let read = read_twice(&catalogue, Format::Xml, &document);
                let [as_shelf, as_any] = read.expect("it is well-formed");
                assert_eq!(as_any, as_shelf, "{document}");
            }
        }
    }
}
