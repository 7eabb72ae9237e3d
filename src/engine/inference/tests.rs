//! Inferred descriptions.

use expect_test::{Expect, expect};

use super::{KnownResources, SampleFile, SampleList, XmlSchema, infer};
use crate::engine::description;

const A: &str = "11111111-1111-4111-8111-111111111111";
const B: &str = "22222222-2222-4222-8222-222222222222";

/// A resource that has a description.
const USER: &str = r#"<resource path="users" list="Users" element="User">
  <alias path="people" verbs="list" inferred="test"/>
  <object-id inferred="test"/>
</resource>"#;

/// Returns the inferred descriptions without comments, evidence and verbs, followed by the mistakes.
fn inferred(lists: &[&str], schemas: &[&str]) -> String {
    let user = description::read(USER.as_bytes()).expect("a description");
    let descriptions = [user];
    let known = KnownResources::of_descriptions(descriptions.iter());
    let schemas = schemas
        .iter()
        .map(|text| XmlSchema::read("Lamp.xsd", text.as_bytes()));
    let schemas: Vec<_> = schemas.map(|schema| schema.expect("a schema")).collect();
    let mut rejections = Vec::new();
    let files = lists.iter().enumerate().map(|(number, text)| {
        let (mut lists, error) = SampleList::in_document(text.as_bytes(), &known);
        assert_eq!(error, None);
        lists.retain(|list| match list.rejection(&known, &schemas) {
            Some(error) => {
                rejections.push((number, error));
                false
            }
            None => true,
        });
        SampleFile {
            name: format!("{number}.xml"),
            lists,
            schemas: &schemas,
        }
    });
    let files: Vec<_> = files.collect();
    let (resources, errors) = infer(&files, &known);
    let mut lines = Vec::new();
    for resource in resources {
        description::read(resource.text.as_bytes()).expect("a description");
        let text = resource.text.lines();
        let is_fact = |line: &&str| {
            line.contains("name=") || line.contains("<resource") || line.contains("by=")
        };
        let facts = text.filter(|line| is_fact(line) && !line.contains("<verb"));
        lines.extend(facts.map(str::to_owned));
    }
    let errors = rejections.iter().chain(&errors);
    lines.extend(errors.map(|(file, error)| format!("{file}:{}: {}", error.at, error.message())));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Checks the description of a list with these objects.
#[track_caller]
fn check(objects: &[&str], expected: &Expect) {
    let objects = objects
        .iter()
        .map(|fields| format!("<Lamp>{fields}</Lamp>"));
    let list = format!("<Lamps>{}</Lamps>", objects.collect::<String>());
    expected.assert_eq(&inferred(&[&list], &[]));
}

/// Returns the URI and the ObjectId of a lamp.
fn lamp(id: &str) -> String {
    format!("<URI>/vmrest/lamps/{id}</URI><ObjectId>{id}</ObjectId>")
}

#[test]
fn the_kind_of_a_field_is_that_of_all_its_values() {
    let first = "<Bool>true</Bool><Int>-5</Int><Guid>11111111-1111-4111-8111-111111111111</Guid>\
                 <Time>2013-01-12 14:57:32.569</Time><Code>007</Code><Plus>+1</Plus><Big>4294967296</Big><Case>True</Case>\
                 <Mixed>true</Mixed><Maybe>5</Maybe><Blank> 5</Blank><Empty/>";
    let second = "<Bool>false</Bool><Int>7</Int><Guid>22222222-2222-4222-8222-222222222222</Guid>\
                  <Time>2014-01-12 14:57:32</Time><Code>12</Code><Mixed>1</Mixed><Maybe></Maybe>";
    check(
        &[&(lamp(A) + first), &(lamp(B) + second)],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <boolean name="Bool" by="file"/>
          <integer name="Int" by="file"/>
          <guid name="Guid" by="file"/>
          <date-time name="Time" by="file"/>
          <text name="Code" by="file"/>
          <text name="Plus" by="file"/>
          <text name="Big" by="file"/>
          <text name="Case" by="file"/>
          <text name="Mixed" by="file"/>
          <text name="Maybe" by="file"/>
          <text name="Blank" by="file"/>
          <text name="Empty" by="file"/>
    "#]],
    );
}

#[test]
fn the_path_and_the_key_follow_from_the_uris() {
    let call_handler = "/vmrest/handlers/callhandlers/11111111-1111-4111-8111-111111111111";
    let entry = |key: &str, encoded: &str| {
        format!(
            "<URI>{call_handler}/menuentries/{encoded}</URI><CallhandlerObjectId>{A}</CallhandlerObjectId>\
             <CallhandlerURI>{call_handler}</CallhandlerURI><TouchtoneKey>{key}</TouchtoneKey><ObjectId>{B}</ObjectId>"
        )
    };
    check(
        &[&entry("#", "%23"), &entry("1", "1")],
        &expect![[r#"
        <resource path="handlers/callhandlers/{CallhandlerObjectId}/menuentries" list="Lamps" element="Lamp" key="TouchtoneKey" parent="optional">
          <uri by="file"/>
          <guid name="CallhandlerObjectId" by="file" access="read-only">
            <required by="guess"/>
          <text name="CallhandlerURI" by="file" access="read-only"/>
          <text name="TouchtoneKey" by="file" access="create">
            <required by="guess"/>
          <guid name="ObjectId" by="file"/>
    "#]],
    );

    let file = format!(
        "<URI>{call_handler}/greetings/Alternate/greetingstreamfiles/1033</URI><CallHandlerObjectId>{A}</CallHandlerObjectId>\
         <GreetingType>Alternate</GreetingType><LanguageCode>1033</LanguageCode>"
    );
    check(
        &[&file],
        &expect![[r#"
        <resource path="handlers/callhandlers/{CallHandlerObjectId}/greetings/{GreetingType}/greetingstreamfiles" list="Lamps" element="Lamp" key="LanguageCode" parent="optional">
          <uri by="file"/>
          <guid name="CallHandlerObjectId" by="file" access="read-only">
            <required by="guess"/>
          <text name="GreetingType" by="file" access="read-only">
            <required by="guess"/>
          <integer name="LanguageCode" by="file" access="create">
            <required by="guess"/>
    "#]],
    );

    // No field has the id of the user: the list is served at its own path only.
    let device = format!(
        "<URI>/vmrest/users/{A}/notificationdevices/pagerdevices/{B}</URI><ObjectId>{B}</ObjectId><Active>true</Active>"
    );
    check(
        &[&device],
        &expect![[r#"
        <resource path="users/11111111-1111-4111-8111-111111111111/notificationdevices/pagerdevices" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <boolean name="Active" by="file"/>
    "#]],
    );

    // A field with the name of the collection is preferred.
    let member = format!(
        "<URI>/vmrest/searchspaces/{A}/members/{B}</URI><ObjectId>{B}</ObjectId><OwnerObjectId>{A}</OwnerObjectId>\
         <SearchSpaceObjectId>{A}</SearchSpaceObjectId>"
    );
    check(
        &[&member],
        &expect![[r#"
        <resource path="searchspaces/{SearchSpaceObjectId}/members" list="Lamps" element="Lamp" parent="optional">
          <uri by="file"/>
          <object-id by="file"/>
          <guid name="OwnerObjectId" by="file"/>
          <guid name="SearchSpaceObjectId" by="file" access="read-only">
            <required by="guess"/>
    "#]],
    );
}

#[test]
fn without_uris_the_path_is_the_name_of_the_list() {
    check(
        &[
            "<Room>1</Room><Colour>red</Colour>",
            "<Room>1</Room><Colour>blue</Colour>",
        ],
        &expect![[r#"
            <resource path="lamps" list="Lamps" element="Lamp" key="Colour">
              <integer name="Room" by="file"/>
              <text name="Colour" by="file" access="create">
                <required by="guess"/>
                <unique by="guess"/>
        "#]],
    );
    let object = |id: &str| format!("<Room>1</Room><ObjectId>{id}</ObjectId>");
    check(
        &[&object(A), &object(B)],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <integer name="Room" by="file"/>
          <object-id by="file"/>
    "#]],
    );
    check(
        &["<Room>1</Room>", "<Room>1</Room>"],
        &expect![[r#"
        0:0: the objects have no URI, and no field has a value of its own in each of them; expected one of the two
    "#]],
    );
    check(
        &["<Room>1</Room>", "<Colour>red</Colour>"],
        &expect![[r#"
        0:0: the objects have no URI, and no field has a value of its own in each of them; expected one of the two
    "#]],
    );
}

#[test]
fn fields_keep_the_order_that_they_have_in_all_objects() {
    check(
        &[
            &(lamp(A) + "<Room>1</Room><Watts>5</Watts>"),
            &(lamp(B) + "<Floor>2</Floor><Colour>red</Colour><Watts>6</Watts>"),
        ],
        &expect![[r#"
            <resource path="lamps" list="Lamps" element="Lamp">
              <uri by="file"/>
              <object-id by="file"/>
              <integer name="Room" by="file"/>
              <integer name="Floor" by="file"/>
              <text name="Colour" by="file"/>
              <integer name="Watts" by="file"/>
        "#]],
    );
}

#[test]
fn links_are_paths_that_all_objects_have() {
    let links = |id: &str, other: &str| {
        format!(
            "{}<BulbsURI>/vmrest/lamps/{id}/bulbs</BulbsURI><PlugURI>/vmrest/lamps/{id}/{other}</PlugURI>\
             <HelpURI>https://lamps.example</HelpURI>",
            lamp(id)
        )
    };
    check(
        &[&links(A, "left"), &links(B, "right")],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <link name="BulbsURI" ending="/bulbs" by="file"/>
          <text name="PlugURI" by="file" access="read-only"/>
          <text name="HelpURI" by="file"/>
    "#]],
    );

    let some =
        lamp(A) + "<BulbsURI>/vmrest/lamps/11111111-1111-4111-8111-111111111111/bulbs</BulbsURI>";
    check(
        &[&some, &lamp(B)],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <text name="BulbsURI" by="file" access="read-only"/>
    "#]],
    );
}

#[test]
fn a_link_through_a_field_leads_to_another_resource_of_the_files() {
    let rooms =
        format!("<Rooms><Room><URI>/vmrest/rooms/{A}</URI><ObjectId>{A}</ObjectId></Room></Rooms>");
    let lamps = |room: &str| {
        format!(
            "<Lamps><Lamp>{}<RoomObjectId>{room}</RoomObjectId><RoomURI>/vmrest/rooms/{room}</RoomURI></Lamp><Lamp>{}</Lamp></Lamps>",
            lamp(A),
            lamp(B)
        )
    };
    expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <guid name="RoomObjectId" by="file">
            <references resource="rooms" on-delete="refuse" by="guess"/>
          <link name="RoomURI" through="RoomObjectId" by="file"/>
        <resource path="rooms" list="Rooms" element="Room">
          <uri by="file"/>
          <object-id by="file"/>
    "#]]
    .assert_eq(&inferred(&[&lamps(A), &rooms], &[]));
    // The room is not among the objects.
    expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <guid name="RoomObjectId" by="file"/>
          <text name="RoomURI" by="file" access="read-only"/>
        <resource path="rooms" list="Rooms" element="Room">
          <uri by="file"/>
          <object-id by="file"/>
    "#]]
    .assert_eq(&inferred(&[&lamps(B), &rooms], &[]));
}

#[test]
fn several_lists_of_a_name_are_one_resource() {
    let list = |user: &str, id: &str| {
        format!(
            "<UnityConnection><Lamps total=\"1\"><Lamp><URI>/vmrest/users/{user}/lamps/{id}</URI><ObjectId>{id}</ObjectId>\
             <UserObjectId>{user}</UserObjectId></Lamp></Lamps><Users/></UnityConnection>"
        )
    };
    expect![[r#"
        <resource path="users/{UserObjectId}/lamps" list="Lamps" element="Lamp" parent="optional">
          <uri by="file"/>
          <object-id by="file"/>
          <guid name="UserObjectId" by="file" access="read-only">
            <required by="guess"/>
    "#]]
    .assert_eq(&inferred(&[&list(A, A), &list(B, B)], &[]));
    let other = "<Lamps><Light><URI>/vmrest/lamps/1</URI><Id>1</Id></Light></Lamps>";
    expect![[r#"
        1:7: found <Light>, expected <Lamp>, as in the other lists
    "#]]
    .assert_eq(&inferred(&[&list(A, A), other], &[]));
}

#[test]
fn uris_from_which_no_path_follows_are_mistakes() {
    let id = format!("<ObjectId>{A}</ObjectId>");
    for (objects, expected) in [
        (
            vec![format!("{id}<URI>https://host/vmrest/lamps/{A}</URI>")],
            expect![[r#"
                0:70: URI is "https://host/vmrest/lamps/11111111-1111-4111-8111-111111111111", expected a path such as /vmrest/users/ID
            "#]],
        ),
        (
            vec![format!("{id}<URI>/vmrest/{A}</URI>")],
            expect![[r#"
            0:70: URI is "/vmrest/11111111-1111-4111-8111-111111111111", expected a path such as /vmrest/users/ID
        "#]],
        ),
        (
            vec![format!("{id}<URI>/vmrest/lamps/{A}/</URI>")],
            expect![[r#"
                0:70: URI is "/vmrest/lamps/11111111-1111-4111-8111-111111111111/", expected a path such as /vmrest/users/ID
            "#]],
        ),
        (
            vec![format!("{id}<URI>/vmrest/lamps/{B}</URI>")],
            expect![[r#"
                0:70: URI ends with "22222222-2222-4222-8222-222222222222", expected the value of one field in all objects, such as ObjectId: the key of the resource
            "#]],
        ),
        (
            vec![
                lamp(A),
                format!("<URI>/vmrest/lights/{B}</URI><ObjectId>{B}</ObjectId>"),
            ],
            expect![[r#"
                0:144: URI is "/vmrest/lights/22222222-2222-4222-8222-222222222222", expected a path below /vmrest/lamps, as in the first object; a list of several collections needs a description
            "#]],
        ),
        (
            vec![
                lamp(A),
                format!("<URI>/vmrest/rooms/1/lamps/{B}</URI><ObjectId>{B}</ObjectId>"),
            ],
            expect![[r#"
                0:144: URI is "/vmrest/rooms/1/lamps/22222222-2222-4222-8222-222222222222", expected a path below /vmrest/lamps, as in the first object; a list of several collections needs a description
            "#]],
        ),
        (
            vec![
                format!("<URI>/vmrest/rooms/1/lamps/{A}</URI>{id}"),
                format!("<URI>/vmrest/rooms/2/lamps/{B}</URI><ObjectId>{B}</ObjectId>"),
            ],
            expect![[r#"
                0:13: URI contains "1", expected the value of one field in all objects; other resources need a description, whose path is such as users/{UserObjectId}/mwis
            "#]],
        ),
        (
            vec![format!("{}<Room><Floor>1</Floor></Room>", lamp(A))],
            expect![[r#"
                0:131: Room contains elements, expected a text: the objects of a list are flat
            "#]],
        ),
    ] {
        let objects: Vec<_> = objects.iter().map(String::as_str).collect();
        check(&objects, &expected);
    }
}

#[test]
fn a_list_that_may_be_that_of_a_known_resource_is_a_mistake() {
    let user = |path: &str| format!("<X><URI>/vmrest/{path}/{A}</URI><ObjectId>{A}</ObjectId></X>");
    for (list, expected) in [
        (
            format!("<Usres>{}</Usres>", user("users")),
            expect![[r#"
            0:0: found <Usres>, expected <Users>, because the URIs are below /vmrest/users; a list of another resource has another path in them
        "#]],
        ),
        (
            format!("<Lamps>{}</Lamps>", user("people")),
            expect![[r#"
            0:0: found <Lamps>, expected <Users>, because the URIs are below /vmrest/people; a list of another resource has another path in them
        "#]],
        ),
        (
            "<Lamps><user><A>1</A></user></Lamps>".to_owned(),
            expect![[r#"
                0:0: found <Lamps>, expected <Users>, because of its objects; a list of another resource has objects of another name, with another path in their URIs
            "#]],
        ),
        (
            "<Usres><X><A>1</A></X></Usres>".to_owned(),
            expect![[r#"
            0:0: found <Usres>, expected <Users>; a list of another resource with such a name has objects with a URI
        "#]],
        ),
        (
            "<Lamps><Usr><A>1</A></Usr></Lamps>".to_owned(),
            expect![[r#"
                0:0: found <Lamps>, expected <Users>; a list of another resource with such a name has objects with a URI
            "#]],
        ),
        // Its URIs show that it is another resource.
        (
            format!("<Usres>{}</Usres>", user("usres")),
            expect![[r#"
            <resource path="usres" list="Usres" element="X">
              <uri by="file"/>
              <object-id by="file"/>
        "#]],
        ),
        (
            "<Lamps/>".to_owned(),
            expect![[r#"
                0:0: found <Lamps>, expected <Users> or <UnityConnection>; when a server starts, a list of another resource needs an object, or its XSD beside the file
            "#]],
        ),
        (
            "<Lamps><Lamp/></Lamps>".to_owned(),
            expect![[r#"
            0:0: found <Lamps>, expected <Users> or <UnityConnection>, or a list of another resource: objects of one name that have fields
        "#]],
        ),
        (
            "<Lamp><Room>1</Room><Room>2</Room></Lamp>".to_owned(),
            expect![[r#"
                0:0: found <Lamp>, expected <Users> or <UnityConnection>, or a list of another resource: objects of one name that have fields
            "#]],
        ),
        (
            "<Lamps><Lamp><A>1</A></Lamp><Light><A>2</A></Light></Lamps>".to_owned(),
            expect![[r#"
                0:0: found <Lamps>, expected <Users> or <UnityConnection>, or a list of another resource: objects of one name that have fields
            "#]],
        ),
    ] {
        expected.assert_eq(&inferred(&[&list], &[]));
    }
}

#[test]
fn a_schema_describes_fields_without_values() {
    let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:v="vendor">
      <xs:element name="Lamps"><xs:complexType><xs:sequence>
        <xs:element name="Lamp" type="v:Lamp" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence><xs:attribute name="total" type="xs:int"/></xs:complexType></xs:element>
      <xs:complexType name="Base"><xs:sequence>
        <xs:element name="URI" type="xs:anyURI"/>
        <xs:element name="ObjectId" type="xs:string"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="Lamp"><xs:complexContent><xs:extension base="v:Base"><xs:all>
        <xs:element ref="v:Colour"/>
        <xs:element name="IsOn" type="xs:boolean"/>
        <xs:element name="Watts" type="v:Watts"/>
        <xs:element name="Serial" type="xs:long"/>
        <xs:element name="Made" type="xs:dateTime"/>
        <xs:element name="Label"><xs:simpleType><xs:restriction base="xs:string">
          <xs:maxLength value="8"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="Mode"><xs:simpleType><xs:restriction base="xs:int">
          <xs:enumeration value="0"/><xs:enumeration value="2"/>
        </xs:restriction></xs:simpleType></xs:element>
      </xs:all></xs:extension></xs:complexContent></xs:complexType>
      <xs:element name="Colour"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="red"/><xs:enumeration value="dark blue"/>
      </xs:restriction></xs:simpleType></xs:element>
      <xs:simpleType name="Watts"><xs:restriction base="xs:short">
        <xs:minInclusive value="1"/><xs:maxInclusive value="100"/>
      </xs:restriction></xs:simpleType>
    </xs:schema>"#;
    expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="schema"/>
          <object-id by="schema"/>
          <text name="Colour" by="schema"/>
          <boolean name="IsOn" by="schema"/>
          <integer name="Watts" by="schema">
            <range min="1" max="100" by="schema"/>
          <integer name="Serial" by="schema"/>
          <date-time name="Made" by="schema"/>
          <text name="Label" by="schema">
            <max-length characters="8" by="schema"/>
          <integer name="Mode" by="schema">
            <choices values="0 2" by="schema"/>
    "#]]
    .assert_eq(&inferred(&[r#"<Lamps total="0"/>"#], &[schema]));
    // The values of the list show more than the schema.
    let list = format!(
        "<Lamps><Lamp>{}<Watts/><Serial>4294967296</Serial><Made>now</Made><Mode>2</Mode><New>1</New></Lamp></Lamps>",
        lamp(A)
    );
    expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <text name="Colour" by="schema"/>
          <boolean name="IsOn" by="schema"/>
          <text name="Watts" by="file"/>
          <text name="Serial" by="file"/>
          <text name="Made" by="file"/>
          <text name="Label" by="schema">
            <max-length characters="8" by="schema"/>
          <integer name="Mode" by="file">
            <choices values="0 2" by="schema"/>
          <integer name="New" by="file"/>
    "#]]
    .assert_eq(&inferred(&[&list], &[schema]));
}

#[test]
fn values_that_a_schema_excludes_are_kept_without_its_rule() {
    let restriction = |name: &str, base: &str, facets: &str| {
        format!(
            "<xs:element name=\"{name}\"><xs:simpleType><xs:restriction base=\"xs:{base}\">{facets}</xs:restriction>\
             </xs:simpleType></xs:element>"
        )
    };
    let schema = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"Lamp\"><xs:complexType><xs:all>\
         <xs:element name=\"IsOn\" type=\"xs:boolean\"/><xs:element name=\"Watts\" type=\"xs:int\"/>{}{}{}{}{}{}\
         </xs:all></xs:complexType></xs:element></xs:schema>",
        restriction("Label", "string", "<xs:maxLength value=\"3\"/>"),
        restriction("Name", "string", "<xs:maxLength value=\"4\"/>"),
        restriction("Colour", "string", "<xs:enumeration value=\"red\"/>"),
        restriction(
            "Floor",
            "int",
            "<xs:minInclusive value=\"1\"/><xs:maxInclusive value=\"9\"/>"
        ),
        restriction(
            "Room",
            "int",
            "<xs:maxInclusive value=\"9\"/><xs:enumeration value=\"10\"/>"
        ),
        restriction(
            "Id",
            "string",
            &format!("<xs:pattern value=\"{}\"/>", crate::engine::xsd::GUID)
        ),
    );
    let list = format!(
        "<Lamps><Lamp>{}<IsOn>yes</IsOn><Watts>5000000000</Watts><Label>four</Label><Name>größ</Name><Colour>blue</Colour>\
         <Floor>10</Floor><Room>10</Room><Id>1</Id></Lamp></Lamps>",
        lamp(A)
    );
    expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <text name="IsOn" by="file"/>
          <text name="Watts" by="file"/>
          <text name="Label" by="file"/>
          <text name="Name" by="file">
            <max-length characters="4" by="schema"/>
          <text name="Colour" by="file"/>
          <integer name="Floor" by="file"/>
          <integer name="Room" by="file">
            <choices values="10" by="schema"/>
          <text name="Id" by="file"/>
    "#]]
    .assert_eq(&inferred(&[&list], &[&schema]));
}

#[test]
fn a_path_that_a_response_spells_in_another_way_is_a_guess() {
    let id = "3f8b1c6e-52d7-4a90-8e1b-6c0d9a7f2b45";
    let object_id = format!("<ObjectId>{id}</ObjectId>");
    let uri = |key: &str| format!("<URI>/vmrest/lamps/{key}</URI>");
    let upper = id.to_uppercase();
    check(
        &[&(uri(&upper) + &object_id)],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="guess"/>
          <object-id by="file"/>
    "#]],
    );
    let bulbs = format!("<BulbsURI>/vmrest/lamps/{upper}/bulbs</BulbsURI>");
    check(
        &[&(uri(id) + &object_id + &bulbs)],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="file"/>
          <object-id by="file"/>
          <link name="BulbsURI" ending="/bulbs" by="guess"/>
    "#]],
    );
    check(
        &[&(uri("a@b:c") + "<Name>a@b:c</Name>")],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp" key="Name">
          <uri by="guess"/>
          <text name="Name" by="file" access="create">
            <required by="guess"/>
            <unique by="guess"/>
    "#]],
    );
    check(
        &[&(uri("a%40b%3Ac") + "<Name>a@b:c</Name>")],
        &expect![[r#"
            <resource path="lamps" list="Lamps" element="Lamp" key="Name">
              <uri by="file"/>
              <text name="Name" by="file" access="create">
                <required by="guess"/>
                <unique by="guess"/>
        "#]],
    );
    // One object has no URI.
    check(
        &[&lamp(A), &object_id],
        &expect![[r#"
        <resource path="lamps" list="Lamps" element="Lamp">
          <uri by="guess"/>
          <object-id by="file"/>
    "#]],
    );
}
