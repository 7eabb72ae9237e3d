//! The addresses of `--listen`.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use expect_test::expect;

use crate::support::{Client, ServerProcess, cuc_mock, output};

const SERVICES: &str = "/vmrest/externalservices";
const CONTROL: &str = "/__mock/spaces";

/// Starts a server with these arguments and without a log.
#[track_caller]
fn start(arguments: &[&str]) -> ServerProcess {
    ServerProcess::start(&mut cuc_mock(&[arguments, &["--log", "off"]].concat()))
}

/// Returns the address in the URLs of a line such as `listening on http://127.0.0.1:8443 https://127.0.0.1:8443`.
#[track_caller]
fn address(line: &str) -> SocketAddr {
    let url = line
        .split(' ')
        .find_map(|word| word.strip_prefix("http://"));
    let address = url.expect("a URL").trim_end();
    if cfg!(feature = "tls") {
        assert!(line.contains(&format!(" https://{address}")), "{line}");
    }
    address.parse().expect("an address")
}

#[test]
fn each_address_is_served_and_announced_on_a_line_of_its_own() {
    let mut server = start(&["--listen", "127.0.0.1:0", "--listen", "127.0.0.2:0"]);
    let line = server.next_line();
    let (first, second) = (server.address(), address(&line));
    assert!(
        line.starts_with("also listening on http://127.0.0.2:"),
        "{line}"
    );
    assert_ne!(first.port(), second.port());
    for address in [first, second] {
        assert_eq!(Client::at(address).get(SERVICES).status, 200);
        // All of them are loopback addresses.
        let spaces = Client::at(address).control("GET", CONTROL, "");
        assert_eq!(spaces.status, 200, "{spaces}");
    }
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
}

#[test]
fn the_control_plane_is_closed_if_one_of_the_addresses_is_not_loopback() {
    let variable = [("CUC_MOCK_LISTEN", "127.0.0.1:0,0.0.0.0:0")];
    let mut command = cuc_mock(&["--log", "off"]);
    let mut server = ServerProcess::start(command.envs(variable));
    let other = address(&server.next_line());
    for client in [server.client(), Client::at(other)] {
        let response = client.control("GET", CONTROL, "");
        assert_eq!(response.status, 403, "{response}");
        assert!(response.body.contains("listens on 0.0.0.0"), "{response}");
    }
}

#[test]
fn an_empty_host_means_every_address() {
    let server = start(&["--listen", ":0", "--control", "open"]);
    let ipv4 = server.address();
    assert_eq!(ipv4.ip(), Ipv4Addr::LOCALHOST);
    assert_eq!(Client::at(ipv4).get(SERVICES).status, 200);
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let ipv6 = (Ipv6Addr::LOCALHOST, ipv4.port()).into();
        assert_eq!(Client::at(ipv6).get(SERVICES).status, 200);
    }
}

#[test]
fn a_name_is_resolved_and_its_addresses_share_a_port() {
    let mut server = start(&["--listen", "localhost:0", "--listen", "127.0.0.2:0"]);
    let first = server.address();
    assert!(first.ip().is_loopback());
    assert_eq!(server.client().get(SERVICES).status, 200);
    // The name may also have an IPv6 address.
    loop {
        let next = address(&server.next_line());
        if next.ip() == Ipv4Addr::new(127, 0, 0, 2) {
            break;
        }
        assert_eq!(next.port(), first.port());
    }
}

#[cfg(feature = "tls")]
#[test]
fn the_certificate_covers_the_printed_addresses_and_the_names() {
    for listen in ["0.0.0.0:0", "127.0.0.2:0", "localhost:0"] {
        let server = start(&["--listen", listen]);
        let ca = server
            .client()
            .request("GET", "/__mock/ca.pem", "", b"")
            .body;
        let url = server
            .ready_line
            .split(' ')
            .find(|word| word.starts_with("https://"));
        let root = ureq::tls::Certificate::from_pem(ca.as_bytes()).unwrap();
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::new_with_certs(&[root]))
            .build();
        let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
        let health = agent.get(format!("{}/__mock/health", url.unwrap())).call();
        assert_eq!(health.unwrap().status(), 200, "{listen}");
    }
}

#[test]
fn an_address_that_cannot_be_used_is_explained_with_an_alternative() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let used = listener.local_addr().unwrap();
    let failure = |listen: &str| {
        let (status, stdout, stderr) = output(&mut cuc_mock(&["--listen", listen, "--log", "off"]));
        assert_eq!((status, stdout.as_str()), (1, ""), "{listen}");
        stderr.replace(&used.port().to_string(), "PORT")
    };
    expect![[r#"
        cannot listen on 127.0.0.1:PORT: Address already in use (os error 98): stop the program that uses port PORT, or use a free port with --listen 127.0.0.1:0
    "#]]
    .assert_eq(&failure(&used.to_string()));
    // This address is reserved for documentation.
    expect![[r#"
        cannot listen on 203.0.113.1:8443: this machine does not have the address 203.0.113.1: use --listen :8443 for all that it has
    "#]]
    .assert_eq(&failure("203.0.113.1:8443"));
    let unknown = failure("host.invalid:8443");
    assert!(
        unknown
            .starts_with("cannot listen on host.invalid:8443: cannot resolve \"host.invalid\": "),
        "{unknown}"
    );
}
