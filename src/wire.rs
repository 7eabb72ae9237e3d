//! The bytes of a connection, which break off where a fault says so.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::http::{After, Line, Plan};

/// What ends the head of an answer.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// What an answer begins with that another one follows, such as `100 Continue`.
const INTERIM: &[u8] = b"HTTP/1.1 1";

/// A connection, encrypted or not.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// A connection with a line to those who answer its requests.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: Stream,
    line: Arc<Line>,
    /// What was read already, and is to be read again.
    unread: Bytes,
    /// The answer that breaks off, once its first byte is written.
    breaking: Option<Breaking>,
}

/// An answer that breaks off. Nothing follows it.
#[derive(Debug)]
struct Breaking {
    /// What was written of its head; `None` when all of it was.
    head: Option<Vec<u8>>,
    /// How many bytes of its body are still to be sent.
    left: u64,
    instead: Bytes,
    reset: bool,
}

impl Wire {
    pub(crate) fn new(stream: Stream, line: Arc<Line>) -> Self {
        Self {
            stream,
            line,
            unread: Bytes::new(),
            breaking: None,
        }
    }

    /// Puts back what was read too much.
    pub(crate) fn unread(&mut self, bytes: Bytes) {
        // Also when it is empty it holds the whole buffer that it was read into.
        if !bytes.is_empty() {
            self.unread = bytes;
        }
    }

    /// The socket of the connection.
    pub(crate) fn socket(&self) -> &TcpStream {
        self.stream.socket()
    }

    /// Whether the answer that is being written is to break off.
    fn breaks(&mut self) -> bool {
        if self.breaking.is_none() {
            self.breaking = self.line.planned().map(Breaking::from);
        }
        self.breaking.is_some()
    }

    fn poll_write_breaking(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(answer) = &mut self.breaking else {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        };
        if answer.is_due() {
            return self.poll_break(cx).map_ok(|()| 0);
        }
        let allowed = &bytes[..answer.allows(bytes)];
        let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, allowed))?;
        answer.sent(&allowed[..sent]);
        // Nobody may come back: the last byte that is sent may be the last of the answer.
        match answer.is_due() {
            true => self.poll_break(cx).map_ok(|()| 0),
            false => Poll::Ready(Ok(sent)),
        }
    }

    /// Ends the connection where the answer breaks off. It never succeeds: nothing can be written any more.
    fn poll_break(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(answer) = &mut self.breaking else {
            return Poll::Ready(Ok(()));
        };
        while answer.instead.has_remaining() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &answer.instead))?;
            answer.instead.advance(written);
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if answer.reset {
            self.stream.socket().set_zero_linger()?;
        } else {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        let error = io::Error::new(io::ErrorKind::ConnectionAborted, "as a fault said");
        Poll::Ready(Err(error))
    }
}

impl From<Plan> for Breaking {
    fn from(plan: Plan) -> Self {
        let (head, left) = match plan.after {
            After::Nothing => (None, 0),
            After::Body(bytes) => (Some(Vec::new()), bytes),
        };
        Self {
            head,
            left,
            instead: plan.instead,
            reset: plan.reset,
        }
    }
}

impl Breaking {
    /// How many of these bytes are to be sent.
    fn allows(&self, bytes: &[u8]) -> usize {
        match &self.head {
            None => bytes
                .len()
                .min(usize::try_from(self.left).unwrap_or(usize::MAX)),
            Some(head) => {
                let kept = &head[head.len().saturating_sub(END_OF_HEAD.len() - 1)..];
                let all = [kept, bytes].concat();
                let end = all
                    .windows(END_OF_HEAD.len())
                    .position(|four| four == END_OF_HEAD);
                end.map_or(bytes.len(), |end| end + END_OF_HEAD.len() - kept.len())
            }
        }
    }

    /// Notes what was sent.
    fn sent(&mut self, bytes: &[u8]) {
        let Some(head) = &mut self.head else {
            self.left = self.left.saturating_sub(bytes.len() as u64);
            return;
        };
        head.extend_from_slice(bytes);
        if !head.ends_with(END_OF_HEAD) {
            return;
        }
        match head.starts_with(INTERIM) {
            true => head.clear(),
            false => self.head = None,
        }
    }

    /// Whether all was sent that is to be.
    fn is_due(&self) -> bool {
        self.head.is_none() && self.left == 0
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.unread.is_empty() {
            let taken = self.unread.len().min(buffer.remaining());
            buffer.put_slice(&self.unread.split_to(taken));
            if self.unread.is_empty() {
                self.unread = Bytes::new();
            }
            self.line.pace.read(true);
            return Poll::Ready(Ok(()));
        }
        let polled = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        };
        self.line.pace.read(polled.is_ready());
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = match self.breaks() {
            true => self.poll_write_breaking(cx, bytes),
            false => Pin::new(&mut self.stream).poll_write(cx, bytes),
        };
        self.line.pace.written(polled.is_ready());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = if self.breaks() {
            let first = pieces.iter().find(|piece| !piece.is_empty());
            self.poll_write_breaking(cx, first.map_or(&[], |piece| &**piece))
        } else {
            Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
        };
        self.line.pace.written(polled.is_ready());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        if polled.is_pending() {
            self.line.pace.written(false);
        }
        polled
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Stream {
    /// The socket below, encrypted or not.
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
