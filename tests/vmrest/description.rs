//! Schemas, and the list of what can be asked.

use std::process::Command;

use cuc_mock::{CucMock, Release};

use crate::support::{Client, exchange, meeting_place, office_365};

#[test]
fn every_link_of_the_index_leads_to_a_schema() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let index = client.get("/vmrest/schema").body;
    let links: Vec<_> = index
        .split("<URI>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    assert!(
        links.contains(&"/vmrest/schema/ExternalService"),
        "{links:?}"
    );
    for link in links {
        let answer = client.get(link);
        assert_eq!(answer.status, 200, "{link}");
        assert!(answer.body.contains("<xs:schema "), "{link}: {answer}");
    }
    assert_eq!(client.get("/vmrest/schema/ExternalServices").status, 200);
    assert_eq!(client.get("/vmrest/schema/Nothing").status, 404);
}

#[test]
fn the_wadl_names_each_path_with_its_methods() {
    let mock = CucMock::start_blocking();
    let answer = Client::of(&mock).get("/vmrest/application.wadl");
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/vnd.sun.wadl+xml")
    );
    let service = r#"<resource path="externalservices/{objectid}"><method name="GET"/><method name="PUT"/><method name="DELETE"/></resource>"#;
    assert!(answer.body.contains(service), "{answer}");
    assert!(
        answer
            .body
            .contains(r#"<resource path="users"><method name="GET"/></resource>"#),
        "{answer}"
    );
}

/// Whether there is a validator on this machine. The project's own checks install one.
fn has_xmllint() -> bool {
    Command::new("xmllint").arg("--version").output().is_ok()
}

#[test]
fn every_answer_is_valid_by_its_schema() {
    if !has_xmllint() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for release in Release::ALL {
        let mock = CucMock::builder().release(*release).start_blocking();
        let client = Client::of(&mock);
        for service in [exchange(), meeting_place(), office_365(*release)] {
            client.create("/vmrest/externalservices", service.xml());
        }
        client.create(
            "/vmrest/tenants",
            "<Tenant><Alias>x</Alias><SmtpDomain>x</SmtpDomain></Tenant>",
        );
        for (schema, paths) in [
            (
                "ExternalService",
                vec![
                    "externalservices",
                    "externalservices?rowsPerPage=0",
                    "externalservices/c2a8f7b4-1e60-4d95-9b3f-70d5e8a1c426",
                ],
            ),
            (
                "Tenant",
                vec!["tenants", "tenants/069b8e41-8051-4eee-b653-1854f7e68cd8"],
            ),
            ("VmsServer", vec!["vmsservers", "cluster"]),
            ("User", vec!["users", "users?rowsPerPage=1"]),
            ("UserTemplate", vec!["usertemplates"]),
            ("VersionInformation", vec!["version", "version/product"]),
            ("ErrorDetails", vec!["nothing", "tenants/bogus"]),
        ] {
            let xsd = folder.path().join("schema.xsd");
            std::fs::write(&xsd, client.get(&format!("/vmrest/schema/{schema}")).body).unwrap();
            for path in paths {
                let document = folder.path().join("answer.xml");
                std::fs::write(&document, client.get(&format!("/vmrest/{path}")).body).unwrap();
                let output = Command::new("xmllint")
                    .args(["--noout", "--nonet", "--schema"])
                    .args([&xsd, &document])
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{release} {path}: {said}");
            }
        }
    }
}
