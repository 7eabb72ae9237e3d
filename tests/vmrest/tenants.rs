//! `/vmrest/tenants`

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::Client;

const TENANTS: &str = "/vmrest/tenants";
const SERVICES: &str = "/vmrest/externalservices";
const TAXOMA: &str = "/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8";
const POST: &str =
    "<Tenant><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain><Description>x</Description></Tenant>";

#[test]
fn a_tenant_is_returned_as_in_the_guide() {
    let mock = CucMock::start_blocking();
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenant>
        <URI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8</URI>
        <ObjectId>069b8e41-8051-4eee-b653-1854f7e68cd8</ObjectId>
        <CreationDate>2013-01-12 14:57:32.569</CreationDate>
        <Alias>Taxoma</Alias>
        <SmtpDomain>Taxoma.com</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <CosesURI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/coses</CosesURI>
        <PartitionsURI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/partitions</PartitionsURI>
        <PhoneSystemURI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/phonesystems</PhoneSystemURI>
        <ScheduleSetsURI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/schedulesets</ScheduleSetsURI>
        <PartitionObjectId>4f2c05b8-eab0-42b3-a8fc-caa50aac7410</PartitionObjectId>
        <MediaSwitchObjectId>e6c6f764-50b5-426e-80e4-9d1487df4879</MediaSwitchObjectId>
        <PhoneSystemObjectId>e6c6f764-50b5-426e-80e4-9d1487df4879</PhoneSystemObjectId>
        <MailboxStoreObjectId>2f020d42-13db-414c-9f8d-16d3242b9eef</MailboxStoreObjectId>
        </Tenant>
    "#]].assert_eq(&Client::of(&mock).get(TAXOMA).to_string());
}

#[test]
fn later_releases_link_to_the_services_of_a_tenant() {
    let mock = CucMock::builder().release(Release::V11_5).start_blocking();
    let link = "<ExternalServicesURI>/vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/externalservices</ExternalServicesURI>";
    assert!(Client::of(&mock).get(TAXOMA).body.contains(link));
}

#[test]
fn a_new_tenant_has_the_defaults_of_the_server() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let client = Client::of(&mock);
    let path = client.create(TENANTS, POST);
    let response = client.get(&path).to_string();
    let created = client.get(&path);
    let created = created.element("CreationDate").expect("a date");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Tenant>
        <URI>/vmrest/tenants/e8020f0a-e2ef-4776-9851-588c4f49ea0d</URI>
        <ObjectId>e8020f0a-e2ef-4776-9851-588c4f49ea0d</ObjectId>
        <CreationDate>[now]</CreationDate>
        <Alias>x</Alias>
        <Description>x</Description>
        <SmtpDomain>x.org</SmtpDomain>
        <TimeZone>175</TimeZone>
        <Language>1033</Language>
        <CosesURI>/vmrest/tenants/e8020f0a-e2ef-4776-9851-588c4f49ea0d/coses</CosesURI>
        <PartitionsURI>/vmrest/tenants/e8020f0a-e2ef-4776-9851-588c4f49ea0d/partitions</PartitionsURI>
        <PhoneSystemURI>/vmrest/tenants/e8020f0a-e2ef-4776-9851-588c4f49ea0d/phonesystems</PhoneSystemURI>
        <ScheduleSetsURI>/vmrest/tenants/e8020f0a-e2ef-4776-9851-588c4f49ea0d/schedulesets</ScheduleSetsURI>
        <PartitionObjectId>492f9c38-d9ff-4cce-bcb1-532f9f245b70</PartitionObjectId>
        <MediaSwitchObjectId>ddaeddc6-6bde-484a-8b91-3ab0264da995</MediaSwitchObjectId>
        <PhoneSystemObjectId>ddaeddc6-6bde-484a-8b91-3ab0264da995</PhoneSystemObjectId>
        <MailboxStoreObjectId>2f020d42-13db-414c-9f8d-16d3242b9eef</MailboxStoreObjectId>
        </Tenant>
    "#]].assert_eq(&response.replace(created, "[now]"));
    let digits = created.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(digits, "0000-00-00 00:00:00.000", "{created}");
}

#[test]
fn a_client_can_choose_the_id_of_a_new_tenant() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let own = "<Tenant><ObjectId>11111111-2222-4333-8444-555555555555</ObjectId><Alias>x</Alias><SmtpDomain>x.org</SmtpDomain><PilotNumber>800</PilotNumber></Tenant>";
    assert_eq!(
        client.create(TENANTS, own),
        "/vmrest/tenants/11111111-2222-4333-8444-555555555555"
    );
    let again = own.replace(">x<", ">y<").replace("x.org", "y.org");
    let response = client.post(TENANTS, again);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [ObjectId], Value = [11111111-2222-4333-8444-555555555555]: expected a value that no other Tenant has</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    let unusual = own.replace("11111111", "one");
    let response = client.post(TENANTS, unusual);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [ObjectId], Value = [one-2222-4333-8444-555555555555]: expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
}

#[test]
fn alias_and_domain_are_mandatory_and_unique_case_insensitively() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let mut messages = String::new();
    for body in [
        "<Tenant><SmtpDomain>x.org</SmtpDomain></Tenant>",
        "<Tenant><Alias/><SmtpDomain>x.org</SmtpDomain></Tenant>",
        "<Tenant><Alias>x</Alias></Tenant>",
        "<Tenant/>",
        "<Tenant><Alias>TAXOMA</Alias><SmtpDomain>x.org</SmtpDomain></Tenant>",
        "<Tenant><Alias>x</Alias><SmtpDomain>taxoma.COM</SmtpDomain></Tenant>",
    ] {
        let response = client.post(TENANTS, body);
        assert_eq!(response.status, 400, "{body}: {response}");
        let message = response.element("message").unwrap_or_default();
        messages.push_str(&format!("{body}\n    {message}\n"));
    }
    expect![[r#"
        <Tenant><SmtpDomain>x.org</SmtpDomain></Tenant>
            Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory
        <Tenant><Alias/><SmtpDomain>x.org</SmtpDomain></Tenant>
            Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory
        <Tenant><Alias>x</Alias></Tenant>
            Invalid parameter. Parameter = [SmtpDomain], Value = []: expected a value, it is mandatory
        <Tenant/>
            Invalid parameter. Parameter = [Alias], Value = []: expected a value, it is mandatory
        <Tenant><Alias>TAXOMA</Alias><SmtpDomain>x.org</SmtpDomain></Tenant>
            Invalid parameter. Parameter = [Alias], Value = [TAXOMA]: expected a value that no other Tenant has
        <Tenant><Alias>x</Alias><SmtpDomain>taxoma.COM</SmtpDomain></Tenant>
            Invalid parameter. Parameter = [SmtpDomain], Value = [taxoma.COM]: expected a value that no other Tenant has
    "#]].assert_eq(&messages);
    assert!(client.get(TENANTS).body.contains(r#"<Tenants total="2">"#));
}

#[test]
fn only_the_description_can_be_updated() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let before = client.get(TAXOMA).body;
    let body = "<Tenant><Alias>other</Alias><SmtpDomain>other.org</SmtpDomain><TimeZone>1</TimeZone>\
                <CreationDate>no date</CreationDate><Description>new</Description></Tenant>";
    assert_eq!(client.put(TAXOMA, body).status, 204);
    let expected = before.replace("</Alias>", "</Alias><Description>new</Description>");
    assert_eq!(client.get(TAXOMA).body, expected);
}

#[test]
fn deleting_a_tenant_deletes_only_its_own_services() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let first = "/vmrest/tenants/FE6541FB-b42c-44f2-8404-ded14cbf7438";
    assert_eq!(client.delete(first).status, 204);
    let left = client.get(SERVICES).body;
    assert!(left.contains(r#"total="2""#), "{left}");
    assert!(
        left.contains("Taxoma_Exchange") && left.contains("Shared_MeetingPlace"),
        "{left}"
    );
    assert_eq!(client.get(first).status, 404);
    assert_eq!(client.delete(first).status, 404);
}

#[test]
fn the_objects_of_a_tenant_are_below_it() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (link, uri) in [
        ("coses", "CosURI"),
        ("partitions", "PartitionURI"),
        ("phonesystems", "PhoneSystemURI"),
        ("schedulesets", "ScheduleSetURI"),
    ] {
        let list = client.get(&format!("{TAXOMA}/{link}"));
        assert_eq!(list.status, 200, "{list}");
        assert!(list.body.contains(r#" total="1">"#), "{list}");
        let object = client.get(list.element(uri).expect("a link"));
        assert_eq!(object.status, 200, "{object}");
        assert!(object.body.contains("Taxoma"), "{object}");
    }
}

#[test]
fn some_objects_of_a_tenant_are_not_implemented() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get(&format!("{TAXOMA}/licenses"));
    expect![[r#"
        404 Not Found
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_FOUND</code>
        <message>cuc-mock does not implement /vmrest/tenants/069b8e41-8051-4eee-b653-1854f7e68cd8/licenses</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    let services = Client::of(&mock).get(&format!("{TAXOMA}/externalservices"));
    assert_eq!(services.status, 404);
}

#[test]
fn an_update_of_a_missing_tenant_is_a_bad_request() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).put("/vmrest/tenants/bogus", "<Tenant/>");
    assert_eq!(response.status, 400);
    assert_eq!(response.element("message"), Some("Tenant not found "));
}
