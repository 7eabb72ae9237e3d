//! The parts of call handlers and their templates, and the objects beside them.

use std::{fs, path::Path};

use cuc_mock::CucMock;
use expect_test::{Expect, expect};

use crate::support::Client;

const HANDLERS: &str = "/vmrest/handlers/callhandlers";
const TEMPLATES: &str = "/vmrest/callhandlertemplates";
const PRIMARY_TEMPLATES: &str = "/vmrest/callhandlerprimarytemplates";
const SYSTEM_TEMPLATE: &str = "4c9cbae5-79cc-4b4a-84f6-564f5edcccf1";
const OPENING_GREETING: &str = "22231eef-93e5-4a33-9c88-56dd7792c5fe";
const GOODBYE: &str = "22c1970e-6143-41c4-bc11-44a1f3a1e1e5";
const DIRECTORY_HANDLER: &str = "9b2132b2-0bc0-497c-970c-0bb0b4db4362";
const PHONE_SYSTEM: &str = "69be38b7-96de-4996-bc2a-5dd6e5d0625b";
const UNKNOWN: &str = "0c8f2f5e-1f0a-4a53-9a35-0b5d3f0f9a11";
const OPERATOR: &str = "5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn handler_of(client: Client, template: &str) -> String {
    client.create(
        &format!("{HANDLERS}?templateObjectId={template}"),
        "<Callhandler><DisplayName>Support</DisplayName></Callhandler>",
    )
}

fn handler(client: Client) -> String {
    handler_of(client, SYSTEM_TEMPLATE)
}

fn template(client: Client) -> String {
    client.create(
        TEMPLATES,
        format!(
            "<CallhandlerTemplate><DisplayName>Desk</DisplayName>\
             <MediaSwitchObjectId>{PHONE_SYSTEM}</MediaSwitchObjectId>\
             <RecipientSubscriberObjectId>{OPERATOR}</RecipientSubscriberObjectId></CallhandlerTemplate>"
        ),
    )
}

/// Returns the path of the primary call handler of a new user, and that of the template of its user template.
fn primary(client: Client) -> (String, String) {
    let owner = |path: &str, collection: &str| {
        let found = client.get(path);
        let handler = found.element("CallHandlerObjectId").expect("a handler");
        format!("{collection}/{handler}")
    };
    let templates = "/vmrest/usertemplates?query=(Alias%20is%20voicemailusertemplate)";
    let template = client.get(templates);
    let template = template.element("URI").expect("a template");
    let user = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    (owner(&user, HANDLERS), owner(template, PRIMARY_TEMPLATES))
}

#[track_caller]
fn put(client: Client, path: &str, xml: &str) {
    let response = client.put(path, xml);
    assert_eq!(response.status, 204, "{path}: {response}");
}

/// Asserts that a request is rejected and changes nothing.
#[track_caller]
fn refuse(client: Client, path: &str, xml: &str, message: &Expect) {
    let before = state(client);
    let response = client.put(path, xml);
    assert_eq!(response.status, 400, "{path}: {response}");
    message.assert_eq(response.element("message").expect("a message"));
    assert!(state(client) == before, "{path} has changed the store");
}

#[test]
fn a_new_handler_has_seven_greetings_three_transfer_options_and_twelve_keys() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let parts = |part: &str, key: &str| {
        let list = client.get(&format!("{handler}/{part}"));
        let names = list.elements(key).join(" ");
        let total = list.body.split('"').nth(7).map(str::to_owned);
        (total.expect("a total"), names)
    };
    assert_eq!(
        parts("greetings", "GreetingType"),
        (
            "7".to_owned(),
            "Alternate Busy Error Internal Off Hours Standard Holiday".to_owned()
        )
    );
    assert_eq!(
        parts("transferoptions", "TransferOptionType"),
        ("3".to_owned(), "Alternate Off Hours Standard".to_owned())
    );
    assert_eq!(
        parts("menuentries", "TouchtoneKey"),
        ("12".to_owned(), "* # 0 1 2 3 4 5 6 7 8 9".to_owned())
    );
}

#[test]
fn a_part_reads_back_in_xml_and_json() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let closed = format!("{handler}/greetings/Off%20Hours");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Greeting>
        <URI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/greetings/Off%20Hours</URI>
        <CallHandlerObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallhandlerURI>
        <IgnoreDigits>false</IgnoreDigits>
        <PlayWhat>0</PlayWhat>
        <RepromptDelay>2</RepromptDelay>
        <Reprompts>0</Reprompts>
        <TimeExpires>1972-01-01 00:00:00.0</TimeExpires>
        <GreetingType>Off Hours</GreetingType>
        <AfterGreetingAction>4</AfterGreetingAction>
        <PlayRecordMessagePrompt>true</PlayRecordMessagePrompt>
        <EnableTransfer>false</EnableTransfer>
        <EnablePersonalVideoRecording>false</EnablePersonalVideoRecording>
        <PlayRecordVideoMessagePrompt>false</PlayRecordVideoMessagePrompt>
        <GreetingStreamFilesURI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/greetings/Off%20Hours/greetingstreamfiles</GreetingStreamFilesURI>
        <Enabled>false</Enabled>
        </Greeting>
    "#]].assert_eq(&client.get(&closed).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"URI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/greetings/Off%20Hours","CallHandlerObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","CallhandlerURI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d","IgnoreDigits":"false","PlayWhat":"0","RepromptDelay":"2","Reprompts":"0","TimeExpires":"1972-01-01 00:00:00.0","GreetingType":"Off Hours","AfterGreetingAction":"4","PlayRecordMessagePrompt":"true","EnableTransfer":"false","EnablePersonalVideoRecording":"false","PlayRecordVideoMessagePrompt":"false","GreetingStreamFilesURI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/greetings/Off%20Hours/greetingstreamfiles","Enabled":"false"}
    "#]].assert_eq(&client.get_json(&closed).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <TransferOption>
        <URI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/transferoptions/Alternate</URI>
        <CallHandlerObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallhandlerURI>
        <TransferOptionType>Alternate</TransferOptionType>
        <Action>0</Action>
        <RnaAction>1</RnaAction>
        <TimeExpires>1972-01-01 00:00:00.0</TimeExpires>
        <TransferAnnounce>false</TransferAnnounce>
        <TransferConfirm>false</TransferConfirm>
        <TransferDtDetect>false</TransferDtDetect>
        <TransferHoldingMode>0</TransferHoldingMode>
        <TransferIntroduce>false</TransferIntroduce>
        <TransferRings>4</TransferRings>
        <TransferScreening>false</TransferScreening>
        <TransferType>0</TransferType>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <UsePrimaryExtension>true</UsePrimaryExtension>
        <PlayTransferPrompt>true</PlayTransferPrompt>
        <PersonalCallTransfer>false</PersonalCallTransfer>
        <Enabled>false</Enabled>
        </TransferOption>
    "#]].assert_eq(
        &client
            .get(&format!("{handler}/transferoptions/Alternate"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <MenuEntry>
        <URI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/menuentries/*</URI>
        <CallHandlerObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</CallhandlerURI>
        <TouchtoneKey>*</TouchtoneKey>
        <Locked>true</Locked>
        <Action>2</Action>
        <TargetConversation>SubSignIn</TargetConversation>
        <ObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</ObjectId>
        </MenuEntry>
    "#]].assert_eq(&client.get(&format!("{handler}/menuentries/*")).to_string());
    expect![[r##"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"URI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/menuentries/%23","CallHandlerObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","CallhandlerURI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d","TouchtoneKey":"#","Locked":"true","Action":"5","ObjectId":"6ca661aa-8581-4594-b438-8580a170e8b2"}
    "##]].assert_eq(
        &client
            .get_json(&format!("{handler}/menuentries/%23"))
            .to_string(),
    );
    let template = format!("{TEMPLATES}/{SYSTEM_TEMPLATE}");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <TemplateGreeting>
        <URI>/vmrest/callhandlertemplates/4c9cbae5-79cc-4b4a-84f6-564f5edcccf1/templategreetings/Busy</URI>
        <CallHandlerObjectId>4c9cbae5-79cc-4b4a-84f6-564f5edcccf1</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/4c9cbae5-79cc-4b4a-84f6-564f5edcccf1</CallhandlerURI>
        <IgnoreDigits>false</IgnoreDigits>
        <PlayWhat>0</PlayWhat>
        <RepromptDelay>2</RepromptDelay>
        <Reprompts>0</Reprompts>
        <TimeExpires>1972-01-01 00:00:00.0</TimeExpires>
        <GreetingType>Busy</GreetingType>
        <AfterGreetingAction>4</AfterGreetingAction>
        <PlayRecordMessagePrompt>true</PlayRecordMessagePrompt>
        <EnableTransfer>false</EnableTransfer>
        </TemplateGreeting>
    "#]].assert_eq(
        &client
            .get(&format!("{template}/templategreetings/Busy"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <TemplateMenuEntry>
        <URI>/vmrest/callhandlertemplates/4c9cbae5-79cc-4b4a-84f6-564f5edcccf1/templatemenuentries/%23</URI>
        <CallHandlerObjectId>4c9cbae5-79cc-4b4a-84f6-564f5edcccf1</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/4c9cbae5-79cc-4b4a-84f6-564f5edcccf1</CallhandlerURI>
        <TouchtoneKey>#</TouchtoneKey>
        <Locked>true</Locked>
        <Action>5</Action>
        <ObjectId>e84b13d9-60a7-4c2f-b5e1-7f92d0a4c863</ObjectId>
        </TemplateMenuEntry>
    "#]].assert_eq(
        &client
            .get(&format!("{template}/templatemenuentries/%23"))
            .to_string(),
    );
    let (_, primary) = primary(client);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <UserTemplateGreeting>
        <CallHandlerObjectId>a431b061-863c-4df2-a78a-d2f67351ef8b</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/callhandlerprimarytemplates/a431b061-863c-4df2-a78a-d2f67351ef8b</CallhandlerURI>
        <IgnoreDigits>false</IgnoreDigits>
        <PlayWhat>0</PlayWhat>
        <RepromptDelay>2</RepromptDelay>
        <Reprompts>0</Reprompts>
        <GreetingType>Error</GreetingType>
        <AfterGreetingAction>6</AfterGreetingAction>
        <PlayRecordMessagePrompt>true</PlayRecordMessagePrompt>
        <EnableTransfer>false</EnableTransfer>
        <EnablePersonalVideoRecording>false</EnablePersonalVideoRecording>
        <PlayRecordVideoMessagePrompt>false</PlayRecordVideoMessagePrompt>
        <LanguageCode>1033</LanguageCode>
        </UserTemplateGreeting>
    "#]].assert_eq(
        &client
            .get(&format!("{primary}/usertemplategreetings/Error"))
            .to_string(),
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <UserTemplateTransferOption>
        <URI>/vmrest/callhandlerprimarytemplates/a431b061-863c-4df2-a78a-d2f67351ef8b/transferoptions/Standard</URI>
        <CallHandlerObjectId>a431b061-863c-4df2-a78a-d2f67351ef8b</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/callhandlerprimarytemplates/a431b061-863c-4df2-a78a-d2f67351ef8b</CallhandlerURI>
        <TransferOptionType>Standard</TransferOptionType>
        <Action>0</Action>
        <RnaAction>1</RnaAction>
        <TransferAnnounce>false</TransferAnnounce>
        <TransferConfirm>false</TransferConfirm>
        <TransferDtDetect>false</TransferDtDetect>
        <TransferHoldingMode>0</TransferHoldingMode>
        <TransferIntroduce>false</TransferIntroduce>
        <TransferRings>4</TransferRings>
        <TransferScreening>false</TransferScreening>
        <TransferType>0</TransferType>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        <UsePrimaryExtension>true</UsePrimaryExtension>
        <PlayTransferPrompt>true</PlayTransferPrompt>
        <PersonalCallTransfer>false</PersonalCallTransfer>
        <Enabled>true</Enabled>
        </UserTemplateTransferOption>
    "#]].assert_eq(
        &client
            .get(&format!("{primary}/transferoptions/Standard"))
            .to_string(),
    );
}

#[test]
fn the_parts_of_a_handler_are_copies_of_those_of_its_template() {
    let mock = mock();
    let client = Client::of(&mock);
    let template = template(client);
    let star = client.get(&format!("{template}/templatemenuentries/*"));
    assert_eq!(star.element("Action"), Some("4"));
    put(
        client,
        &format!("{template}/templategreetings/Alternate"),
        "<TemplateGreeting><TimeExpires/><Reprompts>3</Reprompts></TemplateGreeting>",
    );
    put(
        client,
        &format!("{template}/templatetransferoptions/Off%20Hours"),
        "<TemplateTransferOption><Enabled>false</Enabled><TransferRings>9</TransferRings></TemplateTransferOption>",
    );
    let target = format!(
        "<TemplateMenuEntry><Action>2</Action><TargetConversation>PHGreeting</TargetConversation>\
         <TargetHandlerObjectId>{GOODBYE}</TargetHandlerObjectId></TemplateMenuEntry>"
    );
    put(
        client,
        &format!("{template}/templatemenuentries/9"),
        &target,
    );
    let handler = handler_of(client, id(&template));
    let greeting = client.get(&format!("{handler}/greetings/Alternate"));
    assert_eq!(greeting.element("Enabled"), Some("true"));
    assert_eq!(greeting.element("TimeExpires"), None);
    assert_eq!(greeting.element("Reprompts"), Some("3"));
    let option = client.get(&format!("{handler}/transferoptions/Off%20Hours"));
    assert_eq!(option.element("Enabled"), Some("false"));
    assert_eq!(option.element("TransferRings"), Some("9"));
    let key = client.get(&format!("{handler}/menuentries/9"));
    assert_eq!(key.element("TargetHandlerObjectId"), Some(GOODBYE));
    assert_eq!(key.element("Action"), Some("2"));
    // Neither a change nor the deletion of the template affects its handlers.
    put(
        client,
        &format!("{template}/templatemenuentries/9"),
        "<TemplateMenuEntry><Action>0</Action></TemplateMenuEntry>",
    );
    assert_eq!(client.delete(&template).status, 204);
    assert_eq!(
        client.get(&format!("{handler}/menuentries/9")).body,
        key.body
    );
    assert_eq!(
        client
            .get(&format!("{template}/templatemenuentries/9"))
            .status,
        404
    );
}

#[test]
fn the_parts_of_a_user_are_copies_of_those_of_its_user_template() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, template) = primary(client);
    // The guide writes them like the parts of a call handler.
    put(
        client,
        &format!("{template}/menuentries/4"),
        "<MenuEntry><Action>7</Action><TransferNumber>2344</TransferNumber></MenuEntry>",
    );
    put(
        client,
        &format!("{template}/transferoptions/Alternate"),
        "<TransferOption><TimeExpires>2026-03-09 00:00:00.0</TimeExpires></TransferOption>",
    );
    let user = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>john</Alias><DtmfAccessId>1002</DtmfAccessId></User>",
    );
    let found = client.get(&user);
    let handler = found.element("CallHandlerObjectId").expect("a handler");
    let handler = format!("{HANDLERS}/{handler}");
    let key = client.get(&format!("{handler}/menuentries/4"));
    let transfer = ["Action", "TransferNumber", "TransferType", "TransferRings"];
    assert_eq!(
        transfer.map(|field| key.element(field)),
        [Some("7"), Some("2344"), Some("0"), Some("4")]
    );
    let option = client.get(&format!("{handler}/transferoptions/Alternate"));
    assert_eq!(option.element("Enabled"), Some("true"));
    assert_eq!(client.delete(&user).status, 204);
    assert!(!state(client).contains(id(&handler)));
}

#[test]
fn a_greeting_is_enabled_until_its_time() {
    let mock = mock();
    let client = Client::of(&mock);
    let greeting = format!("{}/greetings/Alternate", handler(client));
    let shown = || {
        let found = client.get(&greeting);
        ["Enabled", "TimeExpires"].map(|field| found.element(field).map(str::to_owned))
    };
    let some = |enabled: &str, expires: Option<&str>| {
        [Some(enabled), expires].map(|value| value.map(str::to_owned))
    };
    let never = Some("1972-01-01 00:00:00.0");
    assert_eq!(shown(), some("false", never));
    for (fields, expected) in [
        ("<TimeExpires></TimeExpires>", some("true", None)),
        ("<Enabled>false</Enabled>", some("false", never)),
        (
            "<TimeExpires>2026-02-01 00:30:00</TimeExpires>",
            some("true", Some("2026-02-01 00:30:00")),
        ),
        (
            "<TimeExpires>1999-10-11 12:00:00</TimeExpires>",
            some("false", Some("1999-10-11 12:00:00")),
        ),
        ("<Enabled>true</Enabled>", some("true", None)),
        ("<Reprompts>1</Reprompts>", some("true", None)),
    ] {
        put(client, &greeting, &format!("<Greeting>{fields}</Greeting>"));
        assert_eq!(shown(), expected, "{fields}");
    }
    let enable = client.send_json("PUT", &greeting, r#"{"Enabled":"true","TimeExpires":""}"#);
    assert_eq!(enable.status, 204);
}

#[test]
fn the_standard_parts_cannot_be_disabled() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let past = "<Part><TimeExpires>1999-10-11 12:00:00</TimeExpires></Part>";
    refuse(
        client,
        &format!("{handler}/greetings/Standard"),
        past,
        &expect![
            "Invalid parameter. Parameter = [TimeExpires], Value = [1999-10-11 12:00:00]: expected a value that enables it, as Standard cannot be disabled"
        ],
    );
    let off = "<Part><Enabled>false</Enabled></Part>";
    refuse(
        client,
        &format!("{handler}/greetings/Error"),
        off,
        &expect![
            "Invalid parameter. Parameter = [Enabled], Value = [false]: expected a value that enables it, as Error cannot be disabled"
        ],
    );
    refuse(
        client,
        &format!("{handler}/transferoptions/Standard"),
        off,
        &expect![
            "Invalid parameter. Parameter = [Enabled], Value = [false]: expected a value that enables it, as Standard cannot be disabled"
        ],
    );
}

#[test]
fn values_outside_the_tables_are_rejected() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    for (path, fields) in [
        (
            "greetings/Alternate",
            "<AfterGreetingAction>99</AfterGreetingAction>",
        ),
        (
            "greetings/Alternate",
            "<AfterGreetingTargetConversation>Invalid</AfterGreetingTargetConversation>",
        ),
        ("greetings/Alternate", "<PlayWhat>3</PlayWhat>"),
        ("greetings/Alternate", "<Reprompts>101</Reprompts>"),
        ("greetings/Alternate", "<TimeExpires>tomorrow</TimeExpires>"),
        (
            "transferoptions/Off%20Hours",
            "<UsePrimaryExtension>1</UsePrimaryExtension><Action>99</Action>",
        ),
        (
            "transferoptions/Off%20Hours",
            "<TransferRings>1</TransferRings>",
        ),
        ("transferoptions/Off%20Hours", "<Extension>12a</Extension>"),
        (
            "transferoptions/Off%20Hours",
            "<UsePrimaryExtension>false</UsePrimaryExtension>",
        ),
        ("menuentries/1", "<Action>99</Action>"),
        (
            "menuentries/1",
            "<TargetConversation>Invalid</TargetConversation>",
        ),
        ("menuentries/1", "<TransferRings>21</TransferRings>"),
    ] {
        let before = state(client);
        let response = client.put(
            &format!("{handler}/{path}"),
            format!("<Part>{fields}</Part>"),
        );
        assert_eq!(response.status, 400, "{fields}: {response}");
        assert!(state(client) == before, "{fields}");
    }
}

#[test]
fn a_target_is_a_handler_of_its_conversation() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let key = format!("{handler}/menuentries/2");
    let target = |conversation: &str, id: &str| {
        format!(
            "<MenuEntry><Action>2</Action><Locked>1</Locked><TargetConversation>{conversation}</TargetConversation>\
             <TargetHandlerObjectId>{id}</TargetHandlerObjectId></MenuEntry>"
        )
    };
    put(client, &key, &target("PHGreeting", id(&handler)));
    put(client, &key, &target("AD", DIRECTORY_HANDLER));
    refuse(
        client,
        &key,
        &target("PHInterview", id(&handler)),
        &expect![
            "Invalid parameter. Parameter = [TargetHandlerObjectId], Value = [e8020f0a-e2ef-4776-9851-588c4f49ea0d]: expected the ObjectId of an InterviewHandler, as TargetConversation is PHInterview"
        ],
    );
    refuse(
        client,
        &key,
        &target("PHTransfer", UNKNOWN),
        &expect![
            "Invalid parameter. Parameter = [TargetHandlerObjectId], Value = [0c8f2f5e-1f0a-4a53-9a35-0b5d3f0f9a11]: expected the ObjectId of a Callhandler, as TargetConversation is PHTransfer"
        ],
    );
    let greeting = format!(
        "<Greeting><AfterGreetingTargetConversation>AD</AfterGreetingTargetConversation>\
         <AfterGreetingTargetHandlerObjectId>{GOODBYE}</AfterGreetingTargetHandlerObjectId></Greeting>"
    );
    refuse(
        client,
        &format!("{handler}/greetings/Busy"),
        &greeting,
        &expect![
            "Invalid parameter. Parameter = [AfterGreetingTargetHandlerObjectId], Value = [22c1970e-6143-41c4-bc11-44a1f3a1e1e5]: expected the ObjectId of a DirectoryHandler, as AfterGreetingTargetConversation is AD"
        ],
    );
}

#[test]
fn a_handler_that_is_a_target_of_its_own_can_be_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let own = id(&handler);
    put(
        client,
        &handler,
        &format!(
            "<CallHandler><AfterMessageAction>2</AfterMessageAction>\
             <AfterMessageTargetConversation>PHTransfer</AfterMessageTargetConversation>\
             <AfterMessageTargetHandlerObjectId>{own}</AfterMessageTargetHandlerObjectId></CallHandler>"
        ),
    );
    put(
        client,
        &format!("{handler}/menuentries/2"),
        &format!(
            "<MenuEntry><Action>2</Action><TargetConversation>PHGreeting</TargetConversation>\
             <TargetHandlerObjectId>{own}</TargetHandlerObjectId></MenuEntry>"
        ),
    );
    assert_eq!(client.delete(&handler).status, 204);
    assert!(!state(client).contains(own));
}

#[test]
fn an_extension_of_its_own_replaces_the_primary_one() {
    let mock = mock();
    let client = Client::of(&mock);
    let option = format!("{}/transferoptions/Off%20Hours", handler(client));
    let shown = || {
        let found = client.get(&option);
        ["Extension", "UsePrimaryExtension"].map(|field| found.element(field).map(str::to_owned))
    };
    put(
        client,
        &option,
        "<TransferOption><Extension>1234</Extension></TransferOption>",
    );
    assert_eq!(shown(), [Some("1234".to_owned()), Some("false".to_owned())]);
    let both = "<TransferOption><UsePrimaryExtension>true</UsePrimaryExtension><Extension>99</Extension></TransferOption>";
    refuse(
        client,
        &option,
        both,
        &expect![
            "Invalid parameter. Parameter = [Extension]: expected no value, as UsePrimaryExtension is true"
        ],
    );
    put(
        client,
        &option,
        "<TransferOption><UsePrimaryExtension>true</UsePrimaryExtension></TransferOption>",
    );
    assert_eq!(shown(), [None, Some("true".to_owned())]);
}

#[test]
fn parts_are_neither_created_nor_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    for (list, part) in [
        ("greetings", "Standard"),
        ("transferoptions", "Standard"),
        ("menuentries", "1"),
    ] {
        let list = format!("{handler}/{list}");
        assert_eq!(client.post(&list, "<Part/>").status, 405, "{list}");
        assert_eq!(
            client.delete(&format!("{list}/{part}")).status,
            405,
            "{list}"
        );
        let unknown = format!("{list}/a");
        assert_eq!(client.get(&unknown).status, 404);
        assert_eq!(
            client
                .put(&unknown, "<Part><Enabled>1</Enabled></Part>")
                .status,
            400
        );
    }
    for list in [
        "greetings",
        "transferoptions",
        "menuentries",
        "callhandlerowners",
    ] {
        let list = client.get(&format!("{HANDLERS}/aaa/{list}"));
        assert_eq!(list.status, 200);
        assert!(list.body.contains("total=\"0\""), "{list}");
    }
}

#[test]
fn a_handler_is_owned_by_users_and_distribution_lists() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let owners = format!("{handler}/callhandlerowners");
    assert_eq!(client.get_json(&owners).body, r#"{"@total":"0"}"#);
    let user = client.create(
        &owners,
        format!(
            "<CallhandlerOwner><UserObjectId>{OPERATOR}</UserObjectId>\
             <RoleObjectId>{UNKNOWN}</RoleObjectId></CallhandlerOwner>"
        ),
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <CallhandlerOwner>
        <URI>/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/callhandlerowners/c10f8ea1-3e87-422a-b404-b23dc97f4bc1</URI>
        <ObjectId>c10f8ea1-3e87-422a-b404-b23dc97f4bc1</ObjectId>
        <TargetHandlerObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</TargetHandlerObjectId>
        <UserObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</UserObjectId>
        <UserURI>/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</UserURI>
        </CallhandlerOwner>
    "#]].assert_eq(&client.get(&user).to_string());
    let lists = client.get("/vmrest/distributionlists");
    let list = lists.element("ObjectId").expect("a list");
    let list = format!(
        "<CallhandlerOwner><DistributionListObjectId>{list}</DistributionListObjectId></CallhandlerOwner>"
    );
    let list = client.create(&owners, list);
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"URI":"/vmrest/handlers/callhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d/callhandlerowners/6efe5a06-05c7-4eb6-96d2-f8a91d87551d","DistributionListObjectId":"f927b07e-6b52-42ad-b610-3b83dc94fdb1","DistributionListURI":"/vmrest/distributionlists/f927b07e-6b52-42ad-b610-3b83dc94fdb1","ObjectId":"6efe5a06-05c7-4eb6-96d2-f8a91d87551d","TargetHandlerObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d"}
    "#]].assert_eq(&client.get_json(&list).to_string());
    let before = state(client);
    for owner in [
        String::new(),
        format!("<UserObjectId>{UNKNOWN}</UserObjectId>"),
        format!("<UserObjectId>{OPERATOR}</UserObjectId>"),
        format!(
            "<UserObjectId>{OPERATOR}</UserObjectId><DistributionListObjectId>{UNKNOWN}</DistributionListObjectId>"
        ),
    ] {
        let response = client.post(
            &owners,
            format!("<CallhandlerOwner>{owner}</CallhandlerOwner>"),
        );
        assert_eq!(response.status, 400, "{owner}: {response}");
    }
    let unknown = format!("{HANDLERS}/{UNKNOWN}/callhandlerowners");
    let owner =
        format!("<CallhandlerOwner><UserObjectId>{OPERATOR}</UserObjectId></CallhandlerOwner>");
    assert_eq!(client.post(&unknown, owner).status, 400);
    assert!(state(client) == before);
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(client.get(&user).status, 404);
    assert_eq!(client.delete(&handler).status, 204);
    assert_eq!(client.get_json(&owners).body, r#"{"@total":"0"}"#);
}

#[test]
fn the_opening_greeting_is_recorded() {
    let mock = mock();
    let client = Client::of(&mock);
    let greeting = format!("{HANDLERS}/{OPENING_GREETING}/greetings/Standard");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Greeting>
        <URI>/vmrest/handlers/callhandlers/22231eef-93e5-4a33-9c88-56dd7792c5fe/greetings/Standard</URI>
        <CallHandlerObjectId>22231eef-93e5-4a33-9c88-56dd7792c5fe</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/22231eef-93e5-4a33-9c88-56dd7792c5fe</CallhandlerURI>
        <IgnoreDigits>false</IgnoreDigits>
        <PlayWhat>1</PlayWhat>
        <RepromptDelay>2</RepromptDelay>
        <Reprompts>0</Reprompts>
        <GreetingType>Standard</GreetingType>
        <AfterGreetingAction>4</AfterGreetingAction>
        <PlayRecordMessagePrompt>true</PlayRecordMessagePrompt>
        <EnableTransfer>false</EnableTransfer>
        <EnablePersonalVideoRecording>false</EnablePersonalVideoRecording>
        <PlayRecordVideoMessagePrompt>false</PlayRecordVideoMessagePrompt>
        <GreetingStreamFilesURI>/vmrest/handlers/callhandlers/22231eef-93e5-4a33-9c88-56dd7792c5fe/greetings/Standard/greetingstreamfiles</GreetingStreamFilesURI>
        <Enabled>true</Enabled>
        </Greeting>
    "#]].assert_eq(&client.get(&greeting).to_string());
    let files = format!("{greeting}/greetingstreamfiles");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <GreetingStreamFiles total="1">
        <GreetingStreamFile>
        <URI>/vmrest/handlers/callhandlers/22231eef-93e5-4a33-9c88-56dd7792c5fe/greetings/Standard/greetingstreamfiles/1033</URI>
        <CallHandlerObjectId>22231eef-93e5-4a33-9c88-56dd7792c5fe</CallHandlerObjectId>
        <GreetingType>Standard</GreetingType>
        <LanguageCode>1033</LanguageCode>
        <StreamFile>a3c95f12-6e08-4b7d-9d41-2f80e6b51c79.wav</StreamFile>
        </GreetingStreamFile>
        </GreetingStreamFiles>
    "#]].assert_eq(&client.get(&files).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"URI":"/vmrest/handlers/callhandlers/22231eef-93e5-4a33-9c88-56dd7792c5fe/greetings/Standard/greetingstreamfiles/1033","CallHandlerObjectId":"22231eef-93e5-4a33-9c88-56dd7792c5fe","GreetingType":"Standard","LanguageCode":"1033","StreamFile":"a3c95f12-6e08-4b7d-9d41-2f80e6b51c79.wav"}
    "#]].assert_eq(&client.get_json(&format!("{files}/1033")).to_string());
    for path in [
        format!("{files}/10"),
        format!("{HANDLERS}/aaa/greetings/Standard/greetingstreamfiles/1033"),
        format!("{HANDLERS}/{OPENING_GREETING}/greetings/Invalid/greetingstreamfiles/1033"),
    ] {
        assert_eq!(client.get(&path).status, 404, "{path}");
        let file = "<GreetingStreamFile><StreamFile>a.wav</StreamFile></GreetingStreamFile>";
        assert_eq!(client.put(&path, file).status, 400, "{path}");
    }
}

#[test]
fn a_recording_is_in_an_installed_language() {
    let files = |code: &str| {
        format!(
            "<GreetingStreamFiles><GreetingStreamFile><CallHandlerObjectId>{GOODBYE}</CallHandlerObjectId>\
             <GreetingType>Standard</GreetingType><LanguageCode>{code}</LanguageCode>\
             <StreamFile>goodbye.wav</StreamFile></GreetingStreamFile></GreetingStreamFiles>"
        )
    };
    let greeting = format!(
        "<Greetings><Greeting><CallHandlerObjectId>{GOODBYE}</CallHandlerObjectId>\
         <GreetingType>Standard</GreetingType></Greeting></Greetings>"
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = |code: &str| {
        let fixture = format!(
            "<UnityConnection><VoiceFiles><VoiceFile><Name>goodbye.wav</Name></VoiceFile></VoiceFiles>{greeting}{}</UnityConnection>",
            files(code)
        );
        let path = folder.path().join("goodbye.xml");
        fs::write(&path, fixture).expect("the file is written");
        CucMock::builder().fixtures(&path).try_start()
    };
    let mock = start("1033").expect("a server");
    let client = Client::of(&mock);
    let list = client.get(&format!(
        "{HANDLERS}/{GOODBYE}/greetings/Standard/greetingstreamfiles"
    ));
    assert_eq!(list.elements("StreamFile"), ["goodbye.wav"]);
    let greetings = client.get(&format!("{HANDLERS}/{GOODBYE}/greetings"));
    assert_eq!(
        greetings.elements("GreetingType").len(),
        7,
        "the others are added"
    );
    let error = start("10").expect_err("no such language").to_string();
    assert!(error.contains("InstalledLanguage"), "{error}");
}

#[test]
fn custom_recordings_have_names() {
    let mock = mock();
    let client = Client::of(&mock);
    let recordings = "/vmrest/postgreetingrecordings";
    assert_eq!(client.get_json(recordings).body, r#"{"@total":"0"}"#);
    let recording = client.create(
        recordings,
        "<PostGreetingRecording><DisplayName>Thanks</DisplayName></PostGreetingRecording>",
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PostGreetingRecording>
        <URI>/vmrest/postgreetingrecordings/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <DisplayName>Thanks</DisplayName>
        <PostGreetingRecordingStreamFilesURI>/vmrest/postgreetingrecordings/e8020f0a-e2ef-4776-9851-588c4f49ea0d/postgreetingrecordingstreamfiles</PostGreetingRecordingStreamFilesURI>
        </PostGreetingRecording>
    "#]].assert_eq(&client.get(&recording).to_string());
    let own = id(&recording);
    put(
        client,
        &recording,
        &format!(
            "<PostGreetingRecording><ObjectId>{own}</ObjectId><DisplayName>Bye</DisplayName></PostGreetingRecording>"
        ),
    );
    refuse(
        client,
        &recording,
        "<PostGreetingRecording><DisplayName></DisplayName></PostGreetingRecording>",
        &expect![
            "Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory"
        ],
    );
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"1","PostGreetingRecording":{"URI":"/vmrest/postgreetingrecordings/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","DisplayName":"Bye","PostGreetingRecordingStreamFilesURI":"/vmrest/postgreetingrecordings/e8020f0a-e2ef-4776-9851-588c4f49ea0d/postgreetingrecordingstreamfiles"}}
    "#]].assert_eq(&client.get_json(recordings).to_string());
    let handler = handler(client);
    let plays = |id: &str| {
        format!(
            "<Callhandler><PostGreetingRecordingObjectId>{id}</PostGreetingRecordingObjectId></Callhandler>"
        )
    };
    refuse(
        client,
        &handler,
        &plays(UNKNOWN),
        &expect![
            "Invalid parameter. Parameter = [PostGreetingRecordingObjectId], Value = [0c8f2f5e-1f0a-4a53-9a35-0b5d3f0f9a11]: expected the ObjectId of a PostGreetingRecording"
        ],
    );
    put(client, &handler, &plays(own));
    assert_eq!(
        client
            .get(&handler)
            .element("PostGreetingRecordingObjectId"),
        Some(own)
    );
    assert_eq!(client.delete(&recording).status, 204);
    assert_eq!(
        client
            .get(&handler)
            .element("PostGreetingRecordingObjectId"),
        None
    );
    assert_eq!(client.get(&recording).status, 404);
}

#[test]
fn a_list_without_recordings_is_null_in_json() {
    let mock = mock();
    let client = Client::of(&mock);
    let recording = client.create(
        "/vmrest/postgreetingrecordings",
        "<PostGreetingRecording><DisplayName>Thanks</DisplayName></PostGreetingRecording>",
    );
    for files in [
        format!("{recording}/postgreetingrecordingstreamfiles"),
        "/vmrest/postgreetingrecordings/objectId/postgreetingrecordingstreamfiles".to_owned(),
        format!(
            "/vmrest/handlers/directoryhandlers/{DIRECTORY_HANDLER}/directoryhandlerstreamfiles"
        ),
        "/vmrest/handlers/directoryhandlers/objectid/directoryhandlerstreamfiles".to_owned(),
    ] {
        let list = client.get_json(&files);
        assert_eq!((list.status, &*list.body), (200, "null"), "{files}");
        assert_eq!(client.get(&format!("{files}/9999")).status, 404);
    }
}

#[test]
fn a_condition_of_a_rule_refers_to_the_object_that_its_operand_identifies() {
    let mock = mock();
    let client = Client::of(&mock);
    let rule = client.create(
        "/vmrest/routingrules",
        "<RoutingRule><DisplayName>Night</DisplayName></RoutingRule>",
    );
    let conditions = format!("{rule}/routingruleconditions");
    let condition = |parameter: &str, operator: &str, operand: &str| {
        format!(
            "<RoutingRuleCondition><Parameter>{parameter}</Parameter><Operator>{operator}</Operator>\
             <OperandValue>{operand}</OperandValue></RoutingRuleCondition>"
        )
    };
    let created = client.create(&conditions, condition("5", "2", PHONE_SYSTEM));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <RoutingRuleCondition>
        <URI>/vmrest/routingrules/e8020f0a-e2ef-4776-9851-588c4f49ea0d/routingruleconditions/492f9c38-d9ff-4cce-bcb1-532f9f245b70</URI>
        <ObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</ObjectId>
        <RoutingRuleObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</RoutingRuleObjectId>
        <RoutingRuleURI>/vmrest/routingrules/e8020f0a-e2ef-4776-9851-588c4f49ea0d</RoutingRuleURI>
        <Parameter>5</Parameter>
        <Operator>2</Operator>
        <OperandValue>69be38b7-96de-4996-bc2a-5dd6e5d0625b</OperandValue>
        <MediaSwitchObjectId>69be38b7-96de-4996-bc2a-5dd6e5d0625b</MediaSwitchObjectId>
        <PhoneSystemURI>/vmrest/phonesystems/69be38b7-96de-4996-bc2a-5dd6e5d0625b</PhoneSystemURI>
        </RoutingRuleCondition>
    "#]].assert_eq(&client.get(&created).to_string());
    for (parameter, operator, operand) in [
        ("1", "2", "12?4"),
        ("2", "3", "1234"),
        ("4", "2", "1"),
        ("7", "2", "8"),
    ] {
        let path = client.create(&conditions, condition(parameter, operator, operand));
        assert_eq!(client.get(&path).element("MediaSwitchObjectId"), None);
    }
    let older = client.create(&conditions, condition("9", "2", PHONE_SYSTEM));
    assert_eq!(
        client.get(&older).element("MediaSwitchObjectId"),
        Some(PHONE_SYSTEM)
    );
    let before = state(client);
    let set = client.get("/vmrest/schedulesets");
    let set = set.element("ObjectId").expect("a schedule set");
    for (parameter, operator, operand) in [
        ("0", "2", "value"),
        ("10", "2", "value"),
        ("3", "0", "value"),
        ("5", "2", UNKNOWN),
        ("5", "3", PHONE_SYSTEM),
        ("7", "3", set),
        ("1", "2", ""),
    ] {
        let response = client.post(&conditions, condition(parameter, operator, operand));
        assert_eq!(
            response.status, 400,
            "{parameter} {operator} {operand}: {response}"
        );
    }
    assert!(state(client) == before);
    let system = "<PhoneSystem><DisplayName>Second</DisplayName></PhoneSystem>";
    let system = client.create("/vmrest/phonesystems", system);
    put(client, &created, &condition("5", "2", id(&system)));
    let refused = client.delete(&system);
    expect!["Phone system is referenced by at least one routing rule condition"]
        .assert_eq(refused.element("message").expect("a message"));
    put(client, &created, &condition("1", "2", "1234"));
    assert_eq!(client.get(&created).element("MediaSwitchObjectId"), None);
    assert_eq!(client.delete(&system).status, 204);
    let unknown = "/vmrest/routingrules/objectid/routingruleconditions";
    assert_eq!(client.get_json(unknown).body, r#"{"@total":"0"}"#);
    assert_eq!(
        client.post(unknown, condition("3", "2", "value")).status,
        400
    );
    assert_eq!(client.delete(&rule).status, 204);
    assert_eq!(client.get(&created).status, 404);
}

#[test]
fn the_target_of_a_rule_is_a_handler_of_its_conversation() {
    let mock = mock();
    let client = Client::of(&mock);
    let rules = "/vmrest/routingrules";
    let rule = client.create(
        rules,
        "<RoutingRule><DisplayName>Night</DisplayName></RoutingRule>",
    );
    let target = |conversation: &str, id: &str| {
        format!(
            "<RoutingRule><RouteTargetConversation>{conversation}</RouteTargetConversation>\
             <RouteTargetHandlerObjectId>{id}</RouteTargetHandlerObjectId></RoutingRule>"
        )
    };
    put(client, &rule, &target("PHGreeting", GOODBYE));
    refuse(
        client,
        &rule,
        &target("PHInterview", GOODBYE),
        &expect![
            "Invalid parameter. Parameter = [RouteTargetHandlerObjectId], Value = [22c1970e-6143-41c4-bc11-44a1f3a1e1e5]: expected the ObjectId of an InterviewHandler, as RouteTargetConversation is PHInterview"
        ],
    );
    put(
        client,
        &rule,
        "<RoutingRule><LanguageCode>1033</LanguageCode><CallType>2</CallType><RouteAction>1</RouteAction>\
         <State>1</State><Type>3</Type><Undeletable>0</Undeletable><UseCallLanguage>1</UseCallLanguage></RoutingRule>",
    );
    assert_eq!(client.delete(&rule).status, 204);
}

#[test]
fn a_question_has_a_length_of_at_most_twenty_minutes() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = client.create(
        "/vmrest/handlers/interviewhandlers",
        format!(
            "<InterviewHandler><DisplayName>Survey</DisplayName>\
             <RecipientSubscriberObjectId>{OPERATOR}</RecipientSubscriberObjectId></InterviewHandler>"
        ),
    );
    let questions = format!("{handler}/interviewquestions");
    let list = client.get(&questions);
    assert!(list.body.contains("total=\"20\""), "{list}");
    assert_eq!(list.element("VoiceFile"), None);
    let question = format!("{questions}/19");
    let length = |seconds: &str| {
        format!(
            "<InterviewQuestion><IsActive>1</IsActive><MaxMsgLength>{seconds}</MaxMsgLength><StreamText>testing</StreamText></InterviewQuestion>"
        )
    };
    put(client, &question, &length("11"));
    refuse(
        client,
        &question,
        &length("2222"),
        &expect![
            "Invalid parameter. Parameter = [MaxMsgLength], Value = [2222]: expected a whole number from 1 to 1200"
        ],
    );
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <InterviewQuestion>
        <InterviewHandlerObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</InterviewHandlerObjectId>
        <InterviewHandlerURI>/vmrest/handlers/interviewhandlers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</InterviewHandlerURI>
        <QuestionNumber>19</QuestionNumber>
        <MaxMsgLength>11</MaxMsgLength>
        <StreamText>testing</StreamText>
        <IsActive>true</IsActive>
        </InterviewQuestion>
    "#]].assert_eq(&client.get(&question).to_string());
    assert_eq!(client.get(&format!("{questions}/999")).status, 404);
    assert_eq!(
        client.put(&format!("{questions}/999"), length("11")).status,
        400
    );
}

#[test]
fn a_condition_of_a_rule_refers_to_a_port() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configured");
    let mock = CucMock::builder().seed(1).fixtures(folder).start_blocking();
    let client = Client::of(&mock);
    let ports = client.get("/vmrest/ports");
    let port = ports.element("ObjectId").expect("a port");
    let rule = client.create(
        "/vmrest/routingrules",
        "<RoutingRule><DisplayName>Night</DisplayName></RoutingRule>",
    );
    let condition = client.create(
        &format!("{rule}/routingruleconditions"),
        format!(
            "<RoutingRuleCondition><Parameter>5</Parameter><Operator>2</Operator>\
             <OperandValue>{port}</OperandValue></RoutingRuleCondition>"
        ),
    );
    let shown = client.get(&condition);
    assert_eq!(shown.element("MediaPortObjectId"), Some(port));
    let link = format!("/vmrest/ports/{port}");
    assert_eq!(shown.element("PortURI"), Some(&*link));
    assert_eq!(shown.element("MediaSwitchObjectId"), None);
    let refused = client.delete(&link);
    assert_eq!(refused.status, 400, "{refused}");
    assert_eq!(client.delete(&condition).status, 204);
    assert_eq!(client.delete(&link).status, 204);
}
