//! The mandatory fields and allowed values, per type and release. The tests follow the guides and not the tables of the
//! server.

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{Client, Service, exchange, meeting_place, office_365};

const SERVICES: &str = "/vmrest/externalservices";

fn oauth2() -> Service {
    office_365(Release::V12_5)
        .with("AuthenticationMode", "4")
        .with("ClientId", "id")
        .with("ClientSecret", "secret")
        .with("DirectoryID", "directory")
}

/// Returns a service of each type with only the fields that its guide lists as mandatory.
fn minimal(release: Release) -> Vec<(Service, Vec<&'static str>)> {
    let common = [
        "DisplayName",
        "ServiceAlias",
        "ServicePassword",
        "ServerType",
    ];
    let with = |more: &[&'static str]| [&common, more].concat();
    let mut types = vec![
        (
            meeting_place(),
            with(&["Server", "TransferExtensionDialString"]),
        ),
        match release {
            Release::V10_5 => (
                exchange(),
                with(&[
                    "Server",
                    "AuthenticationMode",
                    "ExchServerType",
                    "SecurityTransportType",
                ]),
            ),
            _ => (
                exchange().without("ExchServerType"),
                with(&["Server", "AuthenticationMode", "SecurityTransportType"]),
            ),
        },
        match release {
            Release::V10_5 => (office_365(release), with(&["Server"])),
            _ => (
                office_365(release),
                with(&["ExchOrgDomain", "ExchDoAutodiscover"]),
            ),
        },
    ];
    let of_oauth2 = ["ClientId", "ClientSecret", "DirectoryID"];
    let of_office_365 = ["ExchOrgDomain", "ExchDoAutodiscover"];
    match release {
        Release::V10_5 | Release::V11_5 => {}
        Release::V12_5 => types.push((
            oauth2(),
            with(&[of_oauth2.as_slice(), &of_office_365].concat()),
        )),
        _ => types.push((
            oauth2().without("ServiceAlias").without("ServicePassword"),
            [
                &["DisplayName", "ServerType"],
                of_oauth2.as_slice(),
                &of_office_365,
            ]
            .concat(),
        )),
    }
    types
}

#[test]
fn the_mandatory_fields_are_sufficient() {
    for &release in Release::ALL {
        let mock = CucMock::builder().release(release).start_blocking();
        for (service, _) in minimal(release) {
            let response = Client::of(&mock).post(SERVICES, service.xml());
            assert_eq!(
                response.status,
                201,
                "{release}: {} → {response}",
                service.xml()
            );
            assert_eq!(Client::of(&mock).delete(&response.body).status, 204);
        }
    }
}

#[test]
fn a_missing_or_empty_mandatory_field_is_rejected_and_named() {
    for &release in Release::ALL {
        let mock = CucMock::builder().release(release).start_blocking();
        let client = Client::of(&mock);
        let before = client.get(SERVICES).body;
        for (service, mandatory) in minimal(release) {
            for field in mandatory {
                for without in [
                    service.clone().without(field),
                    service.clone().with(field, ""),
                ] {
                    let response = client.post(SERVICES, without.xml());
                    let about = format!("{release} {}: {response}", without.xml());
                    assert_eq!(response.status, 400, "{about}");
                    let named = format!("Invalid parameter. Parameter = [{field}], Value = []");
                    let message = response.element("message").unwrap_or_default();
                    assert!(message.starts_with(&named), "{about}");
                }
            }
        }
        assert_eq!(
            client.get(SERVICES).body,
            before,
            "{release}: the store is unchanged"
        );
    }
}

#[test]
fn allowed_values_are_accepted_and_their_neighbours_rejected() {
    for &release in Release::ALL {
        let first = release == Release::V10_5;
        let office =
            |modes: &'static [&'static str]| (office_365(release), "AuthenticationMode", modes);
        let booleans: &[&str] = &["true", "false", "1", "0", "TRUE"];
        let allowed: Vec<(Service, &str, &[&str])> = vec![
            (exchange(), "AuthenticationMode", &["1", "2", "3"]),
            (meeting_place(), "AuthenticationMode", &["1", "2", "3"]),
            (exchange(), "SecurityTransportType", &["0", "1"]),
            (exchange(), "LdapSecurityTransportType", &["0", "1"]),
            (exchange(), "ExchServerType", &["0", "1"]),
            (exchange(), "MailboxSynchFaxAction", &["0", "1", "2", "3"]),
            (exchange(), "MailboxSynchEmailAction", &["0", "1", "2", "3"]),
            (exchange(), "IsEnabled", booleans),
            (exchange(), "ExchDoAutodiscover", booleans),
            (exchange(), "LdapValidateServerCertificate", booleans),
            (
                office_365(release),
                "ExchDoAutodiscover",
                if first {
                    booleans
                } else {
                    &["true", "1", "TRUE"]
                },
            ),
            match release {
                Release::V10_5 => office(&["1", "2", "3"]),
                Release::V11_5 => office(&["1", "3"]),
                _ => (oauth2(), "AuthenticationMode", &["1", "3", "4"]),
            },
        ];
        let tried = [
            "-1",
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "2147483648",
            "1.0",
            "one",
            "",
            "TRUE",
            "yes",
            "true",
            "false",
            " true ",
            " 1\n",
        ];
        let mock = CucMock::builder().release(release).start_blocking();
        let client = Client::of(&mock);
        for (service, field, values) in allowed {
            for value in tried {
                let body = service
                    .clone()
                    .with(field, value)
                    .with("DisplayName", "one")
                    .xml();
                let response = client.post(SERVICES, &body);
                let allowed = values.contains(&value) || values.contains(&value.trim());
                let about = format!("{release} {field}={value:?}: {body} → {response}");
                if allowed {
                    assert_eq!(response.status, 201, "{about}");
                    client.delete(&response.body);
                } else {
                    assert_eq!(response.status, 400, "{about}");
                    let named = format!("Parameter = [{field}]");
                    assert!(response.body.contains(&named), "{about}");
                }
            }
        }
    }
}

#[test]
fn server_type_accepts_only_the_three_services() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).post(SERVICES, exchange().with("ServerType", "0").xml());
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [ServerType], Value = [0]: expected 1, 4 or 5</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
}

#[test]
fn a_display_name_can_have_64_characters() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let named = |length: usize| exchange().with("DisplayName", &"ü".repeat(length)).xml();
    assert_eq!(client.post(SERVICES, named(64)).status, 201);
    let response = client.post(SERVICES, named(65));
    assert_eq!(response.status, 400);
    let message = response.element("message").unwrap_or_default();
    assert!(
        message.ends_with("expected at most 64 characters"),
        "{message}"
    );
}

#[test]
fn the_first_invalid_field_in_schema_order_is_named() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let first_invalid = |service: &Service| {
        let response = client.post(SERVICES, service.xml());
        let message = response.element("message").unwrap_or_default().to_owned();
        let (_, rest) = message.split_once("Parameter = [").expect("a parameter");
        rest.split_once(']')
            .expect("a closing bracket")
            .0
            .to_owned()
    };
    let type_only = exchange().with("ServerType", "9");
    assert_eq!(first_invalid(&type_only), "ServerType");
    let from_enabled = type_only.with("IsEnabled", "maybe");
    assert_eq!(first_invalid(&from_enabled), "IsEnabled");
    let from_name = from_enabled.with("DisplayName", "ums_api");
    assert_eq!(first_invalid(&from_name), "DisplayName");
    let from_mode = from_name
        .with("AuthenticationMode", "7")
        .with("ServerType", "4");
    assert_eq!(first_invalid(&from_mode), "AuthenticationMode");
}

#[test]
fn oauth2_has_default_endpoints_and_needs_its_release() {
    for &release in Release::ALL {
        let mock = CucMock::builder().release(release).start_blocking();
        let client = Client::of(&mock);
        let response = client.post(SERVICES, oauth2().xml());
        if release < Release::V12_5 {
            assert_eq!(response.status, 400, "{release}");
            continue;
        }
        let body = client.get(&response.body);
        let endpoint = body.element("AdAuthenticationEndpoint");
        assert_eq!(
            endpoint,
            Some("https://login.microsoftonline.com"),
            "{release}"
        );
        assert_eq!(
            body.element("ResourceURI"),
            Some("https://outlook.office365.com")
        );
        assert!(body.body.contains("<ClientSecret/>"));
    }
}

#[test]
fn an_updated_object_must_follow_the_rules_of_its_type() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let meeting_place = client.create(SERVICES, meeting_place().xml());
    let to_exchange = "<ExternalService><ServerType>4</ServerType></ExternalService>";
    let response = client.put(&meeting_place, to_exchange);
    expect![[r#"
        400 Bad Request
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>DATA_EXCEPTION</code>
        <message>Invalid parameter. Parameter = [AuthenticationMode], Value = []: expected a value, it is mandatory when ServerType is 4</message>
        </errors>
        </ErrorDetails>
    "#]].assert_eq(&response.to_string());
    let with_the_rest = "<ExternalService><ServerType>4</ServerType><AuthenticationMode>2</AuthenticationMode>\
        <ExchServerType>0</ExchServerType><SecurityTransportType>0</SecurityTransportType></ExternalService>";
    assert_eq!(client.put(&meeting_place, with_the_rest).status, 204);
    assert_eq!(client.get(&meeting_place).element("ServerType"), Some("4"));
}

#[test]
fn an_update_cannot_empty_a_mandatory_field_except_a_stored_secret() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let path = client.create(SERVICES, exchange().xml());
    let put = |element: &str| {
        client.put(
            &path,
            format!("<ExternalService>{element}</ExternalService>"),
        )
    };
    assert_eq!(put("<Server/>").status, 400);
    assert_eq!(put("<DisplayName></DisplayName>").status, 400);
    assert_eq!(put("<IsEnabled/>").status, 400);
    assert_eq!(put("<ServicePassword/>").status, 204);
    assert_eq!(put("").status, 204);
    assert!(client.get(&path).body.contains("<ServicePassword/>"));
}

#[test]
fn a_service_that_leaves_oauth2_needs_the_password_that_it_never_had() {
    let mock = CucMock::builder().release(Release::V14).start_blocking();
    let client = Client::of(&mock);
    let without = oauth2().without("ServiceAlias").without("ServicePassword");
    let path = client.create(SERVICES, without.xml());
    assert!(
        client.get(&path).body.contains("<ServicePassword/>"),
        "shown as ever"
    );
    let leave = "<ExternalService><AuthenticationMode>1</AuthenticationMode>\
        <ServiceAlias>a</ServiceAlias><ServicePassword/></ExternalService>";
    let response = client.put(&path, leave);
    assert_eq!(response.status, 400, "{response}");
    assert!(response.body.contains("[ServicePassword]"), "{response}");
}
