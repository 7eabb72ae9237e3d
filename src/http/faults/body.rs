//! Response bodies that a fault changes.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// A body that is sent a few bytes at a time.
#[derive(Debug)]
pub(super) struct SlowBody {
    body: Body,
    /// The rest of the current frame of the body.
    rest: Bytes,
    /// The number of bytes of each piece.
    piece: usize,
    interval: Duration,
    /// The pause before the next piece.
    pause: Option<Pin<Box<Sleep>>>,
}

impl SlowBody {
    pub(super) fn new(body: Body, piece: usize, interval: Duration) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            piece,
            interval,
            pause: None,
        }
    }
}

impl HttpBody for SlowBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                end => return Poll::Ready(end),
            }
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
        }
        let size = self.piece.min(self.rest.len());
        let piece = self.rest.split_to(size);
        let next = Instant::now() + self.interval;
        match &mut self.pause {
            Some(pause) => pause.as_mut().reset(next),
            None => self.pause = Some(Box::pin(sleep_until(next))),
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.size_hint();
        body.exact().map_or(body, |body| {
            SizeHint::with_exact(body + self.rest.len() as u64)
        })
    }
}

/// A body of unknown length, which is sent in chunks.
#[derive(Debug)]
pub(super) struct ChunkedBody(pub(super) Body);

impl HttpBody for ChunkedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }
}
