//! Roles of administrators, and the policies that show the roles of users.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

fn mock(release: Release) -> CucMock {
    CucMock::builder().release(release).seed(1).start_blocking()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Returns the id of the role with a name.
fn role(client: Client, name: &str) -> String {
    let name = name.replace(' ', "%20");
    let found = client.get(&format!("/vmrest/roles/?query=(RoleName%20is%20{name})"));
    found.element("ObjectId").expect("a role").to_owned()
}

#[test]
fn the_users_of_the_system_have_policies_whose_roles_exist() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let policies = client.get("/vmrest/policies?pageNumber=1&rowsPerPage=10");
    let roles = client.get("/vmrest/roles");
    let ids = roles.elements("ObjectId");
    let found = policies.elements("RoleObjectId");
    assert!(!found.is_empty(), "{policies}");
    assert!(found.iter().all(|role| ids.contains(role)), "{policies}");
    for column in ["RoleObjectId", "UserObjectId"] {
        let value = policies.element(column).expect("a value");
        let query = format!("/vmrest/policies?query=({column}%20is%20{value})");
        assert_eq!(client.get(&query).element(column), Some(value));
        let unknown = format!("/vmrest/policies?query=({column}%20is%20blah)");
        assert_eq!(client.get_json(&unknown).body, r#"{"@total":"0"}"#);
    }
    let first = policies.element("ObjectId").expect("an id");
    let policy = client.get_json(&format!("/vmrest/policies/{first}"));
    assert!(policy.body.starts_with(r#"{"ObjectId":"#), "{policy}");
    assert_eq!(client.get("/vmrest/policies/bogus").status, 404);
    let bogus = client.get("/vmrest/policies?query=(bogus)&sort=(bogus)");
    assert_eq!(bogus.status, 400);
}

#[test]
fn a_policy_follows_the_role_of_a_user() {
    let mock = CucMock::builder()
        .frozen_clock("2016-02-02T22:36:17Z")
        .start_blocking();
    let client = Client::of(&mock);
    let user = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
    let user = client.create("/vmrest/users?templateAlias=voicemailusertemplate", user);
    let policies = format!("/vmrest/policies?query=(UserObjectId%20is%20{})", id(&user));
    let technician = role(client, "Technician");
    let assign = || {
        let body = format!("<UserRole><RoleObjectId>{technician}</RoleObjectId></UserRole>");
        client.create(&format!("{user}/userroles"), body)
    };
    let assigned = assign();
    let shown = client.get_json(&format!("/vmrest/policies/{}", id(&assigned)));
    let shown = shown.body.replace(id(&assigned), "ID");
    let shown = shown
        .replace(id(&user), "USER")
        .replace(&technician, "ROLE");
    expect![[r#"{"ObjectId":"ID","UserObjectId":"USER","RoleObjectId":"ROLE","DateCreated":"2016-02-02 22:36:17.000"}"#]]
        .assert_eq(&shown);
    assert_eq!(
        client.get(&policies).element("RoleObjectId"),
        Some(&*technician)
    );
    assert_eq!(client.delete(&assigned).status, 204);
    assert_eq!(client.get_json(&policies).body, r#"{"@total":"0"}"#);
    assign();
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(client.get_json(&policies).body, r#"{"@total":"0"}"#);
}

#[test]
fn the_owner_of_a_call_handler_has_a_policy() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let handlers = "/vmrest/handlers/callhandlers?query=(DisplayName%20is%20Goodbye)";
    let handler = client.get(handlers);
    let handler = handler.element("ObjectId").expect("an id");
    let user = client.get("/vmrest/users?query=(Alias%20is%20operator)");
    let user = user.element("ObjectId").expect("an id");
    let owners = format!("/vmrest/handlers/callhandlers/{handler}/callhandlerowners");
    let owner = format!("<CallhandlerOwner><UserObjectId>{user}</UserObjectId></CallhandlerOwner>");
    let owner = client.create(&owners, owner);
    let policy = client.get(&format!("/vmrest/policies/{}", id(&owner)));
    assert_eq!(policy.element("TargetHandlerObjectId"), Some(handler));
    let role = role(client, "Greeting Administrator");
    assert_eq!(policy.element("RoleObjectId"), Some(&*role));
    assert_eq!(client.delete(&owner).status, 204);
    let gone = client.get(&format!("/vmrest/policies/{}", id(&owner)));
    assert_eq!(gone.status, 404);
}

#[test]
fn the_policies_are_the_same_after_a_state_is_loaded() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let before = client.get("/vmrest/policies").body;
    let state = client.control("GET", "/__mock/state", "").body;
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(client.get("/vmrest/policies").body, before);
}

#[test]
fn a_custom_role_inherits_one_of_six_system_roles() {
    let mock = mock(Release::V12_5);
    let client = Client::of(&mock);
    let [technician, system] =
        ["Technician", "System Administrator"].map(|name| role(client, name));
    let body = "<Role><RoleName>Night</RoleName><RoleDescription>At night</RoleDescription>\
                <AssignPrivileges><PrivilegeObjectId>56ea5443-4832-40b9-88b7-879068465bc9</PrivilegeObjectId>\
                </AssignPrivileges></Role>";
    let post = |inherited: &str| format!("/vmrest/customroles?systemRoleToInherit={inherited}");
    for refused in [&*system, "bogus", ""] {
        let response = client.post(&post(refused), body);
        assert_eq!(response.status, 400, "{refused}: {response}");
    }
    assert_eq!(client.post("/vmrest/customroles", body).status, 400);
    assert_eq!(
        client.get_json("/vmrest/customroles").body,
        r#"{"@total":"0"}"#
    );
    let created = client.create(&post(&technician), body);
    let custom = format!("/vmrest/customroles/{}", id(&created));
    let list = client.get_json("/vmrest/customroles").body;
    let list = list
        .replace(id(&created), "ID")
        .replace(&technician, "TECHNICIAN");
    expect![[r#"{"@total":"1","Role":{"ObjectId":"ID","RoleName":"Night","RoleDescription":"At night","IsEnabled":"true","ReadOnly":"false","InheritedObjectId":"TECHNICIAN"}}"#]]
        .assert_eq(&list);
    let refused = format!("<Role><InheritedObjectId>{system}</InheritedObjectId></Role>");
    assert_eq!(client.put(&custom, refused).status, 400);
    let update = "<Role><RoleName>Day</RoleName></Role>";
    assert_eq!(client.put(&custom, update).status, 204);
    assert_eq!(client.get(&custom).element("RoleName"), Some("Day"));
    assert_eq!(client.delete(&custom).status, 204);
    assert_eq!(
        client.get_json("/vmrest/customroles").body,
        r#"{"@total":"0"}"#
    );
}

#[test]
fn system_roles_are_neither_changed_nor_deleted() {
    let mock = mock(Release::V11_5);
    let client = Client::of(&mock);
    let before = client.get("/vmrest/systemroles");
    assert!(before.body.contains("<Roles total=\"11\">"), "{before}");
    assert_eq!(before.element("URI"), None);
    let path = format!("/vmrest/customroles/{}", role(client, "Technician"));
    let update = client.put(&path, "<Role><RoleName>Mine</RoleName></Role>");
    assert_eq!(update.status, 405, "{update}");
    assert_eq!(client.delete(&path).status, 405);
    assert_eq!(client.get("/vmrest/systemroles").body, before.body);
    let privileges = client.get_json("/vmrest/privileges?rowsPerPage=0");
    assert_eq!(privileges.body, r#"{"@total":"46"}"#);
}

#[test]
fn html_devices_refer_to_notification_templates() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let templates = client.get("/vmrest/notificationtemplates?pageNumber=1&rowsPerPage=1");
    let template = templates.element("NotificationTemplateId").expect("an id");
    let shown = client.get_json(&format!("/vmrest/notificationtemplates/{template}"));
    assert_eq!(
        shown.body,
        format!(
            r#"{{"NotificationTemplateId":"{template}","NotificationTemplateName":"Default_Actionable_Links_Only"}}"#
        )
    );
    assert_eq!(client.get("/vmrest/notificationtemplates/aaa").status, 404);
    let user = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
    let user = client.create("/vmrest/users?templateAlias=voicemailusertemplate", user);
    let devices = format!("{user}/notificationdevices/htmldevices");
    let device = |template: &str| {
        format!(
            "<HtmlDevice><DisplayName>New</DisplayName>\
             <NotificationTemplateID>{template}</NotificationTemplateID></HtmlDevice>"
        )
    };
    let unknown = "4ce278eb-033e-460e-a4f7-5a0cf57b3b2d";
    assert_eq!(client.post(&devices, device(unknown)).status, 400);
    client.create(&devices, device(template));
}

#[test]
fn the_templates_of_the_system_are_the_default_ones() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let new = "<UserTemplate><Alias>new</Alias><DisplayName>New</DisplayName></UserTemplate>";
    client.create(
        "/vmrest/usertemplates?templateAlias=voicemailusertemplate",
        new,
    );
    let defaults = client.get("/vmrest/userdefaulttemplates");
    assert!(
        defaults.body.contains("<DefaultUserTemplate>"),
        "{defaults}"
    );
    let aliases = ["voicemailusertemplate", "administratortemplate"];
    assert_eq!(defaults.elements("Alias"), aliases);
    let id = defaults.element("ObjectId").expect("an id");
    let path = format!("/vmrest/defaultusertemplates/{id}");
    let update = "<DefaultUserTemplate><City>Texoma</City></DefaultUserTemplate>";
    assert_eq!(client.put(&path, update).status, 204);
    assert_eq!(client.get(&path).element("City"), Some("Texoma"));
}
