//! The mistakes in descriptions that `cuc-mock check --resources` reports.

use std::{fmt::Write, fs, path::Path};

use cuc_mock::{CucMock, Release};
use expect_test::{Expect, expect};

use crate::support::{XmlSchemaValidator, cuc_mock, output};

const LAMP: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
<evidence id="page" documented="page"/>
<evidence id="late" documented="page" since="12.5"/>
<verb name="list" by="page"/>
<uri by="page"/>
<object-id by="page"/>
<text name="Colour" by="page"/>
</resource>
"#;

/// Writes descriptions to a folder, as `0.xml`, `1.xml` and so on.
fn folder(descriptions: &[impl AsRef<str>]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, description) in descriptions.iter().enumerate() {
        let path = folder.path().join(format!("{number}.xml"));
        fs::write(path, description.as_ref()).expect("a file");
    }
    folder
}

/// Returns the mistakes in descriptions.
#[track_caller]
pub(crate) fn mistakes(descriptions: &[impl AsRef<str>]) -> String {
    let folder = folder(descriptions);
    let mut command = cuc_mock(&["check", "--resources", "."]);
    let (status, _, stderr) = output(command.current_dir(folder.path()));
    assert_eq!(status, if stderr.is_empty() { 0 } else { 2 }, "{stderr}");
    stderr
}

/// Returns the lamp with one text replaced.
#[track_caller]
fn lamp(old: &str, new: &str) -> String {
    assert!(LAMP.contains(old), "{old}");
    LAMP.replacen(old, new, 1)
}

/// Asserts the mistakes of lamps, each with one text replaced by another.
#[track_caller]
fn assert_mistakes(replacements: &[(&str, &str)], expected: &Expect) {
    let mut found = String::new();
    for (old, new) in replacements {
        let mistakes = mistakes(&[lamp(old, new)]).replace("./0.xml:", "");
        write!(found, "{new}\n{mistakes}").expect("a text");
    }
    expected.assert_eq(&found);
}

/// Asserts that a server of each release starts with these descriptions.
#[track_caller]
pub(crate) fn assert_accepted(descriptions: &[impl AsRef<str>]) {
    let folder = folder(descriptions);
    for release in Release::ALL {
        let builder = CucMock::builder()
            .release(*release)
            .resources(folder.path());
        let started = builder.try_start().map(drop);
        assert!(started.is_ok(), "{release}: {started:?}");
    }
}

const COLOUR: &str = r#"<text name="Colour" by="page"/>"#;
const LIST: &str = r#"<verb name="list" by="page"/>"#;

#[test]
fn two_routes_of_a_release_are_never_the_same() {
    assert_mistakes(
        &[
            (LIST, r#"<alias path="cluster" verbs="list" by="page"/>"#),
            (
                LIST,
                r#"<alias path="cluster" verbs="list" by="page" until="10.5"/>"#,
            ),
            (LIST, r#"<alias path="lamps" verbs="list" by="page"/>"#),
            (
                LIST,
                r#"<alias path="a" verbs="list" by="page"/><alias path="a" verbs="create" by="page"/>"#,
            ),
            (
                LIST,
                r#"<alias path="a" verbs="read" by="page"/><alias path="a" verbs="delete" by="page"/>"#,
            ),
            (LIST, r#"<alias path="tenants" verbs="delete" by="page"/>"#),
            (
                LIST,
                r#"<action name="on" by="page"/><action name="on" by="page"/>"#,
            ),
            (LIST, r#"<action name="{on}" by="page"/>"#),
            (LIST, r#"<action name="" by="page"/>"#),
            (LIST, r#"<alias path="a{b" verbs="list" by="page"/>"#),
            (LIST, r#"<alias path="{*a}" verbs="list" by="page"/>"#),
            (LIST, r#"<alias path="/a" verbs="list" by="page"/>"#),
            (LIST, r#"<alias path="" verbs="list" by="page"/>"#),
            (LIST, r#"<alias path="schema" verbs="list" by="page"/>"#),
            ("path=\"lamps\"", "path=\"version\""),
            ("path=\"lamps\"", "path=\"version/product\""),
            ("path=\"lamps\"", "path=\"schema\""),
        ],
        &expect![[r#"
            <alias path="cluster" verbs="list" by="page"/>
            4:1: the resource cluster has /vmrest/cluster in release 10.5, too; expected another path
            4:1: the resource vmsservers has /vmrest/cluster in release 11.5, too; expected another path
            <alias path="cluster" verbs="list" by="page" until="10.5"/>
            4:1: the resource cluster has /vmrest/cluster in release 10.5, too; expected another path
            <alias path="lamps" verbs="list" by="page"/>
            4:1: /vmrest/lamps is given twice in release 10.5, expected it once
            <alias path="a" verbs="list" by="page"/><alias path="a" verbs="create" by="page"/>
            4:41: /vmrest/a is given twice in release 10.5, expected it once
            <alias path="a" verbs="read" by="page"/><alias path="a" verbs="delete" by="page"/>
            4:41: /vmrest/a/{id} is given twice in release 10.5, expected it once
            <alias path="tenants" verbs="delete" by="page"/>
            4:1: the resource tenants has /vmrest/tenants/{id} in release 10.5, too; expected another path
            <action name="on" by="page"/><action name="on" by="page"/>
            4:30: the action is given twice, expected it once
            <action name="{on}" by="page"/>
            4:1: name is "{on}", expected a path such as reset, without a slash at its ends
            <action name="" by="page"/>
            4:1: name is "", expected a path such as reset, without a slash at its ends
            <alias path="a{b" verbs="list" by="page"/>
            4:1: found "a{b", expected a path such as users, without a slash at its ends
            <alias path="{*a}" verbs="list" by="page"/>
            4:1: found "{*a}", expected a path such as users, without a slash at its ends
            4:1: found "*a", expected the name of a field of the resource
            <alias path="/a" verbs="list" by="page"/>
            4:1: found "/a", expected a path such as users, without a slash at its ends
            <alias path="" verbs="list" by="page"/>
            4:1: found "", expected a path such as users, without a slash at its ends
            <alias path="schema" verbs="list" by="page"/>
            4:1: found the path "schema", expected one outside of /vmrest/schema, where the API describes itself
            path="version"
            1:1: found the path "version", expected one outside of /vmrest/version, where the API describes itself
            path="version/product"
            1:1: found the path "version/product", expected one outside of /vmrest/version, where the API describes itself
            path="schema"
            1:1: found the path "schema", expected one outside of /vmrest/schema, where the API describes itself
        "#]],
    );
}

#[test]
fn a_path_with_only_an_action_belongs_to_one_resource() {
    let view = r#"<view path="lamps/{Colour}" list="Views" element="View" by="page"/>"#;
    let lights = LAMP.replace("lamp", "light").replace("Lamp", "Light");
    let lights = lights.replacen(LIST, view, 1);
    let found = [
        r#"<action method="dim" by="page"/>"#,
        r#"<verb name="delete" by="page"/>"#,
    ]
    .map(|child| {
        let lamp = lamp(LIST, &format!("{LIST}{child}"));
        let [first, last] = [mistakes(&[&lamp, &lights]), mistakes(&[&lights, &lamp])];
        first + &last
    });
    expect![[r#"
        ./1.xml:4:1: the resource lamps has /vmrest/lamps/{id} in release 10.5, too; expected another path
        ./1.xml:4:30: the resource lights has /vmrest/lamps/{id} in release 10.5, too; expected another path
        ./1.xml:4:1: the resource lamps has /vmrest/lamps/{id} in release 10.5, too; expected another path
        ./1.xml:1:1: the resource lights has /vmrest/lamps/{id} in release 10.5, too; expected another path
    "#]].assert_eq(&found.concat());
}

#[test]
fn conflicts_between_descriptions_are_reported_for_that_of_the_user() {
    let read = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resources");
        fs::read_to_string(folder.join(name)).expect("a description")
    };
    let alias = r#"<alias path="users" verbs="list" inferred="test"/>"#;
    let tenants = read("tenants.xml").replace("  <uri ", &format!("  {alias}\n  <uri "));
    let renamed = read("tenants.xml").replace("list=\"Tenants\"", "list=\"users\"");
    let other = lamp("Lamps", "Lights").replace("\"Lamp\"", "\"Light\"");
    let found = [
        mistakes(&[&tenants]),
        mistakes(&[&renamed]),
        mistakes(&[LAMP, &other]),
    ];
    expect![[r#"
        ./0.xml:23:3: the resource users has /vmrest/users in release 10.5, too; expected another path
        ./0.xml:8:1: users is the name of an element of users, too; expected another one
        ./1.xml:1:1: the resource lamps has /vmrest/lamps in release 10.5, too; expected another path
    "#]].assert_eq(&found.concat());
}

#[test]
fn names_of_elements_differ_in_all_letter_cases_and_from_the_documents_of_the_api() {
    let list = "list=\"Lamps\"";
    assert_mistakes(
        &[
            (list, "list=\"tenants\""),
            (list, "list=\"LAMP\""),
            (list, "list=\"UnityConnection\""),
            (list, "list=\"schemas\""),
            ("element=\"Lamp\"", "element=\"VersionInformation\""),
            ("element=\"Lamp\"", "element=\"errordetails\""),
            ("element=\"Lamp\"", "element=\"Server\""),
        ],
        &expect![[r#"
            list="tenants"
            1:1: tenants is the name of an element of tenants, too; expected another one
            list="LAMP"
            1:1: Lamp is the name of the list and of its objects, expected two names
            list="UnityConnection"
            1:1: UnityConnection is the name of a document of the API, expected another one
            list="schemas"
            1:1: schemas is the name of a document of the API, expected another one
            element="VersionInformation"
            1:1: VersionInformation is the name of a document of the API, expected another one
            element="errordetails"
            1:1: errordetails is the name of a document of the API, expected another one
            element="Server"
            1:1: Server is the name of an element of cluster, too; expected another one
        "#]],
    );
}

#[test]
fn scopes_begin_before_they_end_and_are_given_once_and_only_where_they_mean_something() {
    assert_mistakes(
        &[
            (
                "element=\"Lamp\"",
                "element=\"Lamp\" since=\"14\" until=\"10.5\"",
            ),
            (
                LIST,
                r#"<alias path="a" verbs="list" by="late" until="10.5"/>"#,
            ),
            (LIST, r#"<verb name="list" by="page" since="10.5"/>"#),
            (LIST, r#"<verb name="list" by="late"/>"#),
            (LIST, r#"<action name="on" by="page" until="15"/>"#),
            (
                COLOUR,
                r#"<text name="Colour" by="page"><unique by="page" since="10.5"/></text>"#,
            ),
            (
                COLOUR,
                r#"<text name="Colour" by="page"><unique by="late"/></text>"#,
            ),
            (
                COLOUR,
                r#"<text name="Colour" by="page"><max-length characters="3" by="page" when="Colour is 1"/></text>"#,
            ),
            (
                COLOUR,
                r#"<boolean name="On" by="page"/><text name="A" by="page"><required by="page" when="On is true" unless="On is false"/></text>"#,
            ),
        ],
        &expect![[r#"
            element="Lamp" since="14" until="10.5"
            1:1: the resource ends before 14, expected a later release
            <alias path="a" verbs="list" by="late" until="10.5"/>
            4:1: the fact ends before 12.5, expected a later release
            <verb name="list" by="page" since="10.5"/>
            4:1: found releases, expected none of since and until
            <verb name="list" by="late"/>
            4:1: found a scope, expected none of since, until, when and unless
            <action name="on" by="page" until="15"/>
            <text name="Colour" by="page"><unique by="page" since="10.5"/></text>
            7:31: found a scope, expected none of since, until, when and unless
            <text name="Colour" by="page"><unique by="late"/></text>
            7:31: found a scope, expected none of since, until, when and unless
            <text name="Colour" by="page"><max-length characters="3" by="page" when="Colour is 1"/></text>
            7:31: found a scope, expected none of since, until, when and unless
            <boolean name="On" by="page"/><text name="A" by="page"><required by="page" when="On is true" unless="On is false"/></text>
            7:56: found when and unless, expected one of the two
        "#]],
    );
}

#[test]
fn evidence_has_a_source_wherever_it_is_given() {
    assert_mistakes(
        &[
            (LIST, r#"<verb name="list" documented=""/>"#),
            (
                LIST,
                r#"<evidence id="none" client=" "/><alias path="a" verbs="list" captured=""/>"#,
            ),
            (
                COLOUR,
                r#"<text name="Colour" inferred=""><required documented=""/></text>"#,
            ),
        ],
        &expect![[r#"
            <verb name="list" documented=""/>
            4:1: the evidence is empty, expected its source
            <evidence id="none" client=" "/><alias path="a" verbs="list" captured=""/>
            4:1: the evidence is empty, expected its source
            4:33: the evidence is empty, expected its source
            <text name="Colour" inferred=""><required documented=""/></text>
            7:1: the evidence is empty, expected its source
            7:33: the evidence is empty, expected its source
        "#]],
    );
}

#[test]
fn a_missing_attribute_is_reported_with_those_that_are_given_instead() {
    let rule = |rule: &str| format!(r#"<text name="Colour" by="page">{rule}</text>"#);
    let max_length = rule(r#"<max-length chars="3" by="page"/>"#);
    let reference = rule(r#"<references resource="users" ondelete="clear" by="page"/>"#);
    let many = rule(r#"<default a="" b="" c="" d="" e="" f="" when="Colour is a" by="page"/>"#);
    assert_mistakes(
        &[
            (COLOUR, &max_length),
            (COLOUR, &reference),
            (COLOUR, &many),
            (LIST, r#"<verb by="page"/>"#),
            (LIST, r#"<alias paht="a" verbs="list" by="page"/>"#),
        ],
        &expect![[r#"
            <text name="Colour" by="page"><max-length chars="3" by="page"/></text>
            7:31: <max-length> lacks the attribute characters, found chars
            <text name="Colour" by="page"><references resource="users" ondelete="clear" by="page"/></text>
            7:31: <references> lacks the attribute on-delete, found ondelete
            <text name="Colour" by="page"><default a="" b="" c="" d="" e="" f="" when="Colour is a" by="page"/></text>
            7:31: <default> lacks the attribute value, found a, b, c, d, e
            <verb by="page"/>
            4:1: <verb> lacks the attribute name
            <alias paht="a" verbs="list" by="page"/>
            4:1: <alias> lacks the attribute path, found paht
        "#]],
    );
}

#[test]
fn a_fact_has_exactly_one_evidence() {
    assert_mistakes(
        &[
            (COLOUR, r#"<text name="Colour"/>"#),
            (COLOUR, r#"<text name="Colour" by="page" client="test"/>"#),
            (
                COLOUR,
                r#"<text name="Colour" captured="a" documented="b"/>"#,
            ),
        ],
        &expect![[r#"
            <text name="Colour"/>
            7:1: found no evidence, expected one of the attributes documented, captured, client, inferred and by
            <text name="Colour" by="page" client="test"/>
            7:1: found client and by, expected one of them
            <text name="Colour" captured="a" documented="b"/>
            7:1: found documented and captured, expected one of them
        "#]],
    );
}

#[test]
fn a_mistake_in_an_evidence_is_reported_once() {
    let alias = r#"<alias path="a" verbs="list" by="new"/>"#;
    let [misspelt, without_id, twice, unknown] = [
        r#"<evidence id="new" documented="test" sinse="14"/>"#,
        r#"<evidence documented="test"/>"#,
        r#"<evidence id="new"/><evidence id="new" client="test"/>"#,
        r#"<evidence id="old" client="test"/>"#,
    ]
    .map(|evidence| format!("{evidence}{alias}"));
    assert_mistakes(
        &[
            (LIST, &misspelt),
            (LIST, &without_id),
            (LIST, &twice),
            (LIST, &unknown),
        ],
        &expect![[r#"
            <evidence id="new" documented="test" sinse="14"/><alias path="a" verbs="list" by="new"/>
            4:1: <evidence> has the attribute sinse, expected since
            <evidence documented="test"/><alias path="a" verbs="list" by="new"/>
            4:1: <evidence> lacks the attribute id
            <evidence id="new"/><evidence id="new" client="test"/><alias path="a" verbs="list" by="new"/>
            4:1: found no evidence, expected one of the attributes documented, captured, client, inferred and by
            4:21: the id "new" is given twice, expected it once
            <evidence id="old" client="test"/><alias path="a" verbs="list" by="new"/>
            4:35: by is "new", expected the id of an <evidence> before this element
        "#]],
    );
}

#[test]
fn a_key_is_a_field_with_a_value_that_clients_see_and_never_change() {
    let key = |field: &str| {
        let lamp = lamp("element=\"Lamp\"", "element=\"Lamp\" key=\"Colour\"");
        mistakes(&[lamp.replacen(COLOUR, field, 1)])
    };
    let rules = r#"<required by="page"/><unique by="page"/>"#;
    let found = [
        r#"<link name="Colour" ending="/colour" by="page"/>"#.to_owned(),
        format!(r#"<text name="Colour" by="page">{rules}</text>"#),
        format!(r#"<text name="Colour" by="page" access="secret">{rules}</text>"#),
        r#"<text name="Colour" by="page" access="create"><unique by="page"/></text>"#.to_owned(),
        r#"<text name="Colour" by="page" access="create"><required by="page"/></text>"#.to_owned(),
        format!(r#"<text name="Colour" by="page" access="create" since="12.5">{rules}</text>"#),
    ]
    .map(|field| key(&field));
    expect![[r#"
        ./0.xml:7:1: the key is Colour, which is computed; expected a field with a value
        ./0.xml:7:1: Colour is the key, expected its access to be read-only or create
        ./0.xml:7:1: Colour is the key, expected its access to be read-only or create
        ./0.xml:7:1: Colour is the key, expected it to be required in all releases of the resource
        ./0.xml:7:1: Colour is the key, expected it to be unique
        ./0.xml:7:1: Colour is the key, expected it to be required in all releases of the resource
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn facts_are_compared_in_the_releases_of_the_resource() {
    let colour = r#"<text name="Colour" by="late" access="create"><required by="late"/><unique by="late"/><max-length characters="9" by="late"/></text>"#;
    let late = lamp(COLOUR, colour)
        .replacen(
            "element=\"Lamp\"",
            "element=\"Lamp\" key=\"Colour\" since=\"12.5\"",
            1,
        )
        .replacen(LIST, "<verb name=\"list\" by=\"late\"/>", 1);
    let early = lamp("element=\"Lamp\"", "element=\"Lamp\" until=\"11.5\"");
    let later = lamp(
        COLOUR,
        r#"<text name="Colour" by="late"><unique by="late"/></text>"#,
    )
    .replace("lamp", "light")
    .replace("Lamp", "Light")
    .replacen(
        LIST,
        r#"<alias path="cluster" verbs="list" by="page" since="15"/>"#,
        1,
    );
    let servers = lamp("path=\"lamps\"", "path=\"vmsservers\"").replace("Lamp", "VmsServer");
    assert_accepted(&[late, early, later, servers]);
}

#[test]
fn choices_and_defaults_are_values_that_a_record_can_have() {
    let field =
        |kind: &str, rules: &str| format!("<{kind} name=\"F\" by=\"page\">{rules}</{kind}>");
    let fields = [
        field("integer", r#"<default value="one" by="page"/>"#),
        field("integer", r#"<default value="07" by="page"/>"#),
        field("integer", r#"<choices values="1 2147483648" by="page"/>"#),
        field("boolean", r#"<default value="1" by="page"/>"#),
        field("guid", r#"<default value="" by="page"/>"#),
        field("date-time", r#"<default value="Now" by="page"/>"#),
        field(
            "date-time",
            r#"<default value="now" by="page"/><choices values="2013-01-12" by="page"/>"#,
        ),
        field(
            "date-time",
            r#"<default value="2016-02-02T22:36:17" by="page"/>"#,
        ),
        field(
            "date-time",
            r#"<default value="2016-02-02T22:36:17Z" by="page"/>"#,
        ),
        field("date-time", r#"<default value="now-utc" by="page"/>"#),
        field(
            "date-time",
            r#"<default value="now-utc" by="page"/><choices values="2016-02-02T22:36:17Z" by="page"/>"#,
        ),
        field(
            "text",
            r#"<default value="long" by="page"/><choices values="long" by="page"/><max-length characters="3" by="page"/>"#,
        ),
        field(
            "text",
            r#"<default value="a" by="page"/><unique by="page"/>"#,
        ),
        field("integer", r#"<default value="3000000000" by="page"/>"#),
        field(
            "text",
            r#"<choices values="red, green red red" by="page"/>"#,
        ),
        field("guid", r#"<max-length characters="36" by="page"/>"#),
        field("text", r#"<max-length characters="0" by="page"/>"#),
        field("text", r#"<range min="0" max="9" by="page"/>"#),
        field("integer", r#"<extension by="page"/>"#),
        field(
            "text",
            r#"<default value="12x" by="page"/><extension by="page"/>"#,
        ),
        field(
            "text",
            r#"<default value="" by="page"/><extension by="page"/>"#,
        ),
        field("text", r#"<extension by="page"/><extension by="page"/>"#),
        field(
            "guid",
            r#"<references resource="users" on-delete="refuse" message="" by="page"/>"#,
        ),
    ];
    let replacements: Vec<_> = fields
        .iter()
        .map(|field| (COLOUR, field.as_str()))
        .collect();
    assert_mistakes(
        &replacements,
        &expect![[r#"
            <integer name="F" by="page"><default value="one" by="page"/></integer>
            7:29: the default is "one", expected a whole number of 32 bits
            <integer name="F" by="page"><default value="07" by="page"/></integer>
            7:29: the default is "07", expected its stored form "7"
            <integer name="F" by="page"><choices values="1 2147483648" by="page"/></integer>
            7:29: a choice is "2147483648", expected a whole number of 32 bits
            <boolean name="F" by="page"><default value="1" by="page"/></boolean>
            7:29: the default is "1", expected its stored form "true"
            <guid name="F" by="page"><default value="" by="page"/></guid>
            7:26: the default is "", expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
            <date-time name="F" by="page"><default value="Now" by="page"/></date-time>
            7:31: the default is "Now", expected a date and time such as 2013-01-12 14:57:32.569 or 2016-02-02T22:36:17Z
            <date-time name="F" by="page"><default value="now" by="page"/><choices values="2013-01-12" by="page"/></date-time>
            7:31: the default is "now", expected one of the choices
            7:63: a choice is "2013-01-12", expected a date and time such as 2013-01-12 14:57:32.569 or 2016-02-02T22:36:17Z
            <date-time name="F" by="page"><default value="2016-02-02T22:36:17" by="page"/></date-time>
            7:31: the default is "2016-02-02T22:36:17", expected a date and time such as 2013-01-12 14:57:32.569 or 2016-02-02T22:36:17Z
            <date-time name="F" by="page"><default value="2016-02-02T22:36:17Z" by="page"/></date-time>
            <date-time name="F" by="page"><default value="now-utc" by="page"/></date-time>
            <date-time name="F" by="page"><default value="now-utc" by="page"/><choices values="2016-02-02T22:36:17Z" by="page"/></date-time>
            7:31: the default is "now-utc", expected one of the choices
            <text name="F" by="page"><default value="long" by="page"/><choices values="long" by="page"/><max-length characters="3" by="page"/></text>
            7:26: the default is "long", expected at most 3 characters
            7:59: a choice is "long", expected at most 3 characters
            <text name="F" by="page"><default value="a" by="page"/><unique by="page"/></text>
            7:26: the field has a default although it is unique, expected one of the two
            <integer name="F" by="page"><default value="3000000000" by="page"/></integer>
            7:29: the default is "3000000000", expected a whole number of 32 bits
            <text name="F" by="page"><choices values="red, green red red" by="page"/></text>
            7:26: a choice is "red,", expected choices that are separated by blanks only
            7:26: a choice is "red" again, expected it once
            <guid name="F" by="page"><max-length characters="36" by="page"/></guid>
            7:26: found <max-length> on <guid>, expected it only on <text>
            <text name="F" by="page"><max-length characters="0" by="page"/></text>
            7:26: characters is "0", expected a whole number from 1 to 4294967295
            <text name="F" by="page"><range min="0" max="9" by="page"/></text>
            7:26: found <range> on <text>, expected it only on <integer>
            <integer name="F" by="page"><extension by="page"/></integer>
            7:29: found <extension> on <integer>, expected it only on <text>
            <text name="F" by="page"><default value="12x" by="page"/><extension by="page"/></text>
            7:26: the default is "12x", expected an extension: digits, or a URI such as SIP:jane@example.com
            <text name="F" by="page"><default value="" by="page"/><extension by="page"/></text>
            <text name="F" by="page"><extension by="page"/><extension by="page"/></text>
            7:48: <extension> is given twice, expected it once
            <guid name="F" by="page"><references resource="users" on-delete="refuse" message="" by="page"/></guid>
            7:26: message is empty, expected a text
        "#]],
    );
}

#[test]
fn a_link_has_neither_access_nor_rules() {
    assert_mistakes(
        &[
            (r#"<uri by="page"/>"#, r#"<uri by="page" access="create"/>"#),
            (
                COLOUR,
                r#"<link name="L" ending="/l" by="page" access="secret"><required by="page"/><default value="a" by="page"/></link>"#,
            ),
        ],
        &expect![[r#"
            <uri by="page" access="create"/>
            5:1: URI is computed, expected its access to be read-only
            <link name="L" ending="/l" by="page" access="secret"><required by="page"/><default value="a" by="page"/></link>
            7:1: L is computed, expected its access to be read-only
            7:54: L is computed, expected no rules
            7:75: L is computed, expected no rules
        "#]],
    );
}

#[test]
fn more_fields_than_a_resource_can_have_are_a_mistake() {
    // Beside the URI and the ObjectId.
    let field = |number| format!("<text name=\"F{number}\" by=\"page\"/>\n");
    let fields: String = (0..65_534).map(field).collect();
    expect![[r#"
        ./0.xml:65540:1: found 65536 fields, expected at most 65535
    "#]]
    .assert_eq(&mistakes(&[lamp(COLOUR, &fields)]));
}

#[test]
fn the_mistakes_of_all_descriptions_are_reported_together() {
    let partial = lamp("<uri by=\"page\"/>", "<uri/>")
        .replace("lamp", "light")
        .replace("Lamp", "Light");
    let invalid = lamp(
        COLOUR,
        r#"<text name="A" by="page"/><text name="a" by="page"/>"#,
    );
    let needs_light = lamp(
        COLOUR,
        r#"<guid name="LightObjectId" by="page"><references resource="lights" on-delete="cascade" by="page"/></guid>"#,
    )
    .replace("lamp", "bulb")
    .replace("Lamp", "Bulb");
    expect![[r#"
        ./0.xml:7:27: a is the name of two fields, expected one
        ./1.xml:5:1: found no evidence, expected one of the attributes documented, captured, client, inferred and by
        ./3.xml:1:1: found <a>, expected <resource>, <resources>, <responses> or <errors>
    "#]].assert_eq(&mistakes(&[
        invalid,
        partial,
        needs_light,
        "<a>".to_owned(),
    ]));
}

#[test]
fn everything_but_the_parts_with_mistakes_is_checked() {
    let partial = lamp(
        COLOUR,
        r#"<text name="Colour" by="page"><max-length chars="3" by="page"/></text>
<integer name="Size" by="page"><default value="big" by="page"/></integer>
<text name="Shape" by="page" acess="create"/>
<text name="Form" by="page"><required by="page" when="Kind is 1"/></text>
<guid name="User" by="page"><references resource="usrs" on-delete="refuse" by="page"/></guid>
<guid name="Bulb" by="page"><references resource="bulbs" field="Form" on-delete="refuse" by="page"/></guid>
<derived name="UserAlias" through="User" field="Alais" by="page"/>
<alias path="tenants" verbs="list" by="page"/>
<alias path="lamps/{Shape}/a" verbs="list" by="page"/>
<alias path="b" verbs="lst" by="page"/>"#,
    );
    let bulbs = LAMP.replace("lamp", "bulb").replace("Lamp", "Bulb");
    let needs_shape = bulbs.replacen(
        COLOUR,
        r#"<text name="Shape" by="page"><references resource="lamps" field="Shape" on-delete="refuse" by="page"/></text>
<text name="Size" by="page"><references resource="lamps" field="Pin" on-delete="refuse" by="page"/></text>
<text name="Form" by="page"><references resource="shapes" on-delete="refuse" by="page"/></text>"#,
        1,
    );
    let below_alias = LAMP
        .replacen("\"lamps\"", "\"b/{Lamp}/shades\"", 1)
        .replace("Lamps", "Shades")
        .replace("\"Lamp\"", "\"Shade\"")
        .replacen(
            COLOUR,
            r#"<guid name="Lamp" by="page" access="create"><required by="page"/></guid>"#,
            1,
        );
    expect![[r#"
        ./0.xml:7:31: <max-length> lacks the attribute characters, found chars
        ./0.xml:8:32: the default is "big", expected a whole number of 32 bits
        ./0.xml:9:1: <text> has the attribute acess, expected access
        ./0.xml:11:29: the resource is "usrs", expected the path of a resource in all releases of this one
        ./0.xml:12:29: the field is "Form", expected a field of bulbs that is unique
        ./0.xml:14:1: the resource tenants has /vmrest/tenants in release 10.5, too; expected another path
        ./0.xml:16:1: verbs is "lst", expected list, read, create, update, delete
        ./1.xml:9:29: the resource is "shapes", expected the path of a resource in all releases of this one
    "#]].assert_eq(&mistakes(&[partial, needs_shape, below_alias]));
}

#[test]
fn no_mistake_follows_from_an_unreadable_attribute_of_a_resource() {
    let without_path = LAMP
        .replacen("path=", "paht=", 1)
        .replacen(LIST, r#"<verb name="list" by="late"/>"#, 1)
        .replacen(
            COLOUR,
            r#"<boolean name="On" by="late"><default value="on" by="late"/></boolean>"#,
            1,
        );
    let needs_lamp = r#"<resource path="lamps/{Lamp}/bulbs" list="Bulbs" element="Bulb">
<guid name="Lamp" inferred="test" access="create"><required inferred="test"/></guid>
<object-id inferred="test"/>
<guid name="Other" inferred="test"><references resource="lamps" on-delete="refuse" inferred="test"/></guid>
<text name="User" inferred="test"><references resource="users" field="Nickname" on-delete="refuse" inferred="test"/></text>
<derived name="Colour" through="Other" field="Colour" inferred="test"/>
<text name="Unknown" inferred="test"><unique within="Hall" inferred="test"/></text>
</resource>
"#;
    let errors = r#"<errors><error rule="required" resource="lamps" code="A"/></errors>"#;
    let several = format!(
        "<resources>{}<resorce/></resources>",
        LAMP.replace("\"L", "\"M")
    );
    let found = [
        mistakes(&[&without_path, needs_lamp, errors]),
        mistakes(&[&several, needs_lamp]),
        mistakes(&["<resource", needs_lamp, errors]),
    ];
    expect![[r#"
        ./0.xml:1:1: <resource> lacks the attribute path, found paht
        ./0.xml:7:30: the default is "on", expected true or false
        ./1.xml:7:38: found "Hall", expected the name of a field of the resource

        ./0.xml:9:1: found <resorce>, expected <resource>
        ./1.xml:7:38: found "Hall", expected the name of a field of the resource

        ./0.xml:1:1: a tag is not closed by >
        ./1.xml:7:38: found "Hall", expected the name of a field of the resource
    "#]]
    .assert_eq(&found.join("\n"));
}

/// Every description that a server accepts conforms to the schema.
#[test]
fn the_schema_accepts_every_description_that_check_accepts() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let (_, schema, _) = output(&mut cuc_mock(&["schema", "resources"]));
    let max_length = |length: &str| {
        let field = format!(
            r#"<text name="Colour" by="page"><max-length characters="{length}" by="page"/></text>"#
        );
        lamp(COLOUR, &field)
    };
    let refuse = |message: &str| {
        let field = format!(
            r#"<guid name="Colour" by="page"><references resource="users" on-delete="refuse" message="{message}" by="page"/></guid>"#
        );
        lamp(COLOUR, &field)
    };
    let documents = [
        LAMP.to_owned(),
        max_length("0"),
        max_length("1"),
        max_length("4294967295"),
        max_length("4294967296"),
        max_length("18446744073709551615"),
        max_length("+3"),
        max_length("-1"),
        lamp(LIST, r#"<verb name="list" by="page" since="10.5"/>"#),
        lamp(LIST, r#"<verb name="list" by="page" until="15"/>"#),
        lamp(LIST, r#"<action name="on" by="page" since="10.5"/>"#),
        lamp(LIST, r#"<action name="on/off" by="page"/>"#),
        lamp(
            LIST,
            r#"<alias path="a" verbs=" list  read " by="late" until="14"/>"#,
        ),
        lamp(LIST, r#"<alias path="a b" verbs="list" by="page"/>"#),
        lamp(
            COLOUR,
            r#"<text name="Colour" by="page"><unique by="page" since="10.5"/></text>"#,
        ),
        lamp(
            r#"<uri by="page"/>"#,
            r#"<uri by="page" access="read-only" since="11.5"/>"#,
        ),
        lamp(r#"<uri by="page"/>"#, r#"<uri by="page" access="create"/>"#),
        lamp(
            r#"<uri by="page"/>"#,
            r#"<uri by="page"><required by="page"/></uri>"#,
        ),
        lamp("</resource>", "stray text</resource>"),
        refuse(""),
        refuse("The user has a lamp"),
    ];
    let (accepted, rejected): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| mistakes(&[document]).is_empty());
    assert_eq!(validator.errors(&schema, &accepted), "");
    assert_eq!((accepted.len(), rejected.len()), (8, 13));
    for document in rejected {
        assert_ne!(validator.errors(&schema, &[&document]), "", "{document}");
    }
}

#[test]
fn a_singleton_is_no_collection() {
    let singleton = ("element=\"Lamp\"", "element=\"Lamp\" singleton=\"true\"");
    let with = |child: &str| {
        let lamp = lamp(LIST, &format!("{child}<verb name=\"read\" by=\"page\"/>"));
        let lamp = lamp.replacen(singleton.0, singleton.1, 1);
        let place = r#"<integer name="Place" by="page" access="read-only"/>"#;
        mistakes(&[lamp.replacen(COLOUR, place, 1)])
    };
    assert_eq!(with(""), "");
    let found = [
        LIST,
        r#"<verb name="create" by="page"/>"#,
        r#"<order field="Place" by="page"/>"#,
        r#"<alias path="a" verbs="create" by="page"/>"#,
    ]
    .map(with);
    expect![[r#"
        ./0.xml:1:1: found list on a singleton, expected it only on a collection
        ./0.xml:1:1: found create on a singleton, expected it only on a collection
        ./0.xml:4:1: found <order> on a singleton, expected it only on a collection
        ./0.xml:4:1: found create on a singleton, expected it only on a collection
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn paths_and_elements_of_views_and_aliases_are_checked_like_those_of_resources() {
    let late = r#"<text name="Colour" by="late"/>"#;
    let found = [
        r#"<view path="a" list="As" element="A" by="late" until="10.5"/>"#,
        r#"<action name="on" by="late" until="10.5"/>"#,
        r#"<template resource="users" parameter="t" field="Alias" by="late" until="10.5"/>"#,
        r#"<view path="users/{Hue}/a" list="As" element="A" by="page"/>"#,
        r#"<view path="users/{URI}/a" list="As" element="A" by="page"/>"#,
        r#"<alias path="users/{Colour}/a" verbs="list" by="page"/>"#,
        r#"<view path="a/{Colour}/{Colour}" list="As" element="A" by="late"/>"#,
        r#"<view path="a" list="1" element="schemas" by="page"/>"#,
    ]
    .map(|child| mistakes(&[lamp(LIST, child).replacen(COLOUR, late, 1)]));
    expect![[r#"
        ./0.xml:4:1: the fact ends before 12.5, expected a later release
        ./0.xml:4:1: the fact ends before 12.5, expected a later release
        ./0.xml:4:1: the fact ends before 12.5, expected a later release
        ./0.xml:4:1: found "Hue", expected the name of a field of the resource
        ./0.xml:4:1: the path contains URI, expected a field with a value in all releases of the path
        ./0.xml:4:1: the path contains Colour, expected a field with a value in all releases of the path
        ./0.xml:4:1: the path contains Colour twice, expected it once
        ./0.xml:4:1: found "1", expected the name of an element, of ASCII letters and digits, and none of the API's own documents
        ./0.xml:4:1: found "schemas", expected the name of an element, of ASCII letters and digits, and none of the API's own documents
    "#]].assert_eq(&found.concat());
    let view = r#"<view path="users/{Colour}/a" list="As" element="A" by="late"/>"#;
    assert_eq!(mistakes(&[lamp(LIST, view).replacen(COLOUR, late, 1)]), "");
}

/// Vats, whose fields the descriptions of lamps name.
const VAT: &str = r#"<resource path="vats" list="Vats" element="Vat">
<evidence id="page" documented="page"/>
<object-id by="page"/>
<text name="Name" by="page"/>
<text name="Code" by="page" access="secret"/>
<derived name="SameName" by="page" through="Next" field="Name"/>
<guid name="Next" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
</resource>"#;

/// Asserts the mistakes of lamps, each with one text replaced by another, beside the vats.
#[track_caller]
fn assert_mistakes_beside_vats(replacements: &[(&str, &str)], expected: &Expect) {
    let mut found = String::new();
    for (old, new) in replacements {
        let mistakes = mistakes(&[lamp(old, new), VAT.to_owned()]).replace("./0.xml:", "");
        write!(found, "{new}\n{mistakes}").expect("a text");
    }
    expected.assert_eq(&found);
}

#[test]
fn a_default_of_another_resource_is_a_field_of_the_same_kind() {
    let default = |attributes: &str| {
        let default = format!("<default {attributes} by=\"page\"/>");
        format!("<text name=\"F\" by=\"page\">{default}</text>")
    };
    let fields = [
        default(r#"resource="vat" field="Name""#),
        default(r#"resource="vats" field="Nam""#),
        default(r#"resource="vats" field="Next""#),
        default(r#"resource="vats" field="Code""#),
        default(r#"resource="vats" field="SameName""#),
        default(r#"resource="vats""#),
        default(r#"field="Name""#),
        default(r#"resource="vats" field="Name" value="a""#),
        default(r#"resource="vats" field="Name" when="Colour is red""#),
        default("resource=\"vats\" field=\"Name\"")
            .replace("</text>", r#"<unique by="page"/></text>"#),
        default("resource=\"vats\" field=\"Name\"")
            .replace("</text>", r#"<choices values="a" by="page"/></text>"#),
        default("resource=\"vats\" field=\"Name\"")
            .replace("</text>", r#"<required by="page"/></text>"#),
        default(r#"resource="vats" field="Name""#),
    ];
    let replacements: Vec<_> = fields
        .iter()
        .map(|field| (COLOUR, field.as_str()))
        .collect();
    assert_mistakes_beside_vats(
        &replacements,
        &expect![[r#"
        <text name="F" by="page"><default resource="vat" field="Name" by="page"/></text>
        7:26: the resource is "vat", expected the path of a resource in all releases of this one
        <text name="F" by="page"><default resource="vats" field="Nam" by="page"/></text>
        7:26: the field is "Nam", expected a field of vats of the same kind
        <text name="F" by="page"><default resource="vats" field="Next" by="page"/></text>
        7:26: the field is "Next", expected a field of vats of the same kind
        <text name="F" by="page"><default resource="vats" field="Code" by="page"/></text>
        7:26: the field is "Code", expected a field of vats of the same kind
        <text name="F" by="page"><default resource="vats" field="SameName" by="page"/></text>
        7:26: the field is "SameName", expected a field of vats of the same kind
        <text name="F" by="page"><default resource="vats" by="page"/></text>
        7:26: <default> lacks the attribute field
        <text name="F" by="page"><default field="Name" by="page"/></text>
        7:26: <default> lacks the attribute value, found field
        <text name="F" by="page"><default resource="vats" field="Name" value="a" by="page"/></text>
        7:26: <default> has the attribute value, expected resource, field, by, since, until, when, unless
        <text name="F" by="page"><default resource="vats" field="Name" when="Colour is red" by="page"/></text>
        7:26: the condition is on "Colour", expected a field of Lamp
        <text name="F" by="page"><default resource="vats" field="Name" by="page"/><unique by="page"/></text>
        7:26: the field has a default although it is unique, expected one of the two
        <text name="F" by="page"><default resource="vats" field="Name" by="page"/><choices values="a" by="page"/></text>
        7:26: the default is the Name of another resource, expected one of the choices
        <text name="F" by="page"><default resource="vats" field="Name" by="page"/><required by="page"/></text>
        7:26: the field has a default although it is required, expected one of the two
        <text name="F" by="page"><default resource="vats" field="Name" by="page"/></text>
    "#]],
    );
}

#[test]
fn built_in_records_and_orders_are_described_by_known_words() {
    let colour = |choices: &str, rule: &str| {
        let choices = format!("<choices values=\"{choices}\" by=\"page\"/>");
        format!("{rule}<text name=\"Colour\" by=\"page\">{choices}</text>")
    };
    let red = |rule: &str| colour("red green", rule);
    let rules = [
        red("<undeletable/>"),
        red(r#"<undeletable by="page" field="Colour"/>"#),
        red(r#"<undeletable by="page"><a/></undeletable>"#),
        red(r#"<undeletable by="late" until="11.5"/>"#),
        red(r#"<undeletable by="page" when="Shade is red"/>"#),
        red(r#"<undeletable by="page" when="Colour is blue"/>"#),
        red(r#"<undeletable by="page" when="Colour is red" unless="Colour is green"/>"#),
        red(r#"<undeletable by="page" when="Colour is red"/><undeletable by="late"/>"#),
        r#"<undeletable by="page" when="Colour is red"/><text name="Colour" by="page"/>"#.to_owned(),
        r#"<order field="Place" new="middle" by="page"/><integer name="Place" by="page"/>"#.to_owned(),
        r#"<order field="Colour" new="first" by="page"/><text name="Colour" by="page"/>"#.to_owned(),
        r#"<order new="first" by="page"/><integer name="Place" by="page"/>"#.to_owned(),
        r#"<order field="Place" new="first" by="page"/><order field="Place" by="page"/><integer name="Place" by="page"/>"#.to_owned(),
        r#"<order field="Place" new="last" by="page"/><integer name="Place" by="page"/>"#.to_owned(),
    ];
    let replacements: Vec<_> = rules.iter().map(|rule| (COLOUR, rule.as_str())).collect();
    assert_mistakes(
        &replacements,
        &expect![[r#"
            <undeletable/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: found no evidence, expected one of the attributes documented, captured, client, inferred and by
            <undeletable by="page" field="Colour"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: <undeletable> has the attribute field, expected reason, by, since, until, when, unless
            <undeletable by="page"><a/></undeletable><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:24: found <a> in <undeletable>, expected no children
            <undeletable by="late" until="11.5"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: the fact ends before 12.5, expected a later release
            <undeletable by="page" when="Shade is red"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: the condition is on "Shade", expected a field of Lamp
            <undeletable by="page" when="Colour is blue"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: the condition is on "blue", expected one of the choices of Colour
            <undeletable by="page" when="Colour is red" unless="Colour is green"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            7:1: found when and unless, expected one of the two
            <undeletable by="page" when="Colour is red"/><undeletable by="late"/><text name="Colour" by="page"><choices values="red green" by="page"/></text>
            <undeletable by="page" when="Colour is red"/><text name="Colour" by="page"/>
            7:1: the condition is on "red", expected one of the choices of Colour
            <order field="Place" new="middle" by="page"/><integer name="Place" by="page"/>
            7:1: new is "middle", expected first, last
            <order field="Colour" new="first" by="page"/><text name="Colour" by="page"/>
            7:1: the order is in Colour, expected an <integer> in all releases of the resource
            <order new="first" by="page"/><integer name="Place" by="page"/>
            7:1: <order> lacks the attribute field, found new
            <order field="Place" new="first" by="page"/><order field="Place" by="page"/><integer name="Place" by="page"/>
            7:45: <order> is given twice, expected it once
            <order field="Place" new="last" by="page"/><integer name="Place" by="page"/>
        "#]],
    );
}

#[test]
fn the_fields_that_a_template_excepts_are_those_of_the_resource() {
    let template = |attributes: &str| {
        let start = r#"<template resource="vats" parameter="vat" field="ObjectId""#;
        format!("{start} {attributes} by=\"page\"/>{COLOUR}")
    };
    let templates = [
        "except=\"Colour\"",
        "except=\"Colour Name\"",
        "except=\"\"",
        "except=\"Colour Colour\"",
        "excep=\"Colour\"",
    ]
    .map(template);
    let replacements: Vec<_> = templates
        .iter()
        .map(|template| (COLOUR, template.as_str()))
        .collect();
    assert_mistakes_beside_vats(
        &replacements,
        &expect![[r#"
        <template resource="vats" parameter="vat" field="ObjectId" except="Colour" by="page"/><text name="Colour" by="page"/>
        <template resource="vats" parameter="vat" field="ObjectId" except="Colour Name" by="page"/><text name="Colour" by="page"/>
        7:1: found "Name", expected the name of a field of the resource
        <template resource="vats" parameter="vat" field="ObjectId" except="" by="page"/><text name="Colour" by="page"/>
        7:1: except is empty, expected values separated by blanks
        <template resource="vats" parameter="vat" field="ObjectId" except="Colour Colour" by="page"/><text name="Colour" by="page"/>
        <template resource="vats" parameter="vat" field="ObjectId" excep="Colour" by="page"/><text name="Colour" by="page"/>
        7:1: <template> has the attribute excep, expected except
    "#]],
    );
}

#[test]
fn internal_and_derived_fields_are_set_by_the_server() {
    let next = r#"<guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>"#;
    let derived = |attributes: &str, rules: &str| {
        let derived = format!(
            "<derived name=\"F\" through=\"VatObjectId\" by=\"page\" {attributes}>{rules}</derived>"
        );
        next.to_owned() + "\n" + &derived
    };
    let name = r#"field="Name""#;
    let fields = [
        r#"<text name="F" by="page" access="hidden"/>"#.to_owned(),
        r#"<link name="F" ending="/f" by="page" access="create"/>"#.to_owned(),
        r#"<link name="F" ending="/f" by="page" access="internal"/>"#.to_owned(),
        derived(r#"field="Name" access="create""#, ""),
        derived(r#"field="Name" access="secret""#, ""),
        derived(name, r#"<required by="page"/>"#),
        derived(
            name,
            r#"<references resource="vats" on-delete="clear" by="page"/>"#,
        ),
        derived(
            name,
            r#"<references resource="vat" on-delete="cascade" by="page"/>"#,
        ),
        derived(
            name,
            r#"<references resource="vats" field="Name" on-delete="cascade" by="page"/>"#,
        ),
        derived(
            r#"field="ObjectId" access="internal""#,
            r#"<references resource="vats" on-delete="cascade" by="page"/>"#,
        ),
        r#"<text name="F" by="page" access="internal"><required by="page"/></text>"#.to_owned(),
    ];
    let replacements: Vec<_> = fields
        .iter()
        .map(|field| (COLOUR, field.as_str()))
        .collect();
    assert_mistakes_beside_vats(
        &replacements,
        &expect![[r#"
            <text name="F" by="page" access="hidden"/>
            7:1: access is "hidden", expected read-only, create, read-write, secret, write-only, internal
            <link name="F" ending="/f" by="page" access="create"/>
            7:1: F is computed, expected its access to be read-only
            <link name="F" ending="/f" by="page" access="internal"/>
            7:1: F is computed, expected its access to be read-only
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name" access="create"></derived>
            8:1: F is computed, expected its access to be read-only or internal
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name" access="secret"></derived>
            8:1: F is computed, expected its access to be read-only or internal
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name"><required by="page"/></derived>
            8:64: F is computed, expected no rules
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name"><references resource="vats" on-delete="clear" by="page"/></derived>
            8:64: F is computed, expected on-delete to be refuse or cascade
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name"><references resource="vat" on-delete="cascade" by="page"/></derived>
            8:64: the resource is "vat", expected the path of a resource in all releases of this one
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="Name"><references resource="vats" field="Name" on-delete="cascade" by="page"/></derived>
            8:64: the field is "Name", expected a field of vats that is unique
            <guid name="VatObjectId" by="page"><references resource="vats" on-delete="clear" by="page"/></guid>
            <derived name="F" through="VatObjectId" by="page" field="ObjectId" access="internal"><references resource="vats" on-delete="cascade" by="page"/></derived>
            <text name="F" by="page" access="internal"><required by="page"/></text>
        "#]],
    );
}

#[test]
fn a_boolean_expires_at_a_date_and_time() {
    const EXPIRY: &str = r#"<expiry field="On" by="page"/>"#;
    let of = |kind: &str, rule: &str, name: &str, switch: &str| {
        format!(r#"<{kind} name="{name}" by="page">{rule}</{kind}><{switch} name="On" by="page"/>"#)
    };
    let on_text = of("text", EXPIRY, "Until", "boolean");
    let of_text = of("date-time", EXPIRY, "Until", "text");
    let of_none = of(
        "date-time",
        r#"<expiry field="Off" by="page"/>"#,
        "Until",
        "boolean",
    );
    let twice = of("date-time", &EXPIRY.repeat(2), "Until", "boolean");
    assert_mistakes(
        &[
            (COLOUR, on_text.as_str()),
            (COLOUR, of_text.as_str()),
            (COLOUR, of_none.as_str()),
            (COLOUR, twice.as_str()),
        ],
        &expect![[r#"
            <text name="Until" by="page"><expiry field="On" by="page"/></text><boolean name="On" by="page"/>
            7:30: Until has an <expiry>, expected it on a <date-time>
            <date-time name="Until" by="page"><expiry field="On" by="page"/></date-time><text name="On" by="page"/>
            7:35: the <expiry> is that of On, expected a <boolean>
            <date-time name="Until" by="page"><expiry field="Off" by="page"/></date-time><boolean name="On" by="page"/>
            7:35: found "Off", expected the name of a field of the resource
            <date-time name="Until" by="page"><expiry field="On" by="page"/><expiry field="On" by="page"/></date-time><boolean name="On" by="page"/>
            7:65: <expiry> is given twice, expected it once
        "#]],
    );
}

#[test]
fn a_behaviour_computes_the_records_that_are_computed() {
    const ATTRIBUTE: &str = r#"path="lamps""#;
    assert_mistakes(
        &[
            (ATTRIBUTE, r#"path="lamps" computed="true""#),
            (ATTRIBUTE, r#"path="lamps" computed="yes""#),
            (ATTRIBUTE, r#"path="lamps" behaviour="policies""#),
            (
                ATTRIBUTE,
                r#"path="lamps" behaviour="users" computed="true""#,
            ),
        ],
        &expect![[r#"
            path="lamps" computed="true"
            1:1: the records are computed, expected a behaviour that computes them
            path="lamps" computed="yes"
            1:1: computed is "yes", expected true, false
            path="lamps" behaviour="policies"
            1:1: the behaviour computes the records, expected the attribute computed="true"
            path="lamps" behaviour="users" computed="true"
            1:1: the records are computed, expected a behaviour that computes them
        "#]],
    );
}
