//! The objects of a tenant: their creation, their deletion, and what keeps a tenant.

use std::thread;

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, Response};

const TENANTS: &str = "/vmrest/tenants";
const POST: &str = "<Tenant><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain></Tenant>";
const PARTITIONED: [&str; 7] = [
    "users",
    "usertemplates",
    "callhandlertemplates",
    "handlers/callhandlers",
    "handlers/directoryhandlers",
    "handlers/interviewhandlers",
    "distributionlists",
];

fn mock() -> CucMock {
    CucMock::builder().seed(1).start_blocking()
}

/// Returns the value of an element of an object.
#[track_caller]
fn value(client: Client, path: &str, element: &str) -> String {
    let response = client.get(path);
    let value = response.element(element);
    value
        .unwrap_or_else(|| panic!("no {element}: {response}"))
        .to_owned()
}

/// Returns the list of the objects whose field has a value.
#[track_caller]
fn query(client: Client, path: &str, field: &str, value: &str) -> Response {
    client.get(&format!("/vmrest/{path}?query=({field}%20is%20{value})"))
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

fn user(client: Client, template: &str, alias: &str, extension: &str) -> String {
    client.create(
        &format!("/vmrest/users?templateAlias={template}"),
        format!("<User><Alias>{alias}</Alias><DtmfAccessId>{extension}</DtmfAccessId></User>"),
    )
}

#[test]
fn a_new_tenant_owns_objects_with_names_of_its_alias() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let id = tenant.rsplit('/').next().expect("an id");
    let mut found = String::new();
    for (path, element) in [
        ("partitions", "Name"),
        ("searchspaces", "Name"),
        ("phonesystems", "DisplayName"),
        ("coses", "DisplayName"),
        ("schedulesets", "DisplayName"),
        ("schedules", "DisplayName"),
        ("usertemplates", "Alias"),
        ("users", "Alias"),
        ("distributionlists", "Alias"),
        ("callhandlertemplates", "DisplayName"),
        ("handlers/callhandlers", "DisplayName"),
        ("handlers/directoryhandlers", "DisplayName"),
        ("handlers/interviewhandlers", "DisplayName"),
        ("routingrules", "DisplayName"),
    ] {
        let list = query(client, path, "TenantObjectId", id);
        found.push_str(&format!("{path}: {}\n", list.elements(element).join(", ")));
    }
    expect![[r#"
        partitions: x_Partition_1
        searchspaces: x_SearchSpace_1
        phonesystems: x_PhoneSystem_1
        coses: x_COS_1
        schedulesets: x_Weekdays_1
        schedules: x_Weekdays_1, x_Holiday_1
        usertemplates: x_UserTemplate_1
        users: x_Operator_1
        distributionlists: x_AllVoicemailUsers_1
        callhandlertemplates: x_SystemCallhandlerTemplate_1
        handlers/callhandlers: x_Operator_1, x_GoodbyeCH_1, x_OpeningGreetingCH_1, x_OperatorCH_1
        handlers/directoryhandlers: x_DirectoryHandler_1
        handlers/interviewhandlers: x_Interviewer_1
        routingrules: x_FRAttemptForward_1, x_DRAttemptSignIn_1, x_RROpeningGreeting_1
    "#]]
    .assert_eq(&found);
}

#[test]
fn the_objects_of_a_tenant_are_found_by_its_partition_and_through_its_lists() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let partition = value(client, &tenant, "PartitionObjectId");
    for path in PARTITIONED {
        let total = match path {
            "handlers/callhandlers" => "total=\"4\"",
            _ => "total=\"1\"",
        };
        let list = query(client, path, "PartitionObjectId", &partition);
        assert!(list.body.contains(total), "{path}: {list}");
    }
    let clauses = format!("(PartitionObjectId%20is%20{partition}%20%26%20IsPrimary%20is%200)");
    let handlers = client.get(&format!("/vmrest/handlers/callhandlers?query={clauses}"));
    assert!(handlers.body.contains("total=\"3\""), "{handlers}");
    for (list, link) in [
        ("coses", "CosURI"),
        ("partitions", "PartitionURI"),
        ("phonesystems", "PhoneSystemURI"),
        ("schedulesets", "ScheduleSetURI"),
    ] {
        let response = client.get(&format!("{tenant}/{list}?pageNumber=1&rowsPerPage=20"));
        let links = response.elements(link);
        assert_eq!(links.len(), 1, "{response}");
        assert_eq!(client.get(links[0]).status, 200, "{}", links[0]);
    }
    assert_eq!(
        value(client, &tenant, "MediaSwitchObjectId"),
        value(client, &tenant, "PhoneSystemObjectId"),
    );
}

#[test]
fn the_lists_of_a_tenant_have_the_links_of_the_guide() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <TenantCoses total="1">
        <TenantCos>
        <CosURI>/vmrest/coses/929e1570-2c74-48be-bcc4-d88e3636fb85</CosURI>
        </TenantCos>
        </TenantCoses>
    "#]]
    .assert_eq(&client.get(&format!("{tenant}/coses")).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","TenantScheduleSet":{"ScheduleSetURI":"/vmrest/schedulesets/674905c3-0efe-419e-a0bc-b03411730731"}}
    "#]].assert_eq(
        &client
            .get_json(&format!("{tenant}/schedulesets"))
            .to_string(),
    );
}

#[test]
fn a_deleted_tenant_leaves_the_state_as_it_was() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    let tenant = client.create(TENANTS, POST);
    let cos = client.create("/vmrest/coses", "<Cos><DisplayName>c</DisplayName></Cos>");
    let id = cos.rsplit('/').next().expect("an id");
    client.create(
        &format!("{tenant}/coses"),
        format!("<TenantCos><CosObjectId>{id}</CosObjectId></TenantCos>"),
    );
    let user = user(client, "x_UserTemplate_1", "jane", "1001");
    assert_eq!(value(client, &user, "SmtpAddress"), "jane@x.org");
    assert_ne!(state(client), before);
    assert_eq!(client.delete(&tenant).status, 204);
    for path in [&tenant, &cos, &user] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    assert_eq!(state(client), before);
}

#[test]
fn tenants_that_many_clients_create_and_delete_at_once_leave_nothing() {
    const CLIENTS: usize = 8;
    const ROUNDS: usize = 5;
    let mock = mock();
    let client = Client::of(&mock);
    let before = state(client);
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let name = format!("t{number}x{round}");
                    let tenant = format!(
                        "<Tenant><Alias>{name}</Alias><SmtpDomain>{name}.org</SmtpDomain></Tenant>"
                    );
                    let tenant = client.create(TENANTS, tenant);
                    assert_eq!(client.delete(&tenant).status, 204);
                }
            });
        }
    });
    assert_eq!(state(client), before);
}

#[test]
fn a_create_that_fails_at_its_last_object_leaves_nothing() {
    let mock = mock();
    let client = Client::of(&mock);
    // The name of the distribution list is taken, and that of the last object that has a unique one.
    client.create(
        "/vmrest/distributionlists",
        "<DistributionList><Alias>x_AllVoicemailUsers_1</Alias></DistributionList>",
    );
    let before = state(client);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [Alias], Value = [x_AllVoicemailUsers_1]: expected a value that no other DistributionList has</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&client.post(TENANTS, POST).to_string());
    assert_eq!(state(client), before);
}

#[test]
fn a_user_belongs_to_the_tenant_of_its_partition() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let id = tenant.rsplit('/').next().expect("an id");
    let user = user(client, "voicemailusertemplate", "jane", "1001");
    assert_eq!(client.get(&user).element("TenantObjectId"), None);
    let partition = value(client, &tenant, "PartitionObjectId");
    let move_to = |partition: &str| {
        format!("<User><PartitionObjectId>{partition}</PartitionObjectId></User>")
    };
    assert_eq!(client.put(&user, move_to(&partition)).status, 204);
    assert_eq!(value(client, &user, "TenantObjectId"), id);
    let mine = query(client, "users", "TenantObjectId", id);
    assert_eq!(mine.elements("Alias"), ["x_Operator_1", "jane"]);
    assert_eq!(client.delete(&tenant).status, 204);
    assert_eq!(client.get(&user).status, 404);
}

#[test]
fn a_tenant_stays_while_users_outside_its_partition_use_its_objects() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let cos = client.get(&format!("{tenant}/coses"));
    let cos = cos
        .element("CosURI")
        .and_then(|path| path.rsplit('/').next());
    let cos = cos.expect("an id");
    let user = user(client, "voicemailusertemplate", "jane", "1001");
    let using = format!("<User><CosObjectId>{cos}</CosObjectId></User>");
    assert_eq!(client.put(&user, using).status, 204);
    let before = state(client);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>COS is referenced by at least one user or user template</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.delete(&tenant).to_string());
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&user).status, 204);
    let template = client.create(
        "/vmrest/usertemplates?templateAlias=voicemailusertemplate",
        format!(
            "<UserTemplate><Alias>t</Alias><DisplayName>T</DisplayName><CosObjectId>{cos}</CosObjectId></UserTemplate>"
        ),
    );
    let refused = client.delete(&tenant);
    assert_eq!(refused.status, 400, "{refused}");
    assert_eq!(client.delete(&template).status, 204);
    assert_eq!(client.delete(&tenant).status, 204);
}

#[test]
fn a_tenant_is_not_created_while_there_are_users_outside_tenants() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = user(client, "voicemailusertemplate", "jane", "1001");
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [Non-Tenant users exists on Unity Connection.Cannot proceed with Tenant creation.], Value = [tbl_user]</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&client.post(TENANTS, POST).to_string());
    assert_eq!(client.delete(&user).status, 204);
    client.create(TENANTS, POST);
}

#[test]
fn a_tenant_with_a_pilot_number_shares_a_phone_system() {
    let mock = mock();
    let client = Client::of(&mock);
    let shared = client.create(
        "/vmrest/phonesystems",
        "<PhoneSystem><DisplayName>Shared</DisplayName></PhoneSystem>",
    );
    let id = shared.rsplit('/').next().expect("an id");
    let tenant = client.create(
        TENANTS,
        format!(
            "<Tenant><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain><PilotNumber>5000</PilotNumber>\
             <MediaSwitchObjectId>{id}</MediaSwitchObjectId></Tenant>"
        ),
    );
    let links = client.get(&format!("{tenant}/phonesystems"));
    assert_eq!(links.elements("PhoneSystemURI"), [&shared]);
    let own = query(client, "phonesystems", "DisplayName", "x_PhoneSystem_1");
    assert!(own.body.contains("total=\"0\""), "{own}");
    let refused = client.delete(&shared);
    assert_eq!(refused.status, 400, "{refused}");
    assert_eq!(client.delete(&tenant).status, 204);
    assert_eq!(client.get(&shared).status, 200);
}

#[test]
fn associated_classes_of_service_and_schedule_sets_are_those_of_the_tenant() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let id = tenant.rsplit('/').next().expect("an id").to_owned();
    let set = client.create(
        "/vmrest/schedulesets",
        "<ScheduleSet><DisplayName>Night</DisplayName></ScheduleSet>",
    );
    let key = set.rsplit('/').next().expect("an id");
    let sets = format!("{tenant}/schedulesets");
    let association = format!(
        "<TenantScheduleSet><ScheduleSetObjectId>{key}</ScheduleSetObjectId></TenantScheduleSet>"
    );
    let path = client.create(&sets, &association);
    assert_eq!(path, format!("{sets}/{key}"));
    assert_eq!(value(client, &set, "TenantObjectId"), id);
    let again = client.post(&sets, &association);
    assert_eq!(again.status, 400, "{again}");
    // Without the association, it is no longer that of the tenant.
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&set).element("TenantObjectId"), None);
    client.create(&sets, &association);
    assert_eq!(client.delete(&tenant).status, 204);
    assert_eq!(client.get(&set).status, 404);
}

#[test]
fn an_association_needs_an_existing_object() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(TENANTS, POST);
    let missing = "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11";
    let mut found = String::new();
    for id in ["", "invalid id", missing] {
        let cos = format!("<TenantCos><CosObjectId>{id}</CosObjectId></TenantCos>");
        let set = format!(
            "<TenantScheduleSet><ScheduleSetObjectId>{id}</ScheduleSetObjectId></TenantScheduleSet>"
        );
        for (list, body) in [("coses", cos), ("schedulesets", set)] {
            let response = client.post(&format!("{tenant}/{list}"), body);
            let message = response.element("message").unwrap_or_default();
            found.push_str(&format!("{} {message}\n", response.status));
        }
    }
    let none = client.post(&format!("{tenant}/coses"), "<TenantCos/>");
    found.push_str(none.element("message").unwrap_or_default());
    expect![[r#"
        400 Invalid parameter. Parameter = [CosObjectId], Value = []: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        400 Invalid parameter. Parameter = [ScheduleSetObjectId], Value = []: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        400 Invalid parameter. Parameter = [CosObjectId], Value = [invalid id]: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        400 Invalid parameter. Parameter = [ScheduleSetObjectId], Value = [invalid id]: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        400 Invalid parameter. Parameter = [CosObjectId], Value = [9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11]: expected the ObjectId of a Cos
        400 Invalid parameter. Parameter = [ScheduleSetObjectId], Value = [9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11]: expected the ObjectId of a ScheduleSet
        Invalid parameter. Parameter = [CosObjectId], Value = []: expected a value, it is mandatory"#]].assert_eq(&found);
}

#[test]
fn the_rules_of_a_new_tenant_are_the_first_ones_and_leave_no_gap() {
    let mock = mock();
    let client = Client::of(&mock);
    let rules = |client: Client| {
        let list = client.get("/vmrest/routingrules?sort=(RuleIndex%20asc)");
        let names = list.elements("DisplayName").into_iter();
        let rules = names.zip(list.elements("RuleIndex"));
        let rules = rules.map(|(name, index)| format!("{index} {name}"));
        rules.collect::<Vec<_>>().join("\n")
    };
    let before = rules(client);
    let tenant = client.create(TENANTS, POST);
    let of_tenant = rules(client);
    assert!(
        of_tenant.starts_with(
            "0 x_FRAttemptForward_1\n1 x_DRAttemptSignIn_1\n2 x_RROpeningGreeting_1\n3 Attempt"
        ),
        "{of_tenant}"
    );
    let list = client.get("/vmrest/routingrules");
    let id = list.elements("ObjectId")[1].to_owned();
    assert_eq!(
        client.delete(&format!("/vmrest/routingrules/{id}")).status,
        204
    );
    assert!(
        rules(client).starts_with("0 x_FRAttemptForward_1\n1 x_RROpeningGreeting_1\n2 Attempt"),
        "{}",
        rules(client)
    );
    assert_eq!(client.delete(&tenant).status, 204);
    assert_eq!(rules(client), before);
}

#[test]
fn a_tenant_of_a_fixture_gets_its_objects_unless_it_names_a_partition() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tenants.xml");
    let tenant = |id: &str, alias: &str, more: &str| {
        format!(
            "<Tenant><ObjectId>{id}</ObjectId><Alias>{alias}</Alias><SmtpDomain>{alias}.org</SmtpDomain>{more}</Tenant>"
        )
    };
    let one = "11111111-1111-4111-8111-111111111111";
    let other = "22222222-2222-4222-8222-222222222222";
    let own = "33333333-3333-4333-8333-333333333333";
    let named = format!("<PartitionObjectId>{own}</PartitionObjectId>");
    let tenants = [tenant(one, "one", ""), tenant(other, "other", &named)].concat();
    let fixture = format!(
        "<UnityConnection><Tenants>{tenants}</Tenants><Partitions><Partition>\
         <ObjectId>a44c1ce3-036f-451c-8a5f-922491848396</ObjectId><Name>Default</Name></Partition>\
         <Partition><ObjectId>{own}</ObjectId><Name>Own</Name></Partition></Partitions>\
         <Users><User><ObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</ObjectId>\
         <Alias>operator</Alias><DtmfAccessId>99990</DtmfAccessId></User>\
         <User><ObjectId>44444444-4444-4444-8444-444444444444</ObjectId><Alias>jane</Alias>\
         <DtmfAccessId>1001</DtmfAccessId>{named}</User></Users></UnityConnection>"
    );
    std::fs::write(&path, fixture).expect("a file");
    let start = || CucMock::builder().fixtures(&path).start_blocking();
    let mock = start();
    let client = Client::of(&mock);
    let users = query(client, "users", "TenantObjectId", one);
    assert_eq!(users.elements("Alias"), ["one_Operator_1"]);
    let users = query(client, "users", "TenantObjectId", other);
    assert_eq!(users.elements("Alias"), ["jane"]);
    assert_eq!(users.status, 200);
    let jane = "/vmrest/users/44444444-4444-4444-8444-444444444444";
    assert_eq!(value(client, jane, "SmtpAddress"), "jane@other.org");
    let links = client.get(&format!("{TENANTS}/{other}/partitions"));
    let path_of_own = format!("/vmrest/partitions/{own}");
    assert_eq!(links.elements("PartitionURI"), [&path_of_own]);
    assert_eq!(client.delete(&format!("{TENANTS}/{other}")).status, 204);
    for path in [jane, &path_of_own] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    // The ids are those of every load.
    let again = start();
    let id = |client: Client| value(client, &format!("{TENANTS}/{one}"), "PartitionObjectId");
    assert_eq!(id(client), id(Client::of(&again)));
}

#[test]
fn the_objects_of_the_system_are_the_first_ones_in_each_list() {
    let mock = mock();
    let client = Client::of(&mock);
    for (path, element, first) in [
        ("partitions", "Description", "Default Partition"),
        ("searchspaces", "Description", "Default Search Space"),
        ("phonesystems", "DisplayName", "PhoneSystem"),
        ("coses", "DisplayName", "Voice Mail User COS"),
        ("schedulesets", "DisplayName", "Weekdays"),
        ("schedules", "DisplayName", "Weekdays"),
        ("usertemplates", "Alias", "voicemailusertemplate"),
        ("users", "Alias", "operator"),
        ("distributionlists", "Alias", "undeliverablemessages"),
        (
            "callhandlertemplates",
            "DisplayName",
            "System Call Handler Template",
        ),
        ("handlers/callhandlers", "DisplayName", "Opening Greeting"),
        (
            "handlers/directoryhandlers",
            "DisplayName",
            "System Directory Handler",
        ),
        ("routingrules", "DisplayName", "Attempt Forward"),
    ] {
        let list = client.get(&format!("/vmrest/{path}"));
        assert_eq!(list.element(element), Some(first), "{path}");
    }
}

#[test]
fn objects_of_the_system_refer_to_the_first_ones_that_replace_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("partitions.xml");
    let own = "33333333-3333-4333-8333-333333333333";
    let partition = format!("<Partition><ObjectId>{own}</ObjectId><Name>Own</Name></Partition>");
    std::fs::write(&path, format!("<Partitions>{partition}</Partitions>")).expect("a file");
    let mock = CucMock::builder().fixtures(&path).start_blocking();
    let client = Client::of(&mock);
    let location = client.get("/vmrest/locations/connectionlocations");
    assert_eq!(location.element("DefaultPartitionObjectId"), Some(own));
    let users = client.get("/vmrest/users");
    let all = ["operator", "undeliverablemessagesmailbox"];
    assert_eq!(users.elements("Alias"), all);
    assert_eq!(users.elements("PartitionObjectId"), [own, own]);
    let jane = user(client, "voicemailusertemplate", "jane", "1001");
    assert_eq!(value(client, &jane, "PartitionObjectId"), own);
    let before = state(client);
    let loaded = client.control("PUT", "/__mock/state", &before);
    assert_eq!(loaded.status, 204, "{loaded}");
    assert_eq!(state(client), before);
}

#[test]
fn a_fixture_of_accounts_finds_their_users_and_services() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("accounts.xml");
    let account = |service: &str| {
        format!(
            "<UnityConnection><ExternalServices><ExternalService>\
             <ObjectId>55555555-5555-4555-8555-555555555555</ObjectId><DisplayName>Mail</DisplayName>\
             <ServerType>1</ServerType><Server>10.0.0.7</Server><ServiceAlias>admin</ServiceAlias>\
             <ServicePassword>secret</ServicePassword>\
             <TransferExtensionDialString>1</TransferExtensionDialString></ExternalService>\
             </ExternalServices><ExternalServiceAccounts><ExternalServiceAccount>\
             <ObjectId>66666666-6666-4666-8666-666666666666</ObjectId>\
             <ExternalServiceObjectId>{service}</ExternalServiceObjectId>\
             <SubscriberObjectId>5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384</SubscriberObjectId>\
             </ExternalServiceAccount></ExternalServiceAccounts></UnityConnection>"
        )
    };
    let service = "55555555-5555-4555-8555-555555555555";
    std::fs::write(&path, account(service)).expect("a file");
    let mock = CucMock::builder().fixtures(&path).start_blocking();
    let client = Client::of(&mock);
    let accounts = "/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384/externalserviceaccounts";
    let accounts = client.get(accounts);
    assert_eq!(accounts.elements("ExternalServiceObjectId"), [service]);
    std::fs::write(&path, account("77777777-7777-4777-8777-777777777777")).expect("a file");
    let refused = CucMock::builder().fixtures(&path).try_start();
    let error = refused.expect_err("an unknown service").to_string();
    assert!(
        error.contains("expected the ObjectId of a ExternalService"),
        "{error}"
    );
}
