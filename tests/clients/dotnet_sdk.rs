//! A .NET SDK: JSON for reads, XML for writes, and cookies sent back with their attributes.

use std::cell::RefCell;

use cuc_mock::CucMock;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

struct Sdk {
    client: Client,
    cookies: RefCell<String>,
}

impl Sdk {
    /// Logs in with two requests. Both must succeed.
    #[track_caller]
    fn log_in(mock: &CucMock) -> Self {
        let sdk = Self {
            client: Client::of(mock),
            cookies: RefCell::default(),
        };
        let version = sdk.read("GET", "/vmrest/version");
        let (_, after) = version
            .body
            .split_once(r#""version":""#)
            .expect("a version");
        let version = after.split('"').next().expect("its end");
        let numbers = version.split('.').map(str::parse::<u32>);
        assert!(
            numbers.clone().count() >= 3 && numbers.clone().all(|n| n.is_ok()),
            "{version}"
        );
        let servers = sdk.list("/vmrest/vmsservers", "VmsServer");
        assert_eq!(servers.0, 1);
        sdk
    }

    #[track_caller]
    fn read(&self, method: &str, path: &str) -> Response {
        let accept = "Cache-Control: no-cache\r\nContent-Type: application/json\r\nAccept: application/json, */*\r\n";
        self.send(method, path, accept, "")
    }

    #[track_caller]
    fn write(&self, method: &str, path: &str, body: &str) -> Response {
        let accept = "Content-Type: application/xml\r\nAccept: application/xml, */*\r\n";
        self.send(method, path, accept, body)
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Response {
        let cookies = self.cookies.borrow().clone();
        let cookies = match cookies.is_empty() {
            true => String::new(),
            false => format!("Cookie: {cookies}\r\n"),
        };
        let headers = format!("{headers}{ADMIN_AUTHORIZATION}{cookies}");
        let response = self.client.request(method, path, &headers, body.as_bytes());
        if response.cookies().count() > 0 {
            *self.cookies.borrow_mut() = response.cookies().collect::<Vec<_>>().join(";");
        }
        response
    }

    /// Returns the total, and the objects of the page as an array.
    #[track_caller]
    fn list(&self, path: &str, element: &str) -> (usize, Vec<serde_json::Value>) {
        let response = self.read("GET", path);
        assert!((200..300).contains(&response.status), "{path}: {response}");
        let body = response.body;
        let at = body.find(r#"{"@total":""#).expect("the total");
        assert!(at < 10, "{body}");
        let (_, after) = body.split_once(r#"{"@total":""#).expect("the total");
        let total = after.split('"').next().and_then(|n| n.parse().ok());
        let total: usize = total.expect("a number");
        if total == 0 || body.len() < 25 {
            return (total, Vec::new());
        }
        let (_, objects) = body
            .split_once(&format!("\"{element}\":"))
            .expect("objects");
        let objects = objects.strip_suffix('}').expect("a closing brace");
        let objects = match objects.starts_with('[') {
            true => objects.to_owned(),
            false => format!("[{objects}]"),
        };
        (total, serde_json::from_str(&objects).expect("an array"))
    }

    /// Creates an object. Returns its ID: the path without the prefix.
    #[track_caller]
    fn create(&self, path: &str, body: &str) -> String {
        let response = self.write("POST", path, body);
        assert_eq!(response.status, 201, "{response}");
        let prefix = format!("{path}/");
        assert!(response.body.contains(&prefix), "{response}");
        response.body.replace(&prefix, "").trim().to_owned()
    }
}

const SERVICES: &str = "/vmrest/externalservices";
const TENANTS: &str = "/vmrest/tenants";

#[test]
fn services_are_listed_created_changed_and_deleted() {
    let mock = CucMock::start_blocking();
    let sdk = Sdk::log_in(&mock);
    let page = "pageNumber=1&rowsPerPage=20";
    let (total, objects) = sdk.list(&format!("{SERVICES}?{page}"), "ExternalService");
    assert_eq!((total, objects.len()), (5, 5));
    let id = sdk.create(
        SERVICES,
        "<ExternalService><DisplayName>drv-00323ebc</DisplayName><ServiceAlias>svc@example.com</ServiceAlias>\
         <ServicePassword>pw</ServicePassword><ServerType>4</ServerType><Server>exch.example.com</Server>\
         <AuthenticationMode>3</AuthenticationMode><ExchServerType>1</ExchServerType>\
         <SecurityTransportType>1</SecurityTransportType></ExternalService>",
    );
    let found = sdk.list(
        &format!("{SERVICES}?query=(DisplayName%20startswith%20drv-00323ebc)&{page}"),
        "ExternalService",
    );
    assert_eq!(
        (found.0, &found.1[0]["ObjectId"]),
        (1, &serde_json::json!(id))
    );
    let missing = sdk.list(
        &format!("{SERVICES}/?query=(DisplayName%20is%20drv-00323ebc-O365)"),
        "ExternalService",
    );
    assert_eq!(missing.0, 0);
    let path = format!("{SERVICES}/{id}");
    let renamed = "<ExternalService><DisplayName>drv-renamed</DisplayName><IsEnabled>1</IsEnabled></ExternalService>";
    assert_eq!(sdk.write("PUT", &path, renamed).status, 204);
    let object: serde_json::Value =
        serde_json::from_str(&sdk.read("GET", &path).body).expect("JSON");
    assert_eq!(object["DisplayName"], "drv-renamed");
    assert_eq!(object["ServicePassword"], "");
    assert_eq!(sdk.read("DELETE", &path).status, 204);
    assert_eq!(sdk.read("GET", &path).status, 404);
}

#[test]
fn tenants_are_created_and_read_back_by_id_and_by_alias() {
    let mock = CucMock::start_blocking();
    let sdk = Sdk::log_in(&mock);
    let id = sdk.create(
        TENANTS,
        "<Tenant><Alias>td5a112a7</Alias><SmtpDomain>td5a112a7.org</SmtpDomain><Description>desc</Description></Tenant>",
    );
    let object: serde_json::Value =
        serde_json::from_str(&sdk.read("GET", &format!("{TENANTS}/{id}")).body).expect("JSON");
    assert_eq!(object["Description"], "desc");
    let found = sdk.list(
        &format!("{TENANTS}/?query=(Alias%20is%20td5a112a7)"),
        "Tenant",
    );
    assert_eq!(
        (found.0, &found.1[0]["ObjectId"]),
        (1, &serde_json::json!(id))
    );
}

#[test]
fn the_requests_of_its_own_tests_fail_and_succeed_as_expected() {
    let mock = CucMock::start_blocking();
    let sdk = Sdk::log_in(&mock);
    for id in ["objectId", "aaa", "00000000-0000-4000-8000-00000000000f"] {
        for path in [format!("{SERVICES}/{id}"), format!("{TENANTS}/{id}")] {
            assert!(sdk.read("GET", &path).status >= 400);
            assert!(sdk.read("DELETE", &path).status >= 400);
            let body = if path.contains("tenants") {
                "<Tenant/>"
            } else {
                "<ExternalService/>"
            };
            assert!(sdk.write("PUT", &path, body).status >= 400);
        }
    }
    let bogus = "query=(ObjectId%20is%20Bogus)&pageNumber=1&rowsPerPage=2";
    assert_eq!(sdk.list(&format!("{TENANTS}?{bogus}"), "Tenant").0, 0);
    assert_eq!(
        sdk.list(&format!("{SERVICES}?{bogus}"), "ExternalService")
            .0,
        0
    );
    assert!(
        sdk.read("GET", &format!("{TENANTS}?query=(blah%20is%20blah)"))
            .status
            >= 400
    );
}

#[test]
fn a_twice_escaped_ampersand_is_decoded_once() {
    let mock = CucMock::start_blocking();
    let sdk = Sdk::log_in(&mock);
    let id = sdk.create(
        TENANTS,
        "<Tenant><Alias>amp</Alias><SmtpDomain>amp.org</SmtpDomain><Description>A&#38;#38;B</Description></Tenant>",
    );
    let object = sdk.read("GET", &format!("{TENANTS}/{id}")).body;
    assert!(object.contains(r#""Description":"A&#38;B""#), "{object}");
}

#[test]
fn a_wrong_password_is_401() {
    let mock = CucMock::builder().user("admin", "other").start_blocking();
    let response = Client::of(&mock).request("GET", "/vmrest/version", ADMIN_AUTHORIZATION, b"");
    assert_eq!(response.status, 401);
}
