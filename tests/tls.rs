//! HTTPS on the port of HTTP.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use cuc_mock::{CucMock, StartError};
use expect_test::expect;
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

use crate::support::{
    ADMIN_AUTHORIZATION, Client, Response, ServerProcess, cuc_mock, exchange, output,
};

const SERVICES: &str = "/vmrest/externalservices";
const HEALTH: &str = "GET /__mock/health HTTP/1.1\r\nHost: x\r\n";
const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// Connects as a client that trusts `ca` alone, and agrees on TLS.
fn connect(
    address: SocketAddr,
    name: &str,
    ca: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<TlsStream, std::io::Error> {
    connect_for(address, name, ca, versions, &[b"h2", b"http/1.1"])
}

/// The same, to speak one of these protocols on top.
fn connect_for(
    address: SocketAddr,
    name: &str,
    ca: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> Result<TlsStream, std::io::Error> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        roots.add(root.expect("PEM")).expect("a CA");
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions that rustls knows")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let session = ClientConnection::new(Arc::new(config), name).expect("a session");
    let mut stream = StreamOwned::new(session, Client::at(address).connect());
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

/// A client that trusts `ca` alone, and has agreed on TLS.
#[track_caller]
pub(crate) fn trusted(address: SocketAddr, ca: &str) -> impl Read + Write {
    connect(address, "localhost", ca, BOTH).expect("they agree on TLS")
}

/// Sends bytes over TLS and reads until the server closes.
#[track_caller]
fn ask(mut stream: TlsStream, request: &str) -> Response {
    stream.write_all(request.as_bytes()).expect("it is taken");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("a whole answer");
    Response::parse(&text)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: cuc\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n")
}

/// The CA that a server hands out.
#[track_caller]
fn ca_of(client: Client) -> String {
    let response = client.request("GET", "/__mock/ca.pem", "", b"");
    assert_eq!(response.status, 200, "{response}");
    response.body
}

/// A client that trusts this CA alone.
fn trusting(ca: &str) -> ureq::Agent {
    let root = ureq::tls::Certificate::from_pem(ca.as_bytes()).expect("PEM");
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::new_with_certs(&[root]))
        .build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}

#[track_caller]
fn served_to(agent: &ureq::Agent, uri: &str) {
    let request = agent.get(format!("{uri}{SERVICES}"));
    let mut response = request
        .header("Authorization", "Basic YTpi")
        .call()
        .expect("an answer");
    let body = response.body_mut().read_to_string().expect("a body");
    assert!(body.contains(r#"<ExternalServices total="5">"#), "{body}");
}

#[test]
fn a_client_that_trusts_the_ca_is_served_by_address_and_by_name() {
    let mock = CucMock::start_blocking();
    let agent = trusting(mock.ca_pem());
    assert_eq!(mock.https_uri(), format!("https://{}", mock.address()));
    served_to(&agent, &mock.https_uri());
    served_to(
        &agent,
        &format!("https://localhost:{}", mock.address().port()),
    );
}

#[test]
fn a_client_that_does_not_trust_the_ca_refuses() {
    let mock = CucMock::start_blocking();
    let error = ureq::get(mock.https_uri()).call().expect_err("no trust");
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    Client::of(&mock).get(SERVICES);
}

#[test]
fn http_and_https_are_served_on_the_same_port_from_the_same_store() {
    let mock = CucMock::start_blocking();
    let path = Client::of(&mock).create(SERVICES, exchange().xml());
    let stream = connect(mock.address(), "127.0.0.1", mock.ca_pem(), BOTH).unwrap();
    let secured = ask(stream, &get(&path)).to_string();
    assert_eq!(secured, Client::of(&mock).get(&path).to_string());
}

#[test]
fn a_location_that_is_told_over_https_is_an_https_one() {
    let mock = CucMock::start_blocking();
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), BOTH).unwrap();
    let body = exchange().xml();
    let length = body.len();
    let response = ask(
        stream,
        &format!(
            "POST {SERVICES} HTTP/1.1\r\nHost: cuc:8443\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    );
    let location = format!("https://cuc:8443{}", response.body);
    assert_eq!(response.header("Location"), Some(location.as_str()));
}

#[test]
fn both_versions_of_tls_are_spoken_with_http_1_1_on_top() {
    let mock = CucMock::start_blocking();
    for (version, spoken) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let stream = connect(mock.address(), "localhost", mock.ca_pem(), &[version]).unwrap();
        assert_eq!(stream.conn.protocol_version(), Some(spoken));
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert_eq!(ask(stream, &get(SERVICES)).status, 200);
    }
}

#[test]
fn a_client_that_speaks_http_2_alone_is_told_so() {
    let mock = CucMock::start_blocking();
    let ca = mock.ca_pem();
    let error = connect_for(mock.address(), "localhost", ca, BOTH, &[b"h2"]).expect_err("no");
    assert!(
        error.to_string().contains("NoApplicationProtocol"),
        "{error}"
    );
}

#[test]
fn the_ca_is_the_same_for_all_servers_of_a_process_and_for_everyone_who_asks() {
    let (one, other) = (CucMock::start_blocking(), CucMock::start_blocking());
    assert_eq!(one.ca_pem(), other.ca_pem());
    assert_eq!(ca_of(Client::of(&one)), one.ca_pem());
    served_to(&trusting(one.ca_pem()), &other.https_uri());
    let response = Client::of(&one).request("GET", "/__mock/ca.pem", "", b"");
    assert_eq!(
        response.header("Content-Type"),
        Some("application/x-pem-file")
    );
}

/// What an extension of a certificate says, and whether it is critical.
fn extensions(certificate: &X509Certificate<'_>) -> String {
    let mut text = String::new();
    for extension in certificate.extensions() {
        let critical = if extension.critical {
            " (critical)"
        } else {
            ""
        };
        let said = match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(_) => "authority key id".to_owned(),
            ParsedExtension::SubjectKeyIdentifier(_) => "subject key id".to_owned(),
            ParsedExtension::BasicConstraints(basic) => format!("{basic:?}"),
            ParsedExtension::KeyUsage(usage) => usage.to_string(),
            ParsedExtension::ExtendedKeyUsage(usage) => {
                assert!(usage.server_auth && !usage.any && !usage.client_auth);
                "server authentication".to_owned()
            }
            ParsedExtension::SubjectAlternativeName(_) => "names".to_owned(),
            other => format!("{other:?}"),
        };
        text.push_str(&format!("{said}{critical}\n"));
    }
    text
}

fn key_id<'c>(certificate: &'c X509Certificate<'_>, of_the_authority: bool) -> &'c [u8] {
    let mut extensions = certificate.extensions().iter();
    let id = extensions.find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) if of_the_authority => {
            id.key_identifier.as_ref().map(|id| id.0)
        }
        ParsedExtension::SubjectKeyIdentifier(id) if !of_the_authority => Some(id.0),
        _ => None,
    });
    id.expect("a key id")
}

#[test]
fn strict_verifiers_find_what_they_look_for() {
    let mock = CucMock::start_blocking();
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), BOTH).unwrap();
    let chain = stream.conn.peer_certificates().expect("a certificate");
    assert_eq!(chain.len(), 1);
    let (_, leaf) = X509Certificate::from_der(&chain[0]).unwrap();
    let root = CertificateDer::from_pem_slice(mock.ca_pem().as_bytes()).unwrap();
    let (_, root) = X509Certificate::from_der(&root).unwrap();
    expect![[r#"
        authority key id
        names
        Digital Signature (critical)
        server authentication
        subject key id
        BasicConstraints { ca: false, path_len_constraint: None } (critical)
    "#]]
    .assert_eq(&extensions(&leaf));
    expect![[r#"
        Key Cert Sign, CRL Sign (critical)
        subject key id
        BasicConstraints { ca: true, path_len_constraint: Some(0) } (critical)
    "#]]
    .assert_eq(&extensions(&root));
    assert_eq!(key_id(&leaf, true), key_id(&root, false));
    assert_eq!(
        (leaf.issuer(), root.issuer()),
        (root.subject(), root.subject())
    );
    let (leaf, root) = (leaf.validity(), root.validity());
    let validity = (leaf.not_after - leaf.not_before).expect("an end after the begin");
    assert!(validity.whole_days() <= 398, "{validity}");
    let past = Duration::from_secs(59 * 60);
    assert!(leaf.not_before.timestamp() + past.as_secs() as i64 <= now());
    assert!(root.not_before <= leaf.not_before && leaf.not_after <= root.not_after);
}

/// Seconds since 1970.
fn now() -> i64 {
    x509_parser::time::ASN1Time::now().timestamp()
}

/// The names in the certificate that a server shows.
#[track_caller]
fn names(address: SocketAddr, ca: &str) -> Vec<String> {
    let stream = connect(address, "localhost", ca, BOTH).expect("trust");
    let chain = stream.conn.peer_certificates().expect("a certificate");
    let (_, leaf) = X509Certificate::from_der(&chain[0]).expect("X.509");
    let names = leaf
        .subject_alternative_name()
        .expect("once")
        .expect("names");
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => (*name).to_owned(),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(four) => std::net::Ipv4Addr::from(four).to_string(),
            Err(_) => format!("{} bytes", bytes.len()),
        },
        other => other.to_string(),
    };
    names.value.general_names.iter().map(text).collect()
}

#[test]
fn the_certificate_is_for_this_machine_and_for_the_names_that_were_given() {
    let mock = CucMock::builder()
        .tls_name("CUC.example.com")
        .tls_name("*.test.example.com")
        .tls_name("10.1.2.3")
        .start_blocking();
    let found = names(mock.address(), mock.ca_pem());
    let host = gethostname::gethostname()
        .into_string()
        .expect("UTF-8")
        .to_lowercase();
    for name in [
        "localhost",
        "127.0.0.1",
        "16 bytes",
        "cuc.example.com",
        "*.test.example.com",
        "10.1.2.3",
        &host,
    ] {
        assert!(found.iter().any(|found| found == name), "{name}: {found:?}");
    }
    connect(mock.address(), "a.test.example.com", mock.ca_pem(), BOTH).expect("the name fits");
    connect(mock.address(), "::1", mock.ca_pem(), BOTH).expect("the address fits");
    connect(mock.address(), "other.example.com", mock.ca_pem(), BOTH).expect_err("another name");
}

#[test]
fn a_name_that_no_certificate_can_hold_is_returned_as_a_mistake() {
    let error = CucMock::builder()
        .tls_name("two words")
        .try_start()
        .expect_err("a mistake");
    assert!(matches!(error, StartError::TlsName(_)));
    expect![[r#"cannot create a certificate for "two words", expected a DNS name such as cuc.example.com, or an IP address"#]]
        .assert_eq(&error.to_string());
}

#[test]
fn the_binary_takes_names_from_both_sides_and_hands_its_ca_out_before_it_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--ca-out",
        path.to_str().unwrap(),
    ];
    let mut named = cuc_mock(&arguments);
    named.args([
        "--tls-name",
        "one.example.com",
        "--tls-name",
        "two.example.com",
    ]);
    let mut twin = cuc_mock(&arguments);
    twin.env("CUC_MOCK_TLS_NAME", "one.example.com,two.example.com");
    for command in [&mut named, &mut twin] {
        let server = ServerProcess::start(command);
        let ca = std::fs::read_to_string(&path).unwrap();
        assert_eq!(ca, ca_of(server.client()));
        let found = names(server.address(), &ca);
        assert!(found.contains(&"one.example.com".to_owned()), "{found:?}");
        assert!(found.contains(&"two.example.com".to_owned()), "{found:?}");
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside the CA");
    }
}

#[test]
fn it_tells_both_addresses() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--seed", "7"]));
    let address = server.address();
    assert_eq!(
        server.ready_line,
        format!("listening on http://{address} https://{address} as release 10.5, seed 7\n")
    );
}

#[test]
fn https_only_redirects_plain_http_before_it_asks_for_credentials() {
    let mut option = cuc_mock(&["--listen", "127.0.0.1:0", "--https-only"]);
    let mut twin = cuc_mock(&["--listen", "127.0.0.1:0"]);
    twin.env("CUC_MOCK_HTTPS_ONLY", "true");
    for command in [&mut option, &mut twin] {
        let server = ServerProcess::start(command);
        let client = server.client();
        let response = client.request("GET", "/vmrest/tenants/?rowsPerPage=0&x=%20", "", b"");
        expect![[r#"
            302 Found
            Content-Type: text/html;charset=utf-8
            X-Cuc-Mock-Provenance: documented
            Location: https://cuc.example.com:8443/vmrest/tenants/?rowsPerPage=0&x=%20
        "#]]
        .assert_eq(&response.to_string());
        let posted = client.post(SERVICES, exchange().xml());
        assert_eq!(posted.status, 302, "{posted}");
        let elsewhere = client.request("GET", "/cuadmin/home.do", "", b"");
        let location = elsewhere.header("Location");
        assert_eq!(
            location,
            Some("https://cuc.example.com:8443/cuadmin/home.do")
        );
        assert_eq!(client.request("GET", "/__mock/health", "", b"").status, 200);
        let address = server.address();
        let unnamed = client.exchange(b"GET /vmrest HTTP/1.1\r\nConnection: close\r\n\r\n");
        let location = format!("https://{address}/vmrest");
        assert_eq!(unnamed.header("Location"), Some(location.as_str()));
        let stream = connect(address, "localhost", &ca_of(client), BOTH).unwrap();
        let response = ask(stream, &get("/vmrest/externalservices?rowsPerPage=0"));
        assert!(
            response.body.contains(r#"<ExternalServices total="5"/>"#),
            "{response}"
        );
    }
}

/// A certificate for `localhost` that its own key signs, and that key, as files.
#[track_caller]
fn bring(folder: &Path, name: &str) -> [String; 2] {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let write = |extension: &str, content: String| {
        let path = folder.join(format!("{name}.{extension}"));
        std::fs::write(&path, content).expect("a file");
        path.into_os_string().into_string().expect("UTF-8")
    };
    [
        write("pem", made.cert.pem()),
        write("key", made.signing_key.serialize_pem()),
    ]
}

#[test]
fn a_certificate_that_was_brought_is_shown_and_there_is_no_ca() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = bring(folder.path(), "own");
    let arguments = ["--listen", "127.0.0.1:0", "--tls-cert", &certificate];
    let mut option = cuc_mock(&arguments);
    option.args(["--tls-key", &key]);
    let mut twin = cuc_mock(&["--listen", "127.0.0.1:0"]);
    twin.envs([
        ("CUC_MOCK_TLS_CERT", &certificate),
        ("CUC_MOCK_TLS_KEY", &key),
    ]);
    for command in [&mut option, &mut twin] {
        let server = ServerProcess::start(command);
        let own = std::fs::read_to_string(&certificate).unwrap();
        let stream = connect(server.address(), "localhost", &own, BOTH).unwrap();
        assert_eq!(ask(stream, &get(SERVICES)).status, 200);
        let response = server.client().request("GET", "/__mock/ca.pem", "", b"");
        expect![[r#"
            404 Not Found
            Content-Type: application/json

            {"error":"there is no CA to hand out: the certificate was brought"}
        "#]]
        .assert_eq(&response.to_string());
    }
}

#[test]
fn mistakes_in_what_is_brought_end_with_status_2_and_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = &bring(folder.path(), "own");
    let [_, other] = &bring(folder.path(), "other");
    let damaged = folder.path().join("damaged.pem");
    std::fs::write(
        &damaged,
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let no_x509 = folder.path().join("text.pem");
    std::fs::write(
        &no_x509,
        "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let missing = folder.path().join("missing.pem");
    let paths = [&damaged, &no_x509, &missing].map(|path| path.to_str().unwrap());
    let [damaged, no_x509, missing] = paths;
    let beside = &folder.path().join("none/ca.pem");
    let mut said = String::new();
    for arguments in [
        &["--tls-cert", certificate][..],
        &["--tls-key", key],
        &["--tls-cert", missing, "--tls-key", key],
        &["--tls-cert", certificate, "--tls-key", missing],
        &["--tls-cert", key, "--tls-key", key],
        &["--tls-cert", certificate, "--tls-key", certificate],
        &["--tls-cert", certificate, "--tls-key", other],
        &["--tls-cert", damaged, "--tls-key", key],
        &["--tls-cert", no_x509, "--tls-key", key],
        &[
            "--tls-cert",
            certificate,
            "--tls-key",
            key,
            "--tls-name",
            "x.org",
        ],
        &[
            "--tls-cert",
            certificate,
            "--tls-key",
            key,
            "--ca-out",
            "ca.pem",
        ],
        &["--tls-name", "two words"],
        &["--ca-out", beside.to_str().unwrap()],
    ] {
        let (status, stdout, stderr) =
            output(cuc_mock(arguments).args(["--listen", "127.0.0.1:0"]));
        assert_eq!(
            (status, stdout.as_str()),
            (2, ""),
            "{arguments:?}: {stderr}"
        );
        let first = stderr.split("\n\n").next().unwrap_or_default().trim_end();
        said.push_str(&first.replace(folder.path().to_str().unwrap(), "…"));
        said.push('\n');
    }
    expect![[r#"
        --tls-cert needs --tls-key
        --tls-key needs --tls-cert
        …/missing.pem: cannot be read: No such file or directory (os error 2)
        …/missing.pem: cannot be read: No such file or directory (os error 2)
        …/own.key: found no certificate, expected PEM with BEGIN CERTIFICATE
        …/own.pem: found no private key, expected PEM with BEGIN PRIVATE KEY that is not encrypted
        …/other.key: this key does not match, expected the key of the first certificate in …/own.pem
        …/damaged.pem: invalid PEM: base64 decode error: InvalidCharacter(33)
        …/text.pem: the first certificate is invalid, expected X.509
        --tls-cert and --tls-name exclude each other
        --tls-cert and --ca-out exclude each other
        error: invalid value 'two words' for '--tls-name <NAME>': cannot create a certificate for "two words", expected a DNS name such as cuc.example.com, or an IP address
        …/none/ca.pem: cannot be written: No such file or directory (os error 2)
    "#]].assert_eq(&said);
}

/// Beginnings of which nothing can come: nothing at all, TLS that is none, TLS that breaks off, and noise.
const NOTHING_TO_ANSWER: [&[u8]; 4] = [
    b"",
    b"\x16\x03\x01\x00\x05hello",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\x00\xff\x80\x01\r\n\r\n",
];

#[test]
fn silent_clients_and_garbage_block_nobody() {
    let mock = CucMock::start_blocking();
    let quiet: Vec<_> = (0..200)
        .map(|number| {
            let mut stream = Client::of(&mock).connect();
            stream.write_all(NOTHING_TO_ANSWER[number % 4]).unwrap();
            stream
        })
        .collect();
    assert_eq!(Client::of(&mock).get(SERVICES).status, 200);
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), BOTH).unwrap();
    assert_eq!(ask(stream, &get(SERVICES)).status, 200);
    drop(quiet);
}

#[test]
fn broken_tls_is_closed_and_noise_is_refused() {
    let mock = CucMock::start_blocking();
    let response = |bytes: &[u8]| {
        let mut stream = Client::of(&mock).connect();
        stream.write_all(bytes).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("an end");
        response
    };
    assert!(!response(NOTHING_TO_ANSWER[1]).starts_with(b"HTTP"));
    assert!(response(NOTHING_TO_ANSWER[3]).starts_with(b"HTTP/1.1 400 "));
}

#[test]
fn the_end_does_not_wait_for_clients_that_are_silent() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let ca = ca_of(server.client());
    let silent: Vec<_> = NOTHING_TO_ANSWER[..3]
        .iter()
        .map(|begin| {
            let mut stream = server.client().connect();
            stream.write_all(begin).unwrap();
            stream
        })
        .collect();
    let fresh = connect(server.address(), "localhost", &ca, BOTH).unwrap();
    let mut used = connect(server.address(), "localhost", &ca, BOTH).unwrap();
    write!(used, "{HEALTH}\r\n").unwrap();
    used.read_exact(&mut [0; 15]).unwrap();
    let begun = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    // The session ends as TLS ends one: the client can tell that nothing was cut off.
    used.read_to_end(&mut Vec::new())
        .expect("a notice of the end");
    drop((silent, fresh));
}

#[test]
fn a_request_in_flight_over_tls_is_answered_before_the_end() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let ca = ca_of(server.client());
    let mut stream = connect(server.address(), "localhost", &ca, BOTH).unwrap();
    let body = exchange().xml();
    let length = body.len();
    write!(
        stream,
        "POST {SERVICES} HTTP/1.1\r\nHost: x\r\n{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    // Once it has asked for the body, the request is in flight.
    stream.read_exact(&mut [0; 25]).unwrap();
    server.signal("TERM");
    while TcpStream::connect(server.address()).is_ok() {
        std::thread::yield_now();
    }
    assert_eq!(ask(stream, &body).status, 201);
    assert_eq!(server.wait_for_exit().0, Some(0));
}
