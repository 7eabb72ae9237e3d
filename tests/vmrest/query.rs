//! The parameters `query` and `sort`, as clients send them.

use std::fs;

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

const SERVICES: &str = "/vmrest/externalservices";
const TENANTS: &str = "/vmrest/tenants";

/// Returns `path` with form-encoded parameters.
fn with_parameters(path: &str, parameters: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        let bytes = text.bytes();
        bytes.map(|byte| format!("%{byte:02X}")).collect()
    };
    let parameters = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    format!("{path}?{}", parameters.collect::<Vec<_>>().join("&"))
}

/// Returns the total of a list, and the texts of one of its elements in their order.
#[track_caller]
fn list(client: Client, path: &str, element: &str) -> (usize, Vec<String>) {
    let response = client.get(path);
    assert_eq!(response.status, 200, "{path}: {response}");
    let (_, total) = response.body.split_once(r#"total=""#).expect("a total");
    let (total, _) = total.split_once('"').expect("a closing quote");
    let opening = format!("<{element}>");
    let elements = response.body.split(&opening).skip(1);
    let texts = elements.filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()));
    (total.parse().expect("a number"), texts.collect())
}

/// Returns the display names of the services that `query` finds.
#[track_caller]
fn services(client: Client, query: &str) -> Vec<String> {
    let (total, names) = list(
        client,
        &with_parameters(SERVICES, &[("query", query)]),
        "DisplayName",
    );
    assert_eq!(total, names.len(), "{query}");
    names
}

#[test]
fn services_can_be_found_by_any_column() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let of_first = "TenantObjectId is fe6541fb-b42c-44f2-8404-ded14cbf7438";
    for (query, expected) in [
        ("(DisplayName is ums_api)", &["UMS_API"][..]),
        ("(displayname StartsWith S)", &["Shared_MeetingPlace"]),
        (
            "(ServerType is 1)",
            &["Meeting_CUCA", "Shared_MeetingPlace"],
        ),
        (
            "(ServerType is 01 ",
            &["Meeting_CUCA", "Shared_MeetingPlace"],
        ),
        (
            "(SupportsMeetingCapability is 1)",
            &["Meeting_CUCA", "Shared_MeetingPlace"],
        ),
        ("(ProxyServer is )", &["Office_365"]),
        (
            r"(ServiceAlias is ClientTeam\administrator)",
            &["UMS_API", "Office_365", "Meeting_CUCA"],
        ),
        (&format!("({of_first} & ServerType is 5)"), &["Office_365"]),
        (
            &format!(
                "({of_first}&IsEnabled is true&Server startswith 10.&DisplayName startswith m&AuthenticationMode startswith 1)"
            ),
            &[],
        ),
        (
            "(URI is /vmrest/externalservices/4ce278eb-033e-460e-a4f7-5a0cf57b3b2d)",
            &["Office_365"],
        ),
        ("(ObjectId is Bogus)", &[]),
        ("(ServerType is Exchange)", &[]),
    ] {
        assert_eq!(services(client, query), expected, "{query}");
    }
}

#[test]
fn a_tenant_is_found_by_the_queries_of_clients() {
    let mock = CucMock::start_blocking();
    for path in [
        "/vmrest/tenants/?query=(Alias%20is%20TAXOMA)",
        "/vmrest/tenants?query=(alias%20Is%20taxoma)",
        "/vmrest/tenants?query=%28Alias+is+Taxoma%29",
        "/vmrest/tenants?query=(Alias%20is%20Taxoma",
        "/vmrest/tenants?query=(SmtpDomain%20startswith%20taxoma.)",
        "/vmrest/tenants?query=(Alias%20startswith%20tax%20%26%20Language%20is%201033)",
    ] {
        let (total, aliases) = list(Client::of(&mock), path, "Alias");
        assert_eq!((total, aliases), (1, vec!["Taxoma".to_owned()]), "{path}");
    }
}

#[test]
fn a_value_can_hold_an_escaped_ampersand_and_the_words_of_the_grammar() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (domain, alias, query) in [
        ("a.org", "Bob&amp;Smith", r"(alias is Bob\&Smith)"),
        ("b.org", "is (asc)", "(Alias is is (asc))"),
        ("c.org", "Zoë \"Ö\"", "(Alias is ZOË \"ö\")"),
    ] {
        let body =
            format!("<Tenant><Alias>{alias}</Alias><SmtpDomain>{domain}</SmtpDomain></Tenant>");
        client.create(TENANTS, body);
        let found = list(
            client,
            &with_parameters(TENANTS, &[("query", query)]),
            "Alias",
        );
        assert_eq!(found, (1, vec![alias.to_owned()]), "{query}");
    }
}

#[test]
fn a_list_is_sorted_by_any_column_before_paging() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let sorted = |parameters: &[(&str, &str)]| {
        list(
            client,
            &with_parameters(SERVICES, parameters),
            "DisplayName",
        )
    };
    let by_name = sorted(&[("sort", "(DisplayName desc)")]);
    let names = [
        "UMS_API",
        "Taxoma_Exchange",
        "Shared_MeetingPlace",
        "Office_365",
        "Meeting_CUCA",
    ];
    assert_eq!(by_name, (5, names.map(str::to_owned).to_vec()));
    let (_, by_type) = sorted(&[("sort", "(servertype ASC)")]);
    let names = [
        "Meeting_CUCA",
        "Shared_MeetingPlace",
        "UMS_API",
        "Taxoma_Exchange",
        "Office_365",
    ];
    assert_eq!(by_type, names);
    let page = sorted(&[
        ("sort", "(DisplayName asc)"),
        ("query", "(ServiceAlias startswith clientteam)"),
        ("rowsPerPage", "2"),
        ("pageNumber", "2"),
    ]);
    assert_eq!(page, (3, vec!["UMS_API".to_owned()]));
}

#[test]
fn missing_values_can_be_found_from_11_5_on() {
    let later = CucMock::builder().release(Release::V11_5).start_blocking();
    let client = Client::of(&later);
    assert_eq!(
        services(client, "(TenantObjectId isnull)"),
        ["Shared_MeetingPlace"]
    );
    assert_eq!(services(client, "(ExchSite IsNotNull)"), ["Office_365"]);
}

#[test]
fn an_empty_parameter_counts_as_absent() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let whole = client.get(SERVICES);
    assert_eq!(whole.status, 200, "{whole}");
    for query in [
        "query=&sort=&rowsPerPage=&pageNumber=",
        "query",
        "pageNumber&=&",
    ] {
        let response = client.get(&format!("{SERVICES}?{query}"));
        assert_eq!(response.to_string(), whole.to_string(), "{query}");
    }
    let first = client.get(&format!(
        "{SERVICES}?rowsPerPage=&rowsPerPage=1&rowsPerPage=2"
    ));
    assert_eq!(
        first.body.matches("<ExternalService>").count(),
        1,
        "{first}"
    );
}

#[test]
fn an_invalid_parameter_is_rejected_with_the_position_and_the_expected_syntax() {
    let mock = CucMock::start_blocking();
    let mut messages = String::new();
    for (parameter, value) in [
        ("query", "(blah is blah)"),
        ("query", "(bogus)"),
        ("query", "DisplayName is x"),
        ("query", "(ExchSite is x)"),
        ("query", "(DisplayName isnull)"),
        ("query", "(DisplayName is x & Zoë is <y>)"),
        ("query", "(DisplayName is x & < is y)"),
        ("sort", "(DisplayName up)"),
        ("sort", "DisplayName"),
        ("rowsPerPage", "many"),
        ("pageNumber", "-1"),
    ] {
        let response = Client::of(&mock).get(&with_parameters(SERVICES, &[(parameter, value)]));
        let message = response.element("message").unwrap_or_default();
        messages.push_str(&format!(
            "{parameter}={value}\n    {} {message}\n",
            response.status
        ));
    }
    expect![[r#"
        query=(blah is blah)
            400 query: at character 2: found "blah", expected a column of ExternalService
        query=(bogus)
            400 query: at character 2: found "bogus", expected a column of ExternalService
        query=DisplayName is x
            400 query: at character 1: found "DisplayName", expected (
        query=(ExchSite is x)
            400 query: at character 2: found "ExchSite", expected a column of ExternalService
        query=(DisplayName isnull)
            400 query: at character 14: found "isnull", expected is or startswith, from 11.5 on also isnull or isnotnull
        query=(DisplayName is x & Zoë is <y>)
            400 query: at character 21: found "Zoë", expected a column of ExternalService
        query=(DisplayName is x & < is y)
            400 query: at character 21: found "&lt;", expected a column of ExternalService
        sort=(DisplayName up)
            400 sort: at character 14: found "up", expected asc or desc
        sort=DisplayName
            400 sort: at character 1: found "DisplayName", expected (
        rowsPerPage=many
            400 rowsPerPage: found "many", expected a whole number from 0
        pageNumber=-1
            400 pageNumber: found "-1", expected a whole number from 0
    "#]].assert_eq(&messages);
}

#[test]
fn a_rejected_query_gets_the_error_envelope() {
    let mock = CucMock::start_blocking();
    let response =
        Client::of(&mock).get(&with_parameters(SERVICES, &[("query", "(blah is blah)")]));
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>query: at character 2: found "blah", expected a column of ExternalService</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&response.to_string());
}

#[test]
fn a_value_stored_with_surrounding_blanks_is_found_without_them() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let service = crate::support::meeting_place().with("ServiceAlias", " admin ");
    client.create("/vmrest/externalservices", service.xml());
    let response = client.get(
        "/vmrest/externalservices?query=(ServiceAlias%20is%20admin%26DisplayName%20is%20MeetingPlace)",
    );
    assert_eq!(response.element("ServiceAlias"), Some(" admin "));
}

#[test]
fn a_query_over_many_objects_has_the_same_response_as_over_few() {
    let services = (0..6_000).map(|number| {
        let server = if number % 1_000 == 7 { "rare" } else { "frequent" };
        format!(
            "<ExternalService><ObjectId>{number:08}-5c4e-4b8a-9d3f-1a2b3c4d5e6f</ObjectId>\
             <DisplayName>s{number}</DisplayName><Server>{server}</Server><ServerType>4</ServerType>\
             <AuthenticationMode>1</AuthenticationMode><ExchServerType>1</ExchServerType>\
             <SecurityTransportType>1</SecurityTransportType><ServiceAlias>a</ServiceAlias>\
             <ServicePassword>p</ServicePassword></ExternalService>"
        )
    });
    let folder = tempfile::tempdir().expect("a folder");
    let fixture = folder.path().join("services.xml");
    let services = services.collect::<String>();
    let document = format!("<ExternalServices>{services}</ExternalServices>");
    fs::write(&fixture, document).expect("it is written");
    let mock = CucMock::builder().fixtures(fixture).start_blocking();
    let client = Client::of(&mock);
    let query =
        |text| with_parameters(SERVICES, &[("query", text), ("sort", "(DisplayName desc)")]);
    let expected = ["s7", "s5007", "s4007", "s3007", "s2007", "s1007"].map(str::to_owned);
    let found = list(client, &query("(Server is rare)"), "DisplayName");
    assert_eq!(found, (6, expected.to_vec()));
    let none = list(client, &query("(Server is never)"), "DisplayName");
    assert_eq!(none, (0, Vec::new()));
}
