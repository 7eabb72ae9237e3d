//! The byte stream of a connection, which ends where a fault truncates a response.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{
    BufferBudget, ConnectionHandle, Transport, TruncateAfter, Truncation, UnparsedHead,
    input_memory::InputMemory, parser_response::ResponseMonitor,
};

/// The time for the response to a client that has sent its last byte. After it, the client counts as gone.
const TIME_AFTER_END: Duration = Duration::from_secs(1);
/// The end of a response's head.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// The beginning of an interim response, such as `100 Continue`, which another response follows.
const INTERIM: &[u8] = b"HTTP/1.1 1";

/// The byte stream of a connection. It reports its activity to the handle, and applies the truncation of a response.
#[derive(Debug)]
pub(crate) struct FaultStream {
    transport: Transport,
    connection: Arc<ConnectionHandle>,
    /// Bytes to read again, before those of the transport.
    unread: Bytes,
    input: InputMemory,
    responses: ResponseMonitor,
    /// The truncated response, once its first byte is written.
    truncated: Option<TruncatedResponse>,
    /// The end of [`TIME_AFTER_END`], if the client has sent its last byte and a request is in flight.
    departure: Option<Pin<Box<Sleep>>>,
}

/// A response that ends early. Nothing follows it.
#[derive(Debug)]
struct TruncatedResponse {
    /// The part of the head that was sent; `None` once the whole head was.
    head: Option<Vec<u8>>,
    /// The number of bytes of the body that are still to be sent.
    remaining: u64,
    replacement: Bytes,
    reset: bool,
}

impl FaultStream {
    pub(crate) fn new(
        transport: Transport,
        connection: Arc<ConnectionHandle>,
        buffers: &Arc<BufferBudget>,
        max_input: usize,
    ) -> Self {
        Self {
            transport,
            connection,
            unread: Bytes::new(),
            input: InputMemory::new(buffers, max_input),
            responses: ResponseMonitor::default(),
            truncated: None,
            departure: None,
        }
    }

    /// Puts bytes back that were read, but not used.
    pub(crate) fn unread(&mut self, bytes: Bytes) {
        // Empty bytes too keep the whole buffer alive that they were read into.
        if bytes.is_empty() {
            self.input.release();
        } else {
            self.unread = bytes;
        }
    }

    /// Returns the transport, and the head that could not be parsed. `unread` is the rest of hyper's buffer.
    pub(crate) fn into_unparsed(self, unread: Bytes) -> (Transport, UnparsedHead) {
        let head = self.input.unparsed_head(unread, &self.connection.activity);
        (self.transport, head)
    }

    pub(crate) fn socket(&self) -> &TcpStream {
        self.transport.socket()
    }

    /// Waits until a client that has sent its last byte counts as gone. hyper drops a request in flight as soon as it reads
    /// the end, but a client may close its side only, and read the response.
    fn poll_departure(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.connection.activity.is_busy() {
            self.departure = None;
            return Poll::Ready(());
        }
        let departure = &mut self.departure;
        let departure = departure.get_or_insert_with(|| Box::pin(sleep(TIME_AFTER_END)));
        departure.as_mut().poll(cx)
    }

    /// Writes a part of these bytes by `write`, unless the response is to be truncated.
    fn poll_write_with(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
        write: impl FnOnce(Pin<&mut Transport>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.truncated.is_none() {
            self.truncated = self.connection.truncation().map(TruncatedResponse::from);
        }
        let activity = &self.connection.activity;
        let polled = if let Some(response) = &mut self.truncated {
            let first = slices.iter().find(|slice| !slice.is_empty());
            response.poll_write(&mut self.transport, cx, first.map_or(&[], |slice| &**slice))
        } else {
            self.responses.check(slices, activity)?;
            let polled = write(Pin::new(&mut self.transport), cx);
            self.responses.record(&polled, slices);
            polled
        };
        activity.record_write(polled.is_ready());
        polled
    }
}

impl From<Truncation> for TruncatedResponse {
    fn from(truncation: Truncation) -> Self {
        let (head, remaining) = match truncation.after {
            TruncateAfter::Nothing => (None, 0),
            TruncateAfter::Body(bytes) => (Some(Vec::new()), bytes),
        };
        Self {
            head,
            remaining,
            replacement: truncation.replacement,
            reset: truncation.reset,
        }
    }
}

impl TruncatedResponse {
    /// Returns how many of these bytes may be sent.
    fn allowed(&self, bytes: &[u8]) -> usize {
        let Some(head) = &self.head else {
            let remaining = usize::try_from(self.remaining).unwrap_or(usize::MAX);
            return bytes.len().min(remaining);
        };
        // The end of the head may be split between two writes.
        let tail = &head[head.len().saturating_sub(END_OF_HEAD.len() - 1)..];
        let end = [tail, bytes]
            .concat()
            .windows(END_OF_HEAD.len())
            .position(|window| window == END_OF_HEAD);
        end.map_or(bytes.len(), |end| end + END_OF_HEAD.len() - tail.len())
    }

    fn record_sent(&mut self, bytes: &[u8]) {
        let Some(head) = &mut self.head else {
            self.remaining = self.remaining.saturating_sub(bytes.len() as u64);
            return;
        };
        head.extend_from_slice(bytes);
        if !head.ends_with(END_OF_HEAD) {
            return;
        }
        if head.starts_with(INTERIM) {
            head.clear();
        } else {
            self.head = None;
        }
    }

    /// Returns true if all bytes were sent that precede the truncation.
    fn is_complete(&self) -> bool {
        self.head.is_none() && self.remaining == 0
    }

    fn poll_write(
        &mut self,
        transport: &mut Transport,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_complete() {
            return self.poll_end(transport, cx);
        }
        let allowed = &bytes[..self.allowed(bytes)];
        let sent = ready!(Pin::new(&mut *transport).poll_write(cx, allowed))?;
        self.record_sent(&allowed[..sent]);
        // The last allowed byte may be the last of the response, so that no further write follows.
        if self.is_complete() {
            self.poll_end(transport, cx)
        } else {
            Poll::Ready(Ok(sent))
        }
    }

    /// Ends the connection where the response is truncated. It always fails, because nothing can be written any more.
    fn poll_end(
        &mut self,
        transport: &mut Transport,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        while self.replacement.has_remaining() {
            let write = Pin::new(&mut *transport).poll_write(cx, &self.replacement);
            self.replacement.advance(ready!(write)?);
        }
        ready!(Pin::new(&mut *transport).poll_flush(cx))?;
        if self.reset {
            transport.socket().set_zero_linger()?;
        } else {
            ready!(Pin::new(transport).poll_shutdown(cx))?;
        }
        let error = io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "a fault ended the response",
        );
        Poll::Ready(Err(error))
    }
}

impl AsyncRead for FaultStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.unread.is_empty() {
            let count = self.unread.len().min(buffer.remaining());
            buffer.put_slice(&self.unread.split_to(count));
            if self.unread.is_empty() {
                self.unread = Bytes::new();
            }
            self.connection.activity.record_read(true);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.transport).poll_read(cx, buffer);
        let this = self.get_mut();
        let is_end = buffer.filled().len() == before && buffer.remaining() > 0;
        if is_end && matches!(polled, Poll::Ready(Ok(()))) {
            ready!(this.poll_departure(cx));
        }
        let activity = &this.connection.activity;
        activity.record_read(polled.is_ready());
        let read = &buffer.filled()[before..];
        this.input
            .record(read, activity)
            .map_err(io::Error::other)?;
        polled
    }
}

impl AsyncWrite for FaultStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_with(cx, &[IoSlice::new(bytes)], |transport, cx| {
            transport.poll_write(cx, bytes)
        })
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_with(cx, slices, |transport, cx| {
            transport.poll_write_vectored(cx, slices)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.transport).poll_flush(cx);
        if polled.is_pending() {
            self.connection.activity.record_write(false);
        }
        polled
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(cx)
    }
}
