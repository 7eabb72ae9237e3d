//! The difference between the records of a space and another state.

use cuc_mock::{Baseline, Change, CucMock};
use expect_test::expect;

use crate::support::Client;

const TENANTS: &str = "/vmrest/tenants";
const SERVICES: &str = "/vmrest/externalservices";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

fn tenant(alias: &str) -> String {
    format!("<Tenant><Alias>{alias}</Alias><SmtpDomain>{alias}.example.com</SmtpDomain></Tenant>")
}

#[test]
fn the_difference_from_the_seed_is_object_by_object_and_field_by_field() {
    let mock = mock();
    let client = Client::of(&mock);
    expect![[r#"
        200 OK
        Content-Type: application/json

        {"from":"seed","created":0,"updated":0,"deleted":0,"is_complete":true,"objects":[]}
    "#]]
    .assert_eq(&client.control("GET", "/__mock/diff", "").to_string());
    let services = client.get(SERVICES);
    let paths = services.elements("URI");
    let change = "<ExternalService><Server>10.9.9.9</Server></ExternalService>";
    assert_eq!(client.put(paths[0], change).status, 204);
    assert_eq!(client.delete(paths[4]).status, 204);
    client.create(
        "/vmrest/schedulesets",
        "<ScheduleSet><DisplayName>Nights</DisplayName></ScheduleSet>",
    );
    expect![[r#"
        created /vmrest/schedulesets/e8020f0a-e2ef-4776-9851-588c4f49ea0d (Nights)
          ObjectId: "e8020f0a-e2ef-4776-9851-588c4f49ea0d"
          DisplayName: "Nights"
          OwnerLocationObjectId: "6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7"
          Undeletable: "false"
        updated /vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78 (UMS_API)
          Server: "10.9.9.9", before "10.65.156.190"
        deleted /vmrest/externalservices/c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426 (Shared_MeetingPlace)
          ObjectId: no value, before "c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426"
          DisplayName: no value, before "Shared_MeetingPlace"
          IsEnabled: no value, before "true"
          Server: no value, before "10.76.175.167"
          ServiceAlias: no value, before "admin"
          ServicePassword: no value, before "[redacted]"
          ServerType: no value, before "1"
          SupportsCalendarCapability: no value, before "true"
          SupportsMeetingCapability: no value, before "true"
          TransferExtensionDialString: no value, before "111111""#]]
    .assert_eq(&mock.diff(Baseline::Seed).to_string());
    let json = client.control("GET", "/__mock/diff", "").body;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (
            &json["created"],
            &json["updated"],
            &json["deleted"],
            &json["is_complete"]
        ),
        (&1.into(), &1.into(), &1.into(), &true.into())
    );
    expect![[r#"{"change":"created","fields":[{"after":"e8020f0a-e2ef-4776-9851-588c4f49ea0d","before":null,"is_secret":false,"name":"ObjectId"},{"after":"Nights","before":null,"is_secret":false,"name":"DisplayName"},{"after":"6c7fff75-fdb6-4b08-8da0-4bb3540b7ea7","before":null,"is_secret":false,"name":"OwnerLocationObjectId"},{"after":"false","before":null,"is_secret":false,"name":"Undeletable"}],"name":"Nights","path":"/vmrest/schedulesets/e8020f0a-e2ef-4776-9851-588c4f49ea0d","resource":"schedulesets"}"#]].assert_eq(&json["objects"][0].to_string());
    let limited = client.control("GET", "/__mock/diff?limit=1", "").body;
    let limited: serde_json::Value = serde_json::from_str(&limited).expect("JSON");
    assert_eq!(limited["is_complete"], false);
    assert_eq!(limited["objects"].as_array().map(Vec::len), Some(1));
    mock.reset();
    assert!(mock.diff(Baseline::Seed).is_empty());
}

#[test]
fn a_snapshot_and_another_space_are_compared_with_the_current_records() {
    let mock = mock();
    let client = Client::of(&mock);
    client.create(TENANTS, tenant("acme"));
    mock.snapshot("one tenant");
    let second = client.create(TENANTS, tenant("other"));
    let difference = mock.diff("one tenant");
    assert_eq!(difference.deleted(), 0, "{difference}");
    let created = difference.objects().iter();
    let created: Vec<_> = created
        .filter(|object| object.resource() == "tenants")
        .collect();
    assert_eq!(created.len(), 1, "{difference}");
    assert_eq!(created[0].change(), Change::Created);
    assert_eq!(created[0].path(), second);
    assert_eq!(created[0].name(), Some("other"));
    let domain = created[0].field("SmtpDomain").expect("a field");
    assert_eq!(
        (domain.before(), domain.after()),
        (None, Some("other.example.com"))
    );
    let json = client.control("GET", "/__mock/diff?from=snapshot:one%20tenant", "");
    assert!(
        json.body.starts_with(r#"{"from":"snapshot:one tenant","#),
        "{json}"
    );
    mock.restore("one tenant");
    assert!(mock.diff("one tenant").is_empty());

    let alice = mock.space("alice");
    let difference = alice.diff(&*mock);
    assert!(difference.deleted() > 0, "{difference}");
    let json = client.control("GET", "/__mock/diff?from=space:alice", "");
    assert!(
        json.body
            .contains(r#""change":"created","resource":"tenants""#),
        "{json}"
    );
}

#[test]
fn an_unknown_state_is_an_error() {
    let mock = mock();
    let client = Client::of(&mock);
    let mut errors = String::new();
    for parameters in [
        "from=yesterday",
        "from=snapshot:none",
        "from=space:none",
        "space=*",
        "limit=x",
    ] {
        let response = client.control("GET", &format!("/__mock/diff?{parameters}"), "");
        errors += &format!("{} {}\n", response.status, response.body);
    }
    expect![[r#"
        400 {"error":"the parameter from is \"yesterday\", expected seed, snapshot:NAME or space:NAME"}
        404 {"error":"there is no snapshot \"none\", expected one of GET /__mock/snapshots"}
        404 {"error":"there is no space \"none\", expected one of GET /__mock/spaces"}
        400 {"error":"the parameter space is \"*\", expected the name of one space: this request cannot apply to all"}
        400 {"error":"the parameter limit is \"x\", expected a whole number from 0 to 18446744073709551615"}
    "#]].assert_eq(&errors);
}
