//! Requests that a web page may have caused: by its own name for the server, from another origin, or from another site.

use std::net::{Ipv4Addr, TcpListener};

use cuc_mock::{CucMock, CucMockBuilder};
use expect_test::expect;

use crate::support::{Client, Response, ServerProcess, cuc_mock};

const STATE: &str = "/__mock/state";
const TOKEN: &str = "Authorization: Bearer s3cret\r\n";

/// Sends a GET to the control plane. `head` contains all headers, with `Host`.
#[track_caller]
fn get(client: Client, target: &str, head: &str) -> Response {
    let request = format!("GET {target} HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    client.exchange(request.as_bytes())
}

/// Returns the status of a GET of the state with this host.
#[track_caller]
fn status_with_host(client: Client, host: &str) -> u16 {
    get(client, STATE, &format!("Host: {host}\r\n")).status
}

/// Returns the status of a POST with these headers that resets the server.
#[track_caller]
fn status_of_reset(client: Client, headers: &str) -> u16 {
    client.request("POST", "/__mock/reset", headers, b"").status
}

/// Starts a server on all addresses with an open control plane, as the image does.
fn start_published() -> (CucMock, Client) {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a free port");
    let builder = CucMock::builder().listener(listener).control_open();
    let mock = builder.start_blocking();
    let port = mock.address().port();
    (mock, Client::at((Ipv4Addr::LOCALHOST, port).into()))
}

fn start(builder: CucMockBuilder) -> (CucMock, Client) {
    let mock = builder.start_blocking();
    let client = Client::of(&mock);
    (mock, client)
}

/// Hosts of a loopback address, whatever the port: a tunnel or a container may publish another one.
const LOOPBACK_HOSTS: [&str; 14] = [
    "127.0.0.1",
    "127.0.0.1:8443",
    "127.0.0.1:1",
    "127.1.2.3:8443",
    "127.255.255.255",
    "127.0.0.1.:8443",
    "[::1]",
    "[::1]:8443",
    "[0:0:0:0:0:0:0:1]:8443",
    "[::ffff:127.0.0.1]:8443",
    "[::ffff:7f00:1]:8443",
    "localhost",
    "LocalHost:8443",
    "localhost.:8443",
];

/// Hosts that a page can have, and hosts that are not valid.
const FOREIGN_HOSTS: [&str; 35] = [
    "evil.example",
    "evil.example:8443",
    "evil.example.",
    "localhost.evil.example",
    "localhost.evil.example.",
    "127.0.0.1.evil.example:8443",
    "127.0.0.1.nip.io",
    "localhost..",
    ".localhost",
    "evil.localhost",
    "xlocalhost.example",
    "127.0.0.1:",
    "127.0.0.1:x",
    "127.0.0.1:65536",
    "127.0.0.1:80:80",
    "127.0.0.1:80@evil.example",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1",
    "user:password@localhost",
    "evil.example, 127.0.0.1",
    "127.0.0.1, evil.example",
    "127.0.0.1 evil.example",
    "127.0.0.1/evil.example",
    "http://127.0.0.1",
    "::1",
    "[::1",
    "[::1].evil.example",
    "[::1]evil.example",
    "[::1%25lo]",
    "[127.0.0.1]",
    "[localhost]",
    "",
    ":8443",
    "*",
    "evil%2eexample",
];

#[test]
fn on_loopback_a_request_must_address_the_server_by_a_name_of_its_own() {
    let (_mock, client) = start(CucMock::builder());
    for host in LOOPBACK_HOSTS {
        assert_eq!(status_with_host(client, host), 200, "{host}");
    }
    for host in FOREIGN_HOSTS {
        assert_eq!(status_with_host(client, host), 403, "{host}");
    }
    // None of these is this machine alone.
    for host in [
        "10.0.0.1:8443",
        "0.0.0.0:8443",
        "128.0.0.1",
        "[::]",
        "[::2]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "cuc-mock:8443",
        "host.docker.internal:8443",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
    ] {
        assert_eq!(status_with_host(client, host), 403, "{host}");
    }
}

#[test]
fn the_rejection_of_a_rebound_name_explains_the_choices() {
    let (_mock, client) = start(CucMock::builder());
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"Host is \"evil.example:8443\", expected a loopback address or localhost or the name of this machine or a name of --tls-name, because a web page can point any other name at this server: use or add such a name, or protect the control plane with a token (--control-token)"}
    "#]]
    .assert_eq(&get(client, STATE, "Host: evil.example:8443\r\n").to_string());
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"there is no Host, expected a loopback address or localhost or the name of this machine or a name of --tls-name, because a web page can point any other name at this server: use or add such a name, or protect the control plane with a token (--control-token)"}
    "#]]
    .assert_eq(&get(client, STATE, "").to_string());
    let (_mock, client) = start_published();
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"Host is \"cuc.default.svc:8443\", expected an IP address or a name without a dot or the name of this machine or a name of --tls-name, because a web page can point any other name at this server: use or add such a name, or protect the control plane with a token (--control-token)"}
    "#]]
    .assert_eq(&get(client, STATE, "Host: cuc.default.svc:8443\r\n").to_string());
}

#[cfg(feature = "tls")]
#[test]
fn the_name_of_this_machine_and_the_names_of_the_certificate_are_admitted() {
    let names = ["cuc.test", "*.lab.test", "10.1.2.3", "fd00::1"];
    let builder = CucMock::builder();
    let builder = names.into_iter().fold(builder, CucMockBuilder::tls_name);
    let (_mock, client) = start(builder);
    let machine = std::process::Command::new("uname")
        .arg("-n")
        .output()
        .unwrap()
        .stdout;
    let machine = String::from_utf8(machine).unwrap();
    for host in [
        machine.trim(),
        "cuc.test",
        "CUC.test.:8443",
        "a.lab.test:8443",
        "10.1.2.3:8443",
        "[fd00:0::1]:8443",
    ] {
        assert_eq!(status_with_host(client, host), 200, "{host}");
    }
    for host in [
        "xcuc.test",
        "evil.cuc.test",
        "lab.test",
        ".lab.test",
        "a.b.lab.test",
        "10.1.2.4",
        "[fd00::2]",
    ] {
        assert_eq!(status_with_host(client, host), 403, "{host}");
    }
}

#[test]
fn an_open_control_plane_admits_addresses_and_names_of_containers() {
    let (_mock, client) = start_published();
    for host in LOOPBACK_HOSTS {
        assert_eq!(status_with_host(client, host), 200, "{host}");
    }
    for host in [
        "0.0.0.0:8443",
        "10.0.0.1:9000",
        "93.184.215.14",
        "[fd00::1]:8443",
        "cuc-mock:8443",
        "cuc_mock_1",
        "host.docker.internal:8443",
        "host.containers.internal:8443",
    ] {
        assert_eq!(status_with_host(client, host), 200, "{host}");
    }
    for host in FOREIGN_HOSTS {
        assert_eq!(status_with_host(client, host), 403, "{host}");
    }
    for host in [
        "cuc-mock.default.svc.cluster.local",
        "cuc-mock.local",
        "cuc-mock.",
        "docker.internal",
        "docker.internal.evil.example",
        "evildocker.internal",
    ] {
        assert_eq!(status_with_host(client, host), 403, "{host}");
    }
}

#[test]
fn every_host_that_a_request_names_is_checked_and_there_must_be_one() {
    let (_mock, client) = start(CucMock::builder());
    let old = |headers: &str| {
        let request = format!("GET {STATE} HTTP/1.0\r\n{headers}\r\n");
        let response = client.raw(request.as_bytes());
        String::from_utf8_lossy(&response[..12]).into_owned()
    };
    assert_eq!(old(""), "HTTP/1.0 403");
    assert_eq!(old("Host: localhost\r\n"), "HTTP/1.0 200");
    for hosts in [
        "Host: localhost\r\nHost: evil.example\r\n",
        "Host: evil.example\r\nHost: localhost\r\n",
    ] {
        assert_eq!(get(client, STATE, hosts).status, 403, "{hosts}");
    }
    for (authority, host, expected) in [
        ("localhost", "localhost", 200),
        ("localhost", "127.0.0.1", 200),
        ("localhost:1", "evil.example", 403),
        ("evil.example", "localhost", 403),
        ("evil.example:8443", "evil.example:8443", 403),
        ("localhost@evil.example", "localhost", 403),
        ("evil.example@localhost", "localhost", 403),
    ] {
        let target = format!("http://{authority}{STATE}");
        let found = get(client, &target, &format!("Host: {host}\r\n")).status;
        assert_eq!(found, expected, "{authority}, {host}");
    }
}

#[test]
fn a_page_of_another_origin_is_rejected_whatever_gives_access() {
    let (_loopback, loopback) = start(CucMock::builder());
    let (_open, open) = start(CucMock::builder().control_open());
    let (_published, published) = start_published();
    let (_token, token) = start(CucMock::builder().control_token("s3cret"));
    for (client, authorization) in [(loopback, ""), (open, ""), (published, ""), (token, TOKEN)] {
        let status =
            |origin: &str| status_of_reset(client, &format!("{authorization}Origin: {origin}\r\n"));
        let own = client.address();
        assert_eq!(status(&format!("http://{own}")), 204);
        for origin in [
            "http://evil.example".to_owned(),
            "http://evil.example:8443".to_owned(),
            "null".to_owned(),
            String::new(),
            "*".to_owned(),
            // The same site, and so the same cookies.
            "http://127.0.0.1".to_owned(),
            "http://127.0.0.1:3000".to_owned(),
            format!("http://localhost:{}", own.port()),
            format!("https://{own}"),
            format!("http://{own}/"),
            format!("http://{own}."),
            format!("http://{own}0"),
            format!("http://{own} http://evil.example"),
            format!("http://evil.example http://{own}"),
            format!("http://{own}, http://evil.example"),
            format!("http://{own}\r\nOrigin: http://evil.example"),
            format!("http://evil.example\r\nOrigin: http://{own}"),
            format!("http://{own}@evil.example"),
            format!("http://evil.example@{own}"),
            format!("//{own}"),
            own.to_string(),
            "chrome-extension://abcdefgh".to_owned(),
            "file://".to_owned(),
        ] {
            assert_eq!(status(&origin), 403, "{authorization}{origin}");
        }
    }
}

#[test]
fn the_rejection_of_another_origin_names_the_expected_one() {
    let (_mock, client) = start(CucMock::builder());
    let rejection = |headers: &str| {
        let head = format!("Host: localhost:8443\r\n{headers}");
        get(client, STATE, &head).to_string()
    };
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"Origin is \"http://evil.example\", expected http://localhost:8443, because a web page of another origin may not use the control plane: send the request from a program (--cors admits pages to /vmrest only)"}
    "#]]
    .assert_eq(&rejection("Origin: http://evil.example\r\n"));
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"Sec-Fetch-Site is \"cross-site\", expected same-origin or none, because a web page of another origin may not use the control plane: enter the address in the browser, or send the request from a program"}
    "#]]
    .assert_eq(&rejection("Sec-Fetch-Site: cross-site\r\n"));
}

#[test]
fn the_own_origin_is_the_host_of_the_request_whatever_the_port_of_the_server() {
    let (_mock, client) = start_published();
    let status = |host: &str, origin: &str| {
        get(
            client,
            STATE,
            &format!("Host: {host}\r\nOrigin: {origin}\r\n"),
        )
        .status
    };
    for (host, origin) in [
        ("cuc-mock:9000", "http://cuc-mock:9000"),
        ("CUC-mock:9000", "http://cuc-mock:9000"),
        ("cuc-mock", "http://cuc-mock"),
        ("cuc-mock:80", "http://cuc-mock"),
        ("localhost.:1", "http://localhost.:1"),
        ("[::1]:8443", "http://[::1]:8443"),
    ] {
        assert_eq!(status(host, origin), 200, "{host} {origin}");
    }
    for (host, origin) in [
        ("cuc-mock:9000", "http://cuc-mock"),
        ("cuc-mock:9000", "http://cuc-mock:8443"),
        ("cuc-mock:9000", "http://evil:9000"),
        ("cuc-mock", "https://cuc-mock"),
        ("cuc-mock:443", "https://cuc-mock"),
        ("127.0.0.1:8443", "http://localhost:8443"),
    ] {
        assert_eq!(status(host, origin), 403, "{host} {origin}");
    }
}

#[test]
fn a_request_that_a_page_of_another_site_has_caused_is_rejected() {
    let (_loopback, loopback) = start(CucMock::builder());
    let (_published, published) = start_published();
    for client in [loopback, published] {
        let status = |site: &str| status_of_reset(client, &format!("Sec-Fetch-Site: {site}\r\n"));
        for site in ["same-origin", "none"] {
            assert_eq!(status(site), 204, "{site}");
        }
        for site in [
            "cross-site",
            "same-site",
            "Cross-Site",
            "",
            "unheard-of",
            "none\r\nSec-Fetch-Site: cross-site",
            "none, cross-site",
        ] {
            assert_eq!(status(site), 403, "{site}");
        }
    }
}

#[test]
fn a_proxy_does_not_hide_the_host_of_its_client() {
    let arguments = ["--listen", "127.0.0.1:0", "--log", "off"];
    let trusting = [&arguments[..], &["--trust-proxy"]].concat();
    for (options, trusted) in [(&arguments[..], 403), (&trusting, 200)] {
        let server = ServerProcess::start(&mut cuc_mock(options));
        let status = |headers: &str| {
            get(
                server.client(),
                STATE,
                &format!("Host: 127.0.0.1\r\n{headers}"),
            )
            .status
        };
        assert_eq!(status("X-Forwarded-Host: localhost:9000\r\n"), 200);
        for forwarded in [
            "X-Forwarded-Host: evil.example\r\n",
            "X-Forwarded-Host: localhost, evil.example\r\n",
            "X-Forwarded-Host: evil.example, localhost\r\n",
            "X-Forwarded-Host: localhost\r\nX-Forwarded-Host: evil.example\r\n",
        ] {
            assert_eq!(status(forwarded), 403, "{forwarded}");
        }
        let page = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: localhost:9000\r\nOrigin: https://localhost:9000\r\n";
        assert_eq!(status(page), trusted, "{options:?}");
        let other = page.replace("Origin: https://localhost:9000", "Origin: http://127.0.0.1");
        assert_eq!(status(&other), 403 - trusted + 200, "{options:?}");
    }
}

#[test]
fn with_a_token_any_host_is_admitted() {
    let (_mock, client) = start(CucMock::builder().control_token("s3cret"));
    for host in ["evil.example", "cuc-mock.default.svc", "127.0.0.1", ""] {
        let head = format!("Host: {host}\r\n{TOKEN}");
        assert_eq!(get(client, STATE, &head).status, 200, "{host}");
        let head = format!("Host: {host}\r\n");
        assert_eq!(get(client, STATE, &head).status, 401, "{host}");
    }
    let rebound = |host: &str| {
        let head = format!("Host: {host}\r\nOrigin: http://evil.example\r\n{TOKEN}");
        get(client, STATE, &head).status
    };
    assert_eq!(rebound("evil.example"), 200, "its page knows the token");
    assert_eq!(rebound("127.0.0.1"), 403);
    assert_eq!(rebound(""), 403);
}

#[test]
fn a_form_without_an_origin_is_the_default_of_curl_and_admitted() {
    let (_mock, client) = start(CucMock::builder());
    let headers = "Content-Type: application/x-www-form-urlencoded\r\nUser-Agent: curl/8.0\r\n";
    let body = br#"{"name":"alice"}"#;
    let response = client.request("POST", "/__mock/spaces", headers, body);
    assert_eq!(response.status, 201, "{response}");
}

#[test]
fn the_health_check_and_the_ca_answer_every_client() {
    for (_mock, client) in [start(CucMock::builder()), start_published()] {
        for path in ["/__mock/health", "/__mock/ca.pem", "/__mock/health/"] {
            for head in [
                "Host: evil.example\r\n",
                "Host: a\r\nHost: b\r\n",
                "",
                "Host: x\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n",
            ] {
                assert_eq!(get(client, path, head).status, 200, "{path} {head}");
            }
        }
    }
}

#[test]
fn a_rejected_request_changes_nothing() {
    let (_mock, client) = start(CucMock::builder());
    let page = "Origin: http://evil.example\r\nContent-Type: text/plain\r\n";
    let before = client.control("GET", STATE, "").body;
    for (method, path, body) in [
        ("POST", "/__mock/faults", r#"{"effect":"reset"}"#),
        ("POST", "/__mock/spaces", r#"{"name":"evil"}"#),
        ("PUT", "/__mock/snapshots/evil", ""),
        ("PUT", STATE, "<UnityConnection/>"),
        ("PUT", "/__mock/clock", r#"{"mode":"frozen"}"#),
    ] {
        let response = client.request(method, path, page, body.as_bytes());
        assert_eq!(response.status, 403, "{method} {path}: {response}");
    }
    assert_eq!(client.control("GET", STATE, "").body, before);
    for path in ["/__mock/faults", "/__mock/snapshots", "/__mock/spaces"] {
        let list = client.control("GET", path, "").body;
        assert!(!list.contains("evil") && !list.contains("reset"), "{list}");
    }
}

#[test]
fn the_image_environment_rejects_a_rebound_name() {
    let options = ["--listen", "0.0.0.0:0", "--control", "open", "--log", "off"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = Client::at((Ipv4Addr::LOCALHOST, server.address().port()).into());
    assert_eq!(status_with_host(client, "cuc-mock:8443"), 200);
    assert_eq!(status_with_host(client, "evil.example:8443"), 403);
}
