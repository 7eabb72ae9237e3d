//! A TLS client some of whose bytes change on their way to the server.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, LazyLock},
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, Stream, SupportedProtocolVersion,
    client::Resumption,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};

use crate::{REQUEST, Received, SERVER, check_responses, connect, receive};

/// The time after which a client whose bytes were changed gives up: the server may wait for more.
const PATIENCE: Duration = Duration::from_millis(5);

static CONFIGURATIONS: LazyLock<[Arc<ClientConfig>; 2]> =
    LazyLock::new(|| [&TLS12, &TLS13].map(configuration));

fn configuration(version: &'static SupportedProtocolVersion) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(SERVER.ca_pem().as_bytes());
    roots.add(ca.expect("it is PEM")).expect("it is a CA");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder
        .with_protocol_versions(&[version])
        .expect("it is supported");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    // An input does not depend on those before it.
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// Sends a request over TLS, with changes of the bytes at some offsets.
///
/// # Panics
///
/// Panics if a connection without a change fails, or if one with changes receives an invalid response.
pub(crate) fn run(is_new: bool, changes: &[(u16, u8)]) {
    let config = Arc::clone(&CONFIGURATIONS[usize::from(is_new)]);
    let name = ServerName::try_from("localhost").expect("a name");
    let mut client = ClientConnection::new(config, name).expect("a valid configuration");
    let is_changed = changes.iter().any(|(_, change)| *change != 0);
    let mut socket = Changed {
        inner: connect(),
        sent: 0,
        changes,
    };
    if is_changed {
        let inner = &socket.inner;
        inner.set_read_timeout(Some(PATIENCE)).expect("an option");
    }
    let mut bytes = Vec::new();
    let mut stream = Stream::new(&mut client, &mut socket);
    let result = stream
        .write_all(REQUEST)
        .and_then(|()| stream.read_to_end(&mut bytes));
    match result {
        Ok(_) => {
            assert!(!bytes.is_empty(), "no response");
            let received = Received {
                bytes,
                is_cut: false,
            };
            check_responses(&received, false);
        }
        Err(error) => assert!(is_changed, "{error}"),
    }
    let _ = socket.inner.shutdown(Shutdown::Write);
    // The alert of the server, unless it was read already.
    if is_changed {
        let timeout = Some(crate::DEADLINE);
        socket.inner.set_read_timeout(timeout).expect("an option");
        receive(socket.inner);
    }
}

/// A socket that changes bytes that it sends.
struct Changed<'c> {
    inner: TcpStream,
    /// The number of bytes that were sent.
    sent: usize,
    /// Offsets, each with the bits of its byte to flip.
    changes: &'c [(u16, u8)],
}

impl Write for Changed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut sent = bytes.to_vec();
        for (at, change) in self.changes {
            let at = usize::from(*at).checked_sub(self.sent);
            if let Some(byte) = at.and_then(|at| sent.get_mut(at)) {
                *byte ^= change;
            }
        }
        self.inner.write_all(&sent)?;
        self.sent += sent.len();
        Ok(sent.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Read for Changed<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.inner.read(bytes)
    }
}
