//! Tests of the changes, with the embedded descriptions and an invented one.

use expect_test::expect;

use super::*;
use crate::{
    appliance::facts::FieldRule, engine::description::read, resources::embedded_texts,
    schema::Description,
};

const SOURCE: &str = "a server with 14.0.1.10000, 2026-11-28";
const LAMPS: &str = r#"<!-- Lamps. -->
<resource path="lamps" list="Lamps" element="Lamp">
  <evidence id="page" documented="handbook, Lamps"/>
  <evidence id="later" inferred="as chairs" since="11.5" when="Kind is 2"/>
  <evidence id="bright" inferred="as chairs" unless="Kind is 2"/>
  <verb name="list" inferred="as chairs" fields="Name Kind"/>
  <verb name="create" by="page"/>
  <undeletable by="later"/>
  <uri by="page"/>
  <object-id by="page"/>
  <text name="Name" by="page"><required by="page"/><max-length characters="8" by="page"/></text>
  <integer name="Kind" by="page">
    <default value="1" inferred="the first one"/>
    <choices values="1 2" by="page"/>
  </integer>
  <text name="Colour" by="page">
    <default value="red" by="later"/>
    <default value="white" by="bright"/>
    <default value="green" by="later" when="IsOn is true"/>
    <clears field="Name" by="page"/>
  </text>
  <guid name="RoomId" by="page"><references resource="partitions" on-delete="refuse" by="page"/></guid>
  <boolean name="IsOn" by="page"/>
  <link name="RoomURI" through="RoomId" by="page"/>
  <link name="DimURI" ending="/dim" by="later"/>
</resource>
"#;

fn lamps() -> DescriptionTree {
    DescriptionTree::read(LAMPS, SOURCE).expect("it is readable")
}

/// Returns the facts of a description, without their places in the text.
fn facts(description: &Description) -> String {
    let text = format!("{description:#?}");
    let lines = text.lines();
    let facts = lines.filter(|line| !line.trim_start().starts_with("at: "));
    facts.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn facts_of(text: &str) -> String {
    match read(text.as_bytes()) {
        Ok(description) => facts(&description),
        Err(errors) => panic!("{errors:?}\n{text}"),
    }
}

fn rule(field: &str, rule: FieldRule, number: usize) -> FactKey {
    FactKey::Rule {
        resource: "lamps".into(),
        field: field.into(),
        rule,
        number,
    }
}

#[test]
fn a_description_is_written_as_it_was_read() {
    for (path, text) in embedded_texts() {
        let tree = DescriptionTree::read(text, SOURCE).expect("it is readable");
        assert_eq!(tree.path(), path);
        assert_eq!(facts_of(&tree.to_text()), facts_of(text), "{path}");
    }
}

#[test]
fn a_confirmed_fact_keeps_its_scope() {
    for (path, text) in embedded_texts() {
        let description = read(text.as_bytes()).expect("it is readable");
        let mut tree = DescriptionTree::read(text, "a server").expect("it is readable");
        for key in keys(&description) {
            tree.confirm(&key);
        }
        let confirmed = facts_of(&tree.to_text());
        assert_eq!(
            without_evidence(&confirmed),
            without_evidence(&facts(&description)),
            "{path}"
        );
        // An expiry has no key.
        let mut fields = description.fields.iter();
        if fields.all(|field| field.expiry.is_none()) {
            let (_, fields) = confirmed.split_once(" fields: [").expect("fields");
            assert!(!fields.contains("Inferred"), "{path}\n{fields}");
        }
    }
}

/// Returns the keys of all facts about verbs and fields.
fn keys(description: &Description) -> Vec<FactKey> {
    let resource = || description.path.to_string();
    let mut keys: Vec<_> = description
        .verbs
        .iter()
        .map(|(verb, _)| FactKey::Verb {
            resource: resource(),
            verb: *verb,
        })
        .collect();
    for field in &description.fields {
        let name = || field.name.to_string();
        keys.push(FactKey::Field {
            resource: resource(),
            field: name(),
        });
        let rules = [
            (FieldRule::Required, field.required.len()),
            (FieldRule::Default, field.defaults.len()),
            (FieldRule::Choices, field.choices.len()),
            (FieldRule::MaxLength, field.max_length.iter().len()),
            (FieldRule::Extension, field.extension.iter().len()),
            (FieldRule::Range, field.range.iter().len()),
            (FieldRule::Unique, field.unique.iter().len()),
            (FieldRule::Reference, field.reference.iter().len()),
            (FieldRule::Clears, field.clears.len()),
            (FieldRule::Clearable, field.clearable.iter().len()),
        ];
        for (rule, count) in rules {
            keys.extend((0..count).map(|number| FactKey::Rule {
                resource: resource(),
                field: name(),
                rule,
                number,
            }));
        }
    }
    keys
}

fn without_evidence(facts: &str) -> String {
    let provenances = ["Documented,", "Captured,", "Client,", "Inferred,"];
    let lines = facts.lines().map(str::trim);
    let lines = lines.filter(|line| !provenances.contains(line) && !line.starts_with('"'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn fields_are_added_and_ordered() {
    let mut tree = lamps();
    assert!(tree.add_field("Watts", Kind::Integer, Access::ReadWrite, Some("Name")));
    assert!(tree.add_field("SocketURI", Kind::Text, Access::ReadOnly, None));
    assert!(
        !tree.add_field("watts", Kind::Integer, Access::ReadWrite, None),
        "it is known"
    );
    assert!(
        !tree.add_field("A-B", Kind::Integer, Access::ReadWrite, None),
        "it is no name"
    );
    assert!(
        !tree.add_field("New", Kind::Text, Access::ReadWrite, Some("None")),
        "no such place"
    );
    assert!(tree.set_order(&["Colour", "Name", "Missing", "ObjectId"]));
    assert!(
        !tree.set_order(&["Colour", "Name", "ObjectId"]),
        "it is in this order"
    );
    let fields: Vec<_> = tree.field_names().collect();
    expect!["SocketURI URI Colour RoomId IsOn RoomURI DimURI Name Watts Kind ObjectId"]
        .assert_eq(&fields.join(" "));
    facts_of(&tree.to_text());
}

#[test]
fn a_removed_field_is_named_nowhere() {
    let mut tree = lamps();
    assert!(tree.remove_field("Kind"));
    assert!(tree.remove_field("RoomId"));
    assert!(!tree.remove_field("ObjectId"), "it is the key");
    expect![[r#"
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <evidence id="later" inferred="as chairs" since="11.5"/>
          <evidence id="bright" inferred="as chairs"/>
          <verb name="list" inferred="as chairs" fields="Name"/>
          <verb name="create" by="page"/>
          <uri by="page"/>
          <object-id by="page"/>
          <text name="Name" by="page">
            <required by="page"/>
            <max-length characters="8" by="page"/>
          </text>
          <text name="Colour" by="page">
            <default value="white" inferred="as chairs"/>
            <default value="green" by="later" when="IsOn is true"/>
            <clears field="Name" by="page"/>
          </text>
          <boolean name="IsOn" by="page"/>
        </resource>
    "#]]
    .assert_eq(&tree.to_text());
    facts_of(&tree.to_text());
    assert!(!tree.remove_field("Name"), "the list would show no field");
    assert!(tree.set_list_fields(None));
    assert!(tree.remove_field("Name"));
    facts_of(&tree.to_text());
}

#[test]
fn rules_are_corrected() {
    let mut tree = lamps();
    assert!(tree.remove_rule("Name", FieldRule::MaxLength, 0));
    assert!(
        !tree.remove_rule("Name", FieldRule::MaxLength, 0),
        "it is removed"
    );
    assert!(
        !tree.remove_rule("Kind", FieldRule::Choices, 0),
        "there are conditions on it"
    );
    assert!(
        !tree.remove_rule("RoomId", FieldRule::Reference, 0),
        "a link needs it"
    );
    assert!(tree.add_choice("Kind", 0, "3"));
    assert!(!tree.add_choice("Kind", 0, "3"), "it is known");
    assert!(!tree.add_choice("Kind", 0, "three"), "it is no number");
    assert!(tree.set_default("Kind", Some(0), Some("3")));
    assert!(
        !tree.set_default("Kind", Some(0), Some("x")),
        "it is no number"
    );
    assert!(tree.set_default("Colour", Some(0), Some("blue")));
    assert!(tree.set_default("Colour", Some(1), None));
    assert!(tree.set_default("Colour", None, Some("")));
    assert!(
        !tree.set_default("Name", None, Some("Lamp")),
        "it is mandatory"
    );
    assert!(tree.confirm(&rule("ObjectId", FieldRule::Unique, 0)));
    assert!(tree.remove_verb(Verb::Create));
    assert!(tree.add_verb(Verb::Read));
    assert!(tree.set_list_fields(Some(&["Name"])));
    assert!(!tree.set_list_fields(Some(&["None"])), "no such field");
    assert!(tree.set_kind("Name", Kind::Guid));
    assert!(
        !tree.set_kind("RoomURI", Kind::Text),
        "a link has no other kind"
    );
    expect![[r#"
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <evidence id="later" inferred="as chairs" since="11.5" when="Kind is 2"/>
          <evidence id="bright" inferred="as chairs" unless="Kind is 2"/>
          <verb name="list" captured="a server with 14.0.1.10000, 2026-11-28" fields="Name"/>
          <verb name="read" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <undeletable by="later"/>
          <uri by="page"/>
          <object-id captured="a server with 14.0.1.10000, 2026-11-28"/>
          <guid name="Name" captured="a server with 14.0.1.10000, 2026-11-28">
            <required by="page"/>
          </guid>
          <integer name="Kind" by="page">
            <default value="3" captured="a server with 14.0.1.10000, 2026-11-28"/>
            <choices values="1 2 3" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </integer>
          <text name="Colour" by="page">
            <default value="blue" captured="a server with 14.0.1.10000, 2026-11-28" since="11.5" when="Kind is 2"/>
            <default value="green" by="later" when="IsOn is true"/>
            <clears field="Name" by="page"/>
            <default value="" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </text>
          <guid name="RoomId" by="page">
            <references resource="partitions" on-delete="refuse" by="page"/>
          </guid>
          <boolean name="IsOn" by="page"/>
          <link name="RoomURI" through="RoomId" by="page"/>
          <link name="DimURI" ending="/dim" by="later"/>
        </resource>
    "#]].assert_eq(&tree.to_text());
    facts_of(&tree.to_text());
}

#[test]
fn a_document_may_have_several_descriptions() {
    let paths = |document: &str| -> Vec<String> {
        let trees = DescriptionTree::read_all(document.as_bytes(), SOURCE);
        let trees = trees.expect("it is readable");
        trees.iter().map(|tree| tree.path().to_owned()).collect()
    };
    let one = r#"<resource path="lamps"/>"#;
    assert_eq!(paths(one), ["lamps"]);
    assert_eq!(
        paths(&format!("<resources>{one}{one}</resources>")),
        ["lamps", "lamps"]
    );
    assert_eq!(paths("<errors/>"), [""; 0]);
}
