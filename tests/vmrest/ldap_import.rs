//! `/vmrest/import/users/ldap`

use std::fs;

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const PATH: &str = "/vmrest/import/users/ldap";
const IMPORT: &str = "/vmrest/import/users/ldap?templateAlias=voicemailusertemplate";
const DIRECTORY: &str = "<ImportUsers>
  <ImportUser><alias>sdavis</alias><firstName>Sonya</firstName><lastName>Davis</lastName><pkid>af7dea71-d6c7-47d9-b1db-44190073cf6c</pkid><telephoneNumber>12123</telephoneNumber></ImportUser>
  <ImportUser><alias>ui</alias><pkid>c2e2bf1c-0000-47d9-b1db-44190073cf6c</pkid></ImportUser>
</ImportUsers>";

fn with_directory() -> CucMock {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ldap.xml");
    fs::write(&file, DIRECTORY).expect("a file");
    CucMock::builder().seed(1).fixtures(&file).start_blocking()
}

#[test]
fn without_a_directory_nothing_can_be_imported() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        400 Bad Request
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"errors":{"code":"LDAP_DIRECTORY_SYNCH_NOT_ACTIVATED","message":"LDAP_DIRECTORY_SYNCH_NOT_ACTIVATED: no LDAP directory is set up; a fixture with ImportUsers sets one up"}}
    "#]]
    .assert_eq(&client.get_json(PATH).to_string());
    let import = client.send_json("POST", IMPORT, r#"{"pkid":"1","dtmfAccessId":"1"}"#);
    assert_eq!(import.status, 400);
}

#[test]
fn the_users_of_the_directory_are_listed_from_an_offset() {
    let mock = with_directory();
    let client = Client::of(&mock);
    expect![[r#"{"@total":"2","ImportUser":[{"alias":"sdavis","firstName":"Sonya","lastName":"Davis","pkid":"af7dea71-d6c7-47d9-b1db-44190073cf6c"},{"alias":"ui","pkid":"c2e2bf1c-0000-47d9-b1db-44190073cf6c"}]}"#]]
        .assert_eq(&client.get_json(PATH).body);
    let aliases = |parameters: &str| {
        let list = client.get(&format!("{PATH}?{parameters}"));
        assert_eq!(list.status, 200, "{list}");
        list.elements("alias").join(" ")
    };
    assert_eq!(aliases("offset=0&limit=1"), "sdavis");
    assert_eq!(aliases("offset=1&limit=5"), "ui");
    assert_eq!(aliases("offset=2"), "");
    assert_eq!(aliases("query=(alias%20is%20ui)&sortorder=asc"), "ui");
    assert_eq!(
        aliases("query=(alias%20is%20_bogus_)&offset=0&limit=20"),
        ""
    );
    assert_eq!(
        client.get(&format!("{PATH}?offset=99999&limit=100")).status,
        400
    );
    assert_eq!(client.get(&format!("{PATH}?limit=x")).status, 400);
}

#[test]
fn an_imported_user_has_the_names_of_the_directory_and_cannot_be_deleted() {
    let mock = with_directory();
    let client = Client::of(&mock);
    let body = r#"{"ListInDirectory":true,"templateAlias":"voicemailusertemplate","pkid":"af7dea71-d6c7-47d9-b1db-44190073cf6c"}"#;
    let user = client.send_json("POST", IMPORT, body);
    assert_eq!(user.status, 201, "{user}");
    let user = user.body;
    let shown = client.get(&user);
    let values = [
        "Alias",
        "FirstName",
        "LastName",
        "DtmfAccessId",
        "LdapType",
        "ListInDirectory",
    ];
    assert_eq!(
        values.map(|name| shown.element(name).unwrap_or_default()),
        ["sdavis", "Sonya", "Davis", "12123", "3", "true"]
    );
    let deleted = client.delete(&user);
    assert_eq!(deleted.status, 405);
    assert_eq!(
        deleted.element("message"),
        Some(
            "Unable to perform requested method because the User is imported from an LDAP directory"
        )
    );
    assert_eq!(client.get(PATH).elements("alias"), ["ui"]);
    let again = client.send_json("POST", IMPORT, body);
    assert_eq!(again.status, 400);
    let other = r#"{"dtmfAccessId":"12345","pkid":"c2e2bf1c-0000-47d9-b1db-44190073cf6c"}"#;
    let unknown = "/vmrest/import/users/ldap?templateAlias=bogus";
    assert_eq!(client.send_json("POST", unknown, other).status, 400);
    assert_eq!(client.send_json("POST", IMPORT, other).status, 201);
    // The directory remains set up.
    assert_eq!(client.get_json(PATH).body, r#"{"@total":"0"}"#);
}
