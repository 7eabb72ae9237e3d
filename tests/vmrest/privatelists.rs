//! `/vmrest/users/<id>/privatelists`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const OPERATOR: &str = "/vmrest/users/5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384";
const ALL_USERS: &str = "a67c9f45-8b78-41f2-8f5f-4f0171721fed";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn user(client: Client) -> String {
    client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>abcdefghijklmnopqrstuvwxyz0123456789</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    )
}

fn list(name: &str, number: &str) -> String {
    format!("<PrivateList><DisplayName>{name}</DisplayName>{number}</PrivateList>")
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn member(field: &str, id: &str) -> String {
    format!("<PrivateListMember>\n\r<{field}>{id}</{field}>\n\r</PrivateListMember>\n\r")
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

#[test]
fn a_private_list_is_added_renamed_and_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let lists = format!("{}/privatelists", user(client));
    let first = client.create(
        &lists,
        list("Test Private List1", "<NumericId>2</NumericId>"),
    );
    assert!(first.starts_with(&format!("{lists}/")), "{first}");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PrivateList>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf</URI>
        <ObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</ObjectId>
        <DisplayName>Test Private List1</DisplayName>
        <UserObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserObjectId>
        <UserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</UserURI>
        <DtmfName>8378774828354781</DtmfName>
        <Alias>abcdefghijklmnopqrstuvwxyz01_a5931ef0-4434-4016-92ff-7f5b91764ebf</Alias>
        <NumericId>2</NumericId>
        <IsAddressable>true</IsAddressable>
        </PrivateList>
    "#]].assert_eq(&client.get(&first).to_string());
    let renamed = list(
        "New display name",
        "<Alias>x</Alias><IsAddressable>false</IsAddressable>",
    );
    assert_eq!(client.put(&first, renamed).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"1","PrivateList":{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf","ObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","DisplayName":"New display name","UserObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","UserURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","DtmfName":"63934775296263","Alias":"abcdefghijklmnopqrstuvwxyz01_a5931ef0-4434-4016-92ff-7f5b91764ebf","NumericId":"2","IsAddressable":"true"}}
    "#]].assert_eq(&client.get_json(&lists).to_string());
    assert_eq!(client.delete(&first).status, 204);
    assert_eq!(client.get(&first).status, 404);
}

#[test]
fn a_list_has_a_number_from_1_to_99_that_no_other_one_of_the_user_has() {
    let mock = mock();
    let client = Client::of(&mock);
    let lists = format!("{}/privatelists", user(client));
    let number = |path: &str| client.get(path).element("NumericId").map(str::to_owned);
    client.create(&lists, list("One", "<NumericId>1</NumericId>"));
    let second = client.create(&lists, list("Two", ""));
    assert_eq!(number(&second).as_deref(), Some("2"));
    let before = state(client);
    for refused in ["0", "100", "200", "1", "x"] {
        let body = list("Three", &format!("<NumericId>{refused}</NumericId>"));
        let response = client.post(&lists, body);
        assert_eq!(response.status, 400, "{refused} {response}");
    }
    assert_eq!(client.post(&lists, list("", "")).status, 400);
    assert_eq!(
        client
            .put(&second, list("Two", "<NumericId>1</NumericId>"))
            .status,
        400
    );
    assert_eq!(state(client), before);
    let operators = format!("{OPERATOR}/privatelists");
    client.create(&operators, list("One", "<NumericId>1</NumericId>"));
    for number in 3..=99 {
        client.create(&lists, list(&format!("List {number}"), ""));
    }
    assert_eq!(client.post(&lists, list("Full", "")).status, 400);
}

#[test]
fn lists_below_unknown_users_are_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let lists = "/vmrest/users/objectid/privatelists";
    assert_eq!(client.post(lists, list("One", "")).status, 400);
    let empty = client.get(lists);
    assert!(empty.body.contains("total=\"0\""), "{empty}");
    let one = format!("{lists}/Object");
    assert_eq!(client.get(&one).status, 404);
    assert_eq!(client.put(&one, list("One", "")).status, 400);
    assert_eq!(client.delete(&one).status, 404);
    let members = format!("{one}/privatelistmembers");
    let body = member("MemberSubscriberObjectId", id(OPERATOR));
    assert_eq!(client.post(&members, body).status, 400);
    assert!(client.get(&format!("{OPERATOR}/privatelists/blah")).status >= 400);
}

#[test]
fn users_lists_private_lists_and_contacts_are_members() {
    let mock = mock();
    let client = Client::of(&mock);
    let owner = user(client);
    let lists = format!("{owner}/privatelists");
    let own = client.create(&lists, list("Own", ""));
    let other = client.create(&lists, list("Other", ""));
    let contact = client.create(
        "/vmrest/contacts?templateAlias=systemcontacttemplate",
        "<Contact><Alias>ann</Alias></Contact>",
    );
    let members = format!("{own}/privatelistmembers");
    let mut added = Vec::new();
    for (field, id) in [
        ("MemberSubscriberObjectId", id(&owner)),
        ("MemberDistributionListObjectId", ALL_USERS),
        ("MemberPersonalVoiceMailListObjectId", id(&other)),
        ("MemberContactObjectId", id(&contact)),
    ] {
        added.push(client.create(&members, member(field, id)));
    }
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <PrivateListMembers total="4">
        <PrivateListMember>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf/privatelistmembers/68fb1ea7-2631-4220-9580-d22e0786d73f</URI>
        <PersonalVoiceMailListObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</PersonalVoiceMailListObjectId>
        <PrivateListURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf</PrivateListURI>
        <MemberSubscriberObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</MemberSubscriberObjectId>
        <MemberUserURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d</MemberUserURI>
        <ObjectId>68fb1ea7-2631-4220-9580-d22e0786d73f</ObjectId>
        <Alias>abcdefghijklmnopqrstuvwxyz0123456789</Alias>
        <DisplayName>abcdefghijklmnopqrstuvwxyz0123456789</DisplayName>
        <Extension>1001</Extension>
        </PrivateListMember>
        <PrivateListMember>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf/privatelistmembers/3fa34033-eade-4606-b8dd-bb6c23df439f</URI>
        <PersonalVoiceMailListObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</PersonalVoiceMailListObjectId>
        <PrivateListURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf</PrivateListURI>
        <MemberDistributionListObjectId>a67c9f45-8b78-41f2-8f5f-4f0171721fed</MemberDistributionListObjectId>
        <MemberDistributionListURI>/vmrest/distributionlists/a67c9f45-8b78-41f2-8f5f-4f0171721fed</MemberDistributionListURI>
        <ObjectId>3fa34033-eade-4606-b8dd-bb6c23df439f</ObjectId>
        <Alias>allvoicemailusers</Alias>
        <DisplayName>All Voice Mail Users</DisplayName>
        <Extension>99991</Extension>
        </PrivateListMember>
        <PrivateListMember>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf/privatelistmembers/fd1e2fdc-810d-4408-a487-c4696eca4e54</URI>
        <PersonalVoiceMailListObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</PersonalVoiceMailListObjectId>
        <PrivateListURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf</PrivateListURI>
        <MemberPersonalVoiceMailListObjectId>aca62d1e-b0dc-4f16-9d51-c7fb811385fc</MemberPersonalVoiceMailListObjectId>
        <MemberPrivateListURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/aca62d1e-b0dc-4f16-9d51-c7fb811385fc</MemberPrivateListURI>
        <ObjectId>fd1e2fdc-810d-4408-a487-c4696eca4e54</ObjectId>
        <Alias>abcdefghijklmnopqrstuvwxyz01_aca62d1e-b0dc-4f16-9d51-c7fb811385fc</Alias>
        <DisplayName>Other</DisplayName>
        </PrivateListMember>
        <PrivateListMember>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf/privatelistmembers/990a2368-5c30-4099-a94a-65389201a60d</URI>
        <PersonalVoiceMailListObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</PersonalVoiceMailListObjectId>
        <PrivateListURI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf</PrivateListURI>
        <ObjectId>990a2368-5c30-4099-a94a-65389201a60d</ObjectId>
        <MemberContactObjectId>92305f92-f6d3-43e1-81c8-0405d403e6c6</MemberContactObjectId>
        <MemberContactURI>/vmrest/contacts/92305f92-f6d3-43e1-81c8-0405d403e6c6</MemberContactURI>
        <Alias>ann</Alias>
        <DisplayName>ann</DisplayName>
        </PrivateListMember>
        </PrivateListMembers>
    "#]].assert_eq(&client.get(&members).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf/privatelistmembers/68fb1ea7-2631-4220-9580-d22e0786d73f","PersonalVoiceMailListObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","PrivateListURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/privatelists/a5931ef0-4434-4016-92ff-7f5b91764ebf","MemberSubscriberObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","MemberUserURI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"68fb1ea7-2631-4220-9580-d22e0786d73f","Alias":"abcdefghijklmnopqrstuvwxyz0123456789","DisplayName":"abcdefghijklmnopqrstuvwxyz0123456789","Extension":"1001"}
    "#]].assert_eq(&client.get_json(&added[0]).to_string());
    let before = state(client);
    for body in [
        member("MemberSubscriberObjectId", ALL_USERS),
        member("MemberDistributionListObjectId", id(&owner)),
        member("MemberPersonalVoiceMailListObjectId", ALL_USERS),
        member("MemberContactObjectId", "bogus"),
        member("Alias", "jane"),
    ] {
        assert_eq!(client.post(&members, &body).status, 400, "{body}");
    }
    assert_eq!(state(client), before);
    // Members have the current names, and are deleted with their objects.
    assert_eq!(client.put(&other, list("Renamed", "")).status, 204);
    let change = "<User><DisplayName>Jane</DisplayName><DtmfAccessId>1002</DtmfAccessId></User>";
    assert_eq!(client.put(&owner, change).status, 204);
    let change = "<Contact><DisplayName>Ann</DisplayName></Contact>";
    assert_eq!(client.put(&contact, change).status, 204);
    let list = client.get(&members);
    assert_eq!(
        list.elements("DisplayName"),
        ["Jane", "All Voice Mail Users", "Renamed", "Ann"]
    );
    assert_eq!(list.elements("Extension"), ["1002", "99991"]);
    assert_eq!(client.delete(&other).status, 204);
    assert_eq!(client.delete(&contact).status, 204);
    assert_eq!(client.delete(&added[0]).status, 204);
    let list = client.get(&members);
    assert_eq!(list.elements("DisplayName"), ["All Voice Mail Users"]);
    assert_eq!(client.delete(&owner).status, 204);
    assert_eq!(client.get(&own).status, 404);
    let gone = client.get(&members);
    assert!(gone.body.contains("total=\"0\""), "{gone}");
}
