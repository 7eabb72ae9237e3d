//! JavaScript programs: `fetch` with an XML parser, and axios.

use cuc_mock::CucMock;
use serde_json::Value;

use crate::support::{ADMIN_AUTHORIZATION, Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn fetch_sends_a_content_type_with_a_get_and_uses_the_body_of_a_201_as_the_next_path() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let headers = format!("{ADMIN_AUTHORIZATION}Accept: */*\r\nContent-Type: application/json\r\n");
    let list = client.request("GET", SERVICES, &headers, b"");
    assert!(
        list.body
            .contains(r#"<ExternalServices total="5"><ExternalService>"#),
        "{list}"
    );
    let created = client.post(SERVICES, exchange().xml());
    let read = client.request("GET", &created.body, &headers, b"");
    assert_eq!(read.element("DisplayName"), Some("Exchange"));
}

#[test]
fn one_program_compares_the_exact_content_type_even_of_a_204() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let xml = Some("application/xml;charset=UTF-8");
    let json = Some("application/json;charset=UTF-8");
    assert_eq!(client.get(SERVICES).header("Content-Type"), xml);
    assert_eq!(client.get_json(SERVICES).header("Content-Type"), json);
    let path = client.create(SERVICES, exchange().xml());
    let put = client.put(
        &path,
        "<ExternalService><IsEnabled>false</IsEnabled></ExternalService>",
    );
    assert_eq!((put.status, put.header("Content-Type")), (204, xml));
    assert_eq!(client.delete(&path).header("Content-Type"), xml);
}

#[test]
fn axios_compares_booleans_with_strings() {
    let mock = CucMock::start_blocking();
    let headers = format!("{ADMIN_AUTHORIZATION}Accept: application/json, text/plain, */*\r\n");
    let path = format!("{SERVICES}?query=(DisplayName%20is%20UMS_API)");
    let response = Client::of(&mock).request("GET", &path, &headers, b"");
    let body: Value = serde_json::from_str(&response.body).expect("JSON");
    assert_eq!(body["@total"], "1");
    assert_eq!(body["ExternalService"]["ExchDoAutodiscover"], "false");
}
