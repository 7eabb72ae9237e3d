//! Secrets in requests, searched in the journal, in failed verifications, the metrics, the responses to other requests
//! and the log at each level.

use serde_json::Value;

use super::{
    Marker, assert_hidden,
    documents::{NAMES, documents},
};
use crate::support::{ADMIN_AUTHORIZATION, Client, ServerProcess, cuc_mock};

/// A request with a secret.
struct Input {
    marker: Marker,
    /// The place of the secret.
    location: String,
    bytes: Vec<u8>,
}

/// The paths that bodies are sent to.
const TARGETS: [&str; 6] = [
    "POST /vmrest/externalservices",
    "PUT /vmrest/users/x/credential/pin",
    "PUT /vmrest/externalservices/x",
    "POST /vmrest/unknown",
    "POST /elsewhere",
    "PUT /__mock/state",
];

/// Headers with a secret: `MARK`, or `BASIC` for credentials with it.
const HEADERS: [&str; 34] = [
    "Authorization: Basic BASIC",
    "authorization: basic BASIC",
    "Authorization: Basic MARK",
    "Authorization: MARK",
    "Authorization: Bearer MARK",
    "Authorization: Digest username=\"a\", response=\"MARK\"",
    "Proxy-Authorization: Basic BASIC",
    "X-Forwarded-Authorization: MARK",
    "Cookie: JSESSIONID=MARK; a=b",
    "Cookie: a=b; REQUEST_TOKEN_KEY=MARK",
    "Cookie: MARK",
    "Set-Cookie: x=MARK; Path=/",
    "Apikey: MARK",
    "X-ApiKey: MARK",
    "X-Api-Key: MARK",
    "X-Jwt: MARK",
    "X-AuthToken: MARK",
    "AccessToken: MARK",
    "X-CSRFToken: MARK",
    "X-Credentials: MARK",
    "X-Session-Id: MARK",
    "X-Pin-Code: MARK",
    "X-Secret-2: MARK",
    "pwd: MARK",
    "Referer: https://user:MARK@host/",
    "Origin: http://MARK@host",
    "Referer: http://host/?token=MARK",
    "X-Original-URL: /a?access_token=MARK",
    "X-Rewrite-Url: /a;password=MARK",
    "Forwarded: for=1.2.3.4;secret=MARK",
    "X-Custom: {\"pin\":\"MARK\"}",
    "X-Custom: a%3Dhttps%3A%2F%2Fu:MARK%40h",
    "X-Request-Id: token=MARK",
    "Link: <https://u:MARK@h/>; rel=next",
];

/// Targets with a secret in their path or query string.
const URIS: [&str; 26] = [
    "/vmrest/externalservices?token=MARK",
    "/vmrest/externalservices?access_token=MARK&x=1",
    "/vmrest/externalservices?x=1&apikey=MARK",
    "/vmrest/externalservices?secret=MARK",
    "/vmrest/externalservices?sessionid=MARK",
    "/vmrest/externalservices?pwd=MARK",
    "/vmrest/externalservices?PIN=MARK",
    "/vmrest/externalservices?code=MARK",
    "/vmrest/externalservices?p%61ssword=MARK",
    "/vmrest/externalservices?p%2561ssword=MARK",
    "/vmrest/externalservices?a[password]=MARK",
    "/vmrest/externalservices?query=(ServicePassword%20is%20MARK)",
    "/vmrest/externalservices?query=(Pin+startswith+MARK",
    "/vmrest/externalservices?sort=(password=MARK)",
    "/vmrest/externalservices?rowsPerPage=pin:MARK",
    "/vmrest/externalservices?next=https://u:MARK@host/",
    "/vmrest/externalservices?x={%22pin%22:%22MARK%22}",
    "/vmrest/externalservices?%7B%22pin%22:%22MARK%22%7D",
    "/vmrest/externalservices;jsessionid=MARK",
    "/vmrest/externalservices;a=1;password=MARK/x?y=1",
    "/vmrest/users/password=MARK",
    "/vmrest/users/p%61ssword%3DMARK",
    "/elsewhere/https://u:MARK@host/",
    "/__mock/requests?token=MARK",
    "/__mock/unknown;token=MARK",
    "http://user:MARK@host/vmrest/version",
];

/// Bodies with a secret that the control plane rejects.
const CONTROL_BODIES: [&str; 4] = [
    r#"{"effect":"close","token":"MARK"}"#,
    r#"{"requests":{"fields":{"Pin":["MARK"]}},"exactly":"MARK"}"#,
    r#"{"name":{"pin":"MARK"}}"#,
    r#""MARK"#,
];

fn inputs() -> Vec<Input> {
    let mut inputs: Vec<_> = documents()
        .into_iter()
        .enumerate()
        .map(|(number, (marker, document))| {
            // The wrong content type now and then, and a coding that the body does not have.
            let content_type = match number % 7 {
                1 => "application/xml",
                2 => "application/json",
                3 => "text/plain",
                _ => document.content_type,
            };
            let coding = if number % 29 == 0 {
                "Content-Encoding: gzip\r\n"
            } else {
                ""
            };
            let target = TARGETS[number % TARGETS.len()];
            let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: {content_type}\r\n{coding}");
            Input {
                marker,
                location: format!("{target} as {content_type}: {}", document.description),
                bytes: request(target, &headers, &document.body),
            }
        })
        .collect();
    for template in templates() {
        let marker = Marker(inputs.len());
        let fill = |text: &str| {
            let text = text.replace("MARK", &marker.text());
            text.replace("BASIC", &marker.basic())
        };
        let [target, headers, body] = template;
        inputs.push(Input {
            marker,
            location: format!("{target} with {headers}{body}"),
            bytes: request(&fill(&target), &fill(&headers), fill(&body).as_bytes()),
        });
    }
    inputs
}

/// Returns requests with a secret outside of documents: the target, the headers and the body of each.
fn templates() -> Vec<[String; 3]> {
    let mut templates = Vec::new();
    for header in HEADERS {
        for target in [
            "GET /vmrest/externalservices",
            "GET /__mock/state",
            "POST /x",
        ] {
            templates.push([target.to_owned(), format!("{header}\r\n"), String::new()]);
        }
    }
    for uri in URIS {
        for method in ["GET", "DELETE"] {
            let target = format!("{method} {uri}");
            templates.push([target, ADMIN_AUTHORIZATION.to_owned(), String::new()]);
        }
    }
    for body in CONTROL_BODIES {
        for path in [
            "faults",
            "requests/verify",
            "spaces",
            "clock",
            "snapshots/a",
        ] {
            let target = format!("POST /__mock/{path}");
            templates.push([target, String::new(), body.to_owned()]);
        }
    }
    templates
}

fn request(target: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "{target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Starts a server that logs at this level in this format, sends the inputs, and searches the log and everything that
/// `outputs` returns.
#[track_caller]
fn assert_hidden_by_server(
    inputs: &[Input],
    level: &str,
    format: &str,
    outputs: impl FnOnce(Client) -> Vec<(String, String)>,
) {
    let common = ["--listen", "127.0.0.1:0", "--journal", "100000"];
    let options = ["--log-level", level, "--log", format];
    let server = ServerProcess::start(&mut cuc_mock(&[common, options].concat()));
    let client = server.client();
    for input in inputs {
        client.raw(&input.bytes);
    }
    let markers = || {
        let inputs = inputs.iter();
        inputs.map(|input| (input.marker, input.location.as_str()))
    };
    for (place, output) in outputs(client) {
        assert_hidden(markers(), &place, &output);
    }
    server.signal("TERM");
    let (status, stdout, stderr) = server.wait_for_exit();
    assert_eq!((status, stdout.as_str()), (Some(0), ""));
    let lines = stderr.lines().count();
    let is_quiet = matches!(level, "error" | "warn");
    assert!(is_quiet || lines >= inputs.len(), "{lines} lines");
    let place = format!("the log at {level} in {format}");
    assert_hidden(markers(), &place, &stderr);
}

/// Returns everything that the server shows to a client that sent no secret.
fn outputs(client: Client) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    for path in [
        "/__mock/requests",
        "/__mock/requests?method=POST",
        "/__mock/metrics",
        "/__mock/coverage",
        "/__mock/health",
        "/__mock/spaces",
        "/__mock/unknown",
    ] {
        outputs.push((path.to_owned(), client.control("GET", path, "").body));
    }
    for path in ["/vmrest/externalservices/x", "/vmrest/unknown", "/unknown"] {
        outputs.push((path.to_owned(), client.get(path).body));
    }
    for pattern in patterns() {
        let verification = format!(r#"{{"requests":{pattern},"exactly":1}}"#);
        let response = client.control("POST", "/__mock/requests/verify", &verification);
        assert_eq!(response.status, 409, "{response}");
        let failure: Value = serde_json::from_str(&response.body).expect("JSON");
        assert!(failure["closest"][0].is_object(), "{failure}");
        outputs.push((format!("a failed verification of {pattern}"), response.body));
    }
    outputs
}

/// Patterns that no request matches, so that the closest requests and their differences are shown.
fn patterns() -> Vec<String> {
    let fields = NAMES
        .iter()
        .chain(&["Value", "value", "x", "a", "$", "ExternalService"]);
    let fields = fields.map(|name| format!(r#"{{"fields":{{"{name}":"another"}}}}"#));
    let headers = HEADERS.iter().filter_map(|header| header.split_once(':'));
    let headers = headers.map(|(name, _)| format!(r#"{{"headers":{{"{name}":"another"}}}}"#));
    let parameters = URIS
        .iter()
        .filter_map(|uri| uri.split_once('?')?.1.split_once('='));
    let parameters = parameters.map(|(name, _)| format!(r#"{{"query":{{"{name}":"another"}}}}"#));
    let paths = [
        "/vmrest/externalservices;a",
        "/elsewhere/https",
        "/vmrest/users/p",
    ];
    let paths = paths.map(|path| format!(r#"{{"path":"{path}"}}"#));
    fields
        .chain(headers)
        .chain(parameters)
        .chain(paths)
        .collect()
}

#[test]
fn no_secret_of_a_request_shows_in_the_journal_the_metrics_and_the_log() {
    let inputs = inputs();
    assert!(inputs.len() > 1_000, "{}", inputs.len());
    assert_hidden_by_server(&inputs, "trace", "json", outputs);
}

#[test]
fn no_secret_of_a_request_shows_in_the_log_at_any_level() {
    // The inputs have a period of their own, so that each of their properties occurs.
    let inputs: Vec<_> = inputs().into_iter().step_by(7).collect();
    for (level, format) in [
        ("error", "json"),
        ("warn", "json"),
        ("info", "pretty"),
        ("debug", "json"),
        ("trace", "pretty"),
    ] {
        assert_hidden_by_server(&inputs, level, format, |_| Vec::new());
    }
}
