//! The requests in the journal.

use std::{thread, time::Instant};

use cuc_mock::CucMock;
use expect_test::{Expect, expect};
use serde_json::Value;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, ServerProcess, cuc_mock, exchange};

const REQUESTS: &str = "/__mock/requests";
const SERVICES: &str = "/vmrest/externalservices";
const FROZEN: [&str; 6] = [
    "--listen",
    "127.0.0.1:0",
    "--clock",
    "2026-01-31T12:00:00Z",
    "--seed",
    "1",
];

fn json(answer: &Response) -> Value {
    assert_eq!(answer.status, 200, "{answer}");
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Lists requests and returns their numbers, `last` and `dropped`.
#[track_caller]
fn numbers(client: Client, parameters: &str) -> (Vec<u64>, Value, Value) {
    let listed = json(&client.control("GET", &format!("{REQUESTS}{parameters}"), ""));
    let requests = listed["requests"].as_array().expect("a list");
    let numbers = requests.iter().filter_map(|r| r["number"].as_u64());
    (
        numbers.collect(),
        listed["last"].clone(),
        listed["dropped"].clone(),
    )
}

#[track_caller]
fn assert_listed(client: Client, parameters: &str, expected: &[u64]) {
    assert_eq!(numbers(client, parameters).0, expected, "{parameters}");
}

#[track_caller]
fn assert_shows(client: Client, parameters: &str, expected: &Expect) {
    let mut listed = json(&client.control("GET", &format!("{REQUESTS}{parameters}"), ""));
    for request in listed["requests"].as_array_mut().expect("a list") {
        assert!(request["duration_us"].is_u64(), "{request}");
        request["duration_us"] = "…".into();
    }
    expected.assert_eq(&serde_json::to_string_pretty(&listed).expect("JSON"));
}

#[test]
fn a_request_is_listed_with_its_response_and_without_secrets() {
    let server = ServerProcess::start(&mut cuc_mock(&FROZEN));
    let client = server.client();
    let path = format!("{SERVICES}?x=1&pin=hunter2");
    let body = exchange().with("ServicePassword", "hunter2").xml();
    assert_eq!(client.post(&path, body).status, 201);
    assert_shows(
        client,
        "",
        &expect![[r#"
            {
              "dropped": 0,
              "last": 1,
              "requests": [
                {
                  "answer": {
                    "body": "/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d",
                    "body_bytes": 61,
                    "body_cut": false,
                    "body_encoding": "text",
                    "headers": [
                      {
                        "name": "content-type",
                        "value": "text/plain;charset=UTF-8"
                      },
                      {
                        "name": "cache-control",
                        "value": "private"
                      },
                      {
                        "name": "expires",
                        "value": "Thu, 01 Jan 1970 00:00:00 GMT"
                      },
                      {
                        "name": "x-frame-options",
                        "value": "SAMEORIGIN"
                      },
                      {
                        "name": "server",
                        "value": ""
                      },
                      {
                        "name": "x-cuc-mock-provenance",
                        "value": "documented"
                      },
                      {
                        "name": "set-cookie",
                        "value": "JSESSIONIDSSO=[redacted]; Path=/; Secure; HttpOnly"
                      },
                      {
                        "name": "set-cookie",
                        "value": "JSESSIONID=[redacted]; Path=/vmrest/; Secure; HttpOnly"
                      },
                      {
                        "name": "set-cookie",
                        "value": "REQUEST_TOKEN_KEY=[redacted]; Path=/; Secure; HttpOnly"
                      },
                      {
                        "name": "date",
                        "value": "Sat, 31 Jan 2026 12:00:00 GMT"
                      },
                      {
                        "name": "x-request-id",
                        "value": "1"
                      },
                      {
                        "name": "location",
                        "value": "http://cuc.example.com:8443/vmrest/externalservices/e8020f0a-e2ef-4776-9851-588c4f49ea0d"
                      }
                    ],
                    "status": 201
                  },
                  "body": "<ExternalService><DisplayName>Exchange</DisplayName><ServiceAlias>admin</ServiceAlias><ServicePassword>[redacted]</ServicePassword><ServerType>4</ServerType><Server>10.65.156.190</Server><AuthenticationMode>1</AuthenticationMode><ExchServerType>1</ExchServerType><SecurityTransportType>1</SecurityTransportType></ExternalService>",
                  "body_bytes": 326,
                  "body_cut": false,
                  "body_encoding": "text",
                  "duration_us": "…",
                  "fault": null,
                  "headers": [
                    {
                      "name": "host",
                      "value": "cuc.example.com:8443"
                    },
                    {
                      "name": "connection",
                      "value": "close"
                    },
                    {
                      "name": "authorization",
                      "value": "Basic [redacted]"
                    },
                    {
                      "name": "content-type",
                      "value": "application/xml"
                    },
                    {
                      "name": "content-length",
                      "value": "326"
                    }
                  ],
                  "inferred": null,
                  "method": "POST",
                  "number": 1,
                  "path": "/vmrest/externalservices",
                  "provenance": "documented",
                  "query": "x=1&pin=[redacted]",
                  "reason": null,
                  "space": "default",
                  "time": "2026-01-31T12:00:00Z"
                }
              ]
            }"#]],
    );
    let shown = client.control("GET", REQUESTS, "");
    assert!(!shown.body.contains("hunter2") && !shown.body.contains("YWRtaW46c2VjcmV0"));
    let shown = client.control("GET", &format!("{REQUESTS}?secrets=true"), "");
    let shown = json(&shown)["requests"][0].clone();
    assert_eq!(shown["query"], "x=1&pin=hunter2");
    let sent = exchange().with("ServicePassword", "hunter2").xml();
    assert_eq!(shown["body"], sent);
    assert_eq!(shown["headers"][2]["value"], "Basic YWRtaW46c2VjcmV0");
}

#[test]
fn a_binary_body_and_an_unread_body_differ() {
    let server = ServerProcess::start(&mut cuc_mock(&FROZEN));
    let client = server.client();
    client.post(SERVICES, b"\xff<ServicePassword>hunter2");
    client.request("POST", SERVICES, "", b"<ServicePassword>hunter2");
    assert_shows(
        client,
        "",
        &expect![[r#"
            {
              "dropped": 0,
              "last": 2,
              "requests": [
                {
                  "answer": {
                    "body": "[redacted: a body of 243 bytes, because it quotes the request]",
                    "body_bytes": 243,
                    "body_cut": false,
                    "body_encoding": "text",
                    "headers": [
                      {
                        "name": "content-type",
                        "value": "application/xml;charset=UTF-8"
                      },
                      {
                        "name": "cache-control",
                        "value": "private"
                      },
                      {
                        "name": "expires",
                        "value": "Thu, 01 Jan 1970 00:00:00 GMT"
                      },
                      {
                        "name": "x-frame-options",
                        "value": "SAMEORIGIN"
                      },
                      {
                        "name": "server",
                        "value": ""
                      },
                      {
                        "name": "x-cuc-mock-provenance",
                        "value": "documented"
                      },
                      {
                        "name": "set-cookie",
                        "value": "JSESSIONIDSSO=[redacted]; Path=/; Secure; HttpOnly"
                      },
                      {
                        "name": "set-cookie",
                        "value": "JSESSIONID=[redacted]; Path=/vmrest/; Secure; HttpOnly"
                      },
                      {
                        "name": "set-cookie",
                        "value": "REQUEST_TOKEN_KEY=[redacted]; Path=/; Secure; HttpOnly"
                      },
                      {
                        "name": "date",
                        "value": "Sat, 31 Jan 2026 12:00:00 GMT"
                      },
                      {
                        "name": "x-request-id",
                        "value": "1"
                      }
                    ],
                    "status": 400
                  },
                  "body": "[redacted: a body of 25 bytes, because it is neither XML nor JSON nor a form]",
                  "body_bytes": 25,
                  "body_cut": false,
                  "body_encoding": "text",
                  "duration_us": "…",
                  "fault": null,
                  "headers": [
                    {
                      "name": "host",
                      "value": "cuc.example.com:8443"
                    },
                    {
                      "name": "connection",
                      "value": "close"
                    },
                    {
                      "name": "authorization",
                      "value": "Basic [redacted]"
                    },
                    {
                      "name": "content-type",
                      "value": "application/xml"
                    },
                    {
                      "name": "content-length",
                      "value": "25"
                    }
                  ],
                  "inferred": null,
                  "method": "POST",
                  "number": 1,
                  "path": "/vmrest/externalservices",
                  "provenance": "documented",
                  "query": null,
                  "reason": {
                    "evidence": "documented",
                    "expected": null,
                    "field": null,
                    "kind": "invalid_data",
                    "message": "The request body cannot be read: line 1, column 1: found a byte that is not UTF-8 there",
                    "value": null
                  },
                  "space": "default",
                  "time": "2026-01-31T12:00:00Z"
                },
                {
                  "answer": {
                    "body": "<html><head><title>Error report</title></head><body><h1>HTTP Status 401 - Unauthorized</h1><p><b>type</b> Status report</p><p><b>message</b> Unauthorized</p><p><b>description</b> This request requires HTTP authentication.</p></body></html>",
                    "body_bytes": 239,
                    "body_cut": false,
                    "body_encoding": "text",
                    "headers": [
                      {
                        "name": "content-type",
                        "value": "text/html;charset=utf-8"
                      },
                      {
                        "name": "cache-control",
                        "value": "private"
                      },
                      {
                        "name": "expires",
                        "value": "Thu, 01 Jan 1970 00:00:00 GMT"
                      },
                      {
                        "name": "x-frame-options",
                        "value": "SAMEORIGIN"
                      },
                      {
                        "name": "server",
                        "value": ""
                      },
                      {
                        "name": "x-cuc-mock-provenance",
                        "value": "inferred"
                      },
                      {
                        "name": "date",
                        "value": "Sat, 31 Jan 2026 12:00:00 GMT"
                      },
                      {
                        "name": "x-request-id",
                        "value": "2"
                      },
                      {
                        "name": "www-authenticate",
                        "value": "Basic realm=\"Cisco Unity Connection\""
                      }
                    ],
                    "status": 401
                  },
                  "body": null,
                  "body_bytes": null,
                  "body_cut": false,
                  "body_encoding": null,
                  "duration_us": "…",
                  "fault": null,
                  "headers": [
                    {
                      "name": "host",
                      "value": "cuc.example.com:8443"
                    },
                    {
                      "name": "connection",
                      "value": "close"
                    },
                    {
                      "name": "content-length",
                      "value": "24"
                    }
                  ],
                  "inferred": "This request requires HTTP authentication.",
                  "method": "POST",
                  "number": 2,
                  "path": "/vmrest/externalservices",
                  "provenance": "inferred",
                  "query": null,
                  "reason": {
                    "evidence": "inferred",
                    "expected": null,
                    "field": null,
                    "kind": "unauthorized",
                    "message": "This request requires HTTP authentication.",
                    "value": null
                  },
                  "space": "default",
                  "time": "2026-01-31T12:00:00Z"
                }
              ]
            }"#]],
    );
}

#[test]
fn requests_are_filtered_and_paged_by_number() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get(SERVICES);
    client.get("/vmrest/version");
    client.post(SERVICES, "<");
    client.get("/elsewhere");
    assert_listed(client, "", &[1, 2, 3, 4]);
    assert_listed(client, "?method=GET", &[1, 2, 4]);
    assert_listed(client, "?method=post&path=externalservices", &[3]);
    assert_listed(client, "?path=/vmrest/*", &[1, 2, 3]);
    assert_listed(client, "?path=**&status=404", &[4]);
    assert_listed(client, "?fault=any", &[]);
    assert_listed(client, "?fault=1", &[]);
    assert_eq!(
        numbers(client, "?limit=2"),
        (vec![1, 2], 2.into(), 0.into())
    );
    assert_eq!(
        numbers(client, "?since=2&limit=5"),
        (vec![3, 4], 4.into(), 0.into())
    );
    assert_eq!(numbers(client, "?since=4"), (vec![], 4.into(), 0.into()));
    let answer = client.control("DELETE", REQUESTS, "");
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(numbers(client, ""), (vec![], 0.into(), 0.into()));
    client.get("/vmrest/version");
    assert_listed(client, "?since=4", &[1]);
}

#[test]
fn a_long_poll_ends_with_the_expected_request() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/version");
    let parameters = format!("{REQUESTS}?since=1&wait=60&method=POST&status=400");
    let waiting = thread::spawn(move || json(&client.control("GET", &parameters, "")));
    client.get("/vmrest/version");
    client.post(SERVICES, "<");
    let listed = waiting.join().expect("an answer");
    assert_eq!(listed["requests"][0]["number"], 3);
    assert_eq!(listed["requests"][0]["answer"]["status"], 400);
    assert_eq!(listed["requests"].as_array().expect("a list").len(), 1);
}

#[test]
fn a_long_poll_without_a_match_ends_with_its_timeout() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/version");
    let start = Instant::now();
    assert_eq!(
        numbers(client, "?wait=0.2&method=PUT"),
        (vec![], 1.into(), 0.into())
    );
    assert!(start.elapsed().as_secs_f64() >= 0.2);
    assert_listed(client, "?wait=60", &[1]);
}

#[test]
fn requests_of_all_spaces_are_listed_in_the_order_of_arrival() {
    let options = ["--listen", "127.0.0.1:0", "--spaces", "auto"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    let bob = "Authorization: Basic Ym9iOng=\r\n";
    client.get("/vmrest/version");
    client.request("GET", "/vmrest/version", bob, b"");
    client.request("GET", "/vmrest/version", "", b"");
    client.get("/vmrest/version");
    let listed = json(&client.control("GET", &format!("{REQUESTS}?space=*"), ""));
    let requests = listed["requests"].as_array().expect("a list");
    let seen: Vec<_> = requests
        .iter()
        .map(|r| format!("{} {} {}", r["space"], r["number"], r["answer"]["status"]))
        .collect();
    expect![[r#"
        [
            "\"admin\" 1 200",
            "\"bob\" 1 200",
            "\"default\" 1 401",
            "\"admin\" 2 200",
        ]
    "#]]
    .assert_debug_eq(&seen);
    assert_eq!(listed["last"], Value::Null);
    assert_listed(client, "?space=BOB", &[1]);
    client.control("DELETE", &format!("{REQUESTS}?space=*"), "");
    assert_listed(client, "?space=*", &[]);
    let refused = client.control("GET", &format!("{REQUESTS}?space=*&since=1"), "");
    expect![[r#"
        400 Bad Request
        Content-Type: application/json

        {"error":"found since or wait with space=*, expected them with one space: each space has its own numbers"}
    "#]].assert_eq(&refused.to_string());
}

#[test]
fn the_journal_keeps_its_maximum_and_counts_the_others() {
    let options = ["--listen", "127.0.0.1:0", "--journal", "3"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    for _ in 0..5 {
        client.request("GET", "/vmrest/version", ADMIN_AUTHORIZATION, b"");
    }
    assert_eq!(numbers(client, ""), (vec![3, 4, 5], 5.into(), 2.into()));
}

#[test]
fn invalid_parameters_are_rejected() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let parameters = [
        "status=99",
        "status=x",
        "fault=all",
        "since=-1",
        "limit=0",
        "wait=61",
        "wait=NaN",
        "secrets=1",
        "path=a&path=b",
        "from=1",
        "space=nobody",
    ];
    let refused: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let answer = client.control("GET", &format!("{REQUESTS}?{parameter}"), "");
            format!("{} {}", answer.status, answer.body)
        })
        .collect();
    expect![[r#"
        400 {"error":"the parameter status is 99, expected a whole number from 100 to 999"}
        400 {"error":"the parameter status is \"x\", expected a whole number from 100 to 999"}
        400 {"error":"the parameter fault is \"all\", expected the number of a fault, or any"}
        400 {"error":"the parameter since is \"-1\", expected a whole number from 0 to 18446744073709551615"}
        400 {"error":"the parameter limit is 0, expected a whole number from 1 to 18446744073709551615"}
        400 {"error":"the parameter wait is 61.0, expected a number from 0 to 60"}
        400 {"error":"the parameter wait is NaN, expected a number from 0 to 60"}
        400 {"error":"the parameter secrets is \"1\", expected true or false"}
        400 {"error":"the parameter path is given twice, expected it once"}
        400 {"error":"found the parameter \"from\", expected one of space, method, path, status, provenance, fault, limit, secrets, since, wait"}
        404 {"error":"there is no space \"nobody\", expected one of GET /__mock/spaces"}"#]].assert_eq(&refused.join("\n"));
}

#[test]
fn a_filter_that_matches_no_request_is_rejected() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let refused = |query| {
        client
            .control("GET", &format!("/__mock/requests?{query}"), "")
            .body
    };
    expect![[r#"{"error":"the parameter method is \"p st\", expected a method such as POST"}"#]]
        .assert_eq(&refused("method=p%20st"));
    expect![[r#"{"error":"the parameter path is \"\", expected a path of 1 to 2000 bytes, such as externalservices/*, without a query string"}"#]].assert_eq(&refused("path="));
    expect![[r#"{"error":"the parameter path is \"/a?b\", expected a path of 1 to 2000 bytes, such as externalservices/*, without a query string"}"#]].assert_eq(&refused("path=/a?b"));
    assert!(refused("method=post&path=tenants").starts_with(r#"{"requests":[]"#));
}

#[test]
fn a_rejection_is_listed_with_its_reason_and_its_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.post(SERVICES, exchange().with("ServerType", "9").xml());
    client.get(&format!("{SERVICES}?query=(Colour%20is%20red)"));
    client.get("/vmrest/unknown");
    client.post("/vmrest/tenants", "ServicePassword=hunter2");
    let listed = json(&client.control("GET", REQUESTS, ""));
    let mut shown = String::new();
    for request in listed["requests"].as_array().unwrap() {
        let answer = &request["answer"];
        let body = ["body", "body_encoding", "body_bytes", "body_cut"].map(|name| &answer[name]);
        shown += &format!("{:#}\n{body:?}\n", request["reason"]);
    }
    expect![[r#"
        {
          "evidence": "documented: guide, Adding Unified Messaging Service",
          "expected": "1, 4 or 5",
          "field": "ServerType",
          "kind": "invalid_data",
          "message": "Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5",
          "value": "9"
        }
        [String("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><ErrorDetails><errors><code>DATA_EXCEPTION</code><message>Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5</message></errors></ErrorDetails>"), String("text"), Number(223), Bool(false)]
        {
          "evidence": "documented",
          "expected": null,
          "field": null,
          "kind": "invalid_data",
          "message": "query: at character 2: expected a column of ExternalService",
          "value": null
        }
        [String("[redacted: a body of 222 bytes, because it quotes the request]"), String("text"), Number(222), Bool(false)]
        {
          "evidence": "inferred",
          "expected": null,
          "field": null,
          "kind": "not_implemented",
          "message": "cuc-mock does not implement /vmrest/unknown",
          "value": null
        }
        [String("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><ErrorDetails><errors><code>NOT_FOUND</code><message>cuc-mock does not implement /vmrest/unknown</message></errors></ErrorDetails>"), String("text"), Number(185), Bool(false)]
        {
          "evidence": "documented",
          "expected": null,
          "field": null,
          "kind": "invalid_data",
          "message": "The request body cannot be read: line 1, column 1: found a text outside the root element",
          "value": null
        }
        [String("[redacted: a body of 244 bytes, because it quotes the request]"), String("text"), Number(244), Bool(false)]
    "#]].assert_eq(&shown);
}
