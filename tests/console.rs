//! The console, a page for browsers.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, Response};
#[cfg(feature = "tls")]
use crate::support::{ServerProcess, cuc_mock};

const BROWSER: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";

fn get(client: Client, path: &str, headers: &str) -> Response {
    client.request_unchecked("GET", path, headers)
}

/// Returns the paths of the files that a file refers to.
fn imports(text: &str, name: &str) -> Vec<String> {
    let parts = text.split('"').skip(1).step_by(2);
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let paths = parts.filter_map(|part| match part.strip_prefix("/__mock/console/") {
        Some(file) => Some(file.to_owned()),
        None => {
            let file = part
                .strip_prefix("./")
                .filter(|file| file.ends_with(".js"))?;
            Some(
                format!("{folder}/{file}")
                    .trim_start_matches('/')
                    .to_owned(),
            )
        }
    });
    paths.collect()
}

#[test]
fn a_browser_gets_the_page_and_other_clients_get_what_they_got() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for path in ["/", "/__mock", "/__mock/"] {
        let page = get(client, path, BROWSER);
        assert_eq!(page.status, 200, "{page}");
        assert_eq!(page.header("Content-Type"), Some("text/html;charset=utf-8"));
        assert!(page.body.starts_with("<!doctype html>"), "{page}");
    }
    for headers in [
        "",
        "Accept: */*\r\n",
        "Accept: application/json\r\n",
        "Accept: text/html;q=0\r\n",
        "Accept: text/html;level=1;Q=0\r\n",
    ] {
        let root = get(client, "/", headers);
        assert_eq!(root.status, 404, "{headers}: {root}");
        let index = get(client, "/__mock", headers);
        assert_eq!(
            index.header("Content-Type"),
            Some("application/json"),
            "{headers}"
        );
    }
    let post = client.request_unchecked("POST", "/", BROWSER);
    assert_eq!(post.status, 404, "{post}");
    assert!(
        mock.requests().iter().all(|request| request.path() == "/"),
        "the page is not in the journal"
    );
    assert_eq!(mock.requests().len(), 6);
}

#[test]
fn every_file_that_the_page_needs_is_served() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let page = get(client, "/", BROWSER);
    let mut waiting = imports(&page.body, "index.html");
    let mut seen = Vec::new();
    while let Some(name) = waiting.pop() {
        if seen.contains(&name) {
            continue;
        }
        let file = get(client, &format!("/__mock/console/{name}"), "");
        assert_eq!(file.status, 200, "{name}");
        let media_type = match name.rsplit_once('.') {
            Some((_, "js")) => "text/javascript;charset=utf-8",
            _ => "text/css;charset=utf-8",
        };
        assert_eq!(file.header("Content-Type"), Some(media_type), "{name}");
        waiting.extend(imports(&file.body, &name));
        seen.push(name);
    }
    assert!(seen.len() > 10, "{seen:?}");
    let unknown = get(client, "/__mock/console/none.js", "");
    expect![[r#"
        404 Not Found
        Content-Type: application/json

        {"error":"the console has no such file, expected one that GET /__mock loads"}
    "#]]
    .assert_eq(&unknown.to_string());
}

#[test]
fn a_file_is_compressed_and_revalidated_and_the_policy_is_strict() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let page = get(client, "/", BROWSER);
    for (name, value) in [
        ("Cache-Control", "no-cache"),
        ("Vary", "Accept, Accept-Encoding"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    assert_eq!(page.header("Content-Encoding"), None);
    for part in ["<style", " style=", "onclick", "javascript:"] {
        assert!(!page.body.contains(part), "{part}");
    }
    let etag = page.header("Etag").expect("a tag");
    let known = get(
        client,
        "/",
        &format!("{BROWSER}If-None-Match: W/\"x\", {etag}\r\n"),
    );
    assert_eq!((known.status, known.body.as_str()), (304, ""), "{known}");
    let script = "GET /__mock/console/main.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\
                  Connection: close\r\n\r\n";
    let bytes = client.raw(script.as_bytes());
    let text = String::from_utf8_lossy(&bytes);
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains("Content-Encoding: gzip"), "{head}");
    let body = bytes
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .expect("a body")
        + 4;
    assert_eq!(bytes[body..body + 2], [0x1f, 0x8b]);
}

#[test]
fn the_page_needs_no_token_and_its_data_does() {
    let mock = CucMock::builder().control_token("s3cret").start_blocking();
    let client = Client::of(&mock);
    assert_eq!(get(client, "/", BROWSER).status, 200);
    assert_eq!(get(client, "/__mock/console/main.js", "").status, 200);
    for path in [
        "/__mock/resources",
        "/__mock/objects?resource=tenants",
        "/__mock/diff",
        "/__mock/requests",
    ] {
        assert_eq!(get(client, path, "").status, 401, "{path}");
        let authorized = get(client, path, "Authorization: Bearer s3cret\r\n");
        assert_eq!(authorized.status, 200, "{path}");
        let foreign = get(
            client,
            path,
            "Authorization: Bearer s3cret\r\nOrigin: http://evil.example\r\n",
        );
        assert_eq!(foreign.status, 403, "{path}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_server_with_https_only_redirects_a_browser() {
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--https-only"]);
    let server = ServerProcess::start(&mut command);
    let client = server.client();
    let page = get(client, "/", BROWSER);
    assert_eq!(page.status, 302, "{page}");
    let index = get(client, "/__mock", BROWSER);
    assert_eq!(
        index.header("Content-Type"),
        Some("application/json"),
        "{index}"
    );
}

#[test]
fn a_file_of_the_console_is_only_read() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let refused = client.request_unchecked("DELETE", "/__mock/console/main.js", "");
    assert_eq!(refused.status, 405, "{refused}");
    assert_eq!(refused.header("Allow"), Some("GET, HEAD"));
    assert_eq!(refused.header("X-Content-Type-Options"), Some("nosniff"));
}
