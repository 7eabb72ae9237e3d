//! Bodies that report their progress to the connection.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};

use super::ConnectionHandle;

/// The body of a request, which reports its end to the connection.
#[derive(Debug)]
pub(crate) struct TrackedRequestBody {
    body: Incoming,
    connection: Arc<ConnectionHandle>,
}

impl TrackedRequestBody {
    /// Reports the beginning of a request, and returns its body.
    pub(crate) fn begin(body: Incoming, connection: &Arc<ConnectionHandle>) -> Body {
        let has_body = !body.is_end_stream();
        connection.activity.begin_request(has_body);
        if !has_body {
            return Body::empty();
        }
        let connection = Arc::clone(connection);
        Body::new(Self { body, connection })
    }
}

impl HttpBody for TrackedRequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) {
            self.connection.activity.end_request_body(true);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for TrackedRequestBody {
    fn drop(&mut self) {
        let is_complete = self.body.is_end_stream();
        self.connection.activity.end_request_body(is_complete);
    }
}

/// The body of a response, which reports its end to the connection.
#[derive(Debug)]
pub(crate) struct TrackedResponseBody {
    body: Body,
    connection: Arc<ConnectionHandle>,
}

impl TrackedResponseBody {
    pub(crate) fn new(body: Body, connection: &Arc<ConnectionHandle>) -> Self {
        let connection = Arc::clone(connection);
        Self { body, connection }
    }
}

impl HttpBody for TrackedResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for TrackedResponseBody {
    fn drop(&mut self) {
        self.connection.activity.end_response();
    }
}
