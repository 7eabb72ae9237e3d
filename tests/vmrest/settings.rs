//! System-wide settings: configuration values, languages, message aging, licenses.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

fn mock(release: Release) -> CucMock {
    CucMock::builder().release(release).seed(1).start_blocking()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Asserts that a request was rejected with this status and code.
#[track_caller]
fn assert_rejected(response: &Response, status: u16, code: &str) {
    assert_eq!(response.status, status, "{response}");
    assert_eq!(response.element("code"), Some(code), "{response}");
}

const ATTACHMENTS: &str =
    "/vmrest/configurationvalues/System.API.CumiAccessSecureMessageAttachments";
const SESSIONS: &str =
    "/vmrest/configurationvalues/System.Conversations.UserMaxConcurrentSessionsTUI";

fn value(value: &str) -> String {
    format!("<ConfigurationValue><Value>{value}</Value></ConfigurationValue>")
}

#[test]
fn a_configuration_value_is_read_by_its_full_name() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ConfigurationValue>
        <Type>11</Type>
        <FullName>System.Messaging.RelaySecureMessage</FullName>
        <Value>0</Value>
        <UserSetting>true</UserSetting>
        <RequiresRestart>false</RequiresRestart>
        </ConfigurationValue>
    "#]]
    .assert_eq(
        &client
            .get("/vmrest/configurationvalues/System.Messaging.RelaySecureMessage")
            .to_string(),
    );
    let list = "/vmrest/configurationvalues";
    expect![[r#"{"@total":"2","ConfigurationValue":[{"Type":"11","FullName":"System.API.CumiAccessSecureMessageAttachments","Value":"0","UserSetting":"true","MinVal":"0","MaxVal":"0","RequiresRestart":"false"},{"Type":"11","FullName":"System.API.CumiAllowSecureMessageHeaders","Value":"1","UserSetting":"true","MinVal":"0","MaxVal":"0","RequiresRestart":"false"}]}"#]]
    .assert_eq(
        &client
            .get_json(&format!(
                "{list}?query=(fullname%20startswith%20System.API.Cumi)"
            ))
            .body,
    );
    assert_eq!(client.get(&format!("{list}/blah")).status, 404);
    assert_eq!(client.get(&format!("{list}?query=(bogus)")).status, 400);
    assert_eq!(client.post(list, value("1")).status, 405);
    assert_eq!(client.delete(ATTACHMENTS).status, 405);
}

#[test]
fn an_update_sets_only_the_value_and_notes_the_change() {
    let mock = CucMock::builder()
        .frozen_clock("2013-01-21T07:21:53Z")
        .start_blocking();
    let client = Client::of(&mock);
    let update = "<ConfigurationValue><Type>3</Type><FullName>Other</FullName><Value>true</Value>\
                  <MaxVal>7</MaxVal></ConfigurationValue>";
    assert_eq!(client.put(ATTACHMENTS, update).status, 204);
    expect![[r#"{"Type":"11","LastModifiedTime":"2013-01-21T07:21:53Z","LastModifiedByComponent":"VMREST","FullName":"System.API.CumiAccessSecureMessageAttachments","Value":"1","UserSetting":"true","MinVal":"0","MaxVal":"0","RequiresRestart":"false"}"#]]
        .assert_eq(&client.get_json(ATTACHMENTS).body);
    let before = client.get(ATTACHMENTS).body;
    for refused in ["2", "", "yes"] {
        let response = client.put(ATTACHMENTS, value(refused));
        assert_rejected(&response, 400, "DATA_EXCEPTION");
    }
    assert_eq!(client.get(ATTACHMENTS).body, before);
}

#[test]
fn most_configuration_values_are_read_only() {
    let relay = "/vmrest/configurationvalues/System.Messaging.RelaySecureMessage";
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let before = client.get(relay).body;
    expect![[r#"
        403 Forbidden
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>FORBIDDEN</code>
        <message>The configuration value is read-only</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.put(relay, value("1")).to_string());
    assert_eq!(client.get(relay).body, before);
    assert_rejected(&client.put(SESSIONS, value("3")), 403, "FORBIDDEN");
}

#[test]
fn two_more_configuration_values_are_writable_since_11_5_within_their_limits() {
    let mock = mock(Release::V11_5);
    let client = Client::of(&mock);
    assert_eq!(client.put(SESSIONS, value("3")).status, 204);
    for refused in ["-1", "100", "many", ""] {
        let response = client.put(SESSIONS, value(refused));
        assert_rejected(&response, 400, "DATA_EXCEPTION");
        let message = response.element("message").unwrap_or_default();
        assert!(
            message.ends_with("expected a whole number from 0 to 99"),
            "{message}"
        );
    }
    assert_eq!(client.get(SESSIONS).element("Value"), Some("3"));
}

#[test]
fn a_language_is_found_by_its_code_and_by_its_abbreviation() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let [by_code, by_abbreviation] = ["1041", "jpn"].map(|key| {
        let path = format!("/vmrest/languagemap/{key}");
        client.get_json(&path).body
    });
    assert_eq!(by_code, by_abbreviation);
    expect![[r#"{"LanguageCode":"1041","LanguageAbbreviation":"JPN","LanguageTag":"ja-JP"}"#]]
        .assert_eq(&by_code);
    for unknown in ["1", "XYZ", "ja-JP"] {
        let response = client.get(&format!("/vmrest/languagemap/{unknown}"));
        assert_rejected(&response, 404, "NOT_FOUND");
    }
    let page = client.get("/vmrest/languagemap?rowsPerPage=2&pageNumber=3");
    assert_eq!(page.elements("LanguageAbbreviation"), ["CSY", "DAN"]);
    let all = client.get("/vmrest/languagemap");
    let total = format!("total=\"{}\"", all.elements("LanguageTag").len());
    assert!(page.body.contains(&total), "{page}");
}

#[test]
fn the_default_languages_are_those_of_the_location_and_installed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("languages.xml");
    let languages =
        [("0", "1033"), ("3", "1033"), ("0", "1041"), ("3", "1041")].map(|(kind, code)| {
            format!(
                "<InstalledLanguage><Key>{kind}-{code}</Key><LanguageType>{kind}</LanguageType>\
             <LanguageCode>{code}</LanguageCode></InstalledLanguage>"
            )
        });
    let list = format!(
        "<InstalledLanguages>{}</InstalledLanguages>",
        languages.concat()
    );
    std::fs::write(&file, list).expect("a file");
    let mock = CucMock::builder().fixtures(&file).start_blocking();
    let client = Client::of(&mock);
    let local = "/vmrest/locations/locallocation";
    assert_eq!(
        client.get_json(local).body,
        r#"{"DefaultLanguage":"1033","DefaultTTSLanguage":"1033"}"#
    );
    let languages = |code: &str| {
        format!(
            "<LocalLocation><DefaultLanguage>{code}</DefaultLanguage>\
             <DefaultTTSLanguage>{code}</DefaultTTSLanguage></LocalLocation>"
        )
    };
    assert_rejected(&client.put(local, languages("1036")), 400, "DATA_EXCEPTION");
    assert_eq!(client.get(local).element("DefaultLanguage"), Some("1033"));
    assert_eq!(client.put(local, languages("1041")).status, 204);
    for path in [local, "/vmrest/locations/connectionlocations"] {
        let shown = client.get(path);
        assert_eq!(shown.element("DefaultLanguage"), Some("1041"), "{shown}");
        assert_eq!(shown.element("DefaultTTSLanguage"), Some("1041"), "{shown}");
    }
}

#[test]
fn a_message_aging_policy_has_five_rules() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let policies = "/vmrest/messageagingpolicies";
    let policy = "<MessageAgingPolicy><DisplayName>Night</DisplayName></MessageAgingPolicy>";
    let policy = client.create(policies, policy);
    let rules = format!("{policy}/messageagingrules");
    let list = client.get(&rules);
    assert_eq!(
        list.elements("Enabled"),
        ["false", "false", "true", "false", "false"]
    );
    let [disabled, enabled] =
        [0, 2].map(|place| format!("{rules}/{}", list.elements("ObjectId")[place]));
    let rule = |content: &str| format!("<MessageAgingRule>{content}</MessageAgingRule>");
    assert_eq!(client.put(&enabled, rule("<Days>25</Days>")).status, 204);
    for refused in [
        "<Days>0</Days>",
        "<Days>366</Days>",
        "<NotificationDays>26</NotificationDays>",
    ] {
        assert_rejected(&client.put(&enabled, rule(refused)), 400, "DATA_EXCEPTION");
    }
    let refused = client.put(&disabled, rule("<Days>25</Days>"));
    assert_rejected(&refused, 400, "DATA_EXCEPTION");
    assert_eq!(client.get(&disabled).element("Days"), Some("30"));
    let both = rule("<Enabled>true</Enabled><Days>25</Days>");
    assert_eq!(client.put(&disabled, both).status, 204);
    let shown = client.get_json(&enabled).body.replace(id(&enabled), "RULE");
    expect![[r#"{"URI":"/vmrest/messageagingpolicies/POLICY/messageagingrules/RULE","MessageAgingPolicyObjectId":"POLICY","MessageAgingPolicyURI":"/vmrest/messageagingpolicies/POLICY","ObjectId":"RULE","Days":"25","Enabled":"true","Secure":"false","SendNotification":"false","NotificationDays":"3","RuleDescription":"Permanently Delete Messages in the Deleted Items"}"#]]
        .assert_eq(&shown.replace(id(&policy), "POLICY"));
    assert_eq!(client.delete(&policy).status, 204);
    assert_eq!(client.get_json(&rules).body, r#"{"@total":"0"}"#);
    let system = client.get(policies);
    for policy in system.elements("ObjectId") {
        let rules = client.get(&format!("{policies}/{policy}/messageagingrules"));
        assert!(rules.body.contains("total=\"5\""), "{rules}");
    }
}

#[test]
fn own_texts_of_notifications_replace_the_default_ones() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    for (path, element) in [
        ("mailboxquotatexts", "MailboxQuotaText"),
        ("messageagingtexts", "MessageAgingText"),
    ] {
        let list = client.get(&format!("/vmrest/{path}"));
        let text = format!(
            "/vmrest/{path}/{}",
            list.element("ObjectId").expect("an id")
        );
        let update = |content: &str| client.put(&text, format!("<{element}>{content}</{element}>"));
        let own = "<UseDefault>false</UseDefault>";
        assert_rejected(&update(own), 400, "DATA_EXCEPTION");
        assert_eq!(client.get(&text).element("UseDefault"), Some("true"));
        let texts = "<Subject>Full</Subject><Body>Delete some</Body>";
        assert_eq!(update(&format!("{own}{texts}")).status, 204, "{path}");
        assert_eq!(client.get(&text).element("Subject"), Some("Full"), "{path}");
        assert_eq!(client.delete(&text).status, 405, "{path}");
    }
}

#[test]
fn there_is_one_message_expiration() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let list = client.get("/vmrest/messageexpirations");
    let id = list.element("ObjectId").expect("an id");
    let path = format!("/vmrest/messageexpirations/{id}");
    let days = |days: &str| {
        format!(
            "<MessageExpiration><Enabled>true</Enabled><MaximumAgeDays>{days}</MaximumAgeDays>\
             </MessageExpiration>"
        )
    };
    assert_rejected(&client.put(&path, days("1000")), 400, "DATA_EXCEPTION");
    assert_eq!(client.get(&path).element("Enabled"), Some("false"));
    assert_eq!(client.put(&path, days("23")).status, 204);
    let json = client.get_json("/vmrest/messageexpirations").body;
    expect![[r#"{"@total":"1","MessageExpiration":{"URI":"/vmrest/messageexpirations/ID","ObjectId":"ID","Enabled":"true","MaximumAgeDays":"23","MaxVideoMsgAgeDays":"30"}}"#]]
        .assert_eq(&json.replace(id, "ID"));
}

#[test]
fn there_is_at_most_one_phone_number_transform() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let transforms = "/vmrest/ldapphonenumbertransforms";
    let transform = "<LdapPhoneNumberTransform><Regex>.*([0-9][0-9])</Regex>\
                     <Replacement>9$1</Replacement></LdapPhoneNumberTransform>";
    let missing = "<LdapPhoneNumberTransform><Regex>.*</Regex></LdapPhoneNumberTransform>";
    assert_rejected(&client.post(transforms, missing), 400, "DATA_EXCEPTION");
    let first = client.create(transforms, transform);
    let before = client.get(transforms).body;
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because an LDAP phone number transform already exists. (This version of Cisco Unity Connection supports up to one LDAP phone number transform only.)</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.post(transforms, transform).to_string());
    assert_eq!(client.get(transforms).body, before);
    let update =
        "<LdapPhoneNumberTransform><Replacement>8$1</Replacement></LdapPhoneNumberTransform>";
    assert_eq!(client.put(&first, update).status, 204);
    assert_eq!(client.get(&first).element("Replacement"), Some("8$1"));
    assert_eq!(client.delete(&first).status, 204);
    client.create(transforms, transform);
}

#[test]
fn the_mailboxes_of_a_store_are_counted() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let stores = "/vmrest/mailboxstores";
    let first = client.get(stores);
    let first = first.element("ObjectId").expect("an id");
    let mailboxes = format!("{stores}/{first}/mailboxes");
    let users = client.get("/vmrest/users").elements("Alias").len();
    assert_eq!(
        client.get_json(&mailboxes).body,
        format!(r#"{{"@total":"{users}"}}"#)
    );
    let body = client.get(&mailboxes).body;
    assert!(
        body.ends_with(&format!("<Mailboxes total=\"{users}\"/>")),
        "{body}"
    );
    let store =
        |name: &str| format!("<MailboxStore><DisplayName>{name}</DisplayName></MailboxStore>");
    let second = client.create(stores, store("2"));
    let empty = client.get_json(&format!("{second}/mailboxes")).body;
    assert_eq!(empty, r#"{"@total":"0"}"#);
    for name in ["3", "4", "5"] {
        client.create(stores, store(name));
    }
    assert_rejected(&client.post(stores, store("6")), 400, "DATA_EXCEPTION");
    let list = client.get(stores);
    assert!(list.body.contains("total=\"5\""), "{list}");
    assert_eq!(client.delete(&second).status, 204);
}

#[test]
fn each_user_has_a_license() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let count = || {
        let count = client.get("/vmrest/licensestatuscounts/LicSubscribersMax");
        count.element("Count").map(str::to_owned)
    };
    assert_eq!(count().as_deref(), Some("0"));
    let user = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
    let user = client.create("/vmrest/users?templateAlias=voicemailusertemplate", user);
    assert_eq!(count().as_deref(), Some("1"));
    let licenses = "/vmrest/userlicenses";
    let found = client.get_json(&format!("{licenses}?query=(Alias%20is%20jane)"));
    assert_eq!(
        found.body,
        r#"{"@total":"1","UserLicense":{"Alias":"jane","Messaging":"Basic"}}"#
    );
    let page = client.get(&format!("{licenses}?rowsPerPage=1&pageNumber=1"));
    assert_eq!(page.elements("Alias").len(), 1);
    assert_eq!(client.get(&format!("{licenses}?query=(bogus)")).status, 400);
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(count().as_deref(), Some("0"));
    let total = client.get_json("/vmrest/licensestatuscounts?rowsPerPage=0");
    assert_eq!(total.body, r#"{"@total":"6"}"#);
    let unknown = client.get("/vmrest/licensestatuscounts/LicBogus");
    assert_rejected(&unknown, 404, "NOT_FOUND");
}

#[test]
fn the_licenses_of_a_tenant_have_its_domain() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let tenant = "<Tenant><Alias>Texoma</Alias><SmtpDomain>texoma.test</SmtpDomain>\
                  <Description>Texoma</Description><PilotNumber>5551</PilotNumber></Tenant>";
    let tenant = client.create("/vmrest/tenants", tenant);
    let licenses = format!("{tenant}/userlicenses?query=(DtmfAccessId%20is%2099990)");
    let license = client.get(&licenses);
    let alias = license.element("Alias");
    assert_eq!(alias, Some("Texoma_Operator_1@texoma.test"), "{license}");
    assert_eq!(license.element("Messaging"), Some("Basic"));
    assert_eq!(license.element("TenantId"), None);
    let unknown = "/vmrest/tenants/4ce278eb-033e-460e-a4f7-5a0cf57b3b2d/userlicenses";
    assert_eq!(client.get_json(unknown).body, r#"{"@total":"0"}"#);
}

#[test]
fn the_sender_of_notifications_is_a_user() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let sender = "/vmrest/setDefaultSenderName";
    let name = |name: &str| format!("<User><DisplayName>{name}</DisplayName></User>");
    let before = client.get(sender);
    assert!(before.body.contains("<User>"), "{before}");
    let expected = "Cisco Unity Connection Messaging System";
    assert_eq!(before.element("DisplayName"), Some(expected));
    assert_rejected(&client.put(sender, name("")), 400, "DATA_EXCEPTION");
    assert_eq!(client.get(sender).body, before.body);
    assert_eq!(client.put(sender, name("NewUser")).status, 204);
    assert_eq!(client.get(sender).element("DisplayName"), Some("NewUser"));
}

#[test]
fn the_ciphers_have_numbers_since_11_5() {
    let path = "/vmrest/generalconfigurations";
    let earlier = mock(Release::V10_5);
    assert_eq!(Client::of(&earlier).get(path).status, 404);
    let mock = mock(Release::V11_5);
    let client = Client::of(&mock);
    let id = client
        .get(path)
        .element("ObjectId")
        .expect("an id")
        .to_owned();
    let path = format!("{path}/{id}");
    let wrapped =
        r#"{"GeneralConfiguration":{"TlsCiphers":"1","SrtpCiphers":"1","HttpsCiphers":"1"}}"#;
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: application/json\r\n");
    let updated = client.request("PUT", &path, &headers, wrapped.as_bytes());
    assert_eq!(updated.status, 204, "{updated}");
    let refused = "<GeneralConfiguration><HttpsCiphers>2</HttpsCiphers></GeneralConfiguration>";
    assert_rejected(&client.put(&path, refused), 400, "DATA_EXCEPTION");
    let shown = client.get(&path);
    assert_eq!(shown.element("TlsCiphers"), Some("1"));
    assert_eq!(shown.element("HttpsCiphers"), Some("1"));
}

#[test]
fn the_keys_of_an_authorization_server_are_synchronized() {
    let mock = CucMock::builder()
        .release(Release::V11_5)
        .frozen_clock("2017-05-12T07:00:53Z")
        .start_blocking();
    let client = Client::of(&mock);
    let servers = "/vmrest/authz/server";
    let server = "<AuthzServer><DisplayName>One</DisplayName><ServerUsername>admin</ServerUsername>\
                  <ServerPassword>secret</ServerPassword>\
                  <ServerNodeAddress>192.0.2.1</ServerNodeAddress></AuthzServer>";
    let server = client.create(servers, server);
    let sync = format!("/vmrest/authz/sync/{}", id(&server));
    assert_eq!(client.get(&server).element("LastSyncStatus"), None);
    assert_eq!(client.put(&sync, "").status, 204);
    let json = client.get_json(&server).body.replace(id(&server), "ID");
    expect![[r#"{"ObjectId":"ID","DisplayName":"One","IgnoreCertificateError":"false","ServerUsername":"admin","ServerPassword":"","ServerNodeAddress":"192.0.2.1","Port":"8443","LastSyncStatus":"Passed - May 12,2017 07:00:53 AM GMT"}"#]]
        .assert_eq(&json);
    assert_eq!(client.delete(&server).status, 204);
    assert_eq!(client.put(&sync, "").status, 400);
}

#[test]
fn an_update_of_the_transport_settings_gets_200() {
    let mock = mock(Release::V12_5);
    let client = Client::of(&mock);
    let settings = "/vmrest/smartlicense/transportsettings";
    let before = client.get(settings).body;
    let refused = "<TransportSetting><transportMode>3</transportMode></TransportSetting>";
    assert_rejected(&client.put(settings, refused), 400, "DATA_EXCEPTION");
    assert_eq!(client.get(settings).body, before);
    let update = "<TransportSetting><transportMode>2</transportMode><isProxyAuthReq>1</isProxyAuthReq>\
                  <httpProxyUser>James</httpProxyUser><httpProxyPasswd>secret</httpProxyPasswd>\
                  </TransportSetting>";
    let updated = client.put(settings, update);
    assert_eq!(updated.status, 200, "{updated}");
    expect![[r#"{"transportMode":"2","transportUrl":"https://tools.cisco.com/its/service/oddce/services/DDCEService","httpHost":"","httpPort":"0","isPrivacyEnabled":"false","isProxyAuthReq":"true","httpProxyUser":"James"}"#]]
        .assert_eq(&client.get_json(settings).body);
}

#[test]
fn subject_lines_and_their_parameters_can_be_changed() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let formats = client.get("/vmrest/subjectlineformats?query=(MessageType%20is%202)");
    assert_eq!(formats.elements("SubjectType"), ["5", "6", "7"]);
    let parameters = formats
        .element("CustomSubjectParameterURI")
        .expect("a list");
    let parameters = client.get(parameters);
    assert_eq!(parameters.elements("ParameterType"), ["1", "3", "9"]);
    let format = formats.element("URI").expect("a path");
    let update = "<SubjectLineFormat><Subject>News</Subject></SubjectLineFormat>";
    assert_eq!(client.put(format, update).status, 204);
    let shown = client.get(format);
    assert_eq!(shown.element("Subject"), Some("News"));
    assert_eq!(
        shown.element("FactoryDefaultSubject"),
        Some("Message notification")
    );
    let parameter = parameters.element("URI").expect("a path");
    let update = "<SubjectLineParameter><Parameter>Nobody</Parameter></SubjectLineParameter>";
    assert_eq!(client.put(parameter, update).status, 204);
    assert_eq!(client.get(parameter).element("Parameter"), Some("Nobody"));
}

#[test]
fn a_new_authentication_rule_has_the_defaults_of_the_guide() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let rules = "/vmrest/authenticationrules";
    let rule = |content: &str| {
        format!("<AuthenticationRule><DisplayName>New</DisplayName>{content}</AuthenticationRule>")
    };
    for refused in [
        "<MinLength>65</MinLength>",
        "<HackResetTime>0</HackResetTime>",
        "<MaxHacks>101</MaxHacks>",
    ] {
        assert_rejected(&client.post(rules, rule(refused)), 400, "DATA_EXCEPTION");
    }
    let created = client.create(rules, rule(""));
    let created = client.get(&created);
    for (name, value) in [
        ("MaxDays", "180"),
        ("MaxHacks", "3"),
        ("MinLength", "8"),
        ("PrevCredCount", "12"),
    ] {
        assert_eq!(created.element(name), Some(value), "{name}");
    }
    let system = client.get(rules);
    assert_eq!(system.elements("PrevCredCount"), ["5", "5", "12"]);
    assert_eq!(system.elements("MinDuration"), ["1440", "1440", "0"]);
}

#[test]
fn wave_formats_can_be_read() {
    let mock = mock(Release::V10_5);
    let client = Client::of(&mock);
    let list = client.get("/vmrest/waveformats?query=(FormatName%20is%20G.729a)");
    let format = client.get_json(list.element("URI").expect("a path")).body;
    expect![[r#"{"URI":"/vmrest/waveformats/ID","ObjectId":"ID","AvgBytesPerSec":"1000","BitsPerSample":"0","BlockAlign":"10","Channels":"1","FormatName":"G.729a","FormatTag":"307","SamplesPerSec":"8000","JavaEncoding":"G.729a","CodecId":"3"}"#]]
        .assert_eq(&format.replace(list.element("ObjectId").expect("an id"), "ID"));
}
