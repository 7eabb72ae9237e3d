//! The first requests of most clients: versions, servers, users.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

#[test]
fn the_version_follows_the_release_and_consists_of_dotted_numbers() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <VersionInformation>
        <name>vmrest</name>
        <version>10.5.2.10000</version>
        </VersionInformation>
    "#]]
    .assert_eq(&client.get("/vmrest/version").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"name":"Cisco Unity Connection Version","version":"10.5.2.10000"}
    "#]]
    .assert_eq(&client.get_json("/vmrest/version/product/").to_string());
    for release in Release::ALL {
        let mock = CucMock::builder().release(*release).start_blocking();
        let response = Client::of(&mock).get("/vmrest/version?rowsPerPage=0");
        let version = response.element("version").expect("a version").to_owned();
        assert!(version.starts_with(release.as_str()), "{version}");
        let parts: Vec<_> = version.split('.').collect();
        assert!(
            parts.len() >= 3 && parts.iter().all(|part| part.parse::<u32>().is_ok()),
            "{version}"
        );
    }
}

#[test]
fn the_cluster_has_one_primary_server() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <VmsServers total="1">
        <VmsServer>
        <URI>/vmrest/vmsservers/0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90</URI>
        <ObjectId>0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90</ObjectId>
        <ServerName>localhost</ServerName>
        <IpAddress>127.0.0.1</IpAddress>
        <VmsServerObjectId>0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90</VmsServerObjectId>
        <ClusterMemberId>0</ClusterMemberId>
        <ServerState>1</ServerState>
        <HostName>localhost</HostName>
        <ServerDisplayState>3</ServerDisplayState>
        <IpAddressV6>::1</IpAddressV6>
        <SubToPerformReplicationRole>false</SubToPerformReplicationRole>
        </VmsServer>
        </VmsServers>
    "#]]
    .assert_eq(&client.get("/vmrest/vmsservers").to_string());
    assert_eq!(
        client.get("/vmrest/cluster").body,
        client.get("/vmrest/vmsservers").body
    );
    let one = client.get_json("/vmrest/vmsservers").body;
    assert!(
        one.starts_with(r#"{"@total":"1","VmsServer":{"URI":"#),
        "{one}"
    );
}

#[test]
fn users_and_user_templates_can_be_counted_and_found() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(
        client.get_json("/vmrest/users?rowsPerPage=0").body,
        r#"{"@total":"2"}"#
    );
    assert_eq!(
        client.get_json("/vmrest/usertemplates/?pageNumber=0").body,
        r#"{"@total":"2"}"#
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Users total="2">
        <User>
        <URI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</URI>
        <ObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</ObjectId>
        <Alias>operator</Alias>
        <DisplayName>Operator</DisplayName>
        </User>
        </Users>
    "#]]
    .assert_eq(&client.get("/vmrest/users?rowsPerPage=1").to_string());
    let rejection = client.post("/vmrest/users", "<User/>");
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Allow: GET, HEAD, OPTIONS

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because /vmrest/users does not support POST: expected GET, HEAD, OPTIONS</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&rejection.to_string());
}

#[test]
fn fixtures_replace_services_and_tenants_and_the_system_kinds_they_contain() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.xml");
    std::fs::write(
        &file,
        r#"<UnityConnection><Users total="0"/></UnityConnection>"#,
    )
    .unwrap();
    let mock = CucMock::builder().fixtures(&file).start_blocking();
    let client = Client::of(&mock);
    let total = |path: &str| client.get_json(&format!("{path}?rowsPerPage=0")).body;
    assert_eq!(total("/vmrest/externalservices"), r#"{"@total":"0"}"#);
    assert_eq!(total("/vmrest/tenants"), r#"{"@total":"0"}"#);
    assert_eq!(total("/vmrest/users"), r#"{"@total":"0"}"#);
    assert_eq!(total("/vmrest/usertemplates"), r#"{"@total":"2"}"#);
    assert_eq!(total("/vmrest/vmsservers"), r#"{"@total":"1"}"#);
}

#[test]
fn a_service_can_be_reset() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let service = "/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78/reset";
    expect![[r#"
        204 No Content
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred
    "#]]
    .assert_eq(
        &client
            .request("POST", service, crate::support::ADMIN_AUTHORIZATION, b"")
            .to_string(),
    );
    let put = client.request("PUT", service, crate::support::ADMIN_AUTHORIZATION, b"");
    assert_eq!(put.status, 204, "{put}");
    let missing = client.post("/vmrest/externalservices/bogus/reset", "");
    assert_eq!(
        missing.element("message"),
        Some("externalservice - ObjectId=bogus")
    );
    let unusual = client.post("/vmrest/externalservices/%ff/reset", "");
    assert_eq!(
        unusual.element("message"),
        Some("externalservice - ObjectId=%ff")
    );
    assert_eq!(client.get(service).status, 405);
}
