//! `/vmrest/globalusers`, `/vmrest/smtpproxyaddresses` and `/vmrest/alternatenames`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const GLOBAL_USERS: &str = "/vmrest/globalusers";
const ADDRESSES: &str = "/vmrest/smtpproxyaddresses";
const NAMES: &str = "/vmrest/alternatenames";
const ALL_USERS: &str = "a67c9f45-8b78-41f2-8f5f-4f0171721fed";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn jane(client: Client) -> String {
    client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId><FirstName>Jane</FirstName>\
         <LastName>Doe</LastName></User>",
    )
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

#[track_caller]
fn count(client: Client, path: &str, expected: usize) {
    let list = client.get(path);
    let total = format!("total=\"{expected}\"");
    assert!(list.body.contains(&total), "{list}");
}

#[test]
fn each_user_is_a_global_user() {
    let mock = mock();
    let client = Client::of(&mock);
    let users = client.get("/vmrest/users").elements("Alias").len();
    count(client, GLOBAL_USERS, users);
    let user = jane(client);
    let global = format!("{GLOBAL_USERS}/{}", id(&user));
    let change = "<User><City>Rome</City><DtmfAccessId>1002</DtmfAccessId></User>";
    assert_eq!(client.put(&user, change).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <GlobalUser>
        <URI>/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <FirstName>Jane</FirstName>
        <LastName>Doe</LastName>
        <Alias>jane</Alias>
        <City>Rome</City>
        <DisplayName>Jane Doe</DisplayName>
        <IsTemplate>false</IsTemplate>
        <DtmfNameFirstLast>5263363</DtmfNameFirstLast>
        <DtmfNameLastFirst>3635263</DtmfNameLastFirst>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <ListInDirectory>true</ListInDirectory>
        <DtmfAccessId>1002</DtmfAccessId>
        <PartitionObjectId>a44c1ce3-036f-451c-8a5f-922491848396</PartitionObjectId>
        </GlobalUser>
    "#]]
    .assert_eq(&client.get(&global).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","GlobalUser":{"URI":"/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","FirstName":"Jane","LastName":"Doe","Alias":"jane","City":"Rome","DisplayName":"Jane Doe","IsTemplate":"false","DtmfNameFirstLast":"5263363","DtmfNameLastFirst":"3635263","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ListInDirectory":"true","DtmfAccessId":"1002","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396"}}
    "#]].assert_eq(
        &client
            .get_json(&format!("{GLOBAL_USERS}?query=(Alias%20is%20jane)"))
            .to_string(),
    );
    count(
        client,
        &format!("{GLOBAL_USERS}?query=(ObjectId%20is%20Bogus)"),
        0,
    );
    count(
        client,
        &format!("{GLOBAL_USERS}?query=(Alias%20is%20bogus)"),
        0,
    );
    let bogus = client.get(&format!("{GLOBAL_USERS}?query=(bogus)&sort=(bogus)"));
    assert_eq!(bogus.status, 400, "{bogus}");
    assert_eq!(client.get(&format!("{GLOBAL_USERS}/bogus")).status, 404);
    let before = state(client);
    assert_eq!(client.delete(&global).status, 405);
    assert_eq!(client.put(&global, "<GlobalUser/>").status, 405);
    assert_eq!(client.post(GLOBAL_USERS, "<GlobalUser/>").status, 405);
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(client.get(&global).status, 404);
}

#[test]
fn a_user_has_smtp_proxy_addresses() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = jane(client);
    let address = |address: &str, field: &str, id: &str| {
        format!(
            "<SmtpProxyAddress><SmtpAddress>{address}</SmtpAddress><{field}>{id}</{field}></SmtpProxyAddress>"
        )
    };
    let own = "ObjectGlobalUserObjectId";
    let added = client.create(ADDRESSES, address("jd@example.com", own, id(&user)));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <SmtpProxyAddress>
        <URI>/vmrest/smtpproxyaddresses/a5931ef0-4434-4016-92ff-7f5b91764ebf</URI>
        <ObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</ObjectId>
        <SmtpAddress>jd@example.com</SmtpAddress>
        <ObjectGlobalUserObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectGlobalUserObjectId>
        <ObjectGlobalUserURI>/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectGlobalUserURI>
        </SmtpProxyAddress>
    "#]].assert_eq(&client.get(&added).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"1","SmtpProxyAddress":{"URI":"/vmrest/smtpproxyaddresses/a5931ef0-4434-4016-92ff-7f5b91764ebf","ObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","SmtpAddress":"jd@example.com","ObjectGlobalUserObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectGlobalUserURI":"/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d"}}
    "#]].assert_eq(&client.get_json(ADDRESSES).to_string());
    for column in [own, "GlobalUserObjectId"] {
        count(
            client,
            &format!("{ADDRESSES}?query=({column}%20is%20{})", id(&user)),
            1,
        );
    }
    let shown = client.get(&user);
    count(
        client,
        shown.element("SmtpProxyAddressesURI").expect("a link"),
        1,
    );
    let changed =
        "<SmtpProxyAddress><SmtpAddress>jane.doe@example.com</SmtpAddress></SmtpProxyAddress>";
    assert_eq!(client.put(&added, changed).status, 204);
    assert_eq!(
        client.get(&added).element("SmtpAddress"),
        Some("jane.doe@example.com")
    );
    let before = state(client);
    for refused in [
        address("jane.doe@example.com", own, id(&user)),
        address("a@example.com", own, ALL_USERS),
        address("", own, id(&user)),
        address("a@example.com", "Owner", id(&user)),
        address("a@example.com", "ObjectDistributionListObjectId", id(&user)),
    ] {
        assert_eq!(client.post(ADDRESSES, &refused).status, 400, "{refused}");
    }
    assert_eq!(state(client), before);
    client.create(
        ADDRESSES,
        address(
            "all@example.com",
            "ObjectDistributionListObjectId",
            ALL_USERS,
        ),
    );
    assert_eq!(client.delete(&user).status, 204);
    count(client, ADDRESSES, 1);
}

#[test]
fn users_contacts_and_lists_have_alternate_names() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = jane(client);
    let private = client.create(
        &format!("{user}/privatelists"),
        "<PrivateList><DisplayName>Friends</DisplayName></PrivateList>",
    );
    let contact = client.create(
        "/vmrest/contacts?templateAlias=systemcontacttemplate",
        "<Contact><Alias>ann</Alias></Contact>",
    );
    let name = |last: &str, field: &str, id: &str| {
        format!(
            "<AlternateName><FirstName>Janet</FirstName>{last}<{field}>{id}</{field}></AlternateName>"
        )
    };
    let last = "<LastName>Smith</LastName>";
    let added = client.create(NAMES, name(last, "GlobalUserObjectId", id(&user)));
    client.create(NAMES, name(last, "ContactObjectId", id(&contact)));
    client.create(NAMES, name("", "DistributionListObjectId", ALL_USERS));
    client.create(NAMES, name("", "PersonalGroupObjectId", id(&private)));
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <AlternateNames total="4">
        <AlternateName>
        <URI>/vmrest/alternatenames/c4d1c9ae-204f-4694-853b-659ce30ff60c</URI>
        <FirstName>Janet</FirstName>
        <LastName>Smith</LastName>
        <ObjectId>c4d1c9ae-204f-4694-853b-659ce30ff60c</ObjectId>
        <GlobalUserObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</GlobalUserObjectId>
        <GlobalUserURI>/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d</GlobalUserURI>
        </AlternateName>
        <AlternateName>
        <URI>/vmrest/alternatenames/68fb1ea7-2631-4220-9580-d22e0786d73f</URI>
        <FirstName>Janet</FirstName>
        <LastName>Smith</LastName>
        <ContactObjectId>aca62d1e-b0dc-4f16-9d51-c7fb811385fc</ContactObjectId>
        <ContactURI>/vmrest/contacts/aca62d1e-b0dc-4f16-9d51-c7fb811385fc</ContactURI>
        <ObjectId>68fb1ea7-2631-4220-9580-d22e0786d73f</ObjectId>
        </AlternateName>
        <AlternateName>
        <URI>/vmrest/alternatenames/3fa34033-eade-4606-b8dd-bb6c23df439f</URI>
        <FirstName>Janet</FirstName>
        <ObjectId>3fa34033-eade-4606-b8dd-bb6c23df439f</ObjectId>
        <DistributionListObjectId>a67c9f45-8b78-41f2-8f5f-4f0171721fed</DistributionListObjectId>
        <DistributionListURI>/vmrest/distributionlists/a67c9f45-8b78-41f2-8f5f-4f0171721fed</DistributionListURI>
        </AlternateName>
        <AlternateName>
        <URI>/vmrest/alternatenames/fd1e2fdc-810d-4408-a487-c4696eca4e54</URI>
        <FirstName>Janet</FirstName>
        <ObjectId>fd1e2fdc-810d-4408-a487-c4696eca4e54</ObjectId>
        <PersonalGroupObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</PersonalGroupObjectId>
        </AlternateName>
        </AlternateNames>
    "#]].assert_eq(&client.get(NAMES).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"URI":"/vmrest/alternatenames/c4d1c9ae-204f-4694-853b-659ce30ff60c","FirstName":"Janet","LastName":"Smith","ObjectId":"c4d1c9ae-204f-4694-853b-659ce30ff60c","GlobalUserObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","GlobalUserURI":"/vmrest/globalusers/e8020f0a-e2ef-4776-9851-588c4f49ea0d"}
    "#]].assert_eq(&client.get_json(&added).to_string());
    for owner in [
        &*user,
        &contact,
        "/vmrest/distributionlists/a67c9f45-8b78-41f2-8f5f-4f0171721fed",
    ] {
        let shown = client.get(owner);
        count(
            client,
            shown.element("AlternateNamesURI").expect("a link"),
            1,
        );
    }
    let changed = "<AlternateName><FirstName>J</FirstName></AlternateName>";
    assert_eq!(client.put(&added, changed).status, 204);
    assert_eq!(client.get(&added).element("FirstName"), Some("J"));
    let before = state(client);
    for refused in [
        name("", "GlobalUserObjectId", id(&user)),
        name("", "ContactObjectId", id(&contact)),
        name(last, "ContactObjectId", id(&user)),
        name(last, "Owner", id(&user)),
        name(last, "DistributionListObjectId", id(&user)),
        "<AlternateName><LastName>Doe</LastName></AlternateName>".to_owned(),
    ] {
        assert_eq!(client.post(NAMES, &refused).status, 400, "{refused}");
    }
    let emptied = "<AlternateName><LastName></LastName></AlternateName>";
    assert_eq!(client.put(&added, emptied).status, 400);
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&contact).status, 204);
    assert_eq!(client.delete(&user).status, 204);
    count(client, NAMES, 1);
}
