//! `/vmrest/users` and `/vmrest/usertemplates`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, basic_authorization};

const CREATE: &str = "/vmrest/users?templateAlias=voicemailusertemplate";
const JANE: &str = "<User><Alias>Jane</Alias><DtmfAccessId>1001</DtmfAccessId>\
                    <FirstName>Jane</FirstName><LastName>Doe</LastName></User>";
const TEMPLATES: &str = "/vmrest/usertemplates";
const SERVICE: &str = "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

#[test]
fn a_new_user_has_the_values_of_its_template_and_names_of_its_own() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <User>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <UseDefaultLanguage>true</UseDefaultLanguage>
        <FirstName>Jane</FirstName>
        <LastName>Doe</LastName>
        <Alias>Jane</Alias>
        <DisplayName>Jane Doe</DisplayName>
        <TimeZone>4</TimeZone>
        <CreationTime>2026-01-31T12:00:00Z</CreationTime>
        <IsTemplate>false</IsTemplate>
        <DtmfNameFirstLast>5263363</DtmfNameFirstLast>
        <DtmfNameLastFirst>3635263</DtmfNameLastFirst>
        <CosObjectId>9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58</CosObjectId>
        <CosURI>/vmrest/coses/9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58</CosURI>
        <Language>1033</Language>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <LocationURI>/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationURI>
        <AddressMode>0</AddressMode>
        <ClockMode>0</ClockMode>
        <ConversationTui>SubMenu</ConversationTui>
        <GreetByName>true</GreetByName>
        <ListInDirectory>true</ListInDirectory>
        <IsVmEnrolled>true</IsVmEnrolled>
        <SayCopiedNames>true</SayCopiedNames>
        <SayDistributionList>true</SayDistributionList>
        <SayMsgNumber>true</SayMsgNumber>
        <SaySender>true</SaySender>
        <SayTimestampAfter>true</SayTimestampAfter>
        <SayTimestampBefore>false</SayTimestampBefore>
        <SayTotalNew>false</SayTotalNew>
        <SayTotalNewEmail>false</SayTotalNewEmail>
        <SayTotalNewFax>false</SayTotalNewFax>
        <SayTotalNewVoice>true</SayTotalNewVoice>
        <SayTotalReceipts>false</SayTotalReceipts>
        <SayTotalSaved>true</SayTotalSaved>
        <Speed>100</Speed>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <Undeletable>false</Undeletable>
        <UseBriefPrompts>false</UseBriefPrompts>
        <Volume>50</Volume>
        <EnAltGreetDontRingPhone>false</EnAltGreetDontRingPhone>
        <EnAltGreetPreventSkip>false</EnAltGreetPreventSkip>
        <EnAltGreetPreventMsg>false</EnAltGreetPreventMsg>
        <EncryptPrivateMessages>false</EncryptPrivateMessages>
        <DeletedMessageSortOrder>2</DeletedMessageSortOrder>
        <SayAltGreetWarning>false</SayAltGreetWarning>
        <SaySenderExtension>false</SaySenderExtension>
        <SayAni>false</SayAni>
        <CallAnswerTimeout>4</CallAnswerTimeout>
        <CallHandlerObjectId>ddc24366-ff91-43d1-a69f-cc0beac0e993</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/ddc24366-ff91-43d1-a69f-cc0beac0e993</CallhandlerURI>
        <MessageTypeMenu>false</MessageTypeMenu>
        <NewMessageSortOrder>1</NewMessageSortOrder>
        <SavedMessageSortOrder>2</SavedMessageSortOrder>
        <MessageLocatorSortOrder>1</MessageLocatorSortOrder>
        <NewMessageStackOrder>1234567</NewMessageStackOrder>
        <SavedMessageStackOrder>1234567</SavedMessageStackOrder>
        <EnablePersonalRules>true</EnablePersonalRules>
        <RecordUnknownCallerName>true</RecordUnknownCallerName>
        <RingPrimaryPhoneFirst>false</RingPrimaryPhoneFirst>
        <ExitAction>2</ExitAction>
        <ExitTargetConversation>PHGreeting</ExitTargetConversation>
        <PromptSpeed>100</PromptSpeed>
        <ExitTargetHandlerObjectId>22231eef-93e5-4a33-9c88-56dd7792c5fe</ExitTargetHandlerObjectId>
        <RepeatMenu>1</RepeatMenu>
        <FirstDigitTimeout>5000</FirstDigitTimeout>
        <InterdigitDelay>3000</InterdigitDelay>
        <PromptVolume>50</PromptVolume>
        <ExitCallActionObjectId>ddaeddc6-6bde-484a-8b91-3ab0264da995</ExitCallActionObjectId>
        <AddressAfterRecord>false</AddressAfterRecord>
        <DtmfAccessId>1001</DtmfAccessId>
        <ConfirmDeleteMessage>false</ConfirmDeleteMessage>
        <ConfirmDeleteDeletedMessage>false</ConfirmDeleteDeletedMessage>
        <ConfirmDeleteMultipleMessages>true</ConfirmDeleteMultipleMessages>
        <IsClockMode24Hour>false</IsClockMode24Hour>
        <SynchScheduleObjectId>479fc0ed-e14d-489d-a99b-a922e77b88ef</SynchScheduleObjectId>
        <SynchScheduleURI>/vmrest/schedules/479fc0ed-e14d-489d-a99b-a922e77b88ef</SynchScheduleURI>
        <RouteNDRToSender>true</RouteNDRToSender>
        <IsSetForVmEnrollment>true</IsSetForVmEnrollment>
        <VoiceNameRequired>false</VoiceNameRequired>
        <SendBroadcastMsg>false</SendBroadcastMsg>
        <UpdateBroadcastMsg>false</UpdateBroadcastMsg>
        <ConversationVui>VuiStart</ConversationVui>
        <ConversationName>SubMenu</ConversationName>
        <SpeechCompleteTimeout>0</SpeechCompleteTimeout>
        <SpeechIncompleteTimeout>750</SpeechIncompleteTimeout>
        <UseVui>false</UseVui>
        <SkipPasswordForKnownDevice>false</SkipPasswordForKnownDevice>
        <JumpToMessagesOnLogin>true</JumpToMessagesOnLogin>
        <UseDefaultTimeZone>true</UseDefaultTimeZone>
        <EnableMessageLocator>false</EnableMessageLocator>
        <DtmfNameFirst>5263</DtmfNameFirst>
        <DtmfNameLast>363</DtmfNameLast>
        <AssistantRowsPerPage>5</AssistantRowsPerPage>
        <InboxMessagesPerPage>20</InboxMessagesPerPage>
        <InboxAutoRefresh>15</InboxAutoRefresh>
        <InboxAutoResolveMessageRecipients>true</InboxAutoResolveMessageRecipients>
        <PcaAddressBookRowsPerPage>5</PcaAddressBookRowsPerPage>
        <ReadOnly>false</ReadOnly>
        <EnableTts>true</EnableTts>
        <SmtpAddress>jane@localhost</SmtpAddress>
        <ConfirmationConfidenceThreshold>60</ConfirmationConfidenceThreshold>
        <AnnounceUpcomingMeetings>60</AnnounceUpcomingMeetings>
        <SpeechConfidenceThreshold>40</SpeechConfidenceThreshold>
        <SpeechSpeedVsAccuracy>50</SpeechSpeedVsAccuracy>
        <SpeechSensitivity>50</SpeechSensitivity>
        <EnableVisualMessageLocator>false</EnableVisualMessageLocator>
        <ContinuousAddMode>false</ContinuousAddMode>
        <NameConfirmation>false</NameConfirmation>
        <CommandDigitTimeout>1500</CommandDigitTimeout>
        <SaveMessageOnHangup>false</SaveMessageOnHangup>
        <SendMessageOnHangup>1</SendMessageOnHangup>
        <SkipForwardTime>5000</SkipForwardTime>
        <SkipReverseTime>5000</SkipReverseTime>
        <UseShortPollForCache>false</UseShortPollForCache>
        <SearchByExtensionSearchSpaceObjectId>eab71bdf-f5e4-485f-87ce-32c89bcbf249</SearchByExtensionSearchSpaceObjectId>
        <SearchByExtensionSearchSpaceURI>/vmrest/searchspaces/eab71bdf-f5e4-485f-87ce-32c89bcbf249</SearchByExtensionSearchSpaceURI>
        <SearchByNameSearchSpaceObjectId>eab71bdf-f5e4-485f-87ce-32c89bcbf249</SearchByNameSearchSpaceObjectId>
        <SearchByNameSearchSpaceURI>/vmrest/searchspaces/eab71bdf-f5e4-485f-87ce-32c89bcbf249</SearchByNameSearchSpaceURI>
        <PartitionObjectId>a44c1ce3-036f-451c-8a5f-922491848396</PartitionObjectId>
        <PartitionURI>/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396</PartitionURI>
        <UseDynamicNameSearchWeight>false</UseDynamicNameSearchWeight>
        <LdapType>0</LdapType>
        <EnableMessageBookmark>false</EnableMessageBookmark>
        <SayTotalDraftMsg>false</SayTotalDraftMsg>
        <EnableSaveDraft>false</EnableSaveDraft>
        <RetainUrgentMessageFlag>false</RetainUrgentMessageFlag>
        <SayMessageLength>false</SayMessageLength>
        <CreateSmtpProxyFromCorp>false</CreateSmtpProxyFromCorp>
        <AutoAdvanceMsgs>false</AutoAdvanceMsgs>
        <SaySenderAfter>false</SaySenderAfter>
        <SaySenderExtensionAfter>false</SaySenderExtensionAfter>
        <SayMsgNumberAfter>false</SayMsgNumberAfter>
        <SayAniAfter>false</SayAniAfter>
        <SayMessageLengthAfter>false</SayMessageLengthAfter>
        <MwisURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/mwis</MwisURI>
        <NotificationDevicesURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/notificationdevices</NotificationDevicesURI>
        <MessageHandlersURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/messagehandlers</MessageHandlersURI>
        <ExternalServiceAccountsURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/externalserviceaccounts</ExternalServiceAccountsURI>
        <AlternateExtensionsURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/alternateextensions</AlternateExtensionsURI>
        <PrivateListsURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists</PrivateListsURI>
        <VideoServiceAccountsURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/videoserviceaccounts</VideoServiceAccountsURI>
        <UserWebPasswordURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/password</UserWebPasswordURI>
        <UserMailboxURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/mailboxattributes</UserMailboxURI>
        <MailboxStoreName>Unity Messaging Database -1</MailboxStoreName>
        <UserVoicePinURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/pin</UserVoicePinURI>
        <UserRoleURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/userroles</UserRoleURI>
        <SmtpProxyAddressesURI>/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)</SmtpProxyAddressesURI>
        <AlternateNamesURI>/vmrest/alternatenames?query=(GlobalUserObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)</AlternateNamesURI>
        </User>
    "#]].assert_eq(&client.get(&user).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        {"@total":"1","User":{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","FirstName":"Jane","LastName":"Doe","Alias":"Jane","DisplayName":"Jane Doe","TimeZone":"4","CreationTime":"2026-01-31T12:00:00Z","CosObjectId":"9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58","CosURI":"/vmrest/coses/9a5a1d3f-f1ed-4f4c-88fe-3f63da647e58","Language":"1033","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","LocationURI":"/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ListInDirectory":"true","IsVmEnrolled":"true","MediaSwitchObjectId":"69be38b7-96de-4996-bc2a-5dd6e5d0625b","PhoneSystemURI":"/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b","CallHandlerObjectId":"ddc24366-ff91-43d1-a69f-cc0beac0e993","CallhandlerURI":"/vmrest/handlers/callhandlers/ddc24366-ff91-43d1-a69f-cc0beac0e993","DtmfAccessId":"1001","VoiceNameRequired":"false","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396","PartitionURI":"/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396","MwisURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/mwis","NotificationDevicesURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/notificationdevices","MessageHandlersURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/messagehandlers","ExternalServiceAccountsURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/externalserviceaccounts","AlternateExtensionsURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/alternateextensions","PrivateListsURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists","VideoServiceAccountsURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/videoserviceaccounts","UserWebPasswordURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/password","UserMailboxURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/mailboxattributes","MailboxStoreName":"Unity Messaging Database -1","UserVoicePinURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/pin","UserRoleURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/userroles","SmtpProxyAddressesURI":"/vmrest/smtpproxyaddresses?query=(ObjectGlobalUserObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)","AlternateNamesURI":"/vmrest/alternatenames?query=(GlobalUserObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)"}}
    "#]].assert_eq(
        &client
            .get_json("/vmrest/users?query=(Alias%20is%20jane)")
            .to_string(),
    );
}

#[test]
fn every_link_of_a_user_leads_to_a_resource() {
    let mock = mock();
    let client = Client::of(&mock);
    let body = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
    let shown = client.get(&client.create(CREATE, body)).body;
    let texts = shown.split('>').filter_map(|rest| rest.split_once('<'));
    let links = texts.filter(|(text, _)| text.starts_with("/vmrest/"));
    let statuses: Vec<_> = links
        .map(|(link, _)| (link, client.get(link).status))
        .collect();
    assert!(statuses.len() > 20, "{statuses:#?}");
    let mut statuses = statuses.into_iter();
    assert_eq!(statuses.find(|(_, status)| *status != 200), None);
}

#[test]
fn a_user_without_names_is_shown_by_its_alias() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(
        CREATE,
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    let shown = client.get(&user);
    assert_eq!(shown.element("DisplayName"), Some("jane"));
    assert_eq!(shown.element("DtmfNameFirstLast"), None);
    let named = "<User><FirstName>Jane</FirstName></User>";
    assert_eq!(client.put(&user, named).status, 204);
    let shown = client.get(&user);
    assert_eq!(shown.element("DisplayName"), Some("jane"));
    assert_eq!(shown.element("DtmfNameFirstLast"), Some("5263"));
}

#[test]
fn a_user_needs_a_template_an_alias_and_an_extension_of_its_own() {
    let mock = mock();
    let client = Client::of(&mock);
    client.create(CREATE, JANE);
    let mut found = String::new();
    for (path, body) in [
        ("/vmrest/users", JANE),
        ("/vmrest/users?templateAlias=invalid%20alias", JANE),
        (CREATE, "<User><DtmfAccessId>1002</DtmfAccessId></User>"),
        (CREATE, "<User><Alias>x</Alias></User>"),
        (
            CREATE,
            "<User><Alias>JANE</Alias><DtmfAccessId>1002</DtmfAccessId></User>",
        ),
        (
            CREATE,
            "<User><Alias>x</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
        ),
        (
            CREATE,
            "<User><Alias>x</Alias><DtmfAccessId>1002</DtmfAccessId><ExitAction>99</ExitAction></User>",
        ),
    ] {
        let response = client.post(path, body);
        let message = response.element("message").unwrap_or_default();
        found.push_str(&format!("{} {message}\n", response.status));
    }
    expect![[r#"
        400 templateAlias is missing, expected the Alias of a UserTemplate
        400 templateAlias is "invalid alias", expected the Alias of a UserTemplate
        400 Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory
        400 Invalid parameter. Parameter = [DtmfAccessId], Value = []: expected a value, it is mandatory
        400 Invalid parameter. Parameter = [Alias], Value = [JANE]: expected a value that no other User has
        400 Invalid parameter. Parameter = [DtmfAccessId], Value = [1001]: expected a value that no other User with the same PartitionObjectId has
        400 Invalid parameter. Parameter = [ExitAction], Value = [99]: expected 0, 1, 2, 3, 4, 5, 6, 7 or 8
    "#]].assert_eq(&found);
}

#[test]
fn a_new_user_has_the_objects_of_its_own_and_a_deletion_removes_them() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let user = client.create(CREATE, JANE);
    let id = user.rsplit('/').next().expect("an id");
    let mut found = String::new();
    for (path, element) in [
        ("mwis", "DisplayName"),
        ("messagehandlers", "VoicemailAction"),
        ("notificationdevices/phonedevices", "DisplayName"),
        ("notificationdevices/pagerdevices", "DisplayName"),
        ("notificationdevices/smtpdevices", "DisplayName"),
        ("notificationdevices/htmldevices", "DisplayName"),
        ("notificationdevices/smsdevices", "DisplayName"),
        ("credential/pin", "CredMustChange"),
        ("credential/password", "CredMustChange"),
        ("mailboxattributes", "Mounted"),
        ("externalserviceaccounts", "ObjectId"),
        ("userroles", "RoleName"),
    ] {
        let response = client.get(&format!("{user}/{path}"));
        assert_eq!(response.status, 200, "{path}: {response}");
        found.push_str(&format!(
            "{path}: {}\n",
            response.elements(element).join(", ")
        ));
    }
    expect![[r#"
        mwis: MWI-1
        messagehandlers: 1
        notificationdevices/phonedevices: Work Phone, Home Phone, Mobile Phone
        notificationdevices/pagerdevices: Pager
        notificationdevices/smtpdevices: SMTP
        notificationdevices/htmldevices: HTML
        notificationdevices/smsdevices: 
        credential/pin: true
        credential/password: true
        mailboxattributes: true
        externalserviceaccounts: 
        userroles: 
    "#]]
    .assert_eq(&found);
    let shown = client.get(&user);
    let handler = shown.element("CallhandlerURI").expect("a call handler");
    let handler = client.get(handler);
    assert_eq!(handler.element("IsPrimary"), Some("true"));
    assert_eq!(handler.element("RecipientSubscriberObjectId"), Some(id));
    assert_eq!(handler.element("DisplayName"), Some("Jane Doe"));
    let lists = client.get("/vmrest/distributionlists?query=(Alias%20is%20allvoicemailusers)");
    let members = lists.element("DistributionListMembersURI").expect("a link");
    let members = client.get(members);
    assert!(members.elements("Alias").contains(&"Jane"), "{members}");
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(state(client), before);
}

#[test]
fn built_in_users_templates_and_handlers_of_users_are_not_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let handler = client.get(&user);
    let handler = handler.element("CallhandlerURI").expect("a call handler");
    let before = state(client);
    let operator = "/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384";
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because the User is built in and cannot be deleted</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&client.delete(operator).to_string());
    let template = format!("{TEMPLATES}/e8b3c6d1-40f7-4a92-9d65-7b1f0c2a8e53");
    assert_eq!(client.delete(&template).status, 405);
    let refused = client.delete(handler);
    assert_eq!(
        refused.status, 400,
        "a handler belongs to its user: {refused}"
    );
    assert_eq!(state(client), before);
}

#[test]
fn a_user_who_receives_the_messages_of_a_handler_is_not_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let id = user.rsplit('/').next().expect("an id");
    let template = "4c9cbae5-79cc-4b4a-84f6-564f5edcccf1";
    let handler = client.create(
        &format!("/vmrest/handlers/callhandlers?templateObjectId={template}"),
        format!(
            "<CallHandler><DisplayName>Sales</DisplayName>\
             <RecipientSubscriberObjectId>{id}</RecipientSubscriberObjectId></CallHandler>"
        ),
    );
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>User is referenced by at least one call handler</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.delete(&user).to_string());
    assert_eq!(client.delete(&handler).status, 204);
    assert_eq!(client.delete(&user).status, 204);
}

#[test]
fn a_pin_and_a_password_are_set_and_unlocked_and_read_back_empty() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let pin = format!("{user}/credential/pin");
    let locked = r#"{"Credentials":31232121,"HackCount":3,"Locked":true,"CantChange":true}"#;
    assert_eq!(client.send_json("PUT", &pin, locked).status, 204);
    let unlocked = r#"{"HackCount":0,"TimeHacked":[],"Locked":false}"#;
    assert_eq!(client.send_json("PUT", &pin, unlocked).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Credential>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/credential/pin</URI>
        <UserObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserObjectId>
        <CredentialType>4</CredentialType>
        <Credentials/>
        <IsPrimary>false</IsPrimary>
        <CantChange>true</CantChange>
        <DoesntExpire>false</DoesntExpire>
        <TimeChanged>2026-01-31 12:00:00.000</TimeChanged>
        <HackCount>0</HackCount>
        <Locked>false</Locked>
        <Alias>Jane</Alias>
        <CredMustChange>true</CredMustChange>
        <CredentialPolicyObjectId>9887c399-f3a9-4416-85c8-12ba8afc9430</CredentialPolicyObjectId>
        <Hacked>false</Hacked>
        <ObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</ObjectId>
        <EncryptionType>3</EncryptionType>
        </Credential>
    "#]]
    .assert_eq(&client.get(&pin).to_string());
    assert!(state(client).contains("<Credentials>31232121</Credentials>"));
    for method in ["POST", "DELETE"] {
        let response = client.send_json(method, &pin, unlocked);
        assert_eq!(response.status, 405, "{method} {response}");
    }
}

#[test]
fn a_template_is_a_copy_and_its_users_get_its_accounts_devices_and_credentials() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let template = client.create(
        &format!("{TEMPLATES}?templateAlias=voicemailusertemplate"),
        "<UserTemplate><Alias>sales</Alias><DisplayName>Sales</DisplayName><City>Oslo</City></UserTemplate>",
    );
    let account = format!(
        "<TemplateExternalServiceAccount><ExternalServiceObjectId>{SERVICE}</ExternalServiceObjectId>\
         <EnableCalendarCapability>true</EnableCalendarCapability></TemplateExternalServiceAccount>"
    );
    let account = client.create(
        &format!("{template}/templateexternalserviceaccounts"),
        account,
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <TemplateExternalServiceAccount>
        <URI>/vmrest/usertemplates/e8020f0a-e2ef-4776-9851-588c4f49ea0d/templateexternalserviceaccounts/b14498b5-10b6-451d-8dc9-0e7594013b24</URI>
        <EmailAddressUseCorp>false</EmailAddressUseCorp>
        <EnableCalendarCapability>true</EnableCalendarCapability>
        <EnableMailboxSynchCapability>false</EnableMailboxSynchCapability>
        <EnableMeetingCapability>false</EnableMeetingCapability>
        <EnableTtsOfEmailCapability>false</EnableTtsOfEmailCapability>
        <ExternalServiceObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ExternalServiceObjectId>
        <IsPrimaryMeetingService>false</IsPrimaryMeetingService>
        <LoginType>0</LoginType>
        <ObjectId>b14498b5-10b6-451d-8dc9-0e7594013b24</ObjectId>
        <UserTemplateObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserTemplateObjectId>
        <UserTemplateURI>/vmrest/usertemplates/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserTemplateURI>
        <DisplayName>UMS_API</DisplayName>
        <ServerType>4</ServerType>
        <UserTemplateDisplayName>Sales</UserTemplateDisplayName>
        </TemplateExternalServiceAccount>
    "#]].assert_eq(&client.get(&account).to_string());
    let password =
        "<UserTemplateCredential><Credentials>Welcome1</Credentials></UserTemplateCredential>";
    let response = client.put(&format!("{template}/credential/password"), password);
    assert_eq!(response.status, 204, "{response}");
    let device = "<UserTemplateNotificationDevice><DisplayName>Second</DisplayName><Type>1</Type>\
                  <Active>false</Active></UserTemplateNotificationDevice>";
    let user = client.create("/vmrest/users?templateAlias=sales", JANE);
    assert_eq!(client.get(&user).element("City"), Some("Oslo"));
    let accounts = client.get(&format!("{user}/externalserviceaccounts"));
    assert_eq!(accounts.element("ExternalServiceObjectId"), Some(SERVICE));
    assert_eq!(accounts.element("EnableCalendarCapability"), Some("true"));
    assert!(state(client).matches("<Credentials>Welcome1<").count() == 2);
    // Later changes of a template do not reach its users.
    client.create(
        &format!("{template}/usertemplatenotificationdevices"),
        device,
    );
    let moved = "<UserTemplate><City>Rome</City></UserTemplate>";
    assert_eq!(client.put(&template, moved).status, 204);
    assert_eq!(client.get(&user).element("City"), Some("Oslo"));
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(client.delete(&template).status, 204);
    assert_eq!(state(client), before);
}

#[test]
fn an_account_has_the_defaults_of_the_guide_and_keeps_its_service() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let accounts = format!("{user}/externalserviceaccounts");
    let account =
        format!(r#"{{"ExternalServiceObjectId":"{SERVICE}","EmailAddressUseCorp":"true"}}"#);
    let created = client.send_json("POST", &format!("{accounts}/"), &account);
    assert_eq!(created.status, 201, "{created}");
    let path = created.body;
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        {"@total":"1","ExternalServiceAccount":{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/externalserviceaccounts/a5931ef0-4434-4016-92ff-7f5b91764ebf","ObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","ExternalServiceObjectId":"6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78","SubscriberObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","UserURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","EnableCalendarCapability":"false","EnableMeetingCapability":"false","EnableTtsOfEmailCapability":"false","IsPrimaryMeetingService":"false","LoginType":"0","UserPassword":"","EnableMailboxSynchCapability":"false","EmailAddressUseCorp":"true","UserExternalServiceResetURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/externalserviceaccounts/a5931ef0-4434-4016-92ff-7f5b91764ebf/reset"}}
    "#]].assert_eq(&client.get_json(&accounts).to_string());
    let again = client.send_json("POST", &accounts, &account);
    assert_eq!(again.status, 400, "{again}");
    let none = client.send_json("POST", &accounts, "{}");
    assert_eq!(none.status, 400, "{none}");
    let update = r#"{"EnableCalendarCapability":true}"#;
    assert_eq!(client.send_json("PUT", &path, update).status, 204);
    for method in ["POST", "PUT"] {
        let reset = client.send_json(method, &format!("{path}/reset"), "");
        assert_eq!(reset.status, 204, "{method} {reset}");
    }
    let service = format!("/vmrest/externalservices/{SERVICE}");
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>ExternalService is referenced by at least one user or user template</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.delete(&service).to_string());
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.delete(&service).status, 204);
}

#[test]
fn users_of_the_store_sign_in_with_their_own_passwords() {
    let mock = CucMock::builder()
        .user("admin", "secret")
        .sign_in_from_store()
        .start_blocking();
    let client = Client::of(&mock);
    let tenant = client.get("/vmrest/tenants?query=(Alias%20is%20Taxoma)");
    assert_eq!(tenant.status, 200, "the user of the command line");
    let outside = client.create(CREATE, JANE);
    let inside = client.create(
        "/vmrest/users?templateAlias=Taxoma_UserTemplate_1",
        "<User><Alias>ann</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    let status = |credentials: &str| {
        let authorization = basic_authorization(credentials);
        let response = client.request("GET", "/vmrest/version", &authorization, b"");
        response.status
    };
    assert_eq!(status("jane:"), 401, "without a password");
    let password = |user: &str, body: &str| {
        let path = format!("{user}/credential/password");
        assert_eq!(client.send_json("PUT", &path, body).status, 204);
    };
    password(&outside, r#"{"Credentials":"ChangeMe1"}"#);
    password(&inside, r#"{"Credentials":"ChangeMe2"}"#);
    for (credentials, expected) in [
        ("jane:ChangeMe1", 200),
        ("JANE:ChangeMe1", 200),
        ("jane:changeme1", 401),
        ("jane:ChangeMe2", 401),
        ("jane@Taxoma.com:ChangeMe1", 401),
        ("ann@taxoma.com:ChangeMe2", 200),
        ("ann:ChangeMe2", 401),
        ("ann@clientteam.example.com:ChangeMe2", 401),
        ("nobody:ChangeMe1", 401),
        ("operator:", 401),
    ] {
        assert_eq!(status(credentials), expected, "{credentials}");
    }
    password(&outside, r#"{"Locked":true}"#);
    assert_eq!(status("jane:ChangeMe1"), 401, "locked");
    assert_eq!(client.delete(&inside).status, 204);
    assert_eq!(status("ann@taxoma.com:ChangeMe2"), 401, "deleted");
}

#[test]
fn a_built_in_user_is_not_deleted_with_a_tenant() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(
        "/vmrest/tenants",
        "<Tenant><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain></Tenant>",
    );
    let partition = client.get(&tenant);
    let partition = partition.element("PartitionObjectId").expect("an id");
    let operator = "/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384";
    let home = client.get(operator);
    let home = home.element("PartitionObjectId").expect("an id");
    let move_to = |partition: &str| {
        format!("<User><PartitionObjectId>{partition}</PartitionObjectId></User>")
    };
    // The extension of the operator of the tenant is another one.
    let other = "<User><DtmfAccessId>99993</DtmfAccessId></User>";
    assert_eq!(client.put(operator, other).status, 204);
    assert_eq!(client.put(operator, move_to(partition)).status, 204);
    let refused = client.delete(&tenant);
    assert_eq!(refused.status, 405, "{refused}");
    assert_eq!(client.put(operator, move_to(home)).status, 204);
    assert_eq!(client.delete(&tenant).status, 204);
    assert_eq!(client.get(operator).status, 200);
}

#[test]
fn the_handler_and_the_indicator_of_a_user_follow_it() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let tenant = client.create(
        "/vmrest/partitions",
        "<Partition><Name>Other</Name></Partition>",
    );
    let partition = tenant.rsplit('/').next().expect("an id");
    let update = format!(
        "<User><DisplayName>Dr. Doe</DisplayName><DtmfAccessId>2002</DtmfAccessId>\
         <PartitionObjectId>{partition}</PartitionObjectId></User>"
    );
    assert_eq!(client.put(&user, update).status, 204);
    let shown = client.get(&user);
    let handler = client.get(shown.element("CallhandlerURI").expect("a call handler"));
    assert_eq!(handler.element("DisplayName"), Some("Dr. Doe"));
    assert_eq!(handler.element("PartitionObjectId"), Some(partition));
    let indicators = client.get(&format!("{user}/mwis"));
    assert_eq!(indicators.element("MwiExtension"), Some("2002"));
}

#[test]
fn a_user_has_the_mailbox_of_its_template() {
    let mock = mock();
    let client = Client::of(&mock);
    let store = client.create(
        "/vmrest/mailboxstores",
        "<MailboxStore><DisplayName>Second</DisplayName><MaxSizeMB>1000</MaxSizeMB></MailboxStore>",
    );
    let store = store.rsplit('/').next().expect("an id");
    client.create(
        &format!("{TEMPLATES}?templateAlias=voicemailusertemplate"),
        format!(
            "<UserTemplate><Alias>sales</Alias><DisplayName>Sales</DisplayName>\
             <MailboxStoreObjectId>{store}</MailboxStoreObjectId><SendQuota>2048</SendQuota>\
             </UserTemplate>"
        ),
    );
    let user = client.create("/vmrest/users?templateAlias=sales", JANE);
    assert_eq!(
        client.get(&user).element("MailboxStoreName"),
        Some("Second")
    );
    let mailbox = client.get(&format!("{user}/mailboxattributes"));
    assert_eq!(mailbox.element("SendQuota"), Some("2048"));
}

#[test]
fn a_user_of_a_fixture_equals_one_that_is_created() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("users.xml");
    let id = "11111111-1111-4111-8111-111111111111";
    let fixture = format!(
        "<Users><User><ObjectId>{id}</ObjectId><Alias>Jane</Alias><FirstName>Jane</FirstName>\
         <LastName>Doe</LastName><DtmfAccessId>1001</DtmfAccessId>\
         <ListInDirectory>true</ListInDirectory></User></Users>"
    );
    std::fs::write(&path, fixture).expect("a file");
    let mock = CucMock::builder()
        .fixtures(&path)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let loaded = format!("/vmrest/users/{id}");
    let handler = client.get(&loaded);
    let handler = handler.element("CallhandlerURI").expect("a call handler");
    assert_eq!(client.get(handler).element("IsPrimary"), Some("true"));
    let other = JANE
        .replace("<Alias>Jane<", "<Alias>Joan<")
        .replace("1001", "1002");
    let created = client.create(CREATE, other);
    // Each of them has ids of its own.
    let shape = |path: &str| {
        let user = client.get(path).body;
        let user = user.replace("<Alias>Joan<", "<Alias>Jane<");
        let user = user.replace("joan@", "jane@").replace("1002<", "1001<");
        let own = ["ObjectId", "CallHandlerObjectId", "ExitCallActionObjectId"];
        own.iter().fold(user, |user, name| {
            let begin = format!("<{name}>");
            let id = user.split_once(&begin).and_then(|(_, rest)| rest.get(..36));
            match id.map(str::to_owned) {
                Some(id) => user.replace(&id, name),
                None => user,
            }
        })
    };
    assert_eq!(shape(&loaded), shape(&created));
}
