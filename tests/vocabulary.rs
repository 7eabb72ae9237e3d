//! The vocabulary of descriptions, each word on an invented resource.

use std::{fs, time::Duration};

use cuc_mock::{CucMock, CucMockBuilder};

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

/// Depots, and parcels that refer to them in three ways.
const DEPOT: &str = r#"<resource path="depots" list="Depots" element="Depot">
  <evidence id="test" documented="test"/>
  <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
  <verb name="update" by="test"/> <verb name="delete" by="test"/>
  <uri by="test"/>
  <object-id by="test"/>
  <text name="Name" by="test"><required by="test"/><unique by="test"/></text>
</resource>"#;
const PARCEL: &str = r#"<resource path="parcels" list="Parcels" element="Parcel" key="Number">
  <evidence id="test" documented="test"/>
  <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
  <verb name="update" by="test"/> <verb name="delete" by="test"/>
  <text name="Number" by="test" access="create"><required by="test"/><unique by="test"/></text>
  <guid name="HomeObjectId" by="test">
    <references resource="depots" on-delete="cascade" by="test"/>
  </guid>
  <guid name="NextObjectId" by="test">
    <references resource="depots" on-delete="clear" by="test"/>
  </guid>
  <link name="NextURI" through="NextObjectId" ending="/door" by="test"/>
  <derived name="NextName" through="NextObjectId" field="Name" by="test"/>
  <text name="Via" by="test">
    <references resource="depots" field="Name" on-delete="refuse" message="A parcel passes here" by="test"/>
  </text>
</resource>"#;

pub(crate) fn builder(descriptions: &[&str]) -> (CucMockBuilder, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, description) in descriptions.iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.xml")), description).expect("a file");
    }
    let builder = CucMock::builder().resources(folder.path());
    (builder.seed(7), folder)
}

pub(crate) fn start(descriptions: &[&str]) -> CucMock {
    let (builder, _folder) = builder(descriptions);
    builder.start_blocking()
}

/// Returns the status and the body of a response, without the XML declaration.
pub(crate) fn document(response: &Response) -> (u16, String) {
    let declaration = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let body = response.body.strip_prefix(declaration);
    (response.status, body.unwrap_or(&response.body).to_owned())
}

/// Returns the message of an error response.
pub(crate) fn message(response: &Response) -> (u16, String) {
    let message = response.element("message").unwrap_or_default();
    (response.status, message.to_owned())
}

pub(crate) fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn depot(client: Client, name: &str) -> String {
    let path = client.create(
        "/vmrest/depots",
        format!("<Depot><Name>{name}</Name></Depot>"),
    );
    id(&path).to_owned()
}

#[test]
fn a_value_that_matches_no_record_is_rejected_and_names_the_field() {
    let mock = start(&[DEPOT, PARCEL]);
    let client = Client::of(&mock);
    let missing = "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11";
    let cases = [
        (
            format!("<HomeObjectId>{missing}</HomeObjectId>"),
            format!("[HomeObjectId], Value = [{missing}]: expected the ObjectId of a Depot"),
        ),
        (
            "<Via>North</Via>".to_owned(),
            "[Via], Value = [North]: expected the Name of a Depot".to_owned(),
        ),
    ];
    client.create("/vmrest/parcels", "<Parcel><Number>1</Number></Parcel>");
    for (field, expected) in cases {
        let expected = (400, format!("Invalid parameter. Parameter = {expected}"));
        let create = format!("<Parcel><Number>2</Number>{field}</Parcel>");
        assert_eq!(message(&client.post("/vmrest/parcels", create)), expected);
        let update = client.put("/vmrest/parcels/1", format!("<Parcel>{field}</Parcel>"));
        assert_eq!(message(&update), expected);
    }
    let list = client.get("/vmrest/parcels");
    assert_eq!(
        document(&list),
        (
            200,
            r#"<Parcels total="1"><Parcel><Number>1</Number></Parcel></Parcels>"#.to_owned()
        )
    );
}

#[test]
fn the_deletion_of_a_record_refuses_cascades_or_clears() {
    let mock = start(&[DEPOT, PARCEL]);
    let client = Client::of(&mock);
    let [north, south, west] = ["North", "South", "West"].map(|name| depot(client, name));
    let parcel = |number: &str, fields: &str| {
        client.create(
            "/vmrest/parcels",
            format!("<Parcel><Number>{number}</Number>{fields}</Parcel>"),
        )
    };
    parcel(
        "1",
        &format!("<HomeObjectId>{north}</HomeObjectId><NextObjectId>{south}</NextObjectId>"),
    );
    parcel(
        "2",
        &format!("<HomeObjectId>{south}</HomeObjectId><NextObjectId>{north}</NextObjectId>"),
    );
    parcel(
        "3",
        &format!(
            "<HomeObjectId>{south}</HomeObjectId><NextObjectId>{west}</NextObjectId><Via>north</Via>"
        ),
    );

    let refused = client.delete(&format!("/vmrest/depots/{north}"));
    assert_eq!(message(&refused), (400, "A parcel passes here".to_owned()));

    // The record that refuses is deleted, too.
    assert_eq!(
        client.delete(&format!("/vmrest/depots/{south}")).status,
        204
    );
    let first = format!("<Parcel><Number>1</Number><HomeObjectId>{north}</HomeObjectId></Parcel>");
    let expected = format!(r#"<Parcels total="1">{first}</Parcels>"#);
    assert_eq!(document(&client.get("/vmrest/parcels")), (200, expected));

    assert_eq!(
        client.delete(&format!("/vmrest/depots/{north}")).status,
        204
    );
    assert_eq!(
        document(&client.get("/vmrest/parcels")),
        (200, r#"<Parcels total="0"/>"#.to_owned())
    );
    assert_eq!(client.get("/vmrest/parcels/1").status, 404);
}

#[test]
fn a_reference_follows_the_value_that_it_names() {
    let mock = start(&[DEPOT, PARCEL]);
    let client = Client::of(&mock);
    let north = depot(client, "North");
    client.create(
        "/vmrest/parcels",
        "<Parcel><Number>1</Number><Via>north</Via></Parcel>",
    );
    let path = format!("/vmrest/depots/{north}");
    assert_eq!(
        client.put(&path, "<Depot><Name>Nord</Name></Depot>").status,
        204
    );
    let expected = "<Parcel><Number>1</Number><Via>Nord</Via></Parcel>".to_owned();
    assert_eq!(document(&client.get("/vmrest/parcels/1")), (200, expected));
    assert_eq!(client.delete(&path).status, 400);
}

#[test]
fn links_and_derived_fields_follow_the_record_that_a_field_refers_to() {
    let mock = start(&[DEPOT, PARCEL]);
    let client = Client::of(&mock);
    let [north, south] = ["North", "South"].map(|name| depot(client, name));
    client.create("/vmrest/parcels", format!("<Parcel><Number>1</Number><NextObjectId>{north}</NextObjectId><NextName>sent</NextName></Parcel>"));
    let expect = |id: &str, name: &str| {
        let expected = format!(
            "<Parcel><Number>1</Number><NextObjectId>{id}</NextObjectId><NextURI>/vmrest/depots/{id}/door</NextURI>\
             <NextName>{name}</NextName></Parcel>"
        );
        assert_eq!(document(&client.get("/vmrest/parcels/1")), (200, expected));
        let found = client.get(&format!("/vmrest/parcels?query=(NextName%20is%20{name})"));
        assert!(found.body.contains(r#"total="1""#), "{found}");
    };
    expect(&north, "North");
    client.put(
        &format!("/vmrest/depots/{north}"),
        "<Depot><Name>Nord</Name></Depot>",
    );
    expect(&north, "Nord");
    client.put(
        "/vmrest/parcels/1",
        format!("<Parcel><NextObjectId>{south}</NextObjectId></Parcel>"),
    );
    expect(&south, "South");

    // The state has the derived value, and a wrong one in it is a mistake.
    let state = mock.state();
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(mock.state(), state);
    let wrong = state.replace("<NextName>South</NextName>", "<NextName>East</NextName>");
    let rejected = client.control("PUT", "/__mock/state", &wrong);
    assert_eq!(rejected.status, 400);
    assert!(
        rejected
            .body
            .contains("expected South, as in the other object"),
        "{rejected}"
    );
}

/// Shelves, the boxes on them by their letters, and the slots of a box.
const SHELF: &str = r#"<resource path="store/shelves" list="Shelves" element="Shelf">
  <evidence id="test" documented="test"/>
  <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
  <verb name="update" by="test"/> <verb name="delete" by="test"/>
  <alias path="shelves" verbs="list" by="test"/>
  <text name="Name" by="test"/>
  <object-id by="test"/>
  <uri by="test"/>
</resource>"#;
const BOX: &str = r#"<resource path="store/shelves/{ShelfObjectId}/boxes" list="Boxes" element="Box" key="Letter">
  <evidence id="test" documented="test"/>
  <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
  <verb name="update" by="test"/> <verb name="delete" by="test"/>
  <uri by="test"/>
  <text name="Letter" by="test" access="create"><required by="test"/></text>
  <guid name="ShelfObjectId" by="test" access="read-only"><required by="test"/></guid>
  <text name="Content" by="test"/>
</resource>"#;
const SLOT: &str = r#"<resource path="store/shelves/{Shelf}/boxes/{Box}/slots" list="Slots" element="Slot">
  <evidence id="test" documented="test"/>
  <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
  <verb name="delete" by="test"/>
  <guid name="Shelf" by="test" access="read-only"><required by="test"/></guid>
  <text name="Box" by="test" access="read-only"><required by="test"/></text>
  <object-id by="test"/>
  <derived name="Content" through="Box" field="Content" by="test"/>
</resource>"#;

#[test]
fn a_nested_collection_is_below_a_record_of_another_resource() {
    let mock = start(&[SHELF, BOX, SLOT]);
    let client = Client::of(&mock);
    let [top, bottom] = ["Top", "Bottom"].map(|name| {
        client.create(
            "/vmrest/store/shelves",
            format!("<Shelf><Name>{name}</Name></Shelf>"),
        )
    });
    let path = client.create(
        &format!("{top}/boxes"),
        "<Box><Letter>#</Letter><Content>nails</Content></Box>",
    );
    assert_eq!(path, format!("{top}/boxes/%23"));
    client.create(&format!("{bottom}/boxes"), "<Box><Letter>#</Letter></Box>");
    let object = format!(
        "<Box><URI>{path}</URI><Letter>#</Letter><ShelfObjectId>{}</ShelfObjectId><Content>nails</Content></Box>",
        id(&top)
    );
    assert_eq!(document(&client.get(&path)), (200, object.clone()));
    let list = format!(r#"<Boxes total="1">{object}</Boxes>"#);
    for query in ["", "?query=(Letter%20is%20%23)&sort=(Content%20desc)"] {
        assert_eq!(
            document(&client.get(&format!("{top}/boxes{query}"))),
            (200, list.clone())
        );
    }
    let json = client.get_json(&path);
    assert_eq!(
        json.body,
        format!(
            r##"{{"URI":"{path}","Letter":"#","ShelfObjectId":"{}","Content":"nails"}}"##,
            id(&top)
        )
    );

    let again = client.post(&format!("{top}/boxes"), "<Box><Letter>#</Letter></Box>");
    assert_eq!(message(&again), (400, "Invalid parameter. Parameter = [Letter], Value = [#]: expected a value that no other Box at the path has".to_owned()));
    // The path decides, whatever the body and the letter case.
    let upper = top.replace(id(&top), &id(&top).to_uppercase());
    let other = client.create(
        &format!("{upper}/boxes"),
        format!(
            "<Box><Letter>A</Letter><ShelfObjectId>{}</ShelfObjectId></Box>",
            id(&bottom)
        ),
    );
    assert_eq!(other, format!("{top}/boxes/A"));
    assert_eq!(
        client
            .put(&path, "<Box><Content>screws</Content></Box>")
            .status,
        204
    );
    assert!(
        client
            .get(&format!("{bottom}/boxes/%23"))
            .body
            .contains("<Letter>#</Letter>")
    );
    assert_eq!(client.get(&format!("{bottom}/boxes/A")).status, 404);
}

#[test]
fn below_a_missing_record_a_list_is_empty_and_nothing_can_be_created() {
    let mock = start(&[SHELF, BOX, SLOT]);
    let client = Client::of(&mock);
    let missing = "/vmrest/store/shelves/9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11";
    let empty = (200, r#"<Boxes total="0"/>"#.to_owned());
    assert_eq!(document(&client.get(&format!("{missing}/boxes"))), empty);
    let created = client.post(&format!("{missing}/boxes"), "<Box><Letter>A</Letter></Box>");
    assert_eq!(
        message(&created),
        (
            400,
            format!(
                "Invalid parameter. Parameter = [ShelfObjectId], Value = [{}]: expected the ObjectId of a Shelf",
                id(missing)
            )
        )
    );
    let read = client.get(&format!("{missing}/boxes/A"));
    assert_eq!(message(&read), (404, "box - Letter=A".to_owned()));
    let update = client.put(&format!("{missing}/boxes/A"), "<Box/>");
    assert_eq!(message(&update), (400, "Box not found ".to_owned()));
    assert_eq!(client.delete(&format!("{missing}/boxes/A")).status, 404);
}

#[test]
fn a_collection_can_be_nested_deeper_and_goes_with_the_records_above() {
    let mock = start(&[SHELF, BOX, SLOT]);
    let client = Client::of(&mock);
    let [top, bottom] = ["Top", "Bottom"].map(|name| {
        client.create(
            "/vmrest/store/shelves",
            format!("<Shelf><Name>{name}</Name></Shelf>"),
        )
    });
    for shelf in [&top, &bottom] {
        for letter in ["A", "B"] {
            let path = client.create(
                &format!("{shelf}/boxes"),
                format!("<Box><Letter>{letter}</Letter><Content>{letter} of all</Content></Box>"),
            );
            client.create(&format!("{path}/slots"), "<Slot/>");
        }
    }
    let slots =
        |shelf: &str, letter: &str| document(&client.get(&format!("{shelf}/boxes/{letter}/slots")));
    let (status, list) = slots(&top, "B");
    assert_eq!(status, 200);
    assert!(
        list.starts_with(&format!(
            r#"<Slots total="1"><Slot><Shelf>{}</Shelf><Box>B</Box><ObjectId>"#,
            id(&top)
        )),
        "{list}"
    );
    assert!(
        list.ends_with("</ObjectId><Content>B of all</Content></Slot></Slots>"),
        "{list}"
    );
    let state = mock.state();
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(mock.state(), state);

    client.put(
        &format!("{top}/boxes/B"),
        "<Box><Content>tea</Content></Box>",
    );
    assert!(slots(&top, "B").1.contains("<Content>tea</Content>"));
    assert!(
        slots(&bottom, "B")
            .1
            .contains("<Content>B of all</Content>")
    );
    assert_eq!(client.delete(&format!("{top}/boxes/A")).status, 204);
    let none = (200, r#"<Slots total="0"/>"#.to_owned());
    assert_eq!(slots(&top, "A"), none);
    assert_ne!(slots(&top, "B"), none);
    assert_eq!(client.delete(&top).status, 204);
    assert_eq!(slots(&top, "B"), none);
    assert_ne!(slots(&bottom, "A"), none);
    assert_eq!(
        client
            .get("/vmrest/shelves")
            .body
            .matches("<Shelf>")
            .count(),
        1
    );
}

#[test]
fn a_singleton_exists_with_its_parent_and_has_neither_list_nor_key() {
    const LABEL: &str = r#"<resource path="depots/{DepotObjectId}/label" list="Labels" element="Label" singleton="true">
      <verb name="read" documented="test"/> <verb name="update" documented="test"/>
      <uri documented="test"/>
      <object-id documented="test"/>
      <guid name="DepotObjectId" documented="test" access="read-only"><required documented="test"/></guid>
      <text name="Colour" documented="test"><default value="red" documented="test"/></text>
      <text name="Code" documented="test" access="write-only"/>
    </resource>"#;
    const SETTING: &str = r#"<resource path="setting" list="Settings" element="Setting" singleton="true">
      <verb name="read" documented="test"/> <verb name="update" documented="test"/>
      <integer name="Volume" documented="test"><default value="5" documented="test"/><range min="0" max="10" documented="test"/></integer>
    </resource>"#;
    let mock = start(&[DEPOT, LABEL, SETTING]);
    let client = Client::of(&mock);
    let north = depot(client, "North");
    let path = format!("/vmrest/depots/{north}/label");
    let read = |colour: &str| {
        let found = client.get(&path);
        let object_id = found.element("ObjectId").unwrap_or_default();
        let expected = format!(
            "<Label><URI>{path}</URI><ObjectId>{object_id}</ObjectId><DepotObjectId>{north}</DepotObjectId>\
             <Colour>{colour}</Colour></Label>"
        );
        assert_eq!(document(&found), (200, expected));
    };
    read("red");
    // A write-only field is never shown, and is as hidden as a secret.
    let update = client.put(
        &path,
        "<Label><Colour>blue</Colour><Code>hush-hush</Code></Label>",
    );
    assert_eq!(update.status, 204);
    read("blue");
    assert!(mock.state().contains("<Code>hush-hush</Code>"));
    assert!(
        !client
            .control("GET", "/__mock/requests", "")
            .body
            .contains("hush-hush")
    );
    let post = client.post(&path, "<Label/>");
    assert_eq!(
        (post.status, post.header("Allow")),
        (405, Some("GET, HEAD, PUT, OPTIONS"))
    );
    assert_eq!(client.get("/vmrest/depots/other/label").status, 404);
    assert_eq!(
        document(&client.get("/vmrest/setting")),
        (200, "<Setting><Volume>5</Volume></Setting>".to_owned())
    );
    let loud = client.put("/vmrest/setting", "<Setting><Volume>11</Volume></Setting>");
    assert_eq!(message(&loud), (400, "Invalid parameter. Parameter = [Volume], Value = [11]: expected a whole number from 0 to 10".to_owned()));

    let state = mock.state();
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(mock.state(), state);
    assert_eq!(
        client.delete(&format!("/vmrest/depots/{north}")).status,
        204
    );
    assert_eq!(client.get(&path).status, 404);
}

#[test]
fn a_view_lists_the_records_of_another_resource_with_fewer_fields() {
    const GOOD: &str = r#"<resource path="goods" list="Goods" element="Good">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test" fields="ObjectId Name"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
      <view path="depots/{DepotObjectId}/goods" list="DepotGoods" element="DepotGood" fields="Name Weight" captured="test"/>
      <view path="allgoods" list="AllGoods" element="GoodRow" inferred="test"/>
      <object-id by="test"/>
      <text name="Name" by="test"/>
      <integer name="Weight" by="test"/>
      <guid name="DepotObjectId" by="test"><references resource="depots" on-delete="cascade" by="test"/></guid>
    </resource>"#;
    let mock = start(&[DEPOT, GOOD]);
    let client = Client::of(&mock);
    let [north, south] = ["North", "South"].map(|name| depot(client, name));
    let good = |name: &str, depot: &str| {
        let path = client.create("/vmrest/goods", format!("<Good><Name>{name}</Name><Weight>7</Weight><DepotObjectId>{depot}</DepotObjectId></Good>"));
        id(&path).to_owned()
    };
    let [tea, salt] = [("tea", &north), ("salt", &south)].map(|(name, depot)| good(name, depot));
    let rows = format!(
        "<Good><ObjectId>{tea}</ObjectId><Name>tea</Name></Good><Good><ObjectId>{salt}</ObjectId><Name>salt</Name></Good>"
    );
    for _ in 0..2 {
        assert_eq!(
            document(&client.get("/vmrest/goods")),
            (200, format!(r#"<Goods total="2">{rows}</Goods>"#))
        );
    }
    let object = format!(
        "<ObjectId>{tea}</ObjectId><Name>tea</Name><Weight>7</Weight><DepotObjectId>{north}</DepotObjectId>"
    );
    assert_eq!(
        document(&client.get(&format!("/vmrest/goods/{tea}"))),
        (200, format!("<Good>{object}</Good>"))
    );

    let view = client.get(&format!("/vmrest/depots/{north}/goods"));
    let row = "<DepotGood><Name>tea</Name><Weight>7</Weight></DepotGood>";
    assert_eq!(
        document(&view),
        (200, format!(r#"<DepotGoods total="1">{row}</DepotGoods>"#))
    );
    assert_eq!(view.header("X-Cuc-Mock-Provenance"), Some("captured"));
    let json = client.get_json(&format!("/vmrest/depots/{north}/goods"));
    assert_eq!(
        json.body,
        r#"{"@total":"1","DepotGood":{"Name":"tea","Weight":"7"}}"#
    );
    let all = client.get("/vmrest/allgoods?query=(Name%20is%20tea)");
    assert_eq!(
        document(&all),
        (
            200,
            format!(r#"<AllGoods total="1"><GoodRow>{object}</GoodRow></AllGoods>"#)
        )
    );
    assert_eq!(client.post("/vmrest/allgoods", "<Good/>").status, 405);

    let schema = client.get("/vmrest/schema/DepotGoods").body;
    let names: Vec<_> = schema
        .split(r#" name=""#)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(
        names,
        ["DepotGoods", "total", "DepotGood", "Name", "Weight"]
    );
    let wadl = client.get("/vmrest/application.wadl").body;
    let view = r#"<resource path="depots/{DepotObjectId}/goods"><param name="DepotObjectId" style="template" type="xs:string" required="true"/><method id="listDepotGoods" name="GET">"#;
    assert!(wadl.contains(view), "{wadl}");
}

#[test]
fn a_view_lists_the_records_that_meet_its_condition_beside_the_verbs_of_its_path() {
    const GOOD: &str = r#"<resource path="goods" list="Goods" element="Good">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="create" by="test"/>
      <alias path="ownedgoods" verbs="create delete" by="test"/>
      <view path="ownedgoods" list="Goods" element="Good" fields="Name" when="Owner is us you" by="test"/>
      <view path="othergoods" list="Goods" element="Good" fields="Name" unless="Owner is us you" by="test"/>
      <object-id by="test"/>
      <text name="Name" by="test"/>
      <text name="Owner" by="test"><choices values="us you them" by="test"/></text>
    </resource>"#;
    let mock = start(&[GOOD]);
    let client = Client::of(&mock);
    for (name, owner) in [("tea", "us"), ("salt", "them"), ("wool", "you")] {
        let good = format!("<Good><Name>{name}</Name><Owner>{owner}</Owner></Good>");
        client.create("/vmrest/ownedgoods", good);
    }
    client.create("/vmrest/goods", "<Good><Name>sand</Name></Good>");
    let names = |path: &str| {
        let list = client.get(path);
        list.elements("Name").join(" ")
    };
    assert_eq!(names("/vmrest/goods"), "tea salt wool sand");
    assert_eq!(names("/vmrest/ownedgoods"), "tea wool");
    assert_eq!(names("/vmrest/othergoods"), "salt sand");
    assert_eq!(names("/vmrest/ownedgoods?query=(Name%20is%20salt)"), "");
    assert_eq!(names("/vmrest/ownedgoods?sort=(Name%20desc)"), "wool tea");
    let page = client.get_json("/vmrest/ownedgoods?rowsPerPage=1&pageNumber=2");
    assert_eq!(page.body, r#"{"@total":"2","Good":{"Name":"wool"}}"#);
}

#[test]
fn views_and_the_verbs_of_aliases_are_items_of_the_coverage() {
    const GOOD: &str = r#"<resource path="goods" list="Goods" element="Good">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/>
      <alias path="newgoods" verbs="create" by="test"/>
      <view path="depots/{DepotName}/goods" list="DepotGoods" element="DepotGood" by="test"/>
      <view path="allgoods" list="AllGoods" element="GoodRow" by="test"/>
      <object-id by="test"/>
      <text name="DepotName" by="test"/>
    </resource>"#;
    let mock = start(&[GOOD]);
    let client = Client::of(&mock);
    let untouched = || {
        let coverage = mock.coverage();
        let items = coverage
            .untouched()
            .filter(|item| item.starts_with("goods"));
        items.collect::<Vec<_>>()
    };
    let items = [
        "goods: list",
        "goods: create",
        "goods: depots/{DepotName}/goods",
        "goods: allgoods",
        "goods: list 200",
        "goods: list 400",
        "goods: create 201",
        "goods: create 400",
        "goods: written DepotName",
        "goods: asked by ObjectId",
        "goods: asked by DepotName",
    ];
    assert_eq!(untouched(), items);
    let created = client.post(
        "/vmrest/newgoods",
        "<Good><DepotName>North</DepotName></Good>",
    );
    assert_eq!(created.status, 201);
    let view = client.get("/vmrest/depots/North/goods?query=(DepotName%20is%20North)");
    assert_eq!(view.status, 200);
    let items = [
        "goods: list",
        "goods: allgoods",
        "goods: list 200",
        "goods: list 400",
        "goods: create 400",
        "goods: asked by ObjectId",
    ];
    assert_eq!(untouched(), items);
}

#[test]
fn an_association_links_a_record_to_another_one() {
    const TENANT_DEPOT: &str = r#"<resource path="tenants/{TenantObjectId}/depots" list="TenantDepots" element="TenantDepot" key="DepotObjectId">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="create" by="test"/> <verb name="delete" by="test"/>
      <guid name="TenantObjectId" by="test" access="read-only"><required by="test"/></guid>
      <link name="DepotURI" through="DepotObjectId" by="test"/>
      <guid name="DepotObjectId" by="test" access="create">
        <required by="test"/><references resource="depots" on-delete="cascade" by="test"/>
      </guid>
    </resource>"#;
    let mock = start(&[DEPOT, TENANT_DEPOT]);
    let client = Client::of(&mock);
    let north = depot(client, "North");
    let tenants = client.get("/vmrest/tenants");
    let tenant = tenants.element("ObjectId").expect("a tenant");
    let path = format!("/vmrest/tenants/{tenant}/depots");
    let body = format!("<TenantDepot><DepotObjectId>{north}</DepotObjectId></TenantDepot>");
    assert_eq!(client.create(&path, &body), format!("{path}/{north}"));
    let row = format!(
        "<TenantDepot><TenantObjectId>{tenant}</TenantObjectId><DepotURI>/vmrest/depots/{north}</DepotURI>\
         <DepotObjectId>{north}</DepotObjectId></TenantDepot>"
    );
    assert_eq!(
        document(&client.get(&path)),
        (
            200,
            format!(r#"<TenantDepots total="1">{row}</TenantDepots>"#)
        )
    );
    assert_eq!(client.post(&path, &body).status, 400);
    assert_eq!(
        client.delete(&format!("/vmrest/depots/{north}")).status,
        204
    );
    assert_eq!(
        document(&client.get(&path)),
        (200, r#"<TenantDepots total="0"/>"#.to_owned())
    );
}

#[test]
fn actions_have_a_path_or_a_query_parameter() {
    const BELL: &str = r#"<resource path="bells" list="Bells" element="Bell">
      <evidence id="test" documented="test"/>
      <verb name="create" by="test"/> <verb name="update" by="test"/> <verb name="read" by="test"/>
      <alias path="depots/{DepotObjectId}/bells" verbs="list create read" inferred="test"/>
      <action name="reset" by="test"/>
      <action method="ring" captured="test"/>
      <object-id by="test"/>
      <guid name="DepotObjectId" by="test" access="create"><references resource="depots" on-delete="cascade" by="test"/></guid>
    </resource>"#;
    let mock = start(&[DEPOT, BELL]);
    let client = Client::of(&mock);
    let north = depot(client, "North");
    let path = client.create(&format!("/vmrest/depots/{north}/bells"), "<Bell/>");
    assert_eq!(path, format!("/vmrest/bells/{}", id(&path)));
    assert_eq!(
        client
            .get(&format!("/vmrest/depots/{north}/bells/{}", id(&path)))
            .status,
        200
    );
    assert_eq!(
        client
            .get(&format!("/vmrest/depots/other/bells/{}", id(&path)))
            .status,
        404
    );
    assert_eq!(client.post(&format!("{path}/reset"), "").status, 204);
    for ring in [
        client.post(&format!("{path}?method=ring"), ""),
        client.put(&format!("{path}?method=ring"), ""),
    ] {
        let provenance = ring.header("X-Cuc-Mock-Provenance");
        assert_eq!((ring.status, provenance), (204, Some("captured")));
    }
    let other = client.post(&format!("{path}?method=sing"), "");
    assert_eq!(
        message(&other),
        (400, "method: found another value, expected ring".to_owned())
    );
    assert_eq!(
        client.post("/vmrest/bells/other?method=ring", "").status,
        404
    );
}

#[test]
fn an_action_needs_no_verb_on_an_object() {
    const ALARM: &str = r#"<resource path="alarms" list="Alarms" element="Alarm">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="create" by="test"/>
      <action method="ring" by="test"/>
      <object-id by="test"/>
    </resource>"#;
    let mock = start(&[ALARM]);
    let client = Client::of(&mock);
    let path = client.create("/vmrest/alarms", "<Alarm/>");
    let ring = format!("{path}?method=ring");
    for ring in [client.post(&ring, ""), client.put(&ring, "")] {
        assert_eq!((ring.status, ring.body.as_str()), (204, ""));
    }
    assert_eq!(client.put(&path, "<Alarm/>").status, 400);
    let read = client.get(&path);
    assert_eq!(
        (read.status, read.header("Allow")),
        (405, Some("POST, PUT, OPTIONS"))
    );
}

#[test]
fn a_put_on_the_collection_sets_its_order() {
    const STEP: &str = r#"<resource path="depots/{DepotObjectId}/steps" list="Steps" element="Step">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="create" by="test"/> <verb name="read" by="test"/>
      <order field="Place" by="test"/>
      <object-id by="test"/>
      <guid name="DepotObjectId" by="test" access="read-only"><required by="test"/></guid>
      <integer name="Place" by="test" access="read-only"/>
      <text name="Name" by="test"/>
    </resource>"#;
    let mock = start(&[DEPOT, STEP]);
    let client = Client::of(&mock);
    let north = depot(client, "North");
    let path = format!("/vmrest/depots/{north}/steps");
    let [a, b, c] = ["a", "b", "c"].map(|name| {
        let path = client.create(&path, format!("<Step><Name>{name}</Name></Step>"));
        id(&path).to_owned()
    });
    let places = || {
        let list = client.get_json(&path);
        let list: serde_json::Value = serde_json::from_str(&list.body).expect("JSON");
        let rows = list["Step"].as_array().expect("several").iter();
        let row = |row: &serde_json::Value| {
            format!(
                "{}{}",
                row["Name"].as_str().unwrap_or_default(),
                row["Place"].as_str().unwrap_or_default()
            )
        };
        rows.map(row).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(places(), "a0 b1 c2");
    let xml = format!(
        "<Steps><Step><ObjectId>{c}</ObjectId></Step><Step><ObjectId>{a}</ObjectId></Step><Step><ObjectId>{b}</ObjectId></Step></Steps>"
    );
    assert_eq!(client.put(&path, &xml).status, 204);
    assert_eq!(places(), "c0 a1 b2");
    let json =
        format!(r#"{{"Step":[{{"ObjectId":"{b}"}},{{"ObjectId":"{c}"}},{{"ObjectId":"{a}"}}]}}"#);
    assert_eq!(client.send_json("PUT", &path, &json).status, 204);
    assert_eq!(places(), "b0 c1 a2");
    for ids in [vec![&a, &b], vec![&a, &b, &b], vec![&a, &b, &c, &north]] {
        let rows: String = ids
            .iter()
            .map(|id| format!("<Step><ObjectId>{id}</ObjectId></Step>"))
            .collect();
        assert_eq!(
            client.put(&path, format!("<Steps>{rows}</Steps>")).status,
            400,
            "{ids:?}"
        );
    }
    assert_eq!(places(), "b0 c1 a2");
}

#[test]
fn a_new_record_is_copied_from_a_template() {
    const FORM: &str = r#"<resource path="forms" list="Forms" element="Form">
      <evidence id="test" documented="test"/>
      <verb name="create" by="test"/>
      <object-id by="test"/>
      <text name="Alias" by="test"><unique by="test"/></text>
      <text name="Colour" by="test"/>
      <integer name="Size" by="test"/>
    </resource>"#;
    const SHEET: &str = r#"<resource path="sheets" list="Sheets" element="Sheet">
      <evidence id="test" documented="test"/>
      <verb name="create" by="test"/> <verb name="read" by="test"/>
      <template resource="forms" parameter="formAlias" field="Alias" by="test"/>
      <template resource="forms" parameter="formObjectId" field="ObjectId" by="test"/>
      <object-id by="test"/>
      <text name="Alias" by="test"><unique by="test"/></text>
      <integer name="Size" by="test"><default value="1" by="test"/></integer>
      <text name="Colour" by="test"><required by="test"/></text>
    </resource>"#;
    let mock = start(&[FORM, SHEET]);
    let client = Client::of(&mock);
    let form = client.create(
        "/vmrest/forms",
        "<Form><Alias>plain</Alias><Colour>white</Colour><Size>4</Size></Form>",
    );
    for query in [
        "formAlias=PLAIN".to_owned(),
        format!("x=1&formObjectId={}", id(&form)),
    ] {
        let path = client.create(
            &format!("/vmrest/sheets?{query}"),
            "<Sheet><Size>5</Size></Sheet>",
        );
        let expected = format!(
            "<Sheet><ObjectId>{}</ObjectId><Size>5</Size><Colour>white</Colour></Sheet>",
            id(&path)
        );
        assert_eq!(document(&client.get(&path)), (200, expected));
    }
    let sheet = "<Sheet><Colour>red</Colour></Sheet>";
    assert_eq!(
        message(&client.post("/vmrest/sheets", sheet)),
        (
            400,
            "formAlias is missing, expected the Alias of a Form".to_owned()
        )
    );
    let unknown = client.post("/vmrest/sheets?formAlias=other", sheet);
    assert_eq!(
        message(&unknown),
        (
            400,
            r#"formAlias is "other", expected the Alias of a Form"#.to_owned()
        )
    );
}

#[test]
fn a_value_is_unique_within_another_field_and_clears_a_field() {
    const SPOT: &str = r#"<resource path="spots" list="Spots" element="Spot">
      <evidence id="test" documented="test"/>
      <verb name="create" by="test"/> <verb name="read" by="test"/> <verb name="update" by="test"/>
      <object-id by="test"/>
      <text name="Name" by="test"><unique within="Hall" by="test"/></text>
      <text name="Hall" by="test"/>
      <text name="Owner" by="test"><clears field="Renter" by="test"/></text>
      <text name="Renter" by="test"><clears field="Owner" by="test"/></text>
    </resource>"#;
    let mock = start(&[SPOT]);
    let client = Client::of(&mock);
    let path = client.create(
        "/vmrest/spots",
        "<Spot><Name>1</Name><Hall>A</Hall><Owner>Ann</Owner></Spot>",
    );
    client.create("/vmrest/spots", "<Spot><Name>1</Name><Hall>B</Hall></Spot>");
    let same = client.post("/vmrest/spots", "<Spot><Name>1</Name><Hall>a</Hall></Spot>");
    assert_eq!(message(&same), (400, "Invalid parameter. Parameter = [Name], Value = [1]: expected a value that no other Spot with the same Hall has".to_owned()));
    assert_eq!(client.put(&path, "<Spot><Hall>B</Hall></Spot>").status, 400);
    assert_eq!(
        client
            .put(&path, "<Spot><Renter>Bob</Renter></Spot>")
            .status,
        204
    );
    let expected = format!(
        "<Spot><ObjectId>{}</ObjectId><Name>1</Name><Hall>A</Hall><Renter>Bob</Renter></Spot>",
        id(&path)
    );
    assert_eq!(document(&client.get(&path)), (200, expected));
    let both = client.put(&path, "<Spot><Renter>Bob</Renter><Owner>Ann</Owner></Spot>");
    assert_eq!(message(&both), (400, "Invalid parameter. Parameter = [Owner], Value = [Ann]: expected no value beside one in Renter".to_owned()));
}

#[test]
fn a_choice_may_contain_a_blank_and_an_empty_element_may_remove_a_value() {
    const SIGN: &str = r#"<resource path="signs" list="Signs" element="Sign" key="Kind" empty-list="null">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="create" by="test"/> <verb name="read" by="test"/>
      <verb name="update" by="test"/> <verb name="delete" by="test"/>
      <uri by="test"/>
      <text name="Kind" by="test" access="create">
        <required by="test"/><unique by="test"/>
        <choices values="Open Off%20Hours" by="test"/>
      </text>
      <date-time name="Until" by="test"><clearable by="test"/></date-time>
      <integer name="Height" by="test"><default value="3" when="Kind is Off%20Hours" by="test"/></integer>
    </resource>"#;
    let mock = start(&[SIGN]);
    let client = Client::of(&mock);
    let empty = client.get_json("/vmrest/signs");
    assert_eq!((empty.status, &*empty.body), (200, "null"));
    assert_eq!(
        document(&client.get("/vmrest/signs")),
        (200, r#"<Signs total="0"/>"#.to_owned())
    );
    let unknown = client.post("/vmrest/signs", "<Sign><Kind>Off</Kind></Sign>");
    assert_eq!(
        message(&unknown),
        (
            400,
            "Invalid parameter. Parameter = [Kind], Value = [Off]: expected Open or Off Hours"
                .to_owned()
        )
    );
    let path = client.create(
        "/vmrest/signs",
        "<Sign><Kind>Off Hours</Kind><Until>2026-01-31 05:30:00</Until></Sign>",
    );
    assert_eq!(path, "/vmrest/signs/Off%20Hours");
    let sign = |until: &str| {
        format!("<Sign><URI>{path}</URI><Kind>Off Hours</Kind>{until}<Height>3</Height></Sign>")
    };
    let until = sign("<Until>2026-01-31 05:30:00</Until>");
    assert_eq!(document(&client.get(&path)), (200, until));
    for empty in ["<Until></Until>", "<Until/>", "<Until> </Until>"] {
        let filled = client.put(&path, "<Sign><Until>2026-01-31 05:30:00</Until></Sign>");
        assert_eq!(filled.status, 204);
        assert_eq!(
            client.put(&path, format!("<Sign>{empty}</Sign>")).status,
            204
        );
        assert_eq!(document(&client.get(&path)), (200, sign("")));
    }
    let refused = client.put(&path, "<Sign><Height></Height></Sign>");
    assert_eq!(
        message(&refused),
        (
            400,
            "Invalid parameter. Parameter = [Height], Value = []: expected a whole number"
                .to_owned()
        )
    );
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get_json("/vmrest/signs").body, "null");
}

#[test]
fn an_object_has_audio_in_a_file_that_it_shares_with_no_other() {
    const TAPE: &str = r#"<resource path="tapes" list="Tapes" element="Tape" key="Name">
      <evidence id="test" documented="test"/>
      <text name="Name" by="test" access="read-only"><required by="test"/><unique by="test"/></text>
      <binary name="Sound" by="test" access="internal"/>
    </resource>"#;
    const SONG: &str = r#"<resource path="songs" list="Songs" element="Song" key="Title">
      <evidence id="test" documented="test"/>
      <verb name="read" by="test"/> <verb name="delete" by="test"/> <verb name="update" by="test"/>
      <audio segment="sound" field="Tape" creates="true" captured="test"/>
      <uri by="test"/>
      <text name="Title" by="test" access="create"><required by="test"/><unique by="test"/></text>
      <text name="Tape" by="test"><references resource="tapes" on-delete="clear" by="test"/></text>
      <link name="SoundURI" ending="/sound" with="Tape" by="test"/>
    </resource>"#;
    let mock = start(&[TAPE, SONG]);
    let client = Client::of(&mock);
    let put = |title: &str, audio: &str| {
        let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: audio/x-wav\r\n");
        let path = format!("/vmrest/songs/{title}/sound");
        client.request("PUT", &path, &headers, audio.as_bytes())
    };
    let wave = |text: &str| format!("RIFF\0\0\0\0WAVE{text}");
    assert_eq!(put("one", "MP3").status, 400);
    assert_eq!(client.get("/vmrest/songs/one").status, 404);
    let stored = put("one", &wave("1"));
    assert_eq!(stored.status, 204);
    assert_eq!(stored.header("X-Cuc-Mock-Provenance"), Some("captured"));
    assert_eq!(put("one", &wave("2")).status, 204);
    assert_eq!(client.get("/vmrest/songs/one/sound").body, wave("2"));
    assert_eq!(mock.records("tapes").len(), 1);
    let song = client.get("/vmrest/songs/one");
    assert_eq!(song.element("SoundURI"), Some("/vmrest/songs/one/sound"));
    let tape = song.element("Tape").expect("a tape");
    // A second song takes over the recording, which remains when the first one goes.
    let control = format!("<C><op>RECORD</op><resourceId>{tape}</resourceId></C>");
    assert_eq!(client.put("/vmrest/songs/two", control).status, 204);
    assert_eq!(client.delete("/vmrest/songs/one").status, 204);
    assert_eq!(client.get("/vmrest/songs/two/sound").body, wave("2"));
    assert_eq!(client.delete("/vmrest/songs/two").status, 204);
    assert_eq!(mock.records("tapes").len(), 0);
}

#[test]
fn audio_needs_a_resource_of_files() {
    const SONG: &str = r#"<resource path="songs" list="Songs" element="Song">
      <evidence id="test" documented="test"/>
      <audio segment="sound" field="Depot" by="test"/>
      <object-id by="test"/>
      <text name="Depot" by="test">
        <references resource="depots" field="Name" on-delete="clear" by="test"/>
      </text>
    </resource>"#;
    let (builder, _folder) = builder(&[DEPOT, SONG]);
    let error = builder.try_start().expect_err("a mistake").to_string();
    let expected = "1.xml:3:7: the audio is in depots, expected a resource with a key, a path without fields, and a field of bytes";
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn fixtures_get_defaults_and_may_refer_to_each_other_in_a_circle() {
    const LEFT: &str = r#"<resource path="lefts" list="Lefts" element="Left">
      <verb name="list" documented="test"/>
      <object-id documented="test"/>
      <guid name="RightObjectId" documented="test"><references resource="rights" on-delete="cascade" documented="test"/></guid>
      <text name="Colour" documented="test"><default value="red" documented="test"/></text>
    </resource>"#;
    let right = LEFT
        .replace("left", "RIGHT")
        .replace("Left", "LEFT")
        .replace("right", "left")
        .replace("Right", "Left")
        .replace("RIGHT", "right")
        .replace("LEFT", "Right");
    let (builder, folder) = builder(&[LEFT, &right]);
    let [one, two] = [
        "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11",
        "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c12",
    ];
    let fixture = |right: &str| {
        format!(
            "<UnityConnection><Lefts><Left><ObjectId>{one}</ObjectId><RightObjectId>{two}</RightObjectId></Left></Lefts>\
         <Rights><Right><ObjectId>{right}</ObjectId><LeftObjectId>{one}</LeftObjectId></Right></Rights></UnityConnection>"
        )
    };
    let path = folder.path().join("fixture.txt");
    fs::write(&path, fixture(two)).expect("a file");
    let mock = builder.fixtures(&path).start_blocking();
    let list = Client::of(&mock).get("/vmrest/lefts");
    let row = format!(
        "<Left><ObjectId>{one}</ObjectId><RightObjectId>{two}</RightObjectId><Colour>red</Colour></Left>"
    );
    assert_eq!(
        document(&list),
        (200, format!(r#"<Lefts total="1">{row}</Lefts>"#))
    );

    let broken = Client::of(&mock).control("PUT", "/__mock/state", &fixture(one));
    assert_eq!(broken.status, 400);
    assert!(
        broken.body.contains("expected the ObjectId of a Right"),
        "{broken}"
    );
}

#[test]
fn a_fixture_with_two_objects_of_which_there_is_one_is_a_mistake() {
    const SETTING: &str = r#"<resource path="setting" list="Settings" element="Setting" singleton="true">
      <verb name="read" documented="test"/>
      <integer name="Volume" documented="test"><default value="5" documented="test"/></integer>
    </resource>"#;
    let (builder, folder) = builder(&[SETTING]);
    let path = folder.path().join("fixture.txt");
    let fixture = "<Settings>\n  <Setting><Volume>1</Volume></Setting>\n  <Setting/>\n</Settings>";
    fs::write(&path, fixture).expect("a file");
    let error = builder.fixtures(&path).try_start().expect_err("a mistake");
    let error = error.to_string();
    let expected = "fixture.txt:3:3: found another Setting, expected only one";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn an_extension_can_be_dialed() {
    const BELL: &str = r#"<resource path="bells" list="Bells" element="Bell">
      <evidence id="test" documented="test"/>
      <verb name="create" by="test"/> <verb name="read" by="test"/> <verb name="update" by="test"/>
      <uri by="test"/>
      <object-id by="test"/>
      <text name="Number" by="test"><extension by="test"/></text>
    </resource>"#;
    let mock = start(&[BELL]);
    let client = Client::of(&mock);
    let bell = |number: &str| format!("<Bell><Number>{number}</Number></Bell>");
    let path = client.create("/vmrest/bells", bell(" 4001 "));
    assert_eq!(client.get(&path).element("Number"), Some("4001"));
    let refused = client.put(&path, bell("____"));
    let expected = "Invalid parameter. Parameter = [Number], Value = [____]: expected an extension: digits, or a URI such as \
                    SIP:jane@example.com";
    assert_eq!(message(&refused), (400, expected.to_owned()));
    for accepted in ["SIP:ab12cd34@test.com", "+14085551234"] {
        assert_eq!(client.put(&path, bell(accepted)).status, 204, "{accepted}");
        assert_eq!(client.get(&path).element("Number"), Some(accepted));
    }
    assert_eq!(client.put(&path, bell("")).status, 204);
    assert!(client.get(&path).body.contains("<Number/>"));
    let schema = client.get("/vmrest/schema/Bell");
    let pattern = r#"<xs:pattern value="(\+?[0-9]+|[Ss][Ii][Pp]:[^\s@]+@[^\s@]+)?"/>"#;
    assert!(schema.body.contains(pattern), "{schema}");
}

#[test]
fn a_boolean_is_false_from_a_time_on() {
    const LAMP: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
      <evidence id="test" documented="test"/>
      <verb name="list" by="test"/> <verb name="read" by="test"/> <verb name="create" by="test"/>
      <verb name="update" by="test"/>
      <object-id by="test"/>
      <text name="Kind" by="test"><choices values="Night Day" by="test"/></text>
      <boolean name="On" by="test"/>
      <date-time name="Until" by="test">
        <expiry field="On" unless="Kind is Day" by="test"/>
      </date-time>
    </resource>"#;
    let (builder, _folder) = builder(&[LAMP]);
    let mock = builder
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let lamp = |kind: &str, until: &str| {
        let body = format!("<Lamp><Kind>{kind}</Kind><On>true</On><Until>{until}</Until></Lamp>");
        client.create("/vmrest/lamps", body)
    };
    let lamps = [
        lamp("Night", "2026-01-31 12:00:01"),
        lamp("Night", "2026-01-31T12:00:03Z"),
        lamp("Day", "2026-01-31 12:00:01"),
        // It has expired before it exists.
        lamp("Night", "2026-01-31 11:00:00"),
    ];
    let on = || {
        let on = lamps.each_ref().map(|lamp| client.get(lamp));
        on.map(|lamp| lamp.element("On") == Some("true"))
    };
    let mut seen = vec![on()];
    for _ in 0..3 {
        mock.advance_clock(Duration::from_secs(1));
        seen.push(on());
    }
    assert_eq!(
        seen,
        [
            [true, true, true, false],
            [false, true, true, false],
            [false, true, true, false],
            [false, false, true, false],
        ]
    );
}
