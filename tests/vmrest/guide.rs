//! The vendor's guide page, request by request.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const POST_EXCHANGE: &str = r"<ExternalService>
<DisplayName>UMS_API</DisplayName>
<ServiceAlias> client-team\administrator</ServiceAlias>
<ServicePassword>Ecsbulabl2</ServicePassword>
<ServerType>4</ServerType>
<Server>10.65.156.190</Server>
<AuthenticationMode>1</AuthenticationMode>
<ExchServerType>1</ExchServerType>
<SecurityTransportType>1</SecurityTransportType>
</ExternalService>";

const POST_MEETING_PLACE: &str = r"<ExternalService>
<DisplayName>MeetingPlace</DisplayName>
<ServiceAlias> admin</ServiceAlias>
<ServicePassword>ecsbulab</ServicePassword>
<ServerType>1</ServerType>
<Server>10.76.175.167</Server>
<TransferExtensionDialString>111111</TransferExtensionDialString>
</ExternalService>";

const POST_OFFICE_365: &str = r"<ExternalService>
  <DisplayName>Office365</DisplayName>
  <ServiceAlias>admin</ServiceAlias>
  <ServicePassword>password</ServicePassword>
  <ServerType>5</ServerType>
  <Server>10.76.175.167</Server>
</ExternalService>";

const PUT: &str = r"<ExternalService>
  <ServiceAlias> client-team\administrator</ServiceAlias>
  <ServicePassword>Ecsbulab13</ServicePassword>
  <ServerType>5</ServerType>
  <Server>10.65.156.190</Server>
  <AuthenticationMode>1</AuthenticationMode>
  <ExchServerType>1</ExchServerType>
  <SecurityTransportType>1</SecurityTransportType>
</ExternalService>";

const UMS_API: &str = "/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";

#[test]
fn the_list_holds_the_three_services_of_the_guide() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get(
        "/vmrest/externalservices?query=(TenantObjectId%20is%20fe6541fb-b42c-44f2-8404-ded14cbf7438",
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalServices total="3">
        <ExternalService>
        <URI>/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</URI>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <AuthenticationMode>1</AuthenticationMode>
        <DisplayName>UMS_API</DisplayName>
        <IsEnabled>true</IsEnabled>
        <SecurityTransportType>1</SecurityTransportType>
        <Server>10.65.156.190</Server>
        <ServiceAlias>clientteam\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>4</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <ExchServerType>1</ExchServerType>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        </ExternalService>
        <ExternalService>
        <URI>/vmrest/externalservices/4ce278eb-033e-460e-a4f7-5a0cf57b3b2d</URI>
        <ObjectId>4ce278eb-033e-460e-a4f7-5a0cf57b3b2d</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>Office_365</DisplayName>
        <IsEnabled>true</IsEnabled>
        <Server>10.65.156.190</Server>
        <ServiceAlias>clientteam\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>5</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        <ProxyServer/>
        </ExternalService>
        <ExternalService>
        <URI>/vmrest/externalservices/33dd7a5e-8c5e-479a-b6e3-7342c0470072</URI>
        <ObjectId>33dd7a5e-8c5e-479a-b6e3-7342c0470072</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>Meeting_CUCA</DisplayName>
        <IsEnabled>true</IsEnabled>
        <Server>10.65.156.190</Server>
        <ServiceAlias>clientteam\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>1</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsMeetingCapability>true</SupportsMeetingCapability>
        <TransferExtensionDialString>111</TransferExtensionDialString>
        </ExternalService>
        </ExternalServices>
    "#]]
    .assert_eq(&response.to_string());
}

#[test]
fn a_service_can_be_read_by_its_id() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get(UMS_API);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalService>
        <URI>/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</URI>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <AuthenticationMode>1</AuthenticationMode>
        <DisplayName>UMS_API</DisplayName>
        <IsEnabled>true</IsEnabled>
        <SecurityTransportType>1</SecurityTransportType>
        <Server>10.65.156.190</Server>
        <ServiceAlias>clientteam\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>4</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <ExchServerType>1</ExchServerType>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        </ExternalService>
    "#]]
    .assert_eq(&response.to_string());
}

#[test]
fn the_exchange_post_of_the_guide_creates_a_complete_service() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let created = client.post("/vmrest/externalservices", POST_EXCHANGE);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [DisplayName], Value = [UMS_API]: expected a value that no other ExternalService has</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&created.to_string());

    let fresh = POST_EXCHANGE.replace("UMS_API", "UMS_API_2");
    let response = client.post("/vmrest/externalservices", fresh);
    expect![[r#"
        201 Created
        Content-Type: text/plain;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Location: http://cuc.example.com:8443/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d

        /vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d
    "#]].assert_eq(&response.to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalService>
        <URI>/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <AuthenticationMode>1</AuthenticationMode>
        <DisplayName>UMS_API_2</DisplayName>
        <IsEnabled>true</IsEnabled>
        <SecurityTransportType>1</SecurityTransportType>
        <Server>10.65.156.190</Server>
        <ServiceAlias> client-team\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>4</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <ExchServerType>1</ExchServerType>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        </ExternalService>
    "#]]
    .assert_eq(&client.get(&response.body).to_string());
}

#[test]
fn the_meeting_place_post_of_the_guide_creates_a_service() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let path = client.create("/vmrest/externalservices", POST_MEETING_PLACE);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalService>
        <URI>/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <DisplayName>MeetingPlace</DisplayName>
        <IsEnabled>true</IsEnabled>
        <Server>10.76.175.167</Server>
        <ServiceAlias> admin</ServiceAlias>
        <ServicePassword/>
        <ServerType>1</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsMeetingCapability>true</SupportsMeetingCapability>
        <TransferExtensionDialString>111111</TransferExtensionDialString>
        </ExternalService>
    "#]]
    .assert_eq(&client.get(&path).to_string());
}

#[test]
fn the_office_365_post_of_the_guide_creates_a_service() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let path = client.create("/vmrest/externalservices", POST_OFFICE_365);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalService>
        <URI>/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <DisplayName>Office365</DisplayName>
        <IsEnabled>true</IsEnabled>
        <Server>10.76.175.167</Server>
        <ServiceAlias>admin</ServiceAlias>
        <ServicePassword/>
        <ServerType>5</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        <ProxyServer/>
        </ExternalService>
    "#]]
    .assert_eq(&client.get(&path).to_string());
}

#[test]
fn the_put_of_the_guide_changes_its_elements_and_keeps_the_rest() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    expect![[r#"
        204 No Content
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
    "#]]
    .assert_eq(&client.put(UMS_API, PUT).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ExternalService>
        <URI>/vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</URI>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <AuthenticationMode>1</AuthenticationMode>
        <DisplayName>UMS_API</DisplayName>
        <IsEnabled>true</IsEnabled>
        <SecurityTransportType>1</SecurityTransportType>
        <Server>10.65.156.190</Server>
        <ServiceAlias> client-team\administrator</ServiceAlias>
        <ServicePassword/>
        <ServerType>5</ServerType>
        <SupportsCalendarCapability>true</SupportsCalendarCapability>
        <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>
        <ValidateServerCertificate>false</ValidateServerCertificate>
        <UseServiceCredentials>true</UseServiceCredentials>
        <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>
        <ExchDoAutodiscover>false</ExchDoAutodiscover>
        <ExchServerType>1</ExchServerType>
        <MailboxSynchFaxAction>1</MailboxSynchFaxAction>
        <MailboxSynchEmailAction>2</MailboxSynchEmailAction>
        </ExternalService>
    "#]]
    .assert_eq(&client.get(UMS_API).to_string());
}

#[test]
fn the_delete_of_the_guide_works_with_its_printed_path() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let printed = "/vmrest/usertemplates/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";
    expect![[r#"
        204 No Content
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
    "#]]
    .assert_eq(&client.delete(printed).to_string());
    assert_eq!(client.get(UMS_API).status, 404);
}
