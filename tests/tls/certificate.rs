//! The generated certificate and its CA.

use std::{fs, io, net::SocketAddr, time::Duration};

use cuc_mock::{CucMock, StartError};
use expect_test::expect;
use rustls::{
    SignatureScheme, SupportedProtocolVersion,
    crypto::{WebPkiSupportedAlgorithms, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

use super::{
    SERVICES, TlsStream, VERSIONS, agent, assert_served, connect, connect_by, download_ca,
    exchange_over, get_request,
};
use crate::support::{Client, ServerProcess, cuc_mock};

#[test]
fn all_servers_of_a_process_share_one_ca() {
    let (one, other) = (CucMock::start_blocking(), CucMock::start_blocking());
    assert_eq!(one.ca_pem(), other.ca_pem());
    assert_eq!(download_ca(Client::of(&one)), one.ca_pem());
    assert_served(&agent(one.ca_pem()), &other.https_uri());
    let response = Client::of(&one).request("GET", "/__mock/ca.pem", "", b"");
    assert_eq!(
        response.header("Content-Type"),
        Some("application/x-pem-file")
    );
}

/// Describes the extensions of a certificate, one per line, and marks the critical ones.
fn extensions(certificate: &X509Certificate<'_>) -> String {
    let mut text = String::new();
    for extension in certificate.extensions() {
        let critical = if extension.critical {
            " (critical)"
        } else {
            ""
        };
        let description = match extension.parsed_extension() {
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
        text.push_str(&format!("{description}{critical}\n"));
    }
    text
}

fn key_id<'c>(certificate: &'c X509Certificate<'_>, is_authority: bool) -> &'c [u8] {
    let mut extensions = certificate.extensions().iter();
    let id = extensions.find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) if is_authority => {
            id.key_identifier.as_ref().map(|id| id.0)
        }
        ParsedExtension::SubjectKeyIdentifier(id) if !is_authority => Some(id.0),
        _ => None,
    });
    id.expect("a key id")
}

#[test]
fn the_certificate_has_all_fields_that_strict_clients_check() {
    let mock = CucMock::start_blocking();
    let stream = connect(mock.address(), "localhost", mock.ca_pem(), VERSIONS).unwrap();
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
    let validity = (leaf.not_after - leaf.not_before).expect("a positive validity");
    assert!(validity.whole_days() <= 398, "{validity}");
    let past = Duration::from_secs(59 * 60);
    assert!(leaf.not_before.timestamp() + past.as_secs() as i64 <= now());
    assert!(root.not_before <= leaf.not_before && leaf.not_after <= root.not_after);
}

/// Returns the seconds since 1970.
fn now() -> i64 {
    x509_parser::time::ASN1Time::now().timestamp()
}

/// Returns the names in the certificate of a server.
#[track_caller]
fn names(address: SocketAddr, ca: &str) -> Vec<String> {
    let stream = connect(address, "localhost", ca, VERSIONS).expect("a handshake");
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
fn the_certificate_covers_this_machine_and_the_configured_names() {
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
    connect(
        mock.address(),
        "a.test.example.com",
        mock.ca_pem(),
        VERSIONS,
    )
    .expect("the name fits");
    connect(mock.address(), "::1", mock.ca_pem(), VERSIONS).expect("the address fits");
    connect(mock.address(), "other.example.com", mock.ca_pem(), VERSIONS)
        .expect_err("another name");
}

#[test]
fn a_name_that_no_certificate_can_hold_is_rejected() {
    let error = CucMock::builder()
        .tls_name("two words")
        .try_start()
        .expect_err("an invalid name");
    assert!(matches!(error, StartError::TlsName(_)));
    expect![[r#"cannot create a certificate for "two words", expected a DNS name such as cuc.example.com, or an IP address"#]]
        .assert_eq(&error.to_string());
}

#[test]
fn the_binary_reads_names_from_options_and_variables_and_writes_its_ca_before_it_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--ca-out",
        path.to_str().unwrap(),
    ];
    let mut options = cuc_mock(&arguments);
    options.args([
        "--tls-name",
        "one.example.com",
        "--tls-name",
        "two.example.com",
    ]);
    let mut variables = cuc_mock(&arguments);
    variables.env("CUC_MOCK_TLS_NAME", "one.example.com,two.example.com");
    for command in [&mut options, &mut variables] {
        let server = ServerProcess::start(command);
        let ca = fs::read_to_string(&path).unwrap();
        assert_eq!(ca, download_ca(server.client()));
        let found = names(server.address(), &ca);
        assert!(found.contains(&"one.example.com".to_owned()), "{found:?}");
        assert!(found.contains(&"two.example.com".to_owned()), "{found:?}");
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "no temporary file is left");
    }
}

/// Connects with a client that supports only signatures whose name begins with `scheme`, such as `RSA_`.
fn connect_with(
    scheme_name: &str,
    address: SocketAddr,
    ca: &str,
    version: &'static SupportedProtocolVersion,
) -> io::Result<TlsStream> {
    let mut provider = ring::default_provider();
    let supported = provider.signature_verification_algorithms;
    let is_supported = |scheme: &SignatureScheme| format!("{scheme:?}").starts_with(scheme_name);
    let mapping = supported
        .mapping
        .iter()
        .filter(|(scheme, _)| is_supported(scheme));
    let mapping: Vec<_> = mapping.copied().collect();
    let all: Vec<_> = mapping
        .iter()
        .flat_map(|(_, all)| all.iter().copied())
        .collect();
    provider.signature_verification_algorithms = WebPkiSupportedAlgorithms {
        all: all.leak(),
        mapping: mapping.leak(),
    };
    connect_by(
        provider,
        address,
        "localhost",
        ca,
        &[version],
        &[b"http/1.1"],
    )
}

#[test]
fn a_client_that_supports_only_rsa_needs_a_key_of_this_type() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let file = path.to_str().unwrap();
    let options = ["--listen", "127.0.0.1:0", "--ca-out", file];
    let start =
        |arguments: &[&str]| ServerProcess::start(&mut cuc_mock(&[&options, arguments].concat()));
    let server = start(&["--tls-key-type", "rsa"]);
    let ca = download_ca(server.client());
    assert_eq!(fs::read_to_string(&path).unwrap(), ca);
    for version in VERSIONS {
        let stream = connect_with("RSA_", server.address(), &ca, version).unwrap();
        assert_eq!(exchange_over(stream, &get_request(SERVICES)).status, 200);
        let stream = connect(server.address(), "localhost", &ca, &[version]).unwrap();
        assert_eq!(exchange_over(stream, &get_request(SERVICES)).status, 200);
    }
    for version in VERSIONS {
        let mut server = start(&["--tls-key-type", "ecdsa", "--log", "pretty"]);
        let ca = download_ca(server.client());
        assert!(connect_with("RSA_", server.address(), &ca, version).is_err());
        let log = server.wait_for_log("TLS handshake failed");
        let remedy = "the client may support only RSA keys: --tls-key-type rsa generates them";
        assert!(log.contains(remedy), "{log}");
    }
    let mut server = start(&["--tls-key-type", "rsa", "--log", "pretty"]);
    let ca = download_ca(server.client());
    assert!(connect_with("ECDSA_", server.address(), &ca, VERSIONS[0]).is_err());
    let log = server.wait_for_log("TLS handshake failed");
    let reason =
        "the client may not support RSA keys with ECDHE: --tls-key-type ecdsa generates others";
    assert!(log.contains(reason), "{log}");
}
