//! `/vmrest/users/<id>/alternateextensions`, and the extensions that callers dial

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const USERS: &str = "/vmrest/users?templateAlias=voicemailusertemplate";
/// The extension of the factory list of all users.
const TAKEN: &str = "99991";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn user(client: Client, alias: &str, extension: &str) -> String {
    client.create(
        USERS,
        format!("<User><Alias>{alias}</Alias><DtmfAccessId>{extension}</DtmfAccessId></User>"),
    )
}

fn extension(index: &str, extension: &str) -> String {
    format!(
        "<AlternateExtension><IdIndex>{index}</IdIndex><DtmfAccessId>{extension}</DtmfAccessId></AlternateExtension>"
    )
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

#[test]
fn an_extension_is_added_changed_and_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let extensions = format!(
        "{}/alternateextensions",
        user(client, "jane", "000000805027")
    );
    let added = client.create(&extensions, extension("1", "SIP:14a45dd4@test.com"));
    assert!(added.starts_with(&format!("{extensions}/")), "{added}");
    let renamed =
        "<AlternateExtension><DisplayName>New Display Name</DisplayName></AlternateExtension>";
    assert_eq!(client.put(&added, renamed).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <AlternateExtension>
        <URI>/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/alternateextensions/a5931ef0-4434-4016-92ff-7f5b91764ebf</URI>
        <IdIndex>1</IdIndex>
        <DisplayName>New Display Name</DisplayName>
        <DtmfAccessId>SIP:14a45dd4@test.com</DtmfAccessId>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <LocationURI>/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationURI>
        <ObjectId>a5931ef0-4434-4016-92ff-7f5b91764ebf</ObjectId>
        <PartitionObjectId>a44c1ce3-036f-451c-8a5f-922491848396</PartitionObjectId>
        <PartitionURI>/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396</PartitionURI>
        </AlternateExtension>
    "#]].assert_eq(&client.get(&added).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        {"@total":"2","AlternateExtension":[{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/alternateextensions/599abeb7-4380-4ead-9cf8-17abd7e6c428","IdIndex":"0","DtmfAccessId":"000000805027","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","LocationURI":"/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ObjectId":"599abeb7-4380-4ead-9cf8-17abd7e6c428","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396","PartitionURI":"/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396"},{"URI":"/vmrest/users/e8020f0a-e2ef-4776-9851-588c4f49ea0d/alternateextensions/a5931ef0-4434-4016-92ff-7f5b91764ebf","IdIndex":"1","DisplayName":"New Display Name","DtmfAccessId":"SIP:14a45dd4@test.com","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","LocationURI":"/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ObjectId":"a5931ef0-4434-4016-92ff-7f5b91764ebf","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396","PartitionURI":"/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396"}]}
    "#]].assert_eq(&client.get_json(&extensions).to_string());
    let digits =
        "<AlternateExtension><DtmfAccessId>0000008050272</DtmfAccessId></AlternateExtension>";
    assert_eq!(client.put(&added, digits).status, 204);
    let found = client.get(&format!("{extensions}?query=(IdIndex%20is%201)"));
    assert_eq!(found.element("DtmfAccessId"), Some("0000008050272"));
    let none = client.get(&format!("{extensions}?query=(IdIndex%20is%205)"));
    assert!(none.body.contains("total=\"0\""), "{none}");
    assert_eq!(client.delete(&added).status, 204);
    assert_eq!(client.get(&added).status, 404);
    // The index and the extension are free again.
    client.create(&extensions, extension("1", "SIP:14a45dd4@test.com"));
}

#[test]
fn the_primary_extension_and_the_user_follow_each_other() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = user(client, "jane", "1001");
    let primary = client.get(&format!("{user}/alternateextensions"));
    assert_eq!(primary.element("IdIndex"), Some("0"));
    assert_eq!(primary.element("DtmfAccessId"), Some("1001"));
    let primary = primary.element("URI").expect("a path").to_owned();
    let new = "<AlternateExtension><DtmfAccessId>2001</DtmfAccessId></AlternateExtension>";
    assert_eq!(client.put(&primary, new).status, 204);
    let extension_in = |path: &str, name: &str| {
        let response = client.get(path);
        response.element(name).expect("an extension").to_owned()
    };
    assert_eq!(extension_in(&user, "DtmfAccessId"), "2001");
    assert_eq!(
        extension_in(&format!("{user}/mwis"), "MwiExtension"),
        "2001"
    );
    let global = user.replace("/users/", "/globalusers/");
    assert_eq!(extension_in(&global, "DtmfAccessId"), "2001");
    let new = "<User><DtmfAccessId>3001</DtmfAccessId></User>";
    assert_eq!(client.put(&user, new).status, 204);
    assert_eq!(extension_in(&primary, "DtmfAccessId"), "3001");
    let before = state(client);
    let refused = client.delete(&primary);
    assert_eq!(refused.status, 405, "{refused}");
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(client.get(&primary).status, 404);
}

#[test]
fn an_administrator_adds_one_extension_at_each_index_from_1_to_9() {
    let mock = mock();
    let client = Client::of(&mock);
    let extensions = format!("{}/alternateextensions", user(client, "jane", "1001"));
    client.create(&extensions, extension("9", "1009"));
    let before = state(client);
    for (index, number) in [
        ("9", "1010"),
        ("0", "1010"),
        ("10", "1010"),
        ("11", "1010"),
        ("20", "1010"),
        ("49", "1010"),
        ("-1", "1010"),
        ("2", "1001"),
        ("2", "1009"),
        ("2", TAKEN),
        ("2", "letters"),
        ("2", ""),
    ] {
        let refused = client.post(&extensions, extension(index, number));
        assert_eq!(refused.status, 400, "{index} {number} {refused}");
    }
    let lacking = "<AlternateExtension><IdIndex>2</IdIndex></AlternateExtension>";
    assert_eq!(client.post(&extensions, lacking).status, 400);
    let lacking = "<AlternateExtension><DtmfAccessId>1010</DtmfAccessId></AlternateExtension>";
    assert_eq!(client.post(&extensions, lacking).status, 400);
    assert_eq!(state(client), before);
}

#[test]
fn extensions_of_unknown_users_are_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let body = extension("1", "1010");
    for path in [
        "/vmrest/users/bogus/alternateextensions",
        "/vmrest/users//alternateextensions",
    ] {
        assert!(client.post(path, &body).status >= 400, "{path}");
        let one = format!("{path}/bogus");
        assert!(client.get(&one).status >= 400, "{one}");
        assert!(client.put(&one, &body).status >= 400, "{one}");
        assert!(client.delete(&one).status >= 400, "{one}");
    }
    let empty = client.get("/vmrest/users/bogus/alternateextensions");
    assert!(empty.body.contains("total=\"0\""), "{empty}");
    let missing = client.get("/vmrest/users//alternateextensions");
    assert_eq!(missing.status, 404, "{missing}");
}

/// Returns a path and a body, with a blank for the extension, for each kind of object with one.
fn objects(user: &str) -> [(String, String); 5] {
    let id = user.rsplit('/').next().expect("an id");
    let objects = [
        (USERS, "User", "<Alias>joe</Alias>"),
        (
            "/vmrest/distributionlists",
            "DistributionList",
            "<Alias>staff</Alias>",
        ),
        (
            "/vmrest/handlers/directoryhandlers",
            "DirectoryHandler",
            "<DisplayName>Names</DisplayName>",
        ),
        (
            "/vmrest/handlers/interviewhandlers",
            "InterviewHandler",
            "<DisplayName>Claims</DisplayName><RecipientSubscriberObjectId>ID</RecipientSubscriberObjectId>",
        ),
        (
            "/vmrest/handlers/callhandlers?templateObjectId=TEMPLATE",
            "Callhandler",
            "<DisplayName>Sales</DisplayName>",
        ),
    ];
    objects.map(|(path, element, fields)| {
        let fields = fields.replace("ID", id);
        let body = format!("<{element}>{fields}<DtmfAccessId> </DtmfAccessId></{element}>");
        (path.to_owned(), body)
    })
}

#[test]
fn each_object_has_an_extension_that_can_be_dialed_and_that_no_other_one_has() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = user(client, "jane", "1001");
    let template = client.get("/vmrest/callhandlertemplates");
    let template = template.element("ObjectId").expect("a template");
    let with = |body: &str, extension: &str| {
        body.replace("<DtmfAccessId> <", &format!("<DtmfAccessId>{extension}<"))
    };
    for (number, (path, body)) in (1..).zip(objects(&user)) {
        let path = path.replace("TEMPLATE", template);
        let before = state(client);
        for refused in [
            "____",
            "5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384",
            "14a45dd414a45dd414a45dd414a45dd4",
            "12 34",
            "SIP:jane",
            "1001",
            "99990",
            "0",
        ] {
            let response = client.post(&path, with(&body, refused));
            assert_eq!(response.status, 400, "{path} {refused} {response}");
        }
        assert_eq!(state(client), before, "{path}");
        let object = client.create(&path, with(&body, &format!(" 40{number} ")));
        for refused in ["____", "a", TAKEN] {
            let root = body.split_once('>').expect("a root").0;
            let update = format!(
                "{root}><DtmfAccessId>{refused}</DtmfAccessId></{}>",
                &root[1..]
            );
            let response = client.put(&object, update);
            assert_eq!(response.status, 400, "{object} {refused} {response}");
        }
        let read = client.get(&object);
        assert_eq!(read.element("DtmfAccessId"), Some(&*format!("40{number}")));
        let sip = format!("<X><DtmfAccessId>SIP:{number}@example.com</DtmfAccessId></X>");
        assert_eq!(client.put(&object, sip).status, 204, "{object}");
    }
}

#[test]
fn partitions_have_extensions_of_their_own() {
    let mock = mock();
    let client = Client::of(&mock);
    let partition = client.create(
        "/vmrest/partitions",
        "<Partition><Name>Other</Name></Partition>",
    );
    let partition = partition.rsplit('/').next().expect("an id");
    client.create(
        "/vmrest/distributionlists",
        format!(
            "<DistributionList><Alias>staff</Alias><DtmfAccessId>{TAKEN}</DtmfAccessId>\
             <PartitionObjectId>{partition}</PartitionObjectId></DistributionList>"
        ),
    );
    let user = user(client, "jane", "1001");
    let moved = format!(
        "<User><DtmfAccessId>{TAKEN}</DtmfAccessId><PartitionObjectId>{partition}</PartitionObjectId></User>"
    );
    let before = state(client);
    assert_eq!(client.put(&user, &moved).status, 400);
    assert_eq!(state(client), before);
    let moved = format!("<User><PartitionObjectId>{partition}</PartitionObjectId></User>");
    assert_eq!(client.put(&user, &moved).status, 204);
    let primary = client.get(&format!("{user}/alternateextensions"));
    assert_eq!(primary.element("PartitionObjectId"), Some(partition));
}
