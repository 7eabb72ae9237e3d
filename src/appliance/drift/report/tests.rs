//! Whole reports in each format.

use expect_test::expect;
use quick_xml::{Reader, events::Event};

use super::*;
use crate::{
    appliance::{
        drift::{Difference, Outcome, Templates},
        facts::FieldRule,
    },
    resources::embedded_catalogue,
    schema::{ErrorRule, Kind, Provenance, Verb},
};

/// Texts of the customer, which the page for the maintainers may not contain.
const PRIVATE: [&str; 9] = [
    "cuc.example.com",
    "acme",
    "Acme",
    "jsmith",
    "John Smith",
    "4711",
    "10.0.0.7",
    "Bell",
    "/home/jsmith",
];

fn finding(difference: Difference, place: Option<&str>, mock: &str, server: &str) -> Finding {
    Finding {
        difference,
        request: "GET /vmrest/users?query=(Alias is jsmith)&rowsPerPage=1".to_owned(),
        resource: Some("users".to_owned()),
        place: place.map(str::to_owned),
        kind: None,
        mock: mock.to_owned(),
        server: server.to_owned(),
        facts: Vec::new(),
        count: 1,
        templates: None,
    }
}

fn field(field: &str) -> FactKey {
    FactKey::Field {
        resource: "users".to_owned(),
        field: field.to_owned(),
    }
}

fn default(field: &str) -> FactKey {
    FactKey::Rule {
        resource: "users".to_owned(),
        field: field.to_owned(),
        rule: FieldRule::Default,
        number: 0,
    }
}

fn error() -> FactKey {
    FactKey::Error {
        rule: ErrorRule::Required,
        verb: None,
    }
}

/// Returns a difference of each kind.
fn results() -> Results {
    let create = |finding: Finding| Finding {
        request: "POST /vmrest/users/4711/acme without Alias of Bell".to_owned(),
        ..finding
    };
    let message =
        "Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith";
    let findings = vec![
        Finding {
            facts: vec![FactKey::Verb {
                resource: "users".to_owned(),
                verb: Verb::Create,
            }],
            ..create(finding(
                Difference::Status,
                None,
                "201",
                &format!("400 DATA_EXCEPTION: {message}"),
            ))
        },
        Finding {
            facts: vec![FactKey::Protocol("The realm")],
            resource: None,
            ..finding(
                Difference::Header,
                Some("WWW-Authenticate"),
                "Basic realm=\"Cisco\"",
                "Basic realm=\"Acme\"",
            )
        },
        finding(
            Difference::Header,
            Some("Location"),
            "absent",
            "absolute, with the path /vmrest/users/acme",
        ),
        finding(Difference::Body, None, "XML", "JSON"),
        finding(
            Difference::AdditionalField,
            Some("Colour"),
            "absent",
            "\"jsmith\"",
        ),
        finding(Difference::MissingField, Some("Alias"), "\"\"", "absent"),
        finding(
            Difference::Order,
            None,
            "Alias, DisplayName",
            "DisplayName, Alias",
        ),
        Finding {
            facts: (0..7)
                .map(|number| field(&format!("Field{number}")))
                .collect(),
            ..finding(
                Difference::Kind,
                Some("Language"),
                "a whole number",
                "\"<Acme> & 'Bell' |\n\u{1}`x`\"",
            )
        },
        finding(
            Difference::Value,
            Some("DisplayName"),
            "\"John Smith\"",
            "\"6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78\"",
        ),
        Finding {
            kind: Some(Kind::Integer),
            facts: vec![default("Language")],
            ..create(finding(
                Difference::Default,
                Some("Language"),
                "\"1033\"",
                "\"1031\"",
            ))
        },
        Finding {
            kind: Some(Kind::Text),
            facts: vec![default("DtmfAccessId")],
            ..create(finding(
                Difference::Default,
                Some("DtmfAccessId"),
                "absent",
                "\"4711\"",
            ))
        },
        Finding {
            facts: vec![error()],
            ..create(finding(
                Difference::Code,
                None,
                "DATA_EXCEPTION",
                "Acme failed",
            ))
        },
        Finding {
            facts: vec![error()],
            ..create(finding(Difference::Message, None, "absent", message))
        },
        finding(
            Difference::Rule,
            Some("Language"),
            "1033 or 1031",
            "\"jsmith\"",
        ),
    ];
    let mut results = Results::default();
    results.add(Outcome {
        findings: findings.clone(),
        confirmed: vec![field("Alias"), error(), field("City")],
    });
    // The same again, in another request.
    results.add(Outcome {
        findings: findings[3..9].to_vec(),
        confirmed: vec![
            field("Alias"),
            FactKey::Protocol("Three cookies"),
            field("Unknown"),
        ],
    });
    results
}

fn row(fact: &FactKey) -> Option<FactRow> {
    let (page, line, behaviour, provenance) = match fact {
        FactKey::Field { field, .. } if field == "Unknown" => return None,
        FactKey::Field { field, .. } if field == "City" => (
            "/home/jsmith/acme.xml",
            3,
            "City of Acme",
            Provenance::Client,
        ),
        FactKey::Field { field, .. } => (
            "docs/fidelity/users.md",
            field.len(),
            "a field",
            Provenance::Inferred,
        ),
        FactKey::Verb { .. } => (
            "docs/fidelity/users.md",
            1,
            "Create",
            Provenance::Documented,
        ),
        FactKey::Rule { .. } => (
            "docs/fidelity/users.md",
            40,
            "a default",
            Provenance::Inferred,
        ),
        FactKey::Error { .. } => (
            "docs/resources.md",
            2,
            "a field lacks its value",
            Provenance::Client,
        ),
        FactKey::Protocol(beginning) => ("docs/fidelity.md", 5, *beginning, Provenance::Captured),
    };
    Some(FactRow {
        page: page.to_owned(),
        line,
        behaviour: behaviour.to_owned(),
        provenance,
        source: "guide".to_owned(),
    })
}

fn heading() -> Heading {
    Heading {
        server_version: "12.5.1.11900-57".to_owned(),
        server_release: Release::V12_5,
        mock_release: Release::V12_5,
        date: "2031-02-03 04:05".to_owned(),
        requests: 12,
        warnings: vec!["cuc.example.com has no schemas".to_owned()],
    }
}

#[test]
fn the_report_for_people_has_the_lines_of_the_pages() {
    let (heading, results) = (heading(), results());
    expect![[r#"
        cuc-mock 0.1.0 as release 12.5, compared with Unity Connection 12.5.1.11900-57 as release 12.5
        2031-02-03 04:05

        The protocol
          GET /vmrest/users?query=(Alias is jsmith)&rowsPerPage=1
            The header WWW-Authenticate is Basic realm="Cisco" on cuc-mock, and Basic realm="Acme" on the server.
              docs/fidelity.md:5: captured, now refuted: The realm

        /vmrest/users
          POST /vmrest/users/4711/acme without Alias of Bell
            The status is 201 on cuc-mock, and 400 DATA_EXCEPTION: Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server.
              docs/fidelity/users.md:1: documented, now refuted: Create
          GET /vmrest/users?query=(Alias is jsmith)&rowsPerPage=1
            The header Location is absent on cuc-mock, and absolute, with the path /vmrest/users/acme on the server.
              no line of the fidelity pages is about it
            The body is XML on cuc-mock, and JSON on the server (2 times).
              no line of the fidelity pages is about it
            Only the server shows Colour: "jsmith" (2 times).
              no line of the fidelity pages is about it
            Only cuc-mock shows Alias: "" (2 times).
              no line of the fidelity pages is about it
            The order of the fields is Alias, DisplayName on cuc-mock, and DisplayName, Alias on the server (2 times).
              no line of the fidelity pages is about it
            Language is a whole number on cuc-mock, and "<Acme> & 'Bell' |  `x`" on the server (2 times).
              docs/fidelity/users.md:6: inferred, now refuted: a field
            DisplayName is "John Smith" on cuc-mock, and "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78" on the server (2 times).
              no line of the fidelity pages is about it
          POST /vmrest/users/4711/acme without Alias of Bell
            In a new object, Language is "1033" on cuc-mock, and "1031" on the server.
              docs/fidelity/users.md:40: inferred, now refuted: a default
            In a new object, DtmfAccessId is absent on cuc-mock, and "4711" on the server.
              docs/fidelity/users.md:40: inferred, now refuted: a default
            The code of the error is DATA_EXCEPTION on cuc-mock, and Acme failed on the server.
              docs/resources.md:2: client, now refuted: a field lacks its value
            The message of the error is absent on cuc-mock, and Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server.
              docs/resources.md:2: client, now refuted: a field lacks its value
          GET /vmrest/users?query=(Alias is jsmith)&rowsPerPage=1
            The server has an object with Language "jsmith"; cuc-mock expects 1033 or 1031.
              no line of the fidelity pages is about it

        Confirmed
          docs/fidelity/users.md:5: inferred, now captured: a field

        Warnings
          cuc.example.com has no schemas

        12 requests, 14 differences: 7 facts refuted, 3 facts confirmed, 1 of them inferred until now
    "#]].assert_eq(&Report::new(&heading, &results, &row).text());
}

#[test]
fn the_report_for_programs_is_json() {
    let (heading, mut results) = (heading(), Results::default());
    results.add_finding(Finding {
        facts: vec![default("Language")],
        ..finding(
            Difference::Default,
            Some("Language"),
            "\"1033\"",
            "\"1031\"",
        )
    });
    results.add(Outcome {
        findings: Vec::new(),
        confirmed: vec![field("Alias"), default("Language")],
    });
    expect![[r#"
        {
          "server": {
            "version": "12.5.1.11900-57",
            "release": "12.5"
          },
          "mock": {
            "version": "0.1.0",
            "release": "12.5"
          },
          "date": "2031-02-03 04:05",
          "requests": 12,
          "same": false,
          "differences": [
            {
              "difference": "default",
              "resource": "users",
              "request": "GET /vmrest/users?query=(Alias is jsmith)&rowsPerPage=1",
              "place": "Language",
              "mock": "\"1033\"",
              "server": "\"1031\"",
              "count": 1,
              "resources": 1,
              "facts": [
                {
                  "page": "docs/fidelity/users.md",
                  "line": 40,
                  "fact": "a default",
                  "provenance": "inferred",
                  "source": "guide",
                  "mark": "inferred, now refuted"
                }
              ]
            }
          ],
          "confirmed": [
            {
              "page": "docs/fidelity/users.md",
              "line": 5,
              "fact": "a field",
              "provenance": "inferred",
              "source": "guide",
              "mark": "inferred, now captured"
            }
          ],
          "warnings": [
            "cuc.example.com has no schemas"
          ]
        }
    "#]]
    .assert_eq(&Report::new(&heading, &results, &row).json());
}

#[test]
fn the_report_of_tests_is_well_formed() {
    let (heading, results) = (heading(), results());
    let xml = Report::new(&heading, &results, &row).junit();
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="cuc-mock drift" tests="17" failures="14" errors="0" time="0">
          <testsuite name="The protocol" tests="2" failures="1" errors="0" skipped="0" time="0">
            <properties>
              <property name="server.version" value="12.5.1.11900-57"/>
              <property name="server.release" value="12.5"/>
              <property name="mock.release" value="12.5"/>
              <property name="date" value="2031-02-03 04:05"/>
            </properties>
            <testcase classname="The protocol" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: header WWW-Authenticate" time="0">
              <failure message="The header WWW-Authenticate is Basic realm=&quot;Cisco&quot; on cuc-mock, and Basic realm=&quot;Acme&quot; on the server" type="header">The header WWW-Authenticate is Basic realm=&quot;Cisco&quot; on cuc-mock, and Basic realm=&quot;Acme&quot; on the server
        docs/fidelity.md:5: captured, now refuted: The realm</failure>
            </testcase>
            <testcase classname="The protocol" name="docs/fidelity.md:5 Three cookies" time="0"/>
          </testsuite>
          <testsuite name="/vmrest/users" tests="15" failures="13" errors="0" skipped="0" time="0">
            <properties>
              <property name="server.version" value="12.5.1.11900-57"/>
              <property name="server.release" value="12.5"/>
              <property name="mock.release" value="12.5"/>
              <property name="date" value="2031-02-03 04:05"/>
            </properties>
            <testcase classname="/vmrest/users" name="POST /vmrest/users/4711/acme without Alias of Bell: status" time="0">
              <failure message="The status is 201 on cuc-mock, and 400 DATA_EXCEPTION: Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server" type="status">The status is 201 on cuc-mock, and 400 DATA_EXCEPTION: Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server
        docs/fidelity/users.md:1: documented, now refuted: Create</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: header Location" time="0">
              <failure message="The header Location is absent on cuc-mock, and absolute, with the path /vmrest/users/acme on the server" type="header">The header Location is absent on cuc-mock, and absolute, with the path /vmrest/users/acme on the server</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: body" time="0">
              <failure message="The body is XML on cuc-mock, and JSON on the server (2 times)" type="body">The body is XML on cuc-mock, and JSON on the server (2 times)</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: additional-field Colour" time="0">
              <failure message="Only the server shows Colour: &quot;jsmith&quot; (2 times)" type="additional-field">Only the server shows Colour: &quot;jsmith&quot; (2 times)</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: missing-field Alias" time="0">
              <failure message="Only cuc-mock shows Alias: &quot;&quot; (2 times)" type="missing-field">Only cuc-mock shows Alias: &quot;&quot; (2 times)</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: order" time="0">
              <failure message="The order of the fields is Alias, DisplayName on cuc-mock, and DisplayName, Alias on the server (2 times)" type="order">The order of the fields is Alias, DisplayName on cuc-mock, and DisplayName, Alias on the server (2 times)</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: kind Language" time="0">
              <failure message="Language is a whole number on cuc-mock, and &quot;&lt;Acme&gt; &amp; &apos;Bell&apos; |  `x`&quot; on the server (2 times)" type="kind">Language is a whole number on cuc-mock, and &quot;&lt;Acme&gt; &amp; &apos;Bell&apos; |  `x`&quot; on the server (2 times)
        docs/fidelity/users.md:6: inferred, now refuted: a field</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: value DisplayName" time="0">
              <failure message="DisplayName is &quot;John Smith&quot; on cuc-mock, and &quot;6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78&quot; on the server (2 times)" type="value">DisplayName is &quot;John Smith&quot; on cuc-mock, and &quot;6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78&quot; on the server (2 times)</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="POST /vmrest/users/4711/acme without Alias of Bell: default Language" time="0">
              <failure message="In a new object, Language is &quot;1033&quot; on cuc-mock, and &quot;1031&quot; on the server" type="default">In a new object, Language is &quot;1033&quot; on cuc-mock, and &quot;1031&quot; on the server
        docs/fidelity/users.md:40: inferred, now refuted: a default</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="POST /vmrest/users/4711/acme without Alias of Bell: default DtmfAccessId" time="0">
              <failure message="In a new object, DtmfAccessId is absent on cuc-mock, and &quot;4711&quot; on the server" type="default">In a new object, DtmfAccessId is absent on cuc-mock, and &quot;4711&quot; on the server
        docs/fidelity/users.md:40: inferred, now refuted: a default</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="POST /vmrest/users/4711/acme without Alias of Bell: code" time="0">
              <failure message="The code of the error is DATA_EXCEPTION on cuc-mock, and Acme failed on the server" type="code">The code of the error is DATA_EXCEPTION on cuc-mock, and Acme failed on the server
        docs/resources.md:2: client, now refuted: a field lacks its value</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="POST /vmrest/users/4711/acme without Alias of Bell: message" time="0">
              <failure message="The message of the error is absent on cuc-mock, and Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server" type="message">The message of the error is absent on cuc-mock, and Invalid parameter. Parameter = [Alias], Value = [jsmith]: extension 4711 of John Smith on the server
        docs/resources.md:2: client, now refuted: a field lacks its value</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="GET /vmrest/users?query=(Alias is jsmith)&amp;rowsPerPage=1: rule Language" time="0">
              <failure message="The server has an object with Language &quot;jsmith&quot;; cuc-mock expects 1033 or 1031" type="rule">The server has an object with Language &quot;jsmith&quot;; cuc-mock expects 1033 or 1031</failure>
            </testcase>
            <testcase classname="/vmrest/users" name="/home/jsmith/acme.xml:3 City of Acme" time="0"/>
            <testcase classname="/vmrest/users" name="docs/fidelity/users.md:5 a field" time="0"/>
          </testsuite>
        </testsuites>
    "#]].assert_eq(&xml);
    let mut reader = Reader::from_str(&xml);
    let mut open = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => open.push(tag.name().as_ref().to_owned()),
            Event::End(tag) => assert_eq!(open.pop().unwrap(), tag.name().as_ref()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
}

#[test]
fn the_page_for_the_maintainers_has_no_data_of_the_customer() {
    let (heading, results) = (heading(), results());
    let catalogue = embedded_catalogue(Release::V12_5);
    let hidden = ["cuc.example.com".to_owned(), "acme".to_owned()];
    let names = PageNames::new(&catalogue, &hidden);
    let page = Report::new(&heading, &results, &row).page(&names);
    expect![[r##"
        # Differences between cuc-mock and a Unity Connection server

        This page was written by `cuc-mock drift --report`, for the maintainers of cuc-mock. **Please read it before you send it.**
        It contains only:

        - the version of the server, the releases, the date, and the number of requests,
        - the methods and the paths of requests, with `…` for ids, names and values,
        - the names of resources, fields, headers and cookies, and the values of headers that belong to the protocol,
        - statuses, and the codes of errors,
        - the messages of errors, with `…` for everything that may be a value,
        - the kinds of values in place of the values; only the default of a number or a boolean is shown,
        - the lines of the fidelity pages of cuc-mock.

        Passwords, host names, user names and the values of objects are left out. A message may nevertheless contain a word that
        cuc-mock did not recognize as a name.

        | | |
        |---|---|
        | Server | 12.5.1.11900-57, release 12.5 |
        | cuc-mock | 0.1.0, release 12.5 |
        | Date | 2031-02-03 04:05 |

        12 requests, 14 differences: 7 facts refuted, 3 facts confirmed, 1 of them inferred until now

        ## The protocol

        - `GET /vmrest/users?query=…&rowsPerPage=…`: The header WWW-Authenticate is `Basic realm="…"` on cuc-mock, and `Basic realm="…"` on the server.
          - docs/fidelity.md:5: captured, now refuted: The realm

        ## /vmrest/users

        - `POST /vmrest/users/…/… without Alias of …`: The status is `201` on cuc-mock, and `400 DATA_EXCEPTION: Invalid parameter. Parameter = [Alias], Value = […]: extension … of …` on the server.
          - docs/fidelity/users.md:1: documented, now refuted: Create
        - `GET /vmrest/users?query=…&rowsPerPage=…`: The header Location is `absent` on cuc-mock, and `absolute` on the server.
        - `GET /vmrest/users?query=…&rowsPerPage=…`: The body is `XML` on cuc-mock, and `JSON` on the server (2 times).
        - `GET /vmrest/users?query=…&rowsPerPage=…`: Only the server shows Colour: `a text` (2 times).
        - `GET /vmrest/users?query=…&rowsPerPage=…`: Only cuc-mock shows Alias: `an empty text` (2 times).
        - `GET /vmrest/users?query=…&rowsPerPage=…`: The order of the fields is `Alias, DisplayName` on cuc-mock, and `DisplayName, Alias` on the server (2 times).
        - `GET /vmrest/users?query=…&rowsPerPage=…`: Language is `a whole number` on cuc-mock, and `a text` on the server (2 times).
          - docs/fidelity/users.md:6: inferred, now refuted: a field
        - `GET /vmrest/users?query=…&rowsPerPage=…`: DisplayName is `a text` on cuc-mock, and `a GUID` on the server (2 times).
        - `POST /vmrest/users/…/… without Alias of …`: In a new object, Language is `"1033"` on cuc-mock, and `"1031"` on the server.
          - docs/fidelity/users.md:40: inferred, now refuted: a default
        - `POST /vmrest/users/…/… without Alias of …`: In a new object, DtmfAccessId is `absent` on cuc-mock, and `a whole number` on the server.
          - docs/fidelity/users.md:40: inferred, now refuted: a default
        - `POST /vmrest/users/…/… without Alias of …`: The code of the error is `DATA_EXCEPTION` on cuc-mock, and `… failed` on the server.
          - docs/resources.md:2: client, now refuted: a field lacks its value
        - `POST /vmrest/users/…/… without Alias of …`: The message of the error is `absent` on cuc-mock, and `Invalid parameter. Parameter = [Alias], Value = […]: extension … of …` on the server.
          - docs/resources.md:2: client, now refuted: a field lacks its value
        - `GET /vmrest/users?query=…&rowsPerPage=…`: The server has an object with Language `"…"`; cuc-mock expects `… or …`.

        ## Confirmed

        - docs/fidelity.md:5: captured, and confirmed: Three cookies
        - line 3 of the user's own description: client, now captured
        - docs/fidelity/users.md:5: inferred, now captured: a field
    "##]].assert_eq(&page);
    for text in PRIVATE {
        assert!(!page.contains(text), "{text}");
    }
}

#[test]
fn a_request_on_the_page_has_no_values() {
    let catalogue = embedded_catalogue(Release::V12_5);
    let names = PageNames::new(&catalogue, &[]);
    let requests = [
        "GET /vmrest/users?query=(Alias is jsmith)&sort=(Alias asc) in JSON",
        "GET /vmrest/users?query=(Alias is (jsmith",
        "GET /vmrest/users?query=%28Alias%20is%20jsmith%29&3=4&x as jsmith@acme",
        "DELETE /vmrest/users/{id} twice",
        "the Alias jsmith",
        "",
    ];
    let shown: String = requests
        .map(|request| names.request(request) + "\n")
        .concat();
    expect![[r#"
        GET /vmrest/users?query=…&sort=… in JSON
        GET /vmrest/users?query=…
        GET /vmrest/users?query=…&…&… as …
        DELETE /vmrest/users/… twice
        the Alias jsmith

    "#]]
    .assert_eq(&shown);
}

/// Returns a finding about the message of an error.
fn shared(request: &str, resource: &str, server: &str, template: &str) -> Finding {
    Finding {
        request: request.to_owned(),
        resource: Some(resource.to_owned()),
        facts: vec![FactKey::Error {
            rule: ErrorRule::NotFound,
            verb: None,
        }],
        templates: Some(Templates {
            mock: "{kind}{identity}".to_owned(),
            server: template.to_owned(),
        }),
        ..finding(Difference::Message, None, request, server)
    }
}

#[test]
fn the_same_difference_of_errors_is_reported_once() {
    let heading = heading();
    let template = "no {element} [{id}]";
    let mut results = Results::default();
    for finding in [
        shared(
            "GET /vmrest/users/",
            "users",
            "no User []",
            "no {element} []",
        ),
        shared("GET /vmrest/users/1", "users", "no User [1]", template),
        shared("GET /vmrest/coses/2", "coses", "no Cos [2]", template),
        shared("GET /vmrest/users/3", "users", "no User [3]", template),
        shared("GET /vmrest/ports/4", "ports", "none", "none"),
        shared("GET /vmrest/ports/4", "ports", "none", "none"),
    ] {
        results.add_finding(finding);
    }
    assert_eq!(results.findings().len(), 6, "all are learned from");
    let report = Report::new(&heading, &results, &row);
    expect![[r#"
        cuc-mock 0.1.0 as release 12.5, compared with Unity Connection 12.5.1.11900-57 as release 12.5
        2031-02-03 04:05

        Errors
          GET /vmrest/users/
            The message of the error is {kind}{identity} on cuc-mock, and no {element} [{id}] on the server (in 4 requests of 2 resources).
              docs/resources.md:2: client, now refuted: a field lacks its value

        /vmrest/ports
          GET /vmrest/ports/4
            The message of the error is GET /vmrest/ports/4 on cuc-mock, and none on the server (in 2 requests).
              docs/resources.md:2: client, now refuted: a field lacks its value

        Warnings
          cuc.example.com has no schemas

        12 requests, 2 differences: 2 facts refuted, 0 facts confirmed, 0 of them inferred until now
    "#]].assert_eq(&report.text());
    let catalogue = embedded_catalogue(Release::V12_5);
    let page = report.page(&PageNames::new(&catalogue, &[]));
    let (_, differences) = page.split_once("## ").expect("a group");
    expect![[r#"
        Errors

        - `GET /vmrest/users/`: The message of the error is `{kind}{identity}` on cuc-mock, and `no {element} [{id}]` on the server (in 4 requests of 2 resources).
          - docs/resources.md:2: client, now refuted: a field lacks its value

        ## /vmrest/ports

        - `GET /vmrest/ports/…`: The message of the error is `GET …` on cuc-mock, and `none` on the server (in 2 requests).
          - docs/resources.md:2: client, now refuted: a field lacks its value
    "#]].assert_eq(differences);
    let junit = report.junit();
    let cases = junit.lines().map(str::trim);
    let cases = cases.filter(|line| line.contains("<failure"));
    expect![[r#"
        <failure message="The message of the error is {kind}{identity} on cuc-mock, and no {element} [{id}] on the server (in 4 requests of 2 resources)" type="message">The message of the error is {kind}{identity} on cuc-mock, and no {element} [{id}] on the server (in 4 requests of 2 resources)
        <failure message="The message of the error is GET /vmrest/ports/4 on cuc-mock, and none on the server (in 2 requests)" type="message">The message of the error is GET /vmrest/ports/4 on cuc-mock, and none on the server (in 2 requests)"#]].assert_eq(&cases.collect::<Vec<_>>().join("\n"));
    let json = report.json();
    let counts = json.lines().map(str::trim).filter(|line| {
        let counted = [
            "\"resource\"",
            "\"request\"",
            "\"server\": \"",
            "\"count\"",
            "\"resources\"",
        ];
        counted.iter().any(|name| line.contains(name))
    });
    expect![[r#"
        "resource": null,
        "request": "GET /vmrest/users/",
        "server": "no {element} [{id}]",
        "count": 4,
        "resources": 2,
        "resource": "ports",
        "request": "GET /vmrest/ports/4",
        "server": "none",
        "count": 2,
        "resources": 1,"#]]
    .assert_eq(&counts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_same_default_is_reported_once_for_each_fact() {
    let of = |request: &str, server: &str, number| Finding {
        request: request.to_owned(),
        facts: vec![FactKey::Rule {
            resource: "users".to_owned(),
            field: "Language".to_owned(),
            rule: FieldRule::Default,
            number,
        }],
        ..finding(Difference::Default, Some("Language"), "\"1\"", server)
    };
    let heading = heading();
    let mut results = Results::default();
    for finding in [
        of("GET /vmrest/users/1", "\"2\"", 0),
        of("GET /vmrest/users/2", "\"2\"", 0),
        of("GET /vmrest/users/3", "\"2\"", 1),
        of("GET /vmrest/users/4", "\"3\"", 0),
    ] {
        results.add_finding(finding);
    }
    let report = Report::new(&heading, &results, &row).text();
    let lines = report.lines().map(str::trim);
    let lines = lines.filter(|line| line.starts_with("GET") || line.starts_with("In"));
    expect![[r#"
        GET /vmrest/users/1
        In a new object, Language is "1" on cuc-mock, and "2" on the server (2 times).
        GET /vmrest/users/3
        In a new object, Language is "1" on cuc-mock, and "2" on the server.
        GET /vmrest/users/4
        In a new object, Language is "1" on cuc-mock, and "3" on the server."#]]
    .assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn servers_without_differences_have_a_short_report() {
    let (heading, results) = (heading(), Results::default());
    let report = Report::new(&heading, &results, &row);
    assert!(report.is_same());
    expect![[r#"
        cuc-mock 0.1.0 as release 12.5, compared with Unity Connection 12.5.1.11900-57 as release 12.5
        2031-02-03 04:05

        Warnings
          cuc.example.com has no schemas

        12 requests, 0 differences: 0 facts refuted, 0 facts confirmed, 0 of them inferred until now
    "#]].assert_eq(&report.text());
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="cuc-mock drift" tests="0" failures="0" errors="0" time="0">
        </testsuites>
    "#]]
    .assert_eq(&report.junit());
}
