//! Meeting a client: which protocol it speaks, before its first request is read.

use std::time::Duration;

use tokio::{net::TcpStream, time::timeout};

#[cfg(feature = "tls")]
use crate::http::Seldom;
use crate::{http::Endpoint, tls::Https, wire::Stream};

/// A client that is ready to send requests.
pub(crate) struct Client {
    pub(crate) stream: Stream,
    pub(crate) endpoint: Endpoint,
}

/// Looks at what the client begins with. Nothing comes of one that does not agree on TLS within `patience`.
pub(crate) async fn greet(stream: TcpStream, https: Https, patience: Duration) -> Option<Client> {
    let address = stream.local_addr().ok()?;
    // Answers are small and whole: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let (scheme, stream) = timeout(patience, agree(stream, https)).await.ok()??;
    let endpoint = Endpoint { scheme, address };
    Some(Client { stream, endpoint })
}

/// Encrypts the connection when the client begins with TLS.
#[cfg(feature = "tls")]
async fn agree(stream: TcpStream, https: Https) -> Option<(&'static str, Stream)> {
    /// What a record of the TLS handshake begins with, and no method of HTTP does.
    const HANDSHAKE: u8 = 0x16;
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first != [HANDSHAKE] {
        return Some(("http", Stream::Plain(stream)));
    }
    let acceptor = tokio_rustls::TlsAcceptor::from(https.certificate.config());
    match acceptor.accept(stream).await {
        Ok(stream) => Some(("https", Stream::Tls(Box::new(stream)))),
        Err(error) => {
            static SELDOM: Seldom = Seldom::new();
            if let Some(before) = SELDOM.next() {
                tracing::info!(%error, before, "a client and this server did not agree on TLS");
            }
            None
        }
    }
}

/// Every client is taken to speak plain HTTP.
#[cfg(not(feature = "tls"))]
async fn agree(stream: TcpStream, Https: Https) -> Option<(&'static str, Stream)> {
    Some(("http", Stream::Plain(stream)))
}
