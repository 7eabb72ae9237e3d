//! Python programs: a library that fetches whole lists, a sample of the vendor, automation scripts, and programs that
//! read XML.

use cuc_mock::CucMock;
use serde_json::{Value, json};

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

const SERVICES: &str = "/vmrest/externalservices";
const TENANTS: &str = "/vmrest/tenants";

/// Returns a list as the library stores it: always an array.
#[track_caller]
fn whole_list(client: Client, path: &str, element: &str) -> Vec<Value> {
    let response = client.get_json(path);
    assert_eq!(response.status, 200, "{response}");
    let body: Value = serde_json::from_str(&response.body).expect("JSON");
    match body["@total"].as_str() {
        Some("0") => Vec::new(),
        Some("1") => vec![body[element].clone()],
        Some(_) => body[element].as_array().expect("an array").clone(),
        None => panic!("{body}"),
    }
}

#[test]
fn a_library_reads_whole_lists_and_the_id_after_the_last_slash() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(whole_list(client, TENANTS, "Tenant").len(), 2);
    let by_alias = format!("{TENANTS}?query=(Alias%20is%20taxoma)");
    assert_eq!(
        whole_list(client, &by_alias, "Tenant")[0]["Alias"],
        "Taxoma"
    );
    let nobody = format!("{TENANTS}?query=(Alias%20is%20nobody)");
    assert!(whole_list(client, &nobody, "Tenant").is_empty());
    let created = client.send_json("POST", TENANTS, r#"{"Alias":"py","SmtpDomain":"py.org"}"#);
    let id = created.body.split('/').next_back().expect("an id");
    let path = format!("{TENANTS}/{id}");
    assert_eq!(
        client
            .send_json("PUT", &path, r#"{"Description":"x"}"#)
            .status,
        204
    );
    assert_eq!(client.send_json("DELETE", &path, "{}").status, 204);
    assert_eq!(
        client.get_json(&format!("{TENANTS}/1234567890")).status,
        404
    );
}

#[test]
fn a_sample_of_the_vendor_reads_the_id_from_the_location() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let headers = format!(
        "{ADMIN_AUTHORIZATION}Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nContent-Type: application/json\r\n"
    );
    let body = json!({"DisplayName": "sample", "ServiceAlias": "a", "ServicePassword": "p",
        "ServerType": 1, "Server": "mp.example.com", "TransferExtensionDialString": "111"});
    let created = client.request("POST", SERVICES, &headers, body.to_string().as_bytes());
    assert_eq!(created.status, 201, "{created}");
    let location = created.header("Location").expect("a location");
    let id = location.split('/').next_back().expect("an id");
    assert_eq!(client.get(&format!("{SERVICES}/{id}")).status, 200);
}

#[test]
fn automation_scripts_form_encode_their_queries() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for query in [
        "query=%28alias+is+operator%29",
        "query=%28Alias%20is%20operator%29",
        "query=(alias%20is%20operator)",
    ] {
        let body: Value =
            serde_json::from_str(&client.get_json(&format!("/vmrest/users?{query}")).body)
                .expect("JSON");
        assert_eq!(body["User"]["Alias"], "operator", "{query}");
    }
    let none: Value =
        serde_json::from_str(&client.get_json("/vmrest/users?query=%28Alias+is+x%29").body)
            .expect("JSON");
    assert_eq!(none.get("User"), None);
}

#[test]
fn programs_that_read_xml_find_the_total_in_the_first_attribute_and_the_error_elements() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let first_attribute = |response: &Response| {
        let (_, after) = response.body.split_once("?><").expect("a root");
        let (_, attribute) = after.split_once(' ').expect("an attribute");
        attribute.split('"').nth(1).map(str::to_owned)
    };
    assert_eq!(first_attribute(&client.get(SERVICES)).as_deref(), Some("5"));
    let rejection = client.get(&format!("{SERVICES}/x"));
    assert_eq!(rejection.element("code"), Some("NOT_FOUND"));
    assert!(rejection.element("message").is_some());
}

#[test]
fn a_script_reads_the_count_and_then_all_pages() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for count in ["rowsPerPage=0", "pageNumber=0"] {
        let body: Value =
            serde_json::from_str(&client.get_json(&format!("{SERVICES}?{count}")).body)
                .expect("JSON");
        let total: usize = body["@total"]
            .as_str()
            .and_then(|n| n.parse().ok())
            .expect("a total");
        let (mut seen, mut page) = (0, 1);
        while seen < total {
            let path = format!("{SERVICES}?rowsPerPage=2&pageNumber={page}");
            seen += client.get(&path).body.matches("<ExternalService>").count();
            page += 1;
        }
        assert_eq!((seen, page), (5, 4));
    }
}
