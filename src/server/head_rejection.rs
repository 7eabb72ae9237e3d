//! The end of a connection with the head of a request that is not served.

use std::{io, time::Duration};

use axum::http::StatusCode;
use bytes::Bytes;
use hyper::server::conn::http1::Parts;
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::{
    app::App,
    connection::{BuffersFull, FaultStream, ParserResponse, Transport},
    http::{HeadError, InvalidHead},
};

/// The time that a client has to read a response and to close the connection.
const SEND_TIMEOUT: Duration = Duration::from_millis(250);
/// The response to a client that does not send the head of its request in time.
const REQUEST_TIMEOUT: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/// The response to a client whose head of a request does not fit into the buffers of the server.
const NO_MEMORY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";

/// A rejection of the head of a request.
pub(super) struct HeadRejection {
    error: HeadError,
    status: Option<StatusCode>,
    /// The response, unless it is sent already.
    response: Bytes,
}

impl HeadRejection {
    /// The head did not arrive in time.
    pub(super) fn too_slow() -> Self {
        Self {
            error: HeadError::TooSlow,
            status: Some(StatusCode::REQUEST_TIMEOUT),
            response: Bytes::from_static(REQUEST_TIMEOUT),
        }
    }

    /// Returns the rejection with which a connection ended. Its end may have another reason.
    pub(super) fn find(error: &hyper::Error) -> Option<Self> {
        if let Some(full) = BuffersFull::find(error) {
            return Some(Self {
                error: HeadError::NoMemory(full),
                status: Some(StatusCode::SERVICE_UNAVAILABLE),
                response: Bytes::from_static(NO_MEMORY),
            });
        }
        if let Some(ParserResponse(response)) = ParserResponse::find(error) {
            let status = status_of(&response);
            let error = if status == Some(StatusCode::BAD_REQUEST) {
                HeadError::Malformed
            } else {
                HeadError::TooLarge
            };
            return Some(Self {
                error,
                status,
                response,
            });
        }
        error.is_parse().then(|| Self::sent(error))
    }

    /// Returns the rejection whose response is sent already, or that has none.
    fn sent(error: &hyper::Error) -> Self {
        let (cause, status) = if error.is_parse_too_large() {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            (HeadError::TooLarge, Some(status))
        } else {
            let status = Some(StatusCode::BAD_REQUEST);
            (
                HeadError::Malformed,
                status.filter(|_| !error.is_parse_version_h2()),
            )
        };
        Self {
            error: cause,
            status,
            response: Bytes::new(),
        }
    }

    /// Records the rejection, and then sends its response.
    pub(super) async fn finish<S>(self, app: &App, parts: Parts<TokioIo<FaultStream>, S>) {
        let stream = parts.io.into_inner();
        let (transport, head) = stream.into_unparsed(parts.read_buf);
        app.record_invalid_head(&InvalidHead {
            head,
            status: self.status,
            cause: self.error,
        });
        if !self.response.is_empty() {
            send_response(transport, &self.response).await;
        }
    }
}

/// Returns the status of a response.
fn status_of(response: &[u8]) -> Option<StatusCode> {
    let rest = response.strip_prefix(b"HTTP/1.1 ")?;
    StatusCode::from_bytes(rest.get(..3)?).ok()
}

/// Sends a response without a request, which the client may not read.
async fn send_response(mut transport: Transport, response: &[u8]) {
    let sending = async {
        transport.write_all(response).await?;
        transport.shutdown().await?;
        discard_input(transport.socket()).await
    };
    let _ = timeout(SEND_TIMEOUT, sending).await;
}

/// Discards the input up to its end: closing a connection with unread input would reset it before the client has read
/// the response.
async fn discard_input(socket: &TcpStream) -> io::Result<()> {
    let mut discarded = [0; 1024];
    loop {
        socket.readable().await?;
        match socket.try_read(&mut discarded) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
}
