//! Loads the same documents on one thread and on several ones.

use std::sync::Arc;

use super::{Completion, Diagnostics, Fixture, FixtureSet, Progress, loader::Loader};
use crate::{
    engine::{
        DecodeError, Format, RandomStream, description::testing::catalogue,
        list_names::add_list_names, render::rendered, xml::XmlReader,
    },
    schema::{Catalogue, Release},
    store::{MaxRecords, Order, Parallelism, Store},
};

const SHELF: &str = r#"<resource path="shelves" list="Shelves" element="Shelf">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <text name="Room" by="test"/>
</resource>"#;

const BOOK: &str = r#"<resource path="books" list="Books" element="Book">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <guid name="ShelfObjectId" by="test"><references resource="shelves" on-delete="cascade" by="test"/></guid>
    <text name="Title" by="test">
        <required by="test"/>
        <unique by="test"/>
        <max-length characters="30" inferred="test"/>
    </text>
    <integer name="Kind" by="test">
        <default value="1" by="test"/>
        <choices values="1 2" by="test"/>
    </integer>
    <text name="Author" by="test"/>
</resource>"#;

/// Records that conflict in more ways than by one unique field.
const CARD: &str = r#"<resource path="cards" list="Cards" element="Card">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <text name="Drawer" by="test"/>
    <text name="Name" by="test"><unique within="Drawer" by="test"/></text>
</resource>"#;

/// Texts between two books: valid ones, and those with every kind of mistake.
const ODDITIES: [&str; 38] = [
    "<Book><Title>odd</Title></Book>",
    "<Book><ObjectId>00000001-0000-4000-8000-000000000000</ObjectId><Title>same id</Title></Book>",
    "<Book><Title>TITLE 2</Title></Book>",
    "<Book><Title></Title></Book>",
    "<Book/>",
    "<Book></Book >",
    "<Book><Title>&lt;/Book>&amp;&#33;</Title></Book>",
    "<Book><Title>a</Title><Title>b</Title><Kind>2</Kind></Book>",
    "<Book><Title>longer than thirty characters, which is too long</Title></Book>",
    "<Book><Title>kind</Title><Kind>3</Kind></Book>",
    "<Book><Title>text</Title><Kind>one</Kind></Book>",
    "<Book><Titel>misspelt</Titel></Book>",
    "<Book><Title>dangling</Title><ShelfObjectId>00000009-0000-4000-8000-000000000000</ShelfObjectId></Book>",
    "<Book><Title>linked</Title><URI>/vmrest/books/1</URI></Book>",
    "<Book><Title>deep</Title><Author><Book><Title>deeper</Title></Book></Author></Book>",
    "<Book><Title>lists</Title><Author><Books><Book></Book></Books></Author></Book>",
    "<Book a='</Book>'><Title>attribute</Title></Book>",
    "<Book a='1'><Title>attribute</Title></Book>",
    "<Book a='1><Title>open attribute</Title></Book>",
    "<!-- </Book> -->",
    "<!-- </Books> -->",
    "<!-- a -- b -->",
    "<?hint </Book>?>",
    "<Book><Title><![CDATA[</Book>]]></Title></Book>",
    "<Shelf/>",
    "stray",
    "\u{feff}",
    "\r\n",
    "\u{a0}é",
    "&amp;",
    "&am",
    "<Book><Title>a]]>b</Title></Book>",
    "<Book><Title>\r</Title></Book>",
    "</Book>",
    "<Book>",
    "</Books><Books>",
    "</Books>",
    "<",
];

fn resources() -> Arc<Catalogue> {
    catalogue(Release::V10_5, &[SHELF, BOOK, CARD])
}

fn parallelism(threads: usize, min_bytes: usize, min_records: usize) -> Parallelism {
    Parallelism {
        threads: Some(threads),
        min_bytes,
        min_records,
    }
}

/// Returns a document with some shelves, `count` books, and as many cards. The oddities are before the books at these places.
fn document(count: usize, oddities: &[(usize, &str)]) -> String {
    let id = |number| format!("{number:08}-0000-4000-8000-000000000000");
    let mut text = format!("<UnityConnection><Shelves><Shelf><ObjectId>{}", id(0));
    text.push_str("</ObjectId></Shelf></Shelves>\n<Books>");
    for number in 0..count {
        let odd = oddities.iter().filter(|(place, _)| *place == number);
        odd.for_each(|(_, odd)| text.push_str(odd));
        text.push_str(&format!(
            "<Book><ObjectId>{}</ObjectId><ShelfObjectId>{}</ShelfObjectId><Title>Title {number}</Title></Book>\n",
            id(number),
            id(0)
        ));
    }
    text.push_str("</Books><Cards total='9'>");
    for number in 0..count {
        let (drawer, id) = (number % 3, id(number));
        text.push_str(&format!(
            "<Card><ObjectId>{id}</ObjectId><Drawer>{drawer}</Drawer><Name>{number}</Name></Card>"
        ));
    }
    text + "</Cards></UnityConnection>"
}

type Loaded = (Result<Store, Diagnostics>, (u64, u64));

fn load(document: &str, max: usize, parallelism: Parallelism) -> Loaded {
    let fixtures = [Fixture::new("a.xml", document.as_bytes().to_vec())];
    let catalogue = resources();
    let progress = Progress::default();
    let set = FixtureSet {
        max_records: MaxRecords(max),
        parallelism,
        ..FixtureSet::new(&catalogue, &fixtures)
    };
    let loaded = set.load(&progress);
    (loaded, progress.get())
}

/// Returns all that a store shows of its records: in the order of their creation, and in that of each index.
fn shown(store: &Store) -> Vec<String> {
    let mut texts = Vec::new();
    for (resource, collection) in store.collections() {
        for (ordinal, record) in collection.numbered() {
            assert!(record.rendered[Format::Xml as usize].get().is_some());
            let text = rendered(resource, record, Format::Xml);
            texts.push(format!("{ordinal} {text} {:?}", record.values));
        }
        let fields = resource.fields.iter().enumerate();
        for (position, _) in fields.filter(|(_, field)| field.is_indexed) {
            let order = Order::By(position);
            let ordered = collection.range(order, 0..collection.len());
            texts.extend(ordered.map(|record| format!("{position} {:?}", record.values)));
            for record in collection.iter() {
                let value = record.values.get(position).unwrap_or_default();
                let holders = collection.holders(position, value);
                let holders: Vec<_> = holders.map(|(ordinal, _)| ordinal).collect();
                texts.push(format!("{value} {holders:?}"));
            }
        }
    }
    texts
}

#[track_caller]
fn assert_same(document: &str, max: usize, parallelism: Parallelism) -> bool {
    let one = self::parallelism(1, 1, 1);
    let (expected, expected_progress) = load(document, max, one);
    let (found, progress) = load(document, max, parallelism);
    assert_eq!(progress, expected_progress, "{document}");
    match (found, expected) {
        (Ok(found), Ok(expected)) => {
            assert_eq!(shown(&found), shown(&expected), "{document}");
            true
        }
        (Err(found), Err(expected)) => {
            assert_eq!(found, expected, "{document}");
            false
        }
        (found, expected) => panic!(
            "{:?} instead of {:?}: {document}",
            found.err(),
            expected.err()
        ),
    }
}

#[test]
fn each_oddity_in_a_large_list_has_the_same_effect_on_several_threads() {
    for odd in ODDITIES {
        for place in [0, 7, 19] {
            let document = document(20, &[(place, odd)]);
            assert_same(&document, 1_000, parallelism(3, 100, 2));
            assert_same(&document, 1_000, parallelism(2, 1, 1));
        }
    }
}

#[test]
fn any_document_has_the_same_effect_on_several_threads() {
    let stream = RandomStream::new(1, "test", "documents");
    let (mut loaded, mut rejected) = (0, 0);
    for ordinal in 0..300 {
        let drawn = stream.draw(ordinal);
        let drawn = |place: usize, sides: usize| usize::from(drawn[place]) % sides;
        let count = 1 + drawn(0, 40);
        let oddities = (0..drawn(1, 4)).map(|number| {
            let odd = ODDITIES[drawn(2 + number, ODDITIES.len())];
            (drawn(6 + number, count), odd)
        });
        let document = document(count, &oddities.collect::<Vec<_>>());
        // A document that ends early, now and then.
        let length = match drawn(10, 8) {
            0 => document.floor_char_boundary(document.len() * drawn(11, 100) / 100),
            _ => document.len(),
        };
        let max = [1_000, count, 2 * count + 1][drawn(12, 3)];
        let parallelism = parallelism(1 + drawn(13, 4), 1 + drawn(14, 200), 1 + drawn(15, 8));
        match assert_same(&document[..length], max, parallelism) {
            true => loaded += 1,
            false => rejected += 1,
        }
    }
    assert!(loaded > 30 && rejected > 100, "{loaded}, {rejected}");
}

#[test]
fn hundreds_of_errors_are_the_same_on_several_threads() {
    let oddities: Vec<_> = (0..300).map(|place| (place, ODDITIES[9])).collect();
    let document = document(300, &oddities);
    assert!(!assert_same(&document, 10_000, parallelism(3, 100, 2)));
}

fn loader<'l>(catalogue: &'l Arc<Catalogue>, progress: &'l Progress, threads: usize) -> Loader<'l> {
    Loader::new(
        catalogue,
        MaxRecords::DEFAULT,
        progress,
        false,
        Completion::default(),
        parallelism(threads, 100, 2),
    )
}

#[test]
fn a_large_list_is_prepared_and_inserted_at_once() {
    let (catalogue, progress) = (resources(), Progress::default());
    let document = document(50, &[]);
    let mut loader = loader(&catalogue, &progress, 3);
    loader.read(0, document.as_bytes());
    let [books, cards] =
        ["books", "cards"].map(|path| catalogue.resource(path).expect("it exists"));
    let mut store = Store::new(Arc::clone(&catalogue));
    let mut prepare = |resource: &crate::schema::Resource| {
        let mut entries = std::mem::take(&mut loader.entries[resource.id.index()]);
        let preparation = loader.prepare(&store, &[], resource, &mut entries);
        assert_eq!(preparation, super::loader::Preparation::Sound);
        loader.insert_all(&mut store, resource, &entries)
    };
    assert!(prepare(books));
    assert!(!prepare(cards), "their names are unique within drawers");
}

#[test]
fn a_load_that_is_cancelled_after_reading_fails_on_several_threads() {
    let catalogue = resources();
    let document = document(50, &[]);
    let mut errors = [1, 3].map(|threads| {
        let progress = Progress::default();
        let mut loader = loader(&catalogue, &progress, threads);
        loader.read(0, document.as_bytes());
        progress.cancel();
        let (_, errors, _) = loader.fill();
        errors.into_sorted()
    });
    let [one, several] = errors.each_mut();
    assert_eq!(one, several);
    assert_eq!(one.0[0].1.message(), "loading was cancelled here");
}

/// Returns the names of the lists in a document.
fn lists<'d>(
    document: &'d str,
    skip: impl Fn(&mut XmlReader<'d>, &str) -> Result<(), DecodeError>,
) -> Result<Vec<&'d str>, DecodeError> {
    let mut names = Vec::new();
    add_list_names(document.as_bytes(), &mut names, skip)?;
    Ok(names)
}

#[test]
fn lists_that_are_skipped_unread_are_those_that_are_found_by_reading() {
    let mut found = 0;
    for odd in ODDITIES {
        for place in [0, 3] {
            let document = document(4, &[(place, odd)]);
            if let Ok(names) = lists(&document, XmlReader::skip_unread) {
                found += 1;
                let read = lists(&document, |reader, _| reader.skip());
                // An error in a list is left to the load.
                if let Ok(read) = read {
                    assert_eq!(names, read, "{document}");
                }
            }
        }
    }
    assert!(found > ODDITIES.len(), "{found}");
}
