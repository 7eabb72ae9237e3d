//! `/vmrest/portgroups`, `/vmrest/ports` and the other resources behind a phone system.

use std::path::Path;

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

const GROUPS: &str = "/vmrest/portgroups";
const PORTS: &str = "/vmrest/ports";
const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn configured() -> CucMock {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configured");
    CucMock::builder().seed(1).fixtures(folder).start_blocking()
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Returns the id of the object at a place in a list.
#[track_caller]
fn listed(client: Client, path: &str, place: usize) -> String {
    let list = client.get(path);
    let ids = list.elements("ObjectId");
    ids.get(place).expect("an object").to_string()
}

/// Returns the body of a new port group with an integration method: 1 SCCP, 2 SIP, 3 PIMG.
fn group(client: Client, method: usize, phone_system: &str, name: &str) -> String {
    let template = listed(client, "/vmrest/portgrouptemplates", method - 1);
    format!(
        "<PortGroup><DisplayName>{name}</DisplayName>\
         <MediaPortGroupTemplateObjectId>{template}</MediaPortGroupTemplateObjectId>\
         <MediaSwitchObjectId>{phone_system}</MediaSwitchObjectId><HostOrIPAddress>cucm</HostOrIPAddress>\
         <TelephonyIntegrationMethodEnum>{method}</TelephonyIntegrationMethodEnum></PortGroup>"
    )
}

/// Creates a port group of SIP on a new phone system. Returns the paths of both.
#[track_caller]
fn phone_system_with_group(client: Client) -> (String, String) {
    let name = "<PhoneSystem><DisplayName>Lab</DisplayName></PhoneSystem>";
    let phone_system = client.create("/vmrest/phonesystems", name);
    let group = client.create(GROUPS, group(client, 2, id(&phone_system), "Lab-1"));
    (phone_system, group)
}

fn ports(group: &str, number: &str) -> String {
    format!(
        "<Port><CapMwi>1</CapMwi><MediaPortGroupObjectId>{}</MediaPortGroupObjectId>{number}</Port>",
        id(group)
    )
}

/// Creates two ports of a port group.
#[track_caller]
fn two_ports(client: Client, group: &str) -> String {
    let number = "<NumberOfPorts>2</NumberOfPorts>";
    client.create(PORTS, ports(group, number))
}

/// Returns the numbers of ports of a port group and of its phone system.
#[track_caller]
fn counts(client: Client, (phone_system, group): &(String, String)) -> [String; 2] {
    [group, phone_system].map(|path| {
        let count = client.get(path);
        count.element("PortCount").expect("a number").to_owned()
    })
}

#[test]
fn a_new_port_group_has_a_server_and_codecs() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, group) = phone_system_with_group(client);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PortGroup>
        <URI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</URI>
        <MediaPortGroupTemplateObjectId>25abd89b-d67e-4d92-8a83-18174d645fa6</MediaPortGroupTemplateObjectId>
        <MediaSwitchObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d</PhoneSystemURI>
        <TelephonyIntegrationMethodEnum>2</TelephonyIntegrationMethodEnum>
        <EnableMWI>true</EnableMWI>
        <DisplayName>Lab-1</DisplayName>
        <EnableAGC>true</EnableAGC>
        <MwiOnCode/>
        <MwiOffCode/>
        <MwiRetryCountOnSuccess>0</MwiRetryCountOnSuccess>
        <MwiRetryIntervalOnSuccessMs>5</MwiRetryIntervalOnSuccessMs>
        <ObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</ObjectId>
        <SipTransportProtocolEnum>10</SipTransportProtocolEnum>
        <SipRegisterWithProxyServer>false</SipRegisterWithProxyServer>
        <SipDoAuthenticate>false</SipDoAuthenticate>
        <MwiMinRequestIntervalMs>0</MwiMinRequestIntervalMs>
        <MwiMaxConcurrentRequests>0</MwiMaxConcurrentRequests>
        <MediaSwitchDisplayName>Lab</MediaSwitchDisplayName>
        <PortCount>0</PortCount>
        <SipDoSRTP>true</SipDoSRTP>
        <SipTLSModeEnum>11</SipTLSModeEnum>
        <ResetStatusEnum>0</ResetStatusEnum>
        </PortGroup>
    "#]].assert_eq(&client.get(&group).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","PortGroupServer":{"URI":"/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70/portgroupservers/6ca661aa-8581-4594-b438-8580a170e8b2","ObjectId":"6ca661aa-8581-4594-b438-8580a170e8b2","MediaRemoteServiceEnum":"102","HostOrIPAddress":"cucm","Port":"5060","TlsPort":"5061","Precedence":"0","MediaPortGroupObjectId":"492f9c38-d9ff-4cce-bcb1-532f9f245b70","PortGroupURI":"/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70","SkinnyStateMachineEnum":"10"}}
    "#]].assert_eq(
        &client
            .get_json(&format!("{group}/portgroupservers"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PortGroupCodecs total="2">
        <PortGroupCodec>
        <URI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70/portgroupcodecs/ddaeddc6-6bde-484a-8b91-3ab0264da995</URI>
        <ObjectId>ddaeddc6-6bde-484a-8b91-3ab0264da995</ObjectId>
        <MediaPortGroupObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</PortGroupURI>
        <RtpCodecDefObjectId>eca9bad1-449e-48e4-b15c-e760f3e452f2</RtpCodecDefObjectId>
        <RtpCodecDefDisplayName>G.711 mu-law</RtpCodecDefDisplayName>
        <PreferredPacketSizeMs>20</PreferredPacketSizeMs>
        <Preference>1</Preference>
        </PortGroupCodec>
        <PortGroupCodec>
        <URI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70/portgroupcodecs/ddc24366-ff91-43d1-a69f-cc0beac0e993</URI>
        <ObjectId>ddc24366-ff91-43d1-a69f-cc0beac0e993</ObjectId>
        <MediaPortGroupObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</PortGroupURI>
        <RtpCodecDefObjectId>76e9c809-2966-493d-8bc1-6f01162794bf</RtpCodecDefObjectId>
        <RtpCodecDefDisplayName>G.729</RtpCodecDefDisplayName>
        <PreferredPacketSizeMs>20</PreferredPacketSizeMs>
        <Preference>2</Preference>
        </PortGroupCodec>
        </PortGroupCodecs>
    "#]].assert_eq(&client.get(&format!("{group}/portgroupcodecs")).to_string());
}

#[test]
fn the_first_server_has_the_service_and_the_port_of_the_integration_method() {
    let mock = mock();
    let client = Client::of(&mock);
    let phone_system = listed(client, "/vmrest/phonesystems", 0);
    for (method, service, port) in [(1, "100", "2000"), (2, "102", "5060"), (3, "104", "5060")] {
        let group = client.create(GROUPS, group(client, method, &phone_system, "New"));
        let server = client.get(&format!("{group}/portgroupservers"));
        assert_eq!(server.element("MediaRemoteServiceEnum"), Some(service));
        assert_eq!(server.element("Port"), Some(port));
        assert_eq!(server.element("HostOrIPAddress"), Some("cucm"));
    }
    let without_address = group(client, 2, &phone_system, "New")
        .replace("<HostOrIPAddress>cucm</HostOrIPAddress>", "");
    let group = client.create(GROUPS, without_address);
    let servers = client.get(&format!("{group}/portgroupservers"));
    assert!(servers.body.contains("total=\"0\""), "{servers}");
}

#[test]
fn a_port_group_changes_and_is_deleted_with_its_servers_codecs_and_ports() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let (phone_system, group) = phone_system_with_group(client);
    two_ports(client, &group);
    let update = "<PortGroup><DisplayName>Lab-2</DisplayName><MwiOnCode>678</MwiOnCode>\
                  <SipAuthenticatePassword>secret</SipAuthenticatePassword><PortCount>7</PortCount></PortGroup>";
    assert_eq!(client.put(&group, update).status, 204);
    let changed = client.get(&group);
    assert_eq!(changed.element("DisplayName"), Some("Lab-2"));
    assert_eq!(changed.element("MwiOnCode"), Some("678"));
    assert_eq!(changed.element("PortCount"), Some("2"));
    let password = "<SipAuthenticatePassword/>";
    assert!(changed.body.contains(password), "{changed}");
    let port = client.get(PORTS);
    assert_eq!(port.element("MediaPortGroupDisplayName"), Some("Lab-2"));
    for query in [
        "(displayname%20startswith%20Lab)",
        "(EnableMWI%20is%201)",
        &format!("(MediaSwitchObjectId%20is%20{})", id(&phone_system)),
    ] {
        let found = client.get(&format!("{GROUPS}?query={query}"));
        assert!(found.body.contains("total=\"1\""), "{query}: {found}");
    }
    let refused = client.delete(&phone_system);
    assert_eq!(refused.status, 400, "{refused}");
    let message = refused.element("message");
    assert_eq!(
        message,
        Some("Phone system is referenced by at least one port group")
    );
    assert_eq!(client.delete(&group).status, 204);
    let shown = client.get(&phone_system);
    assert_eq!(shown.element("PortCount"), Some("0"));
    assert_eq!(client.delete(&phone_system).status, 204);
    assert_eq!(state(client), before);
}

#[test]
fn a_port_group_that_breaks_a_rule_is_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let phone_system = listed(client, "/vmrest/phonesystems", 0);
    let sip = listed(client, "/vmrest/portgrouptemplates", 1);
    let valid = group(client, 2, &phone_system, "New");
    let before = state(client);
    for (from, to) in [
        ("<DisplayName>New</DisplayName>", ""),
        (&*sip, UNKNOWN),
        (&*phone_system, UNKNOWN),
        (&*phone_system, "bogus"),
        ("Enum>2<", "Enum>4<"),
        // The template is one of SIP.
        ("Enum>2<", "Enum>1<"),
        (
            "<TelephonyIntegrationMethodEnum>2</TelephonyIntegrationMethodEnum>",
            "",
        ),
    ] {
        let refused = client.post(GROUPS, valid.replace(from, to));
        assert_eq!(refused.status, 400, "{from} {to}: {refused}");
    }
    assert_eq!(client.get(&format!("{GROUPS}/blah")).status, 404);
    assert_eq!(client.delete(&format!("{GROUPS}/blah")).status, 404);
    assert_eq!(state(client), before);
}

#[test]
fn servers_of_a_port_group_are_created_changed_and_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, group) = phone_system_with_group(client);
    let servers = format!("{group}/portgroupservers");
    // Tags may end with a blank.
    let server = client.create(
        &servers,
        format!(
            "<PortGroupServer><MediaPortGroupObjectId >{}</MediaPortGroupObjectId ><MediaRemoteServiceEnum >101\
             </MediaRemoteServiceEnum ><HostOrIPAddress>cucm</HostOrIPAddress></PortGroupServer>",
            id(&group)
        ),
    );
    assert!(server.starts_with(&servers), "{server}");
    let update = "<PortGroupServer><Port>1234</Port></PortGroupServer>";
    assert_eq!(client.put(&server, update).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PortGroupServer>
        <URI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70/portgroupservers/929e1570-2c74-48be-bcc4-d88e3636fb85</URI>
        <ObjectId>929e1570-2c74-48be-bcc4-d88e3636fb85</ObjectId>
        <MediaRemoteServiceEnum>101</MediaRemoteServiceEnum>
        <HostOrIPAddress>cucm</HostOrIPAddress>
        <Port>1234</Port>
        <Precedence>0</Precedence>
        <MediaPortGroupObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</PortGroupURI>
        <SkinnyStateMachineEnum>10</SkinnyStateMachineEnum>
        </PortGroupServer>
    "#]].assert_eq(&client.get(&server).to_string());
    let before = state(client);
    for body in [
        "<PortGroupServer><HostOrIPAddress>cucm</HostOrIPAddress></PortGroupServer>",
        "<PortGroupServer><MediaRemoteServiceEnum>99</MediaRemoteServiceEnum></PortGroupServer>",
    ] {
        assert_eq!(client.post(&servers, body).status, 400, "{body}");
    }
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&server).status, 204);
    assert_eq!(client.get(&server).status, 404);
}

#[test]
fn all_codecs_of_a_port_group_can_be_deleted_and_each_can_be_added_once() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, group) = phone_system_with_group(client);
    let codecs = format!("{group}/portgroupcodecs");
    for codec in client.get(&codecs).elements("ObjectId") {
        assert_eq!(client.delete(&format!("{codecs}/{codec}")).status, 204);
    }
    assert!(client.get(&codecs).body.contains("total=\"0\""));
    let definition = listed(client, "/vmrest/rtpcodecdefs", 0);
    let body = format!(
        "<PortGroupCodec><MediaPortGroupObjectId>{}</MediaPortGroupObjectId>\
         <PreferredPacketSizeMs>20</PreferredPacketSizeMs><RtpCodecDefObjectId>{definition}</RtpCodecDefObjectId>\
         <Preference>1</Preference></PortGroupCodec>",
        id(&group)
    );
    let codec = client.create(&codecs, &body);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PortGroupCodec>
        <URI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70/portgroupcodecs/929e1570-2c74-48be-bcc4-d88e3636fb85</URI>
        <ObjectId>929e1570-2c74-48be-bcc4-d88e3636fb85</ObjectId>
        <MediaPortGroupObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</PortGroupURI>
        <RtpCodecDefObjectId>eca9bad1-449e-48e4-b15c-e760f3e452f2</RtpCodecDefObjectId>
        <RtpCodecDefDisplayName>G.711 mu-law</RtpCodecDefDisplayName>
        <PreferredPacketSizeMs>20</PreferredPacketSizeMs>
        <Preference>1</Preference>
        </PortGroupCodec>
    "#]].assert_eq(&client.get(&codec).to_string());
    let before = state(client);
    for refused in [body.clone(), body.replace(&definition, UNKNOWN)] {
        assert_eq!(client.post(&codecs, &refused).status, 400, "{refused}");
    }
    // No client changes a codec.
    assert_eq!(client.put(&codec, body).status, 405);
    assert_eq!(state(client), before);
}

#[test]
fn a_request_creates_ports_in_even_numbers() {
    let mock = mock();
    let client = Client::of(&mock);
    let paths = phone_system_with_group(client);
    assert_eq!(counts(client, &paths), ["0", "0"]);
    let first = two_ports(client, &paths.1);
    assert_eq!(counts(client, &paths), ["2", "2"]);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Port>
        <URI>/vmrest/ports/929e1570-2c74-48be-bcc4-d88e3636fb85</URI>
        <ObjectId>929e1570-2c74-48be-bcc4-d88e3636fb85</ObjectId>
        <MediaPortGroupObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70</PortGroupURI>
        <TelephonyIntegrationMethodEnum>2</TelephonyIntegrationMethodEnum>
        <VmsServerObjectId>0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90</VmsServerObjectId>
        <DisplayName>Lab-1-001</DisplayName>
        <CapAnswer>true</CapAnswer>
        <CapNotification>true</CapNotification>
        <CapMWI>true</CapMWI>
        <CapEnabled>true</CapEnabled>
        <CapTrapConnection>true</CapTrapConnection>
        <MediaSwitchDisplayName>Lab</MediaSwitchDisplayName>
        <MediaSwitchObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d</PhoneSystemURI>
        <MediaPortGroupDisplayName>Lab-1</MediaPortGroupDisplayName>
        <VmsServerName>localhost</VmsServerName>
        </Port>
    "#]]
    .assert_eq(&client.get(&first).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"2","Port":[{"URI":"/vmrest/ports/929e1570-2c74-48be-bcc4-d88e3636fb85","ObjectId":"929e1570-2c74-48be-bcc4-d88e3636fb85","MediaPortGroupObjectId":"492f9c38-d9ff-4cce-bcb1-532f9f245b70","PortGroupURI":"/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70","TelephonyIntegrationMethodEnum":"2","VmsServerObjectId":"0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90","DisplayName":"Lab-1-001","CapAnswer":"true","CapNotification":"true","CapMWI":"true","CapEnabled":"true","CapTrapConnection":"true","MediaSwitchDisplayName":"Lab","MediaSwitchObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","PhoneSystemURI":"/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d","MediaPortGroupDisplayName":"Lab-1","VmsServerName":"localhost"},{"URI":"/vmrest/ports/674905c3-0efe-419e-a0bc-b03411730731","ObjectId":"674905c3-0efe-419e-a0bc-b03411730731","MediaPortGroupObjectId":"492f9c38-d9ff-4cce-bcb1-532f9f245b70","PortGroupURI":"/vmrest/portgroups/492f9c38-d9ff-4cce-bcb1-532f9f245b70","TelephonyIntegrationMethodEnum":"2","VmsServerObjectId":"0d3b5f6a-7c21-4e8b-9a54-1f6e2c8d7b90","DisplayName":"Lab-1-002","CapAnswer":"true","CapNotification":"true","CapMWI":"true","CapEnabled":"true","CapTrapConnection":"true","MediaSwitchDisplayName":"Lab","MediaSwitchObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","PhoneSystemURI":"/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d","MediaPortGroupDisplayName":"Lab-1","VmsServerName":"localhost"}]}
    "#]].assert_eq(&client.get_json(PORTS).to_string());
    let query = format!(
        "{PORTS}?query=(MediaPortGroupObjectId%20is%20{})",
        id(&paths.1)
    );
    let own = format!("{query}&pageNumber=1&rowsPerPage=512");
    assert_eq!(client.get(&own).elements("ObjectId").len(), 2);
    // The name of a deleted port is used again.
    assert_eq!(client.delete(&first).status, 204);
    assert_eq!(counts(client, &paths), ["1", "1"]);
    two_ports(client, &paths.1);
    assert_eq!(counts(client, &paths), ["3", "3"]);
    let names = client.get(PORTS);
    assert_eq!(
        names.elements("DisplayName"),
        ["Lab-1-002", "Lab-1-001", "Lab-1-003"]
    );
}

#[test]
fn a_port_that_breaks_a_rule_is_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, group) = phone_system_with_group(client);
    let before = state(client);
    for number in [
        "",
        "<NumberOfPorts>3</NumberOfPorts>",
        "<NumberOfPorts>0</NumberOfPorts>",
        "<NumberOfPorts>-2</NumberOfPorts>",
        "<NumberOfPorts>1000000</NumberOfPorts>",
    ] {
        let refused = client.post(PORTS, ports(&group, number));
        assert_eq!(refused.status, 400, "{number}: {refused}");
    }
    let four = "<NumberOfPorts>4</NumberOfPorts>";
    for unknown in ["portgroupid", UNKNOWN] {
        assert_eq!(
            client.post(PORTS, ports(unknown, four)).status,
            400,
            "{unknown}"
        );
    }
    let server = format!("{four}<VmsServerObjectId>{UNKNOWN}</VmsServerObjectId>");
    assert_eq!(client.post(PORTS, ports(&group, &server)).status, 400);
    for path in ["blah", UNKNOWN] {
        assert_eq!(client.get(&format!("{PORTS}/{path}")).status, 404, "{path}");
        assert_eq!(
            client.delete(&format!("{PORTS}/{path}")).status,
            404,
            "{path}"
        );
    }
    assert_eq!(state(client), before);
}

#[test]
fn a_port_changes_and_only_one_of_sccp_has_a_place_in_the_hunt() {
    let mock = mock();
    let client = Client::of(&mock);
    let phone_system = listed(client, "/vmrest/phonesystems", 0);
    let update = "<Port><CapMWI>0</CapMWI><HuntOrder>3</HuntOrder><SkinnySecurityModeEnum>1</SkinnySecurityModeEnum>\
                  </Port>";
    for (method, before, after) in [(1, Some("0"), Some("3")), (2, None, None), (3, None, None)] {
        let group = client.create(GROUPS, group(client, method, &phone_system, "New"));
        let port = two_ports(client, &group);
        let shown = client.get(&port);
        assert_eq!(shown.element("HuntOrder"), before, "{method}");
        assert_eq!(shown.element("SkinnySecurityModeEnum"), before, "{method}");
        assert_eq!(shown.element("CapMWI"), Some("true"));
        let wrong = "<Port><SkinnySecurityModeEnum>3</SkinnySecurityModeEnum></Port>";
        assert_eq!(client.put(&port, wrong).status, 400, "{method}");
        assert_eq!(client.put(&port, update).status, 204);
        let shown = client.get(&port);
        assert_eq!(shown.element("CapMWI"), Some("false"));
        assert_eq!(shown.element("HuntOrder"), after, "{method}");
        assert_eq!(
            shown.element("SkinnySecurityModeEnum"),
            after.map(|_| "1"),
            "{method}"
        );
        assert_eq!(shown.element("NumberOfPorts"), None);
    }
}

#[test]
fn objects_below_an_unknown_one_are_an_empty_list_and_cannot_be_created() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    for (path, list, body) in [
        (
            "/vmrest/portgroups/bogus/portgroupservers",
            "PortGroupServers",
            "<PortGroupServer><MediaRemoteServiceEnum>100</MediaRemoteServiceEnum></PortGroupServer>".to_owned(),
        ),
        (
            "/vmrest/portgroups/bogus/portgroupcodecs",
            "PortGroupCodecs",
            format!(
                "<PortGroupCodec><RtpCodecDefObjectId>{}</RtpCodecDefObjectId></PortGroupCodec>",
                listed(client, "/vmrest/rtpcodecdefs", 0)
            ),
        ),
        (
            "/vmrest/phonesystems/bogus/axlservers",
            "AXLServers",
            "<AXLServer><HostOrIPAddress>cucm</HostOrIPAddress></AXLServer>".to_owned(),
        ),
    ] {
        let empty = client.get(path);
        assert_eq!(empty.status, 200, "{path}");
        assert!(empty.body.contains(&format!("<{list} total=\"0\"")), "{empty}");
        assert_eq!(client.get_json(path).body, "{\"@total\":\"0\"}", "{path}");
        assert_eq!(client.post(path, body).status, 400, "{path}");
        let object = format!("{path}/bogus");
        assert_eq!(client.get(&object).status, 404, "{object}");
        assert_eq!(client.delete(&object).status, 404, "{object}");
    }
    let server = "/vmrest/portgroups/bogus/portgroupservers/bogus";
    let update = "<PortGroupServer><Bogus>1</Bogus></PortGroupServer>";
    assert_eq!(client.put(server, update).status, 400);
    assert_eq!(state(client), before);
}

#[test]
fn axl_servers_are_created_changed_and_deleted_with_their_phone_system() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let name = "<PhoneSystem><DisplayName>Lab</DisplayName></PhoneSystem>";
    let phone_system = client.create("/vmrest/phonesystems", name);
    let servers = client.get(&phone_system);
    let servers = servers.element("AXLServerURI").expect("a link");
    let server = client.create(
        servers,
        "<AXLServer><HostOrIPAddress>10.105.255.1</HostOrIPAddress><Port>2001</Port><TlsPort>2000</TlsPort>\
         <CcmAXLUser>abcd</CcmAXLUser><CcmAXLPassword>secret</CcmAXLPassword></AXLServer>",
    );
    let update = "<AXLServer><CcmAXLUser>CiscoCCM</CcmAXLUser><CcmAXLPassword/></AXLServer>";
    assert_eq!(client.put(&server, update).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <AXLServers total="1">
        <AXLServer>
        <URI>/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d/axlservers/492f9c38-d9ff-4cce-bcb1-532f9f245b70</URI>
        <ObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</ObjectId>
        <MediaRemoteServiceEnum>103</MediaRemoteServiceEnum>
        <HostOrIPAddress>10.105.255.1</HostOrIPAddress>
        <Port>2001</Port>
        <TlsPort>2000</TlsPort>
        <Precedence>1</Precedence>
        <MediaSwitchObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/e8020f0a-e2ef-4776-9851-588c4f49ea0d</PhoneSystemURI>
        <SkinnyStateMachineEnum>10</SkinnyStateMachineEnum>
        <CcmAXLUser>CiscoCCM</CcmAXLUser>
        <CcmAXLPassword/>
        <CcmVersion>5</CcmVersion>
        </AXLServer>
        </AXLServers>
    "#]].assert_eq(&client.get(servers).to_string());
    let other = client.create(
        servers,
        "<AXLServer><HostOrIPAddress>cucm</HostOrIPAddress></AXLServer>",
    );
    assert_eq!(client.delete(&other).status, 204);
    assert_eq!(client.post(servers, "<AXLServer/>").status, 400);
    assert_eq!(client.delete(&phone_system).status, 204);
    assert_eq!(client.get(&server).status, 404);
    assert_eq!(state(client), before);
}

#[test]
fn later_releases_synchronise_pins_with_an_axl_server() {
    let mock = CucMock::builder().release(Release::V11_5).start_blocking();
    let client = Client::of(&mock);
    let phone_system = listed(client, "/vmrest/phonesystems", 0);
    let servers = format!("/vmrest/phonesystems/{phone_system}/axlservers");
    let server = client.create(
        &servers,
        "<AXLServer><HostOrIPAddress>cucm</HostOrIPAddress></AXLServer>",
    );
    let shown = client.get(&server);
    assert_eq!(shown.element("IsPinSyncEnabled"), Some("false"));
}

#[test]
fn a_fresh_system_has_templates_codecs_and_wave_formats_only() {
    let mock = mock();
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"3","PortGroupTemplate":[{"URI":"/vmrest/portgrouptemplates/d13c513a-42f8-4da1-97b1-165f0971b7c4","ObjectId":"d13c513a-42f8-4da1-97b1-165f0971b7c4","TemplateDescriptionDefault":"SCCP","CopyTelephonyIntegrationMethodEnum":"1"},{"URI":"/vmrest/portgrouptemplates/25abd89b-d67e-4d92-8a83-18174d645fa6","ObjectId":"25abd89b-d67e-4d92-8a83-18174d645fa6","TemplateDescriptionDefault":"SIP","CopyTelephonyIntegrationMethodEnum":"2"},{"URI":"/vmrest/portgrouptemplates/3cbb7daa-64c1-44fa-88a7-c8252abc5619","ObjectId":"3cbb7daa-64c1-44fa-88a7-c8252abc5619","TemplateDescriptionDefault":"SIP to DMG","CopyTelephonyIntegrationMethodEnum":"3"}]}
    "#]].assert_eq(&client.get_json("/vmrest/portgrouptemplates").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <RtpCodecDefs total="5">
        <RtpCodecDef>
        <URI>/vmrest/rtpcodecdefs/eca9bad1-449e-48e4-b15c-e760f3e452f2</URI>
        <ObjectId>eca9bad1-449e-48e4-b15c-e760f3e452f2</ObjectId>
        <DisplayName>G.711 mu-law</DisplayName>
        </RtpCodecDef>
        <RtpCodecDef>
        <URI>/vmrest/rtpcodecdefs/76e9c809-2966-493d-8bc1-6f01162794bf</URI>
        <ObjectId>76e9c809-2966-493d-8bc1-6f01162794bf</ObjectId>
        <DisplayName>G.729</DisplayName>
        </RtpCodecDef>
        <RtpCodecDef>
        <URI>/vmrest/rtpcodecdefs/29ec148c-ead5-4263-b4d6-d23508bd9d96</URI>
        <ObjectId>29ec148c-ead5-4263-b4d6-d23508bd9d96</ObjectId>
        <DisplayName>G.711 a-law</DisplayName>
        </RtpCodecDef>
        <RtpCodecDef>
        <URI>/vmrest/rtpcodecdefs/959575fe-0a73-4d03-b43a-2c9fbed3e91c</URI>
        <ObjectId>959575fe-0a73-4d03-b43a-2c9fbed3e91c</ObjectId>
        <DisplayName>iLBC</DisplayName>
        </RtpCodecDef>
        <RtpCodecDef>
        <URI>/vmrest/rtpcodecdefs/7d791a3c-a63c-45f9-bdcd-c219fe72c33b</URI>
        <ObjectId>7d791a3c-a63c-45f9-bdcd-c219fe72c33b</ObjectId>
        <DisplayName>G.722</DisplayName>
        </RtpCodecDef>
        </RtpCodecDefs>
    "#]]
    .assert_eq(&client.get("/vmrest/rtpcodecdefs").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <WaveFormats total="5">
        <WaveFormat>
        <URI>/vmrest/waveformats/cc9ff851-b6ab-4f1a-b79d-b4df2694e1f7</URI>
        <ObjectId>cc9ff851-b6ab-4f1a-b79d-b4df2694e1f7</ObjectId>
        <AvgBytesPerSec>8000</AvgBytesPerSec>
        <BitsPerSample>8</BitsPerSample>
        <BlockAlign>1</BlockAlign>
        <Channels>1</Channels>
        <FormatName>G.711 mu-law</FormatName>
        <FormatTag>7</FormatTag>
        <SamplesPerSec>8000</SamplesPerSec>
        <JavaEncoding>ULAW</JavaEncoding>
        </WaveFormat>
        <WaveFormat>
        <URI>/vmrest/waveformats/72488b81-0dfa-4e39-8727-d4dad921bf95</URI>
        <ObjectId>72488b81-0dfa-4e39-8727-d4dad921bf95</ObjectId>
        <AvgBytesPerSec>8000</AvgBytesPerSec>
        <BitsPerSample>8</BitsPerSample>
        <BlockAlign>1</BlockAlign>
        <Channels>1</Channels>
        <FormatName>G.711 a-law</FormatName>
        <FormatTag>6</FormatTag>
        <SamplesPerSec>8000</SamplesPerSec>
        <JavaEncoding>ALAW</JavaEncoding>
        </WaveFormat>
        <WaveFormat>
        <URI>/vmrest/waveformats/e14c1d7e-8448-4709-af4d-6ee6dda4dd1e</URI>
        <ObjectId>e14c1d7e-8448-4709-af4d-6ee6dda4dd1e</ObjectId>
        <AvgBytesPerSec>16000</AvgBytesPerSec>
        <BitsPerSample>16</BitsPerSample>
        <BlockAlign>2</BlockAlign>
        <Channels>1</Channels>
        <FormatName>PCM linear</FormatName>
        <FormatTag>1</FormatTag>
        <SamplesPerSec>8000</SamplesPerSec>
        <JavaEncoding>PCM_SIGNED</JavaEncoding>
        </WaveFormat>
        <WaveFormat>
        <URI>/vmrest/waveformats/f9fc2f72-a562-407c-bc2c-8e3e93afd954</URI>
        <ObjectId>f9fc2f72-a562-407c-bc2c-8e3e93afd954</ObjectId>
        <AvgBytesPerSec>1000</AvgBytesPerSec>
        <BitsPerSample>0</BitsPerSample>
        <BlockAlign>10</BlockAlign>
        <Channels>1</Channels>
        <FormatName>G.729a</FormatName>
        <FormatTag>307</FormatTag>
        <SamplesPerSec>8000</SamplesPerSec>
        <JavaEncoding>G.729a</JavaEncoding>
        <CodecId>3</CodecId>
        </WaveFormat>
        <WaveFormat>
        <URI>/vmrest/waveformats/4630de19-bf77-438d-8b9b-7cefad989a70</URI>
        <ObjectId>4630de19-bf77-438d-8b9b-7cefad989a70</ObjectId>
        <AvgBytesPerSec>1625</AvgBytesPerSec>
        <BitsPerSample>0</BitsPerSample>
        <BlockAlign>65</BlockAlign>
        <Channels>1</Channels>
        <FormatName>GSM 6.10</FormatName>
        <FormatTag>49</FormatTag>
        <SamplesPerSec>8000</SamplesPerSec>
        <JavaEncoding>GSM 6.10</JavaEncoding>
        </WaveFormat>
        </WaveFormats>
    "#]]
    .assert_eq(&client.get("/vmrest/waveformats").to_string());
    for path in ["portgrouptemplates", "rtpcodecdefs", "waveformats"] {
        let path = format!("/vmrest/{path}");
        let object = format!("{path}/{}", listed(client, &path, 0));
        assert_eq!(client.get(&object).status, 200, "{object}");
        assert_eq!(client.get(&format!("{path}/bogus")).status, 404, "{path}");
        assert_eq!(client.post(&path, "").status, 405, "{path}");
    }
    for path in ["portgroups", "ports", "smppproviders"] {
        let path = format!("/vmrest/{path}");
        assert!(client.get(&path).body.contains("total=\"0\""), "{path}");
        assert_eq!(
            client.get(&format!("{path}/objectId")).status,
            404,
            "{path}"
        );
    }
}

#[test]
fn a_configured_system_has_a_port_group_with_ports_and_an_smpp_provider() {
    let mock = configured();
    let client = Client::of(&mock);
    let group = listed(client, GROUPS, 0);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PortGroupServers total="1">
        <PortGroupServer>
        <URI>/vmrest/portgroups/86ad9101-08d2-43b7-b25a-55f4796ce0e9/portgroupservers/3dbf2458-c928-40e1-b9c9-19c108050a4e</URI>
        <ObjectId>3dbf2458-c928-40e1-b9c9-19c108050a4e</ObjectId>
        <MediaRemoteServiceEnum>102</MediaRemoteServiceEnum>
        <HostOrIPAddress>cucm.example.com</HostOrIPAddress>
        <Port>5060</Port>
        <TlsPort>5061</TlsPort>
        <Precedence>0</Precedence>
        <MediaPortGroupObjectId>86ad9101-08d2-43b7-b25a-55f4796ce0e9</MediaPortGroupObjectId>
        <PortGroupURI>/vmrest/portgroups/86ad9101-08d2-43b7-b25a-55f4796ce0e9</PortGroupURI>
        <SkinnyStateMachineEnum>10</SkinnyStateMachineEnum>
        </PortGroupServer>
        </PortGroupServers>
    "#]].assert_eq(
        &client
            .get(&format!("{GROUPS}/{group}/portgroupservers"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","PortGroupCodec":{"URI":"/vmrest/portgroups/86ad9101-08d2-43b7-b25a-55f4796ce0e9/portgroupcodecs/627e79c7-2b42-4dd8-82e2-e271c93de18f","ObjectId":"627e79c7-2b42-4dd8-82e2-e271c93de18f","MediaPortGroupObjectId":"86ad9101-08d2-43b7-b25a-55f4796ce0e9","PortGroupURI":"/vmrest/portgroups/86ad9101-08d2-43b7-b25a-55f4796ce0e9","RtpCodecDefObjectId":"eca9bad1-449e-48e4-b15c-e760f3e452f2","RtpCodecDefDisplayName":"G.711 mu-law","PreferredPacketSizeMs":"20","Preference":"1"}}
    "#]].assert_eq(
        &client
            .get_json(&format!("{GROUPS}/{group}/portgroupcodecs"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","SmppProvider":{"URI":"/vmrest/smppproviders/a06bcdfe-7533-40fd-a339-11c082f5e35d","ObjectId":"a06bcdfe-7533-40fd-a339-11c082f5e35d","TextName":"SMS gateway","IsEnabled":"true"}}
    "#]].assert_eq(&client.get_json("/vmrest/smppproviders").to_string());
    let ports = client.get(PORTS);
    assert_eq!(
        ports.elements("DisplayName"),
        ["PhoneSystem-1-001", "PhoneSystem-1-002"]
    );
    for path in ["/vmrest/phonesystems", GROUPS] {
        assert_eq!(client.get(path).element("PortCount"), Some("2"), "{path}");
    }
}

#[test]
fn an_sms_device_has_an_smpp_provider_that_exists() {
    let mock = configured();
    let client = Client::of(&mock);
    let user = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    let devices = format!("{user}/notificationdevices/smsdevices");
    let provider = listed(client, "/vmrest/smppproviders", 0);
    let device = |provider: &str| {
        format!(
            "<SmsDevice><DisplayName>SMS</DisplayName><SmppProviderObjectId>{provider}</SmppProviderObjectId>\
             <RecipientAddress>5551234</RecipientAddress></SmsDevice>"
        )
    };
    let before = state(client);
    for unknown in [UNKNOWN, "bogus"] {
        assert_eq!(
            client.post(&devices, device(unknown)).status,
            400,
            "{unknown}"
        );
    }
    assert_eq!(state(client), before);
    let created = client.create(&devices, device(&provider));
    let shown = client.get(&created);
    assert_eq!(shown.element("SmppProviderObjectId"), Some(&*provider));
}

#[test]
fn the_deletion_of_a_tenant_deletes_the_port_groups_of_its_phone_system() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let tenant = client.create(
        "/vmrest/tenants",
        "<Tenant><Alias>Lab</Alias><SmtpDomain>lab.example.com</SmtpDomain></Tenant>",
    );
    let query = "/vmrest/phonesystems?query=(DisplayName%20is%20Lab_PhoneSystem_1)";
    let phone_system = listed(client, query, 0);
    let group = client.create(GROUPS, group(client, 2, &phone_system, "Lab-1"));
    let port = two_ports(client, &group);
    assert_eq!(client.delete(&tenant).status, 204);
    for path in [&group, &port] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    assert_eq!(state(client), before);
}

#[test]
fn the_associations_of_a_phone_system_count_the_objects_of_its_users() {
    let mock = CucMock::builder().seed(1).empty().start_blocking();
    let client = Client::of(&mock);
    let first = format!(
        "/vmrest/phonesystems/{}",
        listed(client, "/vmrest/phonesystems", 0)
    );
    let associations = format!("{first}/phonesystemassociations");
    let before = state(client);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PhoneSystemAssociations total="2">
        <PhoneSystemAssociation>
        <URI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b/phonesystemassociations/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</URI>
        <Alias>operator</Alias>
        <DisplayName>Operator</DisplayName>
        <MediaSwitchDisplayName>PhoneSystem</MediaSwitchDisplayName>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <numNotificationDevice>4</numNotificationDevice>
        <numNotificationMWI>1</numNotificationMWI>
        <numPrimaryCallHandler>1</numPrimaryCallHandler>
        <ObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</ObjectId>
        </PhoneSystemAssociation>
        <PhoneSystemAssociation>
        <URI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b/phonesystemassociations/a71e4d08-96b2-4f5c-b1c7-0d8f3e62a945</URI>
        <Alias>undeliverablemessagesmailbox</Alias>
        <DisplayName>Undeliverable Messages</DisplayName>
        <MediaSwitchDisplayName>PhoneSystem</MediaSwitchDisplayName>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <numNotificationDevice>4</numNotificationDevice>
        <numNotificationMWI>1</numNotificationMWI>
        <numPrimaryCallHandler>1</numPrimaryCallHandler>
        <ObjectId>a71e4d08-96b2-4f5c-b1c7-0d8f3e62a945</ObjectId>
        </PhoneSystemAssociation>
        </PhoneSystemAssociations>
    "#]].assert_eq(&client.get(&associations).to_string());
    let paged = format!("{associations}?pageNumber=2&rowsPerPage=1");
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"2","PhoneSystemAssociation":{"URI":"/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b/phonesystemassociations/a71e4d08-96b2-4f5c-b1c7-0d8f3e62a945","Alias":"undeliverablemessagesmailbox","DisplayName":"Undeliverable Messages","MediaSwitchDisplayName":"PhoneSystem","MediaSwitchObjectId":"69be38b7-96de-4996-bc2a-5dd6e5d0625b","PhoneSystemURI":"/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b","numNotificationDevice":"4","numNotificationMWI":"1","numPrimaryCallHandler":"1","ObjectId":"a71e4d08-96b2-4f5c-b1c7-0d8f3e62a945"}}
    "#]].assert_eq(&client.get_json(&paged).to_string());
    let query = format!("{associations}?query=(Alias%20is%20OPERATOR)");
    assert_eq!(client.get(&query).elements("Alias"), ["operator"]);
    assert_eq!(
        client
            .get(&format!("{associations}?query=(blah%20is%20blah)"))
            .status,
        400
    );
    assert_eq!(state(client), before);
}

#[test]
fn the_associations_follow_the_objects_that_refer_to_a_phone_system() {
    let mock = mock();
    let client = Client::of(&mock);
    let (phone_system, _) = phone_system_with_group(client);
    let associations = format!("{phone_system}/phonesystemassociations");
    assert!(client.get(&associations).body.contains("total=\"0\""));
    let user = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    let uses = format!(
        "<MediaSwitchObjectId>{}</MediaSwitchObjectId>",
        id(&phone_system)
    );
    let indicator = client.create(
        &format!("{user}/mwis"),
        format!("<Mwi><MwiExtension>1</MwiExtension><DisplayName>New</DisplayName>{uses}</Mwi>"),
    );
    let numbers = || {
        let list = client.get(&associations);
        let number = |name: &str| list.elements(name).join(" ");
        [
            "Alias",
            "numNotificationDevice",
            "numNotificationMWI",
            "numPrimaryCallHandler",
        ]
        .map(number)
    };
    assert_eq!(numbers(), ["jane", "0", "1", "0"]);
    let update = format!("<User>{uses}</User>");
    assert_eq!(client.put(&user, update).status, 204);
    assert_eq!(client.delete(&indicator).status, 204);
    assert_eq!(numbers(), ["jane", "0", "0", "0"]);
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(numbers(), [""; 4]);
}

#[test]
fn an_unknown_phone_system_has_an_empty_list_of_associations() {
    let mock = mock();
    let client = Client::of(&mock);
    let path = "/vmrest/phonesystems/objectid/phonesystemassociations?pageNumber=1&rowsPerPage=20";
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PhoneSystemAssociations total="0"/>
    "#]]
    .assert_eq(&client.get(path).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"0"}
    "#]]
    .assert_eq(&client.get_json(path).to_string());
}
