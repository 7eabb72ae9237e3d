//! Learning from invented exchanges.

use std::{fmt::Write, fs, path::Path};

use expect_test::expect;
use ureq::http::HeaderMap;

use super::*;
use crate::{
    appliance::{
        client::Response,
        drift::{Comparison, Exchange, Ignored, Probe},
        facts::FieldRule,
    },
    engine::load::Progress,
    resources::{CatalogueFiles, embedded_descriptions},
    schema::{ErrorRule, Release, Verb},
};

const SOURCE: &str = "a server with 14.0.1.10000, 2026-11-28";
const SECRET: &str = "hunter2-horse";
const LAMPS: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
  <evidence id="page" documented="handbook, Lamps"/>
  <verb name="list" inferred="as chairs"/>
  <verb name="read" by="page"/>
  <verb name="create" by="page"/>
  <verb name="delete" by="page"/>
  <object-id by="page"/>
  <text name="Name" by="page">
    <required inferred="as chairs"/>
    <max-length characters="8" by="page"/>
  </text>
  <text name="Shade" by="page"/>
  <integer name="Kind" by="page">
    <default value="1" inferred="the first one"/>
    <choices values="1 2" by="page"/>
  </integer>
  <integer name="Watts" by="page"/>
  <text name="Colour" by="page"/>
</resource>
"#;

/// Returns the resources of a server with some files of descriptions.
#[track_caller]
fn served(folder: &Path) -> ServedResources {
    let files = CatalogueFiles {
        release: Release::V14,
        resources: &[folder.to_owned()],
        fixtures: &[],
    };
    let served = files.read(&Progress::default());
    served.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Learns from exchanges, and checks that a server accepts the result.
#[track_caller]
fn learned(exchanges: &[Exchange], findings: &[Finding], confirmed: &[FactKey]) -> Learned {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("lamps.xml"), LAMPS).expect("a file");
    let resources = served(folder.path());
    let mut observations = Observations::default();
    exchanges
        .iter()
        .for_each(|exchange| observations.add(exchange));
    let learning = Learning {
        served: &resources,
        facts: &FactIndex::new(&resources),
        observations: &observations,
        source: SOURCE,
        secrets: &[SECRET.to_owned()],
    };
    let learned = learning.learn(findings, confirmed).expect("descriptions");
    let written = folder.path().join("learned");
    learned.write(&written).expect("a new folder");
    if !learned.files.is_empty() {
        served(&written);
    }
    assert!(!format!("{:?}", learned.files).contains(SECRET));
    learned
}

fn text(learned: &Learned) -> String {
    let mut text = String::new();
    for (name, content) in &learned.files {
        let _ = write!(text, "{name}:\n{content}");
    }
    for NotLearned { finding, reason } in &learned.not_learned {
        let Finding {
            difference,
            request,
            ..
        } = finding;
        let _ = writeln!(text, "not learned: {difference:?} of {request}: {reason}");
    }
    text
}

fn response(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: HeaderMap::new(),
        body: body.into(),
    }
}

fn rejection(status: u16, code: &str, message: &str) -> Response {
    let errors = format!("<errors><code>{code}</code><message>{message}</message></errors>");
    response(status, &format!("<ErrorDetails>{errors}</ErrorDetails>"))
}

fn exchange(name: &str, mock: Response, server: Response) -> Exchange {
    let probe = Probe {
        name: name.to_owned(),
        resource: Some("lamps".to_owned()),
        status_facts: Vec::new(),
        error_fact: None,
        shows_defaults: name.ends_with("defaults"),
    };
    Exchange {
        probe,
        mock,
        server,
    }
}

fn finding(
    difference: Difference,
    request: &str,
    place: Option<&str>,
    facts: &[FactKey],
) -> Finding {
    Finding {
        difference,
        request: request.to_owned(),
        resource: Some("lamps".to_owned()),
        place: place.map(str::to_owned),
        kind: None,
        mock: String::new(),
        server: String::new(),
        facts: facts.to_vec(),
        count: 1,
        templates: None,
    }
}

fn field(name: &str) -> FactKey {
    FactKey::Field {
        resource: "lamps".to_owned(),
        field: name.to_owned(),
    }
}

fn rule(name: &str, rule: FieldRule) -> FactKey {
    FactKey::Rule {
        resource: "lamps".to_owned(),
        field: name.to_owned(),
        rule,
        number: 0,
    }
}

fn verb(verb: Verb) -> FactKey {
    FactKey::Verb {
        resource: "lamps".to_owned(),
        verb,
    }
}

fn error(rule: ErrorRule) -> FactKey {
    FactKey::Error { rule, verb: None }
}

#[test]
fn fields_are_corrected_from_objects() {
    let list = "<Lamps total=\"2\"><Lamp><ObjectId>7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</ObjectId>\
                <Watts>60</Watts><Name>a</Name><SocketURI>/vmrest/sockets/1</SocketURI><Volts>230</Volts></Lamp>\
                <Lamp><Watts>LED</Watts><Name>b</Name><Kind>1</Kind><Volts>110</Volts></Lamp></Lamps>";
    let object = "<Lamp><Watts>60</Watts><Name>a</Name><Kind>3</Kind><Colour>red</Colour></Lamp>";
    let (lists, reads) = ("GET /vmrest/lamps", "GET /vmrest/lamps/1");
    let exchanges = [
        exchange(lists, response(200, "<Lamps/>"), response(200, list)),
        exchange(reads, response(200, "<Lamp/>"), response(200, object)),
    ];
    let findings = [
        finding(
            Difference::AdditionalField,
            lists,
            Some("SocketURI"),
            &[field("SocketURI")],
        ),
        finding(
            Difference::AdditionalField,
            lists,
            Some("Volts"),
            &[field("Volts")],
        ),
        finding(
            Difference::AdditionalField,
            lists,
            Some("Bulb/Name"),
            &[field("Bulb")],
        ),
        finding(
            Difference::MissingField,
            lists,
            Some("Shade"),
            &[field("Shade")],
        ),
        finding(
            Difference::MissingField,
            lists,
            Some("Colour"),
            &[field("Colour")],
        ),
        finding(
            Difference::Order,
            lists,
            None,
            &[field("Watts"), field("Name")],
        ),
        finding(Difference::Order, lists, Some("objects"), &[]),
        finding(Difference::Kind, lists, Some("Watts"), &[field("Watts")]),
        finding(Difference::Value, lists, Some("Name"), &[field("Name")]),
        Finding {
            server: "\"3\"".to_owned(),
            ..finding(
                Difference::Rule,
                reads,
                Some("Kind"),
                &[rule("Kind", FieldRule::Choices)],
            )
        },
        finding(
            Difference::Rule,
            reads,
            Some("Name"),
            &[rule("Name", FieldRule::MaxLength)],
        ),
    ];
    let confirmed = [
        verb(Verb::List),
        field("Name"),
        rule("Kind", FieldRule::Default),
    ];
    expect![[r#"
        lamps.xml:
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <verb name="list" captured="a server with 14.0.1.10000, 2026-11-28" fields="ObjectId Name Kind Watts SocketURI Volts"/>
          <verb name="read" by="page"/>
          <verb name="create" by="page"/>
          <verb name="delete" by="page"/>
          <object-id by="page"/>
          <text name="Watts" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <text name="Name" captured="a server with 14.0.1.10000, 2026-11-28">
            <required inferred="as chairs"/>
          </text>
          <integer name="Kind" by="page">
            <default value="1" captured="a server with 14.0.1.10000, 2026-11-28"/>
            <choices values="1 2 3" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </integer>
          <text name="Colour" by="page"/>
          <text name="SocketURI" captured="a server with 14.0.1.10000, 2026-11-28" access="read-only"/>
          <integer name="Volts" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </resource>
        not learned: AdditionalField of GET /vmrest/lamps: no description can express it
        not learned: Order of GET /vmrest/lamps: no description can express it
        not learned: Value of GET /vmrest/lamps: no description can express it
    "#]].assert_eq(&text(&learned(&exchanges, &findings, &confirmed)));
}

#[test]
fn defaults_are_those_of_a_new_object() {
    let name = "GET /vmrest/lamps/1, which has its defaults";
    let object = format!(
        "<Lamp><ObjectId>7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</ObjectId><Kind>2</Kind><Shade>{SECRET}</Shade>\
         <Colour>red</Colour></Lamp>"
    );
    let exchanges = [exchange(
        name,
        response(200, "<Lamp/>"),
        response(200, &object),
    )];
    let findings = [
        finding(
            Difference::Default,
            name,
            Some("Kind"),
            &[rule("Kind", FieldRule::Default)],
        ),
        finding(
            Difference::Default,
            name,
            Some("Colour"),
            &[field("Colour")],
        ),
        finding(Difference::Default, name, Some("Shade"), &[field("Shade")]),
        finding(Difference::Default, name, Some("Watts"), &[field("Watts")]),
        finding(
            Difference::Default,
            name,
            Some("ObjectId"),
            &[field("ObjectId")],
        ),
    ];
    expect![[r#"
        lamps.xml:
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <verb name="list" inferred="as chairs"/>
          <verb name="read" by="page"/>
          <verb name="create" by="page"/>
          <verb name="delete" by="page"/>
          <object-id by="page"/>
          <text name="Name" by="page">
            <required inferred="as chairs"/>
            <max-length characters="8" by="page"/>
          </text>
          <text name="Shade" by="page"/>
          <integer name="Kind" by="page">
            <default value="2" captured="a server with 14.0.1.10000, 2026-11-28"/>
            <choices values="1 2" by="page"/>
          </integer>
          <integer name="Watts" by="page"/>
          <text name="Colour" by="page">
            <default value="red" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </text>
        </resource>
        not learned: Default of GET /vmrest/lamps/1, which has its defaults: it contains a secret
        not learned: Default of GET /vmrest/lamps/1, which has its defaults: the description does not allow the change
        not learned: Default of GET /vmrest/lamps/1, which has its defaults: the value belongs to one object
    "#]].assert_eq(&text(&learned(&exchanges, &findings, &[])));
}

#[test]
fn a_new_field_has_the_default_of_all_new_objects() {
    let object = |rank: &str, more: &str| {
        format!("<Lamp><Name>a</Name><Rank>{rank}</Rank><Lumen>{more}</Lumen></Lamp>")
    };
    let list = |object: &str| format!("<Lamps total=\"1\">{object}</Lamps>");
    let (read, query, reads) = (
        "GET /vmrest/lamps/1 with its defaults",
        "GET /vmrest/lamps?query=(Name is a) with its defaults",
        "GET /vmrest/lamps",
    );
    let exchanges = [
        exchange(
            read,
            response(200, "<Lamp/>"),
            response(200, &object("7", "1")),
        ),
        exchange(
            query,
            response(200, &list("<Lamp/>")),
            response(200, &list(&object("7", "2"))),
        ),
        exchange(
            reads,
            response(200, "<Lamps/>"),
            response(200, &list(&object("8", "3"))),
        ),
    ];
    let findings = ["Rank", "Lumen"].map(|name| {
        finding(
            Difference::AdditionalField,
            reads,
            Some(name),
            &[field(name)],
        )
    });
    let learned = text(&learned(&exchanges, &findings, &[]));
    let (_, added) = learned.split_once("</text>\n").expect("a text");
    expect![[r#"
          <integer name="Rank" captured="a server with 14.0.1.10000, 2026-11-28">
            <default value="7" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </integer>
          <integer name="Lumen" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <text name="Shade" by="page"/>
          <integer name="Kind" by="page">
            <default value="1" inferred="the first one"/>
            <choices values="1 2" by="page"/>
          </integer>
          <integer name="Watts" by="page"/>
          <text name="Colour" by="page"/>
        </resource>
    "#]]
    .assert_eq(added);
}

#[test]
fn rejections_become_entries_with_placeholders() {
    let id = "7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073";
    let own = |field: &str, value: &str, expected: &str| {
        let message = format!(
            "Invalid parameter. Parameter = [{field}], Value = [{value}]: expected {expected}"
        );
        rejection(400, "DATA_EXCEPTION", &message)
    };
    let missing = format!("GET /vmrest/lamps/{id}");
    let requests = [
        "POST /vmrest/lamps without Name",
        "POST /vmrest/lamps with a long Name",
        "POST /vmrest/lamps without Kind",
        &missing,
        "POST /vmrest/lamps with a secret",
        "PUT /vmrest/lamps/1 without Name",
    ];
    let exchanges = [
        exchange(
            requests[0],
            own("Name", "", "a text"),
            rejection(412, "MISSING", "Name is missing"),
        ),
        exchange(
            requests[1],
            own("Name", "abcdefghi", "8"),
            rejection(400, "DATA_EXCEPTION", "abcdefghi is too long"),
        ),
        exchange(
            requests[2],
            own("Kind", "", "a number"),
            rejection(412, "MISSING", "no kind"),
        ),
        exchange(
            requests[3],
            rejection(404, "NOT_FOUND", &format!("lamp - ObjectId={id}")),
            rejection(404, "NONE", &format!("Lamp not found: ObjectId {id}")),
        ),
        exchange(
            requests[4],
            own("Name", "x", "a text"),
            rejection(400, "DATA_EXCEPTION", &format!("{SECRET}!")),
        ),
        exchange(
            requests[5],
            own("Name", "", "a text"),
            rejection(503, "BUSY", "later"),
        ),
    ];
    let required = [error(ErrorRule::Required)];
    let long = [error(ErrorRule::MaxLength)];
    let not_found = [error(ErrorRule::NotFound)];
    let findings = [
        finding(Difference::Status, requests[0], None, &required),
        finding(Difference::Message, requests[1], Some("message"), &long),
        finding(Difference::Status, requests[2], None, &required),
        finding(Difference::Code, requests[3], Some("code"), &not_found),
        finding(
            Difference::Message,
            requests[3],
            Some("message"),
            &not_found,
        ),
        finding(
            Difference::Message,
            requests[4],
            Some("message"),
            &[error(ErrorRule::Type)],
        ),
        finding(Difference::Status, requests[5], None, &required),
    ];
    let confirmed = [
        error(ErrorRule::Choices),
        error(ErrorRule::Required),
        error(ErrorRule::NotFound),
    ];
    expect![[r#"
        lamps.xml:
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <verb name="list" inferred="as chairs"/>
          <verb name="read" by="page"/>
          <verb name="create" by="page"/>
          <verb name="delete" by="page"/>
          <object-id by="page"/>
          <text name="Name" by="page">
            <required inferred="as chairs"/>
            <max-length characters="8" by="page"/>
          </text>
          <text name="Shade" by="page"/>
          <integer name="Kind" by="page">
            <default value="1" inferred="the first one"/>
            <choices values="1 2" by="page"/>
          </integer>
          <integer name="Watts" by="page"/>
          <text name="Colour" by="page"/>
        </resource>
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="choices" status="400" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="required" verb="create" resource="lamps" status="412" code="MISSING" message="{field} is missing" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="max-length" verb="create" resource="lamps" message="{value} is too long" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="not-found" verb="read" resource="lamps" code="NONE" message="{element} not found: {field} {id}" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
        not learned: Status of POST /vmrest/lamps without Kind: another request that breaks the rule gets another response
        not learned: Message of POST /vmrest/lamps with a secret: it contains a secret
        not learned: Status of PUT /vmrest/lamps/1 without Name: the status depends on more than the rule
    "#]].assert_eq(&text(&learned(&exchanges, &findings, &confirmed)));
}

/// Returns an exchange that tests the content of an error.
fn rejected(
    resource: &str,
    request: &str,
    rule: ErrorRule,
    mock: Response,
    server: Response,
) -> Exchange {
    let mut exchange = exchange(request, mock, server);
    exchange.probe.resource = Some(resource.to_owned());
    exchange.probe.error_fact = Some(error(rule));
    exchange
}

/// Compares exchanges and learns from the differences, beside descriptions of errors.
#[track_caller]
fn learned_errors(exchanges: &[Exchange], errors: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("lamps.xml"), LAMPS).expect("a file");
    fs::write(folder.path().join("errors.xml"), errors).expect("a file");
    let resources = served(folder.path());
    let comparison = Comparison {
        catalogue: &resources.catalogue,
        ignored: &Ignored::new(Vec::new()),
        secrets: &[],
    };
    let mut observations = Observations::default();
    let (mut findings, mut confirmed) = (Vec::new(), Vec::new());
    for exchange in exchanges {
        observations.add(exchange);
        let outcome = comparison.compare(exchange);
        findings.extend(outcome.findings);
        confirmed.extend(outcome.confirmed);
    }
    let learning = Learning {
        served: &resources,
        facts: &FactIndex::new(&resources),
        observations: &observations,
        source: SOURCE,
        secrets: &[],
    };
    let mut learned = learning.learn(&findings, &confirmed).expect("descriptions");
    let written = folder.path().join("learned");
    learned.write(&written).expect("a new folder");
    served(&written);
    learned.files.retain(|(name, _)| name == "errors.xml");
    text(&learned)
}

const NO_ERRORS: &str = r#"<errors><error rule="space-name" code="A" inferred="x"/></errors>"#;

/// Returns the rejection of this server because of a field without a value.
fn required(field: &str) -> Response {
    let message = format!(
        "Invalid parameter. Parameter = [{field}], Value = []: expected a value, it is mandatory"
    );
    rejection(400, "DATA_EXCEPTION", &message)
}

#[test]
fn equal_rejections_of_all_resources_and_verbs_become_one_entry() {
    let missing = |field: &str| rejection(422, "MISSING", &format!("{field} is missing"));
    let of_rule = |resource: &str, request: &str, field: &str| {
        rejected(
            resource,
            request,
            ErrorRule::Required,
            required(field),
            missing(field),
        )
    };
    let id = "cc0c0000-0000-4000-8000-000000000007";
    let deleted = |resource: &str, element: &str| {
        let kind = element.to_ascii_lowercase();
        rejected(
            resource,
            &format!("GET /vmrest/{resource}/{{id}} when it is deleted"),
            ErrorRule::NotFound,
            rejection(404, "NOT_FOUND", &format!("{kind} - ObjectId={id}")),
            rejection(404, "NONE", &format!("no {element} {id}")),
        )
    };
    let exchanges = [
        of_rule("lamps", "POST /vmrest/lamps without Name", "Name"),
        of_rule("tenants", "POST /vmrest/tenants without Alias", "Alias"),
        of_rule("lamps", "PUT /vmrest/lamps/1 with an empty Name", "Name"),
        of_rule(
            "tenants",
            "PUT /vmrest/tenants/1 with an empty Alias",
            "Alias",
        ),
        deleted("lamps", "Lamp"),
        deleted("tenants", "Tenant"),
    ];
    expect![[r#"
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="space-name" code="A" inferred="x"/>
          <error rule="required" status="422" code="MISSING" message="{field} is missing" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="not-found" verb="read" code="NONE" message="no {element} {id}" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
    "#]].assert_eq(&learned_errors(&exchanges, NO_ERRORS));
}

#[test]
fn the_message_with_the_most_placeholders_is_learned() {
    let request = |purpose: &str, value: &str| {
        let own = format!("Invalid parameter. Parameter = [Kind], Value = [{value}]: expected 1");
        rejected(
            "lamps",
            &format!("PUT /vmrest/lamps/1 {purpose}"),
            ErrorRule::Choices,
            rejection(400, "DATA_EXCEPTION", &own),
            rejection(400, "DATA_EXCEPTION", &format!("Kind is not {value}")),
        )
    };
    let exchanges = [
        request("with an empty Kind", ""),
        request("with Kind outside its choices", "-1"),
        request("with a short Kind", "~"),
    ];
    expect![[r#"
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="space-name" code="A" inferred="x"/>
          <error rule="choices" verb="update" resource="lamps" message="{field} is not {value}" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
    "#]].assert_eq(&learned_errors(&exchanges, NO_ERRORS));
}

#[test]
fn different_rejections_remain_entries_of_their_resources() {
    let exchanges = [
        rejected(
            "lamps",
            "POST /vmrest/lamps without Name",
            ErrorRule::Required,
            required("Name"),
            rejection(422, "MISSING", "Name is missing"),
        ),
        rejected(
            "tenants",
            "POST /vmrest/tenants without Alias",
            ErrorRule::Required,
            required("Alias"),
            required("Alias"),
        ),
        rejected(
            "lamps",
            "POST /vmrest/lamps with a long Name",
            ErrorRule::MaxLength,
            required("Name"),
            rejection(400, "DATA_EXCEPTION", "long"),
        ),
        rejected(
            "tenants",
            "POST /vmrest/tenants with a long Alias",
            ErrorRule::MaxLength,
            required("Alias"),
            rejection(400, "DATA_EXCEPTION", "too long"),
        ),
    ];
    expect![[r#"
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="space-name" code="A" inferred="x"/>
          <error rule="required" verb="create" resource="lamps" status="422" code="MISSING" message="{field} is missing" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="max-length" verb="create" resource="lamps" message="long" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <error rule="max-length" verb="create" resource="tenants" message="too long" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
    "#]].assert_eq(&learned_errors(&exchanges, NO_ERRORS));
}

#[test]
fn described_errors_remain_unless_the_server_differs() {
    let described = r#"<errors>
      <error rule="required" status="422" code="MISSING" message="{field} is missing" captured="before"/>
      <error rule="max-length" code="LONG" message="{field} is long" captured="before"/>
    </errors>"#;
    let same = || rejection(422, "MISSING", "Name is missing");
    let exchanges = [
        rejected(
            "lamps",
            "POST /vmrest/lamps without Name",
            ErrorRule::Required,
            same(),
            same(),
        ),
        rejected(
            "lamps",
            "POST /vmrest/lamps with a long Name",
            ErrorRule::MaxLength,
            rejection(400, "LONG", "Name is long"),
            rejection(400, "LONG", "Name: too long"),
        ),
    ];
    expect![[r#"
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="required" status="422" code="MISSING" message="{field} is missing" captured="before"/>
          <error rule="max-length" code="LONG" message="{field} is long" captured="before"/>
          <error rule="max-length" verb="create" resource="lamps" code="LONG" message="{field}: too long" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
    "#]].assert_eq(&learned_errors(&exchanges, described));
    // A folder with corrected fields replaces the files of the user, too.
    let list = |fields: &str| {
        let list = format!("<Lamps total=\"1\"><Lamp><Name>a</Name>{fields}</Lamp></Lamps>");
        response(200, &list)
    };
    let field = exchange("GET /vmrest/lamps", list(""), list("<Volts>1</Volts>"));
    expect![[r#"
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="required" status="422" code="MISSING" message="{field} is missing" captured="before"/>
          <error rule="max-length" code="LONG" message="{field} is long" captured="before"/>
        </errors>
    "#]].assert_eq(&learned_errors(&[field], described));
}

#[test]
fn a_status_refutes_rules_and_verbs() {
    let requests = [
        "POST /vmrest/lamps without Name",
        "PUT /vmrest/lamps/1",
        "DELETE /vmrest/lamps/1",
        "GET /vmrest/lamps",
    ];
    let created = || response(201, "/vmrest/lamps/1");
    let exchanges = [
        exchange(
            requests[0],
            rejection(400, "DATA_EXCEPTION", "no"),
            created(),
        ),
        exchange(
            requests[1],
            rejection(405, "METHOD_NOT_ALLOWED", "no"),
            response(204, ""),
        ),
        exchange(
            requests[2],
            response(204, ""),
            rejection(405, "METHOD_NOT_ALLOWED", "no"),
        ),
        exchange(
            requests[3],
            response(200, "<Lamps total=\"0\"/>"),
            rejection(400, "NO", "no"),
        ),
    ];
    let findings = [
        finding(
            Difference::Status,
            requests[0],
            None,
            &[rule("Name", FieldRule::Required)],
        ),
        finding(Difference::Status, requests[1], None, &[verb(Verb::Update)]),
        finding(Difference::Status, requests[2], None, &[verb(Verb::Delete)]),
        finding(Difference::Status, requests[3], None, &[verb(Verb::List)]),
        finding(Difference::Status, "GET /vmrest/none", None, &[]),
    ];
    expect![[r#"
        lamps.xml:
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <verb name="list" inferred="as chairs"/>
          <verb name="read" by="page"/>
          <verb name="create" by="page"/>
          <verb name="update" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <object-id by="page"/>
          <text name="Name" by="page">
            <max-length characters="8" by="page"/>
          </text>
          <text name="Shade" by="page"/>
          <integer name="Kind" by="page">
            <default value="1" inferred="the first one"/>
            <choices values="1 2" by="page"/>
          </integer>
          <integer name="Watts" by="page"/>
          <text name="Colour" by="page"/>
        </resource>
        not learned: Status of GET /vmrest/lamps: no description can express it
        not learned: Status of GET /vmrest/none: there is no response in XML to learn from
    "#]]
    .assert_eq(&text(&learned(&exchanges, &findings, &[])));
}

#[test]
fn the_findings_of_a_comparison_are_learned() {
    let object = |kind: &str, end: &str| {
        let id = "<ObjectId>7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</ObjectId>";
        format!("<Lamp>{id}<Name>a</Name><Kind>{kind}</Kind>{end}</Lamp>")
    };
    let list = |object: &str| response(200, &format!("<Lamps total=\"1\">{object}</Lamps>"));
    let (mock, server) = (
        object("1", "<Watts>60</Watts><Colour/>"),
        object("1", "<Colour/><Watts>60W</Watts><Volts>230</Volts>"),
    );
    let own = "Invalid parameter. Parameter = [Name], Value = []: expected a text";
    let mut invalid = exchange(
        "POST /vmrest/lamps without Name",
        rejection(400, "DATA_EXCEPTION", own),
        rejection(400, "MISSING", "Name: required"),
    );
    invalid.probe.status_facts = vec![rule("Name", FieldRule::Required)];
    invalid.probe.error_fact = Some(error(ErrorRule::Required));
    let mut verbs = exchange("GET /vmrest/lamps", list(&mock), list(&server));
    verbs.probe.status_facts = vec![verb(Verb::List)];
    let defaults = exchange(
        "GET /vmrest/lamps/1 with its defaults",
        response(200, &object("1", "")),
        response(200, &object("2", "<Shade>round</Shade>")),
    );
    let exchanges = [invalid, verbs, defaults];
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("lamps.xml"), LAMPS).expect("a file");
    let comparison = Comparison {
        catalogue: &served(folder.path()).catalogue,
        ignored: &Ignored::new(Vec::new()),
        secrets: &[],
    };
    let outcomes = exchanges
        .iter()
        .map(|exchange| comparison.compare(exchange));
    let (mut findings, mut confirmed) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        findings.extend(outcome.findings);
        confirmed.extend(outcome.confirmed);
    }
    expect![[r#"
        lamps.xml:
        <!-- Written with the responses of a server with 14.0.1.10000, 2026-11-28. -->
        <resource path="lamps" list="Lamps" element="Lamp">
          <evidence id="page" documented="handbook, Lamps"/>
          <verb name="list" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <verb name="read" by="page"/>
          <verb name="create" by="page"/>
          <verb name="delete" by="page"/>
          <object-id by="page"/>
          <text name="Name" by="page">
            <required captured="a server with 14.0.1.10000, 2026-11-28"/>
            <max-length characters="8" by="page"/>
          </text>
          <integer name="Kind" by="page">
            <default value="2" captured="a server with 14.0.1.10000, 2026-11-28"/>
            <choices values="1 2" by="page"/>
          </integer>
          <text name="Shade" by="page">
            <default value="round" captured="a server with 14.0.1.10000, 2026-11-28"/>
          </text>
          <text name="Colour" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <text name="Watts" captured="a server with 14.0.1.10000, 2026-11-28"/>
          <integer name="Volts" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </resource>
        errors.xml:
        <!-- The rejections of a server with 14.0.1.10000, 2026-11-28. -->
        <errors>
          <error rule="required" verb="create" resource="lamps" code="MISSING" message="{field}: required" captured="a server with 14.0.1.10000, 2026-11-28"/>
        </errors>
    "#]].assert_eq(&text(&learned(&exchanges, &findings, &confirmed)));
}

#[test]
fn a_correction_that_makes_another_description_invalid_is_not_learned() {
    let name = "GET /vmrest/partitions";
    let list = "<Partitions total=\"1\"><Partition><Name>a</Name></Partition></Partitions>";
    let mut exchange = exchange(name, response(200, list), response(200, list));
    exchange.probe.resource = Some("partitions".to_owned());
    let mut missing = finding(Difference::MissingField, name, Some("TenantObjectId"), &[]);
    missing.resource = Some("partitions".to_owned());
    let mut other = finding(Difference::MissingField, name, Some("Description"), &[]);
    other.resource = Some("partitions".to_owned());
    let learned = learned(&[exchange], &[missing, other], &[]);
    let names: Vec<_> = learned.files.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["partitions.xml", "lamps.xml"]);
    expect![[r#"
        [
            NotLearned {
                finding: Finding {
                    difference: MissingField,
                    request: "GET /vmrest/partitions",
                    resource: Some(
                        "partitions",
                    ),
                    place: Some(
                        "TenantObjectId",
                    ),
                    kind: None,
                    mock: "",
                    server: "",
                    facts: [],
                    count: 1,
                    templates: None,
                },
                reason: "the description would be invalid: the field is \"TenantObjectId\", expected a field of partitions that is shown, and no link",
            },
        ]"#]].assert_eq(&format!("{:#?}", learned.not_learned));
}

#[test]
fn every_inferred_fact_can_be_confirmed() {
    let mut keys = Vec::new();
    for description in embedded_descriptions() {
        let resource = || description.path.to_string();
        keys.extend(Verb::ALL.map(|verb| FactKey::Verb {
            resource: resource(),
            verb,
        }));
        for field in &description.fields {
            let field = || field.name.to_string();
            keys.push(FactKey::Field {
                resource: resource(),
                field: field(),
            });
            let rules = [
                FieldRule::Required,
                FieldRule::Default,
                FieldRule::Choices,
                FieldRule::MaxLength,
                FieldRule::Range,
                FieldRule::Unique,
                FieldRule::Reference,
            ];
            keys.extend(rules.map(|rule| FactKey::Rule {
                resource: resource(),
                field: field(),
                rule,
                number: 0,
            }));
        }
    }
    let learned = learned(&[], &[], &keys);
    assert!(learned.files.len() > 50, "{}", learned.files.len());
    assert_eq!(learned.not_learned, []);
}

#[test]
fn a_folder_with_content_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let learned = Learned {
        files: vec![("lamps.xml".to_owned(), LAMPS.to_owned())],
        not_learned: Vec::new(),
    };
    learned.write(folder.path()).expect("an empty folder");
    let error = learned.write(folder.path()).expect_err("a full folder");
    assert_eq!(error.kind(), std::io::ErrorKind::DirectoryNotEmpty);
}

#[test]
fn files_have_names_of_their_own() {
    let paths = ["users/{UserObjectId}/pins", "users-pins", "errors"];
    let files = folder::named(paths.into_iter().map(|path| (path, String::new())));
    let names: Vec<_> = files.into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["users-pins.xml", "users-pins-2.xml", "errors-2.xml"]
    );
}
