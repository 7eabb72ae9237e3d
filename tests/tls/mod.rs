//! HTTPS on the port of HTTP.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

mod broken_clients;
mod certificate;
mod https;
mod own_certificate;

const SERVICES: &str = "/vmrest/externalservices";
const VERSIONS: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// Connects with a client that trusts only `ca`, and completes the handshake.
fn connect(
    address: SocketAddr,
    name: &str,
    ca: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> io::Result<TlsStream> {
    connect_with(address, name, ca, versions, &[b"h2", b"http/1.1"])
}

/// Connects with a client that offers these protocols.
fn connect_with(
    address: SocketAddr,
    name: &str,
    ca: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> io::Result<TlsStream> {
    connect_by(
        ring::default_provider(),
        address,
        name,
        ca,
        versions,
        protocols,
    )
}

/// Connects with the algorithms of a provider.
fn connect_by(
    provider: CryptoProvider,
    address: SocketAddr,
    name: &str,
    ca: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> io::Result<TlsStream> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        roots.add(root.expect("PEM")).expect("a CA");
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
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

/// Connects with a client that trusts only `ca`.
#[track_caller]
pub(crate) fn connect_trusting(address: SocketAddr, ca: &str) -> impl Read + Write {
    connect(address, "localhost", ca, VERSIONS).expect("a handshake")
}

/// Sends bytes over TLS and reads until the server closes the connection.
#[track_caller]
fn exchange_over(mut stream: TlsStream, request: &str) -> Response {
    stream
        .write_all(request.as_bytes())
        .expect("the server reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("a whole response");
    Response::parse(&text)
}

fn get_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: cuc\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n")
}

/// Returns the CA that a server offers for download.
#[track_caller]
fn download_ca(client: Client) -> String {
    let response = client.request("GET", "/__mock/ca.pem", "", b"");
    assert_eq!(response.status, 200, "{response}");
    response.body
}

/// Returns an HTTP client that trusts only this CA.
fn agent(ca: &str) -> ureq::Agent {
    let root = ureq::tls::Certificate::from_pem(ca.as_bytes()).expect("PEM");
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::new_with_certs(&[root]))
        .build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}

#[track_caller]
fn assert_served(agent: &ureq::Agent, uri: &str) {
    let request = agent.get(format!("{uri}{SERVICES}"));
    let mut response = request
        .header("Authorization", "Basic YTpi")
        .call()
        .expect("a response");
    let body = response.body_mut().read_to_string().expect("a body");
    assert!(body.contains(r#"<ExternalServices total="5">"#), "{body}");
}
