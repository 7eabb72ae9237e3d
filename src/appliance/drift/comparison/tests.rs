//! Whole exchanges: their findings, and the facts that they confirm.

use std::fmt::Write;

use expect_test::{Expect, expect};
use ureq::http::{self, HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::{
    CucMock,
    appliance::{
        client::{Client, Credentials, Request, Trust},
        drift::{Ignored, Probe},
        facts::FieldRule,
    },
    resources::embedded_catalogue,
    schema::{ErrorRule, Release, Verb},
};

const XML: &str = "application/xml;charset=UTF-8";
const JSON: &str = "application/json;charset=UTF-8";
const SECRET: &str = "hunter2-horse";

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| {
        let name = HeaderName::try_from(*name).unwrap();
        (name, HeaderValue::try_from(*value).unwrap())
    });
    let mut map = HeaderMap::new();
    headers.for_each(|(name, value)| {
        map.append(name, value);
    });
    Response {
        status,
        headers: map,
        body: body.into(),
    }
}

fn xml(status: u16, body: &str) -> Response {
    response(status, &[("Content-Type", XML)], body)
}

fn json(body: &str) -> Response {
    response(200, &[("Content-Type", JSON)], body)
}

fn probe(name: &str, resource: Option<&str>) -> Probe {
    Probe {
        name: name.to_owned(),
        resource: resource.map(str::to_owned),
        status_facts: resource
            .map(|resource| FactKey::Verb {
                resource: resource.to_owned(),
                verb: Verb::List,
            })
            .into_iter()
            .collect(),
        error_fact: Some(FactKey::Error {
            rule: ErrorRule::Required,
            verb: None,
        }),
        shows_defaults: false,
    }
}

fn outcome(ignored: &[&str], probe: Probe, mock: Response, server: Response) -> Outcome {
    let catalogue = embedded_catalogue(Release::V10_5);
    let ignored = ignored.iter().map(|place| place.parse().unwrap());
    let ignored = Ignored::new(ignored.collect());
    let comparison = Comparison {
        catalogue: &catalogue,
        ignored: &ignored,
        secrets: &[SECRET.to_owned()],
    };
    let outcome = comparison.compare(&Exchange {
        probe,
        mock,
        server,
    });
    let shown = format!("{outcome:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    outcome
}

fn fact(fact: &FactKey) -> String {
    match fact {
        FactKey::Verb { resource, verb } => format!("{verb:?} {resource}"),
        FactKey::Field { resource, field } => format!("{resource}:{field}"),
        FactKey::Rule {
            resource,
            field,
            rule,
            number,
        } => format!("{resource}:{field}:{rule:?}:{number}"),
        FactKey::Error { rule, .. } => format!("error {rule:?}"),
        FactKey::Protocol(line) => (*line).to_owned(),
    }
}

#[track_caller]
fn check(outcome: &Outcome, expected: &Expect) {
    let mut text = String::new();
    for finding in &outcome.findings {
        let place = finding.place.as_deref().unwrap_or("-");
        let _ = writeln!(
            text,
            "{} {place}: {} | {} ({})",
            finding.difference.name(),
            finding.mock,
            finding.server,
            finding.count,
        );
        if let Some(Templates { mock, server }) = &finding.templates {
            let _ = writeln!(text, "    with placeholders: {mock} | {server}");
        }
        for key in &finding.facts {
            let _ = writeln!(text, "    refutes {}", fact(key));
        }
    }
    for key in &outcome.confirmed {
        let _ = writeln!(text, "confirms {}", fact(key));
    }
    expected.assert_eq(&text);
}

#[track_caller]
fn check_tenants(mock: &str, server: &str, expected: &Expect) {
    let probe = probe("GET /vmrest/tenants", Some("tenants"));
    check(
        &outcome(&[], probe, xml(200, mock), xml(200, server)),
        expected,
    );
}

const TENANTS: &str = "<Tenants total=\"2\">\
    <Tenant><URI>/vmrest/tenants/1</URI><ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>\
    <CreationDate>2013-01-11 09:12:04.318</CreationDate><Alias>a</Alias><TimeZone>175</TimeZone></Tenant>\
    <Tenant><URI>/vmrest/tenants/2</URI><ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7439</ObjectId>\
    <CreationDate>2013-01-11 09:12:04.318</CreationDate><Alias>b</Alias><TimeZone>175</TimeZone></Tenant></Tenants>";

#[test]
fn equal_responses_have_no_findings_and_confirm_their_facts() {
    check_tenants(
        TENANTS,
        TENANTS,
        &expect![[r#"
        confirms List tenants
        confirms tenants:URI
        confirms tenants:ObjectId
        confirms tenants:CreationDate
        confirms tenants:Alias
        confirms tenants:TimeZone
    "#]],
    );
}

#[test]
fn hosts_and_times_of_the_server_differ() {
    let mock = TENANTS.replace("<URI>", "<URI>http://127.0.0.1:1");
    let server = TENANTS
        .replace("<URI>", "<URI>https://cuc.example.com:8443")
        .replace("2013-01-11", "2026-03-04");
    check_tenants(
        &mock,
        &server,
        &expect![[r#"
        confirms List tenants
        confirms tenants:URI
        confirms tenants:ObjectId
        confirms tenants:CreationDate
        confirms tenants:Alias
        confirms tenants:TimeZone
    "#]],
    );
}

#[test]
fn each_difference_of_fields_is_found_once() {
    let server = TENANTS
        .replace(
            "<TimeZone>175</TimeZone>",
            "<TimeZone>none</TimeZone><Colour>red</Colour>",
        )
        .replace("<URI>/vmrest/tenants/2</URI>", "")
        .replace("<Alias>a</Alias>", "<Alias>c</Alias>")
        .replace(
            "</ObjectId><CreationDate>2013-01-11 09:12:04.318</CreationDate><Alias>b</Alias>",
            "</ObjectId><Alias>b</Alias><CreationDate>2013-01-11 09:12:04.318</CreationDate>",
        );
    check_tenants(
        TENANTS,
        &server,
        &expect![[r#"
        value Alias: "a" | "c" (1)
            refutes tenants:Alias
        kind TimeZone: a whole number | "none" (2)
            refutes tenants:TimeZone
        additional-field Colour: absent | "red" (2)
            refutes tenants:Colour
        missing-field URI: "/vmrest/tenants/2" | absent (1)
            refutes tenants:URI
        order -: …, CreationDate, Alias, … | …, Alias, CreationDate, … (1)
            refutes tenants:Alias
            refutes tenants:CreationDate
        confirms List tenants
        confirms tenants:ObjectId
    "#]],
    );
}

#[test]
fn objects_are_paired_and_their_order_is_a_difference() {
    let (first, second) = TENANTS.split_once("</Tenant><Tenant>").unwrap();
    let (root, first) = first.split_once("<Tenant>").unwrap();
    let second = second.strip_suffix("</Tenant></Tenants>").unwrap();
    let server = format!("{root}<Tenant>{second}</Tenant><Tenant>{first}</Tenant></Tenants>");
    check_tenants(
        TENANTS,
        &server,
        &expect![[r#"
        order objects: the order of the data | another order, from object 2 on (1)
        confirms List tenants
        confirms tenants:URI
        confirms tenants:ObjectId
        confirms tenants:CreationDate
        confirms tenants:Alias
        confirms tenants:TimeZone
    "#]],
    );
}

#[test]
fn totals_roots_and_elements_differ() {
    let server = TENANTS
        .replace("Tenant>", "Mandant>")
        .replace("Tenants", "Mandanten");
    check_tenants(
        TENANTS,
        &server,
        &expect![[r#"
            body -: a list in the element Tenants | a list in the element Mandanten (1)
            body element: Tenant | Mandant (1)
            confirms List tenants
            confirms tenants:URI
            confirms tenants:ObjectId
            confirms tenants:CreationDate
            confirms tenants:Alias
            confirms tenants:TimeZone
        "#]],
    );
    let server = "<Tenants total=\"0\"/>";
    check_tenants(
        TENANTS,
        server,
        &expect![[r#"
        body total: 2 | 0 (1)
            refutes List: 200; `total` counts all matches
        confirms List tenants
    "#]],
    );
    let server = "<Tenants total=\"2\"/>";
    check_tenants(
        TENANTS,
        server,
        &expect![[r#"
            body objects: 2 objects, 2 of which only on this side | 0 objects, 0 of which only on this side (1)
            confirms List tenants
        "#]],
    );
    check_tenants(
        TENANTS,
        "<Tenant><Alias>a</Alias></Tenant>",
        &expect![[r#"
            body -: a list in the element Tenants | an object in the element Tenant (1)
            confirms List tenants
        "#]],
    );
    check_tenants(
        TENANTS,
        "<Tenant><Alias>",
        &expect![[r#"
        body -: XML | XML that cannot be read (1)
        confirms List tenants
    "#]],
    );
}

#[test]
fn a_status_is_shown_with_its_error_and_ends_the_comparison() {
    let error = |code: &str, message: &str| {
        format!(
            "<ErrorDetails><errors><code>{code}</code><message>{message}</message></errors></ErrorDetails>"
        )
    };
    let rejected = xml(
        400,
        &error(
            "DATA_EXCEPTION",
            &format!("Pin {SECRET} is short, Pin = [abc]"),
        ),
    );
    let outcome = outcome(
        &[],
        probe("POST /vmrest/tenants", Some("tenants")),
        response(201, &[], "/vmrest/tenants/1"),
        rejected,
    );
    check(
        &outcome,
        &expect![[r#"
        status -: 201 | 400 DATA_EXCEPTION: Pin […] is short, … = […] (1)
            refutes List tenants
    "#]],
    );
}

#[test]
fn two_rejections_confirm_the_rule_and_refute_the_error() {
    let error = |code: &str, message: &str| {
        format!(
            "<ErrorDetails><errors><code>{code}</code><message>{message}</message></errors></ErrorDetails>"
        )
    };
    let message = "Invalid parameter. Parameter = [Alias], Value = []: expected a value";
    let own = || xml(400, &error("DATA_EXCEPTION", message));
    let rule = FactKey::Rule {
        resource: "tenants".to_owned(),
        field: "Alias".to_owned(),
        rule: FieldRule::Required,
        number: 0,
    };
    let line = FactKey::Protocol("A value that breaks a rule");
    let probe = Probe {
        status_facts: vec![rule, line],
        ..probe("POST /vmrest/tenants without Alias", Some("tenants"))
    };
    let server = xml(422, &error("MISSING", "Alias of a TENANT is missing"));
    check(
        &outcome(&[], probe.clone(), own(), server),
        &expect![[r#"
            status -: 400 DATA_EXCEPTION: Invalid parameter. Parameter = [Alias], Value = []: expected a value | 422 MISSING: Alias of a TENANT is missing (1)
                with placeholders: 400 DATA_EXCEPTION: Invalid parameter. Parameter = [{field}], Value = [{value}]: expected {expected} | 422 MISSING: {field} of a {element} is missing
                refutes A value that breaks a rule
                refutes error Required
            confirms tenants:Alias:Required:0
        "#]],
    );
    // The rights of the user and the load of the server are no rules.
    for status in [401, 403, 429, 503] {
        let outcome = outcome(&[], probe.clone(), own(), xml(status, ""));
        assert_eq!(outcome.findings[0].facts, probe.status_facts);
        assert_eq!(outcome.confirmed, []);
    }
}

#[test]
fn errors_have_codes_and_messages() {
    let error = |code: &str, message: &str| {
        let body = format!(
            "<ErrorDetails><errors><code>{code}</code><message>{message}</message></errors></ErrorDetails>"
        );
        xml(400, &body)
    };
    let check = |mock: Response, server: Response, expected: &Expect| {
        check(
            &outcome(
                &[],
                probe("POST /vmrest/tenants", Some("tenants")),
                mock,
                server,
            ),
            expected,
        );
    };
    check(
        error("A", "at http://one/x"),
        error("A", "at https://two/x"),
        &expect![[r#"
        confirms List tenants
        confirms error Required
    "#]],
    );
    check(
        error("A", "message"),
        error("B", &format!("another {SECRET}")),
        &expect![[r#"
            code -: A | B (1)
                with placeholders: A | B
                refutes error Required
            message -: message | another [redacted] (1)
                with placeholders: message | another [redacted]
                refutes error Required
            confirms List tenants
        "#]],
    );
    check(
        error("A", "cuc-mock does not implement /x"),
        error("A", "other"),
        &expect![[r#"
        confirms List tenants
    "#]],
    );
    check(
        error("A", "message"),
        xml(400, "<html><body>Bad</body></html>"),
        &expect![[r#"
            body -: an error in the element ErrorDetails | an object in the element html (1)
                refutes The envelope `<ErrorDetails>
            confirms List tenants
        "#]],
    );
}

#[test]
fn secrets_are_not_compared() {
    let mock = "<ExternalService><ServicePassword></ServicePassword><ServerType>4</ServerType></ExternalService>";
    let server = format!(
        "<ExternalService><ServicePassword>{SECRET}</ServicePassword><ServerType>4</ServerType>\
         <AdminPin>{SECRET}</AdminPin><Note>x {SECRET}</Note><Link>https://me:{SECRET}@host</Link></ExternalService>"
    );
    let probe = probe(
        "GET /vmrest/externalservices/{id}",
        Some("externalservices"),
    );
    check(
        &outcome(&[], probe, xml(200, mock), xml(200, &server)),
        &expect![[r#"
            additional-field AdminPin: absent | a secret, which is not shown (1)
                refutes externalservices:AdminPin
            additional-field Note: absent | "x [redacted]" (1)
                refutes externalservices:Note
            additional-field Link: absent | [redacted] (1)
                refutes externalservices:Link
            confirms List externalservices
            confirms externalservices:ServerType
        "#]],
    );
}

#[test]
fn defaults_differ_or_are_confirmed() {
    let tenant = |zone: &str, language: &str, more: &str| {
        xml(
            200,
            &format!(
                "<Tenant><Alias>a</Alias><TimeZone>{zone}</TimeZone><Language>{language}</Language>{more}</Tenant>"
            ),
        )
    };
    let probe = Probe {
        shows_defaults: true,
        ..probe("GET /vmrest/tenants/{id}", Some("tenants"))
    };
    let server = tenant("4", "1033", "<Description>x</Description><New>1</New>");
    check(
        &outcome(&[], probe, tenant("175", "1033", ""), server),
        &expect![[r#"
        default TimeZone: "175" | "4" (1)
            refutes tenants:TimeZone:Default:0
        default Description: absent | "x" (1)
            refutes tenants:Description
        additional-field New: absent | "1" (1)
            refutes tenants:New
        confirms List tenants
        confirms tenants:Language:Default:0
        confirms tenants:Alias
        confirms tenants:TimeZone
        confirms tenants:Language
    "#]],
    );
}

#[test]
fn the_shape_of_json_is_compared() {
    let check = |mock: &str, server: &str, expected: &Expect| {
        let probe = probe("GET /vmrest/tenants", Some("tenants"));
        check(&outcome(&[], probe, json(mock), json(server)), expected);
    };
    let one = r#"{"@total":"1","Tenant":{"Alias":"a","TimeZone":"175"}}"#;
    check(
        one,
        one,
        &expect![[r#"
            confirms List tenants
            confirms JSON list
            confirms tenants:Alias
            confirms tenants:TimeZone
        "#]],
    );
    check(
        one,
        r#"{"Tenant":[{"Alias":"a","TimeZone":175}],"@total":"1"}"#,
        &expect![[r#"
            body @total: the first member | behind other members (1)
                refutes JSON list
            body objects: an object that is not in an array | an array of one object (1)
                refutes JSON list
            body values: texts | numbers in TimeZone (1)
                refutes JSON list
            confirms List tenants
            confirms tenants:Alias
            confirms tenants:TimeZone
        "#]],
    );
    check(
        one,
        r#"{"@total":"2","Tenant":[{"Alias":"a","TimeZone":"175"},{"Alias":"b"}]}"#,
        &expect![[r#"
            body total: 1 | 2 (1)
                refutes List: 200; `total` counts all matches
            confirms List tenants
            confirms JSON list
            confirms tenants:Alias
            confirms tenants:TimeZone
        "#]],
    );
    check(
        "null",
        r#"{"@total":"0"}"#,
        &expect![[r#"
        body list: null | an object (1)
        confirms List tenants
    "#]],
    );
    check(
        r#"{"errors":{"code":"A","message":"b"}}"#,
        r#"{"errors":[{"code":"A","message":"b"}]}"#,
        &expect![[r#"
            body errors: an object that is not in an array | an array of one object (1)
                refutes JSON errors
            confirms List tenants
            confirms error Required
        "#]],
    );
    check(
        r#"{"Alias":""}"#,
        r#"{"Alias":null}"#,
        &expect![[r#"
            body values: texts | null in Alias (1)
                refutes JSON list
            confirms List tenants
            confirms tenants:Alias
        "#]],
    );
    check(
        one,
        "[",
        &expect![[r#"
        body -: JSON | JSON that cannot be read (1)
        confirms List tenants
    "#]],
    );
}

#[test]
fn relevant_headers_are_compared() {
    let mock = response(
        201,
        &[
            ("Content-Type", "text/plain;charset=UTF-8"),
            (
                "Location",
                "http://127.0.0.1:1/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438",
            ),
            ("Allow", "GET, POST"),
            ("Server", ""),
            ("Cache-Control", "private"),
            ("Set-Cookie", "A=1; Path=/; Secure"),
            ("X-Cuc-Mock-Provenance", "inferred"),
            ("Date", "1"),
        ],
        "/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438",
    );
    let server = response(
        201,
        &[
            ("Content-Type", "text/plain; charset=utf-8"),
            (
                "Location",
                "/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7439",
            ),
            ("Allow", "POST,GET"),
            ("Server", "Apache"),
            ("Set-Cookie", "A=hunter2-horse; Secure; Path=/; HttpOnly"),
            ("X-Cuc-Mock-Provenance", "documented"),
        ],
        "/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7439",
    );
    let probe = probe("POST /vmrest/tenants", Some("tenants"));
    check(
        &outcome(&["header:cache-control"], probe, mock, server),
        &expect![[r#"
            header Location: absolute, with the path /vmrest/tenants/{id} | relative, with the path /vmrest/tenants/{id} (1)
                refutes Create: the `Location` header
            header Server: empty | Apache (1)
                refutes `Cache-Control`, `Expires`, `X-Frame-Options`
            header Set-Cookie: A; Path=/; Secure | A; HttpOnly; Path=/; Secure (1)
                refutes The same on every other response except 401
            confirms List tenants
            confirms Create: the content type
            confirms Create: 201, the body is the bare path
        "#]],
    );
}

#[test]
fn other_bodies_are_compared_as_texts_or_bytes() {
    let check = |mock: Response, server: Response, expected: &Expect| {
        check(&outcome(&[], probe("GET /x", None), mock, server), expected);
    };
    let html = |status, text: &str| response(status, &[("Content-Type", "text/html")], text);
    check(
        html(401, "<p>a"),
        html(401, "<p>b"),
        &expect![[r#"
            value -: "<p>a" | "<p>b" (1)
                refutes The realm of the challenge
        "#]],
    );
    check(
        html(401, "<p>a"),
        html(401, "<p>a"),
        &expect![[r#"
            confirms The realm of the challenge
        "#]],
    );
    let wave = |text: &str| response(200, &[("Content-Type", "audio/wav")], text);
    check(
        wave("RIFF"),
        wave("RIFFx"),
        &expect![[r#"
        value -: 4 bytes | other 5 bytes (1)
    "#]],
    );
    check(
        wave("RIFF"),
        xml(200, ""),
        &expect![[r#"
            header Content-Type: audio/wav | application/xml;charset=utf-8 (1)
            body -: bytes that are no text | empty (1)
        "#]],
    );
}

#[test]
fn ignored_fields_are_not_compared() {
    let server = TENANTS.replace("<TimeZone>175</TimeZone>", "<New>1</New>");
    let probe = probe("GET /vmrest/tenants", Some("tenants"));
    let ignored = ["New", "tenants:TimeZone"];
    check(
        &outcome(&ignored, probe, xml(200, TENANTS), xml(200, &server)),
        &expect![[r#"
        confirms List tenants
        confirms tenants:URI
        confirms tenants:ObjectId
        confirms tenants:CreationDate
        confirms tenants:Alias
    "#]],
    );
}

#[test]
fn a_resource_without_a_description_has_no_kinds() {
    let mock = "<Widgets total=\"1\"><Widget><URI>http://a/1</URI><version>1</version><N><M>1</M><M>2</M></N></Widget></Widgets>";
    let server = "<Widgets total=\"1\"><Widget><URI>http://b/1</URI><version>2</version><N><M>1</M><M>3</M></N></Widget></Widgets>";
    let probe = probe("GET /vmrest/widgets", Some("widgets"));
    check(
        &outcome(&[], probe, xml(200, mock), xml(200, server)),
        &expect![[r#"
        value N/M: "2" | "3" (1)
            refutes widgets:N
        confirms List widgets
    "#]],
    );
}

/// Compares the responses of two servers of these releases, the real one over HTTPS.
fn outcomes(release: Release, server: Release) -> Vec<Outcome> {
    let mock = CucMock::builder().release(release).start_blocking();
    let server = CucMock::builder().release(server).start_blocking();
    let client = |base: &str| {
        let credentials = Credentials {
            user: "admin".to_owned(),
            password: SECRET.to_owned(),
        };
        Client::new(&base.parse().unwrap(), &credentials, &Trust::Any)
    };
    let (mock, server) = (client(&mock.uri()), client(&server.https_uri()));
    let requests = [
        (Some("tenants"), Request::get("/vmrest/tenants")),
        (
            Some("users"),
            Request::get("/vmrest/users").header("Accept", "application/json"),
        ),
        (Some("version"), Request::get("/vmrest/version")),
        (Some("tenants"), Request::get("/vmrest/tenants/none")),
        (None, Request::get("/vmrest/none")),
        (None, Request::get("/vmrest/schema/Tenant")),
        (None, Request::get("/vmrest/tenants").anonymous()),
        (
            Some("tenants"),
            Request::new(http::Method::OPTIONS, "/vmrest/tenants"),
        ),
        (
            Some("tenants"),
            Request::new(http::Method::POST, "/vmrest/tenants").xml("<Tenant/>"),
        ),
        (
            Some("externalservices"),
            Request::new(http::Method::POST, "/vmrest/externalservices").xml(
                "<ExternalService><DisplayName>new</DisplayName><ServerType>1</ServerType>\
                 <Server>host</Server><ServiceAlias>a</ServiceAlias>\
                 <ServicePassword>hunter2-horse</ServicePassword></ExternalService>",
            ),
        ),
    ];
    let outcomes = requests.into_iter().map(|(resource, request)| {
        let [mock, server] = [&mock, &server].map(|client| client.send(&request).unwrap());
        outcome(&[], probe(&request.to_string(), resource), mock, server)
    });
    outcomes.collect()
}

#[test]
fn servers_with_the_same_state_have_no_differences() {
    for outcome in outcomes(Release::V10_5, Release::V10_5) {
        assert_eq!(outcome.findings, []);
    }
}

#[test]
fn a_server_of_another_release_has_other_fields() {
    let outcomes = outcomes(Release::V10_5, Release::V12_5);
    let findings = outcomes.into_iter().flat_map(|outcome| outcome.findings);
    let found: String = findings
        .map(|finding| {
            let place = finding.place.unwrap_or_default();
            format!(
                "{}: {} {place} ({})\n",
                finding.request,
                finding.difference.name(),
                finding.count
            )
        })
        .collect();
    expect![[r#"
        GET /vmrest/tenants: additional-field ExternalServicesURI (2)
        GET /vmrest/users: additional-field Inactive (4)
        GET /vmrest/schema/Tenant: additional-field Tenant/ExternalServicesURI (1)
    "#]]
    .assert_eq(&found);
}
