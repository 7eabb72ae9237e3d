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
const BEHAVIOURS: Behaviours = Behaviours(&[Behaviour {
    create: Some(furnish),
    ..Behaviour::new("furnish")
}]);

/// Creates two doors, unless the house has some; the second one has the name of the house as its number.
fn furnish(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    const DOORS: &str = "houses/{HouseObjectId}/doors";
    let house = &creation.record;
    let is_here = [("HouseObjectId", house.id())];
    if !transaction.find(DOORS, &is_here).is_empty() {
        return Ok(());
    }
    for number in ["1", house.get("Name").unwrap_or_default()] {
        let values = [is_here[0], ("Number", number)];
        transaction.create_at(DOORS, None, &values)?;
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

/// Teams, their rooms, which have the aliases of the teams as their keys, and the chairs in the rooms. A check of such
/// descriptions may reject them.
const FOLLOWERS: [&str; 3] = [
    r#"<resource path="teams" list="Teams" element="Team">
        <evidence id="test" documented="test"/>
        <object-id by="test"/>
        <text name="Alias" by="test"><unique by="test"/></text>
        <text name="Next" by="test"><unique by="test"/><references resource="teams" field="Alias" on-delete="clear" by="test"/></text>
        <text name="Last" by="test"><references resource="teams" field="Next" on-delete="clear" by="test"/></text>
    </resource>"#,
    r#"<resource path="rooms" list="Rooms" element="Room" key="Alias">
        <evidence id="test" documented="test"/>
        <text name="Alias" access="create" by="test">
            <required by="test"/><unique by="test"/><references resource="teams" field="Alias" on-delete="cascade" by="test"/>
        </text>
    </resource>"#,
    r#"<resource path="rooms/{Room}/chairs" list="Chairs" element="Chair" key="Number">
        <evidence id="test" documented="test"/>
        <text name="Room" access="read-only" by="test"><required by="test"/></text>
        <text name="Number" access="create" by="test"><required by="test"/></text>
        <text name="Seat" by="test"/>
    </resource>"#,
];

/// Returns a store with two teams that follow each other, a room and a chair.
fn followers() -> Records {
    let read = |text| crate::engine::description::read(text).expect("it is readable");
    let descriptions = FOLLOWERS.map(|text| read(text.as_bytes()));
    let catalogue = Arc::new(Catalogue::new(Release::V10_5, descriptions.into()));
    let mut store = Store::new(Arc::clone(&catalogue));
    let records: [(usize, &[Option<&str>]); 4] = [
        (0, &[Some("1"), Some("red"), Some("blue"), Some("red")]),
        (0, &[Some("2"), Some("blue"), Some("red"), Some("blue")]),
        (1, &[Some("Red")]),
        (2, &[Some("red"), Some("7"), None]),
    ];
    for (resource, values) in records {
        let resource = catalogue.resources()[resource].id;
        let record = Record::new(Values::of(values.iter().copied()));
        store.collection_mut(resource).insert(Arc::new(record));
    }
    let ids = RandomStream::new(7, "default", "ids");
    Records::new(Clock::default(), store.into(), ids)
}

/// Returns the values of all records.
fn all_values(records: &Records) -> Vec<String> {
    let store = records.read();
    let all = store.collections().flat_map(|(resource, collection)| {
        collection.iter().map(|record| {
            let positions = 0..resource.fields.len();
            let values = positions.map(|position| record.values.get(position).unwrap_or("-"));
            values.collect::<Vec<_>>().join(" ")
        })
    });
    all.collect()
}

#[test]
fn references_follow_each_other_and_so_do_the_records_below() {
    let records = followers();
    let update = |value: &'static str| {
        let alias = Element {
            name: "Alias".into(),
            value: Some(value.into()),
            at: 0,
        };
        let teams = &records.catalogue.resources()[0];
        crud::update(&records, &Target::record(teams, "1"), &[alias])
    };
    update("green").expect("a valid team");
    let expected = [
        "1 green blue green",
        "2 blue green blue",
        "green",
        "green 7 -",
    ];
    assert_eq!(all_values(&records), expected);
}

#[test]
fn a_cleared_value_is_lost_for_those_that_refer_to_it() {
    let records = followers();
    let teams = &records.catalogue.resources()[0];
    crud::delete(&records, &Target::record(teams, "1")).expect("nothing refuses");
    assert_eq!(all_values(&records), ["2 blue - -"]);
}
