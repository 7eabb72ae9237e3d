//! Coverage of the API.

use cuc_mock::{Coverage, CucMock, Fault, ResourceCoverage};
use expect_test::expect;

use crate::support::{Client, ServerProcess, authorization, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[track_caller]
fn coverage(client: Client, query: &str) -> Coverage {
    let answer = client.control("GET", &format!("/__mock/coverage{query}"), "");
    assert_eq!(answer.status, 200, "{answer}");
    serde_json::from_str(&answer.body).expect("a report")
}

/// Returns the coverage of one resource.
#[track_caller]
fn of_resource<'c>(coverage: &'c Coverage, path: &str) -> &'c ResourceCoverage {
    let mut resources = coverage.resources.iter();
    let found = resources.find(|resource| resource.resource == path);
    found.expect("a resource")
}

/// Returns the share in percent, rounded down to one decimal place.
fn percent(touched: usize, offered: usize) -> String {
    let tenths = 1_000 * touched / offered;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[test]
fn each_verb_status_and_field_of_an_answered_request_is_covered() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(coverage(client, "").touched(), 0);
    let path = client.create(SERVICES, exchange().xml());
    client.put(
        &path,
        "<ExternalService><IsEnabled>0</IsEnabled></ExternalService>",
    );
    client.put(
        &path,
        "<ExternalService><ServerType>9</ServerType></ExternalService>",
    );
    client.get(&format!("{SERVICES}?query=(Server+is+x)"));
    client.get(&format!("{SERVICES}?sort=(DisplayName+asc)"));
    client.get(&format!("{SERVICES}?query=(IsEnabled+like+1)"));
    client.get(&format!("{SERVICES}/none"));
    client.delete("/vmrest/usertemplates/externalservices/none");
    client.request("GET", "/vmrest/tenants", "", b"");
    client.get("/vmrest/cluster");
    let found = coverage(client, "");
    let table = found.to_string();
    let shown = |row: &&str| {
        let paths = [
            "resource ",
            "tenants ",
            "externalservices ",
            "vmsservers ",
            "cluster ",
        ];
        paths.iter().any(|path| row.starts_with(path))
    };
    let rows: Vec<_> = table.lines().filter(shown).collect();
    expect![[r#"
        resource                                                                                     verbs  statuses   written  asked by
        tenants                                                                                        0/5      0/10       0/9      0/17
        externalservices                                                                               5/5      7/10      9/22      2/25
        vmsservers                                                                                     0/2       0/4         -      0/11
        cluster                                                                                        1/1       1/2         -       0/6"#]].assert_eq(&rows.join("\n"));
    assert_eq!(table.lines().count(), found.resources.len() + 2);
    let offered = found.offered();
    let total = format!("total: {} %, 25 of {offered}", percent(25, offered));
    assert_eq!(table.lines().last(), Some(total.as_str()));
    let services = of_resource(&found, "externalservices");
    expect![[r#"["read 200", "create 400", "delete 204"]"#]]
        .assert_eq(&format!("{:?}", services.statuses.untouched));
}

#[test]
fn coverage_survives_a_reset_and_can_be_cleared() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/users");
    client.control("POST", "/__mock/reset", "");
    for query in ["", "?space=default", "?space=*"] {
        assert_eq!(coverage(client, query).touched(), 2, "{query}");
    }
    let answer = client.control("DELETE", "/__mock/coverage", "");
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(coverage(client, "?space=*").touched(), 0);
}

#[test]
fn coverage_is_per_space_and_for_all_spaces() {
    let options = ["--listen", "127.0.0.1:0", "--spaces", "auto"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    client.get("/vmrest/users");
    assert_eq!(coverage(client, "").touched(), 0);
    assert_eq!(coverage(client, "?space=admin").touched(), 2);
    assert_eq!(coverage(client, "?space=*").touched(), 2);
    client.control("DELETE", "/__mock/coverage?space=*", "");
    assert_eq!(coverage(client, "?space=admin").touched(), 0);
}

#[test]
fn the_json_of_a_resource_names_its_uncovered_parts() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/vmsservers?query=(hostname+is+cuc)");
    let answer = client.control("GET", "/__mock/coverage", "");
    let report: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let mut resources = report["resources"].as_array().expect("a list").iter();
    let servers = resources.find(|resource| resource["resource"] == "vmsservers");
    let servers = servers.expect("the servers");
    expect![[r#"
        {
          "asked": {
            "offered": 11,
            "touched": 1,
            "untouched": [
              "URI",
              "ObjectId",
              "ServerName",
              "IpAddress",
              "VmsServerObjectId",
              "ClusterMemberId",
              "ServerState",
              "ServerDisplayState",
              "IpAddressV6",
              "SubToPerformReplicationRole"
            ]
          },
          "resource": "vmsservers",
          "statuses": {
            "offered": 4,
            "touched": 1,
            "untouched": [
              "list 400",
              "read 200",
              "read 404"
            ]
          },
          "verbs": {
            "offered": 2,
            "touched": 1,
            "untouched": [
              "read"
            ]
          },
          "written": {
            "offered": 0,
            "touched": 0,
            "untouched": []
          }
        }"#]]
    .assert_eq(&format!("{servers:#}"));
    let offered = coverage(client, "").offered();
    assert_eq!(
        format!(
            "{} {} {}",
            report["percent"], report["offered"], report["touched"]
        ),
        format!("{} {offered} 3", percent(3, offered))
    );
}

#[test]
fn a_response_that_relied_on_an_inferred_fact_is_listed_with_its_rule() {
    // The journal keeps a single request, and the list does not depend on it.
    let options = ["--listen", "127.0.0.1:0", "--journal", "1"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    let tenant = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain></Tenant>";
    client.create("/vmrest/tenants", tenant);
    client.get("/vmrest/tenants");
    client.get("/vmrest/tenants/none");
    assert_eq!(coverage(client, "").inferred(), []);
    let same_alias = tenant.replace("acme.org", "other.org");
    client.post("/vmrest/tenants", &same_alias);
    client.post("/vmrest/tenants", &same_alias);
    client.post(
        SERVICES,
        "<ExternalService><ServerType>9</ServerType></ExternalService>",
    );
    client.get("/vmrest/handlers;jsessionid=s3cret");
    client.get("/vmrest/schema");
    client.request("OPTIONS", "/vmrest/tenants/a", &authorization("admin"), b"");
    client.request("OPTIONS", "/vmrest/tenants/b", &authorization("admin"), b"");
    client.get("/elsewhere");
    let found = coverage(client, "");
    let lines = found.inferred().iter().map(ToString::to_string);
    expect![[r#"
        #4 POST /vmrest/tenants, answered with 400, 2 times: Invalid parameter. Parameter = [Alias]: expected a value that no other Tenant has (inferred: aliases become alias@domain)
        #6 POST /vmrest/externalservices, answered with 400: Invalid parameter. Parameter = [DisplayName]: expected a value, it is mandatory (documented: guide, Adding Unified Messaging Service), but the status is inferred
        #7 GET /vmrest/handlers;[redacted], answered with 404: cuc-mock does not implement this path
        #8 GET /vmrest/schema, answered with 200: the shape of the index of schemas
        #9 OPTIONS /vmrest/tenants/a, answered with 200, 2 times: OPTIONS returns 200 with Allow"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    let all = coverage(client, "?space=*");
    assert_eq!(all.inferred(), found.inferred());
    client.control("DELETE", "/__mock/coverage", "");
    assert_eq!(coverage(client, "").inferred(), []);
}

#[test]
fn a_response_that_a_fault_chose_is_inferred_only_if_it_was_sent() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let rules = |fault: Fault| {
        let guard = mock.scoped_fault(fault);
        client.get_status("/vmrest/tenants");
        drop(guard);
        let coverage = mock.coverage();
        client.control("DELETE", "/__mock/coverage", "");
        let inferred = coverage.inferred().iter();
        inferred
            .map(|response| format!("{} {}", response.status, response.rule))
            .collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(rules(Fault::busy()), none);
    assert_eq!(rules(Fault::close()), none);
    assert_eq!(
        rules(Fault::answer(418, "short")),
        ["418 a fault requested this response"]
    );
    assert_eq!(
        rules(Fault::truncated()),
        ["200 a fault requested this response"]
    );
}

#[test]
fn further_inferred_responses_are_counted_but_not_listed() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for number in 0..110 {
        client.get(&format!("/vmrest/unknown{number}"));
    }
    client.get("/vmrest/unknown7");
    let found = coverage(client, "");
    assert_eq!(
        (found.inferred().len(), found.inferred_omitted()),
        (100, 10)
    );
    assert_eq!(found.inferred()[7].count, 2);
    assert_eq!(mock.coverage(), found);
}
