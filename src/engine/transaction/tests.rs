//! Tests of transactions with behaviours.

use super::*;
use crate::{
    engine::{
        Element, Mode, Records, Target, crud,
        description::testing::catalogue_with,
        load::{Completion, Fixture, FixtureSet, Progress},
    },
    schema::Release,
    store::MaxRecords,
};

const HOUSE: &str = r#"<resource path="houses" list="Houses" element="House" behaviour="furnish">
    <evidence id="test" documented="test"/>
    <object-id by="test"/>
    <text name="Name" by="test"><required by="test"/></text>
    <guid name="DoorObjectId" by="test" access="read-only"/>
</resource>"#;
const DOOR: &str = r#"<resource path="houses/{HouseObjectId}/doors" list="Doors" element="Door">
    <evidence id="test" documented="test"/>
    <object-id by="test"/>
    <guid name="HouseObjectId" by="test" access="read-only"><required by="test"/></guid>
    <text name="Colour" by="test"><default value="green" by="test"/></text>
    <text name="Number" by="test"><max-length characters="3" by="test"/></text>
</resource>"#;
const LAWN: &str = r#"<resource path="lawns" list="Lawns" element="Lawn">
    <object-id documented="test"/>
</resource>"#;
const BEHAVIOURS: Behaviours = Behaviours(&[("furnish", furnish)]);

/// Creates two doors, unless the house has some; the second one has the name of the house as its number.
fn furnish(
    transaction: &mut Transaction<'_>,
    house: &Resource,
    record: &Record,
) -> Result<(), Error> {
    let catalogue = transaction.catalogue();
    let door = catalogue.resource("houses/{HouseObjectId}/doors");
    let door = door.expect("it is described");
    let [object_id, name] = ["ObjectId", "Name"].map(|name| {
        let position = house.position(name).expect("it is described");
        record.values.get(position).unwrap_or_default()
    });
    let doors = transaction.store().collection(door.id);
    if !doors
        .below(&Identity::below(&record.values, door))
        .is_empty()
    {
        return Ok(());
    }
    for number in ["1", name] {
        let mut draft = Draft::empty(door);
        draft.set(1, object_id);
        draft.set(3, number);
        transaction.create(draft)?;
    }
    Ok(())
}

fn records(fixture: &str) -> Records {
    let catalogue = catalogue_with(BEHAVIOURS, Release::V10_5, &[HOUSE, DOOR, LAWN]);
    let fixtures = [Fixture::new("houses.xml", fixture.to_owned())];
    let set = FixtureSet {
        completion: Completion {
            clock: Mode::default(),
            behaviours: BEHAVIOURS,
        },
        ..FixtureSet::new(&catalogue, &fixtures)
    };
    let store = set.load(&Progress::default()).expect("no errors");
    let ids = RandomStream::new(7, "default", "ids");
    Records::new(Clock::default(), store.into(), ids).with_behaviours(BEHAVIOURS)
}

fn create(records: &Records, name: &str) -> Result<String, Error> {
    let house = records
        .catalogue
        .resource("houses")
        .expect("it is described");
    let element = Element {
        name: "Name".into(),
        value: Some(name.into()),
        at: 0,
    };
    crud::create(records, &Target::collection(house), &[element], "")
}

/// Returns the numbers of all doors, and the number of ids drawn.
fn doors(records: &Records) -> (Vec<String>, u64) {
    let store = records.read();
    let door = store.catalogue().resource("houses/{HouseObjectId}/doors");
    let doors = store.collection(door.expect("it is described").id).iter();
    let numbers = doors.map(|door| {
        let [colour, number] = [2, 3].map(|position| door.values.get(position).unwrap_or_default());
        format!("{colour} {number}")
    });
    (numbers.collect(), store.ids_drawn)
}

#[test]
fn a_behaviour_completes_the_creation_of_a_record_or_undoes_it() {
    let records = records("<Houses/>");
    let first = create(&records, "abc").expect("a valid house");
    let expected = (vec!["green 1".to_owned(), "green abc".to_owned()], 3);
    assert_eq!(doors(&records), expected);
    let before = records.read();
    let error = create(&records, "abcd").expect_err("the number of a door is too long");
    assert!(
        error.message.contains("[Number], Value = [abcd]"),
        "{}",
        error.message
    );
    assert!(Arc::ptr_eq(&before, &records.read()), "nothing has changed");
    drop(before);
    let second = create(&records, "xy").expect("a valid house");
    assert_ne!(first, second);
    assert_eq!(doors(&records).1, 6);

    let mut full = (*records.read()).clone();
    full.max_records = MaxRecords(full.len() + 2);
    records.load(full);
    assert!(
        create(&records, "z").is_err(),
        "there is room for two of three records"
    );
    assert_eq!(doors(&records).1, 6);
}

#[test]
fn a_fixture_gets_the_records_that_it_does_not_name() {
    let [one, two] = [
        "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11",
        "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c12",
    ];
    let house = |id: &str| format!("<House><ObjectId>{id}</ObjectId><Name>x</Name></House>");
    let houses = format!("<Houses>{}{}</Houses>", house(one), house(two));
    let door = format!(
        "<Door><ObjectId>{one}</ObjectId><HouseObjectId>{two}</HouseObjectId><Colour>red</Colour></Door>"
    );
    let numbers = |records: &Records| doors(records).0;
    let seed = records(&houses);
    assert_eq!(numbers(&seed), ["green 1", "green x", "green 1", "green x"]);
    // The second house has its only door in the fixture.
    let lists = format!("{houses}<Doors>{door}</Doors>");
    let some = format!("<UnityConnection>{lists}</UnityConnection>");
    assert_eq!(numbers(&records(&some)), ["red ", "green 1", "green x"]);
    // A list of each resource is a state, in which the first house has no doors.
    let state = format!("<UnityConnection>{lists}<Lawns/></UnityConnection>");
    assert_eq!(numbers(&records(&state)), ["red "]);
}
