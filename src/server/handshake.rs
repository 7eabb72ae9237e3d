//! The protocol of a connection: detects TLS by the client's first byte, and performs the TLS handshake.

use std::time::Duration;

use tokio::{net::TcpStream, time::timeout};

#[cfg(feature = "tls")]
use super::log_rate_limit::LogRateLimit;
#[cfg(feature = "tls")]
use crate::tls::explain;
use crate::{
    connection::{Endpoint, Transport},
    tls::Https,
};

/// Returns the connection, ready for its first request, unless the TLS handshake fails or takes longer than `limit`.
pub(super) async fn accept(
    stream: TcpStream,
    https: Https,
    limit: Duration,
) -> Option<(Transport, Endpoint)> {
    let address = stream.local_addr().ok()?;
    // Responses are small and written at once: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let (scheme, transport) = timeout(limit, negotiate(stream, https)).await.ok()??;
    Some((transport, Endpoint { scheme, address }))
}

/// Encrypts the connection if the client begins with a TLS handshake.
#[cfg(feature = "tls")]
async fn negotiate(stream: TcpStream, https: Https) -> Option<(&'static str, Transport)> {
    /// The first byte of a TLS handshake record. No HTTP method begins with it.
    const HANDSHAKE: u8 = 0x16;
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first != [HANDSHAKE] {
        return Some(("http", Transport::Plain(stream)));
    }
    let acceptor = tokio_rustls::TlsAcceptor::from(https.certificate.config());
    match acceptor.accept(stream).await {
        Ok(stream) => Some(("https", Transport::Tls(Box::new(stream)))),
        Err(error) => {
            static LIMIT: LogRateLimit = LogRateLimit::new();
            if let Some(suppressed) = LIMIT.allow() {
                match explain(&error, &https.certificate) {
                    Some(reason) => {
                        tracing::info!(%error, suppressed, "TLS handshake failed: {reason}");
                    }
                    None => tracing::info!(%error, suppressed, "TLS handshake failed"),
                }
            }
            None
        }
    }
}

/// Treats every client as one of plain HTTP.
#[cfg(not(feature = "tls"))]
async fn negotiate(stream: TcpStream, Https: Https) -> Option<(&'static str, Transport)> {
    Some(("http", Transport::Plain(stream)))
}
