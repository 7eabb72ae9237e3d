//! Responses from files, for requests that no resource serves.

use std::{fs, path::Path};

use cuc_mock::{CucMock, Release};
use expect_test::expect;

use crate::support::{
    ADMIN_AUTHORIZATION, Client, XmlSchemaValidator, authorization, cuc_mock, output,
};

/// Returns the example of the documentation.
fn documented() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/resources.md")).expect("a page");
    let start = page.find("<responses>\n").expect("the example");
    let length = page[start..].find("```").expect("its end");
    page[start..start + length].to_owned()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

fn start(files: &[(&str, &[u8])]) -> CucMock {
    let folder = folder(files);
    CucMock::builder().resources(folder.path()).start_blocking()
}

fn start_with(responses: &str) -> CucMock {
    let document = format!("<responses>{responses}</responses>");
    start(&[("responses.xml", document.as_bytes())])
}

#[test]
fn the_documented_responses_are_sent() {
    let mock = start(&[("licenses.xml", documented().as_bytes())]);
    let client = Client::of(&mock);
    let usage = "/vmrest/licenses/basic%20%22%C3%A9%22/usage";
    expect![[r#"
        200 OK
        X-Cuc-Mock-Provenance: captured
        Content-Type: application/json

        {"license": "basic \"é\"", "used": "12"}
    "#]]
    .assert_eq(&client.get(usage).to_string());
    expect![[r#"
        202 Accepted
        X-Cuc-Mock-Provenance: client
        Location: /vmrest/licenses/basic%20%22%C3%A9%22/usage
    "#]]
    .assert_eq(&client.post(usage, "").to_string());
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: inferred

        <Licenses total="1">
        <License>
        <Name>basic</Name>
        </License>
        </Licenses>
    "#]]
    .assert_eq(
        &client
            .get("/vmrest/licenses/?query=(Name+is+x)")
            .to_string(),
    );
    let head = client.request("HEAD", usage, ADMIN_AUTHORIZATION, b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    expect![[r#"
        405 Method Not Allowed
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: documented
        Allow: GET, HEAD, POST, OPTIONS

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ErrorDetails>
        <errors>
        <code>METHOD_NOT_ALLOWED</code>
        <message>Unable to perform requested method because /vmrest/licenses/a/usage does not support DELETE: expected GET, HEAD, POST, OPTIONS</message>
        </errors>
        </ErrorDetails>
    "#]]
    .assert_eq(&client.delete("/vmrest/licenses/a/usage").to_string());
    let options = client.request("OPTIONS", usage, ADMIN_AUTHORIZATION, b"");
    let allow = options.header("Allow");
    assert_eq!(
        (options.status, allow),
        (200, Some("GET, HEAD, POST, OPTIONS"))
    );
    assert_eq!(client.get("/vmrest/licenses/a/b/usage").status, 404);
    assert_eq!(client.request("GET", usage, "", b"").status, 401);
}

#[test]
fn values_of_the_path_are_escaped_for_the_content_type() {
    let mock = start_with(
        r#"<response method="GET" path="xml/{A}/{B}/{C}"><body><a b="{C}">{B}{A}</a></body></response>
           <response method="GET" path="json/{A}"><body>["{A}", {"b": {}}]</body></response>
           <response method="GET" path="text/{A}"><body>{A} &lt;{A}&gt;</body></response>
           <response method="GET" path="html/{A}">
             <header name="content-type" value="text/html"/>
             <header name="X-Name" value="is {A}"/><header name="X-Name" value="too"/>
             <body>{A}</body>
           </response>
           <response method="GET" path="plain"><body>{"A": "{A}"}</body></response>"#,
    );
    let client = Client::of(&mock);
    let sent = |path: &str| {
        let response = client.get(&format!("/vmrest/{path}"));
        let content_type = response.header("Content-Type").unwrap_or_default();
        format!("{content_type}: {}\n", response.body)
    };
    let value = "%3Cb%20c=%22%27%26%5C%0D%0A%00%2F{A}";
    let paths = [
        format!("xml/1/{value}/%F0%9F%93%9E"),
        format!("json/{value}"),
        format!("text/{value}"),
        format!("html/{value}"),
        "json/%FF%22".to_owned(),
        "plain".to_owned(),
    ];
    let sent: String = paths.iter().map(|path| sent(path)).collect();
    expect![[r#"
        application/xml;charset=UTF-8: <a b="📞">&lt;b c=&quot;&apos;&amp;\&#13;&#10;�/{A}1</a>
        application/json;charset=UTF-8: ["<b c=\"'&\\\r\n\u0000/{A}", {"b": {}}]
        text/plain;charset=UTF-8: <b c="'&\␍
        ␀/{A} <<b c="'&\␍
        ␀/{A}>
        text/html: &lt;b c=&quot;&apos;&amp;\&#13;&#10;�/{A}
        application/json;charset=UTF-8: ["%FF%22", {"b": {}}]
        application/json;charset=UTF-8: {"A": "{A}"}
    "#]]
    .assert_eq(&sent.replace('\r', "␍").replace('\0', "␀"));
    let headers = client.get(&format!("/vmrest/html/{value}")).to_string();
    expect![[r#"
        200 OK
        X-Cuc-Mock-Provenance: inferred
        Content-Type: text/html
        X-Name: is %3Cb%20c%3D%22%27%26%5C%0D%0A%00%2F%7BA%7D
        X-Name: too"#]]
    .assert_eq(headers.split("\n\n").next().expect("the headers"));
}

#[test]
fn a_body_may_be_a_file_of_any_bytes() {
    let sound: &[u8] = b"RIFF\xff\x00";
    let responses = br#"<responses>
        <response method="GET" path="greetings/{Id}/audio"><body file="bodies/sound.wav"/></response>
        <response method="GET" path="usage/{Id}"><body file="bodies/usage.json"/></response>
    </responses>"#;
    let mock = start(&[
        ("responses.xml", responses),
        ("bodies/sound.wav", sound),
        ("bodies/usage.json", b"{\"id\": \"{Id}\"}\n"),
    ]);
    let client = Client::of(&mock);
    let request = format!(
        "GET /vmrest/greetings/1/audio HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
    );
    let bytes = client.raw(request.as_bytes());
    assert!(bytes.ends_with(&[b"\r\n\r\n", sound].concat()));
    let head = String::from_utf8_lossy(&bytes);
    assert!(
        head.contains("Content-Type: application/octet-stream\r\n"),
        "{head}"
    );
    let usage = client.get("/vmrest/usage/a%22b");
    assert_eq!(usage.body, "{\"id\": \"a\\\"b\"}\n");
    let content_type = usage.header("Content-Type");
    assert_eq!(content_type, Some("application/json;charset=UTF-8"));
}

#[test]
fn the_server_and_the_most_specific_path_come_first() {
    let mock = start_with(
        r#"<response method="PATCH" path="tenants/{Id}" status="299"/>
           <response method="DELETE" path="cluster" status="298"/>
           <response method="GET" path="a/{X}" status="201"/>
           <response method="GET" path="a/b" status="202"/>
           <response method="PUT" path="a/c" status="203"/>
           <response method="GET" path="a/{X}/d" status="205"/>
           <response method="GET" path="{Any}/{Other}/{Third}" status="206"/>"#,
    );
    let client = Client::of(&mock);
    let status = |method: &str, path: &str| {
        let response = client.request(method, &format!("/vmrest/{path}"), ADMIN_AUTHORIZATION, b"");
        let allow = response.header("Allow").unwrap_or_default();
        format!("{method} {path}: {} {allow}\n", response.status)
    };
    let requests = [
        ("PATCH", "tenants/none"),
        ("GET", "tenants/none"),
        ("POST", "tenants/none"),
        ("DELETE", "cluster"),
        ("POST", "cluster"),
        ("GET", "a/x"),
        ("GET", "a/b"),
        ("PUT", "a/b"),
        ("GET", "a/c"),
        ("PUT", "a/c"),
        ("POST", "a/c"),
        ("GET", "a/b/d"),
        ("GET", "a/b/e"),
        ("GET", "schema/a/b"),
        ("OPTIONS", "a/b/d"),
        ("GET", "a"),
    ];
    let statuses: String = requests
        .iter()
        .map(|(method, path)| status(method, path))
        .collect();
    expect![[r#"
        PATCH tenants/none: 299 
        GET tenants/none: 404 
        POST tenants/none: 405 GET, HEAD, PUT, DELETE, PATCH, OPTIONS
        DELETE cluster: 298 
        POST cluster: 405 GET, HEAD, DELETE, OPTIONS
        GET a/x: 201 
        GET a/b: 202 
        PUT a/b: 405 GET, HEAD, OPTIONS
        GET a/c: 201 
        PUT a/c: 203 
        POST a/c: 405 GET, HEAD, PUT, OPTIONS
        GET a/b/d: 205 
        GET a/b/e: 206 
        GET schema/a/b: 206 
        OPTIONS a/b/d: 200 GET, HEAD, OPTIONS
        GET a: 404 
    "#]]
    .assert_eq(&statuses);
}

#[test]
fn responses_are_part_of_the_journal_the_coverage_and_the_metrics_and_survive_a_reset() {
    let mock = start(&[("licenses.xml", documented().as_bytes())]);
    let client = Client::of(&mock);
    let path = "/vmrest/licenses/basic/usage";
    client.get(path);
    let coverage = mock.coverage();
    assert_eq!(
        (coverage.responses.offered, coverage.responses.touched),
        (3, 1)
    );
    expect![[r#"["response: POST licenses/{Name}/usage", "response: GET licenses"]"#]].assert_eq(
        &format!(
            "{:?}",
            coverage
                .untouched()
                .filter(|name| name.starts_with("response"))
                .collect::<Vec<_>>()
        ),
    );
    let table = coverage.to_string();
    assert!(table.contains("responses of the user: 1/3\n"), "{table}");
    assert_eq!(coverage.touched(), 1);
    let journal = client.control("GET", "/__mock/requests", "").body;
    let journal: serde_json::Value = serde_json::from_str(&journal).expect("a journal");
    let entry = &journal["requests"][0];
    let recorded = [
        &entry["path"],
        &entry["provenance"],
        &entry["answer"]["body"],
    ];
    expect![[r#"[String("/vmrest/licenses/basic/usage"), String("captured"), String("{\"license\": \"basic\", \"used\": \"12\"}")]"#]].assert_eq(&format!("{recorded:?}"));
    let metrics = client.control("GET", "/__mock/metrics", "").body;
    assert!(
        metrics.contains(r#"route="/vmrest/licenses/{Name}/usage""#),
        "{metrics}"
    );
    client.control("POST", "/__mock/reset", "");
    assert_eq!(client.get(path).status, 200);
    client.control("DELETE", "/__mock/coverage", "");
    assert_eq!(mock.coverage().touched(), 0);
    let busy = r#"{"requests": {"path": "/vmrest/licenses/basic/usage"}, "effect": "busy"}"#;
    client.control("POST", "/__mock/faults", busy);
    let replaced = client.request_unchecked("GET", path, ADMIN_AUTHORIZATION);
    assert_eq!(replaced.status, 503);
}

#[test]
fn responses_belong_to_their_releases() {
    let text = br#"<responses>
        <response method="GET" path="a" until="11.5" status="201"/>
        <response method="GET" path="a" since="12.5" status="202"/>
    </responses>"#;
    for (release, expected) in [(Release::V10_5, 201), (Release::V15, 202)] {
        let folder = folder(&[("a.xml", text)]);
        let builder = CucMock::builder().resources(folder.path());
        let mock = builder.release(release).start_blocking();
        assert_eq!(Client::of(&mock).get("/vmrest/a").status, expected);
    }
}

#[test]
fn all_mistakes_of_responses_are_reported_with_their_places() {
    let broken = r#"<responses version="1">
  <evidence id="page" documented="our server"/>
  <response path="a"/>
  <response method="HEAD" path="a"/>
  <response method="GET" path="/a"/>
  <response method="GET" path="a/{X}/{X}"/>
  <response method="GET" path="a/../b"/>
  <response method="GET" path="b" status="101"/>
  <response method="GET" path="c" by="pages"/>
  <response method="GET" path="d" captured=""/>
  <response method="GET" path="e" sttus="200"/>
  <response method="GET" path="f" inferred="x" when="A is 1"/>
  <response method="GET" path="g/{X}">
    <header name="Content-Length" value="1"/>
    <header name="X-Cuc-Mock-Provenance" value="captured"/>
    <header name="a b" value="1"/>
    <header name="a" value="{Y}"/>
    <header name="a"/>
    <body>{"a": "{Y}"}</body>
    <body file="none.json">text</body>
    <boddy/>
  </response>
  <response method="DELETE" path="h" status="204"><body>text</body></response>
  <respond/>
</responses>"#;
    let conflicting = r#"<responses>
  <response method="GET" path="users/{Id}"/>
  <response method="GET" path="users/me"/>
  <response method="GET" path="version"/>
  <response method="GET" path="schema/{Name}"/>
  <response method="GET" path="users/{Id}/things"/>
  <response method="GET" path="users/{Other}/things"/>
  <response method="PUT" path="users/{Other}/things"/>
</responses>"#;
    let folder = folder(&[
        ("a.xml", broken.as_bytes()),
        ("b.xml", conflicting.as_bytes()),
        ("c.xml", b"<answers/>"),
    ]);
    let mut command = cuc_mock(&["check", "--resources", "."]);
    let (status, _, stderr) = output(command.current_dir(folder.path()));
    assert_eq!(status, 2);
    expect![[r#"
        ./a.xml:1:1: <responses> has the attribute version, expected xsi:noNamespaceSchemaLocation, xmlns:xsi
        ./a.xml:3:3: <response> lacks the attribute method, found path
        ./a.xml:4:3: method is "HEAD", expected GET, POST, PUT, PATCH, DELETE
        ./a.xml:5:3: found "/a", expected a path below /vmrest such as licenses/{Name}/usage, without a slash at its ends
        ./a.xml:6:3: the path contains {X} twice, expected it once
        ./a.xml:7:3: found "a/../b", expected a path below /vmrest such as licenses/{Name}/usage, without a slash at its ends
        ./a.xml:8:3: status is "101", expected a number from 200 to 999
        ./a.xml:9:3: by is "pages", expected the id of an <evidence> before this element
        ./a.xml:10:3: the evidence is empty, expected its source
        ./a.xml:11:3: <response> has the attribute sttus, expected status
        ./a.xml:12:3: found a condition, expected none of when and unless
        ./a.xml:14:5: found the header "Content-Length", which only the server itself can set
        ./a.xml:15:5: found the header "X-Cuc-Mock-Provenance", expected it to be left out: the evidence is an attribute of <response>
        ./a.xml:16:5: found the header "a b", expected the name of a header
        ./a.xml:17:5: found {Y}, expected a parameter of the path: {X}
        ./a.xml:18:5: <header> lacks the attribute value
        ./a.xml:19:5: found {Y}, expected a parameter of the path: {X}
        ./a.xml:20:5: <body> is given twice, expected it once
        ./a.xml:20:5: <body> has a file and a content, expected one of the two
        ./a.xml:20:5: the file "none.json" cannot be read: No such file or directory (os error 2)
        ./a.xml:21:5: found <boddy>, expected <header> or <body>
        ./a.xml:23:3: a response with the status 204 has no body
        ./a.xml:24:3: found <respond>, expected <evidence> or <response>
        ./b.xml:2:3: the server has GET /vmrest/users/{id}, expected another one: a fault replaces a response of the server
        ./b.xml:3:3: the server has GET /vmrest/users/{id}, expected another one: a fault replaces a response of the server
        ./b.xml:4:3: the server has GET /vmrest/version, expected another one: a fault replaces a response of the server
        ./b.xml:5:3: the server has GET /vmrest/schema/{name}, expected another one: a fault replaces a response of the server
        ./b.xml:7:3: GET /vmrest/users/{Other}/things is given twice, expected it once
        ./c.xml:1:1: found <answers>, expected <resource>, <resources>, <responses> or <errors>
    "#]].assert_eq(&stderr);
}

#[test]
fn the_schema_accepts_responses_and_finds_mistakes() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let (status, schema, stderr) = output(&mut cuc_mock(&["schema", "resources"]));
    assert_eq!((status, stderr.as_str()), (0, ""));
    let documented = documented();
    assert_eq!(validator.errors(&schema, &[&documented]), "");
    for (right, wrong) in [
        ("method=\"POST\"", "method=\"HEAD\""),
        ("path=\"licenses\"", "path=\"/licenses\""),
        ("status=\"202\"", "status=\"99\""),
        (
            "<header name=\"Location\" value",
            "<header name=\"Location\" text",
        ),
        ("<body>{", "<body files=\"a\">{"),
    ] {
        let document = documented.replacen(right, wrong, 1);
        assert_ne!(document, documented, "{right}");
        assert_ne!(validator.errors(&schema, &[document]), "", "{wrong}");
    }
}

#[test]
fn a_document_of_a_client_cannot_read_the_files_of_the_server() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let folder = folder(&[("secret.txt", b"hush")]);
    let secret = folder.path().join("secret.txt");
    client.control("POST", "/__mock/spaces", r#"{"name": "guest"}"#);
    for file in [secret.to_str().expect("a path in UTF-8"), "Cargo.toml"] {
        let document = format!(
            r#"<responses><response method="GET" path="a"><body file="{file}"/></response></responses>"#
        );
        let put = client.control("PUT", "/__mock/spaces/guest/resources", &document);
        assert_eq!(put.status, 400, "{put}");
        let message = "cannot be read: a document that is not a file itself has no files";
        assert!(put.body.contains(message), "{put}");
    }
    let guest = authorization("guest");
    let response = client.request("GET", "/vmrest/a", &guest, b"");
    assert_eq!(response.status, 404);
}

#[test]
fn a_space_has_the_responses_of_the_server_unless_its_own_documents_replace_them() {
    let responses = br#"<responses>
        <response method="GET" path="kept/{Id}"><body file="bodies/kept.txt"/></response>
        <response method="GET" path="replaced/{Id}" status="201"/>
        <response method="GET" path="pagers" status="202"/>
    </responses>"#;
    let errors =
        br#"<errors><error rule="not-found" code="A"/><error rule="method" code="B"/></errors>"#;
    let mock = start(&[
        ("responses.xml", responses),
        ("errors.xml", errors),
        ("bodies/kept.txt", b"kept"),
    ]);
    let client = Client::of(&mock);
    client.control("POST", "/__mock/spaces", r#"{"name": "guest"}"#);
    let guest = authorization("guest");
    let get = |path: &str| client.request("GET", path, &guest, b"");
    assert_eq!(get("/vmrest/replaced/1").status, 201);
    let own = r#"<responses>
        <response method="GET" path="own" status="203"/>
        <response method="GET" path="replaced/{Name}" status="205"/>
    </responses>"#;
    let put = client.control("PUT", "/__mock/spaces/guest/resources", own);
    assert_eq!((put.status, put.body.as_str()), (204, ""));
    assert_eq!(get("/vmrest/kept/1").body, "kept");
    assert_eq!(get("/vmrest/replaced/1").status, 205);
    assert_eq!(get("/vmrest/own").status, 203);
    assert_eq!(get("/vmrest/tenants/none").element("code"), Some("A"));
    let coverage = client
        .control("GET", "/__mock/coverage?space=guest", "")
        .body;
    let coverage: serde_json::Value = serde_json::from_str(&coverage).expect("a report");
    expect![[r#"{"offered":4,"touched":3,"untouched":["GET pagers"]}"#]]
        .assert_eq(&coverage["responses"].to_string());
    let errors = r#"<errors><error rule="not-found" code="C"/></errors>"#;
    let put = client.control("PUT", "/__mock/spaces/guest/resources", errors);
    assert_eq!((put.status, put.body.as_str()), (204, ""));
    assert_eq!(get("/vmrest/tenants/none").element("code"), Some("C"));
    let missing = client.request("PATCH", "/vmrest/tenants", &guest, b"");
    assert_eq!(missing.element("code"), Some("B"));
    let resource = r#"<resource path="pagers" list="Pagers" element="Pager">
        <verb name="list" inferred="invented"/><uri inferred="invented"/><object-id inferred="invented"/>
    </resource>"#;
    let put = client.control("PUT", "/__mock/spaces/guest/resources", resource);
    assert_eq!((put.status, put.body.as_str()), (204, ""));
    assert_eq!(get("/vmrest/pagers").status, 200);
    assert_eq!(client.get("/vmrest/pagers").status, 202);
}
