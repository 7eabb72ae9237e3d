//! `/vmrest/adminusers`: administrators, who are users without a mailbox.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

const ADMINISTRATORS: &str = "/vmrest/adminusers";
const TEMPLATE: &str = "/vmrest/adminusers?templateAlias=administratortemplate";

fn mock() -> CucMock {
    CucMock::builder()
        .release(Release::V12_5)
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

#[track_caller]
fn aliases(client: Client, path: &str, expected: &[&str]) {
    let list = client.get(path);
    assert_eq!(list.elements("Alias"), expected, "{list}");
}

#[test]
fn a_system_has_three_administrators_since_12_5() {
    let mock = mock();
    let client = Client::of(&mock);
    let system = ["administrator", "UnityConnection", "Replication"];
    aliases(client, ADMINISTRATORS, &system);
    let query = "/vmrest/adminusers?query=(Alias%20startswith%20Uni)";
    aliases(client, query, &["UnityConnection"]);
    let users = client.get("/vmrest/users");
    assert!(
        !users.elements("Alias").contains(&"administrator"),
        "{users}"
    );
    let list = client.get(ADMINISTRATORS);
    let first = list.element("ObjectId").expect("an id");
    let refused = client.delete(&format!("{ADMINISTRATORS}/{first}"));
    assert_eq!(refused.status, 405, "{refused}");
    let older = CucMock::start_blocking();
    assert_eq!(Client::of(&older).get(ADMINISTRATORS).status, 404);
}

#[test]
fn an_administrator_is_a_user_without_a_mailbox() {
    let mock = mock();
    let client = Client::of(&mock);
    let handlers = client.get("/vmrest/handlers/callhandlers");
    let licences = client.get("/vmrest/userlicenses");
    let created = client.post(
        TEMPLATE,
        "<user><Alias>root2</Alias><FirstName>Ada</FirstName></user>",
    );
    expect![[r#"
        201 Created
        Content-Type: text/plain;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Location: http://cuc.example.com:8443/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d

        /vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d
    "#]]
    .assert_eq(&created.to_string());
    let user = created.body.trim().to_owned();
    let administrator = format!("{ADMINISTRATORS}/{}", id(&user));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <User>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <UseDefaultLanguage>true</UseDefaultLanguage>
        <FirstName>Ada</FirstName>
        <Alias>root2</Alias>
        <DisplayName>Ada</DisplayName>
        <TimeZone>4</TimeZone>
        <CreationTime>2026-01-31T12:00:00Z</CreationTime>
        <IsTemplate>false</IsTemplate>
        <Language>1033</Language>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <Undeletable>false</Undeletable>
        <UseDefaultTimeZone>true</UseDefaultTimeZone>
        <ReadOnly>false</ReadOnly>
        <SmtpAddress>root2@localhost</SmtpAddress>
        <LdapType>0</LdapType>
        <UserWebPasswordURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/password</UserWebPasswordURI>
        <UserRoleURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/userroles</UserRoleURI>
        </User>
    "#]]
    .assert_eq(&client.get(&administrator).to_string());
    let row = client.get_json("/vmrest/adminusers?query=(Alias%20is%20root2)");
    expect![[r#"{"@total":"1","User":{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","UseDefaultLanguage":"true","FirstName":"Ada","Alias":"root2","DisplayName":"Ada","TimeZone":"4","CreationTime":"2026-01-31T12:00:00Z","IsTemplate":"false","Language":"1033","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","Undeletable":"false","UseDefaultTimeZone":"true","ReadOnly":"false","SmtpAddress":"root2@localhost","LdapType":"0","UserWebPasswordURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/password","UserRoleURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/userroles"}}"#]]
    .assert_eq(&row.body);
    for (path, before) in [
        ("/vmrest/handlers/callhandlers", handlers),
        ("/vmrest/userlicenses", licences),
    ] {
        assert_eq!(client.get(path).body, before.body);
    }
    for part in ["credential/pin", "mailboxattributes"] {
        assert_eq!(client.get(&format!("{user}/{part}")).status, 404, "{part}");
    }
    assert_eq!(
        client.get(&format!("{user}/credential/password")).status,
        200
    );
    let extension = "<User><DtmfAccessId>1001</DtmfAccessId></User>";
    assert_eq!(client.put(&administrator, extension).status, 204);
    assert_eq!(client.get(&user).element("DtmfAccessId"), None);
    let phone_system = client.get("/vmrest/phonesystems");
    let phone_system = phone_system.element("ObjectId").expect("an id");
    let associations = format!("/vmrest/phonesystems/{phone_system}/phonesystemassociations");
    assert!(!client.get(&associations).body.contains("root2"));
}

#[test]
fn an_administrator_is_changed_and_deleted_and_gets_roles_and_a_password() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(TEMPLATE, "<User><Alias>root2</Alias></User>");
    let administrator = format!("{ADMINISTRATORS}/{}", id(&user));
    let change = "<User><LastName>Lovelace</LastName></User>";
    assert_eq!(client.put(&administrator, change).status, 204);
    let shown = client.get(&administrator);
    assert_eq!(shown.element("LastName"), Some("Lovelace"));
    let password = shown.element("UserWebPasswordURI").expect("a path");
    let change = "<Credential><Credentials>ecsbulab1</Credentials></Credential>";
    assert_eq!(client.put(password, change).status, 204);
    let role = client.get("/vmrest/roles?query=(RoleName%20is%20Technician)");
    let role = role.element("ObjectId").expect("a role");
    let roles = shown.element("UserRoleURI").expect("a path");
    let body = format!("<UserRole><RoleObjectId>{role}</RoleObjectId></UserRole>");
    let role = client.create(roles, body);
    assert_eq!(client.get(&role).element("Alias"), Some("root2"));
    assert_eq!(client.delete(&administrator).status, 204);
    assert_eq!(client.get(&administrator).status, 404);
    assert_eq!(client.get(&role).status, 404);
}

#[test]
fn the_path_of_administrators_has_no_other_users() {
    let mock = mock();
    let client = Client::of(&mock);
    let users = client.get("/vmrest/users");
    let operator = users.element("ObjectId").expect("an id");
    let path = format!("{ADMINISTRATORS}/{operator}");
    assert_eq!(client.get(&path).status, 404);
    let change = "<User><City>Rome</City></User>";
    assert_eq!(client.put(&path, change).status, 400);
    assert_eq!(client.delete(&path).status, 404);
    let body = "<User><Alias>jane</Alias></User>";
    for path in [ADMINISTRATORS, "/vmrest/adminusers?templateAlias=bogus"] {
        assert_eq!(client.post(path, body).status, 400, "{path}");
    }
    let incomplete = client.post(TEMPLATE, "<User><FirstName>Ada</FirstName></User>");
    assert_eq!(incomplete.status, 400, "{incomplete}");
}

#[test]
fn administrators_remain_after_a_state_is_loaded() {
    let mock = mock();
    let client = Client::of(&mock);
    client.create(TEMPLATE, "<User><Alias>root2</Alias></User>");
    let state = client.control("GET", "/__mock/state", "").body;
    let before = client.get(ADMINISTRATORS).body;
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(client.get(ADMINISTRATORS).body, before);
    assert_eq!(client.control("GET", "/__mock/state", "").body, state);
}
