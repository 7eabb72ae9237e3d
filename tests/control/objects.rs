//! Resources, their objects as tables, and the links of one object.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{Client, exchange};

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn get(client: Client, path: &str) -> serde_json::Value {
    let response = client.control("GET", path, "");
    assert_eq!(response.status, 200, "{response}");
    serde_json::from_str(&response.body).expect("JSON")
}

/// Returns a path as one segment of another.
fn segment(path: &str) -> String {
    path.replace('%', "%25")
        .replace('/', "%2F")
        .replace('{', "%7B")
        .replace('}', "%7D")
}

#[test]
fn the_resources_have_their_numbers_of_records() {
    let mock = mock();
    let client = Client::of(&mock);
    let list = get(client, "/__mock/resources");
    let resources = list["resources"].as_array().expect("a list");
    let find = |path: &str| {
        let mut resources = resources.iter();
        let found = resources.find(|resource| resource["path"] == path);
        found.expect("a resource").to_string()
    };
    expect![[r#"{"columns":["DisplayName","ServerType","Server","AuthenticationMode","SecurityTransportType"],"element":"ExternalService","list":"ExternalServices","parent":null,"path":"externalservices","records":5,"single":false,"verbs":["list","read","create","update","delete"]}"#]]
        .assert_eq(&find("externalservices"));
    expect![[r#"{"columns":["ByteSize","Mounted","NotificationType","SendReadReceipts","NumMessages"],"element":"MailboxAttributes","list":"MailboxAttributesList","parent":"users","path":"users/{SubscriberObjectId}/mailboxattributes","records":4,"single":true,"verbs":["read","update"]}"#]].assert_eq(&find("users/{SubscriberObjectId}/mailboxattributes"));
}

#[test]
fn a_resource_has_its_fields_with_their_rules() {
    let mock = mock();
    let client = Client::of(&mock);
    let resource = get(client, "/__mock/resources/externalservices");
    assert_eq!(resource["file"], "src/resources/externalservices.xml");
    let fields = resource["fields"].as_array().expect("a list");
    let mut fields = fields.iter();
    let server_type = fields.find(|field| field["name"] == "ServerType");
    let server_type = serde_json::to_string_pretty(server_type.expect("a field"));
    expect![[r#"
        {
          "access": "read-write",
          "choices": [
            "1",
            "4",
            "5"
          ],
          "kind": "integer",
          "name": "ServerType",
          "provenance": "documented",
          "references": null,
          "rules": [
            {
              "provenance": "documented",
              "rule": "mandatory",
              "source": "guide, Adding Unified Messaging Service"
            },
            {
              "provenance": "documented",
              "rule": "one of 1, 4, 5",
              "source": "guide, Adding Unified Messaging Service"
            }
          ],
          "source": "guide, Listing External Services"
        }"#]]
    .assert_eq(&server_type.expect("JSON"));
    let path = segment("users/{SubscriberObjectId}/externalserviceaccounts");
    let nested = get(client, &format!("/__mock/resources/{path}"));
    assert_eq!(nested["parent"], "users");
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"there is no resource \"tenant\" in release 10.5, expected one of GET /__mock/resources"}
    "#]].assert_eq(
        &client
            .control("GET", "/__mock/resources/tenant", "")
            .to_string(),
    );
}

/// Every resource of every release has a page, whatever its rules.
#[test]
fn every_resource_has_fields_and_a_table() {
    for release in Release::ALL {
        let mock = CucMock::builder().release(*release).start_blocking();
        let client = Client::of(&mock);
        let list = get(client, "/__mock/resources");
        for resource in list["resources"].as_array().expect("a list") {
            let path = resource["path"].as_str().expect("a path");
            let page = get(client, &format!("/__mock/resources/{}", segment(path)));
            assert!(page["fields"][0]["name"].is_string(), "{page}");
            let table = format!("/__mock/objects?resource={}&rows=1000", segment(path));
            let table = get(client, &table);
            assert_eq!(table["total"], resource["records"], "{path}");
            let Some(first) = table["objects"].get(0) else {
                continue;
            };
            let object = first["path"].as_str().expect("a path");
            let object = get(client, &format!("/__mock/objects/{}", segment(object)));
            assert_eq!(object["path"], first["path"], "{object}");
            assert_eq!(object["resource"], path, "{object}");
        }
    }
}

#[test]
fn a_table_is_filtered_sorted_and_paged() {
    let mock = mock();
    let client = Client::of(&mock);
    let names = |parameters: &str| {
        let table = format!("/__mock/objects?resource=externalservices{parameters}");
        let table = get(client, &table);
        let rows = table["objects"].as_array().expect("a list").iter();
        let names: Vec<_> = rows
            .map(|row| row["values"][0].as_str().expect("a name").to_owned())
            .collect();
        format!("{} {}", table["total"], names.join(" "))
    };
    expect!["5 UMS_API Office_365 Meeting_CUCA Taxoma_Exchange Shared_MeetingPlace"]
        .assert_eq(&names(""));
    expect!["5 Shared_MeetingPlace Taxoma_Exchange"]
        .assert_eq(&names("&sort=DisplayName&rows=2&page=2"));
    expect!["5 UMS_API Taxoma_Exchange"].assert_eq(&names("&sort=-DisplayName&rows=2"));
    expect!["2 Meeting_CUCA Shared_MeetingPlace"].assert_eq(&names("&text=mEEt"));
    expect!["1 Taxoma_Exchange"].assert_eq(&names("&tenant=069b8e41-8051-4eee-b653-1854f7e68cd8"));
    expect!["5 "].assert_eq(&names("&page=9"));
    let mut errors = String::new();
    for path in [
        "/__mock/objects",
        "/__mock/objects?resource=tenant",
        "/__mock/objects?resource=tenants&sort=Colour",
        "/__mock/objects?resource=tenants&rows=1001",
        "/__mock/objects?resource=tenants&page=0",
        "/__mock/objects/%2Fvmrest%2Ftenants%2Fnone",
        "/__mock/objects/tenants",
    ] {
        let response = client.control("GET", path, "");
        errors += &format!("{} {}\n", response.status, response.body);
    }
    expect![[r#"
        400 {"error":"the parameter resource is missing"}
        404 {"error":"there is no resource \"tenant\" in release 10.5, expected one of GET /__mock/resources"}
        400 {"error":"the parameter sort is \"Colour\", expected a field of Tenant"}
        400 {"error":"the parameter rows is 1001, expected a whole number from 1 to 1000"}
        400 {"error":"the parameter page is 0, expected a whole number from 1 to 18446744073709551615"}
        404 {"error":"there is no object \"/vmrest/tenants/none\", expected a path in GET /__mock/objects"}
        404 {"error":"there is no object \"tenants\", expected a path in GET /__mock/objects"}
    "#]].assert_eq(&errors);
}

#[test]
fn an_object_is_shown_as_on_the_wire_with_its_links() {
    let mock = mock();
    let client = Client::of(&mock);
    let services = client.get("/vmrest/externalservices");
    let path = services.element("URI").expect("a path");
    let before = mock.requests().len();
    let object = get(client, &format!("/__mock/objects/{}", segment(path)));
    assert_eq!(
        mock.requests().len(),
        before,
        "the journal has no such request"
    );
    assert_eq!(object["xml"], client.get(path).body);
    assert_eq!(object["json"], client.get_json(path).body);
    expect![[r#"[{"field":"TenantObjectId","name":"clientteam","path":"/vmrest/tenants/fe6541fb-b42c-44f2-8404-ded14cbf7438","resource":"tenants"}]"#]].assert_eq(&object["references"].to_string());
    let user = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
    let user = client.create("/vmrest/users?templateAlias=voicemailusertemplate", user);
    let id = path.rsplit('/').next().expect("an id");
    let account = format!(
        "<ExternalServiceAccount><ExternalServiceObjectId>{id}</ExternalServiceObjectId>\
         </ExternalServiceAccount>"
    );
    client.create(&format!("{user}/externalserviceaccounts"), account);
    let object = get(client, &format!("/__mock/objects/{}", segment(path)));
    assert_eq!(object["referrers_total"], 1);
    expect![[r#"[{"field":"ExternalServiceObjectId","name":null,"path":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/externalserviceaccounts/a5931ef0-4434-4016-92ff-7f5b91764ebf","resource":"users/{SubscriberObjectId}/externalserviceaccounts"}]"#]].assert_eq(&object["referrers"].to_string());
}

#[test]
fn secrets_are_not_in_a_table_and_cannot_be_searched_for() {
    let mock = mock();
    let client = Client::of(&mock);
    let service = exchange().with("ServicePassword", "open-sesame");
    let path = client.create("/vmrest/externalservices", service.xml());
    let found = get(
        client,
        "/__mock/objects?resource=externalservices&text=sesame",
    );
    assert_eq!(found["total"], 0);
    let object = get(client, &format!("/__mock/objects/{}", segment(&path)));
    assert!(!object.to_string().contains("sesame"), "{object}");
    let difference = client.control("GET", "/__mock/diff", "");
    assert!(!difference.body.contains("sesame"), "{difference}");
    assert!(difference.body.contains("[redacted]"), "{difference}");
}

/// A resource whose fields a response does not show. No other test uses these names, which are secret in the whole process.
const VAULTS: &str = r#"<resource path="vaults" list="Vaults" element="Vault">
  <evidence id="t" inferred="invented"/>
  <verb name="list" by="t"/>
  <verb name="create" by="t"/>
  <uri by="t"/>
  <object-id by="t"/>
  <text name="FullName" access="write-only" by="t"/>
  <text name="VaultCode" access="secret" by="t"/>
  <text name="VaultUser" access="secret" by="t"><references resource="users" on-delete="clear" by="t"/></text>
</resource>"#;

#[test]
fn hidden_fields_are_in_no_name_link_and_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, description: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, description).expect("the folder is writable");
        path
    };
    let vaults = file("vaults.xml", VAULTS);
    let mock = CucMock::builder().resources(vaults).start_blocking();
    let client = Client::of(&mock);
    let users = client.get("/vmrest/users");
    let (user, id) = (users.element("URI"), users.element("ObjectId"));
    let (user, id) = (user.expect("a path"), id.expect("an id"));
    let vault = format!(
        "<Vault><FullName>hush</FullName><VaultCode>hush</VaultCode><VaultUser>{id}</VaultUser></Vault>"
    );
    let vault = client.create("/vmrest/vaults", vault);
    for path in [
        format!("/__mock/objects/{}", segment(user)),
        format!("/__mock/objects/{}", segment(&vault)),
        "/__mock/objects?resource=vaults".to_owned(),
        "/__mock/diff".to_owned(),
    ] {
        let shown = get(client, &path).to_string();
        assert!(!shown.contains("hush"), "{shown}");
    }
    let user = get(client, &format!("/__mock/objects/{}", segment(user)));
    let referrers = user["referrers"].to_string();
    assert!(!referrers.contains("vaults"), "{referrers}");
    let page = get(client, "/__mock/resources/vaults");
    assert!(page["file"].is_null(), "{page}");
    // The other space shows what this one hides.
    let open = VAULTS
        .replace(r#" access="secret""#, "")
        .replace(r#" access="write-only""#, "");
    let other = mock.space_with_resources("open", file("open.xml", &open));
    let difference = other.diff(&*mock).to_string();
    assert!(difference.contains("deleted"), "{difference}");
    assert!(!difference.contains("hush"), "{difference}");
}

#[test]
fn computed_objects_are_in_the_table() {
    let mock = mock();
    let client = Client::of(&mock);
    let policies = client.get("/vmrest/policies");
    let expected = policies.elements("ObjectId").len();
    assert!(expected > 0, "{policies}");
    let table = get(client, "/__mock/objects?resource=policies&rows=1000");
    assert_eq!(table["total"], expected, "{table}");
    let path = table["objects"][0]["path"].as_str().expect("a path");
    let object = get(client, &format!("/__mock/objects/{}", segment(path)));
    assert_eq!(object["resource"], "policies");
}
