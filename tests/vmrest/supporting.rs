//! Rules of the resources behind tenants and users that tables cannot express.

use cuc_mock::CucMock;

use crate::support::Client;

const USER: &str = "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";

fn mock() -> CucMock {
    CucMock::builder().seed(1).start_blocking()
}

fn user(client: Client) -> String {
    client.create("/vmrest/users?templateAlias=voicemailusertemplate", USER)
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

#[test]
fn an_empty_time_of_the_last_attack_unlocks_a_credential() {
    let mock = mock();
    let client = Client::of(&mock);
    let password = format!("{}/credential/password", user(client));
    let locked = "<Credential><Locked>true</Locked><HackCount>3</HackCount></Credential>";
    assert_eq!(client.put(&password, locked).status, 204);
    assert_eq!(client.get(&password).element("Locked"), Some("true"));
    let unlock = "<Credential><HackCount>0</HackCount><TimeHacked></TimeHacked></Credential>";
    assert_eq!(client.put(&password, unlock).status, 204);
    let unlocked = client.get(&password);
    assert_eq!(unlocked.element("Locked"), Some("false"));
    assert_eq!(unlocked.element("HackCount"), Some("0"));
    // The same request works again.
    assert_eq!(client.put(&password, locked).status, 204);
    assert_eq!(client.put(&password, unlock).status, 204);
    assert_eq!(client.get(&password).element("Locked"), Some("false"));
}

#[test]
fn a_pin_and_a_password_have_the_rules_of_their_kinds() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = user(client);
    for (kind, name) in [
        ("pin", "Recommended Voice Mail Authentication Rule"),
        (
            "password",
            "Recommended Web Application Authentication Rule",
        ),
    ] {
        let credential = client.get(&format!("{user}/credential/{kind}"));
        let rule = credential.element("CredentialPolicyObjectId");
        let rule = client.get(&format!(
            "/vmrest/authenticationrules/{}",
            rule.expect("a rule")
        ));
        assert_eq!(rule.element("DisplayName"), Some(name), "{kind}");
    }
}

#[test]
fn a_schedule_set_has_one_included_schedule_and_excludes_holidays() {
    let mock = mock();
    let client = Client::of(&mock);
    let set = client.create(
        "/vmrest/schedulesets",
        "<ScheduleSet><DisplayName>Night</DisplayName></ScheduleSet>",
    );
    let members = format!("{set}/schedulesetmembers");
    let schedule = |name: &str, is_holiday: bool| {
        client.create(
            "/vmrest/schedules",
            format!(
                "<Schedule><DisplayName>{name}</DisplayName><IsHoliday>{is_holiday}</IsHoliday></Schedule>"
            ),
        )
    };
    let [day, other, holiday] = [("Day", false), ("Other", false), ("Holiday", true)]
        .map(|(name, is_holiday)| schedule(name, is_holiday));
    let member = |schedule: &str, is_excluded: bool| {
        let schedule = id(schedule);
        let response = client.post(
            &members,
            format!(
                "<ScheduleSetMember><ScheduleObjectId>{schedule}</ScheduleObjectId>\
                 <Exclude>{is_excluded}</Exclude></ScheduleSetMember>"
            ),
        );
        response.status
    };
    assert_eq!(
        member(&holiday, false),
        400,
        "an included schedule of holidays"
    );
    assert_eq!(
        member(&day, true),
        400,
        "an excluded schedule of working days"
    );
    assert_eq!(member(&day, false), 201);
    assert_eq!(member(&other, false), 400, "a second included schedule");
    assert_eq!(member(&holiday, true), 201);
    let list = client.get(&members);
    assert!(list.body.contains("total=\"2\""), "{list}");
}

#[test]
fn messages_have_a_recipient_and_lists_have_members() {
    let mock = mock();
    let client = Client::of(&mock);
    let list = client.get("/vmrest/distributionlists");
    let list = list.element("ObjectId").expect("an id");
    let recipient =
        format!("<RecipientDistributionListObjectId>{list}</RecipientDistributionListObjectId>");
    for (path, element) in [
        ("/vmrest/callhandlertemplates", "CallhandlerTemplate"),
        ("/vmrest/handlers/interviewhandlers", "InterviewHandler"),
    ] {
        let phone_system = client.get("/vmrest/phonesystems");
        let phone_system = phone_system.element("ObjectId").expect("an id");
        let object = |more: &str| {
            let system = format!("<MediaSwitchObjectId>{phone_system}</MediaSwitchObjectId>");
            format!("<{element}><DisplayName>New</DisplayName>{system}{more}</{element}>")
        };
        let refused = client.post(path, object(""));
        assert_eq!(refused.status, 400, "{path}: {refused}");
        client.create(path, object(&recipient));
    }
    let members = format!("/vmrest/distributionlists/{list}/distributionlistmembers");
    let before = client.get(&members).body;
    let refused = client.post(&members, "<DistributionListMember/>");
    assert_eq!(refused.status, 400, "{refused}");
    assert_eq!(client.get(&members).body, before);
}

#[test]
fn a_device_is_not_notified_after_a_failure_of_its_own() {
    let mock = mock();
    let client = Client::of(&mock);
    let devices = format!("{}/notificationdevices/phonedevices", user(client));
    let list = client.get(&devices);
    let [first, second] = [0, 1].map(|place| list.elements("ObjectId")[place].to_owned());
    let next = |id: &str| {
        format!("<PhoneDevice><FailDeviceObjectId>{id}</FailDeviceObjectId></PhoneDevice>")
    };
    let device = format!("{devices}/{first}");
    assert_eq!(client.put(&device, next(&first)).status, 400);
    assert_eq!(client.get(&device).element("FailDeviceObjectId"), None);
    assert_eq!(client.put(&device, next(&second)).status, 204);
}

#[test]
fn a_class_of_service_has_the_restriction_tables_of_the_system() {
    let mock = mock();
    let client = Client::of(&mock);
    let cos = client.create("/vmrest/coses", "<Cos><DisplayName>New</DisplayName></Cos>");
    let cos = client.get(&cos);
    for (field, name) in [
        ("FaxRestrictionObjectId", "Default Fax"),
        ("OutcallRestrictionObjectId", "Default Outdial"),
        ("XferRestrictionObjectId", "Default Transfer"),
    ] {
        let table = cos.element(field).expect("a table");
        let table = client.get(&format!("/vmrest/restrictiontables/{table}"));
        assert_eq!(table.element("DisplayName"), Some(name), "{field}");
    }
}

#[test]
fn a_routing_rule_shows_the_name_and_the_type_of_its_handler() {
    let mock = mock();
    let client = Client::of(&mock);
    let rule = client.create(
        "/vmrest/routingrules",
        "<RoutingRule><DisplayName>New</DisplayName></RoutingRule>",
    );
    let shown = client.get(&rule);
    assert_eq!(shown.element("RouteTargetHandlerObjectType"), Some("6"));
    let name = shown.element("RouteTargetHandlerDisplayName");
    assert_eq!(name, Some("System Directory Handler"));
    let goodbye = client.get("/vmrest/handlers/callhandlers?query=(DisplayName%20is%20Goodbye)");
    let goodbye = goodbye.element("ObjectId").expect("an id");
    let update = format!(
        "<RoutingRule><RouteTargetConversation>PHGreeting</RouteTargetConversation>\
         <RouteTargetHandlerObjectId>{goodbye}</RouteTargetHandlerObjectId></RoutingRule>"
    );
    assert_eq!(client.put(&rule, update).status, 204);
    let shown = client.get(&rule);
    assert_eq!(shown.element("RouteTargetHandlerObjectType"), Some("3"));
    assert_eq!(
        shown.element("RouteTargetHandlerDisplayName"),
        Some("Goodbye")
    );
}

#[test]
fn users_of_the_store_do_not_sign_in_to_spaces_of_their_own() {
    let server = CucMock::builder().sign_in_from_store().auto_spaces();
    let error = server.try_start().expect_err("both at once");
    let error = error.to_string();
    assert!(error.contains("exclude each other"), "{error}");
}
