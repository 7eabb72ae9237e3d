//! The records in the store, for assertions.

use std::fs;

use cuc_mock::{CucMock, Release, Service, Tenant};
use expect_test::expect;

use crate::support::Client;

const ID: &str = "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78";

/// Two services of a tenant.
fn server() -> CucMock {
    CucMock::builder()
        .empty()
        .seed(1)
        .tenant(Tenant::new("acme", "acme.org").object_id(ID))
        .service(Service::exchange("Mail").tenant_object_id(ID))
        .service(Service::meeting_place("Meetings"))
        .start_blocking()
}

#[test]
fn all_records_of_a_resource_are_read_in_the_order_of_a_list() {
    let mock = server();
    let services = mock.records("externalservices");
    assert_eq!((services.len(), services.is_empty()), (2, false));
    let names = services.iter().map(|service| service.get("DisplayName"));
    assert_eq!(names.collect::<Vec<_>>(), [Some("Mail"), Some("Meetings")]);
    let tenant = mock.records("/vmrest/tenants").first().expect("a tenant");
    let fields = tenant
        .fields()
        .filter(|(name, _)| *name != "CreationDate")
        .map(|(name, value)| format!("{name}={value}"));
    expect![[r#"
        URI=/vmrest/tenants/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ObjectId=6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        Alias=acme
        SmtpDomain=acme.org
        TimeZone=175
        Language=1033
        CosesURI=/vmrest/tenants/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78/coses
        PartitionsURI=/vmrest/tenants/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78/partitions
        PhoneSystemURI=/vmrest/tenants/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78/phonesystems
        ScheduleSetsURI=/vmrest/tenants/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78/schedulesets
        PartitionObjectId=e8020f0a-e2ef-4776-9851-588c4f49ea0d
        MediaSwitchObjectId=6ca661aa-8581-4594-b438-8580a170e8b2
        PhoneSystemObjectId=6ca661aa-8581-4594-b438-8580a170e8b2
        MailboxStoreObjectId=2f020d42-13db-414c-9f8d-16d3242b9eef"#]]
    .assert_eq(&fields.collect::<Vec<_>>().join("\n"));
    assert_eq!(tenant.get("PilotNumber"), None);
    assert!(mock.records("users").find("(Alias is nobody)").is_empty());
}

#[test]
fn a_record_is_found_by_its_key_or_by_a_query() {
    let mock = server();
    let tenants = mock.records("tenants");
    assert_eq!(tenants.get(&ID.to_uppercase()), tenants.first());
    assert_eq!(tenants.get("none"), None);
    let services = mock.records("externalservices");
    for (query, expected) in [
        ("(DisplayName startswith m)", 2),
        ("(DisplayName is mail)", 1),
        ("(ServerType is 4)", 1),
        ("(DisplayName is Mail+Box)", 0),
    ] {
        assert_eq!(services.find(query).len(), expected, "{query}");
    }
    let narrowed = services.find("(ServerType is 4)");
    assert!(narrowed.find("(DisplayName is Meetings)").is_empty());
}

#[test]
fn the_records_of_a_moment_do_not_change() {
    let mock = server();
    let (before, copy) = (mock.records("tenants"), mock.records("tenants"));
    assert_eq!(before, copy);
    let client = Client::of(&mock);
    let path = format!("/vmrest/tenants/{ID}");
    client.put(&path, "<Tenant><Description>new</Description></Tenant>");
    let after = mock.records("tenants");
    assert_ne!(before, after);
    let description = |records: &cuc_mock::Records| {
        let tenant = records.get(ID).expect("a tenant");
        tenant.get("Description").map(str::to_owned)
    };
    assert_eq!(
        description(&before),
        copy.first()
            .and_then(|tenant| tenant.get("Description").map(str::to_owned))
    );
    assert_eq!(description(&after).as_deref(), Some("new"));
    client.delete(&path);
    assert_eq!((before.len(), mock.records("tenants").len()), (1, 0));
    assert!(mock.space("other").records("tenants").get(ID).is_some());
}

#[test]
fn a_secret_has_its_stored_value_and_is_not_printed() {
    let mock = server();
    let client = Client::of(&mock);
    let mail = mock.records("externalservices").first().expect("a service");
    let path = mail.get("URI").expect("a path").to_owned();
    client.put(
        &path,
        "<ExternalService><ServicePassword>hunter2</ServicePassword></ExternalService>",
    );
    let mail = mock.records("externalservices").first().expect("a service");
    assert_eq!(mail.get("ServicePassword"), Some("hunter2"));
    let printed = format!("{mail:?}");
    assert!(
        printed.contains("ServicePassword: \"[redacted]\""),
        "{printed}"
    );
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn the_records_of_one_collection_below_a_record_are_found_by_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let pagers = r#"<resource path="tenants/{TenantObjectId}/pagers" list="Pagers" element="Pager" key="Number">
      <evidence id="page" documented="our server"/>
      <verb name="list" by="page"/><verb name="read" by="page"/><verb name="create" by="page"/>
      <guid name="TenantObjectId" by="page" access="create"><required by="page"/></guid>
      <text name="Number" by="page" access="create"><required by="page"/></text>
    </resource>"#;
    fs::write(folder.path().join("pagers.xml"), pagers).expect("a file");
    let other = "0a4f7023-e9e5-4cd0-bf55-e20a0be6fd78";
    let mock = CucMock::builder()
        .empty()
        .resources(folder.path())
        .tenant(Tenant::new("acme", "acme.org").object_id(ID))
        .tenant(Tenant::new("other", "other.org").object_id(other))
        .start_blocking();
    let client = Client::of(&mock);
    for (tenant, number) in [(ID, "%231"), (ID, "2"), (other, "2")] {
        let pager = format!(
            "<Pager><Number>{}</Number></Pager>",
            number.replace("%23", "#")
        );
        client.create(&format!("/vmrest/tenants/{tenant}/pagers"), pager);
    }
    let count = |path: &str| mock.records(path).len();
    assert_eq!(count("tenants/{TenantObjectId}/pagers"), 3);
    assert_eq!(count(&format!("tenants/{ID}/pagers")), 2);
    assert_eq!(
        count(&format!("tenants/{}/pagers", other.to_uppercase())),
        1
    );
    assert_eq!(count("tenants/none/pagers"), 0);
    let pager = mock.records(&format!("tenants/{ID}/pagers")).get("#1");
    assert_eq!(pager.expect("a pager").get("TenantObjectId"), Some(ID));
}

#[test]
#[should_panic(
    expected = "there is no resource \"tenant\", expected one of locations/connectionlocations, mailboxstores"
)]
fn an_unknown_resource_panics_with_the_resources() {
    server().records("tenant");
}

#[test]
#[should_panic(expected = "tenants has no field \"Alais\", expected one of URI, ObjectId")]
fn an_unknown_field_panics_with_the_fields() {
    let tenant = server().records("tenants").first().expect("a tenant");
    tenant.get("Alais");
}

#[test]
fn a_field_of_another_release_panics() {
    let mock = CucMock::builder().release(Release::V10_5).start_blocking();
    let service = mock.records("externalservices").first();
    let result = std::panic::catch_unwind(|| service.expect("a service").get("ClientId").is_some());
    assert!(result.is_err());
}

#[test]
#[should_panic(expected = "cannot find tenants: query")]
fn an_invalid_query_panics_with_the_reason() {
    drop(server().records("tenants").find("(Alias like tex)"));
}
