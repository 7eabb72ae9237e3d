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
    let one = client.get_json("/vmrest/vmsservers").body;
    assert!(
        one.starts_with(r#"{"@total":"1","VmsServer":{"URI":"#),
        "{one}"
    );
}

#[test]
fn the_cluster_lists_servers_without_an_id_in_10_5() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Cluster total="1">
        <Server>
        <Key>0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90</Key>
        <DatabaseReplication>0</DatabaseReplication>
        <HostName>localhost</HostName>
        <Ipv6Name/>
        <MacAddress/>
        <Description/>
        </Server>
        </Cluster>
    "#]]
    .assert_eq(&client.get("/vmrest/cluster").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","Server":{"Key":"0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90","DatabaseReplication":"0","HostName":"localhost","Ipv6Name":"","MacAddress":"","Description":""}}
    "#]].assert_eq(&client.get_json("/vmrest/cluster").to_string());
    let total = |query: &str| {
        let path = format!("/vmrest/cluster?rowsPerPage=0&{query}");
        client.get_json(&path).body
    };
    assert_eq!(total("query=(HostName+is+LOCALHOST)"), r#"{"@total":"1"}"#);
    assert_eq!(total("query=(Key+startswith+f)"), r#"{"@total":"0"}"#);
    let object = client.get("/vmrest/cluster/0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90");
    assert_eq!(object.status, 404, "{object}");
    let schema = client.get("/vmrest/schema/Server");
    assert_eq!(schema.status, 200, "{schema}");
}

#[test]
fn the_cluster_lists_the_vms_servers_since_11_5() {
    let later = Release::ALL
        .iter()
        .filter(|release| **release > Release::V10_5);
    for release in later {
        let mock = CucMock::builder().release(*release).start_blocking();
        let client = Client::of(&mock);
        let [cluster, servers] = ["cluster", "vmsservers"].map(|path| {
            let response = client.get(&format!("/vmrest/{path}?sort=(ObjectId+asc)"));
            response.to_string()
        });
        assert_eq!(cluster, servers, "{release}");
        assert!(
            cluster.contains("\nX-Cuc-Mock-Provenance: documented\n"),
            "{cluster}"
        );
        assert_eq!(client.get("/vmrest/schema/Server").status, 404);
        let state = client.control("GET", "/__mock/state", "").body;
        assert!(!state.contains("<Cluster "), "{state}");
    }
}

#[test]
fn a_fixture_can_replace_the_servers_of_the_cluster_in_10_5() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.xml");
    let servers = ["one", "two"]
        .map(|name| format!("<Server><Key>{name}</Key><HostName>{name}.test</HostName></Server>"));
    std::fs::write(&file, format!("<Cluster>{}</Cluster>", servers.concat())).unwrap();
    let mock = CucMock::builder().fixtures(&file).start_blocking();
    let client = Client::of(&mock);
    expect![[r#"{"@total":"2","Server":[{"Key":"two","HostName":"two.test"},{"Key":"one","HostName":"one.test"}]}"#]].assert_eq(&client.get_json("/vmrest/cluster?sort=(Key+desc)").body);
    let state = client.control("GET", "/__mock/state", "");
    let restored = client.control("PUT", "/__mock/state", &state.body);
    assert_eq!(restored.status, 204, "{restored}");
    assert_eq!(client.control("GET", "/__mock/state", "").body, state.body);
    let builder = CucMock::builder().release(Release::V11_5).fixtures(&file);
    let error = builder.try_start().expect_err("an error");
    let message = format!("{error}").replace(&folder.path().display().to_string(), "");
    expect![[r#"
        the fixtures have errors
        /cluster.xml:1:1: Cluster is not in release 11.5"#]]
    .assert_eq(&message);
}

#[test]
fn users_and_user_templates_can_be_counted_and_found() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    assert_eq!(
        client.get_json("/vmrest/users?rowsPerPage=0").body,
        r#"{"@total":"4"}"#
    );
    assert_eq!(
        client.get_json("/vmrest/usertemplates/?pageNumber=0").body,
        r#"{"@total":"4"}"#
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Users total="4">
        <User>
        <URI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</URI>
        <ObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</ObjectId>
        <Alias>operator</Alias>
        <DisplayName>Operator</DisplayName>
        <TimeZone>4</TimeZone>
        <CreationTime>2013-03-05 10:54:39.02</CreationTime>
        <CosObjectId>9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58</CosObjectId>
        <CosURI>/vmrest/coses/9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58</CosURI>
        <Language>1033</Language>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <LocationURI>/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationURI>
        <ListInDirectory>false</ListInDirectory>
        <IsVmEnrolled>true</IsVmEnrolled>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <CallHandlerObjectId>9f6ca05c-fd44-44ba-8eb1-c03e9b23d0de</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/9f6ca05c-fd44-44ba-8eb1-c03e9b23d0de</CallhandlerURI>
        <DtmfAccessId>99990</DtmfAccessId>
        <VoiceNameRequired>false</VoiceNameRequired>
        <PartitionObjectId>a44c1ce3-036f-451c-8a5f-922491848396</PartitionObjectId>
        <PartitionURI>/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396</PartitionURI>
        <MwisURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/mwis</MwisURI>
        <NotificationDevicesURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/notificationdevices</NotificationDevicesURI>
        <MessageHandlersURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/messagehandlers</MessageHandlersURI>
        <ExternalServiceAccountsURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/externalserviceaccounts</ExternalServiceAccountsURI>
        <AlternateExtensionsURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/alternateextensions</AlternateExtensionsURI>
        <PrivateListsURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/privatelists</PrivateListsURI>
        <VideoServiceAccountsURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/videoserviceaccounts</VideoServiceAccountsURI>
        <UserWebPasswordURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/credential/password</UserWebPasswordURI>
        <UserMailboxURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/mailboxattributes</UserMailboxURI>
        <MailboxStoreName>Unity Messaging Database -1</MailboxStoreName>
        <UserVoicePinURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/credential/pin</UserVoicePinURI>
        <UserRoleURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/userroles</UserRoleURI>
        <SmtpProxyAddressesURI>/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%205c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384)</SmtpProxyAddressesURI>
        <AlternateNamesURI>/vmrest/alternatenames?query=(GlobalUserObjectId%20is%205c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384)</AlternateNamesURI>
        </User>
        </Users>
    "#]]
    .assert_eq(&client.get("/vmrest/users?rowsPerPage=1").to_string());
    let rejection = client.post("/vmrest/vmsservers", "<VmsServer/>");
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Allow: GET, HEAD, OPTIONS

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because /vmrest/vmsservers does not support POST: expected GET, HEAD, OPTIONS</message>
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
