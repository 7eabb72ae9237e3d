//! `/vmrest/subscriberdependencies`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const DEPENDENCIES: &str = "/vmrest/subscriberdependencies";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

/// Creates a user and returns its path.
fn user(client: Client, alias: &str, extension: &str) -> String {
    client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        format!("<User><Alias>{alias}</Alias><DtmfAccessId>{extension}</DtmfAccessId></User>"),
    )
}

/// Creates a call handler and returns its path.
fn handler(client: Client, name: &str) -> String {
    let templates = client.get("/vmrest/callhandlertemplates");
    let template = templates.element("ObjectId").expect("a template");
    client.create(
        &format!("/vmrest/handlers/callhandlers?templateObjectId={template}"),
        format!("<Callhandler><DisplayName>{name}</DisplayName></Callhandler>"),
    )
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn change(client: Client, path: &str, body: &str) {
    let changed = client.put(path, body);
    assert_eq!(changed.status, 204, "{path}: {changed}");
}

#[test]
fn the_objects_that_refer_to_a_user_are_listed() {
    let mock = mock();
    let client = Client::of(&mock);
    let jane = user(client, "jane", "1001");
    let of_jane = format!("{DEPENDENCIES}/{}", id(&jane));
    // Her own handler refers to her, too.
    expect![[r#"<SubscriberDependencies total="0"/>"#]].assert_eq(
        client
            .get(&of_jane)
            .body
            .split("?>")
            .last()
            .expect("a body"),
    );
    let primary = client.get(&jane);
    let primary = primary.element("CallHandlerObjectId").expect("a handler");
    let night = handler(client, "Night");
    change(
        client,
        &night,
        &format!(
            "<Callhandler><RecipientSubscriberObjectId>{}</RecipientSubscriberObjectId></Callhandler>",
            id(&jane)
        ),
    );
    change(
        client,
        &format!("{night}/menuentries/2"),
        &format!(
            "<MenuEntry><Action>2</Action><TargetConversation>PHTransfer</TargetConversation>\
             <TargetHandlerObjectId>{primary}</TargetHandlerObjectId></MenuEntry>"
        ),
    );
    change(
        client,
        &format!("{night}/greetings/Off%20Hours"),
        &format!(
            "<Greeting><AfterGreetingAction>2</AfterGreetingAction>\
             <AfterGreetingTargetConversation>PHGreeting</AfterGreetingTargetConversation>\
             <AfterGreetingTargetHandlerObjectId>{primary}</AfterGreetingTargetHandlerObjectId></Greeting>"
        ),
    );
    let john = user(client, "john", "1002");
    change(
        client,
        &john,
        &format!(
            "<User><ExitAction>2</ExitAction><ExitTargetConversation>PHGreeting</ExitTargetConversation>\
             <ExitTargetHandlerObjectId>{primary}</ExitTargetHandlerObjectId></User>"
        ),
    );
    let list = client.get(&of_jane);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <SubscriberDependencies total="4">
        <SubscriberDependency>
        <DependencyType>Recipient</DependencyType>
        <DependentEntityObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</DependentEntityObjectId>
        <DependentEntityObjectType>3</DependentEntityObjectType>
        <DependentEntityOwner>Night</DependentEntityOwner>
        <DependencyDestinationType>5</DependencyDestinationType>
        <SubscriberObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</SubscriberObjectId>
        <UserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserURI>
        <DependentEntityOwnerType>Call Handler</DependentEntityOwnerType>
        </SubscriberDependency>
        <SubscriberDependency>
        <DependencyType>Closed Greeting</DependencyType>
        <DependentEntityObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</DependentEntityObjectId>
        <DependentEntityObjectType>3</DependentEntityObjectType>
        <DependentEntityOwner>Night</DependentEntityOwner>
        <DependencyDestinationType>0</DependencyDestinationType>
        <SubscriberObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</SubscriberObjectId>
        <UserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserURI>
        <DependentEntityOwnerType>Call Handler</DependentEntityOwnerType>
        </SubscriberDependency>
        <SubscriberDependency>
        <DependencyType>TT2</DependencyType>
        <DependentEntityObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</DependentEntityObjectId>
        <DependentEntityObjectType>3</DependentEntityObjectType>
        <DependentEntityOwner>Night</DependentEntityOwner>
        <DependencyDestinationType>2</DependencyDestinationType>
        <SubscriberObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</SubscriberObjectId>
        <UserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserURI>
        <DependentEntityOwnerType>Call Handler</DependentEntityOwnerType>
        </SubscriberDependency>
        <SubscriberDependency>
        <DependencyType>Exit Action</DependencyType>
        <DependentEntityObjectId>d32e91ce-0369-4d8b-9490-45e06aa91880</DependentEntityObjectId>
        <DependentEntityObjectType>1</DependentEntityObjectType>
        <DependentEntityOwner>john</DependentEntityOwner>
        <DependencyDestinationType>3</DependencyDestinationType>
        <SubscriberObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</SubscriberObjectId>
        <UserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserURI>
        <DependentEntityOwnerType>User</DependentEntityOwnerType>
        </SubscriberDependency>
        </SubscriberDependencies>
    "#]]
    .assert_eq(&list.to_string());
    let json = client.get_json(&format!("{of_jane}?query=(DependencyType%20is%20TT2)"));
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"1","SubscriberDependency":{"DependencyType":"TT2","DependentEntityObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","DependentEntityObjectType":"3","DependentEntityOwner":"Night","DependencyDestinationType":"2","SubscriberObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","UserURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","DependentEntityOwnerType":"Call Handler"}}
    "#]].assert_eq(&json.to_string());
    assert_eq!(client.delete(&john).status, 204);
    let fewer = client.get(&of_jane);
    assert!(fewer.body.contains("total=\"3\""), "{fewer}");
    let all = client.get(DEPENDENCIES);
    assert!(all.elements("SubscriberObjectId").len() > 3, "{all}");
}

#[test]
fn an_unknown_user_has_an_empty_list_and_nothing_can_be_changed() {
    let mock = mock();
    let client = Client::of(&mock);
    let unknown = format!("{DEPENDENCIES}/00000000-0000-4000-8000-000000000000");
    let list = client.get(&unknown);
    assert_eq!(list.status, 200);
    assert!(list.body.contains("total=\"0\""), "{list}");
    let refused = [
        client.post(DEPENDENCIES, "<SubscriberDependency/>"),
        client.put(&unknown, "<SubscriberDependency/>"),
        client.delete(&unknown),
    ];
    assert_eq!(refused.map(|response| response.status), [405; 3]);
}

#[test]
fn a_state_lacks_the_lists_that_are_computed() {
    let mock = mock();
    let client = Client::of(&mock);
    let state = client.control("GET", "/__mock/state", "").body;
    for list in [
        "SubscriberDependencies",
        "Policies",
        "NotificationDevices",
        "UserLicenses",
    ] {
        assert!(!state.contains(&format!("<{list} total=")), "{list}");
    }
    let before = client.get(DEPENDENCIES).body;
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(client.get(DEPENDENCIES).body, before);
    assert_eq!(client.control("GET", "/__mock/state", "").body, state);
}
