//! The contents of error responses that a user describes.

use std::{fs, path::Path};

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, Response, ServerProcess, XmlSchemaValidator, authorization,
    cuc_mock, output,
};

/// Returns the example of the documentation.
fn documented() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/resources.md")).expect("a page");
    let start = page.find("<errors>\n").expect("the example");
    let length = page[start..].find("```").expect("its end");
    page[start..start + length].to_owned()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

fn start(release: Release, document: &str) -> CucMock {
    let folder = folder(&[("errors.xml", document)]);
    let builder = CucMock::builder().resources(folder.path());
    builder.release(release).start_blocking()
}

/// Returns the status, the provenance, the code and the message of a response.
fn content(response: &Response) -> String {
    let provenance = response.header("X-Cuc-Mock-Provenance").unwrap_or_default();
    let text = |name| response.element(name).unwrap_or_default();
    format!(
        "{} {provenance} {}: {}",
        response.status,
        text("code"),
        text("message")
    )
}

#[test]
fn the_documented_errors_are_sent() {
    let mock = start(Release::V10_5, &documented());
    let client = Client::of(&mock);
    let none = "/vmrest/tenants/none";
    let found = [
        client.post("/vmrest/tenants", "<Tenant/>"),
        client.post("/vmrest/externalservices", "<ExternalService/>"),
        client.put(none, "<Tenant/>"),
        client.get(none),
    ];
    let found: Vec<_> = found.iter().map(content).collect();
    expect![[r#"
        400 captured INVALID_PARAMETER: Alias is missing
        400 inferred DATA_EXCEPTION: Invalid parameter. Parameter = [DisplayName], Value = []: expected a value, it is mandatory
        404 captured NOT_FOUND: Tenant not found 
        404 documented NOT_FOUND: tenant - ObjectId=none"#]].assert_eq(&found.join("\n"));
    expect![[r#"
        404 Not Found
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>NOT_FOUND</code>
        <message>Tenant not found </message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.put(none, "<Tenant/>").to_string());
    let json = client.send_json("PUT", none, "{}");
    expect![[r#"
        404 Not Found
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: captured

        {"errors":{"code":"NOT_FOUND","message":"Tenant not found "}}
    "#]]
    .assert_eq(&json.to_string());
}

/// One entry for each rule, with all its placeholders.
const EVERY_RULE: &str = r#"<errors>
  <evidence id="page" client="a page"/>
  <error rule="required" message="[required] {field}: {expected} {value}" by="page"/>
  <error rule="type" message="[type] {field}: {expected} {value}" by="page"/>
  <error rule="choices" message="[choices] {field}: {expected} {value}" by="page"/>
  <error rule="max-length" message="[max-length] {field}: {expected} {value}" by="page"/>
  <error rule="range" message="[range] {field}: {expected} {value}" by="page"/>
  <error rule="unique" message="[unique] {field}: {expected} {value}" by="page"/>
  <error rule="references" message="[references] {field}: {expected} {value}" by="page"/>
  <error rule="clears" message="[clears] {field}: {expected} {value}" by="page"/>
  <error rule="parent" message="[parent] {field}: {expected} {value}" by="page"/>
  <error rule="key" message="[key] {field}: {expected} {value}" by="page"/>
  <error rule="order" message="[order] {field}: {expected} {value}" by="page"/>
  <error rule="referenced" message="[referenced] {element} {field} {referrer}" by="page"/>
  <error rule="undeletable" status="403" message="[undeletable] {element}" by="page"/>
  <error rule="refused" message="[refused] {problem}" by="page"/>
  <error rule="template" message="[template] {parameter} {found} {field} {element}" by="page"/>
  <error rule="template-missing" message="[template-missing] {parameter} {field} {element}" by="page"/>
  <error rule="not-found" message="[not-found] {element} {kind} {field} {id}{identity}" by="page"/>
  <error rule="query" message="[query] {place} {found} {expected}" by="page"/>
  <error rule="body" message="[body] {line} {column} {problem}; {reason}" by="page"/>
  <error rule="root" message="[root] {line} {column} {problem}; {reason}" by="page"/>
  <error rule="method" status="400" message="[method] {path} {method} {allowed}" by="page"/>
  <error rule="not-implemented" status="410" message="[not-implemented] {path}" by="page"/>
</errors>"#;

const LAMPS: &str = r#"<resource path="users/{UserObjectId}/lamps" list="Lamps" element="Lamp" key="Number">
  <evidence id="page" inferred="invented"/>
  <verb name="list" by="page"/>
  <verb name="create" by="page"/>
  <order field="Position" by="page"/>
  <template resource="usertemplates" parameter="template" field="Alias" by="page"/>
  <guid name="UserObjectId" access="create" by="page"><required by="page"/></guid>
  <integer name="Number" access="create" by="page"><required by="page"/></integer>
  <integer name="Position" by="page"/>
  <integer name="Level" by="page"><range min="0" max="9" by="page"/></integer>
  <integer name="Kind" by="page"><choices values="1 2" by="page"/></integer>
  <text name="Colour" by="page"><max-length characters="3" by="page"/></text>
  <text name="Heat" by="page"><clears field="Colour" by="page"/></text>
  <guid name="TenantObjectId" by="page">
    <references resource="tenants" on-delete="refuse" by="page"/>
  </guid>
</resource>"#;

#[test]
fn every_rule_has_a_content_that_can_be_described() {
    let files = [("errors.xml", EVERY_RULE), ("lamps.xml", LAMPS)];
    let folder = folder(&files);
    let mock = CucMock::builder().resources(folder.path()).start_blocking();
    let client = Client::of(&mock);
    let first = |path: &str| {
        let list = client.get(path);
        list.element("ObjectId").expect("an object").to_owned()
    };
    let (user, template) = (first("/vmrest/users"), client.get("/vmrest/usertemplates"));
    let template = template.element("Alias").expect("a template").to_owned();
    let acme = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.org</SmtpDomain></Tenant>";
    let tenant = client.create("/vmrest/tenants", acme);
    let tenant_id = tenant.rsplit('/').next().expect("an id");
    let lamps = format!("/vmrest/users/{user}/lamps");
    let create = format!("{lamps}?template={template}");
    let lamp = |fields: &str| client.post(&create, format!("<Lamp>{fields}</Lamp>"));
    let used = format!("<Number>1</Number><TenantObjectId>{tenant_id}</TenantObjectId>");
    assert_eq!(lamp(&used).status, 201);
    let orphan = create.replace(&user, "00000000-0000-4000-8000-000000000000");
    let found = [
        client.post("/vmrest/tenants", "<Tenant/>"),
        lamp("<Number>x</Number>"),
        lamp("<Number>2</Number><Kind>7</Kind>"),
        lamp("<Number>2</Number><Colour>green</Colour>"),
        lamp("<Number>2</Number><Level>10</Level>"),
        client.post("/vmrest/tenants", acme),
        lamp(&used.replace(tenant_id, &user).replace(">1<", ">2<")),
        lamp("<Number>2</Number><Colour>red</Colour><Heat>1</Heat>"),
        client.post(&orphan, "<Lamp><Number>2</Number></Lamp>"),
        lamp("<Number>1</Number>"),
        client.put(&lamps, "<Lamps/>"),
        client.delete(&tenant),
        client.post(
            &format!("{lamps}?template=none"),
            "<Lamp><Number>2</Number></Lamp>",
        ),
        client.post(&lamps, "<Lamp><Number>2</Number></Lamp>"),
        client.get("/vmrest/tenants/none"),
        client.put("/vmrest/tenants/none", "<Tenant/>"),
        client.get("/vmrest/tenants?query=(Colour+is+x)"),
        client.post("/vmrest/tenants", "<Tenant>"),
        client.post("/vmrest/tenants", "<ExternalService/>"),
        client.delete("/vmrest/tenants"),
        client.request_unchecked("GET", "/vmrest/none", ADMIN_AUTHORIZATION),
        client.delete(&format!("/vmrest/users/{user}")),
        {
            let ann = "<User><Alias>ann</Alias><DtmfAccessId>5001</DtmfAccessId></User>";
            client.create(&format!("/vmrest/users?templateAlias={template}"), ann);
            client.post("/vmrest/tenants", acme.replace("acme", "other"))
        },
    ];
    let found: Vec<_> = found
        .iter()
        .map(|response| {
            let content = content(response);
            content
                .replace(tenant_id, "<tenant>")
                .replace(&user, "<user>")
        })
        .collect();
    expect![[r#"
        400 client DATA_EXCEPTION: [required] Alias: a value, it is mandatory 
        400 client DATA_EXCEPTION: [type] Number: a whole number x
        400 client DATA_EXCEPTION: [choices] Kind: 1 or 2 7
        400 client DATA_EXCEPTION: [max-length] Colour: at most 3 characters green
        400 client DATA_EXCEPTION: [range] Level: a whole number from 0 to 9 10
        400 client DATA_EXCEPTION: [unique] Alias: a value that no other Tenant has acme
        400 client DATA_EXCEPTION: [references] TenantObjectId: the ObjectId of a Tenant <user>
        400 client DATA_EXCEPTION: [clears] Heat: no value beside one in Colour 1
        400 client DATA_EXCEPTION: [parent] UserObjectId: the ObjectId of a User 00000000-0000-4000-8000-000000000000
        400 client DATA_EXCEPTION: [key] Number: a value that no other Lamp at the path has 1
        400 client DATA_EXCEPTION: [order] Number: those of all 1 objects at the path 0 values
        400 client DATA_EXCEPTION: [referenced] Tenant TenantObjectId Lamp
        400 client DATA_EXCEPTION: [template] template "none" Alias UserTemplate
        400 client DATA_EXCEPTION: [template-missing] template Alias UserTemplate
        404 client NOT_FOUND: [not-found] Tenant tenant ObjectId none - ObjectId=none
        400 client DATA_EXCEPTION: [not-found] Tenant tenant ObjectId none - ObjectId=none
        400 client DATA_EXCEPTION: [query] query: at character 2 "Colour" a column of Tenant
        400 client DATA_EXCEPTION: [body] 1 9 the document ends before its elements are closed; the document ends before its elements are closed
        400 client DATA_EXCEPTION: [root] 1 1 the root element is &lt;ExternalService&gt;, expected &lt;Tenant&gt;; the root element is another one, expected &lt;Tenant&gt;
        400 client METHOD_NOT_ALLOWED: [method] /vmrest/tenants DELETE GET, HEAD, POST, OPTIONS
        410 client NOT_FOUND: [not-implemented] /vmrest/none
        403 client METHOD_NOT_ALLOWED: [undeletable] User
        400 client DATA_EXCEPTION: [refused] Invalid parameter. Parameter = [Non-Tenant users exists on Unity Connection.Cannot proceed with Tenant creation.], Value = [tbl_user]
    "#]].assert_eq(&(found.join("\n") + "\n"));
    let rules = EVERY_RULE.matches("[").count();
    let sent = EVERY_RULE.split('[').skip(1).filter(|entry| {
        let rule = entry.split(']').next().expect("a rule");
        found.iter().any(|line| line.contains(&format!("[{rule}]")))
    });
    assert_eq!(sent.count(), rules, "{found:#?}");
}

#[test]
fn the_error_for_a_name_that_no_space_can_have_can_be_described() {
    let document = r#"<errors>
  <error rule="space-name" status="422" code="SPACE" message="no: {problem}" captured="our server"/>
</errors>"#;
    let folder = folder(&[("errors.xml", document)]);
    let path = folder.path().to_str().expect("a path in UTF-8");
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--spaces",
        "auto",
        "--resources",
        path,
    ];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let long = authorization(&"x".repeat(1000));
    let response = server
        .client()
        .request_unchecked("GET", "/vmrest/tenants", &long);
    expect!["422 captured SPACE: no: expected a name of 1 to 256 bytes that is not * for a space"]
        .assert_eq(&content(&response));
}

#[test]
fn the_most_precise_entry_is_used_and_faults_are_not_changed() {
    let mock = start(
        Release::V12_5,
        r#"<errors>
  <error rule="not-found" status="410" inferred="all"/>
  <error rule="not-found" verb="delete" status="411" client="deletes"/>
  <error rule="not-found" resource="tenants" status="412" documented="tenants"/>
  <error rule="not-found" resource="tenants" verb="update" status="413" captured="updates of tenants"/>
  <error rule="not-found" resource="users" status="414" until="11.5"/>
</errors>"#,
    );
    let client = Client::of(&mock);
    let found = [
        client.get("/vmrest/users/none"),
        client.delete("/vmrest/externalservices/none"),
        client.delete("/vmrest/tenants/none"),
        client.put("/vmrest/tenants/none", "<Tenant/>"),
        client.put("/vmrest/externalservices/none", "<ExternalService/>"),
    ];
    let found: Vec<_> = found.iter().map(content).collect();
    expect![[r#"
        410 inferred NOT_FOUND: user - ObjectId=none
        411 client NOT_FOUND: externalservice - ObjectId=none
        412 documented NOT_FOUND: tenant - ObjectId=none
        413 captured DATA_EXCEPTION: Tenant not found 
        410 inferred DATA_EXCEPTION: ExternalService not found 
    "#]]
    .assert_eq(&(found.join("\n") + "\n"));
    let journal = client.control("GET", "/__mock/requests", "").body;
    let journal: serde_json::Value = serde_json::from_str(&journal).expect("a journal");
    let reason = &journal["requests"][0]["reason"];
    expect![[r#"{"evidence":"inferred","expected":null,"field":null,"kind":"not_found","message":"user - ObjectId=none","value":null}"#]].assert_eq(&reason.to_string());
    let fault =
        r#"{"requests": {"path": "/vmrest/users/none"}, "effect": {"answer": {"status": 404}}}"#;
    assert_eq!(client.control("POST", "/__mock/faults", fault).status, 201);
    let replaced = client.request_unchecked("GET", "/vmrest/users/none", ADMIN_AUTHORIZATION);
    assert_eq!(replaced.status, 404);
}

#[test]
fn all_mistakes_of_errors_are_reported_with_their_places() {
    let broken = r#"<errors version="1">
  <error status="400"/>
  <error rule="requird" status="400"/>
  <error rule="something" status="400"/>
  <error rule="required"/>
  <error rule="required" status="399"/>
  <error rule="required" status="600"/>
  <error rule="required" verb="creat" status="400"/>
  <error rule="required" verb="delete" status="400"/>
  <error rule="method" verb="create" status="400"/>
  <error rule="method" resource="tenants" status="400"/>
  <error rule="required" message="{fild} is missing"/>
  <error rule="body-incomplete" message="{field}"/>
  <error rule="required" status="400" captured=""/>
  <error rule="required" status="400" by="page"/>
  <error rule="required" status="400" colour="red"/>
  <error rule="required" status="400" inferred="x" when="A is 1"/>
  <error rule="required" status="400"><a/></error>
  <response/>
</errors>"#;
    let conflicting = r#"<errors>
  <error rule="required" verb="create" status="400"/>
  <error rule="required" verb="create" code="A"/>
  <error rule="required" verb="create" code="A" resource="tenant"/>
  <error rule="required" verb="update" code="A" resource="tenants"/>
</errors>"#;
    let documents = [("a.xml", broken), ("b.xml", conflicting)];
    let found = [&documents[..], &[("c.xml", "<error/>")]].map(|documents| {
        let folder = folder(documents);
        let mut command = cuc_mock(&["check", "--resources", "."]);
        let (status, _, stderr) = output(command.current_dir(folder.path()));
        assert_eq!(status, 2);
        stderr
    });
    expect![[r#"
        ./a.xml:1:1: <errors> has the attribute version, expected xsi:noNamespaceSchemaLocation, xmlns:xsi
        ./a.xml:2:3: <error> lacks the attribute rule, found status
        ./a.xml:3:3: rule is "requird", expected required
        ./a.xml:4:3: rule is "something", expected required, type, choices, max-length, extension, range, unique, references, clears, parent, key, order, referenced, undeletable, refused, forbidden, not-allowed, template, template-missing, not-found, query, body, root, body-incomplete, space-name, method, not-implemented
        ./a.xml:5:3: <error> changes nothing, expected at least one of the attributes status, code and message
        ./a.xml:6:3: status is "399", expected the status of an error, 400 to 599
        ./a.xml:7:3: status is "600", expected the status of an error, 400 to 599
        ./a.xml:8:3: verb is "creat", expected list, read, create, update, delete
        ./a.xml:9:3: verb is "delete", expected a verb that can break required: create, update
        ./a.xml:10:3: found the attribute verb, expected none: method has no verbs
        ./a.xml:11:3: found the attribute resource, expected none: method has no verbs
        ./a.xml:12:3: found {fild} in the message, expected a placeholder of required: {field}, {value}, {expected}
        ./a.xml:13:3: found {field} in the message, expected none: body-incomplete has no placeholders
        ./a.xml:14:3: the evidence is empty, expected its source
        ./a.xml:15:3: by is "page", expected the id of an <evidence> before this element
        ./a.xml:16:3: <error> has the attribute colour, expected rule, verb, resource, status, code, message, since, until
        ./a.xml:17:3: found a condition, expected none of when and unless
        ./a.xml:18:3: the error is given twice, expected it once
        ./a.xml:18:39: found <a> in <error>, expected no children
        ./a.xml:19:3: found <response>, expected <evidence> or <error>
        ./b.xml:3:3: the error is given twice, expected it once
        ./b.xml:4:3: resource is "tenant", expected the path of a resource of release 10.5
        ./c.xml:1:1: found <error>, expected <resource>, <resources>, <responses> or <errors>
    "#]].assert_eq(&found.concat());
}

#[test]
fn the_schema_accepts_errors_and_finds_mistakes() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let (status, schema, stderr) = output(&mut cuc_mock(&["schema", "resources"]));
    assert_eq!((status, stderr.as_str()), (0, ""));
    let documented = documented();
    let valid = [documented.as_str(), EVERY_RULE];
    assert_eq!(validator.errors(&schema, &valid), "");
    for (right, wrong) in [
        ("rule=\"required\"", "rule=\"requird\""),
        ("verb=\"create\"", "verb=\"make\""),
        ("status=\"404\"", "status=\"200\""),
        ("message=", "massage="),
    ] {
        let document = documented.replacen(right, wrong, 1);
        assert_ne!(document, documented, "{right}");
        assert_ne!(validator.errors(&schema, &[document]), "", "{wrong}");
    }
}
