//! Bodies that are not sent in one piece.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// A body that comes a few bytes at a time.
#[derive(Debug)]
pub(super) struct Dribble {
    left: Bytes,
    bytes: usize,
    every: Duration,
    /// The pause before the next bytes.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Dribble {
    pub(super) fn new(body: Bytes, bytes: usize, every: Duration) -> Self {
        Self {
            left: body,
            bytes,
            every,
            pause: None,
        }
    }
}

impl HttpBody for Dribble {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
        }
        let size = self.bytes.min(self.left.len());
        let piece = self.left.split_to(size);
        let next = Instant::now() + self.every;
        match &mut self.pause {
            Some(pause) => pause.as_mut().reset(next),
            None => self.pause = Some(Box::pin(sleep_until(next))),
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

/// A body that does not tell how long it is.
#[derive(Debug)]
pub(super) struct Unmeasured(pub(super) Body);

impl HttpBody for Unmeasured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }
}
