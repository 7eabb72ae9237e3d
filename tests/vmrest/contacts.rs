//! `/vmrest/contacts` and `/vmrest/contacttemplates`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::Client;

const CREATE: &str = "/vmrest/contacts?templateAlias=systemcontacttemplate";
const CONTACTS: &str = "/vmrest/contacts";
const HANDLERS: &str = "/vmrest/handlers/callhandlers";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn contact(client: Client, alias: &str) -> String {
    client.create(
        CREATE,
        format!("<Contact><Alias>{alias}</Alias><DisplayName>{alias}</DisplayName></Contact>"),
    )
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

#[test]
fn a_contact_is_added_changed_and_deleted() {
    let mock = mock();
    let client = Client::of(&mock);
    let contact = contact(client, "TempContact_1");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Contact>
        <URI>/vmrest/contacts/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <Alias>TempContact_1</Alias>
        <DisplayName>TempContact_1</DisplayName>
        <CreationTime>2026-01-31T12:00:00Z</CreationTime>
        <IsTemplate>false</IsTemplate>
        <ContactType>0</ContactType>
        <LocationObjectId>6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationObjectId>
        <LocationURI>/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7</LocationURI>
        <ListInDirectory>true</ListInDirectory>
        <AutoCreateCallHandler>true</AutoCreateCallHandler>
        <CallHandlerObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</CallHandlerObjectId>
        <CallhandlerURI>/vmrest/handlers/callhandlers/492f9c38-d9ff-4cce-bcb1-532f9f245b70</CallhandlerURI>
        <IsAddressable>false</IsAddressable>
        <DisableOutbound>false</DisableOutbound>
        <TransferEnabled>false</TransferEnabled>
        <TransferRings>4</TransferRings>
        <TransferType>0</TransferType>
        <PartitionObjectId>a44c1ce3-036f-451c-8a5f-922491848396</PartitionObjectId>
        <PartitionURI>/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396</PartitionURI>
        <SmtpProxyAddressesURI>/vmrest/smtpproxyaddresses?query=(ObjectContactObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)</SmtpProxyAddressesURI>
        <AlternateNamesURI>/vmrest/alternatenames?query=(ContactObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)</AlternateNamesURI>
        </Contact>
    "#]].assert_eq(&client.get(&contact).to_string());
    let change = "<Contact><DisplayName>Updated display name</DisplayName><FirstName>UpdateFirst</FirstName>\
                  <LastName>UpdatedLast</LastName><AltFirstName>altFirst</AltFirstName>\
                  <AltLastName>altLast</AltLastName><AutoCreateCallHandler>0</AutoCreateCallHandler>\
                  <ListInDirectory>1</ListInDirectory><TransferType>1</TransferType><TransferRings>4</TransferRings>\
                  <TransferEnabled>0</TransferEnabled><TransferExtension></TransferExtension></Contact>";
    assert_eq!(client.put(&contact, change).status, 204);
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"@total":"1","Contact":{"URI":"/vmrest/contacts/e8020f0a-e2ef-4776-9851-588c4f49ea0d","ObjectId":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","FirstName":"UpdateFirst","LastName":"UpdatedLast","AltFirstName":"altFirst","AltLastName":"altLast","Alias":"TempContact_1","DisplayName":"Updated display name","CreationTime":"2026-01-31T12:00:00Z","IsTemplate":"false","ContactType":"0","DtmfNameFirstLast":"8732833477887328335278","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","LocationURI":"/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ListInDirectory":"true","AutoCreateCallHandler":"false","CallHandlerObjectId":"492f9c38-d9ff-4cce-bcb1-532f9f245b70","CallhandlerURI":"/vmrest/handlers/callhandlers/492f9c38-d9ff-4cce-bcb1-532f9f245b70","IsAddressable":"false","DisableOutbound":"false","TransferEnabled":"false","TransferExtension":"","TransferRings":"4","TransferType":"1","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396","PartitionURI":"/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396","SmtpProxyAddressesURI":"/vmrest/smtpproxyaddresses?query=(ObjectContactObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)","AlternateNamesURI":"/vmrest/alternatenames?query=(ContactObjectId%20is%20e8020f0a-e2ef-4776-9851-588c4f49ea0d)"}}
    "#]].assert_eq(&client.get_json(CONTACTS).to_string());
    let before = state(client);
    let moved = "<Contact><PartitionObjectId>bogus</PartitionObjectId></Contact>";
    assert_eq!(client.put(&contact, moved).status, 400);
    assert_eq!(state(client), before);
    assert_eq!(client.delete(&contact).status, 204);
    assert_eq!(client.get(&contact).status, 404);
    assert_eq!(client.delete(&contact).status, 404);
}

#[test]
fn contacts_are_found_by_alias_and_id() {
    let mock = mock();
    let client = Client::of(&mock);
    let path = contact(client, "ann");
    contact(client, "ben");
    for (clause, count) in [
        ("Alias%20is%20ann", "1"),
        ("Alias%20is%20bogus", "0"),
        ("objectId%20is%20blah", "0"),
    ] {
        let found = client.get(&format!("{CONTACTS}/?query=({clause})"));
        assert!(
            found.body.contains(&format!("total=\"{count}\"")),
            "{found}"
        );
    }
    let unknown = client.get(&format!("{CONTACTS}?query=(blah%20is%20blah)"));
    assert_eq!(unknown.status, 400, "{unknown}");
    assert_eq!(client.get(&format!("{CONTACTS}/bogus")).status, 404);
    for body in [
        "<Contact><Alias>ann</Alias></Contact>",
        "<Contact><DisplayName>Ann</DisplayName></Contact>",
        "<Contact><Alias>cid</Alias><TransferRings>99</TransferRings></Contact>",
        "<Contact><Alias>cid</Alias><TransferType>7</TransferType></Contact>",
    ] {
        assert_eq!(client.post(CREATE, body).status, 400, "{body}");
    }
    for path in [CONTACTS, "/vmrest/contacts?templateAlias=bogus"] {
        let refused = client.post(path, "<Contact><Alias>cid</Alias></Contact>");
        assert_eq!(refused.status, 400, "{path} {refused}");
    }
    assert_eq!(client.get(&path).status, 200);
}

#[test]
fn a_contact_has_a_call_handler_that_follows_it() {
    let mock = mock();
    let client = Client::of(&mock);
    let contact = contact(client, "ann");
    let read = client.get(&contact);
    let handler = format!(
        "{HANDLERS}/{}",
        read.element("CallHandlerObjectId").expect("an id")
    );
    let read = client.get(&handler);
    assert_eq!(read.element("IsPrimary"), Some("true"));
    assert_eq!(read.element("RecipientContactObjectId"), Some(id(&contact)));
    let names = "<Contact><DisplayName>Ann Doe</DisplayName></Contact>";
    assert_eq!(client.put(&contact, names).status, 204);
    let read = client.get(&handler);
    assert_eq!(read.element("DisplayName"), Some("Ann Doe"));
    assert_eq!(client.delete(&contact).status, 204);
    assert_eq!(client.get(&handler).status, 404);
    let without = client.create(
        CREATE,
        "<Contact><Alias>ben</Alias><AutoCreateCallHandler>0</AutoCreateCallHandler></Contact>",
    );
    assert_eq!(client.get(&without).element("CallHandlerObjectId"), None);
}

#[test]
fn a_contact_receives_the_messages_of_a_call_handler() {
    let mock = mock();
    let client = Client::of(&mock);
    let contact = contact(client, "ann");
    let opening = format!("{HANDLERS}/22231eef-93e5-4a33-9c88-56dd7792c5fe");
    let recipient = |id: &str| {
        format!(
            "<CallHandler><RecipientContactObjectId>{id}</RecipientContactObjectId></CallHandler>"
        )
    };
    assert_eq!(client.put(&opening, recipient("bogus")).status, 400);
    assert_eq!(client.put(&opening, recipient(id(&opening))).status, 400);
    assert_eq!(client.put(&opening, recipient(id(&contact))).status, 204);
    let read = client.get(&opening);
    assert_eq!(read.element("RecipientContactObjectId"), Some(id(&contact)));
    assert_eq!(read.element("RecipientDistributionListObjectId"), None);
    let before = state(client);
    let refused = client.delete(&contact);
    assert_eq!(refused.status, 400, "{refused}");
    assert!(
        refused
            .body
            .contains("Contact is referenced by at least one call handler")
    );
    assert_eq!(state(client), before);
}

#[test]
fn a_contact_is_a_member_of_a_distribution_list() {
    let mock = mock();
    let client = Client::of(&mock);
    let contact = contact(client, "ann");
    let list = client.create(
        "/vmrest/distributionlists",
        "<DistributionList><Alias>friends</Alias></DistributionList>",
    );
    let members = format!("{list}/distributionlistmembers");
    let member = |id: &str| {
        format!(
            "<DistributionListMember><MemberContactObjectId>{id}</MemberContactObjectId></DistributionListMember>"
        )
    };
    assert_eq!(client.post(&members, member("bogus")).status, 400);
    assert_eq!(client.post(&members, member(id(&list))).status, 400);
    let added = client.create(&members, member(id(&contact)));
    let read = client.get(&added);
    assert_eq!(read.element("Alias"), Some("ann"));
    assert_eq!(read.element("MemberContactURI"), Some(&*contact));
    let renamed = "<Contact><DisplayName>Ann Doe</DisplayName></Contact>";
    assert_eq!(client.put(&contact, renamed).status, 204);
    assert_eq!(client.get(&added).element("DisplayName"), Some("Ann Doe"));
    assert_eq!(client.delete(&contact).status, 204);
    assert_eq!(client.get(&added).status, 404);
}

#[test]
fn a_system_has_one_contact_template() {
    let mock = mock();
    let client = Client::of(&mock);
    let templates = "/vmrest/contacttemplates";
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        {"@total":"1","ContactTemplate":{"URI":"/vmrest/contacttemplates/64b9e0d7-2c18-4f5a-93ae-70d1c85b3f26","ObjectId":"64b9e0d7-2c18-4f5a-93ae-70d1c85b3f26","Alias":"systemcontacttemplate","DisplayName":"System Contact Template","CreationTime":"2012-06-26 05:02:22.05","LocationObjectId":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","LocationURI":"/vmrest/locations/connectionlocations/6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","ListInDirectory":"true","AutoCreateCallHandler":"true","DisableOutbound":"false","TransferEnabled":"false","TransferRings":"4","TransferType":"0","Undeletable":"true","PartitionObjectId":"a44c1ce3-036f-451c-8a5f-922491848396","PartitionURI":"/vmrest/partitions/a44c1ce3-036f-451c-8a5f-922491848396"}}
    "#]].assert_eq(&client.get_json(templates).to_string());
    let factory = client.get(templates);
    let factory = factory.element("URI").expect("a path").to_owned();
    assert_eq!(client.delete(&factory).status, 405);
    let own = client.create(
        &format!("{templates}?templateAlias=systemcontacttemplate"),
        "<ContactTemplate><Alias>partners</Alias><DisplayName>Partners</DisplayName>\
         <TransferRings>7</TransferRings></ContactTemplate>",
    );
    let contact = client.create(
        "/vmrest/contacts?templateAlias=partners",
        "<Contact><Alias>ann</Alias></Contact>",
    );
    let contact = client.get(&contact);
    assert_eq!(contact.element("TransferRings"), Some("7"));
    assert_eq!(contact.element("DisplayName"), Some("ann"));
    assert_eq!(client.delete(&own).status, 204);
}

#[test]
fn the_contacts_of_a_tenant_are_deleted_with_it() {
    let mock = mock();
    let client = Client::of(&mock);
    let tenant = client.create(
        "/vmrest/tenants",
        "<Tenant><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain></Tenant>",
    );
    let partition = client.get(&tenant);
    let partition = partition.element("PartitionObjectId").expect("an id");
    let own = client.create(
        CREATE,
        format!(
            "<Contact><Alias>ann</Alias><PartitionObjectId>{partition}</PartitionObjectId></Contact>"
        ),
    );
    let other = contact(client, "ben");
    let read = client.get(&own);
    let handler = read.element("CallhandlerURI").expect("a handler");
    let refused = client.delete(&format!("/vmrest/partitions/{partition}"));
    assert_eq!(refused.status, 400, "{refused}");
    assert_eq!(client.delete(&tenant).status, 204);
    for gone in [&*own, handler] {
        assert_eq!(client.get(gone).status, 404, "{gone}");
    }
    assert_eq!(client.get(&other).status, 200);
}
