//! Coverage of the API.

use cuc_mock::{Coverage, CucMock};
use expect_test::expect;

use crate::support::{Client, ServerProcess, cuc_mock, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[track_caller]
fn coverage(client: Client, query: &str) -> Coverage {
    let answer = client.control("GET", &format!("/__mock/coverage{query}"), "");
    assert_eq!(answer.status, 200, "{answer}");
    serde_json::from_str(&answer.body).expect("a report")
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
    expect![[r#"
        resource             verbs  statuses   written  asked by
        tenants                0/5      0/10       0/9      0/17
        externalservices       5/5      7/10      9/22      2/25
        users                  0/2       0/4         -       0/4
        usertemplates          0/2       0/4         -       0/4
        vmsservers             0/2       0/4         -      0/11
        cluster                1/1       1/2         -       0/6
        total: 16.7 %, 25 of 149"#]]
    .assert_eq(&found.to_string());
    let services = &found.resources[1];
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
    client.get("/vmrest/users?query=(alias+is+operator)");
    let answer = client.control("GET", "/__mock/coverage", "");
    let report: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    expect![[r#"
        {
          "asked": {
            "offered": 4,
            "touched": 1,
            "untouched": [
              "URI",
              "ObjectId",
              "DisplayName"
            ]
          },
          "resource": "users",
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
    .assert_eq(&format!("{:#}", report["resources"][2]));
    expect!["2.0 149 3"].assert_eq(&format!(
        "{} {} {}",
        report["percent"], report["offered"], report["touched"]
    ));
}
