//! Schemas and the WADL.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
};

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, Response, XmlSchemaValidator, exchange, meeting_place, office_365,
};

#[test]
fn every_link_of_the_index_points_to_a_schema() {
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
        let response = client.get(link);
        assert_eq!(response.status, 200, "{link}");
        assert!(response.body.contains("<xs:schema "), "{link}: {response}");
    }
    assert_eq!(client.get("/vmrest/schema/ExternalServices").status, 200);
    assert_eq!(client.get("/vmrest/schema/Nothing").status, 404);
}

#[test]
fn the_wadl_has_the_base_of_the_request_and_each_path_with_its_methods_and_parameters() {
    let mock = CucMock::start_blocking();
    let response = Client::of(&mock).get("/vmrest/application.wadl");
    assert_eq!(
        response.header("Content-Type"),
        Some("application/vnd.sun.wadl+xml;charset=UTF-8")
    );
    let servers = between(
        &response.body,
        "<resource path=\"vmsservers\">",
        "<resource path=\"cluster\">",
    );
    expect![[r#"
        <resource path="vmsservers">
        <method id="listVmsServers" name="GET">
        <request>
        <param name="query" style="query" type="xs:string"/>
        <param name="sort" style="query" type="xs:string"/>
        <param name="rowsPerPage" style="query" type="xs:int"/>
        <param name="pageNumber" style="query" type="xs:int"/>
        </request>
        <response status="200">
        <representation mediaType="application/xml"/>
        <representation mediaType="application/json"/>
        </response>
        </method>
        <resource path="{objectid}">
        <param name="objectid" style="template" type="xs:string" required="true"/>
        <method id="readVmsServer" name="GET">
        <response status="200">
        <representation mediaType="application/xml"/>
        <representation mediaType="application/json"/>
        </response>
        </method>
        </resource>
        </resource>"#]]
    .assert_eq(&servers.replace("><", ">\n<"));
    let service = between(
        &response.body,
        "<resource path=\"externalservices\">",
        "<resource path=\"vmsservers\">",
    );
    let methods: Vec<_> = service
        .split("<method ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect();
    expect![[r#"
        id="listExternalServices" name="GET"
        id="createExternalService" name="POST"
        id="readExternalService" name="GET"
        id="updateExternalService" name="PUT"
        id="deleteExternalService" name="DELETE""#]]
    .assert_eq(&methods.join("\n"));
    for (host, base) in [
        ("cuc.example:8443", "http://cuc.example:8443/vmrest/"),
        ("[::1]", "http://[::1]/vmrest/"),
    ] {
        let request = format!(
            "GET /vmrest/application.wadl HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
        );
        let response = Client::of(&mock).exchange(request.as_bytes());
        assert!(
            response
                .body
                .contains(&format!("<resources base=\"{base}\">")),
            "{response}"
        );
    }
}

/// Returns the part of a text from `start` to `end`.
#[track_caller]
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).expect("the start");
    let length = text[from..].find(end).expect("the end");
    &text[from..from + length]
}

/// Validates a response against a schema page.
#[track_caller]
fn validate(validator: &XmlSchemaValidator, client: Client, schema: &str, response: &Response) {
    let xsd = client.get(&format!("/vmrest/schema/{schema}")).body;
    let errors = validator.errors(&xsd, &[&response.body]);
    assert_eq!(errors, "", "{schema}: {response}");
}

/// The maximum number of documents with one root element.
const DOCUMENTS: usize = 8;

/// Returns the lists and objects that the links of others lead to, by their root elements.
fn documents(client: Client) -> BTreeMap<String, Vec<String>> {
    let wadl = client.get("/vmrest/application.wadl").body;
    let paths = wadl.split("<resource path=\"").skip(1);
    let paths = paths.filter_map(|rest| rest.split('"').next());
    let mut open: VecDeque<_> = paths.map(|path| format!("/vmrest/{path}")).collect();
    let mut known = BTreeSet::new();
    let mut documents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(path) = open.pop_front() {
        let is_audio = ["/audio", "/voicename", ".wav"];
        let is_audio = is_audio.iter().any(|end| path.ends_with(end));
        let is_new = !is_audio && !path.contains('{') && known.insert(path.clone());
        let Some(response) = is_new.then(|| client.get(&path)) else {
            continue;
        };
        let root = response.body.split("?><").nth(1);
        let root = root.and_then(|rest| rest.split(['>', ' ', '/']).next());
        // Some paths need a parameter of the query string.
        let Some(root) = root.filter(|_| response.status == 200) else {
            continue;
        };
        let alike = documents.entry(root.to_owned()).or_default();
        if alike.len() < DOCUMENTS {
            let links = response.body.split(">/vmrest/").skip(1);
            let links = links.filter_map(|rest| rest.split('<').next());
            open.extend(links.map(|link| format!("/vmrest/{link}")));
            alike.push(response.body);
        }
    }
    documents
}

#[test]
fn every_list_and_object_conforms_to_its_schema_in_every_release() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    for release in Release::ALL {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mock = CucMock::builder()
            .release(*release)
            .fixtures(root.join("configured"))
            .fixtures(root.join("tenants.xml"))
            .start_blocking();
        let client = Client::of(&mock);
        let complete = exchange()
            .with("LdapSecurityTransportType", "1")
            .with("ProxyServer", "")
            .with("ClientSecret", "x");
        for service in [complete, meeting_place(), office_365(*release)] {
            client.create("/vmrest/externalservices", service.xml());
        }
        let documents = documents(client);
        assert!(documents.len() > 100, "{release}: {:?}", documents.keys());
        let mut without_schema = Vec::new();
        for (element, documents) in documents {
            let schema = client.get(&format!("/vmrest/schema/{element}"));
            if schema.status == 404 {
                without_schema.push(element);
                continue;
            }
            let errors = validator.errors(&schema.body, &documents);
            assert_eq!(errors, "", "{release} {element}");
        }
        // Endpoints write documents of their own.
        assert_eq!(without_schema, ["Mailboxes"], "{release}");
    }
}

#[test]
fn every_other_response_conforms_to_its_schema() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for path in ["/vmrest/version", "/vmrest/version/product"] {
        validate(&validator, client, "VersionInformation", &client.get(path));
    }
    validate(&validator, client, "Schemas", &client.get("/vmrest/schema"));
    let image_only = format!("{ADMIN_AUTHORIZATION}Accept: image/png\r\n");
    let text = format!("{ADMIN_AUTHORIZATION}Content-Type: text/plain\r\n");
    let tenants = "/vmrest/tenants";
    for (status, response) in [
        (400, client.post(tenants, "<Tenant/>")),
        (400, client.get("/vmrest/tenants?query=(bogus)")),
        (404, client.get("/vmrest/tenants/bogus")),
        (404, client.get("/vmrest/nothing")),
        (405, client.delete(tenants)),
        (406, client.request("GET", tenants, &image_only, b"")),
        (413, client.post(tenants, " ".repeat(2_000_000))),
        (415, client.request("POST", tenants, &text, b"x")),
    ] {
        assert_eq!(response.status, status);
        validate(&validator, client, "ErrorDetails", &response);
    }
}
